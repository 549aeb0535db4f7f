//! How a request ended: the status byte and the used length, neither of which is believed unchecked.

use core::fmt;

use parakit_abi::device::block::status;

/// What the status byte holds before the device has written it: a value that means nothing in VIRTIO 1.4.
pub(super) const UNWRITTEN: u8 = 0xff;

/// Why a request that reached the device did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestError {
    /// The device reports an error of its own or of the driver (`VIRTIO_BLK_S_IOERR`).
    Io,
    /// The device does not support the request (`VIRTIO_BLK_S_UNSUPP`).
    Unsupported,
    /// The status byte holds a value that VIRTIO 1.4 does not define; 255 when the device never wrote it.
    UnknownStatus(
        /// The value.
        u8,
    ),
    /// The device reports success, but wrote less than the request asks for, so some of the data is not the disk's.
    ShortWrite {
        /// Bytes that the device says it wrote, status byte included.
        used: u32,
        /// Bytes that it had to write.
        expected: u32,
    },
    /// The device was reset before the request had come back: because the driver was told to, a blocking call had
    /// run out of time, or the device broke the rules of the queue. Whether the request was carried out is unknown.
    Reset,
    /// The queue was reset before the request had come back: it is not done, as far as the device has said.
    QueueReset,
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io => f.write_str("the device reports an input/output error"),
            Self::Unsupported => f.write_str("the device does not support the request"),
            Self::UnknownStatus(UNWRITTEN) => f.write_str("the device used the request without writing its status"),
            Self::UnknownStatus(value) => write!(f, "the device reports status {value}, which has no meaning"),
            Self::ShortWrite { used, expected } => {
                write!(f, "the device reports success but wrote {used} bytes of {expected}")
            }
            Self::Reset => f.write_str("the device was reset before the request had come back"),
            Self::QueueReset => f.write_str("the queue was reset before the request had come back"),
        }
    }
}

impl core::error::Error for RequestError {}

/// Judges a completion: `used` bytes were written of `expected`, and the status byte reads `value`.
pub(super) fn decode(value: u8, used: u32, expected: u32) -> Result<(), RequestError> {
    match value {
        // §2.7.8: what lies beyond the used length must not be relied on, and the status byte is the last of it.
        status::OK if used < expected => Err(RequestError::ShortWrite { used, expected }),
        status::OK => Ok(()),
        status::IOERR => Err(RequestError::Io),
        status::UNSUPP => Err(RequestError::Unsupported),
        other => Err(RequestError::UnknownStatus(other)),
    }
}
