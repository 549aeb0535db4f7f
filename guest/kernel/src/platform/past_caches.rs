//! Devices that do not see through the caches.
//!
//! Memory for DMA (rings, [`DmaBox`](parakit::platform::DmaBox)) is reached by its second address, past the caches, where the machine
//! has one. A buffer that is shared is in them: it is written back before the device may read it, and dropped from them before the driver
//! reads what the device wrote. A line that the buffer shares with something else can be neither: such a buffer is copied.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, ShareError};

use crate::arch::caches;

/// Whole lines of the caches: what is beside them in the heap is no neighbour in a line.
fn layout(len: usize, align: usize) -> Option<Layout> {
    let line = caches::line_size();
    let len = len.max(1).checked_next_multiple_of(line)?;
    Layout::from_size_align(len, align.max(line)).ok()
}

pub(super) fn alloc(len: usize, align: usize) -> Result<DmaMemory, DmaError> {
    let error = DmaError::OutOfMemory { len, align };
    let layout = layout(len, align).ok_or(error)?;
    // SAFETY: the layout is of one byte at least.
    let memory = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(error)?;
    // Nothing of it is in the caches from here on: nobody has its first address.
    caches::clean_and_invalidate(memory, layout.size());
    let device = memory.addr().get() as u64;
    Ok(DmaMemory { ptr: memory.map_addr(caches::past), device, len })
}

/// # Safety
/// As for [`Platform::dma_free`](parakit::Platform::dma_free).
pub(super) unsafe fn free(memory: DmaMemory, align: usize) {
    let Some(layout) = layout(memory.len, align) else { return };
    let Some(first) = NonNull::new(memory.device as *mut u8) else { return };
    // What was read ahead by the first address is old.
    caches::clean_and_invalidate(first, layout.size());
    // SAFETY: `alloc` had the memory from the heap, with the same layout, at the address that the device has for it.
    unsafe { dealloc(first.as_ptr(), layout) }
}

/// # Safety
/// As for [`Platform::share`](parakit::Platform::share).
pub(super) unsafe fn share(buffer: NonNull<[u8]>, direction: Direction) -> Result<DeviceAddress, ShareError> {
    let (start, len) = (buffer.cast::<u8>(), buffer.len());
    if let Some(first) = caches::first(start.addr()) {
        // Memory for DMA.
        return Ok(first.get() as u64);
    }
    let line = caches::line_size();
    let whole_lines = start.addr().get().is_multiple_of(line) && len.is_multiple_of(line);
    match direction {
        Direction::DriverToDevice => caches::clean(start, len),
        _ if whole_lines => caches::clean_and_invalidate(start, len),
        _ => {
            let copy = alloc(len, 1).map_err(|_| ShareError::OutOfMemory { len })?;
            if direction == Direction::Both {
                // SAFETY: the buffer is valid (the caller's promise), and the copy is as long.
                unsafe { copy.ptr.copy_from_nonoverlapping(start, len) };
            }
            return Ok(copy.device);
        }
    }
    Ok(start.addr().get() as u64)
}

/// # Safety
/// As for [`Platform::unshare`](parakit::Platform::unshare).
pub(super) unsafe fn unshare(device: DeviceAddress, buffer: NonNull<[u8]>, direction: Direction) {
    let (start, len) = (buffer.cast::<u8>(), buffer.len());
    if caches::first(start.addr()).is_some() || direction == Direction::DriverToDevice {
        return;
    }
    if device == start.addr().get() as u64 {
        // What the processor read ahead in the meantime is old.
        caches::clean_and_invalidate(start, len);
        return;
    }
    let Some(first) = NonNull::new(device as *mut u8) else { return };
    let copy = DmaMemory { ptr: first.map_addr(caches::past), device, len };
    // SAFETY: `share` made the copy, as long as the buffer, which is valid (the caller's promise); the device is done with it.
    unsafe {
        start.copy_from_nonoverlapping(copy.ptr, len);
        free(copy, 1);
    }
}
