//! PCI functions: notifications, the ISR status, MSI-X, access through configuration space.

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CfgType, Common, NO_VECTOR, cap, header, pci_status};

use super::pci::{VENDOR, common, in_cap, is_msix_control};
use super::{Bus, CONFIG_SPACE, DeviceMutant, Fault, bar};

/// Where the device has its ISR status.
const ISR: u64 = bar(0) + 0x1000;
const NONE: u32 = NO_VECTOR as u32;

pub(super) const MUTANTS: &[DeviceMutant] = &[
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is no notification capability",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::CFG_TYPE) { VENDOR } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "notifications lie at an odd place",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::OFFSET) { value + 1 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_3,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "notify_off_multiplier is 6",
        fault: Fault::read(
            |_, device, at, value| {
                if in_cap(device, at, CfgType::Notify, cap::NOTIFY_OFF_MULTIPLIER) { 6 } else { value }
            },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_4,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is room for a byte",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 1 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_5,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is room for the first place only",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 4 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_6,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is room for the first place only",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 4 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_7,
        probe: "probe-pci",
        bus: Bus::PciNotificationData,
        what: "notify_off_multiplier is 2",
        fault: Fault::read(
            |_, device, at, value| {
                if in_cap(device, at, CfgType::Notify, cap::NOTIFY_OFF_MULTIPLIER) { 2 } else { value }
            },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_8,
        probe: "probe-pci",
        bus: Bus::PciNotificationData,
        what: "notifications lie at a multiple of 2",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::OFFSET) { value + 2 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_9,
        probe: "probe-pci",
        bus: Bus::PciNotificationData,
        what: "there is room for 2 bytes",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 2 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_10,
        probe: "probe-pci",
        bus: Bus::PciNotificationData,
        what: "there is room for 2 bytes of each notification",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 6 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_NOTIFYCAP_11,
        probe: "probe-pci",
        bus: Bus::PciNotificationData,
        what: "there is room for 2 bytes of each notification",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Notify, cap::LENGTH) { 6 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_ISR_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is no ISR capability",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Isr, cap::CFG_TYPE) { VENDOR } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_ISR_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the ISR status tells no changes",
        fault: Fault::read(|_, _, at, value| if at == ISR { value & !2 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_ISR_3,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the ISR status tells no queues",
        fault: Fault::read(|_, _, at, value| if at == ISR { value & !1 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_ISR_4,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "configuration space never shows an interrupt",
        fault: Fault::read(|_, _, at, value| {
            if at == CONFIG_SPACE + header::STATUS as u64 { value & !u32::from(pci_status::INTERRUPT) } else { value }
        }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_ISR_5,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a read leaves the ISR status as it is",
        fault: Fault::read(|view, _, at, value| {
            if at != ISR {
                return value;
            }
            view.n |= u64::from(value);
            view.n as u32
        }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_TXTDEVCFG_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a block device has no capability for its configuration",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Device, cap::CFG_TYPE) { VENDOR } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_DEVCFG_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the device's configuration lies at a multiple of 2",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Device, cap::OFFSET) { value + 2 } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_CFGACCESS_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is no configuration access capability",
        fault: Fault::read(
            |_, device, at, value| if in_cap(device, at, CfgType::Pci, cap::CFG_TYPE) { VENDOR } else { value },
        ),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_CFGACCESS_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a write of pci_cfg_data goes nowhere",
        fault: Fault {
            write: |_, device, at, value| (!in_cap(device, at, CfgType::Pci, cap::PCI_CFG_DATA)).then_some(value),
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_CFGACCESS_3,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a read of pci_cfg_data always begins at the start of the BAR",
        fault: Fault {
            write: |_, device, at, value| Some(if in_cap(device, at, CfgType::Pci, cap::OFFSET) { 0 } else { value }),
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "there is one vector",
        fault: Fault::read(|_, device, at, value| if is_msix_control(device, at) { value & !0x7ff } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_2,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "the table is said to be longer than it is",
        fault: Fault::read(|_, device, at, value| if is_msix_control(device, at) { value + 1 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_4,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a queue cannot have vector 3",
        fault: Fault {
            write: |_, _, at, value| {
                if at == common(Common::QueueMsixVector) && value == 3 { Some(2) } else { Some(value) }
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_5,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "what is mapped cannot be unmapped",
        fault: Fault {
            write: |_, _, at, value| {
                if at == common(Common::ConfigMsixVector) && value == NONE { None } else { Some(value) }
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_6,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "config_msix_vector always reads 0",
        fault: Fault::read(|_, _, at, value| if at == common(Common::ConfigMsixVector) { 0 } else { value }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_7,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a mapping survives a reset",
        fault: Fault::read(|view, _, at, value| {
            if at == common(Common::QueueMsixVector) { if view.status == 0 { 0 } else { value } } else { value }
        }),
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_8,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "only the first vector can be mapped",
        fault: Fault {
            write: |_, _, at, value| {
                if at == common(Common::QueueMsixVector) && value > 0 { Some(NONE) } else { Some(value) }
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_MSIX_9,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a mapping that failed reads as if it had not",
        fault: Fault {
            read: |view, _, at, value| if at == common(Common::QueueMsixVector) { view.n as u32 } else { value },
            write: |view, _, at, value| {
                if at == common(Common::QueueMsixVector) {
                    view.n = value.into();
                }
                Some(value)
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_USEDNOTIF_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "a queue that is unmapped keeps its vector",
        fault: Fault {
            write: |_, _, at, value| {
                if at == common(Common::QueueMsixVector) && value == NONE { None } else { Some(value) }
            },
            ..Fault::NONE
        },
    },
    DeviceMutant {
        requirement: id::PCI_DEV_CFGNOTIF_1,
        probe: "probe-pci",
        bus: Bus::Pci,
        what: "configuration changes that are unmapped keep their vector",
        fault: Fault {
            write: |_, _, at, value| {
                if at == common(Common::ConfigMsixVector) && value == NONE { None } else { Some(value) }
            },
            ..Fault::NONE
        },
    },
];
