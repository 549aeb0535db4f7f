//! Virtio over MMIO, version 1: the legacy interface (VIRTIO 1.4 §4.2.4), which some small VMMs still have.

use parakit_abi::{
    device::DeviceType,
    feature::Features,
    ring::split::LEGACY_ALIGN,
    status::DeviceStatus,
    transport::mmio::{CONFIG, MAGIC, Register, legacy},
};

use super::{
    NotifyWidth, RegisterWindow, Transport,
    mmio::{ProbeError, acknowledge, largest, probe},
};
use crate::transport::{Interrupt, LEGACY_FEATURES, QueueAddresses, QueueSetupError, SharedMemory, SharedMemoryError};

/// A legacy device found in a block of registers.
///
/// It has 32 bits of features, no VERSION_1 and no FEATURES_OK; a queue is one piece of memory that begins at a page. Drivers do
/// not notice. Its configuration has no generation, so it is read until two readings are the same (§2.5.4).
#[derive(Debug)]
pub struct MmioLegacyTransport<W: RegisterWindow> {
    window: W,
    device_type: DeviceType,
}

/// Whether a register block is of a legacy device.
pub(super) fn is_legacy(window: &impl RegisterWindow) -> bool {
    window.read32(Register::MagicValue.offset()) == MAGIC
        && window.read32(Register::Version.offset()) == legacy::VERSION
}

impl<W: RegisterWindow> MmioLegacyTransport<W> {
    /// Looks for a device; see [`MmioTransport::probe`](super::mmio::MmioTransport::probe).
    ///
    /// # Errors
    /// [`ProbeError`] when these are not the registers of a version 1 device; the device is left alone.
    pub fn probe(window: W) -> Result<Option<Self>, ProbeError> {
        let device_type = probe(&window, legacy::VERSION)?;
        if cfg!(target_endian = "big") {
            return Err(ProbeError::BigEndian);
        }
        Ok(device_type.map(|device_type| Self { window, device_type }))
    }

    fn read(&self, register: Register) -> u32 {
        self.window.read32(register.offset())
    }

    /// # Safety
    /// As for [`RegisterWindow::write32`]: only the page of a queue gives the device memory.
    unsafe fn write(&self, offset: u64, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.window.write32(offset, value) }
    }

    fn page(&self) -> u32 {
        self.window.read32(legacy::QUEUE_PFN)
    }
}

// SAFETY: the window is the only way to its registers (promise of `RegisterWindow`); the methods access them and keep no
// copies; queue addresses are written by `enable_queue` only.
unsafe impl<W: RegisterWindow> Transport for MmioLegacyTransport<W> {
    type Notifier = W::Notifier;

    fn device_type(&self) -> DeviceType {
        self.device_type
    }

    fn supported(&self) -> Features {
        LEGACY_FEATURES
    }

    fn is_legacy(&self) -> bool {
        true
    }

    fn status(&self) -> DeviceStatus {
        DeviceStatus(self.read(Register::Status) as u8)
    }

    fn set_status(&mut self, status: DeviceStatus) {
        // SAFETY: a status gives the device no memory; what queues it had was given by `enable_queue`.
        unsafe { self.write(Register::Status.offset(), status.0.into()) }
    }

    fn offered_features(&mut self) -> Features {
        // SAFETY: a selector gives the device no memory.
        unsafe { self.write(Register::DeviceFeaturesSel.offset(), 0) };
        Features::NONE.with_word(0, self.read(Register::DeviceFeatures))
    }

    fn accept_features(&mut self, features: Features) {
        // SAFETY: features give the device no memory, nor does the size of a page, which has to be known before the first
        // queue is.
        unsafe {
            self.write(Register::DriverFeaturesSel.offset(), 0);
            self.write(Register::DriverFeatures.offset(), features.word(0));
            self.write(legacy::GUEST_PAGE_SIZE, LEGACY_ALIGN as u32);
        }
    }

    fn config_generation(&self) -> Option<u32> {
        None
    }

    fn config_len(&self) -> u32 {
        u32::try_from(self.window.len() - CONFIG).unwrap_or(u32::MAX)
    }

    fn config_read8(&self, offset: u32) -> u8 {
        self.window.read8(CONFIG + u64::from(offset))
    }

    fn config_read16(&self, offset: u32) -> u16 {
        self.window.read16(CONFIG + u64::from(offset))
    }

    fn config_read32(&self, offset: u32) -> u32 {
        self.window.read32(CONFIG + u64::from(offset))
    }

    fn config_write8(&mut self, offset: u32, value: u8) {
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.window.write8(CONFIG + u64::from(offset), value) }
    }

    fn config_write16(&mut self, offset: u32, value: u16) {
        // SAFETY: as above.
        unsafe { self.window.write16(CONFIG + u64::from(offset), value) }
    }

    fn config_write32(&mut self, offset: u32, value: u32) {
        // SAFETY: as above.
        unsafe { self.window.write32(CONFIG + u64::from(offset), value) }
    }

    fn queue_max_size(&mut self, queue: u16) -> Result<u16, QueueSetupError> {
        // SAFETY: a selector gives the device no memory.
        unsafe { self.write(Register::QueueSel.offset(), queue.into()) };
        if self.page() != 0 {
            return Err(QueueSetupError::InUse { queue });
        }
        largest(queue, self.read(Register::QueueSizeMax))
    }

    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses) -> Result<(), QueueSetupError> {
        // The ring was made in the legacy layout: driver and device area follow from the first address.
        let address = addresses.descriptor;
        let page = u32::try_from(address / LEGACY_ALIGN as u64).ok().filter(|&page| page != 0);
        let page = page.ok_or(QueueSetupError::Address { queue, address })?;
        // SAFETY: the caller gives this memory to the device.
        unsafe {
            self.write(Register::QueueSel.offset(), queue.into());
            self.write(Register::QueueSize.offset(), size.into());
            self.write(legacy::QUEUE_ALIGN, LEGACY_ALIGN as u32);
            self.write(legacy::QUEUE_PFN, page);
        }
        Ok(())
    }

    fn start_queue_reset(&mut self, queue: u16) {
        // SAFETY: a selector gives the device no memory. There is no such reset: `VIRTIO_F_RING_RESET` is not supported.
        unsafe { self.write(Register::QueueSel.offset(), queue.into()) };
    }

    fn queue_reset_reads(&self) -> u32 {
        0
    }

    fn queue_enabled_reads(&self) -> u32 {
        // As long as the device has the queue's page, it was not reset.
        self.page()
    }

    fn notifier(&self, queue: u16) -> W::Notifier {
        // SAFETY: a notification gives the device no memory.
        unsafe { self.window.notifier(Register::QueueNotify.offset(), queue, NotifyWidth::Bits32) }
    }

    fn acknowledge_interrupt(&self) -> Interrupt {
        acknowledge(&self.window)
    }

    fn shared_memory(&mut self, _: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
        Ok(None)
    }
}
