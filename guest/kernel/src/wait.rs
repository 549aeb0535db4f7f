//! Waiting for interrupts, with timeouts.

use core::hint::spin_loop;
use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::{apic, time, trap};

/// How long to look before going to sleep, in microseconds: the round trip through the halt costs about as much.
const SPIN_US: u64 = 20;
/// Longest sleep without a look at the time, in milliseconds. The frequency of the timer's clock is not known on every
/// machine: where it is slower than [`TIMER_TICKS_PER_MS`] says, timeouts come late by this much times the ratio.
const SLICE_MS: u64 = 10;
/// Ticks of the local APIC's timer in a millisecond, as KVM has it.
const TIMER_TICKS_PER_MS: u64 = 1_000_000;

/// Time stamp at which the timer interrupts, if it is running.
static TIMER_DUE: AtomicU64 = AtomicU64::new(0);
/// Timer interrupts taken when it was started, plus one: what the count is once it has interrupted.
static TIMER_NEXT: AtomicU32 = AtomicU32::new(0);

/// Sees to it that the timer interrupts within [`SLICE_MS`] and, as far as its clock is known, within `ticks` of the
/// time stamp counter.
fn start_timer(now: u64, ticks: u64) {
    let slice = time::ticks_in_ms(SLICE_MS);
    let ticks = ticks.min(slice);
    let due = now + ticks;
    let running = trap::count(trap::TIMER) != TIMER_NEXT.load(Ordering::Relaxed);
    if running && TIMER_DUE.load(Ordering::Relaxed) <= due {
        return;
    }
    TIMER_DUE.store(due, Ordering::Relaxed);
    TIMER_NEXT.store(trap::count(trap::TIMER).wrapping_add(1), Ordering::Relaxed);
    // At most `SLICE_MS`, so that it fits; at least one, because zero would stop the timer.
    let timer_ticks = (SLICE_MS * TIMER_TICKS_PER_MS * ticks / slice).max(1);
    apic::set_timer(timer_ticks as u32);
}

/// Waits until `done` says yes, looking again after every interrupt. Returns whether it did within `timeout_ms`.
pub(crate) fn until(timeout_ms: u64, done: impl Fn() -> bool) -> bool {
    let start = time::ticks();
    let limit = time::ticks_in_ms(timeout_ms);
    let spin = time::ticks_in_ms(SPIN_US) / 1000;
    loop {
        let seen = trap::total();
        if done() {
            return true;
        }
        let now = time::ticks();
        let elapsed = now.saturating_sub(start);
        if elapsed >= limit {
            return false;
        }
        if elapsed < spin {
            spin_loop();
            continue;
        }
        start_timer(now, limit - elapsed);
        trap::sleep(seen);
    }
}
