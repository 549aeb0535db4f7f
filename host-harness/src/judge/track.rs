//! What a checker has to remember of a device to read its events: status, accepted features, configuration space.

use parakit_abi::feature::{EVENT_IDX, Features, RING_PACKED};
use parakit_abi::status::DeviceStatus;

use crate::observe::event::{DeviceInfo, Event, EventKind};
use crate::oddity::OddityKind;

/// The state of one device, as far as its events tell.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// Offered features.
    pub(crate) offered: Features,
    /// Accepted features, as written since the last reset; what comes after FEATURES_OK changes nothing any more (§2.2).
    pub(crate) accepted: Features,
    /// Status as last written; 0 from the write that asks for a reset.
    pub(crate) status: DeviceStatus,
    /// The configuration space as it stands.
    pub(crate) config: Vec<u8>,
    /// FEATURES_OK was written, and was not seen to be refused.
    agreed: bool,
    /// The device wrote where only the driver writes: what the rings hold is not the driver's doing any more.
    scribbled: bool,
}

impl Track {
    /// Before the first event.
    pub(crate) fn new(info: &DeviceInfo) -> Self {
        let [low, high] = info.offered;
        Self {
            offered: Features(u128::from(low) | u128::from(high) << 64),
            accepted: Features::NONE,
            status: DeviceStatus::RESET,
            config: info.config.clone(),
            agreed: false,
            scribbled: false,
        }
    }

    /// Takes an event in.
    pub(crate) fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::StatusWrite { value } => {
                self.status = DeviceStatus(*value);
                self.agreed |= self.status.contains(DeviceStatus::FEATURES_OK);
                if *value == 0 {
                    self.accepted = Features::NONE;
                    self.agreed = false;
                    self.scribbled = false;
                }
            }
            EventKind::StatusRead { value } if !DeviceStatus(*value).contains(DeviceStatus::FEATURES_OK) => {
                self.agreed = false;
            }
            EventKind::DriverFeaturesWrite { word, value } if !self.agreed => {
                self.accepted = self.accepted.with_word(*word, *value);
            }
            EventKind::ConfigChanged { bytes, .. } => self.config.clone_from(bytes),
            EventKind::Provoke { what } => {
                let scribble = [OddityKind::ScribbleDescriptors, OddityKind::ScribbleAvail];
                self.scribbled |= scribble.iter().any(|kind| kind.name() == what);
            }
            _ => {}
        }
    }

    /// Whether the driver has accepted feature `bit`.
    pub(crate) fn has(&self, bit: u32) -> bool {
        self.accepted.has(bit)
    }

    /// Whether the device's queues are split rings that hold what the driver put there.
    pub(crate) fn split(&self) -> bool {
        !self.has(RING_PACKED) && !self.scribbled
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
