//! What a device behind a front end has beside its core.

use parakit_abi::feature::Features;
use vmm_sys_util::eventfd::EventFd;

use super::memory::Regions;
use crate::observe::RingObserver;
use crate::queue::{DeviceRing, Setup};

/// A device's side of a front end.
pub(crate) struct VhostUserPort {
    pub(super) vrings: Vec<Vring>,
    pub(super) regions: Regions,
    /// What the front end accepted, for the next life of the device.
    pub(super) accepted: Features,
    /// Whether rings have to be enabled by a message of their own.
    pub(super) protocol_features: bool,
}

/// A queue as the front end describes it.
#[derive(Default)]
pub(super) struct Vring {
    pub(super) size: u32,
    /// Descriptor area, driver area and device area, at addresses of the front end.
    pub(super) areas: Option<[u64; 3]>,
    pub(super) base: u32,
    /// Whether a kick was given, by which the front end starts it.
    pub(super) started: bool,
    pub(super) enabled: bool,
    pub(super) call: Option<EventFd>,
    pub(super) error: Option<EventFd>,
    pub(super) parked: Option<Parked>,
}

/// A ring that was stopped, and may go on.
pub(super) struct Parked {
    pub(super) ring: DeviceRing,
    pub(super) observer: RingObserver,
    pub(super) setup: Setup,
    pub(super) base: u32,
}

impl VhostUserPort {
    /// For a device with so many queues.
    pub(crate) fn new(queues: usize) -> Self {
        Self {
            vrings: (0..queues).map(|_| Vring::default()).collect(),
            regions: Regions::default(),
            accepted: Features::NONE,
            protocol_features: false,
        }
    }

    /// Whether the front end has a queue go on where it was stopped, so that its guest has only paused; queues begin at `first`.
    pub(super) fn pauses(&self, first: u32) -> bool {
        let goes_on =
            |vring: &Vring| vring.base != first && vring.parked.as_ref().is_some_and(|p| p.base == vring.base);
        self.vrings.iter().any(goes_on)
    }

    /// Tells the driver of used buffers.
    pub(crate) fn call(&self, queue: usize) {
        // A full counter has been told already; a front end without a call polls.
        if let Some(call) = self.vrings.get(queue).and_then(|vring| vring.call.as_ref()) {
            let _full = call.write(1);
        }
    }

    /// Tells the front end that a queue does not go on.
    pub(crate) fn error(&self, queue: usize) {
        if let Some(error) = self.vrings.get(queue).and_then(|vring| vring.error.as_ref()) {
            let _full = error.write(1);
        }
    }
}
