//! The memory of a split ring: descriptor table, available ring, used ring (VIRTIO 1.4 §2.7).

use core::{
    ptr::NonNull,
    sync::atomic::{
        AtomicU16, AtomicU32,
        Ordering::{Acquire, Relaxed, Release, SeqCst},
    },
};

use parakit_abi::ring::split::{AVAIL_ELEM_SIZE, DESC_F_NEXT, DESC_SIZE, RING_ENTRIES, RING_IDX, SplitLayout};
use parakit_abi::ring::split::{USED_ELEM_SIZE, USED_F_NO_NOTIFY};

use super::{
    fence::{Barrier, Reach, is_missing},
    format::{Element, Format, store64, word},
};
use crate::{
    platform::{DeviceAddress, DmaMemory},
    transport::QueueAddresses,
};

/// Pointers into the memory of one ring.
pub(in crate::queue) struct SplitRing {
    descriptors: NonNull<u8>,
    avail: NonNull<u8>,
    used: NonNull<u8>,
    /// Queue size - 1.
    mask: u16,
    reach: Reach,
    addresses: QueueAddresses,
}

// SAFETY: the memory belongs to the value that owns the ring, and every access to it is atomic.
unsafe impl Send for SplitRing {}
// SAFETY: as for `Send`.
unsafe impl Sync for SplitRing {}

/// The layout for a size that `Format::size` returned.
fn layout(size: u16, legacy: bool) -> SplitLayout {
    let layout = if legacy { SplitLayout::legacy(size) } else { SplitLayout::new(size) };
    layout.unwrap_or_else(|_| unreachable!("a power of two"))
}

impl Format for SplitRing {
    fn size(most: usize) -> Option<u16> {
        Some(1 << most.checked_ilog2()?)
    }

    fn bytes(size: u16, legacy: bool) -> usize {
        layout(size, legacy).total_size()
    }

    unsafe fn new(memory: DmaMemory, size: u16, legacy: bool, reach: Reach) -> Self {
        let layout = layout(size, legacy);
        debug_assert!(layout.total_size() <= memory.len);
        // SAFETY: the caller gives enough memory for these offsets.
        let at = |offset: usize| unsafe { memory.ptr.add(offset) };
        let device = |offset: usize| memory.device.wrapping_add(offset as u64);
        Self {
            descriptors: at(layout.desc_offset()),
            avail: at(layout.avail_offset()),
            used: at(layout.used_offset()),
            mask: layout.queue_size() - 1,
            reach,
            addresses: QueueAddresses {
                descriptor: device(layout.desc_offset()),
                driver: device(layout.avail_offset()),
                device: device(layout.used_offset()),
            },
        }
    }

    fn addresses(&self) -> QueueAddresses {
        self.addresses
    }

    #[inline]
    fn element(&mut self, element: Element) {
        let (flags, next) = if element.last { (element.flags, 0) } else { (element.flags | DESC_F_NEXT, element.next) };
        self.write_descriptor(element.slot, element.device, element.len, flags, next);
    }

    #[inline]
    fn commit(&mut self, _: u16) {}

    fn abandon(&mut self, _: u16) {}

    #[inline]
    fn table_entry(index: u16, last: bool, len: u32, flags: u16) -> u64 {
        // §2.7.5.3.1: with IN_ORDER the entries follow one another; without it they may as well.
        let (flags, next) = if last { (flags, 0) } else { (flags | DESC_F_NEXT, index + 1) };
        u64::from(len) | u64::from(flags) << 32 | u64::from(next) << 48
    }
}

impl SplitRing {
    /// # Safety
    /// `base + offset` is inside the ring's memory and aligned for a `u16`.
    #[inline]
    unsafe fn word(&self, base: NonNull<u8>, offset: usize) -> &AtomicU16 {
        // SAFETY: the caller's promise; the memory lives as long as the ring and is only accessed atomically.
        unsafe { word(base, offset) }
    }

    /// Both indices are `idx`, for a queue that nobody knows yet.
    pub(in crate::queue) fn start_at(&self, idx: u16) {
        // SAFETY: both indices are at a fixed, aligned offset of their ring.
        unsafe {
            self.word(self.avail, RING_IDX).store(idx.to_le(), Relaxed);
            self.word(self.used, RING_IDX).store(idx.to_le(), Relaxed);
        }
    }

    /// Writes descriptor `i` (modulo the queue size). Relaxed: `publish` orders it before the index.
    #[inline]
    fn write_descriptor(&self, i: u16, addr: DeviceAddress, len: u32, flags: u16, next: u16) {
        let rest = u64::from(len) | u64::from(flags) << 32 | u64::from(next) << 48;
        let offset = usize::from(i & self.mask) * DESC_SIZE;
        // SAFETY: the masked descriptor is inside the table, which is aligned to 16.
        unsafe {
            let descriptor = self.descriptors.add(offset).cast::<u64>();
            store64(descriptor, addr);
            store64(descriptor.add(1), rest);
        }
    }

    /// Writes the available ring entry for free-running index `idx`. Relaxed: `publish` orders it before the index.
    #[inline]
    pub(in crate::queue) fn write_avail(&self, idx: u16, head: u16) {
        let offset = RING_ENTRIES + AVAIL_ELEM_SIZE * usize::from(idx & self.mask);
        // SAFETY: the masked entry is inside the available ring, which is aligned to 2.
        unsafe { self.word(self.avail, offset) }.store(head.to_le(), Relaxed);
    }

    /// Makes the available entries before `idx` visible to the device, and orders that before the next read of
    /// [`wants_notification`](Self::wants_notification) or [`avail_event`](Self::avail_event).
    ///
    /// One sequentially consistent store does both. Its release half orders descriptors and entries before the index
    /// (VQ-SPLIT-DRV-IDX-1); the partner is the device's acquire load of the index. Being sequentially consistent, it
    /// is also ordered before the driver's read of the suppression word, which is too (VQ-SPLIT-DRV-KICK-1): the
    /// partner is the device's full barrier between writing that word and looking at the index once more. With any less,
    /// both sides can miss what the other just wrote, and the device sleeps on a full ring. On x86 the store is one
    /// `xchg`, which costs less than `mov` and `mfence`; on AArch64 it is `stlr`, which the `ldar` of the read waits for
    /// (and a barrier, for emulators: `Reach::extend_between`).
    #[inline]
    pub(in crate::queue) fn publish(&self, idx: u16) {
        // SAFETY: the index is at a fixed, aligned offset of the available ring.
        let word = unsafe { self.word(self.avail, RING_IDX) };
        self.reach.extend();
        word.store(idx.to_le(), if is_missing(Barrier::SplitKick) { Release } else { SeqCst });
        self.reach.extend_between();
    }

    /// `used.flags`: whether the device asks for notifications. For use without EVENT_IDX.
    #[inline]
    pub(in crate::queue) fn wants_notification(&self) -> bool {
        // SAFETY: the flags are at a fixed, aligned offset of the used ring.
        let flags = u16::from_le(unsafe { self.word(self.used, 0) }.load(SeqCst));
        flags & USED_F_NO_NOTIFY == 0
    }

    /// `avail_event`: the entry at which the device wants to be notified. For use with EVENT_IDX.
    #[inline]
    pub(in crate::queue) fn avail_event(&self) -> u16 {
        let offset = RING_ENTRIES + USED_ELEM_SIZE * (usize::from(self.mask) + 1);
        // SAFETY: `avail_event` is behind the last entry of the used ring and aligned.
        u16::from_le(unsafe { self.word(self.used, offset) }.load(SeqCst))
    }

    /// The device's used index. Acquire: what the device wrote before it, entries and buffers, is visible after it; the
    /// partner is the device's release of the index (§2.7.8.2).
    #[inline]
    pub(in crate::queue) fn used_idx(&self) -> u16 {
        // SAFETY: the index is at a fixed, aligned offset of the used ring.
        let idx = u16::from_le(unsafe { self.word(self.used, RING_IDX) }.load(Acquire));
        self.reach.extend();
        idx
    }

    /// Id and length of the used ring entry for free-running index `idx`.
    #[inline]
    pub(in crate::queue) fn used_entry(&self, idx: u16) -> (u32, u32) {
        let offset = RING_ENTRIES + USED_ELEM_SIZE * usize::from(idx & self.mask);
        // SAFETY: the masked entry is inside the used ring, which is aligned to 4.
        unsafe {
            let entry = self.used.add(offset).cast::<u32>();
            let id = AtomicU32::from_ptr(entry.as_ptr()).load(Relaxed);
            let len = AtomicU32::from_ptr(entry.add(1).as_ptr()).load(Relaxed);
            (u32::from_le(id), u32::from_le(len))
        }
    }

    /// Writes `avail.flags`, and orders that before the next read of the used index.
    ///
    /// The partner is the device's full barrier between writing the used index and reading this word: either the device
    /// sees that it must interrupt, or the driver sees the used buffer (§2.7.7).
    #[inline]
    pub(in crate::queue) fn set_avail_flags(&self, flags: u16) {
        self.arm(0, flags);
    }

    /// Writes `used_event`, with the order of [`set_avail_flags`](Self::set_avail_flags).
    #[inline]
    pub(in crate::queue) fn set_used_event(&self, idx: u16) {
        self.arm(RING_ENTRIES + AVAIL_ELEM_SIZE * (usize::from(self.mask) + 1), idx);
    }

    #[inline]
    fn arm(&self, offset: usize, value: u16) {
        // SAFETY: the flags are in front of the entries of the available ring, `used_event` behind them, and both aligned.
        let word = unsafe { self.word(self.avail, offset) };
        word.store(value.to_le(), if is_missing(Barrier::SplitInterrupt) { Release } else { SeqCst });
        self.reach.extend_between();
    }

    /// Reads the used index again after `set_avail_flags` or `set_used_event`, in their order; otherwise as
    /// [`used_idx`](Self::used_idx), since it is kept and entries are read without another look.
    #[inline]
    pub(in crate::queue) fn used_idx_after_arming(&self) -> u16 {
        // SAFETY: as for `used_idx`.
        let idx = u16::from_le(unsafe { self.word(self.used, RING_IDX) }.load(SeqCst));
        self.reach.extend();
        idx
    }
}
