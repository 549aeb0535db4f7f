//! The configuration space of a block device (VIRTIO 1.4 §5.2.4), read field by field as far as the accepted features go.

use parakit_abi::device::ConfigField;
use parakit_abi::device::block::{CONFIG_FIELDS, SECTOR_SIZE, config as field};
use parakit_abi::feature::Features;

/// What the device says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockConfig {
    /// Size of the disk in sectors of 512 bytes. Any number, so that its bytes need not fit 64 bits.
    pub capacity: u64,
    /// Most bytes of one segment (`SIZE_MAX`).
    pub size_max: Option<u32>,
    /// Most segments of one request's data (`SEG_MAX`).
    pub seg_max: Option<u32>,
    /// Legacy geometry (`GEOMETRY`).
    pub geometry: Option<Geometry>,
    /// The block size that suits the device best, in bytes: a power of two, at least 512 (`BLK_SIZE`).
    pub blk_size: Option<u32>,
    /// How requests are best aligned (`TOPOLOGY`).
    pub topology: Option<Topology>,
    /// Request queues (`MQ`).
    pub num_queues: Option<u16>,
    /// Limits of discard requests (`DISCARD`).
    pub discard: Option<DiscardLimits>,
    /// Limits of write-zeroes requests (`WRITE_ZEROES`).
    pub write_zeroes: Option<WriteZeroesLimits>,
}

/// Legacy disk geometry; it need not agree with the capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Cylinders.
    pub cylinders: u16,
    /// Heads.
    pub heads: u8,
    /// Sectors of a track.
    pub sectors: u8,
}

/// How requests are best aligned. Advice: nothing breaks when it is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topology {
    /// Logical blocks in a physical block, as a power of two.
    pub physical_block_exp: u8,
    /// Offset of the first aligned logical block.
    pub alignment_offset: u8,
    /// Smallest I/O without a performance penalty, in logical blocks.
    pub min_io_size: u16,
    /// Best size for sustained I/O, in logical blocks.
    pub opt_io_size: u32,
}

/// Limits of discard requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscardLimits {
    /// Most sectors of one range.
    pub max_sectors: u32,
    /// Most ranges of one request.
    pub max_segments: u32,
    /// Sectors to which ranges are best aligned when a request is split.
    pub sector_alignment: u32,
}

/// Limits of write-zeroes requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteZeroesLimits {
    /// Most sectors of one range.
    pub max_sectors: u32,
    /// Most ranges of one request.
    pub max_segments: u32,
    /// Whether a write-zeroes request may free the sectors behind it when asked to (`unmap`).
    pub may_unmap: bool,
}

/// A configuration field whose value makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadConfig {
    /// Name of the field in the specification.
    pub field: &'static str,
    /// What it read.
    pub value: u64,
}

impl core::fmt::Display for BadConfig {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "block device configuration field {} reads {}, which no disk can have", self.field, self.value)
    }
}

impl core::error::Error for BadConfig {}

impl BlockConfig {
    /// Reads the fields that exist with the `accepted` features. `read` returns a field's value; the caller wraps the
    /// whole in the generation loop, so that fields of two moments are not mixed.
    ///
    /// # Errors
    /// What `read` says.
    ///
    /// ```
    /// use parakit::device::block::BlockConfig;
    /// use parakit_abi::feature::Features;
    ///
    /// let config = BlockConfig::read(Features::NONE, |field| match field.name {
    ///     "capacity" => Ok(2048),
    ///     other => Err(other),
    /// });
    /// assert_eq!(config.unwrap().capacity, 2048);
    /// ```
    pub fn read<E>(accepted: Features, mut read: impl FnMut(&ConfigField) -> Result<u64, E>) -> Result<Self, E> {
        let mut at = |offset: u32| match CONFIG_FIELDS.iter().find(|field| field.offset == offset) {
            Some(field) if field.feature.is_none_or(|bit| accepted.has(bit)) => read(field).map(Some),
            _ => Ok(None),
        };
        // Without its feature a field is absent; the fields of one feature are present together.
        let capacity = at(field::CAPACITY)?.unwrap_or(0);
        let size_max = at(field::SIZE_MAX)?.map(low32);
        let seg_max = at(field::SEG_MAX)?.map(low32);
        let geometry = match at(field::CYLINDERS)? {
            Some(cylinders) => Some(Geometry {
                cylinders: cylinders as u16,
                heads: at(field::HEADS)?.unwrap_or(0) as u8,
                sectors: at(field::SECTORS)?.unwrap_or(0) as u8,
            }),
            None => None,
        };
        let blk_size = at(field::BLK_SIZE)?.map(low32);
        let topology = match at(field::PHYSICAL_BLOCK_EXP)? {
            Some(exp) => Some(Topology {
                physical_block_exp: exp as u8,
                alignment_offset: at(field::ALIGNMENT_OFFSET)?.unwrap_or(0) as u8,
                min_io_size: at(field::MIN_IO_SIZE)?.unwrap_or(0) as u16,
                opt_io_size: at(field::OPT_IO_SIZE)?.map_or(0, low32),
            }),
            None => None,
        };
        let num_queues = at(field::NUM_QUEUES)?.map(|n| n as u16);
        let discard = match at(field::MAX_DISCARD_SECTORS)? {
            Some(sectors) => Some(DiscardLimits {
                max_sectors: low32(sectors),
                max_segments: at(field::MAX_DISCARD_SEG)?.map_or(0, low32),
                sector_alignment: at(field::DISCARD_SECTOR_ALIGNMENT)?.map_or(0, low32),
            }),
            None => None,
        };
        let write_zeroes = match at(field::MAX_WRITE_ZEROES_SECTORS)? {
            Some(sectors) => Some(WriteZeroesLimits {
                max_sectors: low32(sectors),
                max_segments: at(field::MAX_WRITE_ZEROES_SEG)?.map_or(0, low32),
                may_unmap: at(field::WRITE_ZEROES_MAY_UNMAP)?.unwrap_or(0) != 0,
            }),
            None => None,
        };
        Ok(Self { capacity, size_max, seg_max, geometry, blk_size, topology, num_queues, discard, write_zeroes })
    }

    /// Whether a disk can be like this.
    ///
    /// # Errors
    /// [`BadConfig`] for a limit that allows no data at all, a block size that is no power of two, and no queue.
    pub fn check(&self) -> Result<(), BadConfig> {
        let bad = |field, value: u64| Err(BadConfig { field, value });
        match (self.size_max, self.seg_max, self.blk_size) {
            (Some(0), ..) => bad("size_max", 0),
            (_, Some(0), _) => bad("seg_max", 0),
            _ if self.num_queues == Some(0) => bad("num_queues", 0),
            (.., Some(v)) if (v as usize) < SECTOR_SIZE || !v.is_power_of_two() => bad("blk_size", v.into()),
            _ => Ok(()),
        }
    }
}

/// A field of 32 bits came in a `u64`.
fn low32(value: u64) -> u32 {
    value as u32
}
