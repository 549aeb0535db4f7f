//! A queue in the format that was negotiated.

use core::fmt;

use super::{AddError, Chain, Completion, Notification, QueueError, QueueOptions, RingFeatures, Slots};
use super::{PackedQueue, SplitQueue, Token, WrongInstance};
use super::{packed, split};
use crate::{
    platform::Platform,
    transport::{InstanceId, QueueAddresses, QueueId, QueueSetupError, ResetProof},
};

/// A virtqueue that owns the chains `C` in flight, in the format that driver and device agreed on. `S` is the storage for
/// what it remembers of them.
///
/// Adding, publishing and polling take no locks, allocate nothing, and do not block.
///
/// ```
/// # use parakit::{platform::*, queue::*, transport::Notify};
/// # fn demo<P: Platform>(queue: &mut Queue<P, Writable<Vec<u8>>, Box<[Slot<Writable<Vec<u8>>>]>>, notifier: &impl Notify) -> Result<(), QueueError> {
/// let token = queue.add(Writable(vec![0; 512])).expect("a free descriptor");
/// if let Some(notification) = queue.publish() {
///     notifier.notify(notification);
/// }
/// while let Some(done) = queue.poll()? {
///     println!("{:?}: {} bytes", done.token, done.written);
/// }
/// # let _ = token;
/// # Ok(()) }
/// ```
///
/// A queue that is dropped before [`retire`](Self::retire) leaks its ring and its chains, because the device may still
/// access them.
pub struct Queue<P: Platform, C: Chain, S: Slots<C>>(Format<P, C, S>);

enum Format<P: Platform, C: Chain, S: Slots<C>> {
    Split(SplitQueue<P, C, S>),
    Packed(PackedQueue<P, C, S>),
}

/// Runs an expression on the queue, whatever its format.
macro_rules! on {
    ($queue:expr, $q:ident => $do:expr) => {
        match $queue {
            Format::Split($q) => $do,
            Format::Packed($q) => $do,
        }
    };
}

impl<P: Platform, C: Chain, S: Slots<C>> Queue<P, C, S> {
    /// A queue that no [`Device`](crate::transport::Device) knows: for other transports, and tests.
    ///
    /// It belongs to a device instance of its own; see [`ResetProof::assume`].
    ///
    /// # Errors
    /// [`QueueSetupError`] when there is no memory or no slot.
    pub fn detached(
        platform: P,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
    ) -> Result<Self, QueueSetupError> {
        Self::with_id(platform, slots, options, features, QueueId::detached()?)
    }

    /// Like [`detached`](Self::detached), as if `start` chains had been used already: for tests of
    /// what happens when indices and counters wrap.
    #[doc(hidden)]
    pub fn detached_at(
        platform: P,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
        start: u16,
    ) -> Result<Self, QueueSetupError> {
        Ok(Self(if features.packed {
            Format::Packed(PackedQueue::detached_at(platform, slots, options, features, start)?)
        } else {
            Format::Split(SplitQueue::detached_at(platform, slots, options, features, start)?)
        }))
    }

    pub(crate) fn with_id(
        platform: P,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
        id: QueueId,
    ) -> Result<Self, QueueSetupError> {
        Ok(Self(if features.packed {
            Format::Packed(PackedQueue::with_id(platform, slots, options, features, id)?)
        } else {
            Format::Split(SplitQueue::with_id(platform, slots, options, features, id)?)
        }))
    }

    /// Moves a chain into the queue. The device sees it after [`publish`](Self::publish).
    ///
    /// # Errors
    /// The chain comes back with the reason: no free descriptors, a segment that cannot be described or shared, or an
    /// earlier misbehaviour of the device.
    #[inline]
    pub fn add(&mut self, chain: C) -> Result<Token, AddError<C>> {
        on!(&mut self.0, q => q.add(chain))
    }

    /// Like [`add`](Self::add), for a queue with room: copies `header` in front of the chain, where the device reads it,
    /// and `trailer` behind it, where the device finds and overwrites it. The chain itself may be empty.
    ///
    /// # Errors
    /// As for `add`, and when header or trailer are not exactly as long as [`QueueOptions`] said.
    #[inline]
    pub fn add_framed(&mut self, header: &[u8], chain: C, trailer: &[u8]) -> Result<Token, AddError<C>> {
        on!(&mut self.0, q => q.add_framed(header, chain, trailer))
    }

    /// Shows the device all chains added since the last time. Returns what to notify the device with if it wants to be
    /// notified now: `None` when it said not to, and when nothing was added.
    #[inline]
    #[must_use = "the device may wait for a notification"]
    pub fn publish(&mut self) -> Option<Notification> {
        on!(&mut self.0, q => q.publish())
    }

    /// Takes back the next chain that the device has used, if there is one.
    ///
    /// # Errors
    /// [`QueueError`] when the device did something that it must not do; from then on always the same. The chains in
    /// flight come back from [`retire`](Self::retire).
    #[inline]
    pub fn poll(&mut self) -> Result<Option<Completion<C>>, QueueError> {
        on!(&mut self.0, q => q.poll())
    }

    /// Like [`poll`](Self::poll), for a queue with room: copies the chain's trailer, as the device left it, to `trailer`
    /// (as much as both hold).
    ///
    /// # Errors
    /// As for `poll`.
    #[inline]
    pub fn poll_framed(&mut self, trailer: &mut [u8]) -> Result<Option<Completion<C>>, QueueError> {
        on!(&mut self.0, q => q.poll_framed(trailer))
    }

    /// Asks the device not to interrupt when it uses buffers. A hint: it may do so all the same.
    pub fn disable_interrupts(&mut self) {
        on!(&mut self.0, q => q.disable_interrupts());
    }

    /// Asks the device to interrupt when it uses the next buffer. Returns whether there is something to
    /// [`poll`](Self::poll) already, which may not interrupt any more: look again instead of waiting.
    ///
    /// With EVENT_IDX this is good for one interrupt; call it after each drain.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn enable_interrupts(&mut self) -> bool {
        on!(&mut self.0, q => q.enable_interrupts())
    }

    /// Like [`enable_interrupts`](Self::enable_interrupts), but where EVENT_IDX allows it only after `chains` more chains
    /// were used, or all that are in flight if they are fewer. Returns whether that many are there already.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn enable_interrupts_after(&mut self, chains: u16) -> bool {
        on!(&mut self.0, q => q.enable_interrupts_after(chains))
    }

    /// Entries of the queue.
    #[must_use]
    pub fn size(&self) -> u16 {
        on!(&self.0, q => q.size())
    }

    /// Free descriptors; 0 once the device has misbehaved.
    #[must_use]
    pub fn free(&self) -> u16 {
        on!(&self.0, q => q.free())
    }

    /// Chains that the queue owns.
    #[must_use]
    pub fn in_flight(&self) -> u16 {
        on!(&self.0, q => q.in_flight())
    }

    /// What was negotiated for it.
    #[must_use]
    pub fn features(&self) -> RingFeatures {
        on!(&self.0, q => q.features())
    }

    /// Why the queue does nothing any more, if so.
    #[must_use]
    pub fn error(&self) -> Option<QueueError> {
        on!(&self.0, q => q.error())
    }

    /// Where the device sees the ring.
    #[must_use]
    pub fn addresses(&self) -> QueueAddresses {
        on!(&self.0, q => q.addresses())
    }

    /// Which queue of which device instance it is.
    #[must_use]
    pub fn id(&self) -> QueueId {
        on!(&self.0, q => q.id())
    }

    /// Its index among the queues of its device.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.id().index()
    }

    /// The device instance that the queue belongs to.
    #[must_use]
    pub fn instance(&self) -> InstanceId {
        self.id().instance()
    }

    /// Bytes that the queue takes: the ring (with headers, trailers and indirect tables, if any), and what it remembers:
    /// one [`Slot`](super::Slot) an entry, and 8 bytes for each entry of its table.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        on!(&self.0, q => q.memory_bytes())
    }

    /// Ends the queue after its device, or the queue alone, was reset: returns the chains that were in flight, and lets
    /// the queue be freed when it is dropped. Called again, it goes on with those that were not taken yet.
    ///
    /// # Errors
    /// [`WrongInstance`] when the proof is about another device, another life of the same one, or another queue.
    pub fn retire(&mut self, proof: &ResetProof) -> Result<Drain<'_, P, C, S>, WrongInstance> {
        Ok(Drain(match &mut self.0 {
            Format::Split(queue) => Drained::Split(queue.retire(proof)?),
            Format::Packed(queue) => Drained::Packed(queue.retire(proof)?),
        }))
    }
}

impl<P: Platform, C: Chain, S: Slots<C>> fmt::Debug for Queue<P, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        on!(&self.0, q => q.fmt(f))
    }
}

/// The chains that were in flight when their device was reset; see [`Queue::retire`]. What is not taken from it is
/// dropped with the queue.
pub struct Drain<'a, P: Platform, C: Chain, S: Slots<C>>(Drained<'a, P, C, S>);

enum Drained<'a, P: Platform, C: Chain, S: Slots<C>> {
    Split(split::SplitDrain<'a, P, C, S>),
    Packed(packed::PackedDrain<'a, P, C, S>),
}

impl<P: Platform, C: Chain, S: Slots<C>> Iterator for Drain<'_, P, C, S> {
    type Item = (Token, C);

    fn next(&mut self) -> Option<(Token, C)> {
        match &mut self.0 {
            Drained::Split(drain) => drain.next(),
            Drained::Packed(drain) => drain.next(),
        }
    }
}
