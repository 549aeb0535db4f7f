//! The register block of a device driven by hand over MMIO.

use alloc::boxed::Box;

use parakit_abi::transport::mmio::{CONFIG, Register};

use super::RawAccess;
use crate::transport::QueueAddresses;

/// Virtio over MMIO, version 2 (VIRTIO 1.4 §4.2), by hand. What safe functions write gives the device no memory.
pub struct RawMmio<'a> {
    block: Box<dyn RawAccess + 'a>,
}

impl<'a> RawMmio<'a> {
    /// The device in this register block.
    #[must_use]
    pub fn new(block: Box<dyn RawAccess + 'a>) -> Self {
        Self { block }
    }

    /// Reads a register.
    #[must_use]
    pub fn read(&self, register: Register) -> u32 {
        self.block.read(register.offset(), 4)
    }

    /// Writes a register, unless it is one that gives the device memory, or that says what the memory is taken for; those are written by
    /// [`RawDevice`](super::RawDevice) alone. Whether it was written.
    pub fn write(&self, register: Register, value: u32) -> bool {
        let guarded = match register {
            Register::QueueReady => value != 0,
            Register::Status
            | Register::DriverFeatures
            | Register::QueueSize
            | Register::QueueDescLow
            | Register::QueueDescHigh
            | Register::QueueDriverLow
            | Register::QueueDriverHigh
            | Register::QueueDeviceLow
            | Register::QueueDeviceHigh => true,
            _ => false,
        };
        if !guarded {
            // SAFETY: the registers that give the device memory are left out above.
            unsafe { self.write_any(register, value) };
        }
        !guarded
    }

    /// # Safety
    /// As for [`RawAccess::write`].
    pub(super) unsafe fn write_any(&self, register: Register, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.block.write(register.offset(), 4, value) }
    }

    pub(super) fn accept(&self, word: u32, value: u32) {
        self.write(Register::DriverFeaturesSel, word);
        // SAFETY: features give the device no memory.
        unsafe { self.write_any(Register::DriverFeatures, value) }
    }

    /// # Safety
    /// As for [`Transport::enable_queue`](crate::transport::Transport::enable_queue).
    pub(super) unsafe fn enable(&self, queue: u16, size: u16, addresses: QueueAddresses) {
        let pair = |low, high, address: u64| {
            // SAFETY: the caller gives this memory to the device.
            unsafe {
                self.write_any(low, address as u32);
                self.write_any(high, (address >> 32) as u32);
            }
        };
        self.select(queue);
        // SAFETY: the caller gives a ring of that size.
        unsafe { self.write_any(Register::QueueSize, size.into()) };
        pair(Register::QueueDescLow, Register::QueueDescHigh, addresses.descriptor);
        pair(Register::QueueDriverLow, Register::QueueDriverHigh, addresses.driver);
        pair(Register::QueueDeviceLow, Register::QueueDeviceHigh, addresses.device);
        // SAFETY: the caller lets the device use the queue.
        unsafe { self.write_any(Register::QueueReady, 1) };
    }

    /// Selects queue `queue`.
    pub fn select(&self, queue: u16) {
        self.write(Register::QueueSel, queue.into());
    }

    /// Reads `width` bytes (1, 2 or 4) of the configuration space.
    #[must_use]
    pub fn config_read(&self, offset: u32, width: u8) -> u32 {
        self.block.read(CONFIG + u64::from(offset), width)
    }

    /// Writes `width` bytes (1, 2 or 4) of the configuration space.
    pub fn config_write(&self, offset: u32, width: u8, value: u32) {
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.block.write(CONFIG + u64::from(offset), width, value) }
    }
}
