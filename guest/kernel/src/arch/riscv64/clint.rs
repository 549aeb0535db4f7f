//! The timer, and interrupts from processor to processor (CLINT).

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use super::{clock, cpu};
use crate::arch::device_tree;
use crate::time;
use crate::vectors::{OWN, PING};

const SOFTWARE: usize = 0x0000;
const TIMER: usize = 0x4000;

static BASE: AtomicUsize = AtomicUsize::new(0);

/// Which of [`OWN_VECTORS`] a processor was sent, a bit each: the interrupt itself does not say.
static SENT: [AtomicU32; cpu::MAX] = [const { AtomicU32::new(0) }; cpu::MAX];
/// Vectors that processors send each other.
const OWN_VECTORS: [u8; 2] = [OWN, PING];

/// Finds the registers.
pub(super) fn find() {
    let node = device_tree::find(&["sifive,clint0", "riscv,clint0"]);
    let Some(place) = node.and_then(|node| device_tree::registers(node, 0)) else {
        panic!("the machine has no CLINT: no timer");
    };
    BASE.store(place.start as usize, Ordering::Relaxed);
    stop_timer();
}

fn set_due(due: u64) {
    let register = BASE.load(Ordering::Relaxed) + TIMER + 8 * cpu::index();
    // SAFETY: this processor's register, which holds no Rust object.
    unsafe { (register as *mut u64).write_volatile(due) }
}

/// Sets the timer to interrupt once, `ns` nanoseconds from now.
pub(crate) fn set_timer(ns: u32) {
    set_due(clock::ticks() + time::ticks_in_ms(u64::from(ns)) / 1_000_000);
}

/// Stops the timer.
pub(super) fn stop_timer() {
    set_due(u64::MAX);
}

fn set_software(index: usize, pending: u32) {
    let register = BASE.load(Ordering::Relaxed) + SOFTWARE + 4 * index;
    // SAFETY: the register of a processor, which holds no Rust object.
    unsafe { (register as *mut u32).write_volatile(pending) }
}

/// Interrupts this processor.
pub(crate) fn interrupt_self(vector: u8) {
    interrupt(cpu::index(), vector);
}

/// Interrupts processor `index`, which may be this one, on one of the vectors that processors have for that.
pub(crate) fn interrupt(index: usize, vector: u8) {
    let (Some(number), Some(sent)) = (OWN_VECTORS.iter().position(|&own| own == vector), SENT.get(index)) else {
        return;
    };
    // Release: the partner is the swap in `take_software`.
    sent.fetch_or(1 << number, Ordering::Release);
    set_software(index, 1);
}

/// Takes the interrupts that processors sent to this one: their vectors.
pub(super) fn take_software() -> impl Iterator<Item = u8> {
    let index = cpu::index();
    set_software(index, 0);
    let sent = SENT[index].swap(0, Ordering::Acquire);
    OWN_VECTORS.into_iter().enumerate().filter(move |(i, _)| sent & 1 << i != 0).map(|(_, vector)| vector)
}
