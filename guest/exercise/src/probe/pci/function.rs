//! Ids and capabilities (§4.1.1 to §4.1.4).

use alloc::format;

use parakit_abi::device::DeviceType;
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{self as abi, CfgType, MODERN_DEVICE, MODERN_DEVICE_LAST, bar, cap, header};

use super::pci;
use crate::probe::subject::Subject;
use crate::{Env, Failure};

/// Bytes of configuration space that every function has: capabilities lie there.
const SPACE: u16 = 256;
/// Layout of the header, without the bit for several functions.
const HEADER_LAYOUT: u32 = 0x7f;
/// The highest interrupt pin.
const LAST_PIN: u32 = 4;

/// What the function says that it is.
pub(in crate::probe) fn identity<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let (vendor, device) = (pci.config(header::VENDOR_ID, 2), pci.config(header::DEVICE_ID, 2));
    let (revision, subsystem) = (pci.config(header::REVISION_ID, 1), pci.config(header::SUBSYSTEM_ID, 2));
    let (layout, pin) = (pci.config(header::HEADER_TYPE, 1) & HEADER_LAYOUT, pci.config(header::INTERRUPT_PIN, 1));
    s.check(
        id::PCI_DEV_BUS_1,
        layout == 0 && pin <= LAST_PIN && vendor != 0xffff,
        "configuration space begins with the header of a device",
        || format!("header type {layout:#x}, interrupt pin {pin}, vendor {vendor:#06x}"),
    );
    s.check(
        id::PCI_DEV_DISCOVERY_2,
        abi::device_type(vendor as u16, device as u16).is_some(),
        "the device id is 0x1040 and the type, or that of a transitional device",
        || format!("it is {device:#06x}, of vendor {vendor:#06x}"),
    );
    // A transitional device has its legacy interface in BAR 0, in I/O space (§4.1.4.11).
    if pci.config(header::BAR0, 4) & bar::IO != 0 {
        return Ok(());
    }
    let modern = (u32::from(MODERN_DEVICE)..=u32::from(MODERN_DEVICE_LAST)).contains(&device);
    s.check(
        id::PCI_DEV_DISCOVERY_4,
        modern,
        "a device without legacy interface has an id from 0x1040 to 0x107f",
        || format!("it is {device:#06x}"),
    );
    s.check(id::PCI_DEV_DISCOVERY_5, revision >= 1, "a device without legacy interface has revision 1 or more", || {
        format!("it is {revision}")
    });
    s.check(
        id::PCI_DEV_DISCOVERY_6,
        subsystem >= 0x40,
        "a device without legacy interface has a subsystem id of 0x40 or more",
        || format!("it is {subsystem:#06x}"),
    );
    Ok(())
}

/// Which capabilities there are, and where they lead.
pub(in crate::probe) fn capabilities<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    for found in pci.caps() {
        let least = match CfgType::from_u8(found.cfg_type) {
            Some(CfgType::Notify) => cap::NOTIFY_SIZE,
            Some(CfgType::Pci) => cap::PCI_CFG_SIZE,
            Some(CfgType::SharedMemory) => cap::SHM_SIZE,
            Some(CfgType::Vendor) | None => continue,
            Some(_) => cap::SIZE,
        };
        s.check(
            id::PCI_DEV_CAP_1,
            found.len >= least && found.at + u16::from(found.len) <= SPACE,
            "cap_len counts everything that belongs to the capability",
            || format!("cap_len of the one at {:#x}, of type {}, is {}", found.at, found.cfg_type, found.len),
        );
    }
    let present = [
        (CfgType::Common, id::PCI_DEV_COMMON_2, "there is a common configuration capability"),
        (CfgType::Notify, id::PCI_DEV_NOTIFYCAP_1, "there is a notification capability"),
        (CfgType::Isr, id::PCI_DEV_ISR_1, "there is an ISR capability"),
        (CfgType::Pci, id::PCI_DEV_CFGACCESS_1, "there is a configuration access capability"),
        (CfgType::Device, id::PCI_DEV_TXTDEVCFG_1, "a type with configuration has a capability for it"),
    ];
    for (cfg_type, id, expected) in present {
        if cfg_type == CfgType::Device && s.device_type() != DeviceType::BLOCK {
            continue;
        }
        s.check(id, pci.first(cfg_type).is_some(), expected, || "there is none");
    }
    let aligned = [
        (CfgType::Common, id::PCI_DEV_COMMON_1, "the common configuration lies at a multiple of 4"),
        (CfgType::Device, id::PCI_DEV_DEVCFG_1, "the device's configuration lies at a multiple of 4"),
    ];
    for (cfg_type, id, expected) in aligned {
        if let Some(found) = pci.first(cfg_type) {
            s.check(id, found.offset % 4 == 0, expected, || format!("it lies at {:#x}", found.offset));
        }
    }
    Ok(())
}
