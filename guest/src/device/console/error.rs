//! Why a console cannot be brought up, or is of no use any more.

use core::fmt;

use parakit_abi::device::DeviceType;

use crate::platform::DmaError;
use crate::queue::{AddErrorKind, QueueError};
use crate::transport::{ConfigError, FeatureError, QueueSetupError, SuspendError};

/// Why something did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsoleError {
    /// It is no console.
    DeviceType(
        /// What it is.
        DeviceType,
    ),
    /// Feature negotiation failed.
    Features(FeatureError),
    /// A configuration field cannot be accessed.
    Config(ConfigError),
    /// A queue cannot be set up.
    Queue(QueueSetupError),
    /// There is no memory for buffers.
    Dma(DmaError),
    /// The storage has no room for buffers to send.
    NoStorage,
    /// A buffer was not put on a ring.
    Add(AddErrorKind),
    /// Nothing was given to send.
    Empty,
    /// There is no room now; there is when a buffer was sent and fetched.
    Full,
    /// The device is suspended.
    Suspended,
    /// The device is down.
    Down(ConsoleFault),
}

impl fmt::Display for ConsoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceType(id) => write!(f, "device type {} is not a console (3)", id.0),
            Self::Features(e) => e.fmt(f),
            Self::Config(e) => e.fmt(f),
            Self::Queue(e) => e.fmt(f),
            Self::Dma(e) => e.fmt(f),
            Self::NoStorage => f.write_str("the storage given to the driver has no room for a buffer to send"),
            Self::Add(e) => e.fmt(f),
            Self::Empty => f.write_str("nothing was given to send"),
            Self::Full => f.write_str("no room for another buffer to send now"),
            Self::Suspended => f.write_str("the device is suspended"),
            Self::Down(fault) => write!(f, "the device is down: {fault}"),
        }
    }
}

impl core::error::Error for ConsoleError {}

/// Why a console is of no use any more. It was reset, unless it would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsoleFault {
    /// It broke the rules of a queue, by claiming more input than a buffer holds, for example.
    Queue(QueueError),
    /// It asked for a reset.
    NeedsReset,
    /// It did not take output while the platform waited.
    Timeout {
        /// How often the platform was asked to wait.
        polls: u64,
    },
    /// It was not suspended, or not resumed.
    Suspend(SuspendError),
    /// The driver was told to reset it.
    Reset,
}

impl fmt::Display for ConsoleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queue(e) => e.fmt(f),
            Self::NeedsReset => f.write_str("the device asked for a reset"),
            Self::Timeout { polls } => write!(f, "the device took no output in {polls} looks"),
            Self::Suspend(e) => e.fmt(f),
            Self::Reset => f.write_str("the device was reset"),
        }
    }
}

impl core::error::Error for ConsoleFault {}

/// A buffer that was not taken, and why.
pub struct SendRejected<B> {
    /// The buffer.
    pub buffer: B,
    /// Why.
    pub error: ConsoleError,
}

impl<B> fmt::Debug for SendRejected<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendRejected").field("error", &self.error).finish_non_exhaustive()
    }
}

impl<B> fmt::Display for SendRejected<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<B> core::error::Error for SendRejected<B> {}
