//! Port I/O: the debug console, the signal port and the exit port.

use core::arch::asm;

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
