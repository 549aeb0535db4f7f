//! Fields are accessed at their own width (§4.1.3.1).

use parakit_abi::device::{ConfigField, DeviceType, config_fields};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CfgType, Common};

use super::structures::Structures;
use crate::judge::core_config::touched;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: access widths",
    requirements: &[id::PCI_DRV_LAYOUT_1],
    make: |info| {
        info.pci.as_ref()?;
        let fields = config_fields(DeviceType(info.device_type)).unwrap_or_default();
        Some(Box::new(Widths { structures: Structures::new(info), fields }))
    },
};

struct Widths {
    structures: Structures,
    /// Of the device type; empty where it has none, or is not known.
    fields: &'static [ConfigField],
}

/// Whether an access of `width` bytes is made for a field of `size` bytes, `within` bytes from its start.
fn natural(size: u32, within: u64, width: u8) -> bool {
    u32::from(width) == size.min(4) && (within == 0 || size == 8 && within == 4)
}

impl Checker for Widths {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let EventKind::PciBar { bar, offset, width, .. } = event.kind else { return };
        let Some((structure, at)) = self.structures.at(bar, offset) else { return };
        let (name, size, kept) = match CfgType::from_u8(structure.cfg_type) {
            Some(CfgType::Common) => {
                let Some(field) = Common::at(at) else { return };
                let kept = natural(field.width().into(), at - field.offset(), width);
                (field.name(), u32::from(field.width()), kept)
            }
            Some(CfgType::Device) => {
                let Ok(at) = u32::try_from(at) else { return };
                let wrong = |f: &&ConfigField| at < f.offset || !natural(f.width, u64::from(at - f.offset), width);
                let fields = || touched(self.fields, at, width);
                let Some(field) = fields().find(wrong).or_else(|| fields().next()) else { return };
                (field.name, field.width, !wrong(&field))
            }
            _ => return,
        };
        if kept {
            verdicts.pass(id::PCI_DRV_LAYOUT_1);
        } else {
            let expected = "a field is accessed at its own width, one of 64 bits by halves";
            let seen = format!("{name} ({size} bytes) accessed with {width} bytes at {at:#x}");
            verdicts.violate(id::PCI_DRV_LAYOUT_1, event, expected, seen);
        }
    }
}
