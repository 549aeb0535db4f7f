//! Interrupts, sleeping, and exception reports; the stubs are in `asm/trap.s`.

use core::arch::asm;
use core::fmt;
use core::mem::{offset_of, size_of};

use parakit_abi::boot::exit;

use super::registers::General;
use super::{clint, cpu, plic, power};
use crate::outcome;
use crate::vectors::{self, SPURIOUS, TIMER};

/// What the stub saves: [`Frame`], and twenty registers and the status of the floating point.
const SAVED: usize = 0x1d0;

core::arch::global_asm!(
    include_str!("asm/trap.s"),
    frame = const SAVED,
    sp = const offset_of!(General, sp),
    interrupt = sym interrupt,
    exception = sym exception,
    end = sym power::end,
    exit_exception = const exit::EXCEPTION,
);

/// What the stub saves of an exception, in the order of its addresses.
#[repr(C)]
struct Frame {
    general: General,
    mcause: u64,
    mepc: u64,
    mtval: u64,
    mstatus: u64,
}

const _: () = assert!(offset_of!(Frame, mcause) == 0xf8 && size_of::<Frame>() <= 0x120 && SAVED.is_multiple_of(16));

/// Interrupts of a processor, by their number in `mcause`; the same in `mie`.
const SOFTWARE: u64 = 3;
const MACHINE_TIMER: u64 = 7;
const EXTERNAL: u64 = 11;

/// Enables the interrupts of this processor.
pub(crate) fn enable() {
    plic::enable();
    // SAFETY: each of them has its stub.
    unsafe {
        asm!("csrs mie, {}", in(reg) 1u64 << SOFTWARE | 1 << MACHINE_TIMER | 1 << EXTERNAL, options(nostack, preserves_flags))
    }
}

/// Takes an interrupt. Called by the stub.
extern "C" fn interrupt(cause: u64) {
    let counters = cpu::this();
    match cause & !(1 << 63) {
        SOFTWARE => clint::take_software().for_each(|vector| counters.count(vector)),
        MACHINE_TIMER => {
            clint::stop_timer();
            counters.count(TIMER);
        }
        EXTERNAL => plic::take(),
        _ => counters.count(SPURIOUS),
    }
}

impl Frame {
    fn name(&self) -> &'static str {
        match self.mcause {
            0 => "misaligned instruction",
            1 => "no access to the instruction",
            2 => "illegal instruction",
            3 => "breakpoint",
            4 => "misaligned load",
            5 => "no access for the load",
            6 => "misaligned store",
            7 => "no access for the store",
            11 => "environment call",
            _ => "exception",
        }
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (cause {}) at pc {:#x}, address {:#x}", self.name(), self.mcause, self.mepc, self.mtval)?;
        write!(f, "{}\nmstatus {:x}", self.general, self.mstatus)
    }
}

/// Reports an exception, and ends the run. Called by the stub, on the stack of traps.
extern "C" fn exception(frame: *const Frame) -> ! {
    // SAFETY: the stub passes the address of the frame that it built, which nothing writes to.
    let frame = unsafe { &*frame };
    outcome::exception(format_args!("{frame}"))
}

/// Sleeps this processor until its [`vectors::total`] differs from `seen`; returns at once if it does already. Never misses an
/// interrupt that came between the caller's look and the wait.
pub(crate) fn sleep(seen: u32) {
    // SAFETY: interrupts are off between look and wait; one that is pending ends the wait all the same, and is taken when they are
    // on again. The interrupt changes memory, which the compiler is told of.
    unsafe {
        asm!("csrci mstatus, 8", options(nostack, preserves_flags));
        if vectors::total() == seen {
            asm!("wfi", options(nostack, preserves_flags));
        }
        asm!("csrsi mstatus, 8", options(nostack, preserves_flags));
    }
}
