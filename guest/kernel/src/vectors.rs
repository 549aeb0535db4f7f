//! Interrupts by number, and how many came.
//!
//! A *vector* is the kernel's own number for a source of interrupts; the stubs of the architecture count it, and do nothing else.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::arch::cpu;

/// Vector of the timer: on x86, a priority class below every device.
pub(crate) const TIMER: u8 = 0x30;
/// Vector of the interrupts that processors send to each other and to themselves.
pub(crate) const OWN: u8 = 0x31;
/// Vector of the interrupts that a self-test sends from processor to processor.
pub(crate) const PING: u8 = 0x32;
/// Vector of interrupts that nobody sent.
pub(crate) const SPURIOUS: u8 = 0xff;
/// Vectors that belong to the kernel.
pub(crate) const KERNEL: [u8; 4] = [TIMER, OWN, PING, SPURIOUS];
/// The first vector of the lines of PCI functions, which are level-triggered: one a line; on x86, below every message of a device.
pub(crate) const FIRST_LEVEL: u8 = 0x38;
/// The last of them.
pub(crate) const LAST_LEVEL: u8 = 0x3f;

/// What a processor counts, and its timer.
#[repr(C)]
pub(crate) struct Counters {
    /// Interrupts taken; wrapping.
    pub(crate) total: AtomicU32,
    /// Interrupts taken, by vector; wrapping.
    pub(crate) counts: [AtomicU32; 256],
    /// Time at which the timer interrupts, if it is running.
    pub(crate) timer_due: AtomicU64,
    /// Timer interrupts taken when it was started, plus one: what the count is once it has interrupted.
    pub(crate) timer_next: AtomicU32,
    /// Whether the processor takes interrupts and jobs.
    pub(crate) online: AtomicU32,
}

#[cfg(not(target_arch = "x86_64"))]
impl Counters {
    /// Of a processor that has taken no interrupt.
    pub(crate) const fn new() -> Self {
        Self {
            total: AtomicU32::new(0),
            counts: [const { AtomicU32::new(0) }; 256],
            timer_due: AtomicU64::new(0),
            timer_next: AtomicU32::new(0),
            online: AtomicU32::new(0),
        }
    }

    /// Counts an interrupt, in its stub.
    pub(crate) fn count(&self, vector: u8) {
        // Release: the partner is the load in `count_here`.
        self.counts[usize::from(vector)].fetch_add(1, Ordering::Release);
        self.total.fetch_add(1, Ordering::Release);
    }
}

/// Interrupts taken on `vector` so far by all processors, wrapping.
pub(crate) fn count(vector: u8) -> u32 {
    (0..cpu::MAX).fold(0, |sum, index| sum.wrapping_add(count_at(index, vector)))
}

/// Interrupts taken on `vector` so far by processor `index`, wrapping; 0 if there is none of that number.
pub(crate) fn count_at(index: usize, vector: u8) -> u32 {
    // Acquire: as in `count_here`; another processor's interrupt is seen when it is seen.
    cpu::get(index).map_or(0, |cpu| cpu.counts[usize::from(vector)].load(Ordering::Acquire))
}

/// Interrupts taken on `vector` so far by this processor, wrapping.
pub(crate) fn count_here(vector: u8) -> u32 {
    // Acquire: the partner is the increment in the stub, which runs on this processor between two instructions of the
    // caller; what is read after this is not read before it.
    cpu::this().counts[usize::from(vector)].load(Ordering::Acquire)
}

/// Interrupts taken so far by this processor on any vector, wrapping.
pub(crate) fn total() -> u32 {
    // Acquire: as in `count_here`.
    cpu::this().total.load(Ordering::Acquire)
}
