//! Private memory of a queue: what the driver remembers of each descriptor and chain. The device cannot reach it.

use core::mem::MaybeUninit;

/// What a queue remembers of one descriptor; at most 32 bytes while `C` is no larger than a boxed slice.
///
/// Storage for a queue is an array, slice or box of these, as many as the queue shall have entries. A slot never drops
/// a chain: a queue does, once the device is done with it.
#[derive(Debug)]
pub struct Slot<C> {
    /// The chain whose head this is, while its count of descriptors is not 0.
    pub(super) chain: MaybeUninit<C>,
    /// Where the device sees the segment that this descriptor describes.
    pub(in crate::queue) device: u64,
    /// The rest: see [`Link`].
    pub(in crate::queue) link: Link,
}

/// What a slot remembers beside chain and address, in one number: written at once and read at once, so that no read waits
/// for parts of it to reach the cache.
#[derive(Clone, Copy, Debug)]
pub(in crate::queue) struct Link(u64);

impl Link {
    #[inline]
    fn new(next: u16, count: u16, mark: u32) -> Self {
        Self(u64::from(mark) << 32 | u64::from(count) << 16 | u64::from(next))
    }

    /// The next descriptor of the chain, or of the free list.
    #[inline]
    pub(in crate::queue) fn next(self) -> u16 {
        self.0 as u16
    }

    /// Descriptors of the chain for a head in flight ([`IN_TABLE`] if they are in a table), otherwise 0.
    #[inline]
    fn count(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// For a head in flight, what tells when the chain was added: the queue's count of publications then, or of chains in
    /// order.
    #[inline]
    fn mark(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The same place in a list, for the head of a chain in flight.
    #[inline]
    pub(in crate::queue) fn lent(self, count: u16, mark: u32) -> Self {
        Self::new(self.next(), count, mark)
    }

    /// Not the head of a chain in flight, and with that one behind it in a list.
    #[inline]
    pub(in crate::queue) fn to(next: u16) -> Self {
        Self::new(next, 0, 0)
    }
}

const _: () = assert!(size_of::<Slot<&'static mut [u8]>>() <= 32);

impl<C> Slot<C> {
    /// An unused slot.
    pub const EMPTY: Self = Self { chain: MaybeUninit::uninit(), device: 0, link: Link(0) };

    /// `count` unused slots.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed(count: usize) -> alloc::boxed::Box<[Self]> {
        core::iter::repeat_with(|| Self::EMPTY).take(count).collect()
    }
}

impl<C> Default for Slot<C> {
    fn default() -> Self {
        Self::EMPTY
    }
}

mod sealed {
    pub trait Sealed {
        type Chain;
        /// Memory for the addresses of what indirect tables describe.
        type Tables: AsMut<[u64]>;
        fn slots(&mut self) -> &mut [super::Slot<Self::Chain>];
        fn slot_count(&self) -> usize;
        /// Memory for `count` addresses, or for fewer if there is no more. Called once.
        fn tables(&mut self, count: usize) -> Self::Tables;
    }
}

/// Storage for a queue's slots: `[Slot<C>; N]`, `&mut [Slot<C>]`, or `Box<[Slot<C>]>` (see `Slot::boxed`).
///
/// For indirect descriptors (`VIRTIO_F_INDIRECT_DESC`) a queue also remembers where the device sees each segment: 8 bytes
/// for each entry of each table. With a box of slots that is a box, too, made with the queue; for the others,
/// [`WithTables`] adds it, and without it their queues do not use indirect descriptors.
pub trait Slots<C>: sealed::Sealed<Chain = C> {}

impl<C, const N: usize> Slots<C> for [Slot<C>; N] {}
impl<C, const N: usize> sealed::Sealed for [Slot<C>; N] {
    type Chain = C;
    type Tables = [u64; 0];
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        N
    }
    fn tables(&mut self, _: usize) -> [u64; 0] {
        []
    }
}

impl<C> Slots<C> for &mut [Slot<C>] {}
impl<C> sealed::Sealed for &mut [Slot<C>] {
    type Chain = C;
    type Tables = [u64; 0];
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        self.len()
    }
    fn tables(&mut self, _: usize) -> [u64; 0] {
        []
    }
}

#[cfg(feature = "alloc")]
impl<C> Slots<C> for alloc::boxed::Box<[Slot<C>]> {}
#[cfg(feature = "alloc")]
impl<C> sealed::Sealed for alloc::boxed::Box<[Slot<C>]> {
    type Chain = C;
    type Tables = alloc::boxed::Box<[u64]>;
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        self.len()
    }
    fn tables(&mut self, count: usize) -> alloc::boxed::Box<[u64]> {
        core::iter::repeat_n(0, count).collect()
    }
}

/// Slots with room for `N` addresses, so that a queue without the heap can use indirect descriptors: the queue's size
/// times [`QueueOptions::indirect_table`](crate::queue::QueueOptions::indirect_table).
///
/// ```
/// # use parakit::queue::*;
/// // Eight entries, each with a table of four descriptors.
/// let slots: WithTables<[Slot<Readable<&'static mut [u8]>>; 8], 32> = WithTables([const { Slot::EMPTY }; 8]);
/// ```
#[derive(Debug)]
pub struct WithTables<S, const N: usize>(
    /// The slots.
    pub S,
);

impl<C, S: Slots<C>, const N: usize> Slots<C> for WithTables<S, N> {}
impl<S: sealed::Sealed, const N: usize> sealed::Sealed for WithTables<S, N> {
    type Chain = S::Chain;
    type Tables = [u64; N];
    #[inline]
    fn slots(&mut self) -> &mut [Slot<S::Chain>] {
        self.0.slots()
    }
    fn slot_count(&self) -> usize {
        self.0.slot_count()
    }
    fn tables(&mut self, _: usize) -> [u64; N] {
        [0; N]
    }
}

/// [`Link::count`] of a chain in flight whose descriptors are in a table: one in the ring.
const IN_TABLE: u16 = u16::MAX;

/// The slots of a queue, with the list of free descriptors.
pub(in crate::queue) struct Table<C, S: Slots<C>> {
    slots: S,
    /// Addresses of what the entries of the indirect tables describe.
    tables: S::Tables,
    /// Entries of each table; 0 for none.
    entries: u16,
    // Numbers of 16 bits, in 32: a compiler may read two small neighbours at once, and then waits for what was written to
    // each to reach the cache.
    /// Queue size - 1; the size is at most `slots.slot_count()`.
    last: u32,
    /// First free descriptor; the others follow through `next`. Always that of a slot, though of no free one while `free` is
    /// 0. Nothing but this file and `flight.rs` changes it.
    pub(in crate::queue) free_head: u32,
    /// Number of free descriptors.
    pub(in crate::queue) free: u32,
    /// Slots of which it was asked whether a chain in flight begins there.
    #[cfg(test)]
    pub(in crate::queue) looks: usize,
    chain: core::marker::PhantomData<C>,
}

impl<C, S: Slots<C>> Table<C, S> {
    /// For a queue of `size` entries, not 0 and no more than there are slots, with indirect tables of `entries` if there is
    /// memory for them. To be [`reset`](Self::reset) before use.
    pub(in crate::queue) fn new(mut slots: S, size: u16, entries: u16) -> Self {
        debug_assert!(size != 0 && usize::from(size) <= slots.slot_count());
        let count = usize::from(size) * usize::from(entries);
        let mut tables = slots.tables(count);
        let entries = if tables.as_mut().len() < count { 0 } else { entries };
        Self {
            slots,
            tables,
            entries,
            last: u32::from(size) - 1,
            free_head: 0,
            free: size.into(),
            #[cfg(test)]
            looks: 0,
            chain: core::marker::PhantomData,
        }
    }

    /// All descriptors are free, in their order.
    pub(in crate::queue) fn reset(&mut self) {
        let size = self.size();
        for (i, slot) in (1..).zip(&mut self.slots.slots()[..usize::from(size)]) {
            // Payloads of an earlier queue that were never given back are leaked, not dropped.
            *slot = Slot { link: Link::to(if i == size { 0 } else { i }), ..Slot::EMPTY };
        }
    }

    /// Entries of the queue.
    #[inline]
    pub(in crate::queue) fn size(&self) -> u16 {
        (self.last + 1) as u16
    }

    /// Bytes of a slot, with what it remembers of its indirect table.
    pub(in crate::queue) fn slot_bytes(&self) -> usize {
        size_of::<Slot<C>>() + usize::from(self.entries) * size_of::<u64>()
    }

    /// Entries of each indirect table; 0 when there are none.
    pub(in crate::queue) fn entries(&self) -> u16 {
        self.entries
    }

    /// Slot `i`, or the last one if there is no such slot.
    #[inline]
    pub(in crate::queue) fn at(&mut self, i: u16) -> &mut Slot<C> {
        let i = u32::from(i).min(self.last) as usize;
        // SAFETY: `i` is below the queue size, which is no larger than the storage (`new`'s caller); the storage is one of
        // a few types of which none changes its length while it is owned here.
        unsafe { self.slots.slots().get_unchecked_mut(i) }
    }

    /// Slot `i`, if there is one.
    #[inline]
    fn get(&mut self, i: u16) -> Option<&mut Slot<C>> {
        // SAFETY: as for `at`.
        (u32::from(i) <= self.last).then(|| unsafe { self.slots.slots().get_unchecked_mut(usize::from(i)) })
    }

    /// Slot `i`.
    ///
    /// # Safety
    /// `i` is below the queue size.
    #[inline]
    pub(in crate::queue) unsafe fn at_unchecked(&mut self, i: u16) -> &mut Slot<C> {
        debug_assert!(u32::from(i) <= self.last);
        // SAFETY: the caller's promise, and as for `at`.
        unsafe { self.slots.slots().get_unchecked_mut(usize::from(i)) }
    }

    /// Where entry `index` of the table of slot `i` has its address.
    fn address(&mut self, i: u16, index: u16) -> Option<&mut u64> {
        let at = usize::from(i) * usize::from(self.entries) + usize::from(index);
        self.tables.as_mut().get_mut(at)
    }

    /// Remembers where the device sees what entry `index` of the table of slot `i` describes.
    pub(in crate::queue) fn remember(&mut self, i: u16, index: u16, device: u64) {
        if let Some(address) = self.address(i, index) {
            *address = device;
        }
    }

    /// What was [remembered](Self::remember).
    pub(in crate::queue) fn remembered(&mut self, i: u16, index: u16) -> u64 {
        self.address(i, index).map_or(0, |address| *address)
    }

    /// Puts a chain into slot `i`, where it is pending: not in flight yet.
    ///
    /// It is stored before its segments are asked for, because moving it may end the validity of pointers to them.
    #[inline]
    pub(in crate::queue) fn put(&mut self, i: u16, chain: C) {
        self.at(i).chain.write(chain);
    }

    /// The chain in slot `i`, in flight or not.
    ///
    /// # Safety
    /// `put(i, ..)` was called, and `take_back(i)` was not since.
    #[inline]
    pub(in crate::queue) unsafe fn pending(&mut self, i: u16) -> &mut C {
        // SAFETY: the caller says that `put` initialised it and nothing took it since.
        unsafe { self.at(i).chain.assume_init_mut() }
    }

    /// The chain that is in flight with head `i`, and its mark.
    #[inline]
    pub(in crate::queue) fn chain(&mut self, i: u16) -> Option<(&mut C, u32)> {
        let slot = self.get(i)?;
        let link = slot.link;
        // SAFETY: the count is not 0 only between `lend` and `end_flight`, and `put` came before.
        (link.count() != 0).then(|| (unsafe { slot.chain.assume_init_mut() }, link.mark()))
    }

    /// How many descriptors of the ring the chain in flight with head `i` has; 0 when there is none.
    #[inline]
    pub(in crate::queue) fn count(&mut self, i: u16) -> u16 {
        let count = self.at(i).link.count();
        if count == IN_TABLE { 1 } else { count }
    }

    /// Takes the pending chain out of slot `i`.
    ///
    /// # Safety
    /// As for [`pending`](Self::pending), and it is not in flight.
    #[inline]
    pub(in crate::queue) unsafe fn take_back(&mut self, i: u16) -> C {
        // SAFETY: the caller says that `put` initialised it and nothing took it since.
        unsafe { self.at(i).chain.assume_init_read() }
    }

    /// Puts the pending chain in slot `i` into flight with `count` (not 0) descriptors.
    ///
    /// # Safety
    /// As for [`take_back`](Self::take_back).
    #[inline]
    pub(in crate::queue) unsafe fn lend(&mut self, i: u16, count: u16, mark: u32) {
        let slot = self.at(i);
        slot.link = slot.link.lent(count, mark);
    }

    /// Puts the pending chain in slot `i` into flight with its descriptors in the slot's indirect table.
    ///
    /// # Safety
    /// As for [`take_back`](Self::take_back).
    #[inline]
    pub(in crate::queue) unsafe fn lend_table(&mut self, i: u16, mark: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.lend(i, IN_TABLE, mark) }
    }

    /// Ends the flight of the chain with head `i`, if it is in flight: it is pending then. Returns how many descriptors of
    /// the ring it has, and whether it has its own in a table.
    #[inline]
    pub(in crate::queue) fn end_flight(&mut self, i: u16) -> Option<(u16, bool)> {
        #[cfg(test)]
        {
            self.looks += 1;
        }
        let slot = self.get(i)?;
        let count = slot.link.count();
        slot.link = Link::to(slot.link.next());
        match count {
            0 => None,
            IN_TABLE => Some((1, true)),
            count => Some((count, false)),
        }
    }

    /// [`end_flight`](Self::end_flight) if the chain has one descriptor, not in a table; `next` is behind it in the free list
    /// then, or what was.
    #[inline]
    pub(in crate::queue) fn end_flight_of_one(&mut self, i: u16, next: Option<u16>) -> bool {
        let Some(slot) = self.get(i).filter(|slot| slot.link.count() == 1) else { return false };
        slot.link = Link::to(next.unwrap_or(slot.link.next()));
        #[cfg(test)]
        {
            self.looks += 1;
        }
        true
    }
}
