//! An OS that has an implementation of [`virtio_drivers::Hal`] has a [`Platform`].
//!
//! `examples/port_from_virtio_drivers.rs` shows the move.
#![allow(unsafe_code)] // Passes one unsafe trait's promises on to another.

use core::{fmt, marker::PhantomData, ptr::NonNull};

use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE};

use crate::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError};

/// Serves the kit with what `H` implements for `virtio-drivers`.
///
/// `H` allocates whole pages, so small rings take a page each. As `virtio-drivers` does, it takes the physical address
/// 0 for a failed allocation. Waits end after [`DEFAULT_POLLS`](crate::platform::DEFAULT_POLLS), because a HAL has no
/// clock.
///
/// ```
/// use parakit::{adapter::virtio_drivers::HalPlatform, platform::Platform};
/// fn boot<H: virtio_drivers::Hal>() -> impl Platform + Copy {
///     HalPlatform::<H>::new()
/// }
/// ```
pub struct HalPlatform<H: Hal>(PhantomData<fn() -> H>);

impl<H: Hal> HalPlatform<H> {
    /// The platform; it has no state of its own, as a HAL is a set of functions.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<H: Hal> Default for HalPlatform<H> {
    fn default() -> Self {
        Self::new()
    }
}

impl<H: Hal> Clone for HalPlatform<H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Hal> Copy for HalPlatform<H> {}

impl<H: Hal> fmt::Debug for HalPlatform<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HalPlatform")
    }
}

#[inline]
fn direction(direction: Direction) -> BufferDirection {
    match direction {
        Direction::DriverToDevice => BufferDirection::DriverToDevice,
        Direction::DeviceToDriver => BufferDirection::DeviceToDriver,
        Direction::Both => BufferDirection::Both,
    }
}

// SAFETY: an implementation of `Hal` promises page-aligned, zeroed, exclusive, contiguous memory that stays until it is
// freed, and addresses that the device understands; a HAL is a set of functions, so all values are interchangeable.
unsafe impl<H: Hal> Platform for HalPlatform<H> {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        if len == 0 || !align.is_power_of_two() {
            return Err(DmaError::Invalid { len, align });
        }
        if align > PAGE_SIZE {
            return Err(DmaError::Unaligned { align });
        }
        let (device, ptr) = H::dma_alloc(len.div_ceil(PAGE_SIZE), BufferDirection::Both);
        if device == 0 { Err(DmaError::OutOfMemory { len, align }) } else { Ok(DmaMemory { ptr, device, len }) }
    }

    unsafe fn dma_free(&self, memory: DmaMemory, _align: usize) {
        // SAFETY: the caller vouches that `dma_alloc` above returned it, for as many pages as its length takes.
        let status = unsafe { H::dma_dealloc(memory.device, memory.ptr, memory.len.div_ceil(PAGE_SIZE)) };
        if status != 0 {
            log::error!("the HAL could not free {} bytes at {:#x}: {status}", memory.len, memory.device);
        }
    }

    #[inline]
    unsafe fn share(&self, buffer: NonNull<[u8]>, to: Direction) -> Result<DeviceAddress, ShareError> {
        // SAFETY: the caller vouches for a valid, non-empty buffer that nobody else accesses.
        Ok(unsafe { H::share(buffer, direction(to)) })
    }

    #[inline]
    unsafe fn unshare(&self, device: DeviceAddress, buffer: NonNull<[u8]>, to: Direction) {
        // SAFETY: the caller vouches that `share` returned the address for this buffer and direction.
        unsafe { H::unshare(device, buffer, direction(to)) }
    }

    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
        // SAFETY: the caller vouches for a range of device registers. A HAL has no way to unmap them again.
        Ok(unsafe { H::mmio_phys_to_virt(address, len) })
    }
}
