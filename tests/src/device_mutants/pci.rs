//! PCI functions: ids, capabilities, the common configuration.

use parakit::transport::raw::RawAccess;
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CAP_MSIX, CAP_VENDOR, CfgType, Common, cap, header, msix};

use super::{Bus, CONFIG_SPACE, DeviceMutant, Fault, bar};

/// The type of capabilities that mean nothing here.
pub(super) const VENDOR: u32 = CfgType::Vendor as u32;

/// Where a field of the common configuration is.
pub(super) const fn common(field: Common) -> u64 {
    bar(0) + field.offset()
}

/// The capabilities of a function: offset and id of each.
fn capabilities(config: &dyn RawAccess) -> impl Iterator<Item = (u64, u32)> + '_ {
    let first = config.read(header::CAPABILITIES.into(), 1);
    let next = |at: &u32| Some(config.read(u64::from(*at) + u64::from(cap::NEXT), 1));
    let all = std::iter::successors(Some(first), next).take_while(|at| *at != 0).take(48);
    all.map(|at| (u64::from(at), config.read(at.into(), 1)))
}

/// Whether `at` is the field `field` of the virtio capability of a type.
pub(super) fn in_cap(config: &dyn RawAccess, at: u64, cfg_type: CfgType, field: u16) -> bool {
    let Some(offset) = at.checked_sub(CONFIG_SPACE).filter(|offset| *offset < 0x100) else { return false };
    capabilities(config).any(|(start, id)| {
        id == u32::from(CAP_VENDOR)
            && config.read(start + u64::from(cap::CFG_TYPE), 1) == cfg_type as u32
            && offset == start + u64::from(field)
    })
}

/// Whether `at` is the control register of MSI-X.
pub(super) fn is_msix_control(config: &dyn RawAccess, at: u64) -> bool {
    let Some(offset) = at.checked_sub(CONFIG_SPACE).filter(|offset| *offset < 0x100) else { return false };
    capabilities(config).any(|(start, id)| id == u32::from(CAP_MSIX) && offset == start + u64::from(msix::CONTROL))
}

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::PCI_DEV_BUS_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the header is that of a bridge",
        fault: Fault::read(|_, _, at, value| if at == CONFIG_SPACE + header::HEADER_TYPE as u64 { 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_DISCOVERY_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the device id is beyond those of virtio",
        fault: Fault::read(
            |_, _, at, value| if at == CONFIG_SPACE + header::DEVICE_ID as u64 { 0x1080 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_DISCOVERY_4,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a device without legacy interface has a transitional id",
        fault: Fault::read(
            |_, _, at, value| if at == CONFIG_SPACE + header::DEVICE_ID as u64 { 0x1001 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_DISCOVERY_5,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a device without legacy interface has revision 0",
        fault: Fault::read(|_, _, at, value| if at == CONFIG_SPACE + header::REVISION_ID as u64 { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_DISCOVERY_6,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a device without legacy interface has its type as subsystem id",
        fault: Fault::read(|_, _, at, value| if at == CONFIG_SPACE + header::SUBSYSTEM_ID as u64 { 2 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_LAYOUT_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the high half of an address cannot be written by itself",
        fault: Fault { write: |_, _, at, value| (at != common(Common::QueueDesc) + 4).then_some(value), ..Fault::NONE },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_CAP_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "cap_len of the notification capability leaves the multiplier out",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LEN) { 16 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the common configuration lies at an odd place",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Common, cap::OFFSET) { 2 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is no common configuration capability",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Common, cap::CFG_TYPE) { VENDOR } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_3,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "device_feature_select is ignored",
        fault: Fault {
            write: |_, _, at, value| if at == common(Common::DeviceFeatureSelect) { None } else { Some(value) },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_4,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "driver_feature reads 0",
        fault: Fault::read(|_, _, at, value| if at == common(Common::DriverFeature) { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_6,
        probe: "probe-config",
        bus: Bus::Pci,
        what: "config_generation never moves",
        fault: Fault::read(|_, _, at, value| if at == common(Common::ConfigGeneration) { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_7,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "device_status keeps its bits over a reset of a device in use",
        fault: Fault {
            read: |view, _, at, value| if at == common(Common::DeviceStatus) && view.flag { 0x0f } else { value },
            write: |view, _, at, value| {
                if at == common(Common::DeviceStatus) {
                    view.flag = value == 0 && view.status == 0x0f && view.used_idx() == 1 && !view.flag;
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_8,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "queue_enable survives a reset",
        fault: Fault::read(|view, _, at, value| {
            if at == common(Common::QueueEnable) { u32::from(view.status != 0 || view.size != 0) } else { value }
        }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_9,
        probe: "probe-queue-reset",
        bus: Bus::Pci,
        what: "queue_reset is 1 after a device reset",
        fault: Fault::read(|view, _, at, value| {
            if at == common(Common::QueueReset) { if view.status == 0 { 1 } else { value } } else { value }
        }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_10,
        probe: "probe-queue-reset",
        bus: Bus::Pci,
        what: "queue_reset is 1 from the enabling of the queue on",
        fault: Fault {
            read: |view, _, at, value| if at == common(Common::QueueReset) && !view.flag { 1 } else { value },
            write: |view, _, at, value| {
                view.flag |= at == common(Common::QueueReset);
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_11,
        probe: "probe-queue-reset",
        bus: Bus::Pci,
        what: "queue_reset says that the queue is reset, and the device goes on",
        fault: Fault {
            read: |view, _, at, value| if at == common(Common::QueueEnable) && view.flag { 0 } else { value },
            write: |view, _, at, value| {
                let reset = at == common(Common::QueueReset);
                view.flag |= reset;
                (!reset).then_some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_13,
        probe: "probe-queue-reset",
        bus: Bus::Pci,
        what: "queue_enable is 1 after the reset of the queue",
        fault: Fault::read(
            |view, _, at, value| if at == common(Common::QueueEnable) { u32::from(view.status != 0) } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_14,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a queue that is not there has a size",
        fault: Fault::read(|_, _, at, value| if at == common(Common::QueueSize) { value.max(256) } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_COMMON_15,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "queue_size is no power of two",
        fault: Fault::read(
            |_, _, at, value| if at == common(Common::QueueSize) { value.saturating_sub(1) } else { value },
        ),
    },
];
