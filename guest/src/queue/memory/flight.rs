//! Lending chains to the device and taking them back: sharing, descriptors, the free list.

use core::mem::ManuallyDrop;

use parakit_abi::ring::split::{DESC_F_INDIRECT, DESC_F_WRITE, DESC_SIZE, LEGACY_ALIGN};

use super::{
    Chain, Slots,
    fence::Reach,
    format::{Element, Format, RING_ALIGN},
    room::{Room, Rooms},
    slots::{Link, Table},
};
use crate::{
    platform::{DeviceAddress, Direction, DmaBox, Platform, ShareError},
    queue::{AddErrorKind, QueueOptions, RingFeatures},
    transport::QueueSetupError,
};

/// The part of a queue that owns memory: the ring, the slots, and the chains in flight.
///
/// Unless [`released`](Self::released), nothing of it is freed when it is dropped: the device may still access it.
pub(in crate::queue) struct Flight<P: Platform, C: Chain, S: Slots<C>, R: Format> {
    memory: ManuallyDrop<DmaBox<P>>,
    pub(in crate::queue) ring: R,
    pub(in crate::queue) rooms: Rooms,
    pub(in crate::queue) table: Table<C, S>,
    /// Chains of this many descriptors and up to [`indirect_span`](Self::indirect_span) more have them in a table.
    indirect_from: usize,
    /// 0 when there are no tables.
    indirect_span: usize,
    /// Whether descriptors are used in ring order, so that the free ones are always those behind the last.
    in_order: bool,
    /// Whether the device was reset.
    pub(in crate::queue) released: bool,
    /// No slot before this one holds a chain any more, once the queue is [`released`](Self::released).
    drained: u16,
}

impl<P: Platform, C: Chain, S: Slots<C>, R: Format> Drop for Flight<P, C, S, R> {
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

/// What a chain is made of, header and trailer apart.
#[derive(Clone, Copy)]
struct Shape {
    readable: usize,
    segments: usize,
}

impl<P: Platform, C: Chain, S: Slots<C>, R: Format> Flight<P, C, S, R> {
    pub(in crate::queue) fn new(
        platform: P,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
    ) -> Result<Self, QueueSetupError> {
        let most = slots.slot_count().min(options.max_size.into()).min(parakit_abi::ring::MAX_QUEUE_SIZE.into());
        let size = R::size(most).ok_or(QueueSetupError::NoSlots)?;
        // A chain in a table must not be longer than the queue either (§2.7.5.3.1).
        let entries = if features.indirect { options.indirect_table.min(size) } else { 0 };
        // Tables that would never be used, or of which the driver could not remember what is in them, are not made.
        let entries = if entries > options.indirect_over.max(1) { entries } else { 0 };
        let mut table = Table::new(slots, size, entries);
        let entries = table.entries();
        let ring_bytes = R::bytes(size, features.legacy);
        let align = if features.legacy { LEGACY_ALIGN } else { RING_ALIGN };
        let room = Room::new(options.header, options.trailer, entries);
        let bytes = room.bytes(ring_bytes, size).ok_or(QueueSetupError::TooMuchRoom)?;
        let memory = DmaBox::new(platform, bytes, align)?;
        let dma = memory.memory();
        // The commonest fault of a port, and the one that would break the ring's own accesses.
        if !(dma.ptr.as_ptr() as usize).is_multiple_of(align) || !dma.device.is_multiple_of(align as u64) {
            return Err(QueueSetupError::Misaligned { address: dma.device, align });
        }
        table.reset();
        // SAFETY: the memory is at least as long as `R::bytes` said, aligned, and lives as long as the ring; only the ring
        // accesses that part of it.
        let ring = unsafe { R::new(dma, size, features.legacy, Reach::new(features.order_platform)) };
        // SAFETY: the memory is as long as `Room::bytes` said, and lives as long as the rooms; only they access what is
        // behind the ring.
        let rooms = unsafe { Rooms::new(dma, ring_bytes, size, room) };
        // A table would not save anything for a chain of one descriptor.
        let indirect_from = usize::from(options.indirect_over).max(1) + 1;
        Ok(Self {
            memory: ManuallyDrop::new(memory),
            ring,
            rooms,
            table,
            indirect_from,
            indirect_span: (usize::from(entries) + 1).saturating_sub(indirect_from),
            in_order: features.in_order,
            released: false,
            drained: 0,
        })
    }

    /// Bytes of the ring with the rooms beside it, and of the slots.
    pub(in crate::queue) fn memory_bytes(&self) -> usize {
        self.memory.memory().len + usize::from(self.table.size()) * self.table.slot_bytes()
    }

    /// Shares the chain's segments, writes its descriptors and puts it into flight, with `header` in front of its
    /// readable segments and `trailer` behind its writable ones if the queue has room for them. Returns its head, and how
    /// many descriptors of the ring it takes.
    ///
    /// # Errors
    /// The chain and why; nothing has changed.
    #[inline(always)]
    pub(in crate::queue) fn lend(
        &mut self,
        header: &[u8],
        chain: C,
        trailer: &[u8],
        mark: u32,
    ) -> Result<(u16, u16), (C, AddErrorKind)> {
        let Room { header: header_room, trailer: trailer_room, .. } = self.rooms.room();
        if header.len() != header_room.into() || trailer.len() != trailer_room.into() {
            let kind =
                AddErrorKind::Room { header: (header.len(), header_room), trailer: (trailer.len(), trailer_room) };
            return Err((chain, kind));
        }
        let (readable, writable) = (chain.readable_count(), chain.writable_count());
        let shape = Shape { readable, segments: readable.saturating_add(writable) };
        let framing = usize::from(!header.is_empty()) + usize::from(!trailer.is_empty());
        let needed = shape.segments.saturating_add(framing);
        if (needed, framing) == (1, 0) && self.table.free != 0 {
            return self.lend_one(chain, readable != 0, mark);
        }
        if needed.wrapping_sub(self.indirect_from) < self.indirect_span && self.table.free != 0 {
            return self.lend_table(header, chain, trailer, shape, needed as u16, mark);
        }
        if needed > self.table.free as usize || needed == 0 {
            return Err((chain, self.why_not(needed)));
        }
        // At most the queue size.
        let needed = needed as u16;

        let head = self.table.free_head as u16;
        self.table.put(head, chain);
        let mut next = head;
        let mut left = needed;
        let filled = self.fill(head, header, trailer, shape, |flight, device, len, flags| {
            let slot = flight.table.at(next);
            slot.device = device;
            let element = Element { head, slot: next, next: slot.link.next(), last: left == 1, device, len, flags };
            left -= 1;
            next = element.next;
            flight.ring.element(element);
        });
        if let Err((shared, kind)) = filled {
            return Err((self.roll_back(head, !header.is_empty(), shared, readable), kind));
        }
        self.ring.commit(needed);
        self.table.free_head = next.into();
        self.table.free -= u32::from(needed);
        // SAFETY: the chain was put there above and not taken since.
        unsafe { self.table.lend(head, needed, mark) };
        Ok((head, needed))
    }

    /// [`lend`](Self::lend) for a chain of one segment without header and trailer, when a descriptor is free. Most chains
    /// are such, and this looks at the slot once.
    #[inline(always)]
    fn lend_one(&mut self, chain: C, readable: bool, mark: u32) -> Result<(u16, u16), (C, AddErrorKind)> {
        let head = self.table.free_head as u16;
        // SAFETY: a free slot is one of the queue's.
        let slot = unsafe { self.table.at_unchecked(head) };
        // It is stored before its segment is asked for, because moving it may end the validity of pointers to it.
        let segment = slot.chain.write(chain).segment(0);
        let len = segment.len();
        // Not 0, and no more than 32 bits can say.
        let shared = if (len as u64).wrapping_sub(1) >= u32::MAX.into() {
            Err(AddErrorKind::BadSegment { index: 0, len })
        } else {
            // SAFETY: as in `fill`.
            unsafe { self.memory.platform().share(segment, direction(readable)) }.map_err(AddErrorKind::Share)
        };
        let device = match shared {
            Ok(device) => device,
            // SAFETY: it was put there above, and is not in flight.
            Err(kind) => return Err((unsafe { slot.chain.assume_init_read() }, kind)),
        };
        let next = slot.link.next();
        slot.device = device;
        // From here on the chain is in flight.
        slot.link = slot.link.lent(1, mark);
        self.table.free_head = next.into();
        self.table.free -= 1;
        let flags = if readable { 0 } else { DESC_F_WRITE };
        self.ring.single(Element { head, slot: head, next, last: true, device, len: len as u32, flags });
        Ok((head, 1))
    }

    /// [`lend`](Self::lend) with the descriptors in the table of the head's slot, and one in the ring that refers to it.
    fn lend_table(
        &mut self,
        header: &[u8],
        chain: C,
        trailer: &[u8],
        shape: Shape,
        needed: u16,
        mark: u32,
    ) -> Result<(u16, u16), (C, AddErrorKind)> {
        let head = self.table.free_head as u16;
        self.table.put(head, chain);
        let mut index = 0;
        let filled = self.fill(head, header, trailer, shape, |flight, device, len, flags| {
            flight.table.remember(head, index, device);
            flight.rooms.write_entry(head, index, device, R::table_entry(index, index + 1 == needed, len, flags));
            index += 1;
        });
        if let Err((shared, kind)) = filled {
            // SAFETY: it was put there above and not taken or put into flight since.
            let mut chain = unsafe { self.table.take_back(head) };
            self.unshare_table(head, &mut chain, !header.is_empty(), shared, shape.readable);
            return Err((chain, kind));
        }
        let (device, len) = (self.rooms.table(head), u32::from(needed) * DESC_SIZE as u32);
        let next = self.table.at(head).link.next();
        self.ring.single(Element { head, slot: head, next, last: true, device, len, flags: DESC_F_INDIRECT });
        self.table.free_head = next.into();
        self.table.free -= 1;
        // SAFETY: the chain was put there above and not taken since.
        unsafe { self.table.lend_table(head, mark) };
        Ok((head, 1))
    }

    /// Shares the segments of the chain pending in slot `head`, and describes each, header and trailer included.
    ///
    /// # Errors
    /// How many segments were shared, and why no more.
    #[inline(always)]
    fn fill(
        &mut self,
        head: u16,
        header: &[u8],
        trailer: &[u8],
        Shape { readable, segments }: Shape,
        mut describe: impl FnMut(&mut Self, DeviceAddress, u32, u16),
    ) -> Result<(), (usize, AddErrorKind)> {
        if !header.is_empty() {
            let device = self.rooms.write_header(head, header);
            describe(self, device, header.len() as u32, 0);
        }
        let mut total = (header.len() + trailer.len()) as u64;
        for i in 0..segments {
            // SAFETY: the caller has put the chain there and has not taken it since.
            let segment = unsafe { self.table.pending(head) }.segment(i);
            let len = segment.len();
            total = total.saturating_add(len as u64);
            if len == 0 || total > u32::MAX.into() {
                return Err((i, AddErrorKind::BadSegment { index: i, len }));
            }
            // SAFETY: `Chain` promises that the segment is valid and nobody else's as long as the chain exists; it
            // stays in its slot until `reclaim` or the caller's rolling back unshares the segment.
            let shared = unsafe { self.memory.platform().share(segment, direction(i < readable)) };
            match shared {
                Ok(device) => describe(self, device, len as u32, if i < readable { 0 } else { DESC_F_WRITE }),
                Err(e) => return Err((i, AddErrorKind::Share(e))),
            }
        }
        if !trailer.is_empty() {
            let device = self.rooms.write_trailer(head, trailer);
            describe(self, device, trailer.len() as u32, DESC_F_WRITE);
        }
        Ok(())
    }

    #[cold]
    fn why_not(&self, needed: usize) -> AddErrorKind {
        let (size, free) = (self.table.size(), self.table.free as u16);
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
        // No more than the chain's descriptors.
        self.ring.abandon((shared + usize::from(header)) as u16);
        let mut at = if header { self.table.at(head).link.next() } else { head };
        // SAFETY: `lend` put the chain there and did not lend it.
        let mut chain = unsafe { self.table.take_back(head) };
        for i in 0..shared {
            let slot = self.table.at(at);
            // SAFETY: `lend` shared this segment in this direction and noted the address.
            unsafe { self.memory.platform().unshare(slot.device, chain.segment(i), direction(i < readable)) };
            at = slot.link.next();
        }
        chain
    }

    /// Unshares the first `shared` segments of the chain, whose descriptors are in the table of slot `head`.
    fn unshare_table(&mut self, head: u16, chain: &mut C, header: bool, shared: usize, readable: usize) {
        for (i, index) in (0..shared).zip(u16::from(header)..) {
            let device = self.table.remembered(head, index);
            // SAFETY: `lend_table` shared this segment in this direction and remembered the address; the chain is out of
            // flight.
            unsafe { self.memory.platform().unshare(device, chain.segment(i), direction(i < readable)) };
        }
    }

    /// How many bytes the device may write into the chain with head `head`, the trailer's included, and the chain's mark;
    /// `None` when no such chain is in flight.
    #[inline(always)]
    pub(in crate::queue) fn writable_bytes(&mut self, head: u16) -> Option<(u64, u32)> {
        let trailer = self.rooms.room().trailer;
        let (chain, mark) = self.table.chain(head)?;
        let readable = chain.readable_count();
        let bytes = (readable..readable + chain.writable_count()).map(|i| chain.segment(i).len() as u64).sum::<u64>();
        Some((bytes + u64::from(trailer), mark))
    }

    /// The next chain that was in flight when the device was reset, with its head. A released queue takes no new ones,
    /// so that each slot is looked at once, however often the caller comes back.
    pub(in crate::queue) fn drain(&mut self) -> Option<(u16, C)> {
        while self.drained < self.table.size() {
            let head = self.drained;
            self.drained += 1;
            if let Some((chain, _)) = self.reclaim(head) {
                return Some((head, chain));
            }
        }
        None
    }

    /// Takes the chain with head `head` back: unshares its segments and frees its descriptors, whose number it returns too.
    #[inline(always)]
    pub(in crate::queue) fn reclaim(&mut self, head: u16) -> Option<(C, u16)> {
        let room = self.rooms.room();
        // In order, the free slots stay linked as they are.
        let behind = (!self.in_order).then_some(self.table.free_head as u16);
        // From here on the chain is pending; should the platform panic, it is leaked and not unshared twice.
        if (room.header, room.trailer) == (0, 0) && self.table.end_flight_of_one(head, behind) {
            // SAFETY: it was in flight until now.
            return Some((unsafe { self.reclaim_one(head) }, 1));
        }
        let (count, in_table) = self.table.end_flight(head)?;
        if in_table {
            return Some((self.reclaim_table(head), count));
        }
        // SAFETY: the chain was in flight, so it is there, and is not taken before the end.
        let chain = unsafe { self.table.pending(head) };
        let readable = chain.readable_count();
        let segments = readable + chain.writable_count();
        let mut last = head;
        let mut at = head;
        if room.header != 0 {
            at = self.table.at(at).link.next();
        }
        for i in 0..segments {
            // The chain is used where it lies, and moved once, at the end.
            // SAFETY: as above.
            let segment = unsafe { self.table.pending(head) }.segment(i);
            let slot = self.table.at(at);
            // SAFETY: `lend` shared this segment in this direction and noted the address; the chain is out of flight.
            unsafe { self.memory.platform().unshare(slot.device, segment, direction(i < readable)) };
            last = at;
            at = slot.link.next();
        }
        if room.trailer != 0 {
            last = at;
        }
        self.set_free(head, last, count);
        // SAFETY: as above; it is not used any more.
        Some((unsafe { self.table.take_back(head) }, count))
    }

    /// [`reclaim`](Self::reclaim) for a chain of one segment without header and trailer.
    ///
    /// # Safety
    /// `end_flight_of_one` has just ended the flight of the chain with that head.
    #[inline(always)]
    unsafe fn reclaim_one(&mut self, head: u16) -> C {
        // SAFETY: only slots of the queue have chains in flight.
        let slot = unsafe { self.table.at_unchecked(head) };
        // SAFETY: the chain was in flight, so it is there, and is not taken before the end.
        let chain = unsafe { slot.chain.assume_init_mut() };
        let readable = chain.readable_count() != 0;
        // SAFETY: `lend_one` (or `lend`) shared this segment in this direction and noted the address; it is out of flight.
        unsafe { self.memory.platform().unshare(slot.device, chain.segment(0), direction(readable)) };
        // SAFETY: as above; it is not used any more.
        let chain = unsafe { slot.chain.assume_init_read() };
        if !self.in_order {
            self.table.free_head = head.into();
        }
        self.table.free += 1;
        chain
    }

    /// [`reclaim`](Self::reclaim) for a chain that is out of flight and has its descriptors in a table.
    fn reclaim_table(&mut self, head: u16) -> C {
        // SAFETY: the chain was in flight, so it is there.
        let mut chain = unsafe { self.table.take_back(head) };
        let readable = chain.readable_count();
        let segments = readable + chain.writable_count();
        self.unshare_table(head, &mut chain, self.rooms.room().header != 0, segments, readable);
        self.set_free(head, head, 1);
        chain
    }

    /// The `count` slots from `first` to `last` are free.
    #[inline]
    fn set_free(&mut self, first: u16, last: u16, count: u16) {
        // In order, the slots behind the last chain come free in their order, and stay linked that way.
        if !self.in_order {
            self.table.at(last).link = Link::to(self.table.free_head as u16);
            self.table.free_head = first.into();
        }
        self.table.free += u32::from(count);
    }
}

impl From<ShareError> for AddErrorKind {
    fn from(e: ShareError) -> Self {
        Self::Share(e)
    }
}
