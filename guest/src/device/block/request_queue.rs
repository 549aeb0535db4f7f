//! One request queue, and its way to the device.

use core::fmt;

use parakit_abi::device::block::feature as f;
use parakit_abi::feature::Features;

use super::complete::Outcome;
use super::control::Down;
use super::limits::Limits;
use super::{BlockChain, BlockConfig, BlockOptions, BlockStorage, Control, Core, Counters, Fault, InitError};
use crate::device::table::Table;
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Queue};
use crate::transport::{ConfigError, Device, FeaturesOk, InstanceId, Live, Notify, ResetProof};
use crate::transport::{Transport, WaitError, pci::Event};

/// A queue that is set up, before the device is live.
pub(super) struct Prepared<P: Platform, B: Buffers, S: BlockStorage<P, B>> {
    index: u16,
    queue: Queue<P, BlockChain<P, B>, S::Slots>,
    table: Table<Outcome<P, B>, S::Requests>,
}

impl<P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Prepared<P, B, S> {
    /// Sets up queue `index`.
    pub(super) fn new<T: Transport>(
        device: &mut Device<P, T, FeaturesOk>,
        index: u16,
        storage: S,
        options: &BlockOptions,
    ) -> Result<Self, InitError> {
        let (slots, requests) = storage.into_parts();
        let queue = device.queue(index, slots, options.queue(options.queue_size))?;
        let table = Table::new(requests, u16::MAX);
        Ok(Self { index, queue, table })
    }

    /// Whether there is room for a request.
    pub(super) fn check(&self) -> Result<(), InitError> {
        match (self.table.len(), self.queue.size()) {
            (0, _) => Err(InitError::NoStorage),
            (_, size @ 0..3) => Err(InitError::QueueTooSmall { size }),
            _ => Ok(()),
        }
    }

    /// Lets it be freed, after a reset.
    pub(super) fn retire(&mut self, proof: &ResetProof) {
        // The proof is of the instance that made the queue.
        let _ = self.queue.retire(proof);
    }

    /// The queue of a live device; it has no way to it yet.
    pub(super) fn live<T: Transport>(
        self,
        device: &Device<P, T, Live>,
        config: &BlockConfig,
        options: &BlockOptions,
    ) -> RequestQueue<T, P, B, S, ()> {
        let accepted = device.accepted();
        RequestQueue {
            control: (),
            version: 0,
            notifier: device.notifier(self.index),
            limits: Limits::new(config, self.queue.size(), accepted.has(f::RO), accepted.has(f::FLUSH)),
            queue: self.queue,
            table: self.table,
            platform: device.platform().clone(),
            config: *config,
            accepted,
            copy: None,
            small: None,
            counters: Counters::default(),
            vector: device.vector_of(Event::Queue(self.index)),
            options: *options,
            halted: None,
            suspended: false,
            down: None,
        }
    }
}

/// What a queue has copies of.
struct State {
    config: BlockConfig,
    down: Option<Down>,
    suspended: bool,
}

impl State {
    fn of<T: Transport, P: Platform>(core: &Core<T, P>) -> Self {
        Self { config: core.config, down: core.down, suspended: core.is_suspended() }
    }
}

/// A request queue of a live block device: what [`Block`](super::Block) and [`BlockQueue`](super::BlockQueue) have in
/// common. `K` is its way to the device.
pub struct RequestQueue<T: Transport, P: Platform, B: Buffers, S: BlockStorage<P, B>, K> {
    control: K,
    /// That of the device's state of which `config` and `down` are copies.
    version: u32,
    pub(super) notifier: T::Notifier,
    pub(super) queue: Queue<P, BlockChain<P, B>, S::Slots>,
    pub(super) table: Table<Outcome<P, B>, S::Requests>,
    pub(super) platform: P,
    config: BlockConfig,
    pub(super) limits: Limits,
    accepted: Features,
    /// Memory for blocking calls, and for the data of discard, write-zeroes and device id requests, while not in use.
    pub(super) copy: Option<DmaBox<P>>,
    pub(super) small: Option<DmaBox<P>>,
    pub(super) counters: Counters,
    pub(super) vector: Option<u16>,
    pub(super) options: BlockOptions,
    /// The queue alone was reset, and not enabled again.
    pub(super) halted: Option<ResetProof>,
    /// The device is suspended: nothing may be made available.
    pub(super) suspended: bool,
    pub(super) down: Option<Down>,
}

impl<T: Transport, P: Platform, B: Buffers, S: BlockStorage<P, B>> RequestQueue<T, P, B, S, ()> {
    /// The queue with a way to its device.
    pub(super) fn with_control<K>(self, control: K) -> RequestQueue<T, P, B, S, K> {
        self.exchange_control(control).0
    }
}

impl<T: Transport, P: Platform, B: Buffers, S: BlockStorage<P, B>, K> RequestQueue<T, P, B, S, K> {
    /// The queue without its way to the device, and that way.
    pub(super) fn split_control(self) -> (RequestQueue<T, P, B, S, ()>, K) {
        self.exchange_control(())
    }

    /// The queue with another way to its device, and the one it had.
    fn exchange_control<N>(self, control: N) -> (RequestQueue<T, P, B, S, N>, K) {
        let queue = RequestQueue {
            control,
            version: self.version,
            notifier: self.notifier,
            queue: self.queue,
            table: self.table,
            platform: self.platform,
            config: self.config,
            limits: self.limits,
            accepted: self.accepted,
            copy: self.copy,
            small: self.small,
            counters: self.counters,
            vector: self.vector,
            options: self.options,
            halted: self.halted,
            suspended: self.suspended,
            down: self.down,
        };
        (queue, self.control)
    }

    /// The life of the device that the queue is of.
    pub(super) fn instance(&self) -> InstanceId {
        self.queue.instance()
    }

    pub(super) fn control_mut(&mut self) -> &mut K {
        &mut self.control
    }

    /// Shows the device what was put on the ring, and notifies it if it wants that.
    #[inline]
    pub(super) fn show(&mut self) {
        // §3.4.1: nothing is made available to a device that is suspended.
        if self.suspended {
            return;
        }
        if let Some(notification) = self.queue.publish() {
            self.notifier.notify(notification);
            self.counters.notifications += 1;
        }
    }

    /// Lets the queue be freed, if the device was reset; requests in flight then end one by one.
    pub(super) fn follow(&mut self, down: Down) {
        if let Ok(proof) = &down.reset {
            // From here on the queue's memory may be freed. The proof is of the instance that set the queue up, so it is accepted.
            let _ = self.queue.retire(proof);
        }
        self.down = Some(down);
    }

    /// What the device said about itself, last time it was asked.
    #[must_use]
    pub fn config(&self) -> &BlockConfig {
        &self.config
    }

    /// Size of the disk in sectors of 512 bytes. Follows the device's configuration as
    /// [`handle_interrupt`](Self::handle_interrupt) hears of changes.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.config.capacity
    }

    /// Whether the device refuses writes.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.limits.read_only
    }

    /// The features that were accepted.
    #[must_use]
    pub fn accepted(&self) -> Features {
        self.accepted
    }

    /// Index of the queue among the device's.
    #[must_use]
    pub fn index(&self) -> u16 {
        self.queue.index()
    }

    /// Entries of the queue.
    #[must_use]
    pub fn queue_size(&self) -> u16 {
        self.queue.size()
    }

    /// Requests with a buffer of one segment that may be in flight, or finished and not fetched, at a time. A request
    /// takes two entries of the queue, and one for each segment of its buffer.
    #[must_use]
    pub fn depth(&self) -> u16 {
        self.table.len().min(self.queue.size() / 3)
    }

    /// Most segments of a request's buffer.
    #[must_use]
    pub fn max_segments(&self) -> usize {
        self.limits.segments
    }

    /// Requests in flight.
    #[must_use]
    pub fn in_flight(&self) -> u16 {
        self.table.flying()
    }

    /// What was done so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Why the device is down, if it is. Requests that were in flight have ended with
    /// [`RequestError::Reset`](super::RequestError::Reset); fetch them, then release the device and bring it up again.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.down.map(|down| down.fault)
    }
}

impl<T, P, B, S, K> RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    /// Runs `f` on the device, and follows what it has changed.
    pub(super) fn with_device<R>(&mut self, f: impl FnOnce(&mut Core<T, P>) -> R) -> R {
        let (result, state) = self.control.with(|core| {
            let result = f(core);
            (result, State::of(core))
        });
        self.control.changed();
        self.copy_state(state);
        result
    }

    /// Follows what another queue's handle has changed.
    #[inline]
    pub(super) fn sync(&mut self) {
        let version = self.control.version();
        if version != self.version {
            self.copy();
        }
    }

    /// Follows the device's state as it is now.
    #[cold]
    pub(super) fn copy(&mut self) {
        // The count first: what changes after it is followed the next time.
        self.version = self.control.version();
        let state = self.control.with(|core| State::of(core));
        self.copy_state(state);
    }

    #[cold]
    fn copy_state(&mut self, State { config, down, suspended }: State) {
        self.config = config;
        self.suspended = suspended;
        self.limits.update(&config, self.queue.size());
        if let Some(down) = down {
            self.follow(down);
        }
    }

    /// Whether writes are kept in a volatile cache (`CONFIG_WCE`): `None` when the device does not say. Without that
    /// feature, assume so if [`flush`](Self::flush) is offered (§5.2.5.1).
    ///
    /// # Errors
    /// [`ConfigError`] when the field cannot be read.
    pub fn writeback(&mut self) -> Result<Option<bool>, ConfigError> {
        self.control.with(|core| core.writeback())
    }

    /// Chooses between a writeback and a writethrough cache (`CONFIG_WCE`). Writes that were volatile before stay so
    /// until a flush (§5.2.6.1).
    ///
    /// # Errors
    /// [`ConfigError::NotOffered`] without the feature.
    pub fn set_writeback(&mut self, writeback: bool) -> Result<(), ConfigError> {
        self.control.with(|core| core.set_writeback(writeback))
    }

    /// Resets the device and waits for it. Requests in flight end with
    /// [`RequestError::Reset`](super::RequestError::Reset) and give their buffers back; fetch them as usual. The driver takes
    /// no more requests. Other queues of the device hear of it when they are next used.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset. Requests in flight end all the same, without their buffers.
    pub fn reset(&mut self) -> Result<(), WaitError> {
        self.take_down(Fault::Reset);
        match self.down {
            Some(Down { reset: Err(e), .. }) => Err(e),
            _ => Ok(()),
        }
    }

    /// Resets the device, and leaves it at that. [`step`](Self::step) then ends the requests in flight.
    pub(super) fn take_down(&mut self, fault: Fault) {
        if let Some(Down { reset: Ok(_), .. }) = self.down {
            return;
        }
        self.with_device(|core| core.take_down(fault));
    }
}

impl<T: Transport, P: Platform, B: Buffers, S: BlockStorage<P, B>, K> fmt::Debug for RequestQueue<T, P, B, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestQueue")
            .field("queue", &self.queue)
            .field("config", &self.config)
            .field("accepted", &self.accepted)
            .field("in_flight", &self.in_flight())
            .field("counters", &self.counters)
            .field("down", &self.down)
            .finish_non_exhaustive()
    }
}
