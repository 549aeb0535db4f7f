//! What the bring-up of a device needs of its registers, whatever they lie behind.

use parakit_abi::{device::DeviceType, feature::Features, status::DeviceStatus};

use super::{
    Notify,
    pci::{Event, VectorError},
};
use crate::transport::{Interrupt, QueueAddresses, QueueSetupError, SharedMemory, SharedMemoryError};

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
    /// The device-independent features that the kit implements over this transport, with this device.
    fn supported(&self) -> Features;
    /// Whether the device has the legacy interface: no VERSION_1, no FEATURES_OK (VIRTIO 1.4 §3.1.2).
    fn is_legacy(&self) -> bool {
        false
    }
    /// Reads the status field.
    fn status(&self) -> DeviceStatus;
    /// Writes the status field; 0 asks for a reset.
    fn set_status(&mut self, status: DeviceStatus);
    /// Reads all 128 offered feature bits.
    fn offered_features(&mut self) -> Features;
    /// Writes all 128 accepted feature bits.
    fn accept_features(&mut self, features: Features);

    /// Chooses what interrupts when the configuration changes; after each reset, when the features are settled.
    ///
    /// # Errors
    /// [`VectorError`] when the device maps it to no vector.
    fn map_config_interrupt(&mut self) -> Result<(), VectorError> {
        Ok(())
    }

    /// Reads the generation of the configuration space; `None` where it has none, so that changes only show as values.
    fn config_generation(&self) -> Option<u32>;
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

    /// Selects queue `queue` and reads whether it is in use; if it is not, reads its largest size.
    ///
    /// # Errors
    /// [`QueueSetupError`] when it is in use, when there is no such queue, or when no queue has that size.
    fn queue_max_size(&mut self, queue: u16) -> Result<u16, QueueSetupError>;
    /// Sets up queue `queue`, which was not in use, and lets the device use it.
    ///
    /// # Errors
    /// [`QueueSetupError`] when the device cannot be notified, or interrupts for the queue cannot be mapped. The device
    /// was then not given the addresses.
    ///
    /// # Safety
    /// The addresses are those of a virtqueue of `size` entries that stays valid until the device or the queue was reset,
    /// and the device may access what its descriptors point to.
    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses) -> Result<(), QueueSetupError>;
    /// Tells the device to reset queue `queue` alone, and leaves the queue selected (VIRTIO 1.4 §2.6.1).
    fn start_queue_reset(&mut self, queue: u16);
    /// Reads whether the selected queue is being reset: 0 when that is done.
    fn queue_reset_reads(&self) -> u32;
    /// Reads whether the selected queue is in use: 0 when it is not.
    fn queue_enabled_reads(&self) -> u32;
    /// What notifies the device that queue `queue` has new buffers. The place is looked up here, once.
    fn notifier(&self, queue: u16) -> Self::Notifier;

    /// The MSI-X vector that the device has mapped the event to; `None` where there are no vectors.
    fn vector_of(&self, event: Event) -> Option<u16> {
        let _ = event;
        None
    }
    /// Reads why the device interrupts and acknowledges that, before any ring is looked at (so that a buffer used
    /// afterwards interrupts again). Where only the vector would tell, says both.
    fn acknowledge_interrupt(&self) -> Interrupt;
    /// The same for an interrupt on MSI-X vector `vector`, without an access of a register; as
    /// [`acknowledge_interrupt`](Self::acknowledge_interrupt) where there are no vectors.
    fn acknowledge_vector(&self, vector: u16) -> Interrupt {
        let _ = vector;
        self.acknowledge_interrupt()
    }

    /// Shared memory region `id` (VIRTIO 1.4 §2.10); `None` when there is none.
    ///
    /// # Errors
    /// [`SharedMemoryError`] when what the device says of it is impossible.
    fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError>;
}
