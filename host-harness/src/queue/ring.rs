//! A split ring as the device sees it, on rust-vmm's `virtio-queue`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use parakit_abi::ring::split::{
    AVAIL_F_NO_INTERRUPT, DESC_SIZE, RING_FLAGS, RING_IDX, SplitLayout, USED_ELEM_SIZE, UsedElem,
};
use virtio_queue::{DescriptorChain, Queue, QueueOwnedT, QueueT};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

/// A chain that the driver made available, not yet walked.
pub type Chain = DescriptorChain<Arc<GuestMemoryMmap>>;

/// What the driver wrote about a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Entries, as written (any 32-bit value).
    pub size: u32,
    /// Device address of the descriptor area.
    pub desc: u64,
    /// Device address of the driver area.
    pub driver: u64,
    /// Device address of the device area.
    pub device: u64,
}

/// Why a ring cannot be used, or not any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// The driver chose a size that no split queue has, or a larger one than offered.
    #[error("queue size {size} is not a power of two between 1 and {max}")]
    Size {
        /// As written.
        size: u32,
        /// As offered.
        max: u16,
    },
    /// A part of the ring is misaligned or not in guest memory.
    #[error("queue areas {desc:#x}, {driver:#x}, {device:#x} of {size} entries are misaligned or outside guest memory")]
    Areas {
        /// Entries.
        size: u16,
        /// Descriptor area.
        desc: u64,
        /// Driver area.
        driver: u64,
        /// Device area.
        device: u64,
    },
    /// `idx` moved further than the queue has entries, or came back.
    #[error("available index {idx} is more than {size} entries ahead of {next}")]
    AvailIdx {
        /// As found.
        idx: u16,
        /// The first entry that was not taken.
        next: u16,
        /// Entries of the queue.
        size: u16,
    },
    /// More chains in flight than entries: the driver published one that the device still has.
    #[error("{pending} chains in flight in a queue of {size} entries")]
    TooMany {
        /// Chains.
        pending: usize,
        /// Entries of the queue.
        size: u16,
    },
    /// Ring memory went away.
    #[error("ring memory cannot be accessed")]
    Memory,
}

/// A live split ring.
pub struct Ring {
    queue: Queue,
    memory: Arc<GuestMemoryMmap>,
    setup: Setup,
    layout: SplitLayout,
    pending: VecDeque<Chain>,
    in_flight: usize,
}

impl Ring {
    /// Takes over the ring that the driver described.
    ///
    /// # Errors
    /// [`RingError::Size`] or [`RingError::Areas`].
    pub fn new(setup: Setup, max: u16, event_idx: bool, memory: &Arc<GuestMemoryMmap>) -> Result<Self, RingError> {
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
        queue.set_event_idx(event_idx);
        queue.set_ready(true);
        // Address 0 is virtio-queue's mark of a queue that was never set up.
        if driver == 0 || !queue.is_valid(memory.as_ref()) {
            return Err(bad_areas);
        }
        Ok(Self { queue, memory: Arc::clone(memory), setup, layout, pending: VecDeque::new(), in_flight: 0 })
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
            self.pending.extend(chains.take(count));
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

    /// Gives the chain with head `id` back to the driver with `len` bytes written. A head outside the table is
    /// written as the driver gave it: it is the driver's to make sense of.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete(&mut self, id: u16, len: u32) -> Result<(), RingError> {
        self.in_flight = self.in_flight.saturating_sub(1);
        if id < self.queue.size() {
            self.queue.add_used(self.memory.as_ref(), id, len).map_err(|_| RingError::Memory)
        } else {
            self.write_used(u32::from(id), len)
        }
    }

    /// Writes a used entry as it is, whatever it says.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn write_used(&mut self, id: u32, len: u32) -> Result<(), RingError> {
        let next = self.queue.next_used();
        let slot = self.used_address(self.layout.used_slot(next));
        self.memory.write_slice(&UsedElem { id, len }.to_le_bytes(), slot).map_err(|_| RingError::Memory)?;
        self.move_used(next.wrapping_add(1))
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
        if self.queue.event_idx_enabled() {
            // The fence between `idx` and `used_event` is in there.
            return self.queue.needs_notification(self.memory.as_ref()).map_err(|_| RingError::Memory);
        }
        // Partner: the driver clears the flag, fences and then looks at `idx` again. Without this fence both could miss the other.
        fence(Ordering::SeqCst);
        Ok(self.avail_flags()? & AVAIL_F_NO_INTERRUPT == 0)
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
        (0..self.size()).rev().find(|id| !others.contains(id) && self.pending.iter().all(|c| c.head_index() != *id))
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

    fn avail_flags(&self) -> Result<u16, RingError> {
        self.memory
            .load::<u16>(GuestAddress(self.setup.driver + RING_FLAGS as u64), Ordering::Relaxed)
            .map(u16::from_le)
            .map_err(|_| RingError::Memory)
    }

    fn used_address(&self, offset: usize) -> GuestAddress {
        debug_assert!(offset < self.layout.used_size() + USED_ELEM_SIZE);
        GuestAddress(self.setup.device + offset as u64)
    }
}
