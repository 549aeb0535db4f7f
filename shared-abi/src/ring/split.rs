//! The split virtqueue (VIRTIO 1.4 §2.7): descriptor table, available ring, used ring.

use super::MAX_QUEUE_SIZE;

/// `VIRTQ_DESC_F_NEXT`: the buffer continues in the descriptor `next` (§2.7.5).
pub const DESC_F_NEXT: u16 = 1;
/// `VIRTQ_DESC_F_WRITE`: the device writes the buffer; without it, the device reads it (§2.7.5).
pub const DESC_F_WRITE: u16 = 2;
/// `VIRTQ_DESC_F_INDIRECT`: the buffer holds a table of descriptors (§2.7.5.3).
pub const DESC_F_INDIRECT: u16 = 4;
/// `VIRTQ_AVAIL_F_NO_INTERRUPT`: the driver asks for no used buffer notifications (§2.7.6).
pub const AVAIL_F_NO_INTERRUPT: u16 = 1;
/// `VIRTQ_USED_F_NO_NOTIFY`: the device asks for no available buffer notifications (§2.7.8).
pub const USED_F_NO_NOTIFY: u16 = 1;

/// Bytes of one descriptor.
pub const DESC_SIZE: usize = 16;
/// Bytes of one available ring entry.
pub const AVAIL_ELEM_SIZE: usize = 2;
/// Bytes of one used ring entry.
pub const USED_ELEM_SIZE: usize = 8;
/// Alignment of the descriptor table in bytes (§2.7).
pub const DESC_ALIGN: usize = 16;
/// Alignment of the available ring in bytes (§2.7).
pub const AVAIL_ALIGN: usize = 2;
/// Alignment of the used ring in bytes (§2.7).
pub const USED_ALIGN: usize = 4;

/// Alignment of the used ring that [`SplitLayout::new`] chooses.
const USED_CACHE_ALIGN: usize = 64;
/// Alignment of a queue of the legacy interface, and of its used ring: a page (§2.7.2; `QueueAlign` and `GuestPageSize` of
/// legacy MMIO).
pub const LEGACY_ALIGN: usize = 4096;

/// Offset of `flags` within either ring.
pub const RING_FLAGS: usize = 0;
/// Offset of `idx` within either ring.
pub const RING_IDX: usize = 2;
/// Offset of the first entry within either ring.
pub const RING_ENTRIES: usize = 4;

/// One entry of the descriptor table (`struct virtq_desc`, §2.7.5), in host byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Desc {
    /// Device address of the buffer (guest-physical unless the platform translates).
    pub addr: u64,
    /// Length of the buffer in bytes.
    pub len: u32,
    /// `DESC_F_*`.
    pub flags: u16,
    /// Next descriptor of the chain, if [`DESC_F_NEXT`] is set.
    pub next: u16,
}

impl Desc {
    /// Decodes the little-endian wire form.
    #[inline]
    #[must_use]
    pub const fn from_le_bytes(b: [u8; DESC_SIZE]) -> Self {
        Self {
            addr: u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]),
            len: u32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            flags: u16::from_le_bytes([b[12], b[13]]),
            next: u16::from_le_bytes([b[14], b[15]]),
        }
    }

    /// Encodes the little-endian wire form.
    ///
    /// ```
    /// use parakit_abi::ring::split::*;
    /// let d = Desc { addr: 0x1000, len: 512, flags: DESC_F_NEXT, next: 3 };
    /// assert_eq!(Desc::from_le_bytes(d.to_le_bytes()), d);
    /// ```
    #[inline]
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; DESC_SIZE] {
        let (a, l, f, n) =
            (self.addr.to_le_bytes(), self.len.to_le_bytes(), self.flags.to_le_bytes(), self.next.to_le_bytes());
        [a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], l[0], l[1], l[2], l[3], f[0], f[1], n[0], n[1]]
    }

    /// Whether the device writes this buffer.
    #[inline]
    #[must_use]
    pub const fn is_writable(self) -> bool {
        self.flags & DESC_F_WRITE != 0
    }

    /// Whether the chain continues.
    #[inline]
    #[must_use]
    pub const fn has_next(self) -> bool {
        self.flags & DESC_F_NEXT != 0
    }

    /// Whether the buffer is an indirect table.
    #[inline]
    #[must_use]
    pub const fn is_indirect(self) -> bool {
        self.flags & DESC_F_INDIRECT != 0
    }
}

/// One entry of the used ring (`struct virtq_used_elem`, §2.7.8), in host byte order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UsedElem {
    /// Head descriptor of the chain that was used. 32 bits wide for padding only.
    pub id: u32,
    /// Bytes written into the device-writable part of the chain.
    pub len: u32,
}

impl UsedElem {
    /// Decodes the little-endian wire form.
    #[inline]
    #[must_use]
    pub const fn from_le_bytes(b: [u8; USED_ELEM_SIZE]) -> Self {
        Self { id: u32::from_le_bytes([b[0], b[1], b[2], b[3]]), len: u32::from_le_bytes([b[4], b[5], b[6], b[7]]) }
    }

    /// Encodes the little-endian wire form.
    #[inline]
    #[must_use]
    pub const fn to_le_bytes(self) -> [u8; USED_ELEM_SIZE] {
        let (i, l) = (self.id.to_le_bytes(), self.len.to_le_bytes());
        [i[0], i[1], i[2], i[3], l[0], l[1], l[2], l[3]]
    }
}

/// Why a number cannot be a split queue's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadQueueSize(
    /// The number.
    pub u16,
);

impl core::fmt::Display for BadQueueSize {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "queue size {} is not a power of two between 1 and {MAX_QUEUE_SIZE}", self.0)
    }
}

impl core::error::Error for BadQueueSize {}

/// Where the three parts of a split queue lie when they share one physically contiguous block.
///
/// The parts may live anywhere; this is the layout that Parakit's drivers choose: descriptor table,
/// available ring, then the used ring, which starts on a cache line of its own because the other side writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitLayout {
    size: u16,
    used_align: usize,
}

impl SplitLayout {
    /// The layout of a queue of `size` entries, which must be a power of two up to 32768 (§2.7).
    ///
    /// # Errors
    /// [`BadQueueSize`] for any other number.
    pub const fn new(size: u16) -> Result<Self, BadQueueSize> {
        Self::with_used_align(size, USED_CACHE_ALIGN)
    }

    /// The layout of a queue of the legacy interface (§2.7.2): the same parts in the same order, the used ring at the next
    /// multiple of [`LEGACY_ALIGN`].
    ///
    /// ```
    /// use parakit_abi::ring::split::SplitLayout;
    /// let layout = SplitLayout::legacy(256).unwrap();
    /// // 4096 bytes of descriptors, 518 of available ring, padding.
    /// assert_eq!((layout.avail_offset(), layout.used_offset()), (4096, 8192));
    /// ```
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub const fn legacy(size: u16) -> Result<Self, BadQueueSize> {
        Self::with_used_align(size, LEGACY_ALIGN)
    }

    const fn with_used_align(size: u16, used_align: usize) -> Result<Self, BadQueueSize> {
        if size.is_power_of_two() && size <= MAX_QUEUE_SIZE {
            Ok(Self { size, used_align })
        } else {
            Err(BadQueueSize(size))
        }
    }

    /// Entries of the queue.
    #[must_use]
    pub const fn queue_size(self) -> u16 {
        self.size
    }

    /// Offset of the descriptor table: 0.
    #[must_use]
    pub const fn desc_offset(self) -> usize {
        0
    }

    /// Bytes of the descriptor table.
    #[must_use]
    pub const fn desc_size(self) -> usize {
        DESC_SIZE * self.size as usize
    }

    /// Offset of the available ring (the driver area).
    #[must_use]
    pub const fn avail_offset(self) -> usize {
        self.desc_size()
    }

    /// Bytes of the available ring, `used_event` included.
    #[must_use]
    pub const fn avail_size(self) -> usize {
        6 + AVAIL_ELEM_SIZE * self.size as usize
    }

    /// Offset of the used ring (the device area), 64-byte aligned; [`LEGACY_ALIGN`] of a [`legacy`](Self::legacy) one.
    #[must_use]
    pub const fn used_offset(self) -> usize {
        (self.avail_offset() + self.avail_size()).next_multiple_of(self.used_align)
    }

    /// Bytes of the used ring, `avail_event` included.
    #[must_use]
    pub const fn used_size(self) -> usize {
        6 + USED_ELEM_SIZE * self.size as usize
    }

    /// Bytes of the whole block.
    #[must_use]
    pub const fn total_size(self) -> usize {
        self.used_offset() + self.used_size()
    }

    /// Offset of descriptor `i` within the block.
    #[must_use]
    pub const fn desc_entry(self, i: u16) -> usize {
        DESC_SIZE * i as usize
    }

    /// Offset within the available ring of the slot for free-running index `idx`.
    #[must_use]
    pub const fn avail_slot(self, idx: u16) -> usize {
        RING_ENTRIES + AVAIL_ELEM_SIZE * (idx & (self.size - 1)) as usize
    }

    /// Offset within the used ring of the slot for free-running index `idx`.
    #[must_use]
    pub const fn used_slot(self, idx: u16) -> usize {
        RING_ENTRIES + USED_ELEM_SIZE * (idx & (self.size - 1)) as usize
    }

    /// Offset of `used_event` within the available ring (§2.7.6).
    #[must_use]
    pub const fn used_event(self) -> usize {
        RING_ENTRIES + AVAIL_ELEM_SIZE * self.size as usize
    }

    /// Offset of `avail_event` within the used ring (§2.7.8).
    #[must_use]
    pub const fn avail_event(self) -> usize {
        RING_ENTRIES + USED_ELEM_SIZE * self.size as usize
    }
}
