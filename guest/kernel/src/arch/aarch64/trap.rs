//! Sleeping, and exception reports; the stubs are in `asm/trap.s`.

use core::arch::asm;
use core::fmt;
use core::mem::{offset_of, size_of};

use parakit_abi::boot::exit;

use super::registers::General;
use super::{gic, psci};
use crate::{outcome, vectors};

/// Bytes that the stub of an interrupt saves of the general registers.
const SAVED: usize = 0xb0;

core::arch::global_asm!(
    include_str!("asm/trap.s"),
    saved = const SAVED,
    frame = const size_of::<Frame>(),
    interrupt = sym gic::take,
    exception = sym exception,
    end = sym psci::end,
    exit_exception = const exit::EXCEPTION,
);

/// What the stub of an exception saves, in the order of its addresses.
#[repr(C, align(16))]
struct Frame {
    general: General,
    elr: u64,
    spsr: u64,
    esr: u64,
    far: u64,
}

const _: () = assert!(offset_of!(Frame, elr) == 0x100 && size_of::<Frame>() == 0x120);

impl Frame {
    /// What happened, by the class of the exception.
    fn name(&self) -> &'static str {
        match self.esr >> 26 & 0x3f {
            0x00 => "unknown instruction",
            0x07 => "floating point is off",
            0x0e => "illegal execution state",
            0x15 => "supervisor call",
            0x18 => "system register",
            0x20 | 0x21 => "instruction abort",
            0x22 => "misaligned instruction",
            0x24 | 0x25 => "data abort",
            0x26 => "misaligned stack",
            0x2f => "system error",
            0x3c => "breakpoint",
            _ => "exception",
        }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (syndrome {:#x}) at pc {:#x}, address {:#x}", self.name(), self.esr, self.elr, self.far)?;
        write!(f, "{}\nspsr {:08x}", self.general, self.spsr)
    }
}

/// Reports an exception, and ends the run. Called by the stub, on the stack of EL1.
extern "C" fn exception(frame: *const Frame) -> ! {
    // SAFETY: the stub passes the address of the frame that it built, which nothing writes to.
    let frame = unsafe { &*frame };
    outcome::exception(format_args!("{frame}"))
}

/// Sleeps this processor until its [`vectors::total`] differs from `seen`; returns at once if it does already. Never misses an
/// interrupt that came between the caller's look and the wait.
pub(crate) fn sleep(seen: u32) {
    // SAFETY: interrupts are masked between look and wait; one that is pending ends the wait all the same, and is taken when they
    // are unmasked. The interrupt changes memory, which the compiler is told of.
    unsafe {
        asm!("msr daifset, #2", options(nostack, preserves_flags));
        if vectors::total() == seen {
            asm!("dsb sy", "wfi", options(nostack, preserves_flags));
        }
        asm!("msr daifclr, #2", "isb", options(nostack, preserves_flags));
    }
}
