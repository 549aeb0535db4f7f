//! The window through configuration space into the BARs (§4.1.4.9.2).

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CfgType, cap};

use super::capability::{Capability, word};
use super::structures::Structures;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{DeviceInfo, Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: configuration access",
    requirements: &[id::PCI_DRV_CFGACCESS_1, id::PCI_DRV_CFGACCESS_2, id::PCI_DRV_CFGACCESS_3],
    make: |info| Window::new(info).map(|checker| Box::new(checker) as _),
};

/// Judged when the window is used: what `bar`, `offset` and `length` are while they are written, in whatever order, is no matter.
struct Window {
    /// Where the capability is.
    at: u16,
    /// `bar`, `id`, padding, `offset`, `length`: the bytes from 4 to 16 of the capability.
    fields: [u8; 12],
    /// Whether any of them was ever written. Until then a read is nobody's use of the window: who lists all of configuration space comes by here.
    set: bool,
    structures: Structures,
}

impl Window {
    fn new(info: &DeviceInfo) -> Option<Self> {
        let pci = info.pci.as_ref()?;
        let at = Capability::list(pci).0.iter().find(|c| c.kind() == Some(CfgType::Pci))?.at;
        let fields = std::array::from_fn(|i| word(pci, at + cap::BAR + i as u16, 1) as u8);
        Some(Self { at, fields, set: false, structures: Structures::new(info) })
    }

    fn field(&self, offset: u16) -> u32 {
        let at = usize::from(offset - cap::BAR);
        self.fields[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    fn write(&mut self, offset: u16, width: u8, value: u64) {
        for i in 0..width.min(8) {
            let at = offset.saturating_add(u16::from(i)).checked_sub(self.at + cap::BAR);
            if let Some(byte) = at.and_then(|at| self.fields.get_mut(usize::from(at))) {
                *byte = (value >> (8 * i)) as u8;
                self.set = true;
            }
        }
    }

    fn used(&self, event: &Event, verdicts: &mut Verdicts) {
        let (bar, offset, length) = (self.fields[0], self.field(cap::OFFSET), self.field(cap::LENGTH));
        let seen = || format!("bar {bar}, offset {offset:#x}, length {length}");
        if matches!(length, 1 | 2 | 4) {
            for rule in [id::PCI_DRV_CFGACCESS_1, id::PCI_DRV_CFGACCESS_2] {
                if offset.is_multiple_of(length) {
                    verdicts.pass(rule);
                } else {
                    verdicts.violate(rule, event, "the window's offset is a multiple of its length", seen());
                }
            }
        }
        if matches!(length, 1 | 2 | 4) && self.structures.holds(bar, offset.into(), length.into()) {
            verdicts.pass(id::PCI_DRV_CFGACCESS_3);
        } else {
            let expected = "the window is used only where it addresses 1, 2 or 4 bytes of a structure";
            verdicts.violate(id::PCI_DRV_CFGACCESS_3, event, expected, seen());
        }
    }
}

impl Checker for Window {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let EventKind::PciConfig { write, offset, width, value } = event.kind else { return };
        if write {
            self.write(offset, width, value);
        }
        let data = self.at + cap::PCI_CFG_DATA;
        let touched = offset < data + 4 && data < offset.saturating_add(width.into());
        if touched && (write || self.set) {
            self.used(event, verdicts);
        }
    }
}
