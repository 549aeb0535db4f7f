//! Private memory of a queue: what the driver remembers of each descriptor and chain. The device cannot reach it.

use core::mem::MaybeUninit;

/// What a queue remembers of one descriptor; at most 32 bytes while `C` is no larger than a boxed slice.
///
/// Storage for a queue is an array, slice or box of these, as many as the queue shall have entries. A slot never drops
/// a chain: a queue does, once the device is done with it.
#[derive(Debug)]
pub struct Slot<C> {
    /// The chain whose head this is, while `count` is not 0.
    chain: MaybeUninit<C>,
    /// Where the device sees the segment that this descriptor describes.
    pub(in crate::queue) device: u64,
    /// [`SplitQueue`](crate::queue::SplitQueue)'s count of publications when the chain was added, for a head.
    pub(in crate::queue) epoch: u32,
    /// The next descriptor of the chain, or of the free list.
    pub(in crate::queue) next: u16,
    /// Descriptors of the chain for a head in flight, otherwise 0.
    pub(in crate::queue) count: u16,
}

const _: () = assert!(size_of::<Slot<&'static mut [u8]>>() <= 32);

impl<C> Slot<C> {
    /// An unused slot.
    pub const EMPTY: Self = Self { chain: MaybeUninit::uninit(), device: 0, epoch: 0, next: 0, count: 0 };

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
        fn slots(&mut self) -> &mut [super::Slot<Self::Chain>];
        fn slot_count(&self) -> usize;
    }
}

/// Storage for a queue's slots: `[Slot<C>; N]`, `&mut [Slot<C>]`, or `Box<[Slot<C>]>` (see `Slot::boxed`).
pub trait Slots<C>: sealed::Sealed<Chain = C> {}

impl<C, const N: usize> Slots<C> for [Slot<C>; N] {}
impl<C, const N: usize> sealed::Sealed for [Slot<C>; N] {
    type Chain = C;
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        N
    }
}

impl<C> Slots<C> for &mut [Slot<C>] {}
impl<C> sealed::Sealed for &mut [Slot<C>] {
    type Chain = C;
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        self.len()
    }
}

#[cfg(feature = "alloc")]
impl<C> Slots<C> for alloc::boxed::Box<[Slot<C>]> {}
#[cfg(feature = "alloc")]
impl<C> sealed::Sealed for alloc::boxed::Box<[Slot<C>]> {
    type Chain = C;
    #[inline]
    fn slots(&mut self) -> &mut [Slot<C>] {
        self
    }
    fn slot_count(&self) -> usize {
        self.len()
    }
}

/// The slots of a queue, with the list of free descriptors.
pub(in crate::queue) struct Table<C, S: Slots<C>> {
    slots: S,
    /// Queue size - 1; the size is a power of two and at most `slots.slot_count()`.
    mask: u16,
    /// First free descriptor; the others follow through `next`. Meaningless while `free` is 0.
    pub(in crate::queue) free_head: u16,
    /// Number of free descriptors.
    pub(in crate::queue) free: u16,
    /// Slots of which it was asked whether a chain in flight begins there.
    #[cfg(test)]
    pub(in crate::queue) looks: usize,
    chain: core::marker::PhantomData<C>,
}

impl<C, S: Slots<C>> Table<C, S> {
    /// All descriptors free, for the largest queue that has a power-of-two size and at most `max_size` entries.
    /// `None` when that is no entry at all.
    pub(in crate::queue) fn new(mut slots: S, max_size: u16) -> Option<Self> {
        let most = slots.slot_count().min(max_size.into()).min(parakit_abi::ring::MAX_QUEUE_SIZE.into());
        let size = 1 << most.checked_ilog2()?;
        for (i, slot) in slots.slots()[..size].iter_mut().enumerate() {
            // Payloads of an earlier queue that were never given back are leaked, not dropped.
            *slot = Slot { next: ((i + 1) & (size - 1)) as u16, ..Slot::EMPTY };
        }
        Some(Self {
            slots,
            mask: (size - 1) as u16,
            free_head: 0,
            free: size as u16,
            #[cfg(test)]
            looks: 0,
            chain: core::marker::PhantomData,
        })
    }

    /// Entries of the queue.
    #[inline]
    pub(in crate::queue) fn size(&self) -> u16 {
        self.mask + 1
    }

    /// Slot `i` modulo the queue size.
    #[inline]
    pub(in crate::queue) fn at(&mut self, i: u16) -> &mut Slot<C> {
        let i = usize::from(i & self.mask);
        // SAFETY: `i` is below the queue size, which `new` made no larger than the storage; the storage is one of
        // three types of which none changes its length while it is owned here.
        unsafe { self.slots.slots().get_unchecked_mut(i) }
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

    /// The chain that is in flight with head `i`, and how many descriptors it has.
    #[inline]
    pub(in crate::queue) fn chain(&mut self, i: u16) -> Option<(&mut C, u16)> {
        let slot = self.at(i);
        // SAFETY: `count` is not 0 only between `lend` and `end_flight`, and `put` came before.
        (slot.count != 0).then(|| (unsafe { slot.chain.assume_init_mut() }, slot.count))
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
    pub(in crate::queue) unsafe fn lend(&mut self, i: u16, count: u16, epoch: u32) {
        let slot = self.at(i);
        slot.count = count;
        slot.epoch = epoch;
    }

    /// Ends the flight of the chain with head `i`, if it is in flight: it is pending then. Returns its descriptors.
    #[inline]
    pub(in crate::queue) fn end_flight(&mut self, i: u16) -> Option<u16> {
        #[cfg(test)]
        {
            self.looks += 1;
        }
        let count = core::mem::take(&mut self.at(i).count);
        (count != 0).then_some(count)
    }
}
