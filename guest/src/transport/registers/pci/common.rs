//! The common configuration structure (VIRTIO 1.4 §4.1.4.3).

use parakit_abi::transport::pci::Common;

use crate::transport::RegisterWindow;

/// The common configuration, each field accessed at its width (§4.1.3.1).
#[derive(Debug)]
pub(super) struct CommonConfig<W: RegisterWindow>(pub(super) W);

impl<W: RegisterWindow> CommonConfig<W> {
    /// Whether the device's structure is long enough to have the field.
    pub(super) fn has(&self, field: Common) -> bool {
        field.offset() + u64::from(field.width()) <= self.0.len()
    }

    /// Reads a field of up to 32 bits.
    pub(super) fn read(&self, field: Common) -> u32 {
        match field.width() {
            1 => self.0.read8(field.offset()).into(),
            2 => self.0.read16(field.offset()).into(),
            _ => self.0.read32(field.offset()),
        }
    }

    pub(super) fn read16(&self, field: Common) -> u16 {
        self.0.read16(field.offset())
    }

    /// Writes a field of up to 32 bits.
    ///
    /// # Safety
    /// As for [`RegisterWindow::write32`]: of these fields, only `queue_enable` makes the device use memory.
    pub(super) unsafe fn write(&self, field: Common, value: u32) {
        // SAFETY: the caller's promise.
        unsafe {
            match field.width() {
                1 => self.0.write8(field.offset(), value as u8),
                2 => self.0.write16(field.offset(), value as u16),
                _ => self.0.write32(field.offset(), value),
            }
        }
    }

    /// Writes a field of 64 bits in two halves, as every device takes it (§4.1.3.1).
    ///
    /// # Safety
    /// The device may access the queue area there as soon as the queue is enabled.
    pub(super) unsafe fn write64(&self, field: Common, value: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            self.0.write32(field.offset(), value as u32);
            self.0.write32(field.offset() + 4, (value >> 32) as u32);
        }
    }

    /// Selects the queue that the queue fields are about.
    pub(super) fn select(&self, queue: u16) {
        // SAFETY: a selector gives the device no memory.
        unsafe { self.write(Common::QueueSelect, queue.into()) }
    }

    /// Writes a vector and reads it back.
    pub(super) fn map_vector(&self, field: Common, vector: u16) -> u16 {
        // SAFETY: a vector names a message that its maker vouches for.
        unsafe { self.write(field, vector.into()) };
        self.read16(field)
    }
}
