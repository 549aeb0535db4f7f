//! Ways to reach registers: halves of fields, and the window in configuration space (§4.1.3, §4.1.4.9).

use alloc::format;

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CfgType, Common};

use super::pci;
use crate::probe::ring::Ring;
use crate::probe::subject::Subject;
use crate::{Env, Failure};

/// Both halves of a 64-bit field can be reached apart.
pub(in crate::probe) fn halves<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    let ring = Ring::live(s, &[])?;
    pci.set_common(Common::QueueSelect, 0);
    for (field, address) in
        [Common::QueueDesc, Common::QueueDriver, Common::QueueDevice].into_iter().zip(ring.addresses())
    {
        let (low, high) = (pci.common(field), pci.read(CfgType::Common, field.offset() + 4, 4));
        s.check(
            id::PCI_DEV_LAYOUT_1,
            low == address as u32 && high == (address >> 32) as u32,
            "the halves of a 64-bit field are written and read apart",
            || format!("{} was written as {address:#x}, the halves read {low:#x} and {high:#x}", field.name()),
        );
    }
    Ok(())
}

/// What is read and written through the window is what is there.
pub(in crate::probe) fn window<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    s.reset()?;
    for (cfg_type, offset, width) in [
        (CfgType::Common, Common::NumQueues.offset(), 2),
        (CfgType::Common, Common::QueueSize.offset(), 2),
        (CfgType::Common, Common::DeviceStatus.offset(), 1),
        (CfgType::Common, Common::DeviceFeature.offset(), 4),
        (CfgType::Device, 0, 4),
    ] {
        let direct = pci.read(cfg_type, offset, width);
        let Some(seen) = pci.read_through_window(cfg_type, offset as u32, width) else { return Ok(()) };
        s.check(id::PCI_DEV_CFGACCESS_3, seen == direct, "a read of pci_cfg_data is a read behind the BAR", || {
            let place = if matches!(cfg_type, CfgType::Common) { "common" } else { "device" };
            format!("{width} bytes at {offset:#x} of the {place} configuration: {seen:#x}, read directly {direct:#x}")
        });
    }
    for (field, value) in [(Common::DeviceFeatureSelect, 1), (Common::QueueSelect, 3), (Common::DriverFeatureSelect, 1)]
    {
        pci.set_common(field, 0);
        pci.set_common_through_window(field, value);
        let now = pci.common(field);
        s.check(id::PCI_DEV_CFGACCESS_2, now == value, "a write of pci_cfg_data is a write behind the BAR", || {
            format!("{} was written as {value} and reads {now}", field.name())
        });
    }
    Ok(())
}
