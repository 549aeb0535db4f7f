//! AArch64: the machine `virt` of QEMU, with a GIC of version 2. One processor, in EL1.

mod entry;
mod gic;
mod psci;
mod trap;
mod uart;

pub(crate) mod caches;
pub(crate) mod clock;
pub(crate) mod fault;
pub(crate) mod memory;
mod registers;

pub use entry::ENTRY;
pub(crate) use registers::General as Registers;

pub(crate) use super::device_tree::pci;
pub(crate) use super::one_processor as cpu;

/// Interrupts of this processor and of devices.
pub(crate) mod interrupts {
    pub(crate) use super::clock::set_timer;
    pub(crate) use super::gic::{enable, end_level, interrupt, interrupt_self, line, message, route, route_level};
    pub(crate) use super::trap::sleep;
}

/// What the world outside hears.
pub(crate) mod outside {
    pub(crate) use super::psci::end;
    pub(crate) use super::uart::{choose_console, write_console};

    /// There is no harness that shares a mailbox, so that nobody could act on a signal.
    pub(crate) fn signal(_: u32) {}
}
