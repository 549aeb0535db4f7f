//! What the transport keeps: of each queue, of the selectors, and of a reset that takes its time.

use std::time::Duration;

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
    pub(crate) ready: bool,
    pub(crate) ring: Option<DeviceRing>,
    pub(crate) observer: Option<RingObserver>,
    pub(crate) bell: EventFd,
    /// The doorbell, while it is armed.
    pub(crate) armed: Option<Doorbell>,
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
            ready: false,
            ring: None,
            observer: None,
            bell,
            armed: None,
            kicked: false,
            phase: Phase::Idle,
            held: Vec::new(),
            used: false,
            force_interrupt: false,
            quiet_since: None,
        }
    }

    /// Back to how it was before the driver came; the doorbell is dealt with before.
    pub(crate) fn clear(&mut self) {
        self.setup = Setup { size: u32::from(self.max), ..Setup::default() };
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
    }
}
