//! GPU device (VIRTIO 1.4 §5.7), as far as two dimensions go.

use super::ConfigField;
use crate::feature::Features;

/// Most scanouts (§5.7.4).
pub const MAX_SCANOUTS: usize = 16;
/// Bytes of the EDID field of an answer (§5.7.6.8).
pub const EDID_BYTES: usize = 1024;
/// Pixels of a side of a cursor (§5.7.6.6).
pub const CURSOR_SIDE: u32 = 64;

/// Feature bits (§5.7.3), without the prefix `VIRTIO_GPU_F_`.
pub mod feature {
    /// Three dimensions.
    pub const VIRGL: u32 = 0;
    /// EDID of the scanouts.
    pub const EDID: u32 = 1;
    /// Resources get ids for other devices.
    pub const RESOURCE_UUID: u32 = 2;
    /// Resources that are just bytes.
    pub const RESOURCE_BLOB: u32 = 3;
    /// Several kinds of contexts.
    pub const CONTEXT_INIT: u32 = 4;
    /// `blob_alignment` is there.
    pub const BLOB_ALIGNMENT: u32 = 5;
}

const NAMES: &[(u32, &str)] = &[
    (feature::VIRGL, "VIRGL"),
    (feature::EDID, "EDID"),
    (feature::RESOURCE_UUID, "RESOURCE_UUID"),
    (feature::RESOURCE_BLOB, "RESOURCE_BLOB"),
    (feature::CONTEXT_INIT, "CONTEXT_INIT"),
    (feature::BLOB_ALIGNMENT, "BLOB_ALIGNMENT"),
];

/// Every bit that VIRTIO 1.4 defines for GPU devices.
pub const DEFINED_FEATURES: Features = super::features_named(NAMES);

/// Name of a feature bit without its prefix.
#[must_use]
pub const fn feature_name(bit: u32) -> Option<&'static str> {
    super::name_in(NAMES, bit)
}

/// Offsets in the configuration space (§5.7.4), in bytes.
pub mod config {
    /// le32, bits of [`super::event`]: what is pending.
    pub const EVENTS_READ: u32 = 0;
    /// le32, written by the driver: clears the bits that are set.
    pub const EVENTS_CLEAR: u32 = 4;
    /// le32.
    pub const NUM_SCANOUTS: u32 = 8;
    /// le32.
    pub const NUM_CAPSETS: u32 = 12;
    /// le32, bytes.
    pub const BLOB_ALIGNMENT: u32 = 16;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 20;
}

/// The configuration fields and the features that make them exist.
pub const CONFIG_FIELDS: &[ConfigField] = &[
    ConfigField::new("events_read", config::EVENTS_READ, 4, None),
    ConfigField::new("events_clear", config::EVENTS_CLEAR, 4, None),
    ConfigField::new("num_scanouts", config::NUM_SCANOUTS, 4, None),
    ConfigField::new("num_capsets", config::NUM_CAPSETS, 4, None),
    ConfigField::new("blob_alignment", config::BLOB_ALIGNMENT, 4, Some(feature::BLOB_ALIGNMENT)),
];

/// Bits of `events_read` (§5.7.4.2).
pub mod event {
    /// The displays are not what they were.
    pub const DISPLAY: u32 = 1;
}

/// Queue indices (§5.7.2).
pub mod queue {
    /// Commands.
    pub const CONTROL: u16 = 0;
    /// Commands of the cursor.
    pub const CURSOR: u16 = 1;
}

/// Values of `type` of requests (§5.7.6.7).
pub mod command {
    /// Displays.
    pub const GET_DISPLAY_INFO: u32 = 0x100;
    /// A new resource.
    pub const RESOURCE_CREATE_2D: u32 = 0x101;
    /// A resource less.
    pub const RESOURCE_UNREF: u32 = 0x102;
    /// What a scanout shows.
    pub const SET_SCANOUT: u32 = 0x103;
    /// To the screen.
    pub const RESOURCE_FLUSH: u32 = 0x104;
    /// From guest memory to a resource.
    pub const TRANSFER_TO_HOST_2D: u32 = 0x105;
    /// Guest memory of a resource.
    pub const RESOURCE_ATTACH_BACKING: u32 = 0x106;
    /// No more guest memory for a resource.
    pub const RESOURCE_DETACH_BACKING: u32 = 0x107;
    /// Capability sets.
    pub const GET_CAPSET_INFO: u32 = 0x108;
    /// A capability set.
    pub const GET_CAPSET: u32 = 0x109;
    /// EDID of a scanout.
    pub const GET_EDID: u32 = 0x10a;
    /// An id of a resource for other devices.
    pub const RESOURCE_ASSIGN_UUID: u32 = 0x10b;
    /// A new resource that is just bytes.
    pub const RESOURCE_CREATE_BLOB: u32 = 0x10c;
    /// A scanout shows such a resource.
    pub const SET_SCANOUT_BLOB: u32 = 0x10d;
    /// Cursor queue: another picture at another place.
    pub const UPDATE_CURSOR: u32 = 0x300;
    /// Cursor queue: another place.
    pub const MOVE_CURSOR: u32 = 0x301;
}

/// Name of a command of two dimensions.
#[must_use]
pub const fn command_name(value: u32) -> Option<&'static str> {
    Some(match value {
        command::GET_DISPLAY_INFO => "GET_DISPLAY_INFO",
        command::RESOURCE_CREATE_2D => "RESOURCE_CREATE_2D",
        command::RESOURCE_UNREF => "RESOURCE_UNREF",
        command::SET_SCANOUT => "SET_SCANOUT",
        command::RESOURCE_FLUSH => "RESOURCE_FLUSH",
        command::TRANSFER_TO_HOST_2D => "TRANSFER_TO_HOST_2D",
        command::RESOURCE_ATTACH_BACKING => "RESOURCE_ATTACH_BACKING",
        command::RESOURCE_DETACH_BACKING => "RESOURCE_DETACH_BACKING",
        command::GET_CAPSET_INFO => "GET_CAPSET_INFO",
        command::GET_CAPSET => "GET_CAPSET",
        command::GET_EDID => "GET_EDID",
        command::RESOURCE_ASSIGN_UUID => "RESOURCE_ASSIGN_UUID",
        command::RESOURCE_CREATE_BLOB => "RESOURCE_CREATE_BLOB",
        command::SET_SCANOUT_BLOB => "SET_SCANOUT_BLOB",
        command::UPDATE_CURSOR => "UPDATE_CURSOR",
        command::MOVE_CURSOR => "MOVE_CURSOR",
        _ => return None,
    })
}

/// Values of `type` of answers (§5.7.6.7).
pub mod response {
    /// Done.
    pub const OK_NODATA: u32 = 0x1100;
    /// Displays.
    pub const OK_DISPLAY_INFO: u32 = 0x1101;
    /// EDID.
    pub const OK_EDID: u32 = 0x1104;
    /// Not done.
    pub const ERR_UNSPEC: u32 = 0x1200;
    /// Too large.
    pub const ERR_OUT_OF_MEMORY: u32 = 0x1201;
    /// No such scanout.
    pub const ERR_INVALID_SCANOUT_ID: u32 = 0x1202;
    /// No such resource.
    pub const ERR_INVALID_RESOURCE_ID: u32 = 0x1203;
    /// No such context.
    pub const ERR_INVALID_CONTEXT_ID: u32 = 0x1204;
    /// Something else about the request.
    pub const ERR_INVALID_PARAMETER: u32 = 0x1205;
}

/// `flags`: the answer comes after the work, with `fence_id` (§5.7.6.7).
pub const FLAG_FENCE: u32 = 1;
/// `flags`: `ring_idx` is valid (§5.7.6.7).
pub const FLAG_INFO_RING_IDX: u32 = 2;

/// Pixel formats (§5.7.6.8): names tell the order of bytes in memory. All have four bytes.
pub mod format {
    /// Blue first, alpha last.
    pub const B8G8R8A8: u32 = 1;
    /// Blue first, the last byte is nothing.
    pub const B8G8R8X8: u32 = 2;
    /// Alpha first, blue last.
    pub const A8R8G8B8: u32 = 3;
    /// The first byte is nothing, blue last.
    pub const X8R8G8B8: u32 = 4;
    /// Red first, alpha last.
    pub const R8G8B8A8: u32 = 67;
    /// The first byte is nothing, red last.
    pub const X8B8G8R8: u32 = 68;
    /// Alpha first, red last.
    pub const A8B8G8R8: u32 = 121;
    /// Red first, the last byte is nothing.
    pub const R8G8B8X8: u32 = 134;
}

/// What precedes every request and every answer (`struct virtio_gpu_ctrl_hdr`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// One of [`command`] or of [`response`].
    pub header_type: u32,
    /// [`FLAG_FENCE`] and others.
    pub flags: u32,
    /// Comes back with the answer.
    pub fence_id: u64,
    /// Context, in three dimensions.
    pub ctx_id: u32,
    /// Ring of the context.
    pub ring_idx: u8,
}

impl Header {
    /// Bytes on the wire.
    pub const SIZE: usize = 24;

    /// Encodes the little-endian wire form; padding is 0.
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..4].copy_from_slice(&self.header_type.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.flags.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.fence_id.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.ctx_id.to_le_bytes());
        bytes[20] = self.ring_idx;
        bytes
    }

    /// Decodes the little-endian wire form, ignoring padding.
    ///
    /// ```
    /// use parakit_abi::device::gpu::{command, Header};
    /// let h = Header { header_type: command::SET_SCANOUT, fence_id: 7, ..Header::default() };
    /// assert_eq!(Header::from_le_bytes(h.to_le_bytes()), h);
    /// ```
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            header_type: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            flags: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            fence_id: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            ctx_id: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            ring_idx: b[20],
        }
    }
}

/// A rectangle in pixels (`struct virtio_gpu_rect`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// To the right.
    pub width: u32,
    /// Down.
    pub height: u32,
}

impl Rect {
    /// Bytes on the wire.
    pub const SIZE: usize = 16;

    /// Encodes the little-endian wire form.
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        for (at, field) in [self.x, self.y, self.width, self.height].into_iter().enumerate() {
            bytes[4 * at..4 * at + 4].copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    /// Decodes the little-endian wire form.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            x: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            y: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            width: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            height: u32::from_le_bytes([b[12], b[13], b[14], b[15]]),
        }
    }

    /// Whether it lies within a picture of `width` by `height` pixels.
    #[must_use]
    pub const fn is_within(self, width: u32, height: u32) -> bool {
        self.x as u64 + self.width as u64 <= width as u64 && self.y as u64 + self.height as u64 <= height as u64
    }
}

/// Offsets of the fields behind the [`Header`] of a request or an answer, from the start of the header, and the sizes of both, in bytes.
pub mod layout {
    /// `resource_create_2d`: le32 resource id, le32 format, le32 width, le32 height.
    pub const CREATE_2D: usize = 40;
    /// `resource_unref`, `resource_detach_backing`: le32 resource id, padding.
    pub const RESOURCE: usize = 32;
    /// `set_scanout`: rectangle, le32 scanout, le32 resource id.
    pub const SET_SCANOUT: usize = 48;
    /// `resource_flush`: rectangle, le32 resource id, padding.
    pub const FLUSH: usize = 48;
    /// `transfer_to_host_2d`: rectangle, le64 offset, le32 resource id, padding.
    pub const TRANSFER_2D: usize = 56;
    /// `resource_attach_backing`: le32 resource id, le32 entries; [`MEM_ENTRY`] each of these.
    pub const ATTACH_BACKING: usize = 32;
    /// `mem_entry`: le64 address, le32 length, padding.
    pub const MEM_ENTRY: usize = 16;
    /// `get_edid`: le32 scanout, padding.
    pub const GET_EDID: usize = 32;
    /// `update_cursor`: le32 scanout, le32 x, le32 y, padding, le32 resource id, le32 hot x, le32 hot y, padding.
    pub const UPDATE_CURSOR: usize = 56;
    /// An entry of `resp_display_info`: rectangle, le32 enabled, le32 flags.
    pub const DISPLAY_ONE: usize = 24;
    /// `resp_display_info`: [`DISPLAY_ONE`] for each possible scanout.
    pub const DISPLAY_INFO: usize = super::Header::SIZE + super::MAX_SCANOUTS * DISPLAY_ONE;
    /// `resp_edid`: le32 size, padding, the EDID.
    pub const EDID: usize = super::Header::SIZE + 8 + super::EDID_BYTES;
}
