//! Platform memory with an owner.

use core::{
    fmt,
    mem::ManuallyDrop,
    ops::{Deref, DerefMut},
};

use super::{DeviceAddress, DmaError, DmaMemory, Platform};

/// Bytes of DMA memory, freed when dropped. A [`Buffer`](crate::queue::Buffer) that needs no heap.
pub struct DmaBox<P: Platform> {
    memory: DmaMemory,
    align: usize,
    platform: P,
}

impl<P: Platform> DmaBox<P> {
    /// Allocates `len` zero bytes aligned to `align`.
    ///
    /// # Errors
    /// [`DmaError::Invalid`] for 0 bytes or an alignment that is no power of two; otherwise what the platform says.
    pub fn new(platform: P, len: usize, align: usize) -> Result<Self, DmaError> {
        if len == 0 || len > isize::MAX as usize || !align.is_power_of_two() {
            return Err(DmaError::Invalid { len, align });
        }
        Ok(Self { memory: platform.dma_alloc(len, align)?, align, platform })
    }

    /// Where the device sees the first byte.
    #[must_use]
    pub fn device_address(&self) -> DeviceAddress {
        self.memory.device
    }

    /// Gives the memory up without freeing it: for memory that a device may still use.
    pub fn leak(self) -> DmaMemory {
        ManuallyDrop::new(self).memory
    }

    /// The platform that the memory is from.
    #[inline]
    #[must_use]
    pub fn platform(&self) -> &P {
        &self.platform
    }

    pub(crate) fn memory(&self) -> DmaMemory {
        self.memory
    }
}

impl<P: Platform> Deref for DmaBox<P> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `dma_alloc` returned that many initialised bytes for this value alone, and it is borrowed.
        unsafe { core::slice::from_raw_parts(self.memory.ptr.as_ptr(), self.memory.len) }
    }
}

impl<P: Platform> DerefMut for DmaBox<P> {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as for `deref`, and the borrow is exclusive.
        unsafe { core::slice::from_raw_parts_mut(self.memory.ptr.as_ptr(), self.memory.len) }
    }
}

impl<P: Platform> Drop for DmaBox<P> {
    fn drop(&mut self) {
        // SAFETY: the memory is this value's and came from this platform; a device that could use it would own the
        // value, since a queue takes its buffers by value.
        unsafe { self.platform.dma_free(self.memory, self.align) }
    }
}

impl<P: Platform> fmt::Debug for DmaBox<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.memory.fmt(f)
    }
}
