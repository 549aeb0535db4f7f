//! What a request may be: checked before anything of it reaches the device.

use core::fmt;

use parakit_abi::device::block::{DiscardWriteZeroes, SECTOR_SIZE};

use super::config::BlockConfig;

/// Most ranges of one discard or write-zeroes request, whatever the device allows: so that an [`Operation`](super::Operation) stays small.
pub const MAX_RANGES: usize = 4;

/// Most bytes of one read or write: 2^32 bytes less a page, for header and status.
const MAX_BYTES: u64 = (1 << 32) - 4096;

/// A range of sectors to discard or to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectorRange {
    /// First sector.
    pub sector: u64,
    /// Sectors.
    pub sectors: u32,
}

/// Why a request was refused before it reached the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadRequest {
    /// It reaches past the end of the disk (VIRTIO 1.4 §5.2.6.1).
    OutOfRange {
        /// First sector.
        sector: u64,
        /// Sectors.
        sectors: u64,
        /// Sectors of the disk.
        capacity: u64,
    },
    /// The data is no multiple of 512 bytes (§5.2.6.1).
    NotWholeSectors {
        /// Bytes of data.
        len: u64,
    },
    /// No data, no range, or a range of no sectors.
    Empty,
    /// The device is read-only.
    ReadOnly,
    /// More segments than the device takes, or than fit in its queue.
    TooManySegments {
        /// Segments of the data.
        segments: usize,
        /// Most that it may have.
        max: usize,
    },
    /// More data than a chain can have.
    TooLong {
        /// Bytes of data.
        len: u64,
        /// Most there may be.
        max: u64,
    },
    /// A segment is longer than the device takes.
    SegmentTooLong {
        /// Bytes of the segment.
        len: u64,
        /// Most that it may have.
        max: u32,
    },
    /// More ranges than the device takes, or than [`MAX_RANGES`].
    TooManyRanges {
        /// Ranges.
        ranges: usize,
        /// Most there may be.
        max: usize,
    },
    /// A range is longer than the device takes.
    RangeTooLong {
        /// Sectors of the range.
        sectors: u32,
        /// Most that it may have.
        max: u32,
    },
    /// The feature that the request needs was not offered by the device.
    NotOffered {
        /// Name of the feature, without its prefix.
        feature: &'static str,
    },
}

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OutOfRange { sector, sectors, capacity } => {
                write!(f, "{sectors} sectors from sector {sector} reach past the disk's {capacity}")
            }
            Self::NotWholeSectors { len } => write!(f, "{len} bytes are no whole number of 512-byte sectors"),
            Self::Empty => f.write_str("the request has nothing to transfer"),
            Self::ReadOnly => f.write_str("the disk is read-only"),
            Self::TooManySegments { segments, max } => write!(f, "{segments} segments, and at most {max} are possible"),
            Self::TooLong { len, max } => write!(f, "{len} bytes, and at most {max} are possible in one request"),
            Self::SegmentTooLong { len, max } => write!(f, "a segment of {len} bytes, and at most {max} are possible"),
            Self::TooManyRanges { ranges, max } => write!(f, "{ranges} ranges, and at most {max} are possible"),
            Self::RangeTooLong { sectors, max } => {
                write!(f, "a range of {sectors} sectors, and at most {max} are possible")
            }
            Self::NotOffered { feature } => write!(f, "the device does not offer {feature}"),
        }
    }
}

impl core::error::Error for BadRequest {}

/// Limits on data and ranges, gathered once from the configuration and the queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Sectors of the disk.
    pub(super) capacity: u64,
    /// Most segments of data in one request.
    pub(super) segments: usize,
    /// Most bytes of one segment.
    pub(super) segment_bytes: u32,
    /// Whether the device refuses writes.
    pub(super) read_only: bool,
    /// Whether flush was accepted.
    pub(super) flush: bool,
    /// Most ranges, and most sectors of one, of a discard.
    pub(super) discard: Option<(u32, u32)>,
    /// Most ranges, and most sectors of one, of a write-zeroes.
    pub(super) write_zeroes: Option<(u32, u32)>,
}

impl Limits {
    /// Limits of a device with a queue of `queue_size` entries; each request takes two of them for its header and status.
    pub(super) fn new(config: &BlockConfig, queue_size: u16, read_only: bool, flush: bool) -> Self {
        let mut limits =
            Self { capacity: 0, segments: 0, segment_bytes: 0, read_only, flush, discard: None, write_zeroes: None };
        limits.update(config, queue_size);
        limits
    }

    /// Follows a change of the configuration.
    pub(super) fn update(&mut self, config: &BlockConfig, queue_size: u16) {
        let ring = usize::from(queue_size.saturating_sub(2));
        self.capacity = config.capacity;
        self.segments = config.seg_max.map_or(ring, |max| ring.min(max as usize));
        self.segment_bytes = config.size_max.unwrap_or(u32::MAX);
        self.discard = config.discard.map(|d| (d.max_segments, d.max_sectors));
        self.write_zeroes = config.write_zeroes.map(|w| (w.max_segments, w.max_sectors));
    }

    fn range(&self, sector: u64, sectors: u64) -> Result<(), BadRequest> {
        match sector.checked_add(sectors) {
            Some(end) if end <= self.capacity => Ok(()),
            _ => Err(BadRequest::OutOfRange { sector, sectors, capacity: self.capacity }),
        }
    }

    /// Checks the data of a read or a write, segment by segment. Its length in bytes.
    pub(super) fn data(
        &self,
        write: bool,
        sector: u64,
        segments: impl Iterator<Item = usize>,
    ) -> Result<u64, BadRequest> {
        let (mut bytes, mut count) = (0u64, 0usize);
        for segment in segments {
            let segment = segment as u64;
            if segment == 0 {
                return Err(BadRequest::Empty);
            }
            if segment > u64::from(self.segment_bytes) {
                return Err(BadRequest::SegmentTooLong { len: segment, max: self.segment_bytes });
            }
            count += 1;
            bytes = bytes.saturating_add(segment);
        }
        if count > self.segments {
            return Err(BadRequest::TooManySegments { segments: count, max: self.segments });
        }
        // §2.7.5.2: a chain has at most 2^32 bytes, header and status included; the used length counts up to 2^32 - 1.
        if bytes > MAX_BYTES {
            return Err(BadRequest::TooLong { len: bytes, max: MAX_BYTES });
        }
        self.whole(write, sector, bytes).map(|()| bytes)
    }

    /// Checks a read or a write of `len` bytes as far as that can be done without knowing its segments.
    pub(super) fn whole(&self, write: bool, sector: u64, len: u64) -> Result<(), BadRequest> {
        if write && self.read_only {
            return Err(BadRequest::ReadOnly);
        }
        if len == 0 {
            return Err(BadRequest::Empty);
        }
        if !len.is_multiple_of(SECTOR_SIZE as u64) {
            return Err(BadRequest::NotWholeSectors { len });
        }
        self.range(sector, len / SECTOR_SIZE as u64)
    }

    /// Checks the ranges of a discard or write-zeroes request.
    fn ranges(&self, zeroes: bool, count: usize, ranges: impl Iterator<Item = SectorRange>) -> Result<(), BadRequest> {
        let (limits, feature) = if zeroes { (self.write_zeroes, "WRITE_ZEROES") } else { (self.discard, "DISCARD") };
        let (max_ranges, max_sectors) = limits.ok_or(BadRequest::NotOffered { feature })?;
        if self.read_only {
            return Err(BadRequest::ReadOnly);
        }
        let max = MAX_RANGES.min(max_ranges as usize);
        if count == 0 {
            return Err(BadRequest::Empty);
        }
        if count > max {
            return Err(BadRequest::TooManyRanges { ranges: count, max });
        }
        for range in ranges {
            if range.sectors == 0 {
                return Err(BadRequest::Empty);
            }
            if range.sectors > max_sectors {
                return Err(BadRequest::RangeTooLong { sectors: range.sectors, max: max_sectors });
            }
            self.range(range.sector, u64::from(range.sectors))?;
        }
        Ok(())
    }
}

/// Up to [`MAX_RANGES`] ranges, kept inside an operation so that it needs no memory of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranges {
    sectors: [u64; MAX_RANGES],
    counts: [u32; MAX_RANGES],
    /// May exceed [`MAX_RANGES`], so that the check can say how many there were.
    len: u32,
}

impl Ranges {
    /// The given ranges; more than [`MAX_RANGES`] are refused when they are submitted.
    #[must_use]
    pub fn new(ranges: &[SectorRange]) -> Self {
        let (mut sectors, mut counts) = ([0; MAX_RANGES], [0; MAX_RANGES]);
        for (i, range) in ranges.iter().take(MAX_RANGES).enumerate() {
            (sectors[i], counts[i]) = (range.sector, range.sectors);
        }
        Self { sectors, counts, len: u32::try_from(ranges.len()).unwrap_or(u32::MAX) }
    }

    fn iter(&self) -> impl ExactSizeIterator<Item = SectorRange> {
        let pairs = self.sectors.iter().zip(&self.counts).take(self.len as usize);
        pairs.map(|(&sector, &sectors)| SectorRange { sector, sectors })
    }

    /// Checks them against `limits`.
    pub(super) fn check(&self, zeroes: bool, limits: &Limits) -> Result<(), BadRequest> {
        limits.ranges(zeroes, self.len as usize, self.iter())
    }

    /// Writes the wire form with `flags` to the front of `out`; its length in bytes.
    pub(super) fn encode(&self, flags: u32, out: &mut [u8; MAX_RANGES * DiscardWriteZeroes::SIZE]) -> usize {
        for (to, from) in out.chunks_exact_mut(DiscardWriteZeroes::SIZE).zip(self.iter()) {
            let segment = DiscardWriteZeroes { sector: from.sector, num_sectors: from.sectors, flags };
            to.copy_from_slice(&segment.to_le_bytes());
        }
        self.iter().len() * DiscardWriteZeroes::SIZE
    }
}
