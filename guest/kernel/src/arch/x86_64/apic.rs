//! The local APIC, and the I/O APIC for devices that do not send messages.

use parakit_abi::boot::FIRST_VECTOR;

use crate::vectors::{FIRST_LEVEL, LAST_LEVEL, SPURIOUS, TIMER};

const LOCAL: usize = 0xfee0_0000;
const IO: usize = 0xfec0_0000;

const END_OF_INTERRUPT: usize = 0xb0;
const SPURIOUS_INTERRUPT: usize = 0xf0;
const INTERRUPT_COMMAND: usize = 0x300;
const INTERRUPT_COMMAND_HIGH: usize = 0x310;
const LVT_TIMER: usize = 0x320;
const LVT_LINT0: usize = 0x350;
const LVT_LINT1: usize = 0x360;
const TIMER_INITIAL: usize = 0x380;
const TIMER_DIVIDE: usize = 0x3e0;

const ENABLED: u32 = 1 << 8;
const MASKED: u32 = 1 << 16;
/// Fixed delivery to this processor, whatever the destination field says.
const TO_SELF: u32 = 1 << 18;
/// Level-triggered, in a redirection entry.
const LEVEL: u32 = 1 << 15;
/// Pins of the I/O APIC.
pub(super) const IO_PINS: u32 = 24;
/// Divide the timer's clock by one.
const DIVIDE_BY_1: u32 = 0b1011;

/// Writes a register of the local APIC.
fn write(register: usize, value: u32) {
    // SAFETY: the local APIC's page is mapped, uncached, at its architectural address, and holds no Rust object.
    unsafe { ((LOCAL + register) as *mut u32).write_volatile(value) }
}

/// Enables this processor's local APIC. Interrupts arrive from here on.
pub(crate) fn enable() {
    // First: while it is disabled, everything else stays masked.
    write(SPURIOUS_INTERRUPT, ENABLED | u32::from(SPURIOUS));
    write(LVT_LINT0, MASKED);
    write(LVT_LINT1, MASKED);
    write(LVT_TIMER, u32::from(TIMER));
    write(TIMER_DIVIDE, DIVIDE_BY_1);
}

/// Sets the timer to interrupt once, `ns` nanoseconds from now. That is so where its clock runs at 1 GHz, as under KVM and QEMU; it
/// comes late where the clock is slower.
pub(crate) fn set_timer(ns: u32) {
    // At least one: zero would stop the timer.
    write(TIMER_INITIAL, ns.max(1));
}

/// Interrupts this processor.
pub(crate) fn interrupt_self(vector: u8) {
    write(INTERRUPT_COMMAND, TO_SELF | u32::from(vector));
}

/// Interrupts processor `index`, which may be this one.
pub(crate) fn interrupt(index: usize, vector: u8) {
    // The destination first: the write of the low half sends.
    write(INTERRUPT_COMMAND_HIGH, (index as u32) << 24);
    write(INTERRUPT_COMMAND, u32::from(vector));
}

/// Ends the interrupt of the highest priority.
pub(crate) fn end_of_interrupt() {
    write(END_OF_INTERRUPT, 0);
}

/// Where a device's message interrupts processor `cpu` on `vector`: address and data.
pub(crate) fn message(cpu: usize, vector: u8) -> Option<(u64, u32)> {
    Some((LOCAL as u64 | (cpu as u64 & 0xff) << 12, vector.into()))
}

/// Routes a global system interrupt of the first I/O APIC to the vector of device `device` on processor 0, edge-triggered.
pub(crate) fn route(gsi: u32, device: usize) -> u8 {
    let vector = FIRST_VECTOR + device as u32;
    redirect(gsi, vector);
    vector as u8
}

/// Routes a line of PCI functions to its vector on processor 0, level-triggered; several functions may share it.
pub(crate) fn route_level(gsi: u32) -> u8 {
    let lines = u32::from(LAST_LEVEL - FIRST_LEVEL) + 1;
    let vector = u32::from(FIRST_LEVEL) + gsi % lines;
    redirect(gsi, LEVEL | vector);
    vector as u8
}

/// Writes the redirection entry of a pin, for processor 0.
fn redirect(pin: u32, low: u32) {
    let register = 0x10 + 2 * pin;
    for (index, value) in [(register + 1, 0), (register, low)] {
        // SAFETY: the I/O APIC's page is mapped, uncached, at its usual address, and holds no Rust object; the first
        // register selects what the second one shows.
        unsafe {
            (IO as *mut u32).write_volatile(index);
            ((IO + 0x10) as *mut u32).write_volatile(value);
        }
    }
}
