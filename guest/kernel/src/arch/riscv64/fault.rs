//! Exceptions on purpose.

use core::arch::asm;

use crate::arch::overflow_stack;

/// Takes an exception: 0 illegal instruction, 1 write to a null pointer, 2 stack overflow, 4 breakpoint, 6 jump to what nobody may
/// run. Returns if there is none of that number (a division by zero is none here), or if it did not arrive.
pub(crate) fn take(kind: u64) {
    // SAFETY: each of these raises an exception, whose report ends the run: nothing after it is executed.
    unsafe {
        match kind {
            0 => asm!("unimp"),
            1 => asm!("sd zero, 0({0})", in(reg) 0u64),
            2 => overflow_stack(),
            4 => asm!("ebreak"),
            6 => asm!("jr {0}", in(reg) 0x10u64),
            _ => {}
        }
    }
}

/// Takes an exception while nothing handles any: the stub is where nobody may run anything, for ever.
pub(crate) fn unhandled() {
    // SAFETY: the next exception repeats itself without end.
    unsafe { asm!("csrw mtvec, zero") };
    take(0);
}
