//! Why a block device cannot be brought up, takes no request, or is of no use any more.

use core::fmt;

use parakit_abi::device::DeviceType;

use super::{BadConfig, BadRequest, RequestError};
use crate::platform::{DmaError, ShareError};
use crate::queue::QueueError;
use crate::transport::{ConfigError, FeatureError, QueueResetError, QueueSetupError, SuspendError};

/// Why a block device cannot be brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitError {
    /// It is no block device.
    DeviceType(
        /// What it is.
        DeviceType,
    ),
    /// Feature negotiation failed.
    Features(FeatureError),
    /// Its configuration cannot be read.
    Config(ConfigError),
    /// Its configuration makes no sense.
    BadConfig(BadConfig),
    /// Its queue cannot be set up.
    Queue(QueueSetupError),
    /// Its queue is too small for any request: header, data and status need three entries.
    QueueTooSmall {
        /// Entries that device, storage and options allow.
        size: u16,
    },
    /// The storage has no room for any request.
    NoStorage,
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceType(id) => write!(f, "device type {} is not a block device (2)", id.0),
            Self::Features(e) => e.fmt(f),
            Self::Config(e) => e.fmt(f),
            Self::BadConfig(e) => e.fmt(f),
            Self::Queue(e) => e.fmt(f),
            Self::QueueTooSmall { size } => write!(f, "a queue of {size} entries is too small for a request (3)"),
            Self::NoStorage => f.write_str("the storage given to the driver has no room for a request"),
        }
    }
}

impl core::error::Error for InitError {}

macro_rules! from {
    ($($variant:ident($ty:ty) in $for:ty;)*) => {$(
        impl From<$ty> for $for {
            fn from(e: $ty) -> Self {
                Self::$variant(e)
            }
        }
    )*};
}

from! {
    Features(FeatureError) in InitError;
    Config(ConfigError) in InitError;
    BadConfig(BadConfig) in InitError;
    Queue(QueueSetupError) in InitError;
    Submit(SubmitError) in BlockError;
    Request(RequestError) in BlockError;
}

/// Why a device is of no use any more. It was reset (unless it would not), and every request in flight has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It broke the rules of the queue.
    Queue(QueueError),
    /// It asked for a reset (`DEVICE_NEEDS_RESET`, VIRTIO 1.4 §2.1.1).
    NeedsReset,
    /// It changed its configuration to something that cannot be read.
    Config(ConfigError),
    /// It changed its configuration to something that makes no sense.
    BadConfig(BadConfig),
    /// It did not finish a request of a blocking call while the platform waited.
    Timeout {
        /// How often the driver looked.
        polls: u64,
    },
    /// It did not reset a single queue.
    QueueReset(QueueResetError),
    /// It was not suspended, or not resumed.
    Suspend(SuspendError),
    /// The driver was told to reset it.
    Reset,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(e) => e.fmt(f),
            Self::NeedsReset => f.write_str("the device asked for a reset"),
            Self::Config(e) => write!(f, "after a configuration change: {e}"),
            Self::BadConfig(e) => write!(f, "after a configuration change: {e}"),
            Self::Timeout { polls } => write!(f, "a request did not finish in {polls} looks"),
            Self::QueueReset(e) => e.fmt(f),
            Self::Suspend(e) => e.fmt(f),
            Self::Reset => f.write_str("the device was reset"),
        }
    }
}

impl core::error::Error for Fault {}

/// Why a request was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubmitError {
    /// The device does not take such a request.
    Bad(BadRequest),
    /// There is no room now; there is when a request in flight has finished and was fetched.
    Full,
    /// The platform has no memory for the request's own data.
    Dma(DmaError),
    /// The platform cannot share the buffer with the device.
    Share(ShareError),
    /// A segment of the buffer cannot be described.
    BadSegment {
        /// Its length in bytes.
        len: usize,
    },
    /// The queue was reset, and was not enabled again.
    Halted,
    /// The device is suspended.
    Suspended,
    /// The device is down.
    Down(Fault),
}

impl fmt::Display for SubmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(e) => e.fmt(f),
            Self::Full => f.write_str("no room for another request now"),
            Self::Dma(e) => e.fmt(f),
            Self::Share(e) => e.fmt(f),
            Self::BadSegment { len } => write!(f, "a segment of {len} bytes cannot be described"),
            Self::Halted => f.write_str("the queue was reset and not enabled again"),
            Self::Suspended => f.write_str("the device is suspended"),
            Self::Down(fault) => write!(f, "the device is down: {fault}"),
        }
    }
}

impl core::error::Error for SubmitError {}

impl From<BadRequest> for SubmitError {
    fn from(e: BadRequest) -> Self {
        Self::Bad(e)
    }
}

/// A request that was not taken, and why.
pub struct Rejected<O> {
    /// The request, with its buffer.
    pub operation: O,
    /// Why.
    pub error: SubmitError,
}

impl<O> fmt::Debug for Rejected<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<O> fmt::Display for Rejected<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<O> core::error::Error for Rejected<O> {}

/// Why a blocking or asynchronous call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockError {
    /// The request was not taken.
    Submit(SubmitError),
    /// The request failed.
    Request(RequestError),
    /// The request did not finish while the platform waited. The device was reset and is down.
    Timeout {
        /// How often the driver looked.
        polls: u64,
    },
    /// The device broke its rules or asked for a reset before the request had come back. It was reset and is down.
    Down(
        /// What it did.
        Fault,
    ),
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submit(e) => e.fmt(f),
            Self::Request(e) => e.fmt(f),
            Self::Timeout { polls } => write!(f, "the request did not finish in {polls} looks; the device was reset"),
            Self::Down(fault) => write!(f, "{fault}; the device was reset before the request had come back"),
        }
    }
}

impl core::error::Error for BlockError {}

/// A call on an owned buffer that failed.
pub struct Failed<B> {
    /// The buffer, unless the device would not let go of it.
    pub buffer: Option<B>,
    /// Why.
    pub error: BlockError,
}

impl<B> fmt::Debug for Failed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lost = if self.buffer.is_some() { "returned" } else { "lost" };
        f.debug_struct("Failed").field("error", &self.error).field("buffer", &lost).finish()
    }
}

impl<B> fmt::Display for Failed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<B> core::error::Error for Failed<B> {}
