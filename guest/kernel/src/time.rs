//! Time from the time stamp counter.

use core::arch::x86_64::_rdtsc;
use core::sync::atomic::{AtomicU64, Ordering};

/// Frequency assumed when nobody said: near that of common servers, so that timeouts are of the right order.
const ASSUMED_KHZ: u64 = 2_500_000;

static KHZ: AtomicU64 = AtomicU64::new(ASSUMED_KHZ);

/// Time stamp counter.
pub(crate) fn ticks() -> u64 {
    // SAFETY: ring 3 may read the counter (CR4.TSD is clear), and every x86-64 processor has it.
    unsafe { _rdtsc() }
}

/// Sets the frequency of the counter in kHz; 0 leaves the assumed one.
pub(crate) fn set_frequency(khz: u64) {
    if khz != 0 {
        KHZ.store(khz, Ordering::Relaxed);
    }
}

/// Ticks in `ms` milliseconds.
pub(crate) fn ticks_in_ms(ms: u64) -> u64 {
    ms.saturating_mul(KHZ.load(Ordering::Relaxed))
}

/// Nanoseconds in `ticks` ticks.
pub(crate) fn ns_of(ticks: u64) -> u64 {
    let khz = KHZ.load(Ordering::Relaxed);
    // A run is short of the 2^64 ns that would not fit.
    (u128::from(ticks) * 1_000_000 / u128::from(khz)) as u64
}
