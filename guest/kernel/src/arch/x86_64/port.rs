//! Port I/O: the debug console, the signal port and the exit port; and PCI configuration space.

use core::arch::asm;
use core::sync::atomic::{AtomicBool, Ordering};

use parakit::transport::pci;
use parakit_abi::boot::{PORT_DEBUG, PORT_EXIT, PORT_SIGNAL};

/// The first serial port: data, and the line's status with the bit that says that there is room.
const SERIAL: u16 = 0x3f8;
const SERIAL_STATUS: u16 = SERIAL + 5;
const SERIAL_ROOM: u8 = 1 << 5;
/// Looks at the status before a byte is written all the same: where there is no serial port, nobody misses it.
const SERIAL_LOOKS: u32 = 10_000;

/// Lines go to the serial port.
static ON_SERIAL: AtomicBool = AtomicBool::new(false);

/// Chooses where lines go, by its name on the command line: the debug port, or `serial`.
pub(crate) fn choose_console(name: Option<&str>) {
    // Relaxed: nothing was written before, and there is one processor.
    ON_SERIAL.store(name == Some("serial"), Ordering::Relaxed);
}

/// Writes a byte to the debug port, or to the serial port in its place.
pub(crate) fn write_console(byte: u8) {
    if ON_SERIAL.load(Ordering::Relaxed) {
        let room = || pci::Ports::read8(&Ports, SERIAL_STATUS) & SERIAL_ROOM != 0;
        let _waited = (0..SERIAL_LOOKS).any(|_| room());
        write_byte(SERIAL, byte);
    } else {
        write_byte(PORT_DEBUG, byte);
    }
}

/// Signals the harness; returns once it has acted.
pub(crate) fn signal(code: u32) {
    write_word(PORT_SIGNAL, code);
}

/// Ends the run with a code of [`parakit_abi::boot::exit`].
pub(crate) fn end(code: u8) -> ! {
    loop {
        write_byte(PORT_EXIT, code);
    }
}

/// Writes a byte to a port.
fn write_byte(port: u16, value: u8) {
    // SAFETY: the ports that this kernel names belong to the harness or the debug console; no memory is touched
    // on the kernel's side that the compiler is not told of (no `nomem`: the harness may write the mailbox).
    unsafe { asm!("out dx, al", in("dx") port, in("al") value, options(nostack, preserves_flags)) }
}

/// Writes 32 bits to a port; returns once the other side has acted.
fn write_word(port: u16, value: u32) {
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
