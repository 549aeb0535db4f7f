//! Order between memory and device registers, and every other ordering of the kit.
//!
//! The language orders accesses of normal memory, by atomic operations. It says nothing about registers of devices, and a
//! processor may let a store to a register overtake the stores to memory before it, or a load from memory a load from a register.
//! The functions here stand between the two. [`VolatileWindow`](crate::transport::VolatileWindow) and the windows over PCI call
//! them, so that drivers need not; a [`RegisterWindow`](crate::transport::RegisterWindow) of your own does as they do.
//!
//! # What each ordering is for
//!
//! The partner of each is on the device's side. "Acquire" and "release" are the language's; `SC` is sequentially consistent.
//!
//! | # | In the kit | The device's half | Without it | VIRTIO 1.4 |
//! |---|---|---|---|---|
//! | 1 | ring entries, tables, headers, buffers; **then** the available index or the first descriptor's flags, a release (part of 2) | acquire of index or flags, then the entries | the device works on what was there before | §2.7.13.3, §2.8.21.1.1 |
//! | 2 | index or flags, an `SC` store; **then** the suppression word, an `SC` load | suppression word; full barrier; index or flags once more | both sleep over a chain | §2.7.13.4, §2.8.21.3 |
//! | 3 | used index or flags of the used descriptor, an acquire; **then** entries, trailers, buffers | release of index or flags | the driver reads what the device has not written yet | §2.7.8.2, §2.8.1 |
//! | 4 | interrupt suppression word, an `SC` store; **then** the used index or flags, an `SC` load | used index or flags; full barrier; suppression word | both sleep over a used chain | §2.7.7, §2.8.10 |
//! | 5 | place and flags of a packed event, releases, and an `SC` fence where both change (4 for both) | flags; then the place | an interrupt is asked for at an old place | §2.8.10 |
//! | 6 | memory; **then** a register write: [`before_register_write`] | it reads memory because of the write | a notification, `QueueReady` or `DRIVER_OK` that finds memory as it was | §2.7.13, §3.1.1 |
//! | 7 | a register read; **then** memory: [`after_register_read`] | writes memory before what the register says | reset is read as done while old writes of the device still arrive; a ring is looked at before its interrupt status | §2.4.2, §4.1.4.5 |
//! | 8 | `InterruptACK` is written; **then** the ring is read: [`between_all`] | ring, then interrupt status | the acknowledgement takes away the interrupt of a chain that was not seen | §4.2.2 |
//! | 9 | register after register, volatile | in the order made | a configuration of two generations | §2.5.1 |
//!
//! Relaxed accesses are what 1 and 3 order. An MSI-X message says that the ring has changed, too; what makes the handler read
//! memory after it arrived is the interrupt controller and how the OS reads it.
//!
//! # What it becomes
//!
//! | | x86-64 | AArch64 | RISC-V (64 bits) |
//! |---|---|---|---|
//! | release store | `mov` | `stlr` | `fence rw,w` and a store |
//! | `SC` store | `xchg` | `stlr` (in 2 and 4 with `dmb ish` behind it: QEMU loses the order of `stlr` and `ldar`) | `fence rw,w`, a store, `fence rw,rw` |
//! | acquire load | `mov` | `ldar` (`ldapr` where there is one) | a load and `fence r,rw` |
//! | `SC` load | `mov` | `ldar` | `fence rw,rw`, a load, `fence r,rw` |
//! | `SC` fence | `lock or` | `dmb ish` | `fence rw,rw` |
//! | [`before_register_write`] | nothing | `dmb osh` | `fence rw,o` |
//! | [`after_register_read`] | nothing | `dmb oshld` | `fence i,iorw` |
//! | [`between_all`] | `lock or` | `dsb sy` | `fence iorw,iorw` |
//!
//! "Nothing" is no instruction: the compiler is kept from moving accesses. On other architectures each is a fence of the language,
//! which may be too weak for registers there.
//!
//! No operation on ring memory is a read-modify-write on AArch64 or RISC-V: memory that is not cached need not have any.
//!
//! # Processors or hardware
//!
//! Without `VIRTIO_F_ORDER_PLATFORM` a device is ordered like another processor (VIRTIO 1.4 §6.1), and what stands above is enough.
//! With it the device may be beyond the processors' caches. To x86 and RISC-V that is the same: their orders hold for devices, too.
//! On AArch64 a release reaches as far as the memory is shareable, which may be less; with `ORDER_PLATFORM` the rings add
//! `dmb osh` at 1 to 4.

use core::sync::atomic::{Ordering::SeqCst, compiler_fence, fence};

/// Has memory accesses that come before it seen by a device before a register write that comes after it.
#[inline(always)]
pub fn before_register_write() {
    // A store to registers is not seen before stores and loads that came before it.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    compiler_fence(SeqCst);
    // Registers are in the outer shareable domain, which a fence of the language need not reach.
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("dmb osh", options(nostack, preserves_flags));
    }
    // A fence of the language is about memory and not about input and output.
    #[cfg(all(any(target_arch = "riscv32", target_arch = "riscv64"), not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("fence rw, o", options(nostack, preserves_flags));
    }
    otherwise();
}

/// Keeps memory accesses that come after it from being made before a register read that comes before it.
#[inline(always)]
pub fn after_register_read() {
    // Loads are made in their order, and stores not before loads.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    compiler_fence(SeqCst);
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("dmb oshld", options(nostack, preserves_flags));
    }
    #[cfg(all(any(target_arch = "riscv32", target_arch = "riscv64"), not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("fence i, iorw", options(nostack, preserves_flags));
    }
    otherwise();
}

/// Orders all accesses before it, of registers and of memory, before all accesses after it.
#[inline]
pub fn between_all() {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    fence(SeqCst);
    // That a write has gone out to a device is more than that it is ordered: it is to be complete.
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: waits for memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("dsb sy", options(nostack, preserves_flags));
    }
    #[cfg(all(any(target_arch = "riscv32", target_arch = "riscv64"), not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("fence iorw, iorw", options(nostack, preserves_flags));
    }
    otherwise();
}

/// Orders accesses of memory that is not only processors': for a ring with `VIRTIO_F_ORDER_PLATFORM`.
#[inline(always)]
pub(crate) fn for_hardware() {
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    // SAFETY: orders memory accesses and does nothing else.
    unsafe {
        core::arch::asm!("dmb osh", options(nostack, preserves_flags));
    }
}

/// Architectures that are not known here, and Miri, which runs no instructions of others.
#[inline(always)]
fn otherwise() {
    let known = cfg!(any(
        target_arch = "x86",
        target_arch = "x86_64",
        all(any(target_arch = "aarch64", target_arch = "riscv32", target_arch = "riscv64"), not(miri))
    ));
    if !known {
        fence(SeqCst);
    }
    // The instructions above keep the compiler from moving accesses as well.
    compiler_fence(SeqCst);
}
