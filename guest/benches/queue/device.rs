//! The device sides: what VIRTIO 1.4 §2.7 and §2.8 ask for, over raw memory, and nothing more. One for each format, written
//! alike; neither knows which driver it serves.

use std::{
    hint::black_box,
    sync::atomic::{
        AtomicU16, AtomicU32, AtomicU64,
        Ordering::{Acquire, Relaxed, Release, SeqCst},
        fence,
    },
};

pub(crate) const QUEUE_SIZE: u16 = 256;

/// Where descriptor area, driver area and device area are.
pub(crate) type Areas = [u64; 3];

/// The device side of a ring: uses all available chains and shows them at once.
pub(crate) trait Device {
    fn run(&mut self);
}

/// # Safety
/// `address` is that of an aligned, valid `u16` that is accessed atomically.
unsafe fn u16_at(address: u64) -> &'static AtomicU16 {
    // SAFETY: the caller's promise.
    unsafe { AtomicU16::from_ptr(address as *mut u16) }
}

/// # Safety
/// As for `u16_at`.
unsafe fn u32_at(address: u64) -> &'static AtomicU32 {
    // SAFETY: the caller's promise.
    unsafe { AtomicU32::from_ptr(address as *mut u32) }
}

/// # Safety
/// As for `u16_at`.
unsafe fn u64_at(address: u64) -> &'static AtomicU64 {
    // SAFETY: the caller's promise.
    unsafe { AtomicU64::from_ptr(address as *mut u64) }
}

/// A split ring.
pub(crate) struct Split {
    desc: u64,
    avail: u64,
    used: u64,
    next: u16,
    /// One used entry for all chains of a run, as IN_ORDER allows.
    batches: bool,
}

impl Split {
    pub(crate) fn new([desc, avail, used]: Areas, batches: bool) -> Self {
        Self { desc, avail, used, next: 0, batches }
    }
}

impl Device for Split {
    #[inline(never)]
    fn run(&mut self) {
        // SAFETY: the driver set the ring up at these addresses and keeps it.
        unsafe {
            let idx = u16_at(self.avail + 2).load(Acquire);
            let first = u64::from(self.next & (QUEUE_SIZE - 1));
            while self.next != idx {
                let slot = u64::from(self.next & (QUEUE_SIZE - 1));
                let head = u16_at(self.avail + 4 + 2 * slot).load(Relaxed);
                let mut at = head;
                let mut sum = 0u64;
                loop {
                    let desc = self.desc + 16 * u64::from(at);
                    let address = u64_at(desc).load(Relaxed);
                    let rest = u64_at(desc + 8).load(Relaxed);
                    sum = sum.wrapping_add(address ^ rest);
                    if rest >> 32 & 1 == 0 {
                        break;
                    }
                    at = (rest >> 48) as u16;
                }
                black_box(sum);
                self.next = self.next.wrapping_add(1);
                if !self.batches || self.next == idx {
                    let used = self.used + 4 + 8 * if self.batches { first } else { slot };
                    u32_at(used).store(head.into(), Relaxed);
                    u32_at(used + 4).store(0, Relaxed);
                }
            }
            u16_at(self.used + 2).store(self.next, Release);
            // Whether to interrupt: the full barrier that a device needs (§2.7.7.2).
            fence(SeqCst);
            black_box(u16_at(self.avail).load(Relaxed));
        }
    }
}

/// A packed ring.
pub(crate) struct Packed {
    ring: u64,
    driver_event: u64,
    at: u16,
    /// The state bits of descriptors that are available in this round.
    available: u16,
    /// One used descriptor for all chains of a run, as IN_ORDER allows.
    batches: bool,
}

const STATE: u16 = 0x8080;

impl Packed {
    pub(crate) fn new([ring, driver_event, _]: Areas, batches: bool) -> Self {
        Self { ring, driver_event, at: 0, available: 0x80, batches }
    }

    /// Writes a used descriptor at `at`, in a round whose available descriptors have that state.
    ///
    /// # Safety
    /// The ring is there.
    unsafe fn use_at(&self, at: u16, available: u16, id: u16) {
        let desc = self.ring + 16 * u64::from(at);
        // SAFETY: the caller's promise.
        unsafe {
            u32_at(desc + 8).store(0, Relaxed);
            u16_at(desc + 12).store(id, Relaxed);
            u16_at(desc + 14).store(if available == 0x80 { STATE } else { 0 }, Release);
        }
    }
}

impl Device for Packed {
    #[inline(never)]
    fn run(&mut self) {
        // SAFETY: the driver set the ring up at these addresses and keeps it.
        unsafe {
            let first = (self.at, self.available);
            let mut last = None;
            loop {
                let (start, available) = (self.at, self.available);
                let mut flags = u16_at(self.ring + 16 * u64::from(start) + 14).load(Acquire);
                if flags & STATE != available {
                    break;
                }
                let mut sum = 0u64;
                let id = loop {
                    let desc = self.ring + 16 * u64::from(self.at);
                    let address = u64_at(desc).load(Relaxed);
                    let len = u32_at(desc + 8).load(Relaxed);
                    let id = u16_at(desc + 12).load(Relaxed);
                    sum = sum.wrapping_add(address ^ u64::from(len));
                    self.at += 1;
                    if self.at == QUEUE_SIZE {
                        (self.at, self.available) = (0, self.available ^ STATE);
                    }
                    if flags & 1 == 0 {
                        break id;
                    }
                    flags = u16_at(self.ring + 16 * u64::from(self.at) + 14).load(Relaxed);
                };
                black_box(sum);
                last = Some(id);
                if !self.batches {
                    self.use_at(start, available, id);
                }
            }
            if let (true, Some(id)) = (self.batches, last) {
                self.use_at(first.0, first.1, id);
            }
            // Whether to interrupt: the full barrier that a device needs (§2.8.10).
            fence(SeqCst);
            black_box(u16_at(self.driver_event + 2).load(Relaxed));
        }
    }
}
