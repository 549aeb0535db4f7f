//! Memory beside the ring: headers, trailers and indirect tables, one of each a slot.

use core::{
    ptr::NonNull,
    sync::atomic::{AtomicU8, Ordering::Relaxed},
};

use parakit_abi::ring::split::DESC_SIZE;

use super::format::{RING_ALIGN, store64};
use crate::platform::{DeviceAddress, DmaMemory};

/// What each slot has beside the ring.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::queue) struct Room {
    /// Bytes of the header that the device reads.
    pub(in crate::queue) header: u16,
    /// Bytes of the trailer that the device writes.
    pub(in crate::queue) trailer: u16,
    /// Entries of the indirect table; 0 for none.
    pub(in crate::queue) table: u16,
    /// Distance between two slots' headers.
    stride: u32,
}

impl Room {
    pub(in crate::queue) fn new(header: u16, trailer: u16, table: u16) -> Self {
        // The header starts at a multiple of 16 and the trailer behind it at a multiple of 4, where devices expect
        // structures of words to be aligned.
        let stride = if header == 0 && trailer == 0 {
            0
        } else {
            (u32::from(header).next_multiple_of(4) + u32::from(trailer)).next_multiple_of(16)
        };
        Self { header, trailer, table, stride }
    }

    fn trailer_offset(self) -> usize {
        usize::from(self.header).next_multiple_of(4)
    }

    fn table_bytes(self) -> usize {
        DESC_SIZE * usize::from(self.table)
    }

    /// Bytes for a ring of `ring` bytes and what `size` slots have beside it; `None` when they exceed the address space.
    pub(in crate::queue) fn bytes(self, ring: usize, size: u16) -> Option<usize> {
        let each = usize::try_from(self.stride).ok()?.checked_add(self.table_bytes())?;
        if each == 0 {
            return Some(ring);
        }
        ring.checked_next_multiple_of(RING_ALIGN)?.checked_add(each.checked_mul(size.into())?)
    }
}

/// Pointers into that memory.
pub(in crate::queue) struct Rooms {
    memory: NonNull<u8>,
    device: DeviceAddress,
    room: Room,
    /// Of the tables, which are behind the headers and trailers.
    tables: usize,
    /// Queue size - 1.
    last: u16,
}

// SAFETY: the memory belongs to the value that owns the ring, and every access to it is atomic.
unsafe impl Send for Rooms {}
// SAFETY: as for `Send`.
unsafe impl Sync for Rooms {}

impl Rooms {
    /// The rooms of `size` (not 0) slots in `memory` of at least [`Room::bytes`], behind a ring of `ring` bytes.
    ///
    /// # Safety
    /// `memory` is valid as long as the value is used, and what is behind the ring is accessed by nobody but the value and
    /// the device.
    pub(in crate::queue) unsafe fn new(memory: DmaMemory, ring: usize, size: u16, room: Room) -> Self {
        let offset = if room.stride == 0 && room.table == 0 { 0 } else { ring.next_multiple_of(RING_ALIGN) };
        // SAFETY: the caller gives enough memory for this offset.
        let start = unsafe { memory.ptr.add(offset) };
        let tables = room.stride as usize * usize::from(size);
        Self { memory: start, device: memory.device.wrapping_add(offset as u64), room, tables, last: size - 1 }
    }

    #[inline]
    pub(in crate::queue) fn room(&self) -> Room {
        self.room
    }

    /// Writes the header (as long as the room for it) of the chain with head `head`; returns where the device sees it.
    pub(in crate::queue) fn write_header(&self, head: u16, bytes: &[u8]) -> DeviceAddress {
        self.write(head, 0, &bytes[..bytes.len().min(self.room.header.into())])
    }

    /// Writes the trailer (as long as the room for it) of the chain with head `head`; returns where the device sees it.
    pub(in crate::queue) fn write_trailer(&self, head: u16, bytes: &[u8]) -> DeviceAddress {
        self.write(head, self.room.trailer_offset(), &bytes[..bytes.len().min(self.room.trailer.into())])
    }

    fn at(&self, head: u16, offset: usize) -> usize {
        usize::from(head.min(self.last)) * self.room.stride as usize + offset
    }

    fn write(&self, head: u16, offset: usize, bytes: &[u8]) -> DeviceAddress {
        let offset = self.at(head, offset);
        for (i, &byte) in bytes.iter().enumerate() {
            // SAFETY: header and trailer lie within the stride of the slot, and `bytes` within them.
            unsafe { AtomicU8::from_ptr(self.memory.add(offset + i).as_ptr()) }.store(byte, Relaxed);
        }
        self.device.wrapping_add(offset as u64)
    }

    /// Reads the trailer of the chain with head `head` into `out`, as much as both hold.
    pub(in crate::queue) fn read_trailer(&self, head: u16, out: &mut [u8]) {
        let offset = self.at(head, self.room.trailer_offset());
        for (i, byte) in out.iter_mut().take(self.room.trailer.into()).enumerate() {
            // SAFETY: the trailer lies within the stride of the slot, and `i` within it.
            *byte = unsafe { AtomicU8::from_ptr(self.memory.add(offset + i).as_ptr()) }.load(Relaxed);
        }
    }

    fn table_at(&self, head: u16) -> usize {
        self.tables + usize::from(head.min(self.last)) * self.room.table_bytes()
    }

    /// Where the device sees the table of slot `head`.
    pub(in crate::queue) fn table(&self, head: u16) -> DeviceAddress {
        self.device.wrapping_add(self.table_at(head) as u64)
    }

    /// Writes entry `index` of the table of slot `head`. Relaxed: publishing orders it before the chain is visible.
    pub(in crate::queue) fn write_entry(&self, head: u16, index: u16, address: DeviceAddress, rest: u64) {
        if index >= self.room.table {
            return;
        }
        let offset = self.table_at(head) + DESC_SIZE * usize::from(index);
        // SAFETY: the entry is inside the slot's table, which is aligned to 16.
        unsafe {
            let entry = self.memory.add(offset).cast::<u64>();
            store64(entry, address);
            store64(entry.add(1), rest);
        }
    }
}
