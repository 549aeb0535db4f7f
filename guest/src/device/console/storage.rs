//! Memory in which a console driver keeps what it knows of its buffers: the caller's, on the heap or not.

use super::transmit::Sent;
use crate::device::table::RequestSlot;
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Either, Prefix, Queue, Readable, Slot, Slots, Tagged, Writable};

/// What the receive queue holds: buffers that the device writes (§5.3.6.1).
pub type ReceiveChain<P> = Writable<DmaBox<P>>;

/// What the transmit queue holds: buffers that the device reads, and the slot of those that come back to the user.
pub type TransmitChain<P, B> = Tagged<Readable<Either<B, Prefix<DmaBox<P>>>>, Option<u16>>;

pub(super) type ReceiveQueue<P, B, S> = Queue<P, ReceiveChain<P>, <S as ConsoleStorage<P, B>>::ReceiveSlots>;
pub(super) type TransmitQueue<P, B, S> = Queue<P, TransmitChain<P, B>, <S as ConsoleStorage<P, B>>::TransmitSlots>;

/// Storage for a console driver: [`InlineConsoleStorage`], `HeapConsoleStorage`, or a triple of your own.
pub trait ConsoleStorage<P: Platform, B: Buffers> {
    /// Slots of the receive queue: one a buffer.
    type ReceiveSlots: Slots<ReceiveChain<P>>;
    /// Slots of the transmit queue: one a segment in flight.
    type TransmitSlots: Slots<TransmitChain<P, B>>;
    /// One for each buffer of [`send`](super::Console::send) in flight or not fetched.
    type Sends: AsMut<[RequestSlot<Sent<B>>]>;

    /// The three.
    fn into_parts(self) -> (Self::ReceiveSlots, Self::TransmitSlots, Self::Sends);
}

impl<P, B, R, T, S> ConsoleStorage<P, B> for (R, T, S)
where
    P: Platform,
    B: Buffers,
    R: Slots<ReceiveChain<P>>,
    T: Slots<TransmitChain<P, B>>,
    S: AsMut<[RequestSlot<Sent<B>>]>,
{
    type ReceiveSlots = R;
    type TransmitSlots = T;
    type Sends = S;

    fn into_parts(self) -> (R, T, S) {
        self
    }
}

/// Storage inside the driver: `RECEIVE` receive buffers, and `TRANSMIT` entries of the transmit queue.
#[derive(Debug)]
pub struct InlineConsoleStorage<P: Platform, B: Buffers, const RECEIVE: usize, const TRANSMIT: usize> {
    receive: [Slot<ReceiveChain<P>>; RECEIVE],
    transmit: [Slot<TransmitChain<P, B>>; TRANSMIT],
    sends: [RequestSlot<Sent<B>>; TRANSMIT],
}

impl<P: Platform, B: Buffers, const RECEIVE: usize, const TRANSMIT: usize> Default
    for InlineConsoleStorage<P, B, RECEIVE, TRANSMIT>
{
    fn default() -> Self {
        Self {
            receive: [const { Slot::EMPTY }; RECEIVE],
            transmit: [const { Slot::EMPTY }; TRANSMIT],
            sends: core::array::from_fn(|_| RequestSlot::default()),
        }
    }
}

impl<P: Platform, B: Buffers, const RECEIVE: usize, const TRANSMIT: usize> ConsoleStorage<P, B>
    for InlineConsoleStorage<P, B, RECEIVE, TRANSMIT>
{
    type ReceiveSlots = [Slot<ReceiveChain<P>>; RECEIVE];
    type TransmitSlots = [Slot<TransmitChain<P, B>>; TRANSMIT];
    type Sends = [RequestSlot<Sent<B>>; TRANSMIT];

    fn into_parts(self) -> (Self::ReceiveSlots, Self::TransmitSlots, Self::Sends) {
        (self.receive, self.transmit, self.sends)
    }
}

/// Storage on the heap, allocated once.
#[cfg(feature = "alloc")]
#[derive(Debug)]
pub struct HeapConsoleStorage<P: Platform, B: Buffers> {
    receive: alloc::boxed::Box<[Slot<ReceiveChain<P>>]>,
    transmit: alloc::boxed::Box<[Slot<TransmitChain<P, B>>]>,
    sends: alloc::boxed::Box<[RequestSlot<Sent<B>>]>,
}

#[cfg(feature = "alloc")]
impl<P: Platform, B: Buffers> HeapConsoleStorage<P, B> {
    /// Storage for all that `options` ask for.
    #[must_use]
    pub fn new(options: &super::ConsoleOptions) -> Self {
        Self {
            receive: Slot::boxed(options.receive_buffers.into()),
            transmit: Slot::boxed(options.transmit_entries.into()),
            sends: core::iter::repeat_with(RequestSlot::default).take(options.transmit_entries.into()).collect(),
        }
    }
}

#[cfg(feature = "alloc")]
impl<P: Platform, B: Buffers> ConsoleStorage<P, B> for HeapConsoleStorage<P, B> {
    type ReceiveSlots = alloc::boxed::Box<[Slot<ReceiveChain<P>>]>;
    type TransmitSlots = alloc::boxed::Box<[Slot<TransmitChain<P, B>>]>;
    type Sends = alloc::boxed::Box<[RequestSlot<Sent<B>>]>;

    fn into_parts(self) -> (Self::ReceiveSlots, Self::TransmitSlots, Self::Sends) {
        (self.receive, self.transmit, self.sends)
    }
}
