//! Which device-independent features the kit implements, and over which transport.

use parakit_abi::feature::{self, Features};

/// Device-independent features that the kit implements, over one transport or another. A driver adds its device's to make what
/// it passes to [`Device::negotiate`](super::Device::negotiate), or leaves some out; what the transport at hand cannot do is left out there.
///
/// `ACCESS_PLATFORM` is among them because every address the kit gives to a device comes from
/// [`Platform`](crate::platform::Platform); `ORDER_PLATFORM` where the kit knows what orders memory for hardware: on x86,
/// AArch64 and RISC-V (see [`order`](crate::platform::order)).
pub const SUPPORTED: Features = {
    let always = Features::of(&[
        feature::VERSION_1,
        feature::EVENT_IDX,
        feature::ACCESS_PLATFORM,
        feature::INDIRECT_DESC,
        feature::RING_PACKED,
        feature::IN_ORDER,
        feature::NOTIFICATION_DATA,
        feature::NOTIF_CONFIG_DATA,
        feature::RING_RESET,
        feature::SUSPEND,
    ]);
    let known = cfg!(any(
        target_arch = "x86",
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv32",
        target_arch = "riscv64"
    ));
    if known { always.with(Features::bit(feature::ORDER_PLATFORM)) } else { always }
};

/// Those of [`SUPPORTED`] that are implemented over PCI: all.
pub const PCI_FEATURES: Features = SUPPORTED;

/// Those of [`SUPPORTED`] that are implemented over MMIO. Notifications name the queue by its index there (VIRTIO 1.4 §4.2.3.3), so
/// that there is no `NOTIF_CONFIG_DATA`.
pub const MMIO_FEATURES: Features = SUPPORTED.without(Features::bit(feature::NOTIF_CONFIG_DATA));

/// Those of [`SUPPORTED`] that are implemented over legacy MMIO: what was there before VIRTIO 1.0.
pub const LEGACY_FEATURES: Features = SUPPORTED.and(Features::of(&[feature::EVENT_IDX, feature::INDIRECT_DESC]));

/// A line of the table of features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureSupport {
    /// The bit.
    pub bit: u32,
    /// Its name, without `VIRTIO_F_`.
    pub name: &'static str,
    /// Where it is defined, in VIRTIO 1.4.
    pub section: &'static str,
    /// What the kit does with it, or why it does not accept it.
    pub note: &'static str,
}

impl FeatureSupport {
    const fn new(bit: u32, section: &'static str, note: &'static str) -> Self {
        let name = match feature::name(bit) {
            Some(name) => name,
            None => panic!("a bit without a name"),
        };
        Self { bit, name, section, note }
    }

    /// Whether the kit accepts it over PCI, MMIO and legacy MMIO.
    #[must_use]
    pub const fn accepted(self) -> [bool; 3] {
        [PCI_FEATURES.has(self.bit), MMIO_FEATURES.has(self.bit), LEGACY_FEATURES.has(self.bit)]
    }
}

/// Every device-independent feature of VIRTIO 1.4, and what the kit does with it. `docs/features.md` is made of it.
pub const FEATURE_TABLE: &[FeatureSupport] = &[
    FeatureSupport::new(feature::INDIRECT_DESC, "2.7.5.3, 2.8.7", "chains in tables of their own"),
    FeatureSupport::new(feature::EVENT_IDX, "2.7.7, 2.7.10, 2.8.10", "notifications and interrupts at a certain entry"),
    FeatureSupport::new(feature::VERSION_1, "6.1", "required, but over legacy MMIO"),
    FeatureSupport::new(feature::ACCESS_PLATFORM, "6.1", "every address comes from `Platform`"),
    FeatureSupport::new(feature::RING_PACKED, "2.8", "packed rings"),
    FeatureSupport::new(feature::IN_ORDER, "2.7.9, 2.8.8", "chains come back in order, in batches"),
    FeatureSupport::new(feature::ORDER_PLATFORM, "6.1", "on x86, AArch64 and RISC-V: the order that hardware sees"),
    FeatureSupport::new(feature::SR_IOV, "6", "not accepted: the kit creates no virtual functions"),
    FeatureSupport::new(feature::NOTIFICATION_DATA, "2.9", "notifications say what is available"),
    FeatureSupport::new(feature::NOTIF_CONFIG_DATA, "4.1.4.3", "notifications carry what the device chose"),
    FeatureSupport::new(feature::RING_RESET, "2.6.1", "one queue is reset and set up again"),
    FeatureSupport::new(feature::ADMIN_VQ, "2.13", "not accepted: the kit drives no administration queues"),
    FeatureSupport::new(feature::SUSPEND, "3.4", "the device stops and goes on where it was"),
];
