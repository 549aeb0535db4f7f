//! RISC-V of 64 bits: the machine `virt` of QEMU, without firmware. One processor, in machine mode.

mod clint;
mod entry;
mod plic;
mod power;
mod registers;
mod trap;
mod uart;

pub(crate) mod caches;
pub(crate) mod clock;
pub(crate) mod fault;
pub(crate) mod memory;

pub use entry::ENTRY;
pub(crate) use registers::General as Registers;

pub(crate) use super::device_tree::pci;
pub(crate) use super::one_processor as cpu;

/// Interrupts of this processor and of devices.
pub(crate) mod interrupts {
    pub(crate) use super::clint::{interrupt, interrupt_self, set_timer};
    pub(crate) use super::plic::{end_level, line, message, route, route_level};
    pub(crate) use super::trap::{enable, sleep};
}

/// What the world outside hears.
pub(crate) mod outside {
    pub(crate) use super::power::end;
    pub(crate) use super::uart::{choose_console, write_console};

    /// There is no harness that shares a mailbox, so that nobody could act on a signal.
    pub(crate) fn signal(_: u32) {}
}
