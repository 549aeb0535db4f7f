//! The registers of a device driven by hand.

use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{CONFIG, Register};

use crate::transport::{QueueAddresses, RegisterWindow};

/// Registers, by what they lie behind. What can be written through a shared reference gives the device no memory.
#[derive(Debug)]
pub enum RawRegisters<W: RegisterWindow> {
    /// Virtio over MMIO, version 2 (VIRTIO 1.4 §4.2).
    Mmio(W),
}

impl<W: RegisterWindow> RawRegisters<W> {
    fn window(&self) -> &W {
        let Self::Mmio(window) = self;
        window
    }

    /// Reads a register.
    #[must_use]
    pub fn read(&self, register: Register) -> u32 {
        self.window().read32(register.offset())
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
    /// As for [`RegisterWindow::write32`].
    unsafe fn write_any(&self, register: Register, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.window().write32(register.offset(), value) }
    }

    pub(super) fn status(&self) -> DeviceStatus {
        DeviceStatus(self.read(Register::Status) as u8)
    }

    pub(super) fn set_status(&self, status: DeviceStatus) {
        // SAFETY: a status gives the device no memory.
        unsafe { self.write_any(Register::Status, status.0.into()) }
    }

    pub(super) fn device_feature(&self, word: u32) -> u32 {
        self.write(Register::DeviceFeaturesSel, word);
        self.read(Register::DeviceFeatures)
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
        self.write(Register::QueueSel, queue.into());
        // SAFETY: the caller gives a ring of that size.
        unsafe { self.write_any(Register::QueueSize, size.into()) };
        pair(Register::QueueDescLow, Register::QueueDescHigh, addresses.descriptor);
        pair(Register::QueueDriverLow, Register::QueueDriverHigh, addresses.driver);
        pair(Register::QueueDeviceLow, Register::QueueDeviceHigh, addresses.device);
        // SAFETY: the caller lets the device use the queue.
        unsafe { self.write_any(Register::QueueReady, 1) };
    }

    /// Reads the largest size of queue `queue`; 0: there is none.
    #[must_use]
    pub fn queue_max(&self, queue: u16) -> u32 {
        self.write(Register::QueueSel, queue.into());
        self.read(Register::QueueSizeMax)
    }

    /// Reads whether queue `queue` is enabled: 1 or 0.
    #[must_use]
    pub fn queue_enabled(&self, queue: u16) -> u32 {
        self.write(Register::QueueSel, queue.into());
        self.read(Register::QueueReady)
    }

    /// Asks for the reset of queue `queue`.
    pub fn reset_queue(&self, queue: u16) {
        self.write(Register::QueueSel, queue.into());
        self.write(Register::QueueReset, 1);
    }

    /// Reads whether a reset of queue `queue` is under way.
    #[must_use]
    pub fn queue_reset(&self, queue: u16) -> u32 {
        self.write(Register::QueueSel, queue.into());
        self.read(Register::QueueReset)
    }

    /// Notifies queue `queue`; `next` is the high half of the notification, with `VIRTIO_F_NOTIFICATION_DATA`.
    pub fn notify(&self, queue: u16, next: u16) {
        self.write(Register::QueueNotify, u32::from(queue) | u32::from(next) << 16);
    }

    /// Reads the generation of the configuration space.
    #[must_use]
    pub fn config_generation(&self) -> u32 {
        self.read(Register::ConfigGeneration)
    }

    /// Reads one byte of the configuration space.
    #[must_use]
    pub fn config_read8(&self, offset: u32) -> u8 {
        self.window().read8(CONFIG + u64::from(offset))
    }

    /// Reads four bytes of the configuration space, aligned.
    #[must_use]
    pub fn config_read32(&self, offset: u32) -> u32 {
        self.window().read32(CONFIG + u64::from(offset))
    }

    /// Writes one byte of the configuration space.
    pub fn config_write8(&self, offset: u32, value: u8) {
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.window().write8(CONFIG + u64::from(offset), value) }
    }

    /// Reads why the device interrupts. (Over PCI this also acknowledges it.)
    #[must_use]
    pub fn interrupt_reasons(&self) -> u32 {
        self.read(Register::InterruptStatus)
    }

    /// Acknowledges reasons, where that takes a write.
    pub fn acknowledge(&self, reasons: u32) {
        self.write(Register::InterruptACK, reasons);
    }
}
