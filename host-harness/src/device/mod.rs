//! Device models: what a device does with a request. They know nothing of transports, rings or the observer.

mod block;
mod console;
mod disk;
mod drive;
mod entropy;
mod file_disk;
mod gpu;
mod input;
mod net;
mod record;
mod vsock;

use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::device::input::InputEvent;
use parakit_abi::feature::Features;

pub use block::{Block, BlockOptions};
pub use console::{Console, ConsoleBuffer, ConsoleOptions};
pub use disk::{Disk, DiskError, DiskTrouble, MemoryDisk};
pub use drive::{Answer, Bench, drive};
pub use entropy::Entropy;
pub use file_disk::{FileDisk, WriteMode};
pub use gpu::{Gpu, GpuOptions, Picture, Screen};
pub use input::{Input, InputKind, InputOptions};
pub use net::{Net, NetOptions};
pub use record::Recorder;
pub use vsock::{Vsock, VsockOptions};

use crate::queue::Request;

/// A device of some type, behind whatever transport.
///
/// Methods are called under the device's lock, on the device's thread or on the thread of the vCPU that accesses a register.
pub trait DeviceModel: Send {
    /// Its type.
    fn device_type(&self) -> DeviceType;

    /// The device-specific features that it offers.
    fn features(&self) -> Features;

    /// Largest size of each of its queues.
    fn queues(&self) -> Vec<u16>;

    /// The whole configuration space as it stands.
    fn config(&self) -> Vec<u8>;

    /// The driver writes `data` at `offset` of the configuration space. What is not writable is ignored.
    fn write_config(&mut self, offset: usize, data: &[u8]);

    /// Whether the device can work with the features that the driver accepted; dependencies of
    /// device-independent bits are checked already.
    fn accepts(&self, _accepted: Features) -> bool {
        true
    }

    /// The driver accepted these device-specific features; called when `FEATURES_OK` is set.
    fn negotiated(&mut self, _accepted: Features) {}

    /// Back to the state before any driver came. Contents of disks and unread input stay.
    fn reset(&mut self);

    /// Works on one request of `queue`. Whatever the guest put there: no panic, and time bounded by the request's length.
    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome;

    /// Works on several requests of `queue` together, after [`Outcome::More`]. They are given back at once, and in this order.
    fn process_together(&mut self, _queue: u16, _requests: &mut [Request<'_>]) -> Together {
        Together::Wait
    }

    /// Time passes; `now` counts from any beginning and never goes back. Never called while no driver has the device live.
    fn tick(&mut self, _now: Duration) {}

    /// What the last call led to besides its answer. Asked after each request, write of the configuration, [`control`](Self::control) and
    /// [`tick`](Self::tick).
    fn effects(&mut self) -> Vec<Effect> {
        Vec::new()
    }

    /// Bytes that the last request made the device move beyond its own buffers, so that no queue keeps the device from the others.
    fn extra_work(&mut self) -> u64 {
        0
    }

    /// The outside acts on the device.
    fn control(&mut self, _control: &Control) -> Effect {
        Effect::None
    }

    /// What it did since it was made.
    fn counters(&self) -> Counters;
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done; this many bytes were written, from the start of the writable part.
    Used(u32),
    /// It has to wait for something from outside; it will be given again after [`Effect::Wake`].
    Wait,
    /// It is not enough by itself: [`DeviceModel::process_together`] gets it with those after it.
    More,
}

/// What became of several requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Together {
    /// Done; of each this many bytes were written.
    Used(Vec<u32>),
    /// They are still not enough: with the next one they come again, once there is one.
    More,
    /// They all have to wait, as with [`Outcome::Wait`].
    Wait,
}

/// Something from outside the guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// Block: a new capacity, in sectors.
    Capacity(u64),
    /// Console: a new size.
    ConsoleSize {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// Console: bytes typed.
    ConsoleInput(Vec<u8>),
    /// Net: a frame comes in over the link, from the Ethernet header on.
    Frame(Vec<u8>),
    /// Net: the link goes up or down.
    Link(bool),
    /// Net: the driver is asked to announce itself (`VIRTIO_NET_S_ANNOUNCE`).
    Announce,
    /// Input: an update. The event that ends it may be left out.
    Input(Vec<InputEvent>),
    /// GPU: the user gives a display another size.
    Display {
        /// Which.
        scanout: u32,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Socket: connections break, and the guest gets this context id (`VIRTIO_VSOCK_EVENT_TRANSPORT_RESET`).
    TransportReset {
        /// The context id; one that is reserved is not taken.
        guest_cid: u32,
    },
    /// Socket: the host connects to this port of the guest, and returns what it is sent.
    Connect {
        /// The guest's port.
        port: u32,
    },
}

impl Control {
    /// The type of the devices that have a use for it.
    #[must_use]
    pub const fn device_type(&self) -> DeviceType {
        match self {
            Self::Capacity(_) => DeviceType::BLOCK,
            Self::ConsoleSize { .. } | Self::ConsoleInput(_) => DeviceType::CONSOLE,
            Self::Frame(_) | Self::Link(_) | Self::Announce => DeviceType::NET,
            Self::Input(_) => DeviceType::INPUT,
            Self::Display { .. } => DeviceType::GPU,
            Self::TransportReset { .. } | Self::Connect { .. } => DeviceType::VSOCK,
        }
    }
}

/// What a [`Control`] led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the control is not for this device, or changes nothing.
    None,
    /// The configuration space changed.
    ConfigChanged,
    /// The configuration space changed because the driver has it so: nobody has to be told.
    ConfigAnswers,
    /// Requests that wait on this queue can go on.
    Wake(u16),
}

/// What a device did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests given back, by queue.
    pub requests: Vec<u64>,
    /// Bytes read from the guest: data, not headers.
    pub bytes_from_guest: u64,
    /// Bytes written to the guest: data, not status.
    pub bytes_to_guest: u64,
    /// Requests that made no sense or were answered by an error.
    pub errors: u64,
}

impl Counters {
    pub(crate) fn for_queues(queues: usize) -> Self {
        Self { requests: vec![0; queues], ..Self::default() }
    }
}
