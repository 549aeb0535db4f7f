//! The devices that the raw driver drives: the harness's own, widened by what they do not have where a rule needs it.

use std::io;

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{config, feature};
use parakit_abi::feature::Features;
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleOptions, Control, Counters, DeviceModel, Effect, Entropy, MemoryDisk, Outcome,
};
use parakit_harness::queue::Request;

use super::Setting;

/// Sectors of the disk.
const SECTORS: usize = 2048;

/// The device of a setting.
pub(super) fn model(setting: &Setting) -> Box<dyn DeviceModel> {
    let inner: Box<dyn DeviceModel> = match setting.device {
        DeviceType::CONSOLE => {
            let options = ConsoleOptions { queue_size: setting.queue_max, ..ConsoleOptions::default() };
            Box::new(Console::new(options, Box::new(io::sink())))
        }
        DeviceType::NET => Box::new(Null { device: DeviceType::NET, queues: setting.queues, max: setting.queue_max }),
        DeviceType::ENTROPY => Box::new(Entropy::new(setting.queue_max, 4096)),
        _ => {
            let disk = Box::new(MemoryDisk::new(vec![0x5a; SECTORS * 512]));
            let default = BlockOptions::default();
            // A read-only disk takes neither discards nor write-zeroes.
            let features = if setting.widen.has(feature::RO) {
                Features::of(&[feature::RO, feature::FLUSH])
            } else {
                default.features
            };
            Box::new(Block::new(disk, BlockOptions { features, queue_size: setting.queue_max, ..default }))
        }
    };
    Box::new(Wide { inner, setting: setting.clone() })
}

/// A device that the harness has no model of. It takes every chain and gives it back untouched.
struct Null {
    device: DeviceType,
    queues: usize,
    max: u16,
}

impl DeviceModel for Null {
    fn device_type(&self) -> DeviceType {
        self.device
    }

    fn features(&self) -> Features {
        Features::NONE
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.max; self.queues]
    }

    fn config(&self) -> Vec<u8> {
        Vec::new()
    }

    fn write_config(&mut self, _offset: usize, _data: &[u8]) {}

    fn reset(&mut self) {}

    fn process(&mut self, _queue: u16, _request: &mut Request<'_>) -> Outcome {
        Outcome::Used(0)
    }

    fn counters(&self) -> Counters {
        Counters::default()
    }
}

/// A device that offers features beyond its own, and has the queues that go with them. What it is asked beyond its own
/// powers it takes and gives back untouched.
struct Wide {
    inner: Box<dyn DeviceModel>,
    setting: Setting,
}

impl DeviceModel for Wide {
    fn device_type(&self) -> DeviceType {
        self.inner.device_type()
    }

    fn features(&self) -> Features {
        self.inner.features().with(self.setting.widen)
    }

    fn queues(&self) -> Vec<u16> {
        let mut queues = self.inner.queues();
        queues.resize(queues.len().max(self.setting.queues), self.setting.queue_max);
        queues
    }

    fn config(&self) -> Vec<u8> {
        let mut bytes = self.inner.config();
        if self.setting.device == DeviceType::BLOCK && self.setting.widen.has(feature::SECURE_ERASE) {
            bytes.resize(bytes.len().max(config::SIZE as usize), 0);
            for (field, value) in [
                (config::MAX_SECURE_ERASE_SECTORS, 1024_u32),
                (config::MAX_SECURE_ERASE_SEG, 4),
                (config::SECURE_ERASE_SECTOR_ALIGNMENT, 1),
            ] {
                bytes[field as usize..][..4].copy_from_slice(&value.to_le_bytes());
            }
        }
        bytes
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        self.inner.write_config(offset, data);
    }

    fn accepts(&self, accepted: Features) -> bool {
        self.inner.accepts(accepted.without(self.setting.widen))
    }

    fn negotiated(&mut self, accepted: Features) {
        self.inner.negotiated(accepted);
    }

    fn reset(&mut self) {
        self.inner.reset();
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        if usize::from(queue) < self.inner.queues().len() {
            self.inner.process(queue, request)
        } else {
            Outcome::Used(0)
        }
    }

    fn control(&mut self, control: &Control) -> Effect {
        self.inner.control(control)
    }

    fn counters(&self) -> Counters {
        self.inner.counters()
    }
}
