//! Time from the machine's counter.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::arch::clock;
pub(crate) use crate::arch::clock::ticks;

/// Frequency of the counter; set before anybody asks for the time.
static KHZ: AtomicU64 = AtomicU64::new(1_000_000);

/// Sets the frequency of the counter in kHz; 0 for the one that the machine knows.
pub(crate) fn set_frequency(khz: u64) {
    let khz = if khz == 0 { clock::khz() } else { khz };
    KHZ.store(khz.max(1), Ordering::Relaxed);
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
