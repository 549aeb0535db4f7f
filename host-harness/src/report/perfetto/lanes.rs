//! Which thread of a device's process an event belongs to, and what goes from one to another.

use crate::observe::EventKind;

/// A thread of a device's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// What the driver does.
    Driver,
    /// What the device does.
    Device,
    /// What becomes of a queue's rings.
    Queue(u16),
}

impl Lane {
    /// Its number in the trace.
    pub(super) const fn thread(self) -> u64 {
        match self {
            Self::Driver => 1,
            Self::Device => 2,
            Self::Queue(queue) => 10 + queue as u64,
        }
    }
}

/// What goes from one side to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) category: &'static str,
    pub(super) from: Lane,
    pub(super) to: Lane,
}

/// The arrow that an event is drawn as, if it is one.
pub(super) const fn arrow(kind: &EventKind) -> Option<Arrow> {
    match kind {
        EventKind::Notify { .. } => Some(Arrow { category: "notification", from: Lane::Driver, to: Lane::Device }),
        EventKind::Interrupt { .. } => Some(Arrow { category: "interrupt", from: Lane::Device, to: Lane::Driver }),
        _ => None,
    }
}

/// Where an event is shown.
pub(super) const fn lane(kind: &EventKind) -> Lane {
    match kind {
        EventKind::Register { .. }
        | EventKind::PciConfig { .. }
        | EventKind::PciBar { .. }
        | EventKind::StatusRead { .. }
        | EventKind::StatusWrite { .. }
        | EventKind::DeviceFeaturesRead { .. }
        | EventKind::DriverFeaturesWrite { .. }
        | EventKind::ConfigRead { .. }
        | EventKind::ConfigWrite { .. }
        | EventKind::ConfigGenerationRead { .. }
        | EventKind::QueueSizeMaxRead { .. }
        | EventKind::QueueSizeWrite { .. }
        | EventKind::QueueReadyRead { .. }
        | EventKind::QueueReadyWrite { .. }
        | EventKind::QueueResetRead { .. }
        | EventKind::QueueResetWrite { .. }
        | EventKind::VectorWrite { .. }
        | EventKind::VectorRead { .. }
        | EventKind::MsixControl { .. }
        | EventKind::NotifyOffRead { .. }
        | EventKind::NotifConfigDataRead { .. }
        | EventKind::Started { .. }
        | EventKind::Notify { .. }
        | EventKind::NotifyData { .. }
        | EventKind::InterruptStatusRead { .. }
        | EventKind::InterruptAck { .. }
        | EventKind::Finding { .. }
        | EventKind::Signal { .. } => Lane::Driver,
        EventKind::QueueEnabled(info) => Lane::Queue(info.queue),
        EventKind::Available(chain) => Lane::Queue(chain.queue),
        EventKind::PackedSuppression { queue, .. }
        | EventKind::PackedUsed { queue, .. }
        | EventKind::AvailIdx { queue, .. }
        | EventKind::Suppression { queue, .. }
        | EventKind::Used { queue, .. }
        | EventKind::Altered { queue, .. }
        | EventKind::Quiet { queue, .. }
        | EventKind::Stopped { queue }
        | EventKind::Resumed { queue } => Lane::Queue(*queue),
        EventKind::Device(_)
        | EventKind::ResetDone
        | EventKind::ConfigChanged { .. }
        | EventKind::Interrupt { .. }
        | EventKind::Vector { .. }
        | EventKind::Provoke { .. }
        | EventKind::Dropped { .. }
        | EventKind::End { .. } => Lane::Device,
    }
}
