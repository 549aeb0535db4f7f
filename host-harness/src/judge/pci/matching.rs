//! A driver takes a function for what it is, whatever is unusual about it (§4.1.2.2, §4.1.4.1).
//!
//! The harness plays the part of the unusual function. Whoever brings it up has kept the rule. Whoever leaves it alone may have no driver for it,
//! or no use; that is told only of a guest that was told to drive it, came to the end of its work, has asked for the ids of the function, and
//! has driven no device at all.

use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::header;

use super::capability::{Capability, Unusual};
use super::structures::Structures;
use crate::judge::progress::finished;
use crate::judge::{Checker, CheckerKind, Run, Verdicts};
use crate::observe::event::{DeviceInfo, Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: matching",
    requirements: &[
        id::PCI_DRV_DISCOVERY_1,
        id::PCI_DRV_DISCOVERY_2,
        id::PCI_DRV_DISCOVERY_3,
        id::PCI_DRV_CAP_1,
        id::PCI_DRV_CAP_3,
        id::PCI_DRV_CAP_4,
        id::PCI_DRV_CAP_6,
    ],
    make: |info| Matching::new(info).map(|checker| Box::new(checker) as _),
};

struct Matching {
    /// What is unusual, and the rules about it.
    rules: Vec<(Unusual, RequirementId)>,
    /// Whether what is unusual leaves no reason to give up.
    sound: bool,
    /// Whether the guest was told to drive it.
    assigned: bool,
    modern: bool,
    /// Memory that only capabilities of reserved types describe.
    reserved: Vec<Capability>,
    structures: Structures,
    told: bool,
    /// The event that asked for the ids.
    asked: bool,
    /// The driver began with a reset that the device has not confirmed: it can do no more.
    resetting: bool,
    /// The end of the guest's work.
    over: Option<Event>,
}

impl Matching {
    fn new(info: &DeviceInfo) -> Option<Self> {
        let pci = info.pci.as_ref()?;
        let unusual = Unusual::of(info);
        let rule = |what: &Unusual| {
            let rule = match what {
                Unusual::TransitionalId => id::PCI_DRV_DISCOVERY_2,
                Unusual::Revision => id::PCI_DRV_DISCOVERY_3,
                Unusual::ReservedType => id::PCI_DRV_CAP_1,
                Unusual::LongCapability => id::PCI_DRV_CAP_3,
                Unusual::ReservedBar => id::PCI_DRV_CAP_4,
                Unusual::LongStructure => id::PCI_DRV_CAP_6,
                Unusual::Several | Unusual::Faulty => return None,
            };
            Some((*what, rule))
        };
        Some(Self {
            rules: unusual.iter().filter_map(rule).collect(),
            sound: !unusual.contains(&Unusual::Faulty),
            assigned: info.assigned,
            modern: !unusual.contains(&Unusual::TransitionalId),
            reserved: Capability::list(pci).0.into_iter().filter(|c| c.kind().is_none() && c.is_usable(pci)).collect(),
            structures: Structures::new(info),
            told: false,
            asked: false,
            resetting: false,
            over: None,
        })
    }

    /// Nothing is where a capability of a reserved type points, as far as a driver knows.
    fn access(&mut self, event: &Event, bar: u8, offset: u64, verdicts: &mut Verdicts) {
        let nowhere = self.structures.at(bar, offset).is_none();
        if nowhere && !self.told && self.reserved.iter().any(|c| c.covers(bar, offset)) {
            self.told = true;
            let expected = "a capability of a reserved type is ignored";
            let seen = format!("offset {offset:#x} of BAR {bar} accessed, which only such a capability describes");
            verdicts.violate(id::PCI_DRV_CAP_1, event, expected, seen);
        }
    }
}

impl Checker for Matching {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::PciConfig { write: false, offset: header::VENDOR_ID | header::DEVICE_ID, .. } => {
                self.asked = true
            }
            EventKind::PciBar { bar, offset, .. } => self.access(event, bar, offset, verdicts),
            EventKind::StatusWrite { value: 0 } => self.resetting = true,
            EventKind::ResetDone => self.resetting = false,
            EventKind::StatusWrite { value } if DeviceStatus(value).contains(DeviceStatus::DRIVER_OK) => {
                let kept = self.rules.iter().map(|(_, rule)| *rule).filter(|r| *r != id::PCI_DRV_CAP_1 || !self.told);
                kept.for_each(|rule| verdicts.pass(rule));
                if self.modern && self.sound {
                    verdicts.pass(id::PCI_DRV_DISCOVERY_1);
                }
            }
            ref kind if finished(kind) => self.over = Some(event.clone()),
            _ => {}
        }
    }

    fn run_end(&mut self, run: &Run, verdicts: &mut Verdicts) {
        let left_alone = self.assigned && self.asked && !self.resetting && !run.driven;
        let Some(over) = self.over.take().filter(|_| left_alone && self.sound) else { return };
        let (rule, what) = match self.rules[..] {
            [] => (id::PCI_DRV_DISCOVERY_1, "nothing is unusual about it".to_owned()),
            [(what, rule)] => (rule, format!("unusual about it is {} alone", what.words())),
            // Which of them it was cannot be told.
            _ => return,
        };
        let seen = format!("the ids were read, {what}, and neither it nor any other device was driven");
        verdicts.violate(rule, &over, "the driver takes the function for the virtio device that it is", seen);
    }
}
