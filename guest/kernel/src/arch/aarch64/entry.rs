//! From the entry of `asm/entry.s` to the kernel's.

use super::{clock, gic, memory, psci, uart};
use crate::arch::device_tree;
use crate::entry;

/// Where QEMU leaves the device tree for an image that is no Linux: at the start of RAM.
const USUAL_TREE: usize = 0x4000_0000;

/// Write-back and allocating; not cached; registers, whose writes may be acknowledged early.
const MAIR: u64 = 0x04_44_ff;
/// 48 bits of address below, none above; tables are in memory with caches, inner shareable.
const TCR: u64 = 16 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23;
/// The bits that are one in the first version of the architecture.
const SCTLR_OFF: u64 = 0x30d0_0800;
/// And MMU, data cache, alignment of the stack pointer, instruction cache.
const SCTLR_ON: u64 = SCTLR_OFF | 1 | 1 << 2 | 1 << 3 | 1 << 12;

core::arch::global_asm!(include_str!("asm/tables.s"), uncached = const memory::UNCACHED);
core::arch::global_asm!(
    include_str!("asm/entry.s"),
    kernel_main = sym kernel_main,
    mair = const MAIR,
    tcr = const TCR,
    sctlr_off = const SCTLR_OFF,
    sctlr_on = const SCTLR_ON,
);

unsafe extern "C" {
    #[link_name = "entry"]
    fn first_instruction();
}

/// Named by [`kernel!`](crate::kernel), so that the linker takes the entry into the image.
#[doc(hidden)]
pub const ENTRY: unsafe extern "C" fn() = first_instruction;

/// The first Rust function, with caches on.
extern "C" fn kernel_main(tree: usize) -> ! {
    let entered = clock::ticks();
    let tree = if tree == 0 { USUAL_TREE } else { tree };
    // SAFETY: the loader's convention; the heap ends below the tree, or begins above it.
    unsafe { device_tree::open(tree) };
    uart::start();
    psci::start();
    gic::find();
    entry::main(device_tree::boot(entered, tree))
}
