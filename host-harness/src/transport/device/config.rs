//! The device-specific configuration space, and its generation.

use parakit_abi::status::DeviceStatus;

use super::core::Core;
use crate::observe::EventKind;
use crate::oddity::OddityKind;
use crate::transport::little_endian;

impl Core {
    /// Copies what the driver reads; zeroes beyond the end of the space.
    pub(crate) fn read_device_config(&mut self, offset: u64, data: &mut [u8]) {
        // What is read from here on is of this generation.
        self.read_of = self.generation;
        let config = self.config();
        for (i, byte) in data.iter_mut().enumerate() {
            let at = usize::try_from(offset).ok().and_then(|o| o.checked_add(i));
            *byte = at.and_then(|at| config.get(at)).copied().unwrap_or(0);
        }
    }

    /// Tells of the read, whose raw event was told.
    pub(crate) fn device_config_was_read(&mut self, offset: u64, data: &[u8]) {
        if let (Ok(at), Some(width)) = (u32::try_from(offset), access_width(data)) {
            self.emit(EventKind::ConfigRead { offset: at, width, value: little_endian(data) });
        }
        if self.oddities.tears_config(offset) {
            self.provoke(OddityKind::ConfigChangesBetweenReads);
            self.config_changed();
        }
    }

    /// The driver wrote, and the raw event was told.
    pub(crate) fn device_config_written(&mut self, offset: u64, data: &[u8]) {
        let (Ok(at), Some(width)) = (u32::try_from(offset), access_width(data)) else { return };
        self.emit(EventKind::ConfigWrite { offset: at, width, value: little_endian(data) });
        // §3.4.2: ignored while suspended.
        if !self.status.contains(DeviceStatus::SUSPEND) {
            self.model.write_config(at as usize, data);
            self.follow();
        }
    }

    /// A front end passes on what the driver wrote, as many bytes at a time as it likes.
    pub(crate) fn config_passed_on(&mut self, offset: u32, data: &[u8]) {
        if let Some(width) = access_width(data) {
            self.emit(EventKind::ConfigWrite { offset, width, value: little_endian(data) });
        }
        self.model.write_config(offset as usize, data);
        self.follow();
    }

    /// The generation, as a read shows it.
    pub(crate) fn read_generation(&mut self) -> u32 {
        if self.oddities.has(OddityKind::ConfigGenerationNeverStable) {
            if self.oddities.first(OddityKind::ConfigGenerationNeverStable) {
                self.provoke(OddityKind::ConfigGenerationNeverStable);
            }
            self.next_generation();
        }
        self.generation
    }

    /// Another generation. PCI shows eight bits of it (§4.1.4.3.1): it never comes round to the one that the driver last read a part of.
    pub(crate) fn next_generation(&mut self) {
        self.generation = self.generation.wrapping_add(1);
        if self.generation as u8 == self.read_of as u8 {
            self.generation = self.generation.wrapping_add(1);
        }
    }
}

/// The width of an access that a configuration field could have.
fn access_width(data: &[u8]) -> Option<u8> {
    matches!(data.len(), 1 | 2 | 4 | 8).then_some(data.len() as u8)
}
