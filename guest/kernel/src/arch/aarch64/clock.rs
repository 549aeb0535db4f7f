//! The generic timer: its virtual counter and timer.

use core::arch::asm;

/// Number of the virtual timer's interrupt: the same on every machine that follows the Base System Architecture.
pub(super) const INTERRUPT: u32 = 27;

/// The counter.
pub(crate) fn ticks() -> u64 {
    let ticks;
    // SAFETY: reads a counter that EL1 may read. The barrier keeps the read from being made early.
    unsafe { asm!("isb", "mrs {}, cntvct_el0", out(reg) ticks, options(nomem, nostack, preserves_flags)) };
    ticks
}

/// Frequency of the counter in kHz.
pub(crate) fn khz() -> u64 {
    let hz: u64;
    // SAFETY: reads a register that EL1 may read.
    unsafe { asm!("mrs {}, cntfrq_el0", out(reg) hz, options(nomem, nostack, preserves_flags)) };
    hz / 1000
}

/// Sets the timer to interrupt once, `ns` nanoseconds from now.
pub(crate) fn set_timer(ns: u32) {
    let due = ticks() + u64::from(ns) * khz() / 1_000_000;
    // SAFETY: sets this processor's timer, whose interrupt has a stub.
    unsafe {
        asm!("msr cntv_cval_el0, {}", "msr cntv_ctl_el0, {}", "isb", in(reg) due, in(reg) 1u64, options(nomem, nostack, preserves_flags))
    };
}

/// Stops the timer.
pub(super) fn stop_timer() {
    // SAFETY: stops this processor's timer.
    unsafe { asm!("msr cntv_ctl_el0, xzr", "isb", options(nomem, nostack, preserves_flags)) };
}
