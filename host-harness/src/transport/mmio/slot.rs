//! What the transport keeps: of each queue, of the selectors, and of a reset that takes its time.

use std::time::Duration;

use vmm_sys_util::eventfd::EventFd;

use crate::observe::RingObserver;
use crate::queue::{Ring, Setup};

/// A status that is shown although a reset is done.
pub(super) struct Lie {
    pub(super) shown: u8,
    /// Reads that see it; `None`: all.
    pub(super) reads: Option<u32>,
}

/// What the selector registers hold.
#[derive(Default)]
pub(super) struct Selected {
    pub(super) device_features: u32,
    pub(super) driver_features: u32,
    pub(super) queue: u32,
    pub(super) shm: u32,
}

/// A queue as the transport knows it.
pub(super) struct QueueSlot {
    pub(super) max: u16,
    pub(super) setup: Setup,
    pub(super) ready: bool,
    pub(super) ring: Option<Ring>,
    pub(super) observer: Option<RingObserver>,
    pub(super) bell: EventFd,
    pub(super) armed: bool,
    /// Something has to be looked at.
    pub(super) kicked: bool,
    pub(super) phase: Phase,
    /// Chains that are done and held back.
    pub(super) held: Vec<Held>,
    /// Something was used since the last decision about an interrupt.
    pub(super) used: bool,
    /// The driver is told whether it wants to hear or not, because the ring no longer tells what was used.
    pub(super) force_interrupt: bool,
    /// When unannounced chains were first seen.
    pub(super) quiet_since: Option<Duration>,
}

/// Where the work on a queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Idle,
    Fetch,
    Process,
    Signal,
    Rearm,
}

/// A chain that is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) head: u16,
    pub(super) len: u32,
    pub(super) writable: u64,
}

impl QueueSlot {
    pub(super) fn new(max: u16, bell: EventFd) -> Self {
        Self {
            max,
            setup: Setup { size: u32::from(max), ..Setup::default() },
            ready: false,
            ring: None,
            observer: None,
            bell,
            armed: false,
            kicked: false,
            phase: Phase::Idle,
            held: Vec::new(),
            used: false,
            force_interrupt: false,
            quiet_since: None,
        }
    }

    /// Back to how it was before the driver came; the doorbell is dealt with before.
    pub(super) fn clear(&mut self) {
        self.setup = Setup { size: u32::from(self.max), ..Setup::default() };
        self.stop();
    }

    /// No more access to ring memory from here on (§4.2.2.1).
    pub(super) fn stop(&mut self) {
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
