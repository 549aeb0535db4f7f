//! What the transport keeps: of each queue, of the selectors, and of a reset that takes its time.

use std::time::Duration;

use parakit_abi::transport::pci::NO_VECTOR;
use vmm_sys_util::eventfd::EventFd;

use crate::observe::RingObserver;
use crate::queue::{DeviceRing, Done, Setup};
use crate::transport::Doorbell;

/// A status that is shown although a reset is done.
pub(crate) struct Lie {
    pub(crate) shown: u8,
    /// Reads that see it; `None`: all.
    pub(crate) reads: Option<u32>,
}

/// How long the reset of a queue is shown as going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resetting {
    /// For this many reads more.
    Reads(u32),
    Forever,
}

/// What the selector registers hold.
#[derive(Default)]
pub(crate) struct Selected {
    pub(crate) device_features: u32,
    pub(crate) driver_features: u32,
    pub(crate) queue: u32,
    pub(crate) shm: u32,
}

/// A queue as the transport knows it.
pub(crate) struct QueueSlot {
    pub(crate) max: u16,
    pub(crate) setup: Setup,
    /// The driver chose the size itself.
    pub(crate) sized: bool,
    pub(crate) ready: bool,
    /// The MSI-X vector, over PCI.
    pub(crate) vector: u16,
    /// A reset of the queue that is shown as going on.
    pub(crate) resetting: Option<Resetting>,
    pub(crate) ring: Option<DeviceRing>,
    pub(crate) observer: Option<RingObserver>,
    pub(crate) bell: EventFd,
    /// The doorbell, while it is armed.
    pub(crate) armed: Option<Doorbell>,
    /// Whether the bell is the front end's own (vhost-user), and may ring at any time.
    pub(crate) foreign_bell: bool,
    /// Something has to be looked at.
    pub(crate) kicked: bool,
    pub(crate) phase: Phase,
    /// Chains that are done and held back.
    pub(crate) held: Vec<Done>,
    /// Something was used since the last decision about an interrupt.
    pub(crate) used: bool,
    /// The driver is told whether it wants to hear or not, because the ring no longer tells what was used.
    pub(crate) force_interrupt: bool,
    /// When unannounced chains were first seen.
    pub(crate) quiet_since: Option<Duration>,
    /// The device went on without a notification that it had asked for, and has had none since. What it asks for stays as it is: a driver that
    /// comes to it late still finds that it has to notify.
    pub(crate) unannounced: bool,
}

/// Where the work on a queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Idle,
    Fetch,
    Process,
    Signal,
    Rearm,
}

impl QueueSlot {
    pub(crate) fn new(max: u16, bell: EventFd) -> Self {
        Self {
            max,
            setup: Setup { size: u32::from(max), ..Setup::default() },
            sized: false,
            ready: false,
            vector: NO_VECTOR,
            resetting: None,
            ring: None,
            observer: None,
            bell,
            armed: None,
            foreign_bell: false,
            kicked: false,
            phase: Phase::Idle,
            held: Vec::new(),
            used: false,
            force_interrupt: false,
            quiet_since: None,
            unannounced: false,
        }
    }

    /// Whether `queue_enable` or `QueueReady` shows 1: until the end of a reset that takes its time, as before.
    pub(crate) fn shows_ready(&self) -> bool {
        self.ready || self.resetting.is_some()
    }

    /// Back to how it was before the driver came; the doorbell is dealt with before.
    pub(crate) fn clear(&mut self) {
        self.setup = Setup { size: u32::from(self.max), ..Setup::default() };
        self.sized = false;
        self.vector = NO_VECTOR;
        self.resetting = None;
        self.stop();
    }

    /// No more access to ring memory from here on (§4.2.2.1).
    pub(crate) fn stop(&mut self) {
        self.ready = false;
        self.ring = None;
        self.observer = None;
        self.kicked = false;
        self.phase = Phase::Idle;
        self.held.clear();
        self.used = false;
        self.force_interrupt = false;
        self.quiet_since = None;
        self.unannounced = false;
    }
}
