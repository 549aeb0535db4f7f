//! The register file: what each access does, and the events that tell it.

use parakit_abi::transport::mmio::{CONFIG, Direction, Register};

use crate::observe::EventKind;
use crate::oddity::OddityKind;
use crate::transport::device::core::Core;
use crate::transport::device::slot::QueueSlot;
use crate::transport::little_endian;

/// What `VendorID` shows: "PKIT".
const VENDOR: u32 = u32::from_le_bytes(*b"PKIT");
/// Bits that [`OddityKind::InterruptStatusUndefinedBits`] adds.
const UNDEFINED_REASONS: u32 = 0xdead_bee0;

impl Core {
    pub(crate) fn mmio_read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        if self.legacy_read(offset, data) {
            return;
        }
        if offset >= CONFIG {
            return self.read_config(offset - CONFIG, data);
        }
        let register = control_register(offset, data.len()).filter(|r| r.direction() != Direction::WriteOnly);
        let Some(register) = register else {
            return self.raw(false, offset, data);
        };
        let (value, reset_done) = match register {
            Register::Status => {
                let (status, done) = self.read_status();
                (u32::from(status), done)
            }
            _ => (self.register(register), false),
        };
        data.copy_from_slice(&value.to_le_bytes());
        if reset_done {
            self.emit(EventKind::ResetDone);
        }
        self.raw(false, offset, data);
        if let Some(meaning) = self.read_meaning(register, value) {
            self.emit(meaning);
        }
    }

    /// Raw event of an access.
    pub(super) fn raw(&self, write: bool, offset: u64, data: &[u8]) {
        if self.events.is_on() {
            let width = u8::try_from(data.len()).unwrap_or(u8::MAX);
            self.emit(EventKind::Register { write, offset, width, value: little_endian(data) });
        }
    }

    fn register(&mut self, register: Register) -> u32 {
        let [magic, version, device] = self.identity();
        match register {
            Register::MagicValue => magic,
            Register::Version => version,
            Register::DeviceID => device,
            Register::VendorID => VENDOR,
            Register::DeviceFeatures => self.offered.word(self.selected.device_features),
            Register::QueueSizeMax => self.selected_slot().map_or(0, |q| u32::from(q.max)),
            Register::QueueReady => self.selected_slot().map_or(0, |q| u32::from(q.shows_ready())),
            Register::InterruptStatus if self.oddities.has(OddityKind::InterruptStatusUndefinedBits) => {
                if self.oddities.first(OddityKind::InterruptStatusUndefinedBits) {
                    self.provoke(OddityKind::InterruptStatusUndefinedBits);
                }
                self.interrupt_status | UNDEFINED_REASONS
            }
            Register::InterruptStatus => self.interrupt_status,
            // There is no shared memory region: length and base are -1 (§4.2.2).
            Register::SHMLenLow | Register::SHMLenHigh | Register::SHMBaseLow | Register::SHMBaseHigh => u32::MAX,
            Register::ConfigGeneration => self.read_generation(),
            Register::QueueReset => u32::from(self.read_queue_reset()),
            _ => 0,
        }
    }

    fn read_meaning(&self, register: Register, value: u32) -> Option<EventKind> {
        let queue = self.selected.queue;
        Some(match register {
            Register::Status => EventKind::StatusRead { value: value as u8 },
            Register::DeviceFeatures => EventKind::DeviceFeaturesRead { word: self.selected.device_features, value },
            Register::QueueSizeMax => EventKind::QueueSizeMaxRead { queue, value },
            Register::QueueReady => EventKind::QueueReadyRead { queue, value },
            Register::QueueReset => EventKind::QueueResetRead { queue, value },
            Register::InterruptStatus => EventKind::InterruptStatusRead { value },
            Register::ConfigGeneration => EventKind::ConfigGenerationRead { value },
            _ => return None,
        })
    }

    fn read_config(&mut self, offset: u64, data: &mut [u8]) {
        self.read_device_config(offset, data);
        self.raw(false, offset.saturating_add(CONFIG), data);
        self.device_config_was_read(offset, data);
    }

    pub(crate) fn mmio_write(&mut self, offset: u64, data: &[u8]) {
        if self.legacy_write(offset, data) {
            return;
        }
        if offset >= CONFIG {
            return self.write_config(offset - CONFIG, data);
        }
        let register = control_register(offset, data.len()).filter(|r| r.direction() != Direction::ReadOnly);
        // Notifications that came first are told first, where it matters: where the access may stop the queue that they are for.
        if matches!(register, Some(Register::Status | Register::QueueReady | Register::QueueReset)) {
            self.take_doorbells();
            self.look_at_last();
        }
        // And where it shows how far the driver is: a late notification came before it, or did not come.
        if register == Some(Register::InterruptACK) && self.events.is_on() {
            self.take_doorbells();
        }
        self.raw(true, offset, data);
        let Some(register) = register else { return };
        let value = little_endian(data) as u32;
        if let Some(meaning) = self.write_meaning(register, value) {
            self.emit(meaning);
        }
        self.act(register, value);
    }

    fn write_meaning(&self, register: Register, value: u32) -> Option<EventKind> {
        let queue = self.selected.queue;
        Some(match register {
            Register::Status => EventKind::StatusWrite { value: value as u8 },
            Register::DriverFeatures => EventKind::DriverFeaturesWrite { word: self.selected.driver_features, value },
            Register::QueueSize => EventKind::QueueSizeWrite { queue, value },
            Register::QueueReady => EventKind::QueueReadyWrite { queue, value },
            Register::QueueReset => EventKind::QueueResetWrite { queue, value },
            Register::InterruptACK => EventKind::InterruptAck { value },
            _ => return None,
        })
    }

    fn act(&mut self, register: Register, value: u32) {
        use parakit_abi::feature::{NOTIFICATION_DATA, RING_RESET};
        let queue = usize::try_from(self.selected.queue).unwrap_or(usize::MAX);
        match register {
            Register::Status => self.write_status(value as u8),
            Register::DeviceFeaturesSel => self.selected.device_features = value,
            Register::DriverFeaturesSel => self.selected.driver_features = value,
            // Only a reset renegotiates (§2.2).
            Register::DriverFeatures if !self.features_are_settled() => {
                self.accepted = self.accepted.with_word(self.selected.driver_features, value);
            }
            Register::QueueSel => self.selected.queue = value,
            Register::QueueReady => self.set_ready(queue, value & 1 != 0),
            Register::QueueReset if value & 1 != 0 && self.accepted.has(RING_RESET) => self.reset_queue(queue),
            Register::QueueNotify => {
                let data = self.accepted.has(NOTIFICATION_DATA);
                let index = if data { value & 0xffff } else { value };
                let next = data.then_some((value >> 16) as u16);
                self.notified_at(index, next, Some(index as usize), 1);
            }
            Register::InterruptACK => self.acknowledge(value),
            Register::SHMSel => self.selected.shm = value,
            _ if register.is_queue_setup() => {
                if let Some(slot) = self.queues.get_mut(queue)
                    && !slot.ready
                {
                    set_up(slot, register, value);
                }
            }
            _ => {}
        }
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        self.raw(true, offset.saturating_add(CONFIG), data);
        self.device_config_written(offset, data);
    }
}

fn set_up(slot: &mut QueueSlot, register: Register, value: u32) {
    let low = |field: &mut u64| *field = *field & !0xffff_ffff | u64::from(value);
    let high = |field: &mut u64| *field = *field & 0xffff_ffff | u64::from(value) << 32;
    let setup = &mut slot.setup;
    match register {
        Register::QueueSize => setup.size = value,
        Register::QueueDescLow => low(&mut setup.desc),
        Register::QueueDescHigh => high(&mut setup.desc),
        Register::QueueDriverLow => low(&mut setup.driver),
        Register::QueueDriverHigh => high(&mut setup.driver),
        Register::QueueDeviceLow => low(&mut setup.device),
        Register::QueueDeviceHigh => high(&mut setup.device),
        _ => {}
    }
}

/// The control register at `offset`, if the access is 32 bits wide and aligned (§4.2.2.2).
fn control_register(offset: u64, width: usize) -> Option<Register> {
    if width == 4 { Register::at(offset) } else { None }
}
