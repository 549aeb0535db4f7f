//! What a block device can be asked for, and what it answers.

use super::limits::{Ranges, SectorRange};
use super::status::RequestError;
use crate::device::table::RequestId;

/// A request. Buffers are moved in and come back with the result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation<B> {
    /// Reads from `sector` on into `buffer`, a whole number of sectors in all; segments may have any length.
    Read {
        /// First sector.
        sector: u64,
        /// Where to.
        buffer: B,
    },
    /// Writes `buffer`, a whole number of sectors in all, from `sector` on.
    Write {
        /// First sector.
        sector: u64,
        /// What.
        buffer: B,
    },
    /// Makes writes that have finished by now durable (VIRTIO 1.4 §5.2.6.2).
    Flush,
    /// Asks for the device's id string.
    DeviceId,
    /// Tells the device that the contents of some sectors are of no more use; see [`Operation::discard`].
    Discard(
        /// Which.
        Ranges,
    ),
    /// Makes sectors read as zeroes; see [`Operation::write_zeroes`].
    WriteZeroes {
        /// Which.
        ranges: Ranges,
        /// Whether the device may free the space behind them.
        unmap: bool,
    },
}

impl<B> Operation<B> {
    /// A discard of up to [`MAX_RANGES`](super::MAX_RANGES) ranges. What they read as afterwards is undefined.
    #[must_use]
    pub fn discard(ranges: &[SectorRange]) -> Self {
        Self::Discard(Ranges::new(ranges))
    }

    /// Zeroes for up to [`MAX_RANGES`](super::MAX_RANGES) ranges.
    #[must_use]
    pub fn write_zeroes(ranges: &[SectorRange], unmap: bool) -> Self {
        Self::WriteZeroes { ranges: Ranges::new(ranges), unmap }
    }
}

/// What a successful request answers, besides the contents of its buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Done.
    Done,
    /// The id string, ASCII, padded with NULs; without one if it is 20 bytes long (VIRTIO 1.4 §5.2.6).
    DeviceId([u8; 20]),
}

/// A finished request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished<B> {
    /// Which one.
    pub id: RequestId,
    /// Its buffer: `None` when the request had none, and when the device would not let go of it (its reset did not
    /// complete), in which case the memory is given up for good.
    pub buffer: Option<B>,
    /// How it ended. After an error, the contents of a read's buffer are arbitrary.
    pub result: Result<Answer, RequestError>,
}

impl<B> Operation<B> {
    /// The request without its buffer, and the buffer.
    pub(super) fn split(self) -> (Operation<()>, Option<B>) {
        match self {
            Self::Read { sector, buffer } => (Operation::Read { sector, buffer: () }, Some(buffer)),
            Self::Write { sector, buffer } => (Operation::Write { sector, buffer: () }, Some(buffer)),
            Self::Flush => (Operation::Flush, None),
            Self::DeviceId => (Operation::DeviceId, None),
            Self::Discard(ranges) => (Operation::Discard(ranges), None),
            Self::WriteZeroes { ranges, unmap } => (Operation::WriteZeroes { ranges, unmap }, None),
        }
    }

    /// Undoes [`split`](Self::split).
    pub(super) fn join(shape: Operation<()>, buffer: Option<B>) -> Self {
        match (shape, buffer) {
            (Operation::Read { sector, .. }, Some(buffer)) => Self::Read { sector, buffer },
            (Operation::Write { sector, .. }, Some(buffer)) => Self::Write { sector, buffer },
            (Operation::Flush, _) => Self::Flush,
            (Operation::DeviceId, _) => Self::DeviceId,
            (Operation::Discard(ranges), _) => Self::Discard(ranges),
            (Operation::WriteZeroes { ranges, unmap }, _) => Self::WriteZeroes { ranges, unmap },
            (Operation::Read { .. } | Operation::Write { .. }, None) => unreachable!("split kept the buffer"),
        }
    }
}
