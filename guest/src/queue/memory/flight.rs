//! Lending chains to the device and taking them back: sharing, descriptors, the free list.

use core::mem::ManuallyDrop;

use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE, SplitLayout};

use super::{
    Chain, Slots,
    ring::{RING_ALIGN, Ring, Room},
    slots::Table,
};
use crate::{
    platform::{Direction, DmaBox, Platform, ShareError},
    queue::{AddErrorKind, QueueOptions},
    transport::QueueSetupError,
};

/// The part of a queue that owns memory: the ring, the slots, and the chains in flight.
///
/// Unless [`released`](Self::released), nothing of it is freed when it is dropped: the device may still access it.
pub(in crate::queue) struct Flight<P: Platform, C: Chain, S: Slots<C>> {
    memory: ManuallyDrop<DmaBox<P>>,
    pub(in crate::queue) ring: Ring,
    pub(in crate::queue) table: Table<C, S>,
    /// Whether the device was reset.
    pub(in crate::queue) released: bool,
    /// No slot before this one holds a chain any more, once the queue is [`released`](Self::released).
    drained: u16,
}

impl<P: Platform, C: Chain, S: Slots<C>> Drop for Flight<P, C, S> {
    fn drop(&mut self) {
        if self.released {
            while let Some(chain) = self.drain() {
                drop(chain);
            }
            // SAFETY: dropped here, once, and not used by the ring any more; the device was reset.
            unsafe { ManuallyDrop::drop(&mut self.memory) }
        }
    }
}

#[inline]
fn direction(readable: bool) -> Direction {
    if readable { Direction::DriverToDevice } else { Direction::DeviceToDriver }
}

impl<P: Platform, C: Chain, S: Slots<C>> Flight<P, C, S> {
    pub(in crate::queue) fn new(platform: P, slots: S, options: QueueOptions) -> Result<Self, QueueSetupError> {
        let table = Table::new(slots, options.max_size).ok_or(QueueSetupError::NoSlots)?;
        let layout = SplitLayout::new(table.size()).map_err(|_| QueueSetupError::NoSlots)?;
        let room = Room::new(options.header, options.trailer);
        let bytes = Ring::bytes(layout, room).ok_or(QueueSetupError::TooMuchRoom)?;
        let memory = DmaBox::new(platform, bytes, RING_ALIGN)?;
        let dma = memory.memory();
        // The commonest fault of a port, and the one that would break the ring's own accesses.
        if !(dma.ptr.as_ptr() as usize).is_multiple_of(RING_ALIGN) || !dma.device.is_multiple_of(RING_ALIGN as u64) {
            return Err(QueueSetupError::Misaligned { address: dma.device, align: RING_ALIGN });
        }
        // SAFETY: the memory is as long as `Ring::bytes` said, aligned, and lives as long as the ring; only the ring
        // accesses it.
        let ring = unsafe { Ring::new(dma, layout, room) };
        Ok(Self { memory: ManuallyDrop::new(memory), ring, table, released: false, drained: 0 })
    }

    /// Bytes of the ring, rooms included.
    pub(in crate::queue) fn ring_bytes(&self) -> usize {
        self.memory.memory().len
    }

    /// Shares the chain's segments, writes its descriptors and puts it into flight, with `header` in front of its
    /// readable segments and `trailer` behind its writable ones if the queue has room for them. Returns its head.
    ///
    /// # Errors
    /// The chain and why; nothing has changed.
    #[inline]
    pub(in crate::queue) fn lend(
        &mut self,
        header: &[u8],
        chain: C,
        trailer: &[u8],
        epoch: u32,
    ) -> Result<u16, (C, AddErrorKind)> {
        let Room { header: header_room, trailer: trailer_room, .. } = self.ring.room();
        if header.len() != header_room.into() || trailer.len() != trailer_room.into() {
            let kind =
                AddErrorKind::Room { header: (header.len(), header_room), trailer: (trailer.len(), trailer_room) };
            return Err((chain, kind));
        }
        let (readable, writable) = (chain.readable_count(), chain.writable_count());
        let segments = readable.saturating_add(writable);
        let needed = segments.saturating_add(usize::from(!header.is_empty()) + usize::from(!trailer.is_empty()));
        if needed > self.table.free.into() || needed == 0 {
            return Err((chain, self.why_not(needed)));
        }
        // At most the queue size.
        let needed = needed as u16;

        let head = self.table.free_head;
        self.table.put(head, chain);
        let mut next = head;
        let mut left = needed;
        if !header.is_empty() {
            let device = self.ring.write_header(head, header);
            self.describe(&mut next, &mut left, device, header.len() as u32, 0);
        }
        let mut total = (header.len() + trailer.len()) as u64;
        for i in 0..segments {
            // SAFETY: the chain was put there above and not taken since.
            let segment = unsafe { self.table.pending(head) }.segment(i);
            let len = segment.len();
            total = total.saturating_add(len as u64);
            let shared = if len == 0 || total > u32::MAX.into() {
                Err(AddErrorKind::BadSegment { index: i, len })
            } else {
                // SAFETY: `Chain` promises that the segment is valid and nobody else's as long as the chain exists; it
                // stays in its slot until `reclaim` or `roll_back` unshares the segment.
                unsafe { self.memory.platform().share(segment, direction(i < readable)) }.map_err(AddErrorKind::Share)
            };
            match shared {
                Ok(device) => {
                    let flags = if i < readable { 0 } else { DESC_F_WRITE };
                    self.describe(&mut next, &mut left, device, len as u32, flags);
                }
                Err(kind) => return Err((self.roll_back(head, !header.is_empty(), i, readable), kind)),
            }
        }
        if !trailer.is_empty() {
            let device = self.ring.write_trailer(head, trailer);
            self.describe(&mut next, &mut left, device, trailer.len() as u32, DESC_F_WRITE);
        }
        self.table.free_head = next;
        self.table.free -= needed;
        // SAFETY: the chain was put there above and not taken since.
        unsafe { self.table.lend(head, needed, epoch) };
        Ok(head)
    }

    /// Fills descriptor `next`, of which `left` are still to be filled in this chain, and moves on.
    #[inline]
    fn describe(&mut self, next: &mut u16, left: &mut u16, device: u64, len: u32, flags: u16) {
        let slot = self.table.at(*next);
        slot.device = device;
        let following = slot.next;
        *left -= 1;
        let (flags, link) = if *left == 0 { (flags, 0) } else { (flags | DESC_F_NEXT, following) };
        self.ring.write_descriptor(*next, device, len, flags, link);
        *next = following;
    }

    #[cold]
    fn why_not(&self, needed: usize) -> AddErrorKind {
        let (size, free) = (self.table.size(), self.table.free);
        if needed == 0 {
            AddErrorKind::NoSegments
        } else if needed > size.into() {
            AddErrorKind::TooLong { needed, size }
        } else {
            AddErrorKind::Full { needed, free }
        }
    }

    /// Unshares the first `shared` segments of the chain that is pending in slot `head`, and takes it back.
    #[cold]
    fn roll_back(&mut self, head: u16, header: bool, shared: usize, readable: usize) -> C {
        let mut at = if header { self.table.at(head).next } else { head };
        // SAFETY: `lend` put the chain there and did not lend it.
        let mut chain = unsafe { self.table.take_back(head) };
        for i in 0..shared {
            let slot = self.table.at(at);
            // SAFETY: `lend` shared this segment in this direction and noted the address.
            unsafe { self.memory.platform().unshare(slot.device, chain.segment(i), direction(i < readable)) };
            at = slot.next;
        }
        chain
    }

    /// How many bytes the device may write into the chain with head `head`, the trailer's included; `None` when no
    /// such chain is in flight.
    #[inline]
    pub(in crate::queue) fn writable_bytes(&mut self, head: u16) -> Option<u64> {
        let trailer = self.ring.room().trailer;
        let (chain, _) = self.table.chain(head)?;
        let readable = chain.readable_count();
        let bytes = (readable..readable + chain.writable_count()).map(|i| chain.segment(i).len() as u64).sum::<u64>();
        Some(bytes + u64::from(trailer))
    }

    /// The next chain that was in flight when the device was reset, with its head. A released queue takes no new ones,
    /// so that each slot is looked at once, however often the caller comes back.
    pub(in crate::queue) fn drain(&mut self) -> Option<(u16, C)> {
        while self.drained < self.table.size() {
            let head = self.drained;
            self.drained += 1;
            if let Some(chain) = self.reclaim(head) {
                return Some((head, chain));
            }
        }
        None
    }

    /// Takes the chain with head `head` back: unshares its segments and frees its descriptors.
    #[inline]
    pub(in crate::queue) fn reclaim(&mut self, head: u16) -> Option<C> {
        let room = self.ring.room();
        // From here on the chain is pending; should the platform panic, it is leaked and not unshared twice.
        let count = self.table.end_flight(head)?;
        // SAFETY: the chain was in flight, so it is there, and is not taken before the end.
        let chain = unsafe { self.table.pending(head) };
        let readable = chain.readable_count();
        let segments = readable + chain.writable_count();
        let mut last = head;
        let mut at = head;
        if room.header != 0 {
            at = self.table.at(at).next;
        }
        for i in 0..segments {
            // The chain is used where it lies, and moved once, at the end.
            // SAFETY: as above.
            let segment = unsafe { self.table.pending(head) }.segment(i);
            let slot = self.table.at(at);
            // SAFETY: `lend` shared this segment in this direction and noted the address; the chain is out of flight.
            unsafe { self.memory.platform().unshare(slot.device, segment, direction(i < readable)) };
            last = at;
            at = slot.next;
        }
        if room.trailer != 0 {
            last = at;
        }
        self.table.at(last).next = self.table.free_head;
        self.table.free_head = head;
        self.table.free += count;
        // SAFETY: as above; it is not used any more.
        Some(unsafe { self.table.take_back(head) })
    }
}

impl From<ShareError> for AddErrorKind {
    fn from(e: ShareError) -> Self {
        Self::Share(e)
    }
}
