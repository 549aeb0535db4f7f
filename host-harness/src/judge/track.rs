//! What a checker of queues or of a device type has to remember: how far the driver is, the status as it stands, the configuration space.

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER, RING_PACKED};
use parakit_abi::status::DeviceStatus;

use super::progress::{LIVE, Progress};
use crate::observe::event::{DeviceInfo, Event, EventKind};
use crate::oddity::OddityKind;

/// The state of one device, as far as its events tell.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    progress: Progress,
    /// Status as last written; 0 from the write that asks for a reset.
    pub(crate) status: DeviceStatus,
    /// The configuration space as it stands.
    pub(crate) config: Vec<u8>,
    /// The device wrote where only the driver writes: what the rings hold is not the driver's doing any more.
    scribbled: bool,
    publications: Publications,
    published: Option<u16>,
}

/// Tells publications apart: a move of the available index, or, in packed rings, available buffers that one look found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Publications {
    /// The queue of the event before, if that told of an available buffer.
    last: Option<u16>,
}

impl Publications {
    /// The queue in which this event is the first that tells of newly available buffers.
    pub(crate) fn of(&mut self, kind: &EventKind, packed: bool) -> Option<u16> {
        // A signal comes from the mailbox, in the middle of whatever the device is at.
        if matches!(kind, EventKind::Signal { .. }) {
            return None;
        }
        let before = std::mem::take(&mut self.last);
        match kind {
            EventKind::AvailIdx { queue, .. } => Some(*queue),
            EventKind::Available(chain) => {
                self.last = Some(chain.queue);
                (packed && before != self.last).then_some(chain.queue)
            }
            _ => None,
        }
    }
}

impl Track {
    /// Before the first event.
    pub(crate) fn new(info: &DeviceInfo) -> Self {
        Self {
            progress: Progress::new(info),
            status: DeviceStatus::RESET,
            config: info.config.clone(),
            scribbled: false,
            publications: Publications::default(),
            published: None,
        }
    }

    /// Takes an event in.
    pub(crate) fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StatusWrite { value } => {
                self.status = DeviceStatus(*value);
                self.scribbled &= *value != 0;
            }
            EventKind::Started { .. } => (self.status, self.scribbled) = (LIVE, false),
            EventKind::ConfigChanged { bytes, .. } => self.config.clone_from(bytes),
            EventKind::Provoke { what } => {
                let scribble = [OddityKind::ScribbleDescriptors, OddityKind::ScribbleAvail];
                self.scribbled |= scribble.iter().any(|kind| kind.name() == what);
            }
            _ => {}
        }
        self.progress.follow(&event.kind);
        self.published = self.publications.of(&event.kind, self.has(RING_PACKED));
    }

    /// The bits that a write of the status sets.
    pub(crate) fn adds(&self, value: u8) -> DeviceStatus {
        self.progress.adds(DeviceStatus(value))
    }

    /// Offered features.
    pub(crate) fn offered(&self) -> Features {
        self.progress.offered
    }

    /// Whether the driver has accepted feature `bit`.
    pub(crate) fn has(&self, bit: u32) -> bool {
        self.progress.accepted.has(bit)
    }

    /// Whether the device's queues are split rings that hold what the driver put there.
    pub(crate) fn split(&self) -> bool {
        !self.has(RING_PACKED) && !self.scribbled
    }

    /// Whether the device's queues are packed rings that hold what the driver put there.
    pub(crate) fn packed(&self) -> bool {
        self.has(RING_PACKED) && !self.scribbled
    }

    /// Whether the device's queues, of whatever form, hold what the driver put there.
    pub(crate) const fn rings(&self) -> bool {
        !self.scribbled
    }

    /// Whether a used buffer may stand for a batch: for every buffer made available up to it (§2.7.9, §2.8.8).
    pub(crate) fn in_order(&self) -> bool {
        self.has(IN_ORDER)
    }

    /// The queue in which the event last taken in is the first that tells of newly available buffers.
    pub(crate) const fn published(&self) -> Option<u16> {
        self.published
    }

    /// Whether `VIRTIO_F_EVENT_IDX` is accepted.
    pub(crate) fn event_idx(&self) -> bool {
        self.has(EVENT_IDX)
    }

    /// Whether the driver has set `DRIVER_OK` and not reset the device since.
    pub(crate) fn live(&self) -> bool {
        self.status.contains(DeviceStatus::DRIVER_OK)
    }

    /// The little-endian field of `width` bytes (at most 8) at `offset`; bytes beyond the end are 0.
    pub(crate) fn config_field(&self, offset: u32, width: usize) -> u64 {
        field(&self.config, offset, width)
    }
}

/// The little-endian field of `width` bytes (at most 8) at `offset` of a configuration space.
pub(crate) fn field(config: &[u8], offset: u32, width: usize) -> u64 {
    let byte = |i: usize| config.get(offset as usize + i).copied().unwrap_or(0);
    (0..width).fold(0, |value, i| value | u64::from(byte(i)) << (8 * i))
}
