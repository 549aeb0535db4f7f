//! The time stamp counter.

use core::arch::x86_64::_rdtsc;

/// Frequency assumed when nobody said: near that of common servers, so that timeouts are of the right order.
pub(crate) const ASSUMED_KHZ: u64 = 2_500_000;

/// Time stamp counter.
pub(crate) fn ticks() -> u64 {
    // SAFETY: ring 3 may read the counter (CR4.TSD is clear), and every x86-64 processor has it.
    unsafe { _rdtsc() }
}
