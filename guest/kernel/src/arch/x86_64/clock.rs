//! The time stamp counter.

use core::arch::x86_64::_rdtsc;

/// Frequency of the counter in kHz. The machine does not say it: this is near that of common servers, so that timeouts are of the
/// right order.
pub(crate) fn khz() -> u64 {
    2_500_000
}

/// Time stamp counter.
pub(crate) fn ticks() -> u64 {
    // SAFETY: ring 3 may read the counter (CR4.TSD is clear), and every x86-64 processor has it.
    unsafe { _rdtsc() }
}
