//! The memory of a packed ring: descriptors and event suppression structures (VIRTIO 1.4 §2.8).

use core::{
    ptr::NonNull,
    sync::atomic::{
        AtomicU16, AtomicU32,
        Ordering::{Acquire, Relaxed, Release, SeqCst},
        fence,
    },
};

use parakit_abi::ring::packed::{DESC_F_AVAIL, DESC_F_NEXT, DESC_F_USED, DESC_SIZE, EVENT_FLAGS, EVENT_FLAGS_DESC};
use parakit_abi::ring::packed::{EVENT_FLAGS_DISABLE, EVENT_FLAGS_ENABLE, EVENT_FLAGS_MASK, EVENT_OFF_WRAP};
use parakit_abi::ring::packed::{PackedLayout, Position};

use super::{
    fence::{Barrier, Reach, is_missing},
    format::{Element, Format, store64, word},
};
use crate::{platform::DmaMemory, transport::QueueAddresses};

/// Offsets in a descriptor.
const LEN: usize = 8;
const ID: usize = 12;
const FLAGS: usize = 14;

/// Both bits that say whether a descriptor is available or used. Going round the ring once turns both.
const STATE: u16 = DESC_F_AVAIL | DESC_F_USED;

/// When a side wants to be told about descriptors of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::queue) enum Event {
    /// About each.
    Always,
    /// About none.
    Never,
    /// About the one there.
    At(Position),
}

/// Pointers into the memory of one ring, and where the next descriptor goes.
pub(in crate::queue) struct PackedRing {
    descriptors: NonNull<u8>,
    driver_event: NonNull<u8>,
    device_event: NonNull<u8>,
    // Numbers of 16 bits, in 32; see `Table`.
    /// Queue size - 1.
    last: u32,
    /// Where the next element goes, and the two bits of descriptors that become available there.
    next: Cursor,
    /// Where the chain that is being added begins, once it has an element.
    start: Cursor,
    /// The flags of its first element, which are written last.
    flags: u32,
    /// Where the first chain that was not published begins; `next` if all were.
    first: Cursor,
    /// The flags that are still to be written there.
    held: u32,
    /// The flags in the driver's event suppression structure.
    driver_flags: u16,
    reach: Reach,
    addresses: QueueAddresses,
}

/// A place in the ring, and in the upper half the state bits of descriptors that become available there in this round.
///
/// In one number, so that it is written and read as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor(u32);

impl Cursor {
    /// Where both sides begin.
    const START: Self = Self((DESC_F_AVAIL as u32) << 16);

    #[inline]
    fn at(self) -> u32 {
        self.0 & 0xffff
    }

    #[inline]
    fn bits(self) -> u16 {
        (self.0 >> 16) as u16
    }

    fn wrap(self) -> bool {
        self.bits() == DESC_F_AVAIL
    }

    fn position(self) -> Position {
        Position { index: self.at() as u16, wrap: self.wrap() }
    }

    /// The place behind it, in a ring whose last descriptor is `last`.
    #[inline]
    fn step(self, last: u32) -> Self {
        if self.at() == last { Self((self.0 ^ u32::from(STATE) << 16) & !0xffff) } else { Self(self.0 + 1) }
    }
}

// SAFETY: the memory belongs to the value that owns the ring, and every access to it is atomic.
unsafe impl Send for PackedRing {}
// SAFETY: as for `Send`.
unsafe impl Sync for PackedRing {}

impl Format for PackedRing {
    fn size(most: usize) -> Option<u16> {
        u16::try_from(most).ok().filter(|&size| size != 0)
    }

    fn bytes(size: u16, _: bool) -> usize {
        // `size` is one that `PackedLayout` takes.
        PackedLayout::new(size).map_or(0, PackedLayout::total_size)
    }

    unsafe fn new(memory: DmaMemory, size: u16, _: bool, reach: Reach) -> Self {
        let layout = PackedLayout::new(size).unwrap_or_else(|_| unreachable!("a size from 1 to 32768"));
        debug_assert!(layout.total_size() <= memory.len);
        // SAFETY: the caller gives enough memory for these offsets.
        let at = |offset: usize| unsafe { memory.ptr.add(offset) };
        let device = |offset: usize| memory.device.wrapping_add(offset as u64);
        Self {
            descriptors: at(0),
            driver_event: at(layout.driver_event_offset()),
            device_event: at(layout.device_event_offset()),
            last: u32::from(size) - 1,
            next: Cursor::START,
            start: Cursor::START,
            flags: 0,
            first: Cursor::START,
            held: 0,
            driver_flags: 0,
            reach,
            addresses: QueueAddresses {
                descriptor: device(0),
                driver: device(layout.driver_event_offset()),
                device: device(layout.device_event_offset()),
            },
        }
    }

    fn addresses(&self) -> QueueAddresses {
        self.addresses
    }

    /// Relaxed: publishing orders it before the chain is visible. The state bits of all elements but the first are there at
    /// once, where the device does not look before it has seen the first.
    #[inline]
    fn element(&mut self, element: Element) {
        let flags = element.flags | self.next.bits() | if element.last { 0 } else { DESC_F_NEXT };
        // SAFETY: the descriptor is inside the ring, which is aligned to 16.
        unsafe {
            let descriptor = self.descriptor(self.next.at());
            store64(descriptor.cast(), element.device);
            // Not in one: the device and the other end of this file access them one by one.
            AtomicU32::from_ptr(descriptor.add(LEN).cast().as_ptr()).store(element.len.to_le(), Relaxed);
            word(descriptor, ID).store(element.head.to_le(), Relaxed);
            if element.slot == element.head {
                (self.start, self.flags) = (self.next, flags.into());
            } else {
                word(descriptor, FLAGS).store(flags.to_le(), Relaxed);
            }
        }
        self.next = self.next.step(self.last);
    }

    /// The first descriptor of a list becomes available after the others (§2.8.17), and the first list of a batch after the
    /// other lists, so that the device sees none of them before [`publish`](Self::publish).
    #[inline]
    fn commit(&mut self, _: u16) {
        self.show_later(self.start, self.flags);
    }

    #[inline]
    fn single(&mut self, element: Element) {
        let start = self.next;
        // SAFETY: the descriptor is inside the ring, which is aligned to 16.
        unsafe {
            let descriptor = self.descriptor(start.at());
            store64(descriptor.cast(), element.device);
            AtomicU32::from_ptr(descriptor.add(LEN).cast().as_ptr()).store(element.len.to_le(), Relaxed);
            word(descriptor, ID).store(element.head.to_le(), Relaxed);
        }
        self.next = start.step(self.last);
        self.show_later(start, u32::from(element.flags | start.bits()));
    }

    /// Makes elements that were written no longer look available. The device has not been shown the first one, so it has
    /// not looked at the others.
    fn abandon(&mut self, count: u16) {
        if count == 0 {
            return;
        }
        let mut at = self.start;
        for _ in 1..count {
            at = at.step(self.last);
            // What the device would have left there when it used it in the round before.
            self.state(at.at()).store((if at.wrap() { 0 } else { STATE }).to_le(), Relaxed);
        }
        self.next = self.start;
    }

    #[inline]
    fn table_entry(_: u16, _: bool, len: u32, flags: u16) -> u64 {
        // §2.8.7: entries follow one another; no flag but WRITE means anything.
        u64::from(len) | u64::from(flags) << 48
    }
}

impl PackedRing {
    /// Descriptor `at`, which is one of a [`Cursor`] or [`UsedPlace`] of this ring: only this file makes them, from 0 on, and
    /// [`step`](Cursor::step) and [`skip`](Self::skip) keep them below the queue size.
    #[inline]
    fn descriptor(&self, at: u32) -> NonNull<u8> {
        debug_assert!(at <= self.last);
        // SAFETY: it is inside the ring.
        unsafe { self.descriptors.add(DESC_SIZE * at as usize) }
    }

    /// Makes a chain available whose first descriptor is at `start` and all but the flags of that one are there.
    #[inline]
    fn show_later(&mut self, start: Cursor, flags: u32) {
        if start == self.first {
            self.held = flags;
        } else {
            // Relaxed: the device comes here from the first flags of the batch, whose release orders these, too (§2.8.21.1.1).
            self.state(start.at()).store((flags as u16).to_le(), Relaxed);
        }
    }

    #[inline]
    fn state(&self, at: u32) -> &AtomicU16 {
        // SAFETY: the flags are inside the descriptor and aligned; the memory lives as long as the ring and is only accessed
        // atomically.
        unsafe { word(self.descriptor(at), FLAGS) }
    }

    /// Where the next chain becomes available.
    #[inline]
    pub(in crate::queue) fn next(&self) -> Position {
        self.next.position()
    }

    /// Whether there are chains that were not published.
    #[inline]
    pub(in crate::queue) fn has_unpublished(&self) -> bool {
        self.next != self.first
    }

    /// Makes all chains visible to the device that are not yet, by the flags of the first descriptor, and orders that before
    /// the next read of [`device_event`](Self::device_event). Returns where the
    /// first of them begins, and how many descriptors they are.
    ///
    /// One sequentially consistent store does both. Its release half orders everything else of the batch before those flags
    /// (VQ-PACKED-DRV-FLAGS-1); the partner is the device's acquire load of them. Being sequentially consistent, it is also
    /// ordered before the driver's reads of the event suppression structure, which are too (VQ-PACKED-DRV-KICK-1): the
    /// partner is the device's full barrier between writing that structure and looking at the flags once more.
    #[inline]
    pub(in crate::queue) fn publish(&mut self) -> (Position, u32) {
        let (first, next) = (self.first, self.next);
        let state = self.state(first.at());
        self.reach.extend();
        state.store((self.held as u16).to_le(), if is_missing(Barrier::PackedKick) { Release } else { SeqCst });
        self.reach.extend_between();
        self.first = next;
        let round = if first.bits() == next.bits() { 0 } else { self.last + 1 };
        (first.position(), round + next.at() - first.at())
    }

    /// Forgets the chains that were not published: the device will never see them.
    pub(in crate::queue) fn forget_batch(&mut self) {
        self.first = self.next;
    }

    /// When the device wants to be notified. What has no meaning means always.
    #[inline]
    pub(in crate::queue) fn device_event(&self, event_idx: bool) -> Event {
        // SAFETY: both words are inside the device's event suppression structure and aligned.
        let (flags, place) = unsafe { (word(self.device_event, EVENT_FLAGS), word(self.device_event, EVENT_OFF_WRAP)) };
        // The device writes the place before the flags that make it count, and both before it looks at the ring.
        match u16::from_le(flags.load(SeqCst)) & EVENT_FLAGS_MASK {
            EVENT_FLAGS_DISABLE => Event::Never,
            EVENT_FLAGS_DESC if event_idx => Event::At(Position::from_bits(u16::from_le(place.load(SeqCst)))),
            _ => Event::Always,
        }
    }

    /// The descriptor at that place if it is used. Acquire: what the device wrote before its flags, the rest of the
    /// descriptor and buffers, is visible after them; the partner is the device's release of the flags (§2.8.1).
    #[inline]
    pub(in crate::queue) fn used(&self, place: UsedPlace) -> Option<Used> {
        let descriptor = self.descriptor(place.at);
        // SAFETY: flags, id and length are inside the descriptor and aligned.
        unsafe {
            let flags = u16::from_le(word(descriptor, FLAGS).load(Acquire));
            if u32::from(flags & STATE) != place.state {
                return None;
            }
            self.reach.extend();
            let id = u16::from_le(word(descriptor, ID).load(Relaxed));
            let len = u32::from_le(AtomicU32::from_ptr(descriptor.add(LEN).cast().as_ptr()).load(Relaxed));
            Some(Used { flags, id, len })
        }
    }

    /// The place `count` (at most the queue size) descriptors further.
    #[inline]
    pub(in crate::queue) fn after(&self, mut place: UsedPlace, count: u16) -> UsedPlace {
        self.skip(&mut place, count);
        place
    }

    /// Moves a place on by `count` (at most the queue size) descriptors.
    #[inline]
    pub(in crate::queue) fn skip(&self, place: &mut UsedPlace, count: u16) {
        debug_assert!(u32::from(count) <= self.last + 1);
        place.at += u32::from(count);
        if place.at > self.last {
            place.at = (place.at - (self.last + 1)).min(self.last);
            place.state ^= u32::from(STATE);
        }
    }

    /// Whether the descriptor at that place is used, in the order of [`set_driver_event`](Self::set_driver_event).
    #[inline]
    pub(in crate::queue) fn used_after_arming(&self, place: UsedPlace) -> bool {
        u32::from(u16::from_le(self.state(place.at).load(SeqCst)) & STATE) == place.state
    }

    /// Says when the device shall interrupt, and orders that before the next
    /// [`used_after_arming`](Self::used_after_arming).
    ///
    /// The partner is the device's full barrier between writing the flags of a used descriptor and reading this structure:
    /// either the device sees that it must interrupt, or the driver sees the used buffer (§2.8.10). One word is stored in the same
    /// order as that read, the sequentially consistent one. Two are followed by a fence: the device may read them without an order
    /// between, and must see both. Where there is nothing to store, the store that was the last one is before the read.
    #[inline]
    pub(in crate::queue) fn set_driver_event(&mut self, event: Event) {
        let (flags, place) = match event {
            Event::Always => (EVENT_FLAGS_ENABLE, None),
            Event::Never => (EVENT_FLAGS_DISABLE, None),
            Event::At(position) => (EVENT_FLAGS_DESC, Some(position.to_bits())),
        };
        // Nothing is read after the driver has asked for no interrupts.
        let full = event != Event::Never && !is_missing(Barrier::PackedInterrupt);
        let new_flags = self.driver_flags != flags;
        let two = new_flags && place.is_some();
        // Release at least: the place is there before the flags that make it count.
        let order = if full && !two { SeqCst } else { Release };
        // SAFETY: both words are inside the driver's event suppression structure and aligned.
        unsafe {
            if let Some(place) = place {
                word(self.driver_event, EVENT_OFF_WRAP).store(place.to_le(), order);
            }
            if new_flags {
                self.driver_flags = flags;
                self.reach.extend();
                word(self.driver_event, EVENT_FLAGS).store(flags.to_le(), order);
            }
        }
        if full && two {
            fence(SeqCst);
        }
        if full {
            self.reach.extend_between();
        }
    }
}

/// What the device wrote into a used descriptor.
pub(in crate::queue) struct Used {
    pub(in crate::queue) flags: u16,
    pub(in crate::queue) id: u16,
    pub(in crate::queue) len: u32,
}

/// Where in one ring a used descriptor is looked for, and the state bits that it will have there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::queue) struct UsedPlace {
    at: u32,
    state: u32,
}

impl UsedPlace {
    /// Where both sides begin.
    pub(in crate::queue) const START: Self = Self { at: 0, state: STATE as u32 };

    pub(in crate::queue) fn position(self) -> Position {
        Position { index: self.at as u16, wrap: self.state != 0 }
    }
}

// A table entry is as long in either format.
const _: () = assert!(DESC_SIZE == parakit_abi::ring::split::DESC_SIZE);
