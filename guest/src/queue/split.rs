//! The split virtqueue (VIRTIO 1.4 §2.7).

use core::fmt;

use parakit_abi::ring::{event_passed, split::AVAIL_F_NO_INTERRUPT};

use super::memory::{Flight, Format, SplitRing};
use super::{AddError, AddErrorKind, Chain, Completion, Notification, QueueError, QueueOptions, RingFeatures};
use super::{Slots, Token, WrongInstance};
use crate::{
    platform::Platform,
    transport::{InstanceId, QueueAddresses, QueueId, QueueSetupError, ResetProof},
};

/// A split virtqueue that owns the chains `C` in flight. `S` is the storage for what it remembers of them.
///
/// Adding, publishing and polling take no locks, allocate nothing, and do not block.
///
/// ```
/// # use parakit::{platform::*, queue::*, transport::Notify};
/// # fn demo<P: Platform>(queue: &mut SplitQueue<P, Writable<Vec<u8>>, Box<[Slot<Writable<Vec<u8>>>]>>, notifier: &impl Notify) -> Result<(), QueueError> {
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
pub struct SplitQueue<P: Platform, C: Chain, S: Slots<C>> {
    flight: Flight<P, C, S, SplitRing>,
    /// Where the next available entry goes.
    avail: u16,
    /// The available index that the device was shown last.
    published: u16,
    /// Up to where used entries were taken.
    seen: u16,
    /// The used index when it was last read.
    used: u16,
    /// Publications so far, wrapping: tells chains that the device was not shown yet from the others. (A chain that stays
    /// in flight for a multiple of 2^32 publications may be taken for one that was not shown; never the reverse.)
    epoch: u32,
    /// Chains owned, shown to the device or not.
    chains: u16,
    /// With IN_ORDER: the head of the chain that comes back next.
    oldest: u16,
    /// With IN_ORDER: chains that the last used entry stands for and that were not taken yet.
    batch: u16,
    /// With IN_ORDER: bytes written into the last of them.
    batch_written: u32,
    features: RingFeatures,
    /// Why the queue does nothing any more.
    end: Option<QueueError>,
    id: QueueId,
}

impl<P: Platform, C: Chain, S: Slots<C>> SplitQueue<P, C, S> {
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
        (queue.avail, queue.published, queue.seen, queue.used) = (start, start, start, start);
        queue.epoch = start as i16 as u32;
        queue.flight.ring.start_at(start);
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
            avail: 0,
            published: 0,
            seen: 0,
            used: 0,
            epoch: 0,
            chains: 0,
            oldest: 0,
            batch: 0,
            batch_written: 0,
            features: RingFeatures { packed: false, ..features },
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
        let mark = if self.features.in_order { self.avail.into() } else { self.epoch };
        match self.flight.lend(header, chain, trailer, mark) {
            Ok((head, _)) => {
                self.flight.ring.write_avail(self.avail, head);
                self.avail = self.avail.wrapping_add(1);
                self.chains += 1;
                Ok(Token(head))
            }
            Err((chain, kind)) => Err(AddError { chain, kind: self.end.map_or(kind, AddErrorKind::Queue) }),
        }
    }

    /// Shows the device all chains added since the last time. Returns what to notify the device with if it wants to be
    /// notified now: `None` when it said not to, and when nothing was added.
    #[inline]
    #[must_use = "the device may wait for a notification"]
    pub fn publish(&mut self) -> Option<Notification> {
        let (old, new) = (self.published, self.avail);
        if old == new {
            return None;
        }
        self.published = new;
        self.epoch = self.epoch.wrapping_add(1);
        self.flight.ring.publish(new);
        let wanted = if self.features.event_idx {
            // The window covers the whole batch: the entry that the device waits for may be any of it.
            event_passed(self.flight.ring.avail_event(), old, new)
        } else {
            self.flight.ring.wants_notification()
        };
        wanted.then_some(Notification(if self.features.notification_data { new } else { 0 }))
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
        if self.seen == self.used && !self.look()? {
            return Ok(None);
        }
        let (head, written, mark) = self.used_entry()?;
        if self.avail != self.published && mark == self.epoch {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        }
        if !trailer.is_empty() {
            self.flight.rooms.read_trailer(head, trailer);
        }
        self.take(head, written).map(|(done, _)| Some(done))
    }

    /// The head and the length of the used entry at `seen`: a chain in flight, and no more than its writable part. The
    /// chain's mark, too.
    #[inline(always)]
    fn used_entry(&mut self) -> Result<(u16, u32, u32), QueueError> {
        let (id, written) = self.flight.ring.used_entry(self.seen);
        // An id that does not fit is no slot's.
        let head = u16::try_from(id).unwrap_or(u16::MAX);
        let Some((writable, mark)) = self.flight.writable_bytes(head) else {
            return Err(self.no_such_chain(id));
        };
        if u64::from(written) > writable {
            return Err(self.poison(QueueError::UsedLength { id, len: written, writable }));
        }
        Ok((head, written, mark))
    }

    /// Takes back the chain with that head; returns how many descriptors it had, too.
    #[inline(always)]
    fn take(&mut self, head: u16, written: u32) -> Result<(Completion<C>, u16), QueueError> {
        let Some((chain, count)) = self.flight.reclaim(head) else {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        };
        self.seen = self.seen.wrapping_add(1);
        self.chains -= 1;
        Ok((Completion { token: Token(head), chain, written }, count))
    }

    /// [`poll_framed`](Self::poll_framed) where chains come back in their order, and one used entry may stand for many
    /// (§2.7.9).
    #[inline(always)]
    fn poll_in_order(&mut self, trailer: &mut [u8]) -> Result<Option<Completion<C>>, QueueError> {
        if self.batch == 0 && !self.next_batch()? {
            return Ok(None);
        }
        let head = self.oldest;
        self.batch -= 1;
        let written = if self.batch == 0 {
            self.batch_written
        } else {
            // Chains are no longer than `u32::MAX` bytes.
            self.flight.writable_bytes(head).map_or(0, |(bytes, _)| bytes) as u32
        };
        if !trailer.is_empty() {
            self.flight.rooms.read_trailer(head, trailer);
        }
        let (done, count) = self.take(head, written)?;
        self.oldest = (self.oldest + count) & (self.size() - 1);
        Ok(Some(done))
    }

    /// Reads the next used entry; returns whether there is one.
    #[inline(always)]
    fn next_batch(&mut self) -> Result<bool, QueueError> {
        if self.seen == self.used && !self.look()? {
            return Ok(false);
        }
        let (head, written, mark) = self.used_entry()?;
        // All chains from the oldest to the newest are in flight, so that the place of one says how many come before it.
        let before = (mark as u16).wrapping_sub(self.seen);
        let shown = self.used.wrapping_sub(self.seen);
        if before >= self.published.wrapping_sub(self.seen) {
            return Err(self.poison(QueueError::UsedIdNotInFlight { id: head.into() }));
        }
        if before >= shown {
            return Err(self.poison(QueueError::UsedBatch { id: head.into(), chains: before + 1, shown }));
        }
        (self.batch, self.batch_written) = (before + 1, written);
        Ok(true)
    }

    /// Reads the used index; returns whether there are used entries that were not taken yet.
    #[inline]
    fn look(&mut self) -> Result<bool, QueueError> {
        let idx = self.flight.ring.used_idx();
        if idx == self.seen && self.end.is_none() {
            return Ok(false);
        }
        self.check(idx)
    }

    fn check(&mut self, idx: u16) -> Result<bool, QueueError> {
        if let Some(end) = self.end {
            return Err(end);
        }
        let in_flight = self.published.wrapping_sub(self.seen);
        if idx.wrapping_sub(self.seen) > in_flight {
            return Err(self.poison(QueueError::UsedIndex { idx, seen: self.seen, in_flight }));
        }
        self.used = idx;
        Ok(idx != self.seen)
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

    /// Ends the queue. The hot paths need not ask whether it has ended: there is nothing free to add, nothing to publish
    /// and nothing used.
    #[cold]
    fn poison(&mut self, error: QueueError) -> QueueError {
        self.end = Some(error);
        self.avail = self.published;
        self.used = self.seen;
        self.batch = 0;
        self.flight.table.free = 0;
        error
    }

    /// Asks the device not to interrupt when it uses buffers. A hint: it may do so all the same (§2.7.7).
    ///
    /// With EVENT_IDX there is no such word; the driver asks for an interrupt just behind what it has seen, where the used
    /// index does not come by before it has wrapped, after 65535 more chains.
    pub fn disable_interrupts(&mut self) {
        if self.features.event_idx {
            self.flight.ring.set_used_event(self.seen.wrapping_sub(1));
        } else {
            self.flight.ring.set_avail_flags(AVAIL_F_NO_INTERRUPT);
        }
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
    /// were used, or all that are in flight if they are fewer. Returns whether that many are there already.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn enable_interrupts_after(&mut self, chains: u16) -> bool {
        let in_flight = self.published.wrapping_sub(self.seen);
        let mut wanted = chains.min(in_flight).max(1);
        if self.features.event_idx {
            self.flight.ring.set_used_event(self.seen.wrapping_add(wanted - 1));
        } else {
            self.flight.ring.set_avail_flags(0);
            wanted = 1;
        }
        let idx = self.flight.ring.used_idx_after_arming();
        let ahead = idx.wrapping_sub(self.seen);
        if ahead < self.used.wrapping_sub(self.seen) {
            self.poison(QueueError::UsedIndex { idx, seen: self.seen, in_flight });
        }
        // The index is kept, for `poll` to find what was seen here: a device that takes it back between the two would
        // otherwise keep the driver going in circles. A misbehaving one is for `poll` to report.
        self.check(idx).is_err() || ahead >= wanted
    }

    /// Entries of the queue.
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
        self.chains
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

    /// What was negotiated for it.
    #[must_use]
    pub fn features(&self) -> RingFeatures {
        self.features
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
    pub fn retire(&mut self, proof: &ResetProof) -> Result<SplitDrain<'_, P, C, S>, WrongInstance> {
        if !proof.covers(self.id) {
            return Err(WrongInstance { queue: self.id, proof: *proof });
        }
        self.poison(QueueError::Retired);
        self.flight.released = true;
        Ok(SplitDrain { queue: self })
    }

    /// How many slots were looked at in search of chains in flight.
    #[cfg(test)]
    pub(super) fn looks(&self) -> usize {
        self.flight.table.looks
    }
}

/// The chains that were in flight when their device was reset; see [`SplitQueue::retire`]. What is not taken from it is
/// dropped with the queue.
pub struct SplitDrain<'a, P: Platform, C: Chain, S: Slots<C>> {
    queue: &'a mut SplitQueue<P, C, S>,
}

impl<P: Platform, C: Chain, S: Slots<C>> Iterator for SplitDrain<'_, P, C, S> {
    type Item = (Token, C);

    fn next(&mut self) -> Option<(Token, C)> {
        let (head, chain) = self.queue.flight.drain()?;
        self.queue.chains -= 1;
        self.queue.flight.table.free = 0;
        Some((Token(head), chain))
    }
}

impl<P: Platform, C: Chain, S: Slots<C>> Drop for SplitQueue<P, C, S> {
    fn drop(&mut self) {
        if !self.flight.released {
            log::warn!("leaked a queue of {} whose device was not reset, with {} chains", self.size(), self.chains);
        }
    }
}

impl<P: Platform, C: Chain, S: Slots<C>> fmt::Debug for SplitQueue<P, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SplitQueue")
            .field("size", &self.size())
            .field("chains", &self.chains)
            .field("free", &self.free())
            .field("avail", &self.avail)
            .field("published", &self.published)
            .field("seen", &self.seen)
            .field("features", &self.features)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
