//! What differs from one architecture to the next. All that the rest of the kernel uses of it is named here; a further architecture
//! is a folder beside `x86_64` that has the same.
//!
//! | part | what it has to do |
//! |---|---|
//! | entry | from where the loader leaves the processor to [`crate::entry::main`], with a stack and what the loader said ([`crate::entry::Boot`]) |
//! | [`cpu`] | which processor this is, and its [`Counters`](crate::vectors::Counters); `MAX` processors at most |
//! | [`clock`] | a counter that never runs backwards, and its frequency in kHz |
//! | [`interrupts`] | the stubs that count interrupts by vector; lines and messages of devices, the timer, other processors; sleeping |
//! | [`outside`] | the console, signals to a harness, the end of a run |
//! | [`memory`] | up to where RAM may be used; mapping registers |
//! | `caches` | writing back and dropping what they hold, and the way past them; not on x86, where devices see through them |
//! | [`pci`] | where configuration space and the addresses for BARs are, and where a function's line goes |
//! | [`Registers`] | the registers in a report |
//! | [`fault`] | exceptions on purpose, for tests of their reports |
//! | [`ENTRY`] | a symbol of the entry, so that the linker takes it into the image |
//!
//! The linker script lies in the same folder.

use core::hint::black_box;

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(not(target_arch = "x86_64"))]
mod device_tree;
#[cfg(not(target_arch = "x86_64"))]
pub(crate) mod one_processor;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
use aarch64 as this;
#[cfg(target_arch = "riscv64")]
use riscv64 as this;
#[cfg(target_arch = "x86_64")]
use x86_64 as this;

pub use this::ENTRY;
#[cfg(target_arch = "x86_64")]
pub use this::Ports;
#[cfg(not(target_arch = "x86_64"))]
pub(crate) use this::caches;
pub(crate) use this::{Registers, clock, cpu, fault, interrupts, memory, outside, pci};

/// Overflows the stack, for [`fault`]; returns if nothing came of that.
fn overflow_stack() {
    #[expect(unconditional_recursion, reason = "the stack is meant to overflow")]
    fn deeper(depth: u64) -> u64 {
        black_box(deeper(black_box(depth) + 1)) + 1
    }
    black_box(deeper(0));
}
