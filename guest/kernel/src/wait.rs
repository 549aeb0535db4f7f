//! Waiting for interrupts, with timeouts.

use core::hint::spin_loop;
use core::sync::atomic::Ordering;

use crate::arch::{cpu, interrupts};
use crate::{time, vectors};

/// How long to look before going to sleep, in microseconds: the round trip through the halt costs about as much.
const SPIN_US: u64 = 20;
/// Longest sleep without a look at the time, in milliseconds. The frequency of the timer's clock is not known on every
/// machine: where it is slower than assumed, timeouts come late by this much times the ratio.
const SLICE_MS: u64 = 10;
/// The same where another processor may take the interrupt that is waited for, in microseconds: nobody wakes this one then.
const SLICE_ELSEWHERE_US: u64 = 500;

/// Sees to it that the timer interrupts within [`SLICE_MS`] and, as far as its clock is known, within `ticks`.
fn start_timer(now: u64, ticks: u64) {
    let slice = time::ticks_in_ms(SLICE_MS);
    let ticks = ticks.min(slice);
    let due = now + ticks;
    // Relaxed: only this processor uses them.
    let cpu = cpu::this();
    let running = vectors::count_here(vectors::TIMER) != cpu.timer_next.load(Ordering::Relaxed);
    if running && cpu.timer_due.load(Ordering::Relaxed) <= due {
        return;
    }
    cpu.timer_due.store(due, Ordering::Relaxed);
    cpu.timer_next.store(vectors::count_here(vectors::TIMER).wrapping_add(1), Ordering::Relaxed);
    // At most `SLICE_MS`, so that it fits.
    interrupts::set_timer((SLICE_MS * 1_000_000 * ticks / slice) as u32);
}

/// Waits until `done` says yes, looking again after every interrupt of this processor. Returns whether it did within `timeout_ms`.
pub(crate) fn until(timeout_ms: u64, done: impl Fn() -> bool) -> bool {
    wait(timeout_ms, time::ticks_in_ms(SLICE_MS), done)
}

/// The same where interrupts of other processors count: looks again from time to time, too.
pub(crate) fn until_elsewhere(timeout_ms: u64, done: impl Fn() -> bool) -> bool {
    wait(timeout_ms, time::ticks_in_ms(SLICE_ELSEWHERE_US) / 1000, done)
}

fn wait(timeout_ms: u64, slice: u64, done: impl Fn() -> bool) -> bool {
    let start = time::ticks();
    let limit = time::ticks_in_ms(timeout_ms);
    let spin = time::ticks_in_ms(SPIN_US) / 1000;
    loop {
        // First, since ending an interrupt may let the next one in at once: that one has to end the sleep, which would else go on for good,
        // because no interrupt of a lower priority, such as the timer's, comes while it is in service.
        let seen = vectors::total();
        // Whoever waits has done what there was to do for the last interrupt.
        interrupts::end_level();
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
        start_timer(now, slice.min(limit - elapsed));
        interrupts::sleep(seen);
    }
}
