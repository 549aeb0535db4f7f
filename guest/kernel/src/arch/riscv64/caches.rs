//! The data caches, by the instructions of Zicbom. There is no way past them here: in machine mode, the machine alone decides which memory
//! is cached, so that rings are where devices see them or nothing works at all. What is shared is written back and dropped all the same.

use core::arch::asm;
use core::num::NonZero;
use core::ptr::NonNull;

use crate::arch::device_tree;

/// Bytes that one of the instructions has to do with; 64 where the device tree does not say, and the instructions are not there either.
pub(crate) fn line_size() -> usize {
    block_size().unwrap_or(64)
}

/// As above, if there are the instructions.
fn block_size() -> Option<usize> {
    static SIZE: spin::Once<Option<usize>> = spin::Once::new();
    *SIZE.call_once(|| {
        let size = device_tree::of_processors("riscv,cbom-block-size")?;
        size.is_power_of_two().then_some(size as usize)
    })
}

/// Memory has one address.
pub(crate) fn past(address: NonZero<usize>) -> NonZero<usize> {
    address
}

/// Memory has one address.
pub(crate) fn first(_: NonZero<usize>) -> Option<NonZero<usize>> {
    None
}

/// Writes what the caches hold of `len` bytes to memory, where devices see it.
pub(crate) fn clean(memory: NonNull<u8>, len: usize) {
    each_block(memory, len, |block| {
        // SAFETY: `cbo.clean`: writes a block of memory back; what the program sees stays the same.
        unsafe { asm!(".insn i 0x0f, 2, x0, {}, 1", in(reg) block, options(nostack, preserves_flags)) }
    });
}

/// The same, and drops it from the caches, so that what a device writes is seen.
pub(crate) fn clean_and_invalidate(memory: NonNull<u8>, len: usize) {
    each_block(memory, len, |block| {
        // SAFETY: `cbo.flush`: as in `clean`; a block that was written back may be read again at any time.
        unsafe { asm!(".insn i 0x0f, 2, x0, {}, 2", in(reg) block, options(nostack, preserves_flags)) }
    });
}

/// Has `operation` for every block that holds one of the bytes, and waits for the end of all.
fn each_block(memory: NonNull<u8>, len: usize, operation: impl Fn(usize)) {
    let Some(size) = block_size() else { return };
    let start = memory.addr().get();
    (start & !(size - 1)..start + len).step_by(size).for_each(operation);
    // SAFETY: only orders what was done before what comes.
    unsafe { asm!("fence iorw, iorw", options(nostack, preserves_flags)) }
}
