//! The data caches, and the way past them.

use core::arch::asm;
use core::num::NonZero;
use core::ptr::NonNull;

use super::memory::{RAM_LIMIT, UNCACHED};

/// Bytes of the smallest line.
pub(crate) fn line_size() -> usize {
    let kind: u64;
    // SAFETY: reads a register that EL1 may read.
    unsafe { asm!("mrs {}, ctr_el0", out(reg) kind, options(nomem, nostack, preserves_flags)) };
    4 << (kind >> 16 & 0xf)
}

/// The second address of memory: past the caches.
pub(crate) fn past(address: NonZero<usize>) -> NonZero<usize> {
    address.saturating_add(UNCACHED as usize)
}

/// The first address of memory, whose second one this is; `None` if it is none.
pub(crate) fn first(address: NonZero<usize>) -> Option<NonZero<usize>> {
    let first = address.get().checked_sub(UNCACHED as usize)?;
    NonZero::new(first).filter(|first| (first.get() as u64) < RAM_LIMIT)
}

/// Writes what the caches hold of `len` bytes to memory, where devices see it.
pub(crate) fn clean(memory: NonNull<u8>, len: usize) {
    each_line(memory, len, |line| {
        // SAFETY: writes back a line of mapped memory: what the program sees stays the same.
        unsafe { asm!("dc cvac, {}", in(reg) line, options(nostack, preserves_flags)) }
    });
}

/// The same, and drops it from the caches, so that what a device writes is seen.
pub(crate) fn clean_and_invalidate(memory: NonNull<u8>, len: usize) {
    each_line(memory, len, |line| {
        // SAFETY: as in `clean`; a line that was written back may be read again at any time.
        unsafe { asm!("dc civac, {}", in(reg) line, options(nostack, preserves_flags)) }
    });
}

/// Has `operation` for every line that holds one of the bytes, and waits for the end of all.
fn each_line(memory: NonNull<u8>, len: usize, operation: impl Fn(usize)) {
    let size = line_size();
    let start = memory.addr().get();
    (start & !(size - 1)..start + len).step_by(size).for_each(operation);
    // SAFETY: only waits. Full system: devices are outside of the shareability domain of the processors.
    unsafe { asm!("dsb sy", options(nostack, preserves_flags)) }
}
