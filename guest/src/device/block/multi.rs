//! A block device with several request queues (`VIRTIO_BLK_F_MQ`), each used on its own.

use core::fmt;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicU32, Ordering};

use parakit_abi::device::block::feature as f;
use parakit_abi::feature::Features;

use super::control::{self, Core, Down, sealed::Control};
use super::request_queue::{Prepared, RequestQueue};
use super::{BlockConfig, BlockOptions, BlockStorage, FEATURES, Fault, InitError};
use crate::device::Share;
use crate::platform::Platform;
use crate::queue::Buffers;
use crate::transport::{Device, FeaturesOk, InstanceId, Interrupt, Negotiating, Reset, SUPPORTED};
use crate::transport::{SuspendError, Transport, WaitError};

/// A queue without a way to its device.
type Idle<T, P, B, S> = RequestQueue<T, P, B, S, ()>;

/// A block device that is live, with up to `N` request queues (`VIRTIO_BLK_F_MQ`).
///
/// Each queue is used through a [`BlockQueue`], which can be moved to the CPU that shall use it: what goes through the ring
/// takes no lock and shares nothing with other queues. The device itself, with what concerns all queues, is shared through
/// a [`BlockHub`], behind a lock of yours ([`Share`]).
///
/// Queues that nobody uses are kept here. A handle that is dropped puts its queue back, with its requests in flight and its
/// results; who takes it next finds them. When the `MultiBlock` is dropped, it resets the device and frees the queues.
///
/// ```
/// # use parakit::{device::{Share, block::*}, platform::Platform, queue::Buffers, transport::*};
/// # use std::sync::{Arc, Mutex};
/// # struct Locked<T>(Mutex<T>);
/// # impl<T> Share for Locked<T> {
/// #     type Driver = T;
/// #     fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R { f(&mut self.0.lock().unwrap()) }
/// # }
/// # fn demo<P, T>(device: Device<P, T, Negotiating>) -> Result<(), Box<dyn core::error::Error>>
/// # where P: Platform + Clone + Send + 'static, T: Transport<Notifier: Send> + Send + 'static {
/// let options = BlockOptions::default();
/// // As many queues as the device has, but no more than 4; a kernel asks for one a CPU.
/// let disk: MultiBlock<T, P, Vec<u8>, _, 4> =
///     MultiBlock::new(device, 4, |_| HeapStorage::new(options.queue_size), options)?;
/// let hub = Arc::new(BlockHub::new(Locked(Mutex::new(disk)))); // `Share` for your kernel's lock
/// let workers: Vec<_> = (0..hub.queues())
///     .filter_map(|index| BlockHub::queue(hub.clone(), index))
///     .map(|mut queue| {
///         std::thread::spawn(move || {
///             let (mut data, first) = ([0; 512], u64::from(queue.index()));
///             queue.read(first, &mut data)
///         })
///     })
///     .collect();
/// # for worker in workers { worker.join().unwrap()?; }
/// # Ok(()) }
/// ```
pub struct MultiBlock<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>, const N: usize> {
    core: Core<T, P>,
    /// Queues that nobody has taken.
    idle: [Option<Idle<T, P, B, S>>; N],
    count: u16,
    /// The life of the device that the queues are of.
    instance: Option<InstanceId>,
}

impl<T, P, B, S, const N: usize> MultiBlock<T, P, B, S, N>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
{
    /// Negotiates features, sets up as many queues as the device has (`num_queues`; one without MQ), but at most `wanted` and
    /// at most `N`, each with what `storage` returns for its index, and makes the device live.
    ///
    /// # Errors
    /// [`InitError`]; the device is reset or marked FAILED.
    pub fn new(
        device: Device<P, T, Negotiating>,
        wanted: u16,
        mut storage: impl FnMut(u16) -> S,
        options: BlockOptions,
    ) -> Result<Self, InitError> {
        let supported = SUPPORTED.with(FEATURES).and(options.features).with(Features::bit(f::MQ));
        let (mut device, config) = control::negotiate(device, supported)?;
        let count = config.num_queues.unwrap_or(1).min(wanted).min(u16::try_from(N).unwrap_or(u16::MAX));
        let mut prepared = [const { None }; N];
        let mut result = if count == 0 { Err(InitError::NoStorage) } else { Ok(()) };
        for (index, place) in (0..count).zip(&mut prepared) {
            result = Self::prepare(&mut device, index, storage(index), &options, place);
            if result.is_err() {
                break;
            }
        }
        if let Err(error) = result {
            if let Ok(device) = device.reset() {
                prepared.iter_mut().flatten().for_each(|queue| queue.retire(&device.proof()));
            }
            return Err(error);
        }
        let device = device.driver_ok();
        let idle = prepared.map(|queue| queue.map(|queue| queue.live(&device, &config, &options)));
        let instance = idle.iter().flatten().map(RequestQueue::instance).next();
        Ok(Self { core: Core::new(device, config), idle, count, instance })
    }

    fn prepare(
        device: &mut Device<P, T, FeaturesOk>,
        index: u16,
        storage: S,
        options: &BlockOptions,
        place: &mut Option<Prepared<P, B, S>>,
    ) -> Result<(), InitError> {
        place.insert(Prepared::new(device, index, storage, options)?).check()
    }

    /// Queues that were set up.
    #[must_use]
    pub fn queues(&self) -> u16 {
        self.count
    }

    /// Gives the device back, reset, to be brought up again. Queues are freed with their results; those that are taken leak.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset; its memory is leaked.
    pub fn release(mut self) -> Result<Device<P, T, Reset>, WaitError> {
        self.retire();
        self.core.release()
    }

    /// Resets the device, and lets the queues here be freed.
    fn retire(&mut self) {
        self.core.take_down(Fault::Reset);
        if let Some(down) = self.core.down {
            self.idle.iter_mut().flatten().for_each(|queue| queue.follow(down));
        }
    }

    /// Queues that are taken.
    fn taken(&self) -> u16 {
        self.count - self.idle.iter().flatten().count() as u16
    }
}

impl<T, P, B, S, const N: usize> Drop for MultiBlock<T, P, B, S, N>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
{
    fn drop(&mut self) {
        self.retire();
    }
}

impl<T, P, B, S, const N: usize> fmt::Debug for MultiBlock<T, P, B, S, N>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultiBlock")
            .field("core", &self.core)
            .field("queues", &self.count)
            .field("taken", &self.taken())
            .finish_non_exhaustive()
    }
}

/// A [`MultiBlock`] that the handles of its queues share: `L` is a lock ([`Share`]) around it.
///
/// The lock is taken to take queues and put them back, for interrupts that are about the whole device, for resets and changes
/// of the configuration; never for requests. It is held for as long as a reset takes.
#[derive(Debug)]
pub struct BlockHub<L> {
    shared: L,
    /// Counts changes of what handles have copies of.
    version: AtomicU32,
}

impl<L> BlockHub<L> {
    /// A hub around a lock around a [`MultiBlock`].
    pub const fn new(shared: L) -> Self {
        Self { shared, version: AtomicU32::new(0) }
    }

    /// The lock.
    pub const fn lock(&self) -> &L {
        &self.shared
    }

    /// The lock, by value.
    pub fn into_inner(self) -> L {
        self.shared
    }

    /// Takes queue `index`: `None` when it is taken, or there is no such queue. `hub` is any way to the hub: a reference, an `Arc`.
    pub fn queue<R: HubRef<Lock = L>>(hub: R, index: u16) -> Option<BlockQueue<R>> {
        let queue = hub.take(index)?;
        let mut queue = queue.with_control(Member(hub));
        // Whatever the count of changes says: the queue may come from another hub, which counted too.
        queue.copy();
        Some(BlockQueue { queue: Some(queue) })
    }

    fn changed(&self) {
        // Release: the partner is the acquire of `Member::version`; who sees the number finds the change behind the lock.
        self.version.fetch_add(1, Ordering::Release);
    }
}

impl<L, T, P, B, S, const N: usize> BlockHub<L>
where
    L: Share<Driver = MultiBlock<T, P, B, S, N>>,
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
{
    /// Queues that were set up; they are numbered from 0 on.
    pub fn queues(&self) -> u16 {
        self.shared.with(|multi| multi.count)
    }

    /// What the device said about itself, last time it was asked.
    pub fn config(&self) -> BlockConfig {
        self.shared.with(|multi| multi.core.config)
    }

    /// The features that were accepted.
    pub fn accepted(&self) -> Features {
        self.shared.with(|multi| multi.core.accepted)
    }

    /// Why the device is down, if it is.
    pub fn fault(&self) -> Option<Fault> {
        self.shared.with(|multi| multi.core.down.map(|down| down.fault))
    }

    /// What to do on an interrupt that is about the whole device, or may be: acknowledges it and follows a change of the
    /// configuration. If [`used_buffer`](Interrupt::used_buffer) is set in what it returns, each queue is to be polled
    /// ([`RequestQueue::collect`]).
    pub fn handle_interrupt(&self) -> Interrupt {
        self.acknowledge(None)
    }

    /// As [`handle_interrupt`](Self::handle_interrupt), on MSI-X vector `vector`: the device is accessed only if that is the
    /// vector of configuration changes.
    pub fn handle_vector(&self, vector: u16) -> Interrupt {
        self.acknowledge(Some(vector))
    }

    fn acknowledge(&self, vector: Option<u16>) -> Interrupt {
        let interrupt = self.shared.with(|multi| multi.core.acknowledge(vector));
        if interrupt.config_change {
            self.changed();
        }
        interrupt
    }

    /// The MSI-X vector on which configuration changes interrupt; `None` without MSI-X.
    pub fn config_vector(&self) -> Option<u16> {
        self.shared.with(|multi| multi.core.config_vector())
    }

    /// Suspends the device (`VIRTIO_F_SUSPEND`, §3.4) and waits for it. Requests in flight stay where they are. All queues must
    /// be here: no CPU may go on to make requests available.
    ///
    /// # Errors
    /// [`HubSuspendError`].
    pub fn suspend(&self) -> Result<(), HubSuspendError> {
        let result = self.shared.with(|multi| match multi.taken() {
            0 => {
                if multi.core.live().is_some() {
                    multi.idle.iter_mut().flatten().for_each(RequestQueue::show);
                }
                multi.core.suspend().map_err(HubSuspendError::Device)
            }
            queues => Err(HubSuspendError::Taken { queues }),
        });
        self.changed();
        result
    }

    /// Resumes the device and waits for it.
    ///
    /// # Errors
    /// [`SuspendError`]; the device is taken down.
    pub fn resume(&self) -> Result<(), SuspendError> {
        let result = self.shared.with(|multi| multi.core.resume());
        self.changed();
        result
    }

    /// Resets the device and waits for it. The handles of queues hear of it when they are next used; their requests in flight
    /// end with [`RequestError::Reset`](super::RequestError::Reset). One that is in use meanwhile may still send a notification,
    /// which a device that was reset ignores.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset. Requests in flight end all the same, without their buffers.
    pub fn reset(&self) -> Result<(), WaitError> {
        let down = self.shared.with(|multi| {
            multi.core.take_down(Fault::Reset);
            multi.core.down
        });
        self.changed();
        match down {
            Some(Down { reset: Err(e), .. }) => Err(e),
            _ => Ok(()),
        }
    }
}

/// Why a device with several queues was not suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HubSuspendError {
    /// Handles of queues are in use.
    Taken {
        /// How many.
        queues: u16,
    },
    /// The device did not. It was taken down, unless it was never asked ([`SuspendError::NotNegotiated`]).
    Device(SuspendError),
}

impl fmt::Display for HubSuspendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { queues } => write!(f, "{queues} queues are in use"),
            Self::Device(e) => e.fmt(f),
        }
    }
}

impl core::error::Error for HubSuspendError {}

mod hub_ref {
    use super::{BlockHub, Core};
    use crate::platform::Platform;
    use crate::queue::Buffers;
    use crate::transport::Transport;

    /// As [`Idle`](super::Idle), of a hub.
    pub(super) type IdleOf<R> =
        super::Idle<<R as HubRef>::Transport, <R as HubRef>::Platform, <R as HubRef>::Buffer, <R as HubRef>::Storage>;

    pub trait HubRef {
        type Lock;
        type Transport: Transport;
        type Platform: Platform + Clone;
        type Buffer: Buffers;
        type Storage: super::BlockStorage<Self::Platform, Self::Buffer>;

        fn hub(&self) -> &BlockHub<Self::Lock>;
        fn core<X>(&self, f: impl FnOnce(&mut Core<Self::Transport, Self::Platform>) -> X) -> X;
        /// Takes a queue out of its place.
        fn take(&self, index: u16) -> Option<IdleOf<Self>>;
        /// Puts a queue back in its place.
        fn put(&self, queue: IdleOf<Self>);
    }
}

/// A way to a [`BlockHub`]: `&BlockHub<L>`, `Arc<BlockHub<L>>`, and whatever else can be dereferenced to one.
pub trait HubRef: hub_ref::HubRef {}

impl<R: hub_ref::HubRef> HubRef for R {}

impl<R, L, T, P, B, S, const N: usize> hub_ref::HubRef for R
where
    R: Deref<Target = BlockHub<L>>,
    L: Share<Driver = MultiBlock<T, P, B, S, N>>,
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
{
    type Lock = L;
    type Transport = T;
    type Platform = P;
    type Buffer = B;
    type Storage = S;

    fn hub(&self) -> &BlockHub<L> {
        self
    }

    fn core<X>(&self, f: impl FnOnce(&mut Core<T, P>) -> X) -> X {
        self.shared.with(|multi| f(&mut multi.core))
    }

    fn take(&self, index: u16) -> Option<Idle<T, P, B, S>> {
        self.shared.with(|multi| multi.idle.get_mut(usize::from(index))?.take())
    }

    fn put(&self, queue: Idle<T, P, B, S>) {
        let refused = self.shared.with(|multi| match multi.idle.get_mut(usize::from(queue.index())) {
            Some(place @ None) if multi.instance == Some(queue.instance()) => {
                *place = Some(queue);
                None
            }
            _ => Some(queue),
        });
        // Another device's, if somebody has exchanged what is behind the lock. Dropped while nobody has that: it leaks, unless
        // its own device was reset.
        drop(refused);
    }
}

/// How a [`BlockQueue`] gets at its device. Opaque.
#[derive(Debug)]
pub struct Member<R>(R);

impl<R: HubRef> Control<R::Transport, R::Platform> for Member<R> {
    fn with<X>(&mut self, f: impl FnOnce(&mut Core<R::Transport, R::Platform>) -> X) -> X {
        self.0.core(f)
    }

    #[inline]
    fn version(&self) -> u32 {
        // Acquire: the partner is the release of `BlockHub::changed`.
        self.0.hub().version.load(Ordering::Acquire)
    }

    fn changed(&self) {
        self.0.hub().changed();
    }
}

/// One request queue of a [`MultiBlock`], for one CPU at a time: [`BlockHub::queue`] makes it.
///
/// What it can be asked for are the methods of [`RequestQueue`]. It can be moved to another CPU at any time. Dropped, it puts
/// the queue back into the hub, with requests in flight and results that were not fetched.
pub struct BlockQueue<R: HubRef> {
    /// `None` only while it is dropped.
    #[expect(clippy::type_complexity, reason = "all parameters follow from the one")]
    queue: Option<RequestQueue<R::Transport, R::Platform, R::Buffer, R::Storage, Member<R>>>,
}

impl<R: HubRef> Deref for BlockQueue<R> {
    type Target = RequestQueue<R::Transport, R::Platform, R::Buffer, R::Storage, Member<R>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        match &self.queue {
            Some(queue) => queue,
            None => unreachable!("taken by drop only"),
        }
    }
}

impl<R: HubRef> DerefMut for BlockQueue<R> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        match &mut self.queue {
            Some(queue) => queue,
            None => unreachable!("taken by drop only"),
        }
    }
}

impl<R: HubRef> Drop for BlockQueue<R> {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.take() {
            let (queue, Member(hub)) = queue.split_control();
            hub.put(queue);
        }
    }
}

impl<R: HubRef> fmt::Debug for BlockQueue<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlockQueue").field(&self.queue).finish()
    }
}
