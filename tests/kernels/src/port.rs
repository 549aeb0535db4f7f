//! Ports, and the ends of a run.

use core::arch::asm;

/// Ends the run where `isa-debug-exit` is.
const EXIT: u16 = 0xf4;

/// Writes a byte to a port.
pub fn out8(port: u16, value: u8) {
    // SAFETY: the ports that this kernel knows have no effect on memory.
    unsafe { asm!("out dx, al", in("dx") port, in("al") value, options(nomem, nostack)) }
}

/// Reads a byte from a port.
pub fn in8(port: u16) -> u8 {
    let value;
    // SAFETY: as above.
    unsafe { asm!("in al, dx", in("dx") port, out("al") value, options(nomem, nostack)) }
    value
}

/// Writes a word of 32 bits to a port.
pub fn out32(port: u16, value: u32) {
    // SAFETY: as above.
    unsafe { asm!("out dx, eax", in("dx") port, in("eax") value, options(nomem, nostack)) }
}

/// Reads a word of 32 bits from a port.
pub fn in32(port: u16) -> u32 {
    let value;
    // SAFETY: as above.
    unsafe { asm!("in eax, dx", in("dx") port, out("eax") value, options(nomem, nostack)) }
    value
}

/// Ends the run with this value.
pub fn exit(value: u32) -> ! {
    out32(EXIT, value);
    halt()
}

/// Stops for good: no interrupt is let in.
pub fn halt() -> ! {
    loop {
        // SAFETY: a halted processor does nothing.
        unsafe { asm!("cli", "hlt", options(nomem, nostack)) }
    }
}

/// Faults without a way to report it: the processor shuts down.
pub fn triple_fault() -> ! {
    let empty = [0_u8; 10];
    // SAFETY: this is the end of the kernel, and meant to be.
    unsafe { asm!("lidt [{}]", "ud2", in(reg) &raw const empty, options(noreturn)) }
}
