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

/// A split ring; with `BATCHES`, one used entry for all chains of a run, as IN_ORDER allows.
pub(crate) struct Split<const BATCHES: bool> {
    desc: u64,
    avail: u64,
    used: u64,
    next: u16,
}

impl<const BATCHES: bool> Split<BATCHES> {
    pub(crate) fn new([desc, avail, used]: Areas) -> Self {
        Self { desc, avail, used, next: 0 }
    }
}

impl<const BATCHES: bool> Device for Split<BATCHES> {
    #[inline(never)]
    fn run(&mut self) {
        let Self { desc, avail, used, mut next } = *self;
        let slot_of = |next: u16| u64::from(next & (QUEUE_SIZE - 1));
        // SAFETY: the driver set the ring up at these addresses and keeps it.
        unsafe {
            let idx = u16_at(avail + 2).load(Acquire);
            let first = slot_of(next);
            while next != idx {
                let slot = slot_of(next);
                let head = u16_at(avail + 4 + 2 * slot).load(Relaxed);
                let mut at = head;
                loop {
                    let desc = desc + 16 * u64::from(at);
                    let address = u64_at(desc).load(Relaxed);
                    let rest = u64_at(desc + 8).load(Relaxed);
                    black_box(address ^ rest);
                    if rest >> 32 & 1 == 0 {
                        break;
                    }
                    at = (rest >> 48) as u16;
                }
                next = next.wrapping_add(1);
                if !BATCHES || next == idx {
                    let entry = used + 4 + 8 * if BATCHES { first } else { slot };
                    u32_at(entry).store(head.into(), Relaxed);
                    u32_at(entry + 4).store(0, Relaxed);
                }
            }
            self.next = next;
            u16_at(used + 2).store(next, Release);
            // Whether to interrupt: the full barrier that a device needs (§2.7.7.2).
            fence(SeqCst);
            black_box(u16_at(avail).load(Relaxed));
        }
    }
}

/// A packed ring; with `BATCHES`, one used descriptor for all chains of a run, as IN_ORDER allows.
pub(crate) struct Packed<const BATCHES: bool> {
    ring: u64,
    driver_event: u64,
    /// The address of the next descriptor.
    next: u64,
    /// The state bits of descriptors that are available in this round.
    available: u16,
}

const STATE: u16 = 0x8080;

impl<const BATCHES: bool> Packed<BATCHES> {
    pub(crate) fn new([ring, driver_event, _]: Areas) -> Self {
        Self { ring, driver_event, next: ring, available: 0x80 }
    }
}

/// Writes a used descriptor at `desc`, in a round whose available descriptors have that state.
///
/// # Safety
/// The descriptor is there.
unsafe fn use_at(desc: u64, available: u16, id: u16) {
    // SAFETY: the caller's promise.
    unsafe {
        u32_at(desc + 8).store(0, Relaxed);
        u16_at(desc + 12).store(id, Relaxed);
        // Both bits as the one that says "available" in this round: 0x80 becomes 0x8080, and 0x8000 becomes 0.
        u16_at(desc + 14).store(available.wrapping_add(0x8000), Release);
    }
}

impl<const BATCHES: bool> Device for Packed<BATCHES> {
    #[inline(never)]
    fn run(&mut self) {
        let Self { ring, mut next, mut available, .. } = *self;
        // SAFETY: the driver set the ring up at these addresses and keeps it.
        unsafe {
            let first = (next, available);
            let mut last = None;
            loop {
                let (start, state) = (next, available);
                let mut flags = u16_at(next + 14).load(Acquire);
                if flags & STATE != state {
                    break;
                }
                let id = loop {
                    let address = u64_at(next).load(Relaxed);
                    let len = u32_at(next + 8).load(Relaxed);
                    let id = u16_at(next + 12).load(Relaxed);
                    black_box(address ^ u64::from(len));
                    next += 16;
                    if next == ring + 16 * u64::from(QUEUE_SIZE) {
                        (next, available) = (ring, available ^ STATE);
                    }
                    if flags & 1 == 0 {
                        break id;
                    }
                    flags = u16_at(next + 14).load(Relaxed);
                };
                last = Some(id);
                if !BATCHES {
                    use_at(start, state, id);
                }
            }
            (self.next, self.available) = (next, available);
            if let (true, Some(id)) = (BATCHES, last) {
                use_at(first.0, first.1, id);
            }
            // Whether to interrupt: the full barrier that a device needs (§2.8.10).
            fence(SeqCst);
            black_box(u16_at(self.driver_event + 2).load(Relaxed));
        }
    }
}
