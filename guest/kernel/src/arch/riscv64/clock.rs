//! The processor's view of the machine's clock.

use core::arch::asm;

use crate::arch::device_tree;

/// The clock.
pub(crate) fn ticks() -> u64 {
    let ticks;
    // SAFETY: reads a counter.
    unsafe { asm!("rdtime {}", out(reg) ticks, options(nomem, nostack, preserves_flags)) };
    ticks
}

/// Its frequency in kHz.
pub(crate) fn khz() -> u64 {
    /// What QEMU has, where the device tree does not say.
    const USUAL_HZ: u32 = 10_000_000;
    u64::from(device_tree::of_processors("timebase-frequency").unwrap_or(USUAL_HZ)) / 1000
}
