//! Which feature bits a driver may not accept, and which need others.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};

use crate::observe::event::{DeviceInfo, TransportKind};

/// Why a bit may not be accepted (VIRTIO 1.4 §2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ban {
    /// The specification does not describe it.
    Undescribed,
    /// The specification reserves it.
    Reserved,
    /// It belongs to another transport.
    Transport,
    /// It is not defined for the device type.
    DeviceType,
}

/// The bits `from` to `to`.
const fn range(from: u32, to: u32) -> Features {
    Features((u128::MAX >> (127 - to)) & (u128::MAX << from))
}

/// Bits 44 to 49 are kept for extensions to come (§2.2).
const RESERVED: Features = range(44, 49);

/// Bits of the queue and negotiation range (24 to 40, 43) that chapter 6 does not describe. The legacy ones (24, 27, 30) are described.
const UNDESCRIBED_COMMON: Features = Features::of(&[25, 26, 31]);

/// Bits that belong to the device type (§2.2).
const DEVICE_SPECIFIC: Features = range(0, 23).with(Features::of(&[41, 42])).with(range(50, 127));

/// Device-specific bits that no device type of chapter 5 describes.
const UNDESCRIBED_SPECIFIC: Features = Features::bit(58).with(range(71, 127));

/// Bits that work on PCI only: SR_IOV, and ADMIN_VQ so far (chapter 6). NOTIF_CONFIG_DATA is told for PCI only too, yet chapter 6 asks
/// every driver to accept it: it is left alone.
const PCI_ONLY: Features = Features::of(&[feature::SR_IOV, feature::ADMIN_VQ]);

/// Which bits the driver of a device may not accept, by reason. A bit can have several.
pub(super) fn bans(info: &DeviceInfo) -> Vec<(Ban, Features)> {
    let mut bans = vec![(Ban::Undescribed, UNDESCRIBED_COMMON.with(UNDESCRIBED_SPECIFIC)), (Ban::Reserved, RESERVED)];
    if info.transport != TransportKind::Pci {
        let net = info.device_type == DeviceType::NET.0;
        bans.push((Ban::Transport, if net { Features::bit(feature::SR_IOV) } else { PCI_ONLY }));
    }
    if let Some(defined) = DeviceType(info.device_type).defined_features() {
        // Legacy bits of the type are another interface's affair, bit 41 the transport's.
        let named = (0..24).filter(|bit| DeviceType(info.device_type).feature_name(*bit).is_some());
        let legacy = named.fold(Features::bit(feature::ADMIN_VQ), |all, bit| all.with(Features::bit(bit)));
        bans.push((Ban::DeviceType, DEVICE_SPECIFIC.without(defined).without(legacy)));
    }
    bans
}

/// The features of a device type that require others.
pub(super) use parakit_abi::feature::needs;
