//! Devices that do not see through the caches: the kit's [`NonCoherent`] on this kernel's memory.
//!
//! Memory for DMA (rings, [`DmaBox`](parakit::platform::DmaBox)) is reached by its second address, past the caches, where the machine
//! has one. A buffer that is shared is in them, and is written back and dropped. One whose first or last line is somebody else's too
//! can be neither: it is copied, so that drivers and workloads may share what they like.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use parakit::Platform;
use parakit::platform::cache::{DataCache, NonCoherent};
use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, ShareError};

use super::KernelPlatform;
use crate::arch::caches;

/// The platform of a machine whose devices do not see through the caches.
pub(super) const fn platform() -> NonCoherent<Uncached, Caches> {
    // SAFETY: `Uncached` gives out memory by its second address, and has cleaned it by its first. Where there is none, whoever
    // asked for this platform says that the machine does not cache it.
    unsafe { NonCoherent::new(Uncached, Caches) }
}

/// The data caches of this machine.
pub(super) struct Caches;

// SAFETY: the operations are those of the architecture, with the barriers that belong to them, for lines of the size that it states.
unsafe impl DataCache for Caches {
    fn line(&self) -> usize {
        caches::line_size()
    }

    fn is_cached(&self, buffer: NonNull<[u8]>) -> bool {
        caches::first(buffer.cast::<u8>().addr()).is_none()
    }

    unsafe fn clean(&self, lines: NonNull<[u8]>) {
        caches::clean(lines.cast(), lines.len());
    }

    unsafe fn discard(&self, lines: NonNull<[u8]>) {
        caches::clean_and_invalidate(lines.cast(), lines.len());
    }
}

/// Memory past the caches.
pub(super) struct Uncached;

/// Whole lines of the caches: what is beside them in the heap is no neighbour in a line.
fn layout(len: usize, align: usize) -> Option<Layout> {
    let line = caches::line_size();
    let len = len.max(1).checked_next_multiple_of(line)?;
    Layout::from_size_align(len, align.max(line)).ok()
}

// SAFETY: as for `KernelPlatform`; a device's address is the first one, at which the heap has the memory.
unsafe impl Platform for Uncached {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        let error = DmaError::OutOfMemory { len, align };
        let layout = layout(len, align).ok_or(error)?;
        // SAFETY: the layout is of one byte at least.
        let memory = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(error)?;
        // Nothing of it is dirty from here on: nobody has its first address.
        caches::clean_and_invalidate(memory, layout.size());
        let device = memory.addr().get() as u64;
        Ok(DmaMemory { ptr: memory.map_addr(caches::past), device, len })
    }

    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let Some(layout) = layout(memory.len, align) else { return };
        let Some(first) = NonNull::new(memory.device as *mut u8) else { return };
        // What was read ahead by the first address is old.
        caches::clean_and_invalidate(first, layout.size());
        // SAFETY: `dma_alloc` had the memory from the heap, with the same layout, at the address that the device has for it.
        unsafe { dealloc(first.as_ptr(), layout) }
    }

    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        let address = buffer.cast::<u8>().addr();
        Ok(caches::first(address).unwrap_or(address).get() as u64)
    }

    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}

    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, MapError> {
        // SAFETY: the caller's promise.
        unsafe { KernelPlatform.map_mmio(address, len) }
    }
}

/// Whether a buffer that is shared has lines that are not its own, and is written by the device.
fn has_to_be_copied(buffer: NonNull<[u8]>, direction: Direction) -> bool {
    let line = caches::line_size();
    let whole_lines = buffer.cast::<u8>().addr().get().is_multiple_of(line) && buffer.len().is_multiple_of(line);
    direction != Direction::DriverToDevice && !whole_lines && Caches.is_cached(buffer)
}

/// # Safety
/// As for [`Platform::share`].
pub(super) unsafe fn share(buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
    if !has_to_be_copied(buffer, direction) {
        // SAFETY: the caller's promise.
        return unsafe { platform().share(buffer, direction) };
    }
    let len = buffer.len();
    let copy = platform().dma_alloc(len, 1).map_err(|_| ShareError::OutOfMemory { len })?;
    if direction == Direction::Both {
        // SAFETY: the buffer is valid (the caller's promise), and the copy is as long.
        unsafe { copy.ptr.copy_from_nonoverlapping(buffer.cast(), len) };
    }
    Ok(copy.device)
}

/// # Safety
/// As for [`Platform::unshare`].
pub(super) unsafe fn unshare(device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
    if !has_to_be_copied(buffer, direction) {
        // SAFETY: the caller's promise.
        return unsafe { platform().unshare(device, buffer, direction) };
    }
    let Some(first) = NonNull::new(device as *mut u8) else { return };
    let copy = DmaMemory { ptr: first.map_addr(caches::past), device, len: buffer.len() };
    // SAFETY: `share` made the copy, as long as the buffer, which is valid (the caller's promise); the device is done with it.
    unsafe {
        buffer.cast::<u8>().copy_from_nonoverlapping(copy.ptr, copy.len);
        platform().dma_free(copy, 1);
    }
}
