//! Exceptions on purpose.

use core::arch::asm;

use crate::arch::overflow_stack;

/// Takes an exception: 0 invalid instruction, 1 write to a null pointer, 2 stack overflow, 4 breakpoint, 6 jump to what is not
/// mapped. Returns if there is none of that number (a division by zero is none here), or if it did not arrive.
pub(crate) fn take(kind: u64) {
    // SAFETY: each of these raises an exception, whose report ends the run: nothing after it is executed.
    unsafe {
        match kind {
            0 => asm!("udf #0"),
            1 => asm!("str xzr, [{0}]", in(reg) 0u64),
            2 => overflow_stack(),
            4 => asm!("brk #0"),
            6 => asm!("br {0}", in(reg) 0x10u64),
            _ => {}
        }
    }
}

/// Takes an exception while nothing handles any: the vectors are where nothing is mapped, for ever.
pub(crate) fn unhandled() {
    // SAFETY: the next exception repeats itself without end.
    unsafe { asm!("msr vbar_el1, xzr", "isb") };
    take(0);
}
