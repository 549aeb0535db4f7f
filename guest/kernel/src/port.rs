//! Port I/O: the debug console, the signal port and the exit port; and PCI configuration space.

use core::arch::asm;

use parakit::transport::pci;

/// Writes a byte to a port.
pub(crate) fn write_byte(port: u16, value: u8) {
    // SAFETY: the ports that this kernel names belong to the harness or the debug console; no memory is touched
    // on the kernel's side that the compiler is not told of (no `nomem`: the harness may write the mailbox).
    unsafe { asm!("out dx, al", in("dx") port, in("al") value, options(nostack, preserves_flags)) }
}

/// Writes 32 bits to a port; returns once the other side has acted.
pub(crate) fn write_word(port: u16, value: u32) {
    // SAFETY: as for `write_byte`.
    unsafe { asm!("out dx, eax", in("dx") port, in("eax") value, options(nostack, preserves_flags)) }
}

/// All ports, for accesses to devices.
#[derive(Debug)]
pub struct Ports;

// SAFETY: each call is one port instruction. Reads of ports change no memory; what writes may do is the caller's affair.
unsafe impl pci::Ports for Ports {
    fn read8(&self, port: u16) -> u8 {
        let value;
        // SAFETY: a read of a port changes no memory.
        unsafe { asm!("in al, dx", in("dx") port, out("al") value, options(nostack, preserves_flags)) };
        value
    }

    fn read16(&self, port: u16) -> u16 {
        let value;
        // SAFETY: as above.
        unsafe { asm!("in ax, dx", in("dx") port, out("ax") value, options(nostack, preserves_flags)) };
        value
    }

    fn read32(&self, port: u16) -> u32 {
        let value;
        // SAFETY: as above.
        unsafe { asm!("in eax, dx", in("dx") port, out("eax") value, options(nostack, preserves_flags)) };
        value
    }

    unsafe fn write8(&self, port: u16, value: u8) {
        write_byte(port, value);
    }

    unsafe fn write16(&self, port: u16, value: u16) {
        // SAFETY: the caller's promise about what the device does.
        unsafe { asm!("out dx, ax", in("dx") port, in("ax") value, options(nostack, preserves_flags)) }
    }

    unsafe fn write32(&self, port: u16, value: u32) {
        write_word(port, value);
    }
}
