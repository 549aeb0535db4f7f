//! Feature bits (VIRTIO 1.4 §2.2 and chapter 6).

mod needs;

pub use needs::{Need, needs};

/// A set of feature bits 0 to 127.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(pub u128);

/// `VIRTIO_F_INDIRECT_DESC`
pub const INDIRECT_DESC: u32 = 28;
/// `VIRTIO_F_EVENT_IDX`
pub const EVENT_IDX: u32 = 29;
/// `VIRTIO_F_VERSION_1`
pub const VERSION_1: u32 = 32;
/// `VIRTIO_F_ACCESS_PLATFORM`
pub const ACCESS_PLATFORM: u32 = 33;
/// `VIRTIO_F_RING_PACKED`
pub const RING_PACKED: u32 = 34;
/// `VIRTIO_F_IN_ORDER`
pub const IN_ORDER: u32 = 35;
/// `VIRTIO_F_ORDER_PLATFORM`
pub const ORDER_PLATFORM: u32 = 36;
/// `VIRTIO_F_SR_IOV`
pub const SR_IOV: u32 = 37;
/// `VIRTIO_F_NOTIFICATION_DATA`
pub const NOTIFICATION_DATA: u32 = 38;
/// `VIRTIO_F_NOTIF_CONFIG_DATA`
pub const NOTIF_CONFIG_DATA: u32 = 39;
/// `VIRTIO_F_RING_RESET`
pub const RING_RESET: u32 = 40;
/// `VIRTIO_F_ADMIN_VQ` (PCI only)
pub const ADMIN_VQ: u32 = 41;
/// `VIRTIO_F_SUSPEND` (new in 1.4)
pub const SUSPEND: u32 = 43;

impl Features {
    /// No bit.
    pub const NONE: Self = Self(0);

    /// The set with just bit `bit` (below 128).
    #[must_use]
    pub const fn bit(bit: u32) -> Self {
        Self(1 << bit)
    }

    /// The set of the given bits.
    ///
    /// ```
    /// use parakit_abi::feature::{self, Features};
    /// let f = Features::of(&[feature::VERSION_1, feature::EVENT_IDX]);
    /// assert!(f.has(feature::VERSION_1) && !f.has(feature::IN_ORDER));
    /// assert_eq!(f.word(1), 1);
    /// ```
    #[must_use]
    pub const fn of(bits: &[u32]) -> Self {
        let mut set = 0;
        let mut i = 0;
        while i < bits.len() {
            set |= 1 << bits[i];
            i += 1;
        }
        Self(set)
    }

    /// Whether bit `bit` is in the set.
    #[inline]
    #[must_use]
    pub const fn has(self, bit: u32) -> bool {
        bit < 128 && self.0 & (1 << bit) != 0
    }

    /// Whether every bit of `other` is in the set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The bits that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The bits that are in `self` and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Bits 32 `i` to 32 `i` + 31, as the transports' feature registers show them; 0 from word 4 on.
    #[must_use]
    pub const fn word(self, i: u32) -> u32 {
        if i < 4 { (self.0 >> (32 * i)) as u32 } else { 0 }
    }

    /// The set with word `i` replaced; unchanged from word 4 on.
    #[must_use]
    pub const fn with_word(self, i: u32, word: u32) -> Self {
        if i < 4 { Self(self.0 & !(0xffff_ffff << (32 * i)) | (word as u128) << (32 * i)) } else { self }
    }

    /// The bits of the set, lowest first.
    pub fn iter(self) -> impl Iterator<Item = u32> {
        (0..128).filter(move |&b| self.has(b))
    }
}

impl core::fmt::Debug for Features {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Features({:#x})", self.0)
    }
}

/// Whether VIRTIO 1.4 defines `bit` for every device type, on at least one transport (chapter 6).
#[must_use]
pub const fn is_device_independent(bit: u32) -> bool {
    matches!(bit, INDIRECT_DESC | EVENT_IDX | VERSION_1..=ADMIN_VQ | SUSPEND)
}

/// Name of a device-independent bit without the prefix `VIRTIO_F_`, if VIRTIO 1.4 gives it one.
///
/// ```
/// assert_eq!(parakit_abi::feature::name(32), Some("VERSION_1"));
/// assert_eq!(parakit_abi::feature::name(30), None);
/// ```
#[must_use]
pub const fn name(bit: u32) -> Option<&'static str> {
    Some(match bit {
        INDIRECT_DESC => "INDIRECT_DESC",
        EVENT_IDX => "EVENT_IDX",
        VERSION_1 => "VERSION_1",
        ACCESS_PLATFORM => "ACCESS_PLATFORM",
        RING_PACKED => "RING_PACKED",
        IN_ORDER => "IN_ORDER",
        ORDER_PLATFORM => "ORDER_PLATFORM",
        SR_IOV => "SR_IOV",
        NOTIFICATION_DATA => "NOTIFICATION_DATA",
        NOTIF_CONFIG_DATA => "NOTIF_CONFIG_DATA",
        RING_RESET => "RING_RESET",
        ADMIN_VQ => "ADMIN_VQ",
        SUSPEND => "SUSPEND",
        _ => return None,
    })
}
