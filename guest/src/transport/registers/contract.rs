//! What the bring-up of a device needs of its registers, whatever they lie behind.

use parakit_abi::{device::DeviceType, feature::Features, status::DeviceStatus};

use super::Notify;
use crate::transport::{Interrupt, QueueAddresses};

/// The registers of one device, whatever they lie behind. Drivers use [`Device`](crate::transport::Device) instead, which gets the order right.
///
/// Values that come from the device are passed on unchecked.
///
/// # Safety
/// A value is the only way to its device while it exists. `enable_queue` gives the device exactly these addresses;
/// `status` and `set_status` reach the device and not a copy; nothing but `enable_queue` gives a device memory.
pub unsafe trait Transport {
    /// What [`notifier`](Self::notifier) returns.
    type Notifier: Notify;

    /// The device type; never 0.
    fn device_type(&self) -> DeviceType;
    /// Reads the status field.
    fn status(&self) -> DeviceStatus;
    /// Writes the status field; 0 asks for a reset.
    fn set_status(&mut self, status: DeviceStatus);
    /// Reads all 128 offered feature bits.
    fn offered_features(&mut self) -> Features;
    /// Writes all 128 accepted feature bits.
    fn accept_features(&mut self, features: Features);

    /// Reads the generation of the configuration space.
    fn config_generation(&self) -> u32;
    /// Bytes of configuration space that can be reached.
    fn config_len(&self) -> u32;
    /// Reads one byte at `offset` of the configuration space; all ones outside of it.
    fn config_read8(&self, offset: u32) -> u8;
    /// Reads an aligned little-endian 16-bit value.
    fn config_read16(&self, offset: u32) -> u16;
    /// Reads an aligned little-endian 32-bit value.
    fn config_read32(&self, offset: u32) -> u32;
    /// Writes one byte; nothing happens outside of the configuration space.
    fn config_write8(&mut self, offset: u32, value: u8);
    /// Writes an aligned 16-bit value as little-endian.
    fn config_write16(&mut self, offset: u32, value: u16);
    /// Writes an aligned 32-bit value as little-endian.
    fn config_write32(&mut self, offset: u32, value: u32);

    /// Selects queue `queue` and reads whether it is in use; if it is not, reads its largest size, which is 0 when there
    /// is no such queue. `None` when it is in use.
    fn queue_max_size(&mut self, queue: u16) -> Option<u32>;
    /// Sets up queue `queue`, which was not in use, and lets the device use it.
    ///
    /// # Safety
    /// The addresses are those of a virtqueue of `size` entries that stays valid until the device was reset, and the
    /// device may access what its descriptors point to.
    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses);
    /// What notifies the device that queue `queue` has new buffers. The offset is looked up here, once.
    fn notifier(&self, queue: u16) -> Self::Notifier;

    /// Reads why the device interrupts and acknowledges that, before any ring is looked at (so that a buffer used
    /// afterwards interrupts again).
    fn acknowledge_interrupt(&self) -> Interrupt;
}
