//! Virtio over MMIO, version 2 (VIRTIO 1.4 §4.2).

use core::fmt;

use parakit_abi::{
    device::DeviceType,
    feature::Features,
    ring::MAX_QUEUE_SIZE,
    status::DeviceStatus,
    transport::mmio::{CONFIG, INTERRUPT_CONFIG_CHANGE, INTERRUPT_USED_BUFFER, MAGIC, Register, VERSION},
};

use super::{RegisterWindow, Transport};
use crate::platform::order;
use crate::transport::{
    Interrupt, MMIO_FEATURES, NotifyWidth, QueueAddresses, QueueSetupError, SharedMemory, SharedMemoryError,
};

/// A device found in a block of registers.
#[derive(Debug)]
pub struct MmioTransport<W: RegisterWindow> {
    window: W,
    device_type: DeviceType,
}

impl<W: RegisterWindow> MmioTransport<W> {
    /// Looks for a device: reads MagicValue, Version and DeviceID, in this order, and nothing more (§4.2.3.1.1).
    ///
    /// `Ok(None)` when the DeviceID is 0: a place without a device, which is no error.
    ///
    /// # Errors
    /// [`ProbeError`] when these are not the registers of a version 2 device; the device is left alone.
    pub fn probe(window: W) -> Result<Option<Self>, ProbeError> {
        let device_type = probe(&window, VERSION)?;
        Ok(device_type.map(|device_type| Self { window, device_type }))
    }

    /// Reads the vendor.
    #[must_use]
    pub fn vendor(&self) -> u32 {
        self.read(Register::VendorID)
    }

    fn read(&self, register: Register) -> u32 {
        self.window.read32(register.offset())
    }

    /// # Safety
    /// As for [`RegisterWindow::write32`]: only the queue registers give a device memory.
    unsafe fn write(&self, register: Register, value: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.window.write32(register.offset(), value) }
    }

    /// # Safety
    /// As for [`write`](Self::write).
    unsafe fn write_pair(&self, low: Register, high: Register, value: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            self.write(low, value as u32);
            self.write(high, (value >> 32) as u32);
        }
    }
}

// SAFETY: the window is the only way to its registers (promise of `RegisterWindow`); the methods access them and
// keep no copies; queue addresses are written by `enable_queue` only.
unsafe impl<W: RegisterWindow> Transport for MmioTransport<W> {
    type Notifier = W::Notifier;

    fn device_type(&self) -> DeviceType {
        self.device_type
    }

    fn supported(&self) -> Features {
        MMIO_FEATURES
    }

    fn status(&self) -> DeviceStatus {
        // §4.2.2: the register is 32 bits wide, the field 8.
        DeviceStatus(self.read(Register::Status) as u8)
    }

    fn set_status(&mut self, status: DeviceStatus) {
        // SAFETY: a status gives the device no memory; what queues it had was given by `enable_queue`.
        unsafe { self.write(Register::Status, status.0.into()) }
    }

    fn offered_features(&mut self) -> Features {
        (0..4).fold(Features::NONE, |features, i| {
            // SAFETY: a selector gives the device no memory.
            unsafe { self.write(Register::DeviceFeaturesSel, i) };
            features.with_word(i, self.read(Register::DeviceFeatures))
        })
    }

    fn accept_features(&mut self, features: Features) {
        // The highest word first: there are devices (QEMU's, up to version 10 at least) that take every word but the first for the
        // second, and keep what was written last.
        for i in (0..4).rev() {
            // SAFETY: features give the device no memory.
            unsafe {
                self.write(Register::DriverFeaturesSel, i);
                self.write(Register::DriverFeatures, features.word(i));
            }
        }
    }

    fn config_generation(&self) -> Option<u32> {
        Some(self.read(Register::ConfigGeneration))
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
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.window.write16(CONFIG + u64::from(offset), value) }
    }

    fn config_write32(&mut self, offset: u32, value: u32) {
        // SAFETY: no configuration space of VIRTIO 1.4 holds addresses of memory.
        unsafe { self.window.write32(CONFIG + u64::from(offset), value) }
    }

    fn queue_max_size(&mut self, queue: u16) -> Result<u16, QueueSetupError> {
        // SAFETY: a selector gives the device no memory.
        unsafe { self.write(Register::QueueSel, queue.into()) };
        if self.read(Register::QueueReady) != 0 {
            return Err(QueueSetupError::InUse { queue });
        }
        largest(queue, self.read(Register::QueueSizeMax))
    }

    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses) -> Result<(), QueueSetupError> {
        // SAFETY: the caller gives this memory to the device.
        unsafe {
            self.write(Register::QueueSel, queue.into());
            self.write(Register::QueueSize, size.into());
            self.write_pair(Register::QueueDescLow, Register::QueueDescHigh, addresses.descriptor);
            self.write_pair(Register::QueueDriverLow, Register::QueueDriverHigh, addresses.driver);
            self.write_pair(Register::QueueDeviceLow, Register::QueueDeviceHigh, addresses.device);
            self.write(Register::QueueReady, 1);
        }
        Ok(())
    }

    fn start_queue_reset(&mut self, queue: u16) {
        // SAFETY: a selector, and what takes memory away from the device.
        unsafe {
            self.write(Register::QueueSel, queue.into());
            self.write(Register::QueueReset, 1);
        }
    }

    fn queue_reset_reads(&self) -> u32 {
        self.read(Register::QueueReset)
    }

    fn queue_enabled_reads(&self) -> u32 {
        self.read(Register::QueueReady)
    }

    fn notifier(&self, queue: u16) -> W::Notifier {
        // The queue index; above it, what the notification says if there is anything to say (§4.2.3.3).
        // SAFETY: a notification gives the device no memory.
        unsafe { self.window.notifier(Register::QueueNotify.offset(), queue, NotifyWidth::Bits32) }
    }

    fn acknowledge_interrupt(&self) -> Interrupt {
        acknowledge(&self.window)
    }

    fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
        // SAFETY: a selector gives the device no memory.
        unsafe { self.write(Register::SHMSel, id.into()) };
        let wide = |low, high| u64::from(self.read(high)) << 32 | u64::from(self.read(low));
        let len = wide(Register::SHMLenLow, Register::SHMLenHigh);
        if len == u64::MAX {
            return Ok(None);
        }
        let address = wide(Register::SHMBaseLow, Register::SHMBaseHigh);
        let possible = len != 0 && address.checked_add(len).is_some();
        if possible {
            Ok(Some(SharedMemory { address, len }))
        } else {
            Err(SharedMemoryError::Region { id, address, len })
        }
    }
}

/// What device is behind the registers, which have to be of that version; `None` when there is none.
pub(super) fn probe(window: &impl RegisterWindow, version: u32) -> Result<Option<DeviceType>, ProbeError> {
    if window.len() < CONFIG {
        return Err(ProbeError::TooSmall { len: window.len() });
    }
    let read = |register: Register| window.read32(register.offset());
    match read(Register::MagicValue) {
        MAGIC => {}
        magic => return Err(ProbeError::Magic(magic)),
    }
    match read(Register::Version) {
        read if read == version => {}
        read => return Err(ProbeError::Version(read)),
    }
    let device_type = DeviceType(read(Register::DeviceID));
    Ok((device_type != DeviceType::INVALID).then_some(device_type))
}

/// Reads and acknowledges the reasons of an interrupt; both versions have the same registers for that.
pub(super) fn acknowledge(window: &impl RegisterWindow) -> Interrupt {
    // Bits that 1.4 does not define are ignored and never acknowledged (§4.2.2.2).
    let status = window.read32(Register::InterruptStatus.offset());
    let status = status & (INTERRUPT_USED_BUFFER | INTERRUPT_CONFIG_CHANGE);
    if status != 0 {
        // SAFETY: an acknowledgement gives the device no memory.
        unsafe { window.write32(Register::InterruptACK.offset(), status) };
    }
    // The ring is looked at after this, and not before the acknowledgement has gone out. The partner is the device,
    // which writes the used index and then the interrupt status: if the acknowledgement clears what it set, the
    // driver sees that index.
    order::between_all();
    Interrupt { used_buffer: status & INTERRUPT_USED_BUFFER != 0, config_change: status & INTERRUPT_CONFIG_CHANGE != 0 }
}

/// The largest size of a queue, from a register that names a maximum: more than any queue has is one, too.
pub(super) fn largest(queue: u16, max: u32) -> Result<u16, QueueSetupError> {
    match max.min(MAX_QUEUE_SIZE.into()) as u16 {
        0 => Err(QueueSetupError::Absent { queue }),
        size => Ok(size),
    }
}

/// Why a block of registers is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProbeError {
    /// It is shorter than the control registers.
    TooSmall {
        /// Its length in bytes.
        len: u64,
    },
    /// MagicValue reads this.
    Magic(
        /// What was read.
        u32,
    ),
    /// Version reads this: not what the transport drives. 1 is the legacy layout, 2 the modern one.
    Version(
        /// What was read.
        u32,
    ),
    /// A legacy device has its rings and its configuration in the byte order of the CPU (VIRTIO 1.4 §2.7.3), and this one is
    /// big-endian: the kit does not drive that.
    BigEndian,
}

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooSmall { len } => write!(f, "{len} bytes of registers are less than virtio-mmio has ({CONFIG})"),
            Self::Magic(magic) => write!(f, "MagicValue reads {magic:#010x}, not {MAGIC:#010x}: no virtio-mmio device"),
            Self::Version(1) => f.write_str("Version reads 1: a legacy device, for `MmioLegacyTransport`"),
            Self::Version(2) => f.write_str("Version reads 2: not a legacy device, for `MmioTransport`"),
            Self::Version(version) => write!(f, "Version reads {version}, not 1 or 2"),
            Self::BigEndian => f.write_str("a legacy device on a CPU whose byte order is big-endian"),
        }
    }
}

impl core::error::Error for ProbeError {}
