//! The block device (VIRTIO 1.4 §5.2).
//!
//! One driver, used in three ways, which may be mixed:
//!
//! - *blocking*: [`Block::read`], [`Block::write`], [`Block::flush`] and so on take borrowed memory and wait, for as
//!   long as [`Platform::wait`] allows. Borrowed memory is copied through memory of the driver, because a device that
//!   is late must not write to memory whose borrow has ended; [`Block::read_owned`] and
//!   [`Block::write_owned`] take owned buffers and copy nothing.
//! - *submit and poll*: [`Block::submit`] moves a request with its buffer in, [`Block::poll`] hands it back with the
//!   result, in the order in which the device finishes. Many may be in flight; [`Block::kick`] tells the device of a
//!   whole batch.
//! - *futures*: [`AsyncBlock`] for many tasks. A future may be dropped at any time: the buffer stays with the driver
//!   until the device is done with it.
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
mod error;
mod future;
mod limits;
mod operation;
mod status;
mod storage;
mod submit;

use core::fmt;

use parakit_abi::device::block::{CONFIG_FIELDS, DEFINED_FEATURES, RequestHeader, feature as f};
use parakit_abi::device::{ConfigField, DeviceType};
use parakit_abi::feature::Features;

use crate::device::table::Table;
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Queue, QueueOptions};
use crate::transport::{ConfigError, ConfigReader, Device, FeaturesOk, Live, Negotiating, Reset, ResetProof};
use crate::transport::{SUPPORTED, Transport, WaitError};

pub use complete::{Outcome, Tag};
pub use config::{BadConfig, BlockConfig, DiscardLimits, Geometry, Topology, WriteZeroesLimits};
pub use error::{BlockError, Failed, Fault, InitError, Rejected, SubmitError};
pub use future::{AsyncBlock, BlockDriver, RequestFuture};
pub use limits::{BadRequest, MAX_RANGES, Ranges, SectorRange};
pub use operation::{Answer, Finished, Operation};
pub use status::RequestError;
#[cfg(feature = "alloc")]
pub use storage::HeapStorage;
pub use storage::{BlockChain, BlockStorage, InlineStorage};

pub use crate::device::table::{RequestId, RequestSlot};

use limits::Limits;

/// Index of the request queue.
const REQUEST_QUEUE: u16 = 0;

/// The device-specific features that the driver implements. Not among them: MQ, LIFETIME, SECURE_ERASE, ZONED.
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
}

impl Default for BlockOptions {
    /// 256 entries, every feature, 64 KiB.
    fn default() -> Self {
        Self { queue_size: 256, features: SUPPORTED.with(FEATURES), copy_bytes: 64 * 1024 }
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

/// A block device that is live. `B` is what requests are made of: any [`Buffers`].
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
    /// `None` only after [`Block::release`].
    device: Option<Device<P, T, Live>>,
    notifier: T::Notifier,
    queue: Queue<P, BlockChain<P, B>, S::Slots>,
    table: Table<Outcome<P, B>, S::Requests>,
    platform: P,
    config: BlockConfig,
    limits: Limits,
    accepted: Features,
    copy_bytes: usize,
    /// Memory for blocking calls, and for the data of discard, write-zeroes and device id requests, while not in use.
    copy: Option<DmaBox<P>>,
    small: Option<DmaBox<P>>,
    counters: Counters,
    down: Option<Down>,
}

/// The device is of no use any more.
#[derive(Clone, Copy, Debug)]
struct Down {
    fault: Fault,
    /// Whether the device is known to have let go of its memory.
    reset: Result<ResetProof, WaitError>,
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Block<T, P, B, S> {
    /// Negotiates features, reads the configuration, sets up the queue and makes the device live (§5.2.5).
    ///
    /// # Errors
    /// [`InitError`]; the device is reset or marked FAILED.
    pub fn new(device: Device<P, T, Negotiating>, storage: S, options: BlockOptions) -> Result<Self, InitError> {
        if device.device_type() != DeviceType::BLOCK {
            return Err(InitError::DeviceType(device.device_type()));
        }
        let supported = SUPPORTED.with(FEATURES).and(options.features);
        let mut device = device.negotiate(supported, Features::NONE)?;
        let accepted = device.accepted();
        let config = device.config(|reader| read_config(accepted, reader))?;
        config.check()?;
        let (slots, requests) = storage.into_parts();
        // The status byte is the trailer. 1 byte of header and trailer memory each more would not buy anything.
        let header = RequestHeader::SIZE as u16;
        let room = QueueOptions { max_size: options.queue_size, header, trailer: 1, ..QueueOptions::default() };
        let queue = device.queue(REQUEST_QUEUE, slots, room)?;
        let table = Table::new(requests, queue.size() / 2);
        if queue.size() < 3 || table.len() == 0 {
            let error =
                if table.len() == 0 { InitError::NoStorage } else { InitError::QueueTooSmall { size: queue.size() } };
            give_up(device, queue);
            return Err(error);
        }
        let limits = Limits::new(&config, queue.size(), accepted.has(f::RO), accepted.has(f::FLUSH));
        let platform = device.platform().clone();
        let device = device.driver_ok();
        Ok(Self {
            notifier: device.notifier(REQUEST_QUEUE),
            device: Some(device),
            queue,
            table,
            platform,
            config,
            limits,
            accepted,
            copy_bytes: options.copy_bytes,
            copy: None,
            small: None,
            counters: Counters::default(),
            down: None,
        })
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

    /// Why the device is down, if it is. Requests that were in flight have ended with [`RequestError::Reset`]; fetch
    /// them, then [`release`](Self::release) the device and bring it up again.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.down.map(|down| down.fault)
    }

    /// Whether writes are kept in a volatile cache (`CONFIG_WCE`): `None` when the device does not say. Without that
    /// feature, assume so if [`flush`](Self::flush) is offered (§5.2.5.1).
    ///
    /// # Errors
    /// [`ConfigError`] when the field cannot be read.
    pub fn writeback(&self) -> Result<Option<bool>, ConfigError> {
        if !self.accepted.has(f::CONFIG_WCE) {
            return Ok(None);
        }
        let device = self.device.as_ref().ok_or(ConfigError::Reset)?;
        device.config_read::<u8>(field("writeback")).map(|mode| Some(mode != 0))
    }

    /// Chooses between a writeback and a writethrough cache (`CONFIG_WCE`). Writes that were volatile before stay so
    /// until a flush (§5.2.6.1).
    ///
    /// # Errors
    /// [`ConfigError::NotOffered`] without the feature.
    pub fn set_writeback(&mut self, writeback: bool) -> Result<(), ConfigError> {
        if !self.accepted.has(f::CONFIG_WCE) {
            return Err(ConfigError::NotOffered { field: "writeback", bit: f::CONFIG_WCE });
        }
        let device = self.device.as_mut().ok_or(ConfigError::Reset)?;
        device.config_write(field("writeback"), u8::from(writeback))
    }

    /// Resets the device and waits for it. Requests in flight end with [`RequestError::Reset`] and give their buffers
    /// back; fetch them as usual. The driver takes no more requests.
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

    /// Gives the device back, reset, to be brought up again. Results that were not fetched are dropped.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset; its memory is leaked.
    pub fn release(mut self) -> Result<Device<P, T, Reset>, WaitError> {
        self.reset()?;
        // `reset` has succeeded, so that resetting the device once more, to change its type, does too in any sane world.
        match self.device.take() {
            Some(device) => device.reset().map_err(|(_, e)| e),
            None => Err(WaitError { status: parakit_abi::status::DeviceStatus::RESET, polls: 0 }),
        }
    }
}

/// Resets a device that was not made live, so that its queue can be freed.
fn give_up<T: Transport, P: Platform, C: crate::queue::Chain, S: crate::queue::Slots<C>>(
    device: Device<P, T, FeaturesOk>,
    mut queue: Queue<P, C, S>,
) {
    if let Ok(device) = device.reset() {
        // The proof is about the instance that made the queue.
        let _ = queue.retire(&device.proof());
    }
}

/// The configuration field `name`, which is one of the table.
fn field(name: &str) -> &'static ConfigField {
    CONFIG_FIELDS.iter().find(|field| field.name == name).unwrap_or(&CONFIG_FIELDS[0])
}

/// Reads the configuration in one generation.
fn read_config<T: Transport>(accepted: Features, reader: &ConfigReader<'_, T>) -> Result<BlockConfig, ConfigError> {
    BlockConfig::read(accepted, |field| match field.width {
        1 => reader.read::<u8>(field).map(u64::from),
        2 => reader.read::<u16>(field).map(u64::from),
        4 => reader.read::<u32>(field).map(u64::from),
        _ => reader.read::<u64>(field),
    })
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Drop for Block<T, P, B, S> {
    fn drop(&mut self) {
        if self.device.is_some() {
            self.take_down(Fault::Reset);
        }
        // The queue drops the chains that it got back, and leaks the others.
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> fmt::Debug for Block<T, P, B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("config", &self.config)
            .field("accepted", &self.accepted)
            .field("in_flight", &self.in_flight())
            .field("counters", &self.counters)
            .field("down", &self.down)
            .finish_non_exhaustive()
    }
}
