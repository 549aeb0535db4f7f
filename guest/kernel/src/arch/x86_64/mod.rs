//! x86-64: KVM under Parakit's harness, and PVH loaders, with the devices of a PC.

mod apic;
mod entry;
mod port;
mod pvh;
mod trap;

pub(crate) mod clock;
pub(crate) mod cpu;
pub(crate) mod fault;
pub(crate) mod memory;
pub(crate) mod pci;
pub(crate) mod registers;

pub use entry::ENTRY;
pub use port::Ports;
pub(crate) use registers::General as Registers;

/// Interrupts of this processor and of devices.
pub(crate) mod interrupts {
    pub(crate) use super::apic::{enable, interrupt, interrupt_self, message, route, route_level, set_timer};
    pub(crate) use super::trap::{end_level, sleep};
}

/// What the world outside hears.
pub(crate) mod outside {
    pub(crate) use super::port::{choose_console, end, signal, write_console};
}
