//! Network device (VIRTIO 1.4 §5.1).

use super::ConfigField;
use crate::feature::Features;

/// Bytes of an Ethernet address.
pub const ADDRESS_BYTES: usize = 6;

/// Feature bits (§5.1.3), without the prefix `VIRTIO_NET_F_`.
pub mod feature {
    /// The device takes packets with partial checksums.
    pub const CSUM: u32 = 0;
    /// The driver takes packets with partial checksums.
    pub const GUEST_CSUM: u32 = 1;
    /// The driver's offloads can be changed over the control queue.
    pub const CTRL_GUEST_OFFLOADS: u32 = 2;
    /// `mtu` is there.
    pub const MTU: u32 = 3;
    /// `mac` is valid.
    pub const MAC: u32 = 5;
    /// Legacy: the device takes any kind of segmentation offload.
    pub const GSO: u32 = 6;
    /// The driver takes unsegmented TCP over IPv4.
    pub const GUEST_TSO4: u32 = 7;
    /// The driver takes unsegmented TCP over IPv6.
    pub const GUEST_TSO6: u32 = 8;
    /// The driver takes unsegmented TCP with congestion notification.
    pub const GUEST_ECN: u32 = 9;
    /// The driver takes unfragmented UDP.
    pub const GUEST_UFO: u32 = 10;
    /// The device takes unsegmented TCP over IPv4.
    pub const HOST_TSO4: u32 = 11;
    /// The device takes unsegmented TCP over IPv6.
    pub const HOST_TSO6: u32 = 12;
    /// The device takes unsegmented TCP with congestion notification.
    pub const HOST_ECN: u32 = 13;
    /// The device takes unfragmented UDP.
    pub const HOST_UFO: u32 = 14;
    /// A received packet may lie in several buffers.
    pub const MRG_RXBUF: u32 = 15;
    /// `status` is there.
    pub const STATUS: u32 = 16;
    /// There is a control queue.
    pub const CTRL_VQ: u32 = 17;
    /// Receive modes and address filters.
    pub const CTRL_RX: u32 = 18;
    /// VLAN filters.
    pub const CTRL_VLAN: u32 = 19;
    /// More receive modes.
    pub const CTRL_RX_EXTRA: u32 = 20;
    /// The device may ask for gratuitous packets.
    pub const GUEST_ANNOUNCE: u32 = 21;
    /// Several pairs of queues, with automatic steering.
    pub const MQ: u32 = 22;
    /// The address can be set over the control queue.
    pub const CTRL_MAC_ADDR: u32 = 23;
    /// Statistics over the control queue.
    pub const DEVICE_STATS: u32 = 50;
    /// Hashes of inner headers.
    pub const HASH_TUNNEL: u32 = 51;
    /// Coalescing of notifications, queue by queue.
    pub const VQ_NOTF_COAL: u32 = 52;
    /// Coalescing of notifications.
    pub const NOTF_COAL: u32 = 53;
    /// The driver takes unsegmented UDP over IPv4.
    pub const GUEST_USO4: u32 = 54;
    /// The driver takes unsegmented UDP over IPv6.
    pub const GUEST_USO6: u32 = 55;
    /// The device takes unsegmented UDP.
    pub const HOST_USO: u32 = 56;
    /// Received packets come with a hash.
    pub const HASH_REPORT: u32 = 57;
    /// The driver's `hdr_len` is exact.
    pub const GUEST_HDRLEN: u32 = 59;
    /// Receive-side scaling.
    pub const RSS: u32 = 60;
    /// Coalesced segments and repeated acknowledgements are reported.
    pub const RSC_EXT: u32 = 61;
    /// A standby for a primary device with the same address.
    pub const STANDBY: u32 = 62;
    /// `speed` and `duplex` are there.
    pub const SPEED_DUPLEX: u32 = 63;
    /// Several contexts of receive-side scaling.
    pub const RSS_CONTEXT: u32 = 64;
    /// The driver takes unsegmented packets within UDP tunnels.
    pub const GUEST_UDP_TUNNEL_GSO: u32 = 65;
    /// The driver takes partial checksums of the outer header of UDP tunnels.
    pub const GUEST_UDP_TUNNEL_GSO_CSUM: u32 = 66;
    /// The device takes unsegmented packets within UDP tunnels.
    pub const HOST_UDP_TUNNEL_GSO: u32 = 67;
    /// The device takes partial checksums of the outer header of UDP tunnels.
    pub const HOST_UDP_TUNNEL_GSO_CSUM: u32 = 68;
    /// The driver says where the outer network header begins.
    pub const OUT_NET_HEADER: u32 = 69;
    /// IPsec in the device.
    pub const IPSEC: u32 = 70;
}

use feature as f;

/// The bits with their names, lowest first; the legacy bit among them.
const NAMES: &[(u32, &str)] = &[
    (f::CSUM, "CSUM"),
    (f::GUEST_CSUM, "GUEST_CSUM"),
    (f::CTRL_GUEST_OFFLOADS, "CTRL_GUEST_OFFLOADS"),
    (f::MTU, "MTU"),
    (f::MAC, "MAC"),
    (f::GSO, "GSO"),
    (f::GUEST_TSO4, "GUEST_TSO4"),
    (f::GUEST_TSO6, "GUEST_TSO6"),
    (f::GUEST_ECN, "GUEST_ECN"),
    (f::GUEST_UFO, "GUEST_UFO"),
    (f::HOST_TSO4, "HOST_TSO4"),
    (f::HOST_TSO6, "HOST_TSO6"),
    (f::HOST_ECN, "HOST_ECN"),
    (f::HOST_UFO, "HOST_UFO"),
    (f::MRG_RXBUF, "MRG_RXBUF"),
    (f::STATUS, "STATUS"),
    (f::CTRL_VQ, "CTRL_VQ"),
    (f::CTRL_RX, "CTRL_RX"),
    (f::CTRL_VLAN, "CTRL_VLAN"),
    (f::CTRL_RX_EXTRA, "CTRL_RX_EXTRA"),
    (f::GUEST_ANNOUNCE, "GUEST_ANNOUNCE"),
    (f::MQ, "MQ"),
    (f::CTRL_MAC_ADDR, "CTRL_MAC_ADDR"),
    (f::DEVICE_STATS, "DEVICE_STATS"),
    (f::HASH_TUNNEL, "HASH_TUNNEL"),
    (f::VQ_NOTF_COAL, "VQ_NOTF_COAL"),
    (f::NOTF_COAL, "NOTF_COAL"),
    (f::GUEST_USO4, "GUEST_USO4"),
    (f::GUEST_USO6, "GUEST_USO6"),
    (f::HOST_USO, "HOST_USO"),
    (f::HASH_REPORT, "HASH_REPORT"),
    (f::GUEST_HDRLEN, "GUEST_HDRLEN"),
    (f::RSS, "RSS"),
    (f::RSC_EXT, "RSC_EXT"),
    (f::STANDBY, "STANDBY"),
    (f::SPEED_DUPLEX, "SPEED_DUPLEX"),
    (f::RSS_CONTEXT, "RSS_CONTEXT"),
    (f::GUEST_UDP_TUNNEL_GSO, "GUEST_UDP_TUNNEL_GSO"),
    (f::GUEST_UDP_TUNNEL_GSO_CSUM, "GUEST_UDP_TUNNEL_GSO_CSUM"),
    (f::HOST_UDP_TUNNEL_GSO, "HOST_UDP_TUNNEL_GSO"),
    (f::HOST_UDP_TUNNEL_GSO_CSUM, "HOST_UDP_TUNNEL_GSO_CSUM"),
    (f::OUT_NET_HEADER, "OUT_NET_HEADER"),
    (f::IPSEC, "IPSEC"),
];

/// Every bit that VIRTIO 1.4 defines for non-legacy network devices.
pub const DEFINED_FEATURES: Features = super::features_named(NAMES).without(Features::bit(f::GSO));

/// Name of a feature bit without its prefix.
#[must_use]
pub const fn feature_name(bit: u32) -> Option<&'static str> {
    super::name_in(NAMES, bit)
}

/// Offsets in the configuration space (§5.1.4), in bytes.
pub mod config {
    /// Six bytes.
    pub const MAC: u32 = 0;
    /// le16, bits of [`super::status`].
    pub const STATUS: u32 = 6;
    /// le16.
    pub const MAX_VIRTQUEUE_PAIRS: u32 = 8;
    /// le16, bytes.
    pub const MTU: u32 = 10;
    /// le32, MBit/s; all ones when it is not known.
    pub const SPEED: u32 = 12;
    /// u8: 0 half, 1 full, 0xff not known.
    pub const DUPLEX: u32 = 16;
    /// u8, bytes.
    pub const RSS_MAX_KEY_SIZE: u32 = 17;
    /// le16, entries.
    pub const RSS_MAX_INDIRECTION_TABLE_LENGTH: u32 = 18;
    /// le32, bits.
    pub const SUPPORTED_HASH_TYPES: u32 = 20;
    /// le32, bits.
    pub const SUPPORTED_TUNNEL_TYPES: u32 = 24;
    /// Bytes of the whole structure.
    pub const SIZE: u32 = 28;
}

use config as c;

/// The configuration fields and the features that make them exist; of the bytes of `mac` each is a field. Where either of two features
/// would do, the one named first is given.
pub const CONFIG_FIELDS: &[ConfigField] = &[
    ConfigField::new("mac[0]", c::MAC, 1, None),
    ConfigField::new("mac[1]", c::MAC + 1, 1, None),
    ConfigField::new("mac[2]", c::MAC + 2, 1, None),
    ConfigField::new("mac[3]", c::MAC + 3, 1, None),
    ConfigField::new("mac[4]", c::MAC + 4, 1, None),
    ConfigField::new("mac[5]", c::MAC + 5, 1, None),
    ConfigField::new("status", c::STATUS, 2, Some(f::STATUS)),
    ConfigField::new("max_virtqueue_pairs", c::MAX_VIRTQUEUE_PAIRS, 2, Some(f::MQ)),
    ConfigField::new("mtu", c::MTU, 2, Some(f::MTU)),
    ConfigField::new("speed", c::SPEED, 4, Some(f::SPEED_DUPLEX)),
    ConfigField::new("duplex", c::DUPLEX, 1, Some(f::SPEED_DUPLEX)),
    ConfigField::new("rss_max_key_size", c::RSS_MAX_KEY_SIZE, 1, Some(f::RSS)),
    ConfigField::new("rss_max_indirection_table_length", c::RSS_MAX_INDIRECTION_TABLE_LENGTH, 2, Some(f::RSS)),
    ConfigField::new("supported_hash_types", c::SUPPORTED_HASH_TYPES, 4, Some(f::RSS)),
    ConfigField::new("supported_tunnel_types", c::SUPPORTED_TUNNEL_TYPES, 4, Some(f::HASH_TUNNEL)),
];

/// Bits of the field `status` (§5.1.4).
pub mod status {
    /// The link is up.
    pub const LINK_UP: u16 = 1;
    /// The device asks for gratuitous packets.
    pub const ANNOUNCE: u16 = 2;
}

/// What a queue is for (§5.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// The receive queue of this pair, counted from 0.
    Receive(u16),
    /// The transmit queue of this pair, counted from 0.
    Transmit(u16),
    /// The control queue.
    Control,
}

impl Queue {
    /// What queue `index` is for when `pairs` pairs of queues were negotiated: `max_virtqueue_pairs` with `MQ` or `RSS`, otherwise 1.
    ///
    /// ```
    /// use parakit_abi::device::net::Queue;
    /// assert_eq!(Queue::of(2, 1), Some(Queue::Control));
    /// assert_eq!(Queue::of(2, 2), Some(Queue::Receive(1)));
    /// assert_eq!(Queue::of(3, 1), None);
    /// ```
    #[must_use]
    pub const fn of(index: u16, pairs: u16) -> Option<Self> {
        let (pair, is_transmit) = (index / 2, index % 2 == 1);
        if pair < pairs {
            Some(if is_transmit { Self::Transmit(pair) } else { Self::Receive(pair) })
        } else if pair == pairs && !is_transmit {
            Some(Self::Control)
        } else {
            None
        }
    }
}

/// Bits of `flags` of the packet header (§5.1.9).
pub mod header_flag {
    /// The checksum is partial.
    pub const NEEDS_CSUM: u8 = 1;
    /// The checksum was checked.
    pub const DATA_VALID: u8 = 2;
    /// `csum_start` and `csum_offset` report coalescing.
    pub const RSC_INFO: u8 = 4;
    /// The outer checksum of a UDP tunnel is partial.
    pub const UDP_TUNNEL_CSUM: u8 = 8;
}

/// Values of `gso_type` of the packet header (§5.1.9).
pub mod gso {
    /// Not a large packet.
    pub const NONE: u8 = 0;
    /// TCP over IPv4.
    pub const TCPV4: u8 = 1;
    /// UDP, to be fragmented.
    pub const UDP: u8 = 3;
    /// TCP over IPv6.
    pub const TCPV6: u8 = 4;
    /// UDP, to be segmented.
    pub const UDP_L4: u8 = 5;
    /// With the others: congestion notification.
    pub const ECN: u8 = 0x80;
}

/// What precedes each packet in either direction (`struct virtio_net_hdr`, §5.1.9), without the fields that further features add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PacketHeader {
    /// Bits of [`header_flag`].
    pub flags: u8,
    /// One of [`gso`].
    pub gso_type: u8,
    /// Bytes of the headers of a large packet.
    pub hdr_len: u16,
    /// Bytes of payload of each segment of a large packet.
    pub gso_size: u16,
    /// Where the checksum is computed from, in bytes.
    pub csum_start: u16,
    /// Where it is put, in bytes from there.
    pub csum_offset: u16,
    /// Buffers that hold a received packet.
    pub num_buffers: u16,
}

impl PacketHeader {
    /// Bytes on the wire.
    pub const SIZE: usize = 12;
    /// Bytes on the wire of a legacy device without `MRG_RXBUF`: `num_buffers` is not there (§5.1.9.1).
    pub const LEGACY_SIZE: usize = 10;

    /// Encodes the little-endian wire form.
    ///
    /// ```
    /// use parakit_abi::device::net::PacketHeader;
    /// let h = PacketHeader { num_buffers: 0x0102, ..PacketHeader::default() };
    /// assert_eq!(h.to_le_bytes()[10..], [2, 1]);
    /// assert_eq!(PacketHeader::from_le_bytes(h.to_le_bytes()), h);
    /// ```
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; Self::SIZE] {
        let (h, g) = (self.hdr_len.to_le_bytes(), self.gso_size.to_le_bytes());
        let (s, o) = (self.csum_start.to_le_bytes(), self.csum_offset.to_le_bytes());
        let n = self.num_buffers.to_le_bytes();
        [self.flags, self.gso_type, h[0], h[1], g[0], g[1], s[0], s[1], o[0], o[1], n[0], n[1]]
    }

    /// Decodes the little-endian wire form.
    #[must_use]
    pub const fn from_le_bytes(b: [u8; Self::SIZE]) -> Self {
        Self {
            flags: b[0],
            gso_type: b[1],
            hdr_len: u16::from_le_bytes([b[2], b[3]]),
            gso_size: u16::from_le_bytes([b[4], b[5]]),
            csum_start: u16::from_le_bytes([b[6], b[7]]),
            csum_offset: u16::from_le_bytes([b[8], b[9]]),
            num_buffers: u16::from_le_bytes([b[10], b[11]]),
        }
    }
}

/// Commands of the control queue (§5.1.9.5): class and command, one byte each.
pub mod control {
    /// Class: receive modes.
    pub const RX: u8 = 0;
    /// [`RX`]: promiscuous mode, one byte.
    pub const RX_PROMISC: u8 = 0;
    /// [`RX`]: every multicast packet, one byte.
    pub const RX_ALLMULTI: u8 = 1;
    /// [`RX`]: every unicast packet, one byte.
    pub const RX_ALLUNI: u8 = 2;
    /// [`RX`]: no multicast packet, one byte.
    pub const RX_NOMULTI: u8 = 3;
    /// [`RX`]: no unicast packet, one byte.
    pub const RX_NOUNI: u8 = 4;
    /// [`RX`]: no broadcast packet, one byte.
    pub const RX_NOBCAST: u8 = 5;
    /// Class: addresses.
    pub const MAC: u8 = 1;
    /// [`MAC`]: two tables, each a le32 and as many addresses.
    pub const MAC_TABLE_SET: u8 = 0;
    /// [`MAC`]: one address.
    pub const MAC_ADDR_SET: u8 = 1;
    /// Class: VLAN filter.
    pub const VLAN: u8 = 2;
    /// [`VLAN`]: le16.
    pub const VLAN_ADD: u8 = 0;
    /// [`VLAN`]: le16.
    pub const VLAN_DEL: u8 = 1;
    /// Class: gratuitous packets.
    pub const ANNOUNCE: u8 = 3;
    /// [`ANNOUNCE`]: the request was seen.
    pub const ANNOUNCE_ACK: u8 = 0;
    /// Class: several queues.
    pub const MQ: u8 = 4;
    /// [`MQ`]: pairs to use, le16.
    pub const MQ_VQ_PAIRS_SET: u8 = 0;
    /// Least pairs of queues.
    pub const MQ_VQ_PAIRS_MIN: u16 = 1;
    /// Most pairs of queues.
    pub const MQ_VQ_PAIRS_MAX: u16 = 0x8000;
    /// Answer: done.
    pub const OK: u8 = 0;
    /// Answer: not done.
    pub const ERR: u8 = 1;
}
