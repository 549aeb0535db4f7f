//! The block device (VIRTIO 1.4 §5.2).
//!
//! One driver, used in three ways, which may be mixed:
//!
//! - *blocking*: [`read`](RequestQueue::read), [`write`](RequestQueue::write), [`flush`](RequestQueue::flush) and so on
//!   take borrowed memory and wait, for as long as [`Platform::wait`] allows. Borrowed memory is copied through memory of
//!   the driver, because a device that is late must not write to memory whose borrow has ended;
//!   [`read_owned`](RequestQueue::read_owned) and [`write_owned`](RequestQueue::write_owned) take owned buffers and copy
//!   nothing.
//! - *submit and poll*: [`submit`](RequestQueue::submit) moves a request with its buffer in, [`poll`](RequestQueue::poll)
//!   hands it back with the result, in the order in which the device finishes. Many may be in flight;
//!   [`kick`](RequestQueue::kick) tells the device of a whole batch.
//! - *futures*: [`AsyncBlock`] for many tasks. A future may be dropped at any time: the buffer stays with the driver
//!   until the device is done with it.
//!
//! [`Block`] has one queue of requests. [`MultiBlock`] has several, one a CPU, say, that share no lock; each of them is used
//! in the same three ways.
//!
//! Requests are checked before they reach the device ([`BadRequest`]); what the device says about them is checked
//! before it is believed ([`RequestError`]); a device that breaks the rules of its queue is reset and its requests end
//! ([`Fault`]). Headers and status bytes are kept in memory of the queue, not on the stack.
//!
//! Dropping the driver resets the device first and waits for it. If the device does not reset, what it may still
//! write to is leaked.

mod blocking;
mod complete;
mod config;
mod control;
mod error;
mod future;
mod lifecycle;
mod limits;
mod multi;
mod operation;
mod request_queue;
mod status;
mod storage;
mod submit;

use core::fmt;
use core::ops::{Deref, DerefMut};

use parakit_abi::device::block::{DEFINED_FEATURES, RequestHeader, feature as f};
use parakit_abi::feature::Features;

use crate::platform::Platform;
use crate::queue::{Buffers, QueueOptions};
use crate::transport::{Device, Negotiating, Reset, SUPPORTED, Transport, WaitError};

pub use complete::{Outcome, Tag};
pub use config::{BadConfig, BlockConfig, DiscardLimits, Geometry, Topology, WriteZeroesLimits};
pub use control::{Control, Core};
pub use error::{BlockError, Failed, Fault, InitError, Rejected, SubmitError};
pub use future::{AsyncBlock, BlockDriver, RequestFuture};
pub use lifecycle::EnableError;
pub use limits::{BadRequest, MAX_RANGES, Ranges, SectorRange};
pub use multi::{BlockHub, BlockQueue, HubRef, HubSuspendError, Member, MultiBlock};
pub use operation::{Answer, Finished, Operation};
pub use request_queue::RequestQueue;
pub use status::RequestError;
#[cfg(feature = "alloc")]
pub use storage::HeapStorage;
pub use storage::{BlockChain, BlockStorage, InlineStorage};

pub use crate::device::table::{RequestId, RequestSlot};

use request_queue::Prepared;

/// The device-specific features that the driver implements; [`MultiBlock`] implements MQ besides. Not among them:
/// LIFETIME, SECURE_ERASE, ZONED.
pub const FEATURES: Features = Features::of(&[
    f::SIZE_MAX,
    f::SEG_MAX,
    f::GEOMETRY,
    f::RO,
    f::BLK_SIZE,
    f::FLUSH,
    f::TOPOLOGY,
    f::CONFIG_WCE,
    f::DISCARD,
    f::WRITE_ZEROES,
]);

const _: () = assert!(DEFINED_FEATURES.contains(FEATURES));

/// How a block device is brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockOptions {
    /// Entries of the queue at most; device and storage limit them too.
    pub queue_size: u16,
    /// Features to accept, if the device offers them and the driver implements them; others are declined. Leave RO in,
    /// or writes to a read-only disk are found out only by the device.
    pub features: Features,
    /// Bytes of the memory through which blocking calls copy, a multiple of 512; allocated when first needed.
    pub copy_bytes: usize,
    /// As [`QueueOptions::indirect_over`]: the entries of a request up to which it has them in the ring. It takes one for its
    /// header, one for its status, and one for each segment of its buffer.
    pub indirect_over: u16,
    /// As [`QueueOptions::indirect_table`]: the entries of an indirect table.
    pub indirect_table: u16,
}

impl Default for BlockOptions {
    /// 256 entries, every feature, 64 KiB, and indirect tables as a queue has them by default.
    fn default() -> Self {
        let QueueOptions { indirect_over, indirect_table, .. } = QueueOptions::default();
        let features = SUPPORTED.with(FEATURES);
        Self { queue_size: 256, features, copy_bytes: 64 * 1024, indirect_over, indirect_table }
    }
}

impl BlockOptions {
    /// Options of a queue of up to `size` entries.
    fn queue(&self, size: u16) -> QueueOptions {
        // The status byte is the trailer. 1 byte of header and trailer memory each more would not buy anything.
        let &Self { indirect_over, indirect_table, .. } = self;
        let header = RequestHeader::SIZE as u16;
        QueueOptions { max_size: size, header, trailer: 1, indirect_over, indirect_table }
    }
}

/// What a driver has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Requests given to the device.
    pub requests: u64,
    /// Notifications sent to the device.
    pub notifications: u64,
}

/// A block device that is live, with one request queue. `B` is what requests are made of: any [`Buffers`].
///
/// What it can be asked for are the methods of [`RequestQueue`]; [`MultiBlock`] is for several queues.
///
/// ```
/// # use parakit::{device::block::*, platform::Platform, transport::*};
/// # fn demo<P: Platform + Clone, T: Transport>(device: Device<P, T, Negotiating>) -> Result<(), Box<dyn core::error::Error>> {
/// let options = BlockOptions::default();
/// let storage = HeapStorage::new(options.queue_size);
/// let mut disk: Block<T, P, Vec<u8>, _> = Block::new(device, storage, options)?;
///
/// // Blocking:
/// let mut boot_sector = [0; 512];
/// disk.read(0, &mut boot_sector)?;
///
/// // Many in flight:
/// for sector in [8, 16, 24] {
///     disk.submit(Operation::Read { sector, buffer: vec![0; 4096] }).map_err(|rejected| rejected.error)?;
/// }
/// while disk.in_flight() > 0 {
///     while let Some(finished) = disk.poll() {
///         println!("{:?}: {:?}", finished.id, finished.result);
///     }
/// }
/// # Ok(()) }
/// ```
pub struct Block<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> {
    queue: RequestQueue<T, P, B, S, Core<T, P>>,
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Block<T, P, B, S> {
    /// Negotiates features, reads the configuration, sets up the queue and makes the device live (§5.2.5).
    ///
    /// # Errors
    /// [`InitError`]; the device is reset or marked FAILED.
    pub fn new(device: Device<P, T, Negotiating>, storage: S, options: BlockOptions) -> Result<Self, InitError> {
        let (mut device, config) = control::negotiate(device, SUPPORTED.with(FEATURES).and(options.features))?;
        let mut prepared = Prepared::new(&mut device, 0, storage, &options)?;
        if let Err(error) = prepared.check() {
            if let Ok(device) = device.reset() {
                prepared.retire(&device.proof());
            }
            return Err(error);
        }
        let device = device.driver_ok();
        let queue = prepared.live(&device, &config, &options);
        Ok(Self { queue: queue.with_control(Core::new(device, config)) })
    }

    /// Gives the device back, reset, to be brought up again. Results that were not fetched are dropped.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset; its memory is leaked.
    pub fn release(mut self) -> Result<Device<P, T, Reset>, WaitError> {
        self.reset()?;
        self.queue.control_mut().release()
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Deref for Block<T, P, B, S> {
    type Target = RequestQueue<T, P, B, S, Core<T, P>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.queue
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> DerefMut for Block<T, P, B, S> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.queue
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Drop for Block<T, P, B, S> {
    fn drop(&mut self) {
        self.queue.take_down(Fault::Reset);
        // The queue drops the chains that it got back, and leaks the others.
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> fmt::Debug for Block<T, P, B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Block").field(&self.queue).finish()
    }
}
