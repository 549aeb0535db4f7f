//! The minimal guest: the smallest kernel in which drivers meet a real machine.
//!
//! This library is the machinery: boot, traps, memory, processors, interrupts, the PCI bus, the mailbox. What runs on it is the
//! binary's: it names its workloads with [`kernel!`], and links with the architecture's `link.ld`, whose path the build script hands on
//! (`DEP_PARAKIT_KERNEL_SCRIPT` in the build script of a package that depends on this one). `parakit-kernel` itself runs the
//! drivers of Parakit; the kernels in `tests/subjects` run drivers by others, on the same machinery.
//!
//! What follows is about x86-64; the other architectures are told of in `arch`, and what all have to do in its first file.
//!
//! # Rings
//!
//! Drivers, interrupt handlers and everything written in Rust run in **ring 3**, because some hosts emulate ring 0 an
//! instruction at a time while ring 3 is native everywhere. Ring 0 is the few dozen instructions of `arch/x86_64/asm/entry.s` and
//! `arch/x86_64/asm/trap.s`: the boot through PVH, waiting for an interrupt, and the first half of an exception report.
//!
//! # Boot
//!
//! One image, two entries ([`parakit_abi::boot`]):
//!
//! - *direct*: the harness reads the image's `Parakit` note, loads the registers that it names, and starts the vCPU in
//!   ring 3 at `ring3_entry`. No instruction of ring 0 is run before the first wait.
//! - *PVH*: a loader that knows the `Xen` note starts the vCPU at `pvh_entry`, in 32-bit ring 0. Some thirty
//!   instructions later it is at `ring3_entry` too. The command line says where the mailbox is, or, under a VMM that
//!   knows of none, what would be in it ([`parakit_abi::mailbox::command_line`]).
//!
//! Descriptor table, task state segment and page tables are made by the assembler, so that boot builds nothing. The
//! interrupt descriptor tables are filled in ring 3, before anything can fault.
//!
//! # Memory map (guest-physical; the kernel maps 0 to 4 GiB and the GiB at 256 GiB onto themselves, all of it open to ring 3)
//!
//! | address | what |
//! |---|---|
//! | `0` | page not present: null pointers fault |
//! | `0x1_0000` | mailbox, 64 KiB ([`parakit_abi::mailbox`]), under Parakit's own harness |
//! | `0x10_0000` | a page for each of four processors: GDT, TSS, what gs points to |
//! | `0x10_4000` | page tables (0 to 2 MiB in 4 KiB pages, the rest in 2 MiB pages) |
//! | `0x10_c000` | page not present: a stack overflow faults; above it the stack of ring 3 of processor 0, 256 KiB |
//! | `0x14_d000` | the same for the other processors, 64 KiB each |
//! | `0x18_0000` | code, constants, data, interrupt tables, stacks of ring 0 |
//! | `__image_end` | heap, from which DMA memory comes too, up to the end of RAM |
//! | `0xc000_0000` | devices, uncached, up to 4 GiB: 32-bit BARs, virtio-mmio blocks, ECAM, I/O APIC, local APIC |
//! | `0x40_0000_0000` | 64-bit BARs, uncached, 1 GiB |
//!
//! # Processors
//!
//! Under the harness, further processors start in ring 3, too, and wait for jobs ([`parakit_exercise::Env::run_on`]); each takes
//! interrupts for itself, on its own stack. A boot through PVH has one processor.
#![cfg(target_os = "none")]
#![no_std]

extern crate alloc;

mod arch;
mod command_line;
mod console;
mod entry;
mod env;
mod interrupts;
mod mailbox;
mod memory;
mod outcome;
mod pci;
mod platform;
pub mod selftest;
mod smp;
mod subject;
mod time;
mod vectors;
mod wait;

#[doc(hidden)]
pub use arch::ENTRY;
#[cfg(target_arch = "x86_64")]
pub use arch::Ports;
pub use env::KernelEnv;
pub use interrupts::KernelCpu;
pub use parakit_exercise::Failure;
pub use pci::NoTransport;
pub use platform::KernelPlatform;
pub use smp::Job;
#[doc(hidden)]
pub use subject::{Note, joined};
