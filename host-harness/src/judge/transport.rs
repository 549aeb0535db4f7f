//! Which transport a device is behind, for rules that hold on some transports only.
//!
//! The legacy interface of MMIO (§4.2.4) knows no `FEATURES_OK`, no `VERSION_1` and no configuration generation: rules about these are
//! silent there.

use parakit_abi::transport::mmio::{MAGIC, VERSION};

use super::pci;
use crate::observe::event::{DeviceInfo, TransportKind};

/// Whether the device is behind version 2 of virtio over MMIO (§4.2), or shows something else there on purpose.
pub(super) fn is_mmio(info: &DeviceInfo) -> bool {
    info.transport == TransportKind::Mmio
}

/// Whether the device is behind virtio over PCI (§4.1).
pub(super) fn is_pci(info: &DeviceInfo) -> bool {
    info.transport == TransportKind::Pci
}

/// Whether the device has the interface of VIRTIO 1.0 and later.
pub(super) fn is_modern(info: &DeviceInfo) -> bool {
    info.transport != TransportKind::MmioLegacy
}

/// Whether the transport shows nothing unusual: a driver that gives up finds its reason elsewhere.
pub(super) fn is_plain(info: &DeviceInfo) -> bool {
    match info.transport {
        TransportKind::Mmio => info.identity == [MAGIC, VERSION, info.device_type],
        TransportKind::MmioLegacy | TransportKind::VhostUser => false,
        TransportKind::Pci => pci::is_plain(info),
    }
}
