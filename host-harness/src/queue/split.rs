//! A split ring as the device sees it, on rust-vmm's `virtio-queue`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER};
use parakit_abi::ring::event_passed;
use parakit_abi::ring::split::{
    AVAIL_F_NO_INTERRUPT, DESC_SIZE, RING_FLAGS, RING_IDX, SplitLayout, USED_ELEM_SIZE, UsedElem,
};
use virtio_queue::{Queue, QueueOwnedT, QueueT};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::chain::Links;
use super::in_order::InOrder;
use super::{Chain, Done, RingError, Setup};

/// A live split ring.
pub struct SplitRing {
    queue: Queue,
    memory: Arc<GuestMemoryMmap>,
    setup: Setup,
    layout: SplitLayout,
    pending: VecDeque<Chain>,
    in_flight: usize,
    /// With `VIRTIO_F_IN_ORDER`.
    in_order: Option<InOrder>,
    /// `idx` of the used ring when the driver's wish for interrupts was last looked at, with `VIRTIO_F_EVENT_IDX`.
    signalled: u16,
}

impl SplitRing {
    /// Takes over the ring that the driver described.
    ///
    /// # Errors
    /// [`RingError::Size`] or [`RingError::Areas`].
    pub fn new(setup: Setup, max: u16, accepted: Features, memory: &Arc<GuestMemoryMmap>) -> Result<Self, RingError> {
        let bad_size = RingError::Size { size: setup.size, max };
        let size = u16::try_from(setup.size).map_err(|_| bad_size)?;
        if size > max {
            return Err(bad_size);
        }
        let layout = SplitLayout::new(size).map_err(|_| bad_size)?;
        let Setup { desc, driver, device, .. } = setup;
        let bad_areas = RingError::Areas { size, desc, driver, device };
        let mut queue = Queue::new(size).map_err(|_| bad_size)?;
        queue.try_set_desc_table_address(GuestAddress(desc)).map_err(|_| bad_areas)?;
        queue.try_set_avail_ring_address(GuestAddress(driver)).map_err(|_| bad_areas)?;
        queue.try_set_used_ring_address(GuestAddress(device)).map_err(|_| bad_areas)?;
        queue.set_event_idx(accepted.has(EVENT_IDX));
        queue.set_ready(true);
        // Address 0 is virtio-queue's mark of a queue that was never set up.
        if driver == 0 || !queue.is_valid(memory.as_ref()) {
            return Err(bad_areas);
        }
        let in_order = accepted.has(IN_ORDER).then(InOrder::default);
        Ok(Self {
            queue,
            memory: Arc::clone(memory),
            setup,
            layout,
            pending: VecDeque::new(),
            in_flight: 0,
            in_order,
            signalled: 0,
        })
    }

    /// What the driver wrote.
    #[must_use]
    pub fn setup(&self) -> Setup {
        self.setup
    }

    /// Entries.
    #[must_use]
    pub fn size(&self) -> u16 {
        self.queue.size()
    }

    /// Guest memory.
    #[must_use]
    pub fn memory(&self) -> &Arc<GuestMemoryMmap> {
        &self.memory
    }

    /// Goes on in `memory`, where the parts of the ring have the same addresses.
    pub fn move_to(&mut self, memory: &Arc<GuestMemoryMmap>) {
        self.memory = Arc::clone(memory);
    }

    /// The index of the first available entry that is not used, where entries are used in their order.
    #[must_use]
    pub fn resume_at(&self) -> u16 {
        self.next_avail().wrapping_sub(u16::try_from(self.in_flight).unwrap_or(u16::MAX))
    }

    /// `idx` of the available ring, now.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn avail_idx(&self) -> Result<u16, RingError> {
        // Acquire: pairs with the driver's release store of `idx`, so that entries and descriptors are there.
        self.queue.avail_idx(self.memory.as_ref(), Ordering::Acquire).map(|i| i.0).map_err(|_| RingError::Memory)
    }

    /// The next available entry that the device has not taken (free-running).
    #[must_use]
    pub fn next_avail(&self) -> u16 {
        self.queue.next_avail()
    }

    /// The next used entry that the device will write (free-running).
    #[must_use]
    pub fn next_used(&self) -> u16 {
        self.queue.next_used()
    }

    /// Takes the chains up to available index `upto`, which was read before. Returns how many came.
    ///
    /// # Errors
    /// What the driver did wrong; the ring is unusable then.
    pub fn fetch(&mut self, upto: u16) -> Result<usize, RingError> {
        let (next, size) = (self.queue.next_avail(), self.queue.size());
        if upto.wrapping_sub(next) > size {
            return Err(RingError::AvailIdx { idx: upto, next, size });
        }
        let count = usize::from(upto.wrapping_sub(next));
        if self.in_flight + count > usize::from(size) {
            return Err(RingError::TooMany { pending: self.in_flight + count, size });
        }
        if count > 0 {
            let memory = Arc::clone(&self.memory);
            let chains = self.queue.iter(memory).map_err(|_| RingError::AvailIdx { idx: upto, next, size })?;
            for chain in chains.take(count) {
                let chain = Chain(Links::Split(chain));
                if let Some(in_order) = &mut self.in_order {
                    in_order.fetched(chain.token());
                }
                self.pending.push_back(chain);
            }
            self.in_flight += count;
        }
        Ok(count)
    }

    /// The next chain to work on.
    pub fn take(&mut self) -> Option<Chain> {
        self.pending.pop_front()
    }

    /// Puts a chain back that cannot be worked on yet; it will be the next one.
    pub fn put_back(&mut self, chain: Chain) {
        self.pending.push_front(chain);
    }

    /// Whether chains wait to be worked on.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Gives a chain back to the driver. A head outside the table is written as the driver gave it: it is the driver's to make sense of.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete(&mut self, done: Done) -> Result<(), RingError> {
        self.in_flight = self.in_flight.saturating_sub(1);
        let (id, len) = (done.token.id, done.len);
        let Some(in_order) = &mut self.in_order else { return self.use_one(id, len) };
        if in_order.add(done) {
            return if done.is_whole() { Ok(()) } else { self.flush() };
        }
        self.flush()?;
        if let Some(in_order) = &mut self.in_order {
            in_order.forget(done.token);
        }
        self.use_one(id, len)
    }

    /// Gives several chains back at once: the driver sees none of them used before all are (§5.1.9.4.1).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete_together(&mut self, done: &[Done]) -> Result<(), RingError> {
        if self.in_order.is_some() {
            // All but the last are whole, and wait for it.
            return done.iter().try_for_each(|done| self.complete(*done));
        }
        self.in_flight = self.in_flight.saturating_sub(done.len());
        let mut next = self.queue.next_used();
        for Done { token, len, .. } in done {
            let slot = self.used_address(self.layout.used_slot(next));
            let elem = UsedElem { id: u32::from(token.id), len: *len };
            self.memory.write_slice(&elem.to_le_bytes(), slot).map_err(|_| RingError::Memory)?;
            next = next.wrapping_add(1);
        }
        self.move_used(next)
    }

    fn use_one(&mut self, id: u16, len: u32) -> Result<(), RingError> {
        if id < self.queue.size() {
            self.queue.add_used(self.memory.as_ref(), id, len).map_err(|_| RingError::Memory)
        } else {
            self.write_used(u32::from(id), len)
        }
    }

    /// With `VIRTIO_F_IN_ORDER`: tells of what is done with one used entry. It names the last chain and lies where the first one's would be;
    /// `idx` moves on by all of them (§2.7.9).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn flush(&mut self) -> Result<(), RingError> {
        let Some(batch) = self.in_order.as_mut().and_then(InOrder::take) else { return Ok(()) };
        self.put_used(UsedElem { id: u32::from(batch.id), len: batch.len }, batch.chains)
    }

    /// Writes a used entry as it is, whatever it says.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn write_used(&mut self, id: u32, len: u32) -> Result<(), RingError> {
        self.flush()?;
        self.put_used(UsedElem { id, len }, 1)
    }

    fn put_used(&mut self, elem: UsedElem, count: u16) -> Result<(), RingError> {
        let next = self.queue.next_used();
        let slot = self.used_address(self.layout.used_slot(next));
        self.memory.write_slice(&elem.to_le_bytes(), slot).map_err(|_| RingError::Memory)?;
        self.move_used(next.wrapping_add(count))
    }

    /// Sets `idx` of the used ring, and goes on from there.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn move_used(&mut self, idx: u16) -> Result<(), RingError> {
        self.queue.set_next_used(idx);
        // Release: pairs with the driver's acquire load of `idx`, so that it sees the entry and the data (§2.7.8.2).
        self.memory.store(idx.to_le(), self.used_address(RING_IDX), Ordering::Release).map_err(|_| RingError::Memory)
    }

    /// Whether the driver wants to hear of what was used since the last call (§2.7.7.2).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn needs_interrupt(&mut self) -> Result<bool, RingError> {
        self.flush()?;
        let event_idx = self.queue.event_idx_enabled();
        // Partner: the driver clears the flag (or moves `used_event`), fences and then looks at `idx` again. Without this fence both
        // could miss the other.
        fence(Ordering::SeqCst);
        if !event_idx {
            return Ok(self.driver_word(RING_FLAGS)? & AVAIL_F_NO_INTERRUPT == 0);
        }
        // virtio-queue counts what it added itself, and knows nothing of what goes back together.
        let new = self.queue.next_used();
        let old = std::mem::replace(&mut self.signalled, new);
        Ok(event_passed(self.driver_word(self.layout.used_event())?, old, new))
    }

    /// Tells the driver that notifications are not needed for now.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn suppress(&mut self) -> Result<(), RingError> {
        self.queue.disable_notification(self.memory.as_ref()).map_err(|_| RingError::Memory)
    }

    /// Asks for notifications again; true when something came in the meantime and has to be fetched.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn rearm(&mut self) -> Result<bool, RingError> {
        self.queue.enable_notification(self.memory.as_ref()).map_err(|_| RingError::Memory)
    }

    /// Overwrites the whole of `flags` of the used ring.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn set_used_flags(&mut self, flags: u16) -> Result<(), RingError> {
        self.memory
            .store(flags.to_le(), self.used_address(RING_FLAGS), Ordering::Relaxed)
            .map_err(|_| RingError::Memory)
    }

    /// A descriptor that heads no chain in the device's hands, nor one of `others`.
    #[must_use]
    pub fn idle_head(&self, others: &[u16]) -> Option<u16> {
        (0..self.size()).rev().find(|id| !others.contains(id) && self.pending.iter().all(|c| c.token().id != *id))
    }

    /// Fills the descriptor table with `byte`.
    pub fn scribble_descriptors(&self, byte: u8) {
        let garbage = vec![byte; DESC_SIZE * usize::from(self.size())];
        let _outside = self.memory.write_slice(&garbage, GuestAddress(self.setup.desc));
    }

    /// Fills the available ring with `byte`.
    pub fn scribble_avail(&self, byte: u8) {
        let garbage = vec![byte; self.layout.avail_size()];
        let _outside = self.memory.write_slice(&garbage, GuestAddress(self.setup.driver));
    }

    fn driver_word(&self, offset: usize) -> Result<u16, RingError> {
        self.memory
            .load::<u16>(GuestAddress(self.setup.driver + offset as u64), Ordering::Relaxed)
            .map(u16::from_le)
            .map_err(|_| RingError::Memory)
    }

    fn used_address(&self, offset: usize) -> GuestAddress {
        debug_assert!(offset < self.layout.used_size() + USED_ELEM_SIZE);
        GuestAddress(self.setup.device + offset as u64)
    }
}
