//! From the entry of `asm/entry.s` to the kernel's.

use super::{clint, clock, plic, power, uart};
use crate::arch::device_tree;
use crate::entry;

core::arch::global_asm!(include_str!("asm/entry.s"), kernel_main = sym kernel_main);

unsafe extern "C" {
    #[link_name = "entry"]
    fn first_instruction();
}

/// Named by [`kernel!`](crate::kernel), so that the linker takes the entry into the image.
#[doc(hidden)]
pub const ENTRY: unsafe extern "C" fn() = first_instruction;

/// The first Rust function.
extern "C" fn kernel_main(tree: usize) -> ! {
    let entered = clock::ticks();
    // SAFETY: the loader's convention; the heap ends below the tree, or begins above it.
    unsafe { device_tree::open(tree) };
    uart::start();
    power::start();
    clint::find();
    plic::find();
    entry::main(device_tree::boot(entered, tree))
}
