//! Ring memory: descriptor table, available ring, used ring (VIRTIO 1.4 §2.7), and room for headers and trailers.
//!
//! All of it can be written by the device at any time, so every access is atomic, and what is read is only ever
//! compared. Offsets are masked with the queue size, so no access leaves the memory whatever is passed in.

use core::{
    ptr::NonNull,
    sync::atomic::{
        AtomicU8, AtomicU16, AtomicU32,
        Ordering::{Acquire, Relaxed, SeqCst},
    },
};

use parakit_abi::ring::split::{AVAIL_ELEM_SIZE, DESC_SIZE, RING_ENTRIES, RING_IDX, SplitLayout, USED_ELEM_SIZE};

use crate::{
    platform::{DeviceAddress, DmaMemory},
    transport::QueueAddresses,
};

/// Bytes at both ends of each chain that the queue itself provides.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::queue) struct Room {
    /// Bytes of the header that the device reads.
    pub(in crate::queue) header: u16,
    /// Bytes of the trailer that the device writes.
    pub(in crate::queue) trailer: u16,
    /// Distance between two chains' headers.
    stride: u32,
}

impl Room {
    pub(in crate::queue) fn new(header: u16, trailer: u16) -> Self {
        // The header starts at a multiple of 16 and the trailer behind it at a multiple of 4, where devices expect
        // structures of words to be aligned.
        let stride = if header == 0 && trailer == 0 {
            0
        } else {
            (u32::from(header).next_multiple_of(4) + u32::from(trailer)).next_multiple_of(16)
        };
        Self { header, trailer, stride }
    }

    fn trailer_offset(self) -> usize {
        usize::from(self.header).next_multiple_of(4)
    }
}

/// Stores a little-endian `u64`, in halves where the CPU has no 64-bit atomics.
///
/// # Safety
/// `to` is aligned, valid for writes, and accessed atomically by everybody.
#[inline]
unsafe fn store64(to: NonNull<u64>, value: u64) {
    #[cfg(target_has_atomic = "64")]
    // SAFETY: the caller's promise.
    unsafe { core::sync::atomic::AtomicU64::from_ptr(to.as_ptr()) }.store(value.to_le(), Relaxed);
    #[cfg(not(target_has_atomic = "64"))]
    // SAFETY: the caller's promise, for both halves.
    unsafe {
        AtomicU32::from_ptr(to.cast().as_ptr()).store((value as u32).to_le(), Relaxed);
        AtomicU32::from_ptr(to.cast().add(1).as_ptr()).store(((value >> 32) as u32).to_le(), Relaxed);
    }
}

/// Pointers into the memory of one ring.
pub(in crate::queue) struct Ring {
    descriptors: NonNull<u8>,
    avail: NonNull<u8>,
    used: NonNull<u8>,
    room_memory: NonNull<u8>,
    room_device: DeviceAddress,
    room: Room,
    /// Queue size - 1.
    mask: u16,
    addresses: QueueAddresses,
}

// SAFETY: the memory belongs to the value that owns the ring, and every access to it is atomic.
unsafe impl Send for Ring {}
// SAFETY: as for `Send`.
unsafe impl Sync for Ring {}

/// Alignment that is asked for ring memory: a cache line, which is more than §2.7 asks for.
pub(in crate::queue) const RING_ALIGN: usize = 64;

impl Ring {
    /// Bytes of memory for a ring; `None` when they exceed the address space.
    pub(in crate::queue) fn bytes(layout: SplitLayout, room: Room) -> Option<usize> {
        if room.stride == 0 {
            return Some(layout.total_size());
        }
        let rooms = usize::try_from(room.stride).ok()?.checked_mul(layout.queue_size().into())?;
        Self::room_offset(layout).checked_add(rooms)
    }

    fn room_offset(layout: SplitLayout) -> usize {
        layout.total_size().next_multiple_of(RING_ALIGN)
    }

    /// The ring in zeroed `memory` of at least [`bytes`](Self::bytes), aligned to [`RING_ALIGN`].
    ///
    /// # Safety
    /// `memory` is valid as long as the value is used, and accessed by nobody but the value and the device.
    pub(in crate::queue) unsafe fn new(memory: DmaMemory, layout: SplitLayout, room: Room) -> Self {
        debug_assert!(Self::bytes(layout, room).is_some_and(|bytes| bytes <= memory.len));
        // SAFETY: the caller gives enough memory for these offsets.
        let at = |offset: usize| unsafe { memory.ptr.add(offset) };
        let device = |offset: usize| memory.device.wrapping_add(offset as u64);
        Self {
            descriptors: at(layout.desc_offset()),
            avail: at(layout.avail_offset()),
            used: at(layout.used_offset()),
            room_memory: at(if room.stride == 0 { 0 } else { Self::room_offset(layout) }),
            room_device: device(Self::room_offset(layout)),
            room,
            mask: layout.queue_size() - 1,
            addresses: QueueAddresses {
                descriptor: device(layout.desc_offset()),
                driver: device(layout.avail_offset()),
                device: device(layout.used_offset()),
            },
        }
    }

    /// Where the device sees the three areas.
    pub(in crate::queue) fn addresses(&self) -> QueueAddresses {
        self.addresses
    }

    #[inline]
    pub(in crate::queue) fn room(&self) -> Room {
        self.room
    }

    /// # Safety
    /// `base + offset` is inside the ring's memory and aligned for a `u16`.
    #[inline]
    unsafe fn word(&self, base: NonNull<u8>, offset: usize) -> &AtomicU16 {
        // SAFETY: the caller's promise; the memory lives as long as the ring and is only accessed atomically.
        unsafe { AtomicU16::from_ptr(base.add(offset).cast().as_ptr()) }
    }

    /// Writes descriptor `i` (modulo the queue size). Relaxed: `publish` orders it before the index.
    #[inline]
    pub(in crate::queue) fn write_descriptor(&self, i: u16, addr: DeviceAddress, len: u32, flags: u16, next: u16) {
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
    /// One sequentially consistent swap does both. Its release half orders descriptors and entries before the index
    /// (VQ-SPLIT-DRV-IDX-1); the partner is the device's acquire load of the index. Being sequentially consistent, it
    /// is also ordered before the driver's read of the suppression word, which is too (VQ-SPLIT-DRV-KICK-1): the
    /// partner is the device's full barrier between writing that word and looking at the index once more. With any less,
    /// both sides can miss what the other just wrote, and the device sleeps on a full ring. On x86 the swap is one
    /// `xchg`, which costs less than a store and `mfence`.
    #[inline]
    pub(in crate::queue) fn publish(&self, idx: u16) {
        // SAFETY: the index is at a fixed, aligned offset of the available ring.
        let word = unsafe { self.word(self.avail, RING_IDX) };
        if cfg!(parakit_mutate_no_barrier) {
            // The mutant that the litmus test must catch.
            word.store(idx.to_le(), core::sync::atomic::Ordering::Release);
        } else {
            word.swap(idx.to_le(), SeqCst);
        }
    }

    /// `used.flags`: whether the device asks for notifications. For use without EVENT_IDX.
    #[inline]
    pub(in crate::queue) fn wants_notification(&self) -> bool {
        // SAFETY: the flags are at a fixed, aligned offset of the used ring.
        let flags = u16::from_le(unsafe { self.word(self.used, 0) }.load(SeqCst));
        flags & parakit_abi::ring::split::USED_F_NO_NOTIFY == 0
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
        u16::from_le(unsafe { self.word(self.used, RING_IDX) }.load(Acquire))
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
    pub(in crate::queue) fn set_avail_flags(&self, flags: u16) {
        // SAFETY: the flags are at a fixed, aligned offset of the available ring.
        unsafe { self.word(self.avail, 0) }.swap(flags.to_le(), SeqCst);
    }

    /// Writes `used_event`, with the order of [`set_avail_flags`](Self::set_avail_flags).
    pub(in crate::queue) fn set_used_event(&self, idx: u16) {
        let offset = RING_ENTRIES + AVAIL_ELEM_SIZE * (usize::from(self.mask) + 1);
        // SAFETY: `used_event` is behind the last entry of the available ring and aligned.
        unsafe { self.word(self.avail, offset) }.swap(idx.to_le(), SeqCst);
    }

    /// Reads the used index again after `set_avail_flags` or `set_used_event`, in their order.
    pub(in crate::queue) fn used_idx_after_arming(&self) -> u16 {
        // SAFETY: as for `used_idx`.
        u16::from_le(unsafe { self.word(self.used, RING_IDX) }.load(SeqCst))
    }

    /// Writes the header (as long as the room for it) of the chain with head `head`; returns where the device sees it.
    pub(in crate::queue) fn write_header(&self, head: u16, bytes: &[u8]) -> DeviceAddress {
        self.write_room(head, 0, &bytes[..bytes.len().min(self.room.header.into())])
    }

    /// Writes the trailer (as long as the room for it) of the chain with head `head`; returns where the device sees it.
    pub(in crate::queue) fn write_trailer(&self, head: u16, bytes: &[u8]) -> DeviceAddress {
        self.write_room(head, self.room.trailer_offset(), &bytes[..bytes.len().min(self.room.trailer.into())])
    }

    fn room_at(&self, head: u16, offset: usize) -> usize {
        usize::from(head & self.mask) * self.room.stride as usize + offset
    }

    fn write_room(&self, head: u16, offset: usize, bytes: &[u8]) -> DeviceAddress {
        let offset = self.room_at(head, offset);
        for (i, &byte) in bytes.iter().enumerate() {
            // SAFETY: header and trailer lie within the stride of the masked head, and `bytes` within them.
            unsafe { AtomicU8::from_ptr(self.room_memory.add(offset + i).as_ptr()) }.store(byte, Relaxed);
        }
        self.room_device.wrapping_add(offset as u64)
    }

    /// Reads the trailer of the chain with head `head` into `out`, as much as both hold.
    pub(in crate::queue) fn read_trailer(&self, head: u16, out: &mut [u8]) {
        let offset = self.room_at(head, self.room.trailer_offset());
        for (i, byte) in out.iter_mut().take(self.room.trailer.into()).enumerate() {
            // SAFETY: the trailer lies within the stride of the masked head, and `i` within it.
            *byte = unsafe { AtomicU8::from_ptr(self.room_memory.add(offset + i).as_ptr()) }.load(Relaxed);
        }
    }
}
