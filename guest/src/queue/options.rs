//! What a queue is made to be, and what it says about chains and notifications.

use parakit_abi::feature::{self, Features};
use parakit_abi::ring::MAX_QUEUE_SIZE;

/// What a queue shall be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueOptions {
    /// Entries at most; the device's maximum and the slots limit them as well.
    pub max_size: u16,
    /// Bytes of header that the queue itself provides for each chain: the device reads them before the chain's own
    /// segments. 0 for none.
    pub header: u16,
    /// Bytes of trailer that the queue itself provides for each chain: the device writes them behind the chain's own
    /// segments. 0 for none.
    pub trailer: u16,
    /// Descriptors (those of header and trailer included) up to which a chain has them in the ring. Longer ones have them in
    /// an indirect table, and take one descriptor of the ring, where `VIRTIO_F_INDIRECT_DESC` was negotiated. 0 is as good as
    /// 1.
    pub indirect_over: u16,
    /// Entries of an indirect table; chains longer than that have their descriptors in the ring. Each entry of the queue
    /// gets a table, made with the queue: 16 bytes of DMA memory and 8 bytes of private memory (see
    /// [`Slots`](super::Slots)) for each of its entries. 0 for no tables.
    pub indirect_table: u16,
}

impl Default for QueueOptions {
    /// As large as possible, no header and no trailer, tables for chains of 4 to 16 descriptors.
    fn default() -> Self {
        Self { max_size: MAX_QUEUE_SIZE, header: 0, trailer: 0, indirect_over: 3, indirect_table: 16 }
    }
}

/// What driver and device agreed on, as far as it changes how a queue works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingFeatures {
    /// `VIRTIO_F_EVENT_IDX`: notifications and interrupts at a certain entry (VIRTIO 1.4 §2.7.7, §2.7.10, §2.8.10).
    pub event_idx: bool,
    /// `VIRTIO_F_RING_PACKED`: the packed format (§2.8) instead of the split one (§2.7).
    pub packed: bool,
    /// `VIRTIO_F_INDIRECT_DESC`: tables of descriptors (§2.7.5.3, §2.8.7).
    pub indirect: bool,
    /// `VIRTIO_F_IN_ORDER`: the device uses chains in the order in which they were made available (§2.7.9, §2.8.8).
    pub in_order: bool,
    /// `VIRTIO_F_NOTIFICATION_DATA`: a notification says what is available (§2.9).
    pub notification_data: bool,
    /// `VIRTIO_F_ORDER_PLATFORM`: accesses of the ring are ordered for hardware, not only as between processors (§6.1).
    pub order_platform: bool,
    /// The device has the legacy interface: the parts of a split ring lie as §2.7.2 says.
    pub legacy: bool,
}

impl RingFeatures {
    /// None of them: a split ring as in VIRTIO 1.0.
    pub const NONE: Self = Self {
        event_idx: false,
        packed: false,
        indirect: false,
        in_order: false,
        notification_data: false,
        order_platform: false,
        legacy: false,
    };

    /// Those among the accepted features of a device that is not legacy.
    ///
    /// ```
    /// use parakit::{abi::feature::{EVENT_IDX, Features, VERSION_1}, queue::RingFeatures};
    /// let accepted = Features::of(&[VERSION_1, EVENT_IDX]);
    /// assert_eq!(RingFeatures::of(accepted), RingFeatures { event_idx: true, ..RingFeatures::NONE });
    /// ```
    #[must_use]
    pub const fn of(accepted: Features) -> Self {
        Self {
            event_idx: accepted.has(feature::EVENT_IDX),
            packed: accepted.has(feature::RING_PACKED),
            indirect: accepted.has(feature::INDIRECT_DESC),
            in_order: accepted.has(feature::IN_ORDER),
            notification_data: accepted.has(feature::NOTIFICATION_DATA),
            order_platform: accepted.has(feature::ORDER_PLATFORM),
            legacy: false,
        }
    }
}

/// What a notification tells the device of the queue: where the next chain will be made available. 0 unless
/// `VIRTIO_F_NOTIFICATION_DATA` was negotiated (VIRTIO 1.4 §2.9).
///
/// For a split ring that is the available index; for a packed one, the position in the ring in bits 0 to 14 and the wrap
/// counter in bit 15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Notification(pub u16);

/// Names a chain in flight: no two chains that a queue owns at a time have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(pub(super) u16);

impl Token {
    /// A number below the queue's size, to index a table with.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A chain that the device has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion<C> {
    /// What `add` returned for it.
    pub token: Token,
    /// The chain.
    pub chain: C,
    /// Bytes that the device says it wrote, from the start of the writable part on; no more than there are. What lies
    /// beyond them is unspecified (§2.7.8.3).
    ///
    /// With IN_ORDER the device may use a whole batch at once and give a length for the last chain only. The others count
    /// as used completely (§2.7.9, §2.8.8), and this is the length of their writable part. A device that leaves some of it
    /// unwritten has to use that chain by itself; nothing shows whether it has.
    pub written: u32,
}
