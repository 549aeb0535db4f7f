//! Block device (VIRTIO 1.4 §5.2).

use super::ConfigField;
use crate::feature::Features;

/// Bytes of a sector, the unit of `sector` and `capacity` whatever `blk_size` says.
pub const SECTOR_SIZE: usize = 512;

/// Feature bits (§5.2.3), without the prefix `VIRTIO_BLK_F_`.
pub mod feature {
    /// Legacy: request barriers.
    pub const BARRIER: u32 = 0;
    /// `size_max` holds the largest segment.
    pub const SIZE_MAX: u32 = 1;
    /// `seg_max` holds the most segments.
    pub const SEG_MAX: u32 = 2;
    /// `geometry` is there.
    pub const GEOMETRY: u32 = 4;
    /// The device is read-only.
    pub const RO: u32 = 5;
    /// `blk_size` is there.
    pub const BLK_SIZE: u32 = 6;
    /// Legacy: SCSI commands.
    pub const SCSI: u32 = 7;
    /// Flush requests.
    pub const FLUSH: u32 = 9;
    /// `topology` is there.
    pub const TOPOLOGY: u32 = 10;
    /// `writeback` can be changed.
    pub const CONFIG_WCE: u32 = 11;
    /// Several queues.
    pub const MQ: u32 = 12;
    /// Discard requests.
    pub const DISCARD: u32 = 13;
    /// Write-zeroes requests.
    pub const WRITE_ZEROES: u32 = 14;
    /// Lifetime information.
    pub const LIFETIME: u32 = 15;
    /// Secure erase requests.
    pub const SECURE_ERASE: u32 = 16;
    /// Zoned storage.
    pub const ZONED: u32 = 17;
}

use feature as f;

/// Every bit that VIRTIO 1.4 defines for non-legacy block devices.
pub const DEFINED_FEATURES: Features = Features::of(&[
    f::SIZE_MAX,
    f::SEG_MAX,
    f::GEOMETRY,
    f::RO,
    f::BLK_SIZE,
    f::FLUSH,
    f::TOPOLOGY,
    f::CONFIG_WCE,
    f::MQ,
    f::DISCARD,
    f::WRITE_ZEROES,
    f::LIFETIME,
    f::SECURE_ERASE,
    f::ZONED,
]);

/// Name of a feature bit without its prefix.
#[must_use]
pub const fn feature_name(bit: u32) -> Option<&'static str> {
    Some(match bit {
        f::BARRIER => "BARRIER",
        f::SIZE_MAX => "SIZE_MAX",
        f::SEG_MAX => "SEG_MAX",
        f::GEOMETRY => "GEOMETRY",
        f::RO => "RO",
        f::BLK_SIZE => "BLK_SIZE",
        f::SCSI => "SCSI",
        f::FLUSH => "FLUSH",
        f::TOPOLOGY => "TOPOLOGY",
        f::CONFIG_WCE => "CONFIG_WCE",
        f::MQ => "MQ",
        f::DISCARD => "DISCARD",
        f::WRITE_ZEROES => "WRITE_ZEROES",
        f::LIFETIME => "LIFETIME",
        f::SECURE_ERASE => "SECURE_ERASE",
        f::ZONED => "ZONED",
        _ => return None,
    })
}

/// Offsets in the configuration space (§5.2.4), in bytes.
pub mod config {
    /// le64, sectors.
    pub const CAPACITY: u32 = 0;
    /// le32, bytes.
    pub const SIZE_MAX: u32 = 8;
    /// le32.
    pub const SEG_MAX: u32 = 12;
    /// le16.
    pub const CYLINDERS: u32 = 16;
    /// u8.
    pub const HEADS: u32 = 18;
    /// u8.
    pub const SECTORS: u32 = 19;
    /// le32, bytes.
    pub const BLK_SIZE: u32 = 20;
    /// u8, log2 of logical blocks in a physical block.
    pub const PHYSICAL_BLOCK_EXP: u32 = 24;
    /// u8, logical blocks.
    pub const ALIGNMENT_OFFSET: u32 = 25;
    /// le16, logical blocks.
    pub const MIN_IO_SIZE: u32 = 26;
    /// le32, logical blocks.
    pub const OPT_IO_SIZE: u32 = 28;
    /// u8: 0 writethrough, 1 writeback.
    pub const WRITEBACK: u32 = 32;
    /// le16.
    pub const NUM_QUEUES: u32 = 34;
    /// le32, sectors.
    pub const MAX_DISCARD_SECTORS: u32 = 36;
    /// le32.
    pub const MAX_DISCARD_SEG: u32 = 40;
    /// le32, sectors.
    pub const DISCARD_SECTOR_ALIGNMENT: u32 = 44;
    /// le32, sectors.
    pub const MAX_WRITE_ZEROES_SECTORS: u32 = 48;
    /// le32.
    pub const MAX_WRITE_ZEROES_SEG: u32 = 52;
    /// u8.
    pub const WRITE_ZEROES_MAY_UNMAP: u32 = 56;
    /// le32, sectors.
    pub const MAX_SECURE_ERASE_SECTORS: u32 = 60;
    /// le32.
    pub const MAX_SECURE_ERASE_SEG: u32 = 64;
    /// le32, sectors.
    pub const SECURE_ERASE_SECTOR_ALIGNMENT: u32 = 68;
    /// le32, sectors.
    pub const ZONE_SECTORS: u32 = 72;
    /// le32.
    pub const MAX_OPEN_ZONES: u32 = 76;
    /// le32.
    pub const MAX_ACTIVE_ZONES: u32 = 80;
    /// le32, sectors.
    pub const MAX_APPEND_SECTORS: u32 = 84;
    /// le32, bytes.
    pub const WRITE_GRANULARITY: u32 = 88;
    /// u8: 0 none, 1 host-managed, 2 host-aware.
    pub const ZONED_MODEL: u32 = 92;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 96;
}

use config as c;

/// The configuration fields and the features that make them exist.
pub const CONFIG_FIELDS: &[ConfigField] = &[
    ConfigField::new("capacity", c::CAPACITY, 8, None),
    ConfigField::new("size_max", c::SIZE_MAX, 4, Some(f::SIZE_MAX)),
    ConfigField::new("seg_max", c::SEG_MAX, 4, Some(f::SEG_MAX)),
    ConfigField::new("geometry.cylinders", c::CYLINDERS, 2, Some(f::GEOMETRY)),
    ConfigField::new("geometry.heads", c::HEADS, 1, Some(f::GEOMETRY)),
    ConfigField::new("geometry.sectors", c::SECTORS, 1, Some(f::GEOMETRY)),
    ConfigField::new("blk_size", c::BLK_SIZE, 4, Some(f::BLK_SIZE)),
    ConfigField::new("topology.physical_block_exp", c::PHYSICAL_BLOCK_EXP, 1, Some(f::TOPOLOGY)),
    ConfigField::new("topology.alignment_offset", c::ALIGNMENT_OFFSET, 1, Some(f::TOPOLOGY)),
    ConfigField::new("topology.min_io_size", c::MIN_IO_SIZE, 2, Some(f::TOPOLOGY)),
    ConfigField::new("topology.opt_io_size", c::OPT_IO_SIZE, 4, Some(f::TOPOLOGY)),
    ConfigField::new("writeback", c::WRITEBACK, 1, Some(f::CONFIG_WCE)),
    ConfigField::new("num_queues", c::NUM_QUEUES, 2, Some(f::MQ)),
    ConfigField::new("max_discard_sectors", c::MAX_DISCARD_SECTORS, 4, Some(f::DISCARD)),
    ConfigField::new("max_discard_seg", c::MAX_DISCARD_SEG, 4, Some(f::DISCARD)),
    ConfigField::new("discard_sector_alignment", c::DISCARD_SECTOR_ALIGNMENT, 4, Some(f::DISCARD)),
    ConfigField::new("max_write_zeroes_sectors", c::MAX_WRITE_ZEROES_SECTORS, 4, Some(f::WRITE_ZEROES)),
    ConfigField::new("max_write_zeroes_seg", c::MAX_WRITE_ZEROES_SEG, 4, Some(f::WRITE_ZEROES)),
    ConfigField::new("write_zeroes_may_unmap", c::WRITE_ZEROES_MAY_UNMAP, 1, Some(f::WRITE_ZEROES)),
    ConfigField::new("max_secure_erase_sectors", c::MAX_SECURE_ERASE_SECTORS, 4, Some(f::SECURE_ERASE)),
    ConfigField::new("max_secure_erase_seg", c::MAX_SECURE_ERASE_SEG, 4, Some(f::SECURE_ERASE)),
    ConfigField::new("secure_erase_sector_alignment", c::SECURE_ERASE_SECTOR_ALIGNMENT, 4, Some(f::SECURE_ERASE)),
    ConfigField::new("zoned.zone_sectors", c::ZONE_SECTORS, 4, Some(f::ZONED)),
    ConfigField::new("zoned.max_open_zones", c::MAX_OPEN_ZONES, 4, Some(f::ZONED)),
    ConfigField::new("zoned.max_active_zones", c::MAX_ACTIVE_ZONES, 4, Some(f::ZONED)),
    ConfigField::new("zoned.max_append_sectors", c::MAX_APPEND_SECTORS, 4, Some(f::ZONED)),
    ConfigField::new("zoned.write_granularity", c::WRITE_GRANULARITY, 4, Some(f::ZONED)),
    ConfigField::new("zoned.model", c::ZONED_MODEL, 1, Some(f::ZONED)),
];

/// Request types, `type` of `struct virtio_blk_req` (§5.2.6).
pub mod request {
    /// Read.
    pub const IN: u32 = 0;
    /// Write.
    pub const OUT: u32 = 1;
    /// Flush.
    pub const FLUSH: u32 = 4;
    /// Device id string.
    pub const GET_ID: u32 = 8;
    /// Lifetime.
    pub const GET_LIFETIME: u32 = 10;
    /// Discard.
    pub const DISCARD: u32 = 11;
    /// Write zeroes.
    pub const WRITE_ZEROES: u32 = 13;
    /// Secure erase.
    pub const SECURE_ERASE: u32 = 14;
}

/// Request status values (§5.2.6).
pub mod status {
    /// Done.
    pub const OK: u8 = 0;
    /// Device or driver error.
    pub const IOERR: u8 = 1;
    /// Request not supported.
    pub const UNSUPP: u8 = 2;
}

/// Bytes of the data of a `GET_ID` request.
pub const ID_BYTES: usize = 20;

/// The device-readable header of every request: `type`, `reserved`, `sector`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestHeader {
    /// One of [`request`].
    pub request_type: u32,
    /// First sector, in units of 512 bytes; 0 for flush.
    pub sector: u64,
}

impl RequestHeader {
    /// Bytes on the wire.
    pub const SIZE: usize = 16;

    /// Encodes the little-endian wire form; `reserved` is 0.
    ///
    /// ```
    /// use parakit_abi::device::block::{request, RequestHeader};
    /// let h = RequestHeader { request_type: request::OUT, sector: 7 };
    /// assert_eq!(RequestHeader::from_le_bytes(h.to_le_bytes()), h);
    /// ```
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let (t, s) = (self.request_type.to_le_bytes(), self.sector.to_le_bytes());
        [t[0], t[1], t[2], t[3], 0, 0, 0, 0, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]]
    }

    /// Decodes the little-endian wire form, ignoring `reserved`.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            request_type: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            sector: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
        }
    }
}

/// One segment of a discard, write-zeroes or secure-erase request (`struct virtio_blk_discard_write_zeroes`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiscardWriteZeroes {
    /// First sector.
    pub sector: u64,
    /// Sectors.
    pub num_sectors: u32,
    /// Bit 0: `unmap`, for write-zeroes only.
    pub flags: u32,
}

impl DiscardWriteZeroes {
    /// Bytes on the wire.
    pub const SIZE: usize = 16;
    /// The `unmap` bit of `flags`.
    pub const UNMAP: u32 = 1;

    /// Encodes the little-endian wire form.
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let (s, n, f) = (self.sector.to_le_bytes(), self.num_sectors.to_le_bytes(), self.flags.to_le_bytes());
        [s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], n[0], n[1], n[2], n[3], f[0], f[1], f[2], f[3]]
    }

    /// Decodes the little-endian wire form.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            sector: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            num_sectors: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            flags: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        }
    }
}
