//! Memory in which a block driver keeps what it knows of its requests: the caller's, on the heap or not.

use crate::device::table::RequestSlot;
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Directed, Either, Prefix, Slot, Slots, Tagged};

use super::complete::{Outcome, Tag};

/// A request's own data: none, the caller's buffer, or memory of the driver.
pub(super) type Body<P, B> = Option<Either<B, Prefix<DmaBox<P>>>>;

/// What a block driver's queue holds for each request.
pub type BlockChain<P, B> = Tagged<Directed<Body<P, B>>, Tag>;

/// Storage for a block driver: [`InlineStorage`], `HeapStorage`, or a pair of your own.
pub trait BlockStorage<P: Platform, B: Buffers> {
    /// Slots of the queue: one an entry.
    type Slots: Slots<BlockChain<P, B>>;
    /// Slots of the requests: one for each that may be in flight or finished and not fetched.
    type Requests: AsMut<[RequestSlot<Outcome<P, B>>]>;

    /// The two.
    fn into_parts(self) -> (Self::Slots, Self::Requests);
}

impl<P, B, S, R> BlockStorage<P, B> for (S, R)
where
    P: Platform,
    B: Buffers,
    S: Slots<BlockChain<P, B>>,
    R: AsMut<[RequestSlot<Outcome<P, B>>]>,
{
    type Slots = S;
    type Requests = R;

    fn into_parts(self) -> (S, R) {
        self
    }
}

/// Storage inside the driver: a queue of `ENTRIES` entries and up to `REQUESTS` requests. A request takes an entry for
/// its header, one for its status, and one for each segment of its buffer.
#[derive(Debug)]
pub struct InlineStorage<P: Platform, B: Buffers, const ENTRIES: usize, const REQUESTS: usize> {
    slots: [Slot<BlockChain<P, B>>; ENTRIES],
    requests: [RequestSlot<Outcome<P, B>>; REQUESTS],
}

impl<P: Platform, B: Buffers, const ENTRIES: usize, const REQUESTS: usize> Default
    for InlineStorage<P, B, ENTRIES, REQUESTS>
{
    fn default() -> Self {
        Self { slots: [const { Slot::EMPTY }; ENTRIES], requests: core::array::from_fn(|_| RequestSlot::default()) }
    }
}

impl<P: Platform, B: Buffers, const ENTRIES: usize, const REQUESTS: usize> BlockStorage<P, B>
    for InlineStorage<P, B, ENTRIES, REQUESTS>
{
    type Slots = [Slot<BlockChain<P, B>>; ENTRIES];
    type Requests = [RequestSlot<Outcome<P, B>>; REQUESTS];

    fn into_parts(self) -> (Self::Slots, Self::Requests) {
        (self.slots, self.requests)
    }
}

/// Storage on the heap, allocated once.
#[cfg(feature = "alloc")]
#[derive(Debug)]
pub struct HeapStorage<P: Platform, B: Buffers> {
    slots: alloc::boxed::Box<[Slot<BlockChain<P, B>>]>,
    requests: alloc::boxed::Box<[RequestSlot<Outcome<P, B>>]>,
}

#[cfg(feature = "alloc")]
impl<P: Platform, B: Buffers> HeapStorage<P, B> {
    /// Storage for a queue of up to `entries` entries, and for as many requests as fit it: one for every two entries.
    #[must_use]
    pub fn new(entries: u16) -> Self {
        let requests = usize::from(entries).div_ceil(2);
        Self {
            slots: Slot::boxed(entries.into()),
            requests: core::iter::repeat_with(RequestSlot::default).take(requests).collect(),
        }
    }
}

#[cfg(feature = "alloc")]
impl<P: Platform, B: Buffers> BlockStorage<P, B> for HeapStorage<P, B> {
    type Slots = alloc::boxed::Box<[Slot<BlockChain<P, B>>]>;
    type Requests = alloc::boxed::Box<[RequestSlot<Outcome<P, B>>]>;

    fn into_parts(self) -> (Self::Slots, Self::Requests) {
        (self.slots, self.requests)
    }
}
