//! Socket device (VIRTIO 1.4 §5.10).

use super::ConfigField;
use crate::feature::Features;

/// Feature bits (§5.10.3), without the prefix `VIRTIO_VSOCK_F_`.
pub mod feature {
    /// Stream sockets.
    pub const STREAM: u32 = 0;
    /// Sockets with message boundaries.
    pub const SEQPACKET: u32 = 1;
    /// Stream sockets are there only with [`STREAM`].
    pub const NO_IMPLIED_STREAM: u32 = 2;
}

const NAMES: &[(u32, &str)] = &[
    (feature::STREAM, "STREAM"),
    (feature::SEQPACKET, "SEQPACKET"),
    (feature::NO_IMPLIED_STREAM, "NO_IMPLIED_STREAM"),
];

/// Every bit that VIRTIO 1.4 defines for socket devices.
pub const DEFINED_FEATURES: Features = super::features_named(NAMES);

/// Name of a feature bit without its prefix.
#[must_use]
pub const fn feature_name(bit: u32) -> Option<&'static str> {
    super::name_in(NAMES, bit)
}

/// Offsets in the configuration space (§5.10.4), in bytes.
pub mod config {
    /// le64: the guest's context id; its upper half is 0.
    pub const GUEST_CID: u32 = 0;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 8;
}

/// The configuration fields.
pub const CONFIG_FIELDS: &[ConfigField] = &[ConfigField::new("guest_cid", config::GUEST_CID, 8, None)];

/// The host's context id (§5.10.4).
pub const HOST_CID: u64 = 2;

/// Whether a context id is one that no guest may have (§5.10.4).
///
/// ```
/// use parakit_abi::device::vsock::{HOST_CID, is_reserved_cid};
/// assert!(is_reserved_cid(HOST_CID) && is_reserved_cid(0xffff_ffff) && !is_reserved_cid(3));
/// ```
#[must_use]
pub const fn is_reserved_cid(cid: u64) -> bool {
    matches!(cid, 0..=HOST_CID | 0xffff_ffff | u64::MAX)
}

/// Queue indices (§5.10.2).
pub mod queue {
    /// Packets to the guest.
    pub const RX: u16 = 0;
    /// Packets from the guest.
    pub const TX: u16 = 1;
    /// Events of the device.
    pub const EVENT: u16 = 2;
}

/// Values of `op` (§5.10.6).
pub mod op {
    /// None.
    pub const INVALID: u16 = 0;
    /// A connection is asked for.
    pub const REQUEST: u16 = 1;
    /// It is accepted.
    pub const RESPONSE: u16 = 2;
    /// It is refused, or at an end.
    pub const RST: u16 = 3;
    /// No more data in the directions that `flags` names.
    pub const SHUTDOWN: u16 = 4;
    /// Data.
    pub const RW: u16 = 5;
    /// The sender's buffer space.
    pub const CREDIT_UPDATE: u16 = 6;
    /// The receiver is to tell its buffer space.
    pub const CREDIT_REQUEST: u16 = 7;
}

/// Name of an `op`, if it has one.
#[must_use]
pub const fn op_name(op: u16) -> Option<&'static str> {
    Some(match op {
        op::INVALID => "INVALID",
        op::REQUEST => "REQUEST",
        op::RESPONSE => "RESPONSE",
        op::RST => "RST",
        op::SHUTDOWN => "SHUTDOWN",
        op::RW => "RW",
        op::CREDIT_UPDATE => "CREDIT_UPDATE",
        op::CREDIT_REQUEST => "CREDIT_REQUEST",
        _ => return None,
    })
}

/// Values of `type` (§5.10.6.2).
pub mod socket_type {
    /// Bytes in order.
    pub const STREAM: u16 = 1;
    /// Messages in order.
    pub const SEQPACKET: u16 = 2;
}

/// Bits of `flags` of a packet with [`op::SHUTDOWN`] (§5.10.6.5).
pub mod shutdown {
    /// The sender receives no more.
    pub const RECEIVE: u32 = 1 << 0;
    /// The sender sends no more.
    pub const SEND: u32 = 1 << 1;
}

/// What precedes the payload of each packet (`struct virtio_vsock_hdr`, §5.10.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketHeader {
    /// Sender's context id.
    pub src_cid: u64,
    /// Receiver's context id.
    pub dst_cid: u64,
    /// Sender's port.
    pub src_port: u32,
    /// Receiver's port.
    pub dst_port: u32,
    /// Bytes of payload.
    pub len: u32,
    /// One of [`socket_type`].
    pub socket_type: u16,
    /// One of [`op`].
    pub op: u16,
    /// Their meaning depends on `op`.
    pub flags: u32,
    /// Bytes of the sender's receive buffer.
    pub buf_alloc: u32,
    /// Bytes that the sender has taken out of it so far, wrapping.
    pub fwd_cnt: u32,
}

impl PacketHeader {
    /// Bytes on the wire.
    pub const SIZE: usize = 44;

    /// Encodes the little-endian wire form.
    ///
    /// ```
    /// use parakit_abi::device::vsock::{op, PacketHeader};
    /// let h = PacketHeader { src_cid: 3, dst_cid: 2, op: op::RW, fwd_cnt: 9, ..PacketHeader::default() };
    /// assert_eq!(PacketHeader::from_le_bytes(h.to_le_bytes()), h);
    /// ```
    #[must_use]
    pub fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..8].copy_from_slice(&self.src_cid.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.dst_cid.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.src_port.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.dst_port.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.len.to_le_bytes());
        bytes[28..30].copy_from_slice(&self.socket_type.to_le_bytes());
        bytes[30..32].copy_from_slice(&self.op.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.flags.to_le_bytes());
        bytes[36..40].copy_from_slice(&self.buf_alloc.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.fwd_cnt.to_le_bytes());
        bytes
    }

    /// Decodes the little-endian wire form.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            src_cid: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            dst_cid: u64::from_le_bytes([b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]]),
            src_port: u32::from_le_bytes([b[16], b[17], b[18], b[19]]),
            dst_port: u32::from_le_bytes([b[20], b[21], b[22], b[23]]),
            len: u32::from_le_bytes([b[24], b[25], b[26], b[27]]),
            socket_type: u16::from_le_bytes([b[28], b[29]]),
            op: u16::from_le_bytes([b[30], b[31]]),
            flags: u32::from_le_bytes([b[32], b[33], b[34], b[35]]),
            buf_alloc: u32::from_le_bytes([b[36], b[37], b[38], b[39]]),
            fwd_cnt: u32::from_le_bytes([b[40], b[41], b[42], b[43]]),
        }
    }
}

/// The event of the event queue, le32 (`struct virtio_vsock_event`, §5.10.6.7): connections are broken, and the context id may be another.
pub const EVENT_TRANSPORT_RESET: u32 = 0;
/// Bytes of an event.
pub const EVENT_BYTES: usize = 4;
