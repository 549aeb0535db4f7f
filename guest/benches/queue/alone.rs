//! The device sides by themselves: their share in the time of a round.
//!
//! What a driver leaves in the ring is written once; each round makes it available anew with the fewest stores that do, so
//! that what is timed is the device's work and little else.

use std::sync::atomic::{
    AtomicU16, AtomicU64,
    Ordering::{Relaxed, Release},
};

use crate::{
    Driver,
    device::{Device, Packed, QUEUE_SIZE, Split},
};

/// Memory for a ring of either format.
#[repr(C, align(64))]
struct Memory([AtomicU64; 1024]);

impl Memory {
    fn new() -> Box<Self> {
        Box::new(Self([const { AtomicU64::new(0) }; 1024]))
    }

    fn address(&self) -> u64 {
        std::ptr::from_ref(self) as u64
    }

    fn word(&self, offset: usize) -> &AtomicU16 {
        assert!(offset < size_of::<Self>());
        // SAFETY: the word is inside, aligned, and atomic for everybody.
        unsafe { AtomicU16::from_ptr((self.address() as *mut u8).add(offset).cast()) }
    }
}

struct SplitAlone {
    memory: Box<Memory>,
    device: Split<false>,
    next: u16,
}

const AVAIL: usize = 16 * QUEUE_SIZE as usize;
const USED: usize = AVAIL + 1024;

impl Driver for SplitAlone {
    #[inline(never)]
    fn rounds(&mut self, rounds: u32) {
        for _ in 0..rounds {
            self.next = self.next.wrapping_add(1);
            self.memory.word(AVAIL + 2).store(self.next, Release);
            self.device.run();
        }
    }
}

struct PackedAlone {
    memory: Box<Memory>,
    device: Packed<false>,
    at: u16,
    available: u16,
}

impl Driver for PackedAlone {
    #[inline(never)]
    fn rounds(&mut self, rounds: u32) {
        for _ in 0..rounds {
            self.memory.word(16 * usize::from(self.at) + 14).store(self.available, Release);
            self.at += 1;
            if self.at == QUEUE_SIZE {
                (self.at, self.available) = (0, self.available ^ 0x8080);
            }
            self.device.run();
        }
    }
}

/// A split ring's device, with a chain of one descriptor a round.
pub(crate) fn split() -> Box<dyn Driver> {
    let memory = Memory::new();
    for i in 0..usize::from(QUEUE_SIZE) {
        memory.word(AVAIL + 4 + 2 * i).store(i as u16, Relaxed);
    }
    let base = memory.address();
    let device = Split::new([base, base + AVAIL as u64, base + USED as u64]);
    Box::new(SplitAlone { memory, device, next: 0 })
}

/// A packed ring's device, with a chain of one descriptor a round.
pub(crate) fn packed() -> Box<dyn Driver> {
    let memory = Memory::new();
    let base = memory.address();
    let device = Packed::new([base, base + AVAIL as u64, base + USED as u64]);
    Box::new(PackedAlone { memory, device, at: 0, available: 0x80 })
}
