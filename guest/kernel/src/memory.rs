//! The heap: all RAM above the image.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::NonNull;

use linked_list_allocator::Heap;
use spin::Mutex;

use crate::arch::memory as arch;

unsafe extern "C" {
    safe static __image_end: u8;
}

struct KernelHeap(Mutex<Heap>);

#[global_allocator]
static HEAP: KernelHeap = KernelHeap(Mutex::new(Heap::empty()));

// SAFETY: `Heap` gives out disjoint blocks that fit the layout; interrupt stubs do not allocate, so that no
// processor waits for a lock that it holds itself.
unsafe impl GlobalAlloc for KernelHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.lock().allocate_first_fit(layout).map_or(core::ptr::null_mut(), NonNull::as_ptr)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(block) = NonNull::new(block) {
            // SAFETY: the caller returns a block of `alloc` with the layout it was made for.
            unsafe { self.0.lock().deallocate(block, layout) }
        }
    }
}

/// Address of the first byte above the image.
pub(crate) fn image_end() -> u64 {
    (&raw const __image_end).addr() as u64
}

/// Gives the heap the RAM from the end of the image to `end`; 0 means unknown.
///
/// # Safety
/// There is RAM up to `end`, and nothing in it above the image. Called once, before the first allocation.
pub(crate) unsafe fn start_heap(end: u64) {
    let end = if end == 0 { arch::ASSUMED_RAM_END } else { end.min(arch::RAM_LIMIT) };
    let start = image_end() as usize;
    let size = (end as usize).saturating_sub(start);
    assert!(size >= 1 << 20, "RAM up to {end:#x} leaves no room for a heap above {start:#x}");
    // SAFETY: the caller's promise; the image ends where the linker says.
    unsafe { HEAP.0.lock().init(start as *mut u8, size) }
}
