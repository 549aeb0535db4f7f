//! From the entry of `asm/entry.s` to the kernel's.

use super::{clint, clock, plic, power, uart};
use crate::arch::device_tree;
use crate::entry::{self, Boot};
use crate::memory as ram;

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
    entry::main(Boot {
        entered,
        mailbox: None,
        command_line: device_tree::command_line(),
        ram_end: device_tree::ram_end(ram::image_end(), tree as u64),
        devices: device_tree::mmio_device,
    })
}
