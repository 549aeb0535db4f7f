//! Exceptions on purpose.

use core::arch::asm;

use crate::arch::overflow_stack;

/// Takes an exception: 0 invalid opcode, 1 page fault at a null pointer, 2 stack overflow, 3 divide error, 4 breakpoint, 5 general
/// protection, 6 jump to a page that is not present. Returns if there is none of that number, or if it did not arrive.
pub(crate) fn take(kind: u64) {
    // SAFETY: each of these raises an exception, whose report ends the run: nothing after it is executed.
    unsafe {
        match kind {
            0 => asm!("ud2"),
            1 => asm!("mov {0}, [{0}]", inout(reg) 0u64 => _),
            2 => overflow_stack(),
            3 => asm!("div {0:e}", in(reg) 0, inout("eax") 1 => _, inout("edx") 0 => _),
            4 => asm!("int3"),
            5 => asm!("cli"),
            6 => asm!("jmp {0}", in(reg) 0x10u64),
            _ => {}
        }
    }
}

/// Takes an exception while nothing handles any: a triple fault.
pub(crate) fn unhandled() {
    super::trap::clear_gates();
    take(0);
}
