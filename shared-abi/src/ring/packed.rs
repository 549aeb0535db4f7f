//! The packed virtqueue (VIRTIO 1.4 §2.8): one descriptor ring, and an event suppression structure a side.

use super::MAX_QUEUE_SIZE;

/// `VIRTQ_DESC_F_NEXT`: the list continues in the next descriptor of the ring (§2.8.5).
pub const DESC_F_NEXT: u16 = 1;
/// `VIRTQ_DESC_F_WRITE`: the device writes the element; without it, the device reads it (§2.8.4).
pub const DESC_F_WRITE: u16 = 2;
/// `VIRTQ_DESC_F_INDIRECT`: the element is a table of descriptors (§2.8.7).
pub const DESC_F_INDIRECT: u16 = 4;
/// `VIRTQ_DESC_F_AVAIL`: equals the driver's wrap counter when the descriptor is made available (§2.8.1).
pub const DESC_F_AVAIL: u16 = 1 << 7;
/// `VIRTQ_DESC_F_USED`: differs from the driver's wrap counter when the descriptor is made available, and equals the
/// device's when it is used (§2.8.1).
pub const DESC_F_USED: u16 = 1 << 15;

/// `RING_EVENT_FLAGS_ENABLE`: events are wanted (§2.8.10).
pub const EVENT_FLAGS_ENABLE: u16 = 0;
/// `RING_EVENT_FLAGS_DISABLE`: events are not wanted (§2.8.10).
pub const EVENT_FLAGS_DISABLE: u16 = 1;
/// `RING_EVENT_FLAGS_DESC`: one event is wanted, for a certain descriptor; only with `VIRTIO_F_EVENT_IDX` (§2.8.10).
pub const EVENT_FLAGS_DESC: u16 = 2;
/// The bits of the flags word that mean something.
pub const EVENT_FLAGS_MASK: u16 = 3;

/// Bytes of one descriptor.
pub const DESC_SIZE: usize = 16;
/// Alignment of the descriptor ring in bytes (§2.8.11).
pub const DESC_ALIGN: usize = 16;
/// Bytes of an event suppression structure (§2.8.10).
pub const EVENT_SIZE: usize = 4;
/// Alignment of an event suppression structure in bytes (§2.8.11).
pub const EVENT_ALIGN: usize = 4;
/// Offset of the descriptor's offset and wrap counter within an event suppression structure.
pub const EVENT_OFF_WRAP: usize = 0;
/// Offset of the flags within an event suppression structure.
pub const EVENT_FLAGS: usize = 2;

/// One descriptor of the ring, or of an indirect table (`struct pvirtq_desc`, §2.8.13), in host byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Desc {
    /// Device address of the element (guest-physical unless the platform translates).
    pub addr: u64,
    /// Length of the element in bytes; in a used descriptor, bytes written.
    pub len: u32,
    /// Buffer id.
    pub id: u16,
    /// `DESC_F_*`.
    pub flags: u16,
}

impl Desc {
    /// Decodes the little-endian wire form.
    #[inline]
    #[must_use]
    pub const fn from_le_bytes(b: [u8; DESC_SIZE]) -> Self {
        Self {
            addr: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            len: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            id: u16::from_le_bytes([b[12], b[13]]),
            flags: u16::from_le_bytes([b[14], b[15]]),
        }
    }

    /// Encodes the little-endian wire form.
    ///
    /// ```
    /// use parakit_abi::ring::packed::*;
    /// let d = Desc { addr: 0x1000, len: 512, id: 3, flags: DESC_F_NEXT };
    /// assert_eq!(Desc::from_le_bytes(d.to_le_bytes()), d);
    /// ```
    #[inline]
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; DESC_SIZE] {
        let (a, l, i, f) =
            (self.addr.to_le_bytes(), self.len.to_le_bytes(), self.id.to_le_bytes(), self.flags.to_le_bytes());
        [a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], l[0], l[1], l[2], l[3], i[0], i[1], f[0], f[1]]
    }

    /// Whether the driver has made it available in the round in which its wrap counter is `wrap` (§2.8.1).
    #[inline]
    #[must_use]
    pub const fn is_available(self, wrap: bool) -> bool {
        is_available(self.flags, wrap)
    }

    /// Whether the device has used it in the round in which its wrap counter is `wrap` (§2.8.1).
    #[inline]
    #[must_use]
    pub const fn is_used(self, wrap: bool) -> bool {
        is_used(self.flags, wrap)
    }
}

/// Whether descriptor flags say "available" in the round in which the driver's wrap counter is `wrap` (§2.8.1).
///
/// ```
/// use parakit_abi::ring::packed::*;
/// assert!(is_available(DESC_F_AVAIL, true) && is_available(DESC_F_USED, false));
/// assert!(!is_available(DESC_F_AVAIL | DESC_F_USED, true), "used already");
/// assert!(!is_available(0, true), "fresh memory in the first round");
/// ```
#[inline]
#[must_use]
pub const fn is_available(flags: u16, wrap: bool) -> bool {
    (flags & DESC_F_AVAIL != 0) == wrap && (flags & DESC_F_USED != 0) != wrap
}

/// Whether descriptor flags say "used" in the round in which the device's wrap counter is `wrap` (§2.8.1).
#[inline]
#[must_use]
pub const fn is_used(flags: u16, wrap: bool) -> bool {
    (flags & DESC_F_AVAIL != 0) == wrap && (flags & DESC_F_USED != 0) == wrap
}

/// The two flag bits of a descriptor that becomes available in the round of wrap counter `wrap`.
#[inline]
#[must_use]
pub const fn available_bits(wrap: bool) -> u16 {
    if wrap { DESC_F_AVAIL } else { DESC_F_USED }
}

/// The two flag bits of a descriptor that becomes used in the round of wrap counter `wrap`.
#[inline]
#[must_use]
pub const fn used_bits(wrap: bool) -> u16 {
    if wrap { DESC_F_AVAIL | DESC_F_USED } else { 0 }
}

/// A place in the ring and the round that it is in: the form of event suppression structures (§2.8.10) and of notification
/// data (§2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Index of the descriptor, below the queue size (so below 32768).
    pub index: u16,
    /// The wrap counter of that round.
    pub wrap: bool,
}

impl Position {
    /// Where both sides begin (§2.8.1).
    pub const START: Self = Self { index: 0, wrap: true };

    /// Index in bits 0 to 14, wrap counter in bit 15.
    #[inline]
    #[must_use]
    pub const fn to_bits(self) -> u16 {
        self.index | (self.wrap as u16) << 15
    }

    /// The reverse of [`to_bits`](Self::to_bits).
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self { index: bits & 0x7fff, wrap: bits & 0x8000 != 0 }
    }

    /// `count` (at most `size`) descriptors further, in a ring of `size`.
    ///
    /// ```
    /// use parakit_abi::ring::packed::Position;
    /// let p = Position { index: 6, wrap: true };
    /// assert_eq!(p.after(1, 8), Position { index: 7, wrap: true });
    /// assert_eq!(p.after(3, 8), Position { index: 1, wrap: false });
    /// ```
    #[inline]
    #[must_use]
    pub const fn after(self, count: u16, size: u16) -> Self {
        let index = self.index as u32 + count as u32;
        if index >= size as u32 {
            Self { index: (index - size as u32) as u16, wrap: !self.wrap }
        } else {
            Self { index: index as u16, wrap: self.wrap }
        }
    }
}

/// Whether moving on in a ring of `size` from `old` by `count` descriptors (1 to `size`) passes the descriptor `event` that
/// the other side asked to be told about with [`EVENT_FLAGS_DESC`] (§2.8.10).
///
/// An event in the other round than expected is one that was passed before, or is a whole ring ahead.
///
/// ```
/// use parakit_abi::ring::packed::{Position, event_passed};
/// let at = |index, wrap| Position { index, wrap };
/// assert!(event_passed(at(0, true), at(0, true), 1, 8));
/// assert!(!event_passed(at(1, true), at(0, true), 1, 8));
/// assert!(event_passed(at(0, false), at(7, true), 2, 8), "over the wrap");
/// assert!(!event_passed(at(0, true), at(7, true), 2, 8), "of the round before");
/// ```
#[inline]
#[must_use]
pub const fn event_passed(event: Position, old: Position, count: u16, size: u16) -> bool {
    if event.index >= size {
        return false;
    }
    // How far the event lies ahead of `old`, both taken as places on a wheel of two rounds.
    let wheel = 2 * size as u32;
    let ahead = on_wheel(event, size) + wheel - on_wheel(old, size);
    (if ahead >= wheel { ahead - wheel } else { ahead }) < count as u32
}

const fn on_wheel(position: Position, size: u16) -> u32 {
    position.index as u32 + if position.wrap { 0 } else { size as u32 }
}

/// Why a number cannot be a packed queue's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadQueueSize(
    /// The number.
    pub u16,
);

impl core::fmt::Display for BadQueueSize {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "queue size {} is not between 1 and {MAX_QUEUE_SIZE}", self.0)
    }
}

impl core::error::Error for BadQueueSize {}

/// Where the three parts of a packed queue lie when they share one physically contiguous block: descriptor ring, driver
/// event suppression structure, and the device's, which starts on a cache line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedLayout {
    size: u16,
}

impl PackedLayout {
    /// The layout of a queue of `size` entries: any number from 1 to 32768 (§2.8).
    ///
    /// # Errors
    /// [`BadQueueSize`].
    pub const fn new(size: u16) -> Result<Self, BadQueueSize> {
        if size == 0 || size > MAX_QUEUE_SIZE { Err(BadQueueSize(size)) } else { Ok(Self { size }) }
    }

    /// Entries.
    #[inline]
    #[must_use]
    pub const fn size(self) -> u16 {
        self.size
    }

    /// Bytes of the descriptor ring.
    #[must_use]
    pub const fn descriptors_size(self) -> usize {
        DESC_SIZE * self.size as usize
    }

    /// Offset of the driver event suppression structure in bytes.
    #[must_use]
    pub const fn driver_event_offset(self) -> usize {
        self.descriptors_size()
    }

    /// Offset of the device event suppression structure in bytes.
    #[must_use]
    pub const fn device_event_offset(self) -> usize {
        (self.driver_event_offset() + EVENT_SIZE).next_multiple_of(64)
    }

    /// Bytes of all three parts.
    #[must_use]
    pub const fn total_size(self) -> usize {
        self.device_event_offset() + EVENT_SIZE
    }
}
