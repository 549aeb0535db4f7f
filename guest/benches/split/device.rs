//! The device side of both: what VIRTIO 1.4 §2.7 asks for, over raw memory, and nothing more.

use std::sync::atomic::{
    AtomicU16, AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
    fence,
};

pub(crate) const QUEUE_SIZE: u16 = 256;

pub(crate) struct Device {
    desc: u64,
    avail: u64,
    used: u64,
    next: u16,
}

/// # Safety
/// `address` is that of an aligned, valid `u16` that is accessed atomically.
unsafe fn u16_at(address: u64) -> &'static AtomicU16 {
    // SAFETY: the caller's promise.
    unsafe { AtomicU16::from_ptr(address as *mut u16) }
}

impl Device {
    pub(crate) fn new(desc: u64, avail: u64, used: u64) -> Self {
        Self { desc, avail, used, next: 0 }
    }

    /// Uses all available chains, each with the number of its descriptors as written length, and shows them at once.
    #[inline(never)]
    pub(crate) fn run(&mut self) {
        // SAFETY: the driver set the ring up at these addresses and keeps it.
        unsafe {
            let idx = u16_at(self.avail + 2).load(Acquire);
            while self.next != idx {
                let slot = u64::from(self.next & (QUEUE_SIZE - 1));
                let head = u16_at(self.avail + 4 + 2 * slot).load(Relaxed);
                let mut at = head;
                let mut sum = 0u64;
                loop {
                    let desc = self.desc + 16 * u64::from(at);
                    let address = AtomicU64::from_ptr(desc as *mut u64).load(Relaxed);
                    let rest = AtomicU64::from_ptr((desc + 8) as *mut u64).load(Relaxed);
                    sum = sum.wrapping_add(address ^ rest);
                    if rest >> 32 & 1 == 0 {
                        break;
                    }
                    at = (rest >> 48) as u16;
                }
                std::hint::black_box(sum);
                let used = self.used + 4 + 8 * slot;
                AtomicU32::from_ptr(used as *mut u32).store(head.into(), Relaxed);
                AtomicU32::from_ptr((used + 4) as *mut u32).store(0, Relaxed);
                self.next = self.next.wrapping_add(1);
            }
            u16_at(self.used + 2).store(self.next, Release);
            // Whether to interrupt: the full barrier that a device needs (§2.7.7.2).
            fence(SeqCst);
            std::hint::black_box(u16_at(self.avail).load(Relaxed));
        }
    }
}
