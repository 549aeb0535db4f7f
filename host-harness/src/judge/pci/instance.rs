//! Of several structures of a type the first is used (§4.1.4.1).

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::{CfgType, cap};

use super::capability::Capability;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{DeviceInfo, Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: first instance",
    requirements: &[id::PCI_DRV_CAP_2],
    make: |info| {
        let checker = First { groups: groups(info), wrong: false };
        (!checker.groups.is_empty()).then(|| Box::new(checker) as _)
    },
};

struct First {
    /// Types with several structures: all of them, in the order of the list, the first of which a driver can use.
    groups: Vec<Vec<Capability>>,
    wrong: bool,
}

fn groups(info: &DeviceInfo) -> Vec<Vec<Capability>> {
    let Some(pci) = &info.pci else { return Vec::new() };
    let list = Capability::list(pci).0;
    [CfgType::Common, CfgType::Notify, CfgType::Isr, CfgType::Device]
        .into_iter()
        .map(|kind| list.iter().filter(|c| c.kind() == Some(kind) && c.bar <= cap::LAST_BAR).copied().collect())
        .filter(|group: &Vec<Capability>| group.len() > 1 && group[0].is_usable(pci))
        .collect()
}

impl Checker for First {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::PciBar { bar, offset, .. } => {
                let later = |group: &&Vec<Capability>| {
                    !group[0].covers(bar, offset) && group[1..].iter().any(|c| c.covers(bar, offset))
                };
                // A place that belongs to the first structure of another type is where it belongs.
                let first = self.groups.iter().any(|group| group[0].covers(bar, offset));
                if let Some(group) = self.groups.iter().find(later).filter(|_| !first && !self.wrong) {
                    self.wrong = true;
                    let seen = format!(
                        "offset {offset:#x} of BAR {bar} accessed; the first structure of type {} is at {:#x} of BAR {}",
                        group[0].cfg_type, group[0].offset, group[0].bar
                    );
                    verdicts.violate(id::PCI_DRV_CAP_2, event, "the first structure of each type is used", seen);
                }
            }
            EventKind::StatusWrite { value }
                if DeviceStatus(value).contains(DeviceStatus::DRIVER_OK) && !self.wrong =>
            {
                verdicts.pass(id::PCI_DRV_CAP_2);
            }
            _ => {}
        }
    }
}
