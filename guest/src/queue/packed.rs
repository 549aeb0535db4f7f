//! The packed virtqueue (VIRTIO 1.4 §2.8).

use core::fmt;

use parakit_abi::ring::packed::{DESC_F_WRITE, event_passed};

use super::memory::{Event, Flight, Format, PackedRing, Used, UsedPlace};
use super::{AddError, AddErrorKind, Chain, Completion, Notification, QueueError, QueueOptions, RingFeatures};
use super::{Slots, Token, WrongInstance};
use crate::{
    platform::Platform,
    transport::{InstanceId, QueueAddresses, QueueId, QueueSetupError, ResetProof},
};

/// A packed virtqueue that owns the chains `C` in flight. `S` is the storage for what it remembers of them.
///
/// It has as many entries as slots, options and device allow: any number from 1 to 32768. All else is as for
/// [`SplitQueue`](super::SplitQueue).
pub struct PackedQueue<P: Platform, C: Chain, S: Slots<C>> {
    flight: Flight<P, C, S, PackedRing>,
    /// Where the next used descriptor will be.
    used: UsedPlace,
    /// Chains added, shown to the device, and taken back so far, wrapping. A chain's mark is the number of those before it.
    added: u32,
    shown: u32,
    seen: u32,
    /// The fewest descriptors that a chain has which was added since the queue was seen to be empty.
    shortest: u32,
    /// With IN_ORDER: the head of the chain that comes back next.
    oldest: u32,
    /// With IN_ORDER: chains that the last used descriptor stands for and that were not taken yet.
    batch: u32,
    /// With IN_ORDER: bytes written into the last of them.
    batch_written: u32,
    /// The next used descriptor was seen when interrupts were enabled, and not taken yet: it cannot be gone again.
    found: bool,
    features: RingFeatures,
    /// Why the queue does nothing any more.
    end: Option<QueueError>,
    id: QueueId,
}

impl<P: Platform, C: Chain, S: Slots<C>> PackedQueue<P, C, S> {
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
        let mut queue = Self::detached(platform, slots, options, features)?;
        let start = start as i16 as u32;
        (queue.added, queue.shown, queue.seen) = (start, start, start);
        Ok(queue)
    }

    pub(crate) fn with_id(
        platform: P,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
        id: QueueId,
    ) -> Result<Self, QueueSetupError> {
        Ok(Self {
            flight: Flight::new(platform, slots, options, features)?,
            used: UsedPlace::START,
            added: 0,
            shown: 0,
            seen: 0,
            shortest: u32::MAX,
            oldest: 0,
            batch: 0,
            batch_written: 0,
            found: false,
            features: RingFeatures { packed: true, ..features },
            end: None,
            id,
        })
    }

    /// Moves a chain into the queue. The device sees it after [`publish`](Self::publish).
    ///
    /// # Errors
    /// The chain comes back with the reason: no free descriptors, a segment that cannot be described or shared, or an
    /// earlier misbehaviour of the device.
    #[inline(always)]
    pub fn add(&mut self, chain: C) -> Result<Token, AddError<C>> {
        self.add_framed(&[], chain, &[])
    }

    /// Like [`add`](Self::add), for a queue with room: copies `header` in front of the chain, where the device reads it,
    /// and `trailer` behind it, where the device finds and overwrites it. The chain itself may be empty.
    ///
    /// # Errors
    /// As for `add`, and when header or trailer are not exactly as long as [`QueueOptions`] said.
    #[inline(always)]
    pub fn add_framed(&mut self, header: &[u8], chain: C, trailer: &[u8]) -> Result<Token, AddError<C>> {
        match self.flight.lend(header, chain, trailer, self.added) {
            Ok((head, count)) => {
                if u32::from(count) < self.shortest {
                    self.shortest = count.into();
                }
                self.added = self.added.wrapping_add(1);
                Ok(Token(head))
            }
            Err((chain, kind)) => Err(AddError { chain, kind: self.end.map_or(kind, AddErrorKind::Queue) }),
        }
    }

    /// Shows the device all chains added since the last time: the first of them last, so that it sees them at once. Returns
    /// what to notify the device with if it wants to be notified now: `None` when it said not to, and when nothing was
    /// added.
    #[inline]
    #[must_use = "the device may wait for a notification"]
    pub fn publish(&mut self) -> Option<Notification> {
        if !self.flight.ring.has_unpublished() {
            return None;
        }
        self.shown = self.added;
        let (start, count) = self.flight.ring.publish();
        let wanted = match self.flight.ring.device_event(self.features.event_idx) {
            Event::Always => true,
            Event::Never => false,
            // The window covers the whole batch: the descriptor that the device waits for may be any of it.
            Event::At(event) => event_passed(event, start, count as u16, self.size()),
        };
        let data = self.features.notification_data;
        wanted.then(|| Notification(if data { self.flight.ring.next().to_bits() } else { 0 }))
    }

    /// Takes back the next chain that the device has used, if there is one.
    ///
    /// # Errors
    /// [`QueueError`] when the device did something that it must not do; from then on always the same. The chains in
    /// flight come back from [`retire`](Self::retire).
    #[inline(always)]
    pub fn poll(&mut self) -> Result<Option<Completion<C>>, QueueError> {
        self.poll_framed(&mut [])
    }

    /// Like [`poll`](Self::poll), for a queue with room: copies the chain's trailer, as the device left it, to `trailer`
    /// (as much as both hold).
    ///
    /// # Errors
    /// As for `poll`.
    #[inline(always)]
    pub fn poll_framed(&mut self, trailer: &mut [u8]) -> Result<Option<Completion<C>>, QueueError> {
        if self.features.in_order {
            return self.poll_in_order(trailer);
        }
        let Some((head, written, mark)) = self.used_entry()? else { return Ok(None) };
        // (A chain that stays in flight while 2^32 others pass may be taken for one that was not shown; never the reverse.)
        if self.added != self.shown && mark.wrapping_sub(self.shown) < self.added.wrapping_sub(self.shown) {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        }
        self.take(head, written, trailer).map(|(done, _)| Some(done))
    }

    /// The id and the length of the next used descriptor, if there is one: a chain in flight, and no more than its writable
    /// part. The chain's mark, too.
    #[inline(always)]
    fn used_entry(&mut self) -> Result<Option<(u16, u32, u32)>, QueueError> {
        if let Some(end) = self.end {
            return Err(end);
        }
        let Some(Used { flags, id: head, len }) = self.flight.ring.used(self.used) else {
            if self.found {
                return Err(self.poison(QueueError::UsedTakenBack { index: self.used.position().index }));
            }
            return Ok(None);
        };
        let id = u32::from(head);
        let Some((writable, mark)) = self.flight.writable_bytes(head) else {
            return Err(self.no_such_chain(id));
        };
        if u64::from(len) <= writable {
            // Without WRITE the length has no meaning (§2.8.4), but devices are about that leave the flag out and mean the
            // length; it is at most what the chain has.
            return Ok(Some((head, len, mark)));
        }
        if flags & DESC_F_WRITE == 0 {
            return Ok(Some((head, 0, mark)));
        }
        Err(self.poison(QueueError::UsedLength { id, len, writable }))
    }

    /// Takes back the chain with that head; returns how many descriptors it had, too.
    #[inline(always)]
    fn take(&mut self, head: u16, written: u32, trailer: &mut [u8]) -> Result<(Completion<C>, u16), QueueError> {
        if !trailer.is_empty() {
            self.flight.rooms.read_trailer(head, trailer);
        }
        let Some((chain, count)) = self.flight.reclaim(head) else {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        };
        self.flight.ring.skip(&mut self.used, count);
        self.found = false;
        self.seen = self.seen.wrapping_add(1);
        Ok((Completion { token: Token(head), chain, written }, count))
    }

    /// [`poll_framed`](Self::poll_framed) where chains come back in their order, and one used descriptor may stand for many
    /// (§2.8.8).
    #[inline(always)]
    fn poll_in_order(&mut self, trailer: &mut [u8]) -> Result<Option<Completion<C>>, QueueError> {
        if self.batch == 0 && !self.next_batch()? {
            return Ok(None);
        }
        let head = self.oldest as u16;
        self.batch -= 1;
        let written = if self.batch == 0 {
            self.batch_written
        } else {
            // Chains are no longer than `u32::MAX` bytes.
            self.flight.writable_bytes(head).map_or(0, |(bytes, _)| bytes) as u32
        };
        let (done, count) = self.take(head, written, trailer)?;
        let next = self.oldest + u32::from(count);
        self.oldest = if next >= self.size().into() { next - u32::from(self.size()) } else { next };
        Ok(Some(done))
    }

    /// Reads the next used descriptor; returns whether there is one.
    #[inline(always)]
    fn next_batch(&mut self) -> Result<bool, QueueError> {
        let Some((head, written, mark)) = self.used_entry()? else { return Ok(false) };
        // All chains from the oldest to the newest are in flight, so that the place of one says how many come before it.
        let before = mark.wrapping_sub(self.seen);
        if before >= self.shown.wrapping_sub(self.seen) {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        }
        (self.batch, self.batch_written) = (before + 1, written);
        Ok(true)
    }

    /// Ends the queue because of an id that names no chain in flight.
    #[cold]
    fn no_such_chain(&mut self, id: u32) -> QueueError {
        let size = self.flight.table.size();
        self.poison(if id >= size.into() {
            QueueError::UsedIdOutOfRange { id, size }
        } else {
            QueueError::UsedIdNotInFlight { id }
        })
    }

    /// Ends the queue.
    #[cold]
    fn poison(&mut self, error: QueueError) -> QueueError {
        self.end = Some(error);
        self.flight.ring.forget_batch();
        self.batch = 0;
        self.flight.table.free = 0;
        error
    }

    /// Asks the device not to interrupt when it uses buffers. A hint: it may do so all the same (§2.8.10).
    pub fn disable_interrupts(&mut self) {
        self.flight.ring.set_driver_event(Event::Never);
    }

    /// Asks the device to interrupt when it uses the next buffer. Returns whether there is something to
    /// [`poll`](Self::poll) already, which may not interrupt any more: look again instead of waiting.
    ///
    /// With EVENT_IDX this is good for one interrupt; call it after each drain.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn enable_interrupts(&mut self) -> bool {
        self.enable_interrupts_after(1)
    }

    /// Like [`enable_interrupts`](Self::enable_interrupts), but where EVENT_IDX allows it only after `chains` more chains
    /// were used, or all that are in flight if they are fewer. Returns whether there is something to [`poll`](Self::poll) and
    /// the interrupt may not come any more.
    ///
    /// The device counts descriptors. Where chains have different numbers of them, the interrupt comes after fewer chains; and
    /// never after more of those that are in flight now (more than one of the shorter ones that come later may be used before it).
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn enable_interrupts_after(&mut self, chains: u16) -> bool {
        if self.end.is_some() || self.batch != 0 {
            return true;
        }
        let in_flight = self.shown.wrapping_sub(self.seen);
        let mut ahead = 0;
        if self.features.event_idx {
            // The last of that many used descriptors lies at least so far ahead that all before it had the shortest lists. It may be
            // for a chain that is added after this, and shorter than any, so that the first one is waited for at its first place.
            let wanted = u32::from(chains).min(in_flight).max(1);
            if self.added == self.seen {
                self.shortest = u32::MAX;
            }
            let descriptors = (wanted - 1).saturating_mul(self.shortest);
            ahead = descriptors.min(u32::from(self.size()) - 1) as u16;
            self.flight.ring.set_driver_event(Event::At(self.flight.ring.after(self.used, ahead).position()));
        } else {
            self.flight.ring.set_driver_event(Event::Always);
        }
        self.has_passed(ahead)
    }

    /// Whether the device has passed the descriptor `ahead` of the next used one, so that it does not interrupt there any
    /// more; also when it did what [`poll`](Self::poll) will not take.
    fn has_passed(&mut self, ahead: u16) -> bool {
        let (mut at, mut passed) = (self.used, 0u16);
        while self.flight.ring.used_after_arming(at) {
            // For `poll`: a device that took it back between the two would otherwise keep the driver going in circles.
            self.found = true;
            let head = self.flight.ring.used(at).map_or(u16::MAX, |used| used.id);
            let count = if head < self.size() { self.flight.table.count(head) } else { 0 };
            // With IN_ORDER one used descriptor may stand for any number of chains.
            if count == 0 || self.features.in_order || count > ahead - passed {
                return true;
            }
            passed += count;
            at = self.flight.ring.after(at, count);
        }
        false
    }

    /// Entries of the queue.
    #[inline]
    #[must_use]
    pub fn size(&self) -> u16 {
        self.flight.table.size()
    }

    /// Free descriptors; 0 once the device has misbehaved.
    #[must_use]
    pub fn free(&self) -> u16 {
        self.flight.table.free as u16
    }

    /// Chains that the queue owns.
    #[must_use]
    pub fn in_flight(&self) -> u16 {
        self.added.wrapping_sub(self.seen) as u16
    }

    /// What was negotiated for it.
    #[must_use]
    pub fn features(&self) -> RingFeatures {
        self.features
    }

    /// Why the queue does nothing any more, if so.
    #[must_use]
    pub fn error(&self) -> Option<QueueError> {
        self.end
    }

    /// Where the device sees the ring.
    #[must_use]
    pub fn addresses(&self) -> QueueAddresses {
        self.flight.ring.addresses()
    }

    /// Which queue of which device instance it is.
    #[must_use]
    pub fn id(&self) -> QueueId {
        self.id
    }

    /// Its index among the queues of its device.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.id.index()
    }

    /// The device instance that the queue belongs to.
    #[must_use]
    pub fn instance(&self) -> InstanceId {
        self.id.instance()
    }

    /// Bytes that the queue takes: the ring (with headers, trailers and indirect tables, if any), and what it remembers:
    /// one [`Slot`](super::Slot) an entry, and 8 bytes for each entry of its table.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.flight.memory_bytes()
    }

    /// Ends the queue after its device, or the queue alone, was reset: returns the chains that were in flight, and lets
    /// the queue be freed when it is dropped. Called again, it goes on with those that were not taken yet.
    ///
    /// # Errors
    /// [`WrongInstance`] when the proof is about another device, another life of the same one, or another queue.
    pub fn retire(&mut self, proof: &ResetProof) -> Result<PackedDrain<'_, P, C, S>, WrongInstance> {
        if !proof.covers(self.id) {
            return Err(WrongInstance { queue: self.id, proof: *proof });
        }
        self.poison(QueueError::Retired);
        self.flight.released = true;
        Ok(PackedDrain { queue: self })
    }
}

/// The chains that were in flight when their device was reset; see [`PackedQueue::retire`]. What is not taken from it is
/// dropped with the queue.
pub struct PackedDrain<'a, P: Platform, C: Chain, S: Slots<C>> {
    queue: &'a mut PackedQueue<P, C, S>,
}

impl<P: Platform, C: Chain, S: Slots<C>> Iterator for PackedDrain<'_, P, C, S> {
    type Item = (Token, C);

    fn next(&mut self) -> Option<(Token, C)> {
        let (head, chain) = self.queue.flight.drain()?;
        self.queue.seen = self.queue.seen.wrapping_add(1);
        self.queue.flight.table.free = 0;
        Some((Token(head), chain))
    }
}

impl<P: Platform, C: Chain, S: Slots<C>> Drop for PackedQueue<P, C, S> {
    fn drop(&mut self) {
        if !self.flight.released {
            log::warn!(
                "leaked a queue of {} whose device was not reset, with {} chains",
                self.size(),
                self.in_flight()
            );
        }
    }
}

impl<P: Platform, C: Chain, S: Slots<C>> fmt::Debug for PackedQueue<P, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedQueue")
            .field("size", &self.size())
            .field("chains", &self.in_flight())
            .field("free", &self.free())
            .field("next", &self.flight.ring.next())
            .field("unpublished", &self.flight.ring.has_unpublished())
            .field("used", &self.used)
            .field("features", &self.features)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
