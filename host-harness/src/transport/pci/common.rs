//! The common configuration structure (§4.1.4.3).

use parakit_abi::feature::{NOTIF_CONFIG_DATA, RING_RESET};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::{Common, NO_VECTOR};

use super::PciPort;
use crate::observe::EventKind;
use crate::oddity::OddityKind;
use crate::transport::device::core::Core;

/// An access to a field: all of it, or a half of a 64-bit one (§4.1.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) field: Common,
    /// The first bit of the field that it reaches.
    shift: u32,
    /// Bits that it reaches.
    bits: u32,
}

impl Access {
    /// What an access of `width` bytes at `offset` of the structure is; `None` for one that no field allows.
    pub(super) fn of(offset: u64, width: usize) -> Option<Self> {
        let field = Common::at(offset)?;
        let within = offset - field.offset();
        let whole = within == 0 && width == usize::from(field.width());
        let half = field.width() == 8 && width == 4 && within.is_multiple_of(4);
        (whole || half).then_some(Self { field, shift: 8 * within as u32, bits: 8 * width as u32 })
    }

    /// The field `old` with what is written in its place.
    fn merge(self, old: u64, value: u64) -> u64 {
        let mask = if self.bits == 64 { u64::MAX } else { (1 << self.bits) - 1 };
        old & !(mask << self.shift) | (value & mask) << self.shift
    }
}

impl Core {
    /// The value that a read shows, and what it means. A reset that was slow may end with it; that is told at once.
    pub(super) fn read_common(&mut self, access: Access) -> (u64, Option<EventKind>) {
        let queue = self.selected.queue;
        let field = access.field;
        let value = self.common_field(field);
        let meaning = match field {
            Common::DeviceFeature => {
                let word = self.selected.device_features;
                EventKind::DeviceFeaturesRead { word, value: value as u32 }
            }
            Common::ConfigMsixVector => EventKind::VectorRead { queue: None, value: value as u16 },
            Common::DeviceStatus => EventKind::StatusRead { value: value as u8 },
            Common::ConfigGeneration => EventKind::ConfigGenerationRead { value: value as u32 },
            // Once the driver has chosen a size, that is what shows.
            Common::QueueSize if self.selected_slot().is_none_or(|slot| !slot.sized) => {
                EventKind::QueueSizeMaxRead { queue, value: value as u32 }
            }
            Common::QueueMsixVector => EventKind::VectorRead { queue: Some(queue), value: value as u16 },
            Common::QueueEnable => EventKind::QueueReadyRead { queue, value: value as u32 },
            Common::QueueNotifyOff => EventKind::NotifyOffRead { queue, value: value as u16 },
            Common::QueueNotifConfigData => EventKind::NotifConfigDataRead { queue, value: value as u16 },
            Common::QueueReset => EventKind::QueueResetRead { queue, value: value as u32 },
            _ => return (value >> access.shift, None),
        };
        (value >> access.shift, Some(meaning))
    }

    fn common_field(&mut self, field: Common) -> u64 {
        let queue = self.selected.queue as u16;
        let slot = self.selected_slot();
        match field {
            Common::DeviceFeatureSelect => self.selected.device_features.into(),
            Common::DeviceFeature => self.offered.word(self.selected.device_features).into(),
            Common::DriverFeatureSelect => self.selected.driver_features.into(),
            Common::DriverFeature => self.accepted.word(self.selected.driver_features).into(),
            Common::ConfigMsixVector => self.pci().map_or(NO_VECTOR, |p| p.config_vector).into(),
            Common::NumQueues => self.queues.len() as u64,
            Common::DeviceStatus => {
                let (status, reset_done) = self.read_status();
                if reset_done {
                    self.emit(EventKind::ResetDone);
                }
                status.into()
            }
            Common::ConfigGeneration => u64::from(self.read_generation() as u8),
            Common::QueueSelect => queue.into(),
            Common::QueueSize => slot.map_or(0, |s| u64::from(s.setup.size)),
            Common::QueueMsixVector => slot.map_or(NO_VECTOR, |s| s.vector).into(),
            Common::QueueEnable => slot.map_or(0, |s| u64::from(s.shows_ready())),
            Common::QueueNotifyOff => match slot {
                Some(_) => self.pci().map_or(0, |p| p.notify_off(queue)).into(),
                None => 0,
            },
            Common::QueueDesc => slot.map_or(0, |s| s.setup.desc),
            Common::QueueDriver => slot.map_or(0, |s| s.setup.driver),
            Common::QueueDevice => slot.map_or(0, |s| s.setup.device),
            Common::QueueNotifConfigData if slot.is_some() && self.accepted.has(NOTIF_CONFIG_DATA) => {
                PciPort::notif_config_data(queue).into()
            }
            Common::QueueReset => u64::from(self.read_queue_reset()),
            // There is no administration queue; a field whose feature was not negotiated does not exist.
            Common::QueueNotifConfigData | Common::AdminQueueIndex | Common::AdminQueueNum => 0,
        }
    }

    /// What a write means, before it acts.
    pub(super) fn common_meaning(&self, field: Common, value: u64) -> Option<EventKind> {
        let queue = self.selected.queue;
        Some(match field {
            Common::DriverFeature => {
                EventKind::DriverFeaturesWrite { word: self.selected.driver_features, value: value as u32 }
            }
            Common::ConfigMsixVector => EventKind::VectorWrite { queue: None, value: value as u16 },
            Common::DeviceStatus => EventKind::StatusWrite { value: value as u8 },
            Common::QueueSize => EventKind::QueueSizeWrite { queue, value: value as u32 },
            Common::QueueMsixVector => EventKind::VectorWrite { queue: Some(queue), value: value as u16 },
            Common::QueueEnable => EventKind::QueueReadyWrite { queue, value: value as u32 },
            Common::QueueReset => EventKind::QueueResetWrite { queue, value: value as u32 },
            _ => return None,
        })
    }

    pub(super) fn write_common(&mut self, access: Access, value: u64) {
        let index = self.selected.queue as usize;
        match access.field {
            Common::DeviceFeatureSelect => self.selected.device_features = value as u32,
            Common::DriverFeatureSelect => self.selected.driver_features = value as u32,
            // Only a reset renegotiates (§2.2).
            Common::DriverFeature if !self.status.contains(DeviceStatus::FEATURES_OK) => {
                self.accepted = self.accepted.with_word(self.selected.driver_features, value as u32);
            }
            Common::DeviceStatus => self.write_status(value as u8),
            Common::QueueSelect => self.selected.queue = value as u32,
            // Writing 0 is not for drivers (§4.1.4.3.2), and disables nothing.
            Common::QueueEnable if value == 1 => self.set_ready(index, true),
            Common::QueueReset if value == 1 && self.accepted.has(RING_RESET) => self.reset_queue(index),
            Common::ConfigMsixVector => {
                let vector = self.map_vector(value as u16);
                if let Some(port) = self.pci_mut() {
                    port.config_vector = vector;
                }
            }
            Common::QueueMsixVector => {
                let vector = self.map_vector(value as u16);
                if let Some(slot) = self.queues.get_mut(index) {
                    slot.vector = vector;
                }
            }
            Common::QueueSize => self.set_size(index, value as u16),
            Common::QueueDesc | Common::QueueDriver | Common::QueueDevice => {
                if let Some(slot) = self.queues.get_mut(index)
                    && !slot.ready
                {
                    let area = match access.field {
                        Common::QueueDesc => &mut slot.setup.desc,
                        Common::QueueDriver => &mut slot.setup.driver,
                        _ => &mut slot.setup.device,
                    };
                    *area = access.merge(*area, value);
                }
            }
            _ => {}
        }
    }

    /// The size of a queue: what cannot be one is left as it was, so that the register never shows it (§4.1.4.3.1).
    fn set_size(&mut self, index: usize, size: u16) {
        let packed = self.accepted.has(parakit_abi::feature::RING_PACKED);
        if let Some(slot) = self.queues.get_mut(index)
            && !slot.ready
            && size != 0
            && size <= slot.max
            && (packed || size.is_power_of_two())
        {
            slot.setup.size = u32::from(size);
            slot.sized = true;
        }
    }

    /// The vector that a mapping leads to: `NO_VECTOR` where the table has no such entry, or the device cannot.
    fn map_vector(&mut self, vector: u16) -> u16 {
        let there = self.pci().is_some_and(|p| vector < p.msix.len());
        if !there {
            return NO_VECTOR;
        }
        for (kind, refused) in [(OddityKind::VectorsUnmappable, true), (OddityKind::VectorsScarce, vector > 0)] {
            if refused && self.oddities.has(kind) {
                self.provoke(kind);
                return NO_VECTOR;
            }
        }
        vector
    }
}
