//! The machine as `virtio-drivers` sees it.

use alloc::alloc::{alloc_zeroed, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

/// Memory is mapped onto itself, devices see all of it, and caches are coherent.
pub(crate) struct KernelHal;

fn layout(pages: usize) -> Option<Layout> {
    Layout::from_size_align(pages.checked_mul(PAGE_SIZE)?.max(1), PAGE_SIZE).ok()
}

// SAFETY: DMA memory is zeroed heap memory of its own, aligned to a page, contiguous because it is mapped onto itself; devices of
// a virtual machine take guest-physical addresses, which these are.
unsafe impl Hal for KernelHal {
    fn dma_alloc(pages: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        // SAFETY: the layout is of one byte at least.
        let memory = layout(pages).and_then(|layout| NonNull::new(unsafe { alloc_zeroed(layout) }));
        match memory {
            Some(at) => (at.addr().get() as u64, at),
            // The address 0 tells the crate that there is none.
            None => (0, NonNull::dangling()),
        }
    }

    unsafe fn dma_dealloc(_: PhysAddr, at: NonNull<u8>, pages: usize) -> i32 {
        let Some(layout) = layout(pages) else { return -1 };
        // SAFETY: the caller gives back what `dma_alloc` gave out, whose layout this is.
        unsafe { dealloc(at.as_ptr(), layout) };
        0
    }

    unsafe fn mmio_phys_to_virt(address: PhysAddr, _: usize) -> NonNull<u8> {
        let at = NonNull::new(address as *mut u8);
        at.unwrap_or_else(|| panic!("a structure of a device at address 0"))
    }

    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.cast::<u8>().addr().get() as u64
    }

    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}
