//! Mapping interrupts to MSI-X vectors (§4.1.5.1.2.2).

use std::collections::BTreeMap;

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::NO_VECTOR;

use super::capability::Unusual;
use crate::judge::feature_bits;
use crate::judge::progress::{Agreement, Progress, finished};
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{DeviceInfo, Event, EventKind};
use crate::oddity::OddityKind;

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: msi-x vectors",
    requirements: &[id::PCI_DRV_MSIX_1, id::PCI_DRV_MSIX_4, id::PCI_DRV_MSIX_5],
    make: |info| Vectors::new(info).map(|checker| Box::new(checker) as _),
};

/// Whether the function has fewer vectors than one for each queue and one for the configuration.
pub(super) fn few(info: &DeviceInfo) -> bool {
    let vectors = info.pci.as_ref().map_or(0, |pci| usize::from(pci.msix_vectors));
    vectors > 0 && vectors < info.queue_max.iter().filter(|max| **max > 0).count() + 1
}

/// Departures that make the table small, and do nothing else.
const OF_THE_TABLE: [&str; 2] = [OddityKind::MsixOneVector.name(), OddityKind::MsixTwoVectors.name()];

struct Vectors {
    progress: Progress,
    vectors: u16,
    /// The table size is the one thing that is unusual about the device.
    only_few: bool,
    few: bool,
    enabled: bool,
    /// Since the reset the driver has looked at something else that it might not like: configuration, queue sizes.
    looked: bool,
    /// Mappings that were not read back, by queue.
    unread: BTreeMap<Option<u32>, (Event, u16)>,
}

impl Vectors {
    fn new(info: &DeviceInfo) -> Option<Self> {
        let pci = info.pci.as_ref()?;
        let progress = Progress::new(info);
        let odd = feature_bits::bans(info).iter().any(|(_, bits)| progress.offered.and(*bits).0 != 0);
        // A guest that nobody told to drive the device may give up on it for any reason.
        let only_few = info.assigned && few(info) && Unusual::of(info).is_empty() && !odd;
        Some(Self {
            progress,
            vectors: pci.msix_vectors,
            only_few,
            few: few(info),
            enabled: false,
            looked: false,
            unread: BTreeMap::new(),
        })
    }

    fn mapped(&mut self, queue: Option<u32>, value: u16, event: &Event, verdicts: &mut Verdicts) {
        if value == NO_VECTOR {
            self.unread.remove(&queue);
            return;
        }
        if value < self.vectors {
            verdicts.pass(id::PCI_DRV_MSIX_4);
        } else {
            let seen = format!("vector {value} of {}", self.vectors);
            verdicts.violate(id::PCI_DRV_MSIX_4, event, "only vectors of the MSI-X table are mapped", seen);
        }
        self.unread.insert(queue, (event.clone(), value));
    }

    /// From here on the driver relies on what it has mapped.
    fn relied_on(&mut self, verdicts: &mut Verdicts) {
        for (queue, (event, value)) in std::mem::take(&mut self.unread).into_iter().filter(|_| self.enabled) {
            let what = queue.map_or("configuration changes".to_owned(), |queue| format!("queue {queue}"));
            let seen = format!("vector {value} mapped for {what}, and not read back");
            verdicts.violate(id::PCI_DRV_MSIX_5, &event, "a mapping is read back to see whether it worked", seen);
        }
    }

    fn status(&mut self, value: DeviceStatus, event: &Event, verdicts: &mut Verdicts) {
        let live = self.progress.live();
        let excused = self.progress.vector_refused
            || !self.progress.offered.has(parakit_abi::feature::VERSION_1)
            || self.progress.shown.is_some_and(|s| s.contains(DeviceStatus::DEVICE_NEEDS_RESET));
        if value.contains(DeviceStatus::FAILED) {
            self.unread.clear();
            // That MSI-X was the reason is sure only of a driver that has agreed on features and looked at nothing else since.
            let agreed = self.progress.agreement == Agreement::Confirmed && !self.looked;
            if self.only_few && self.enabled && agreed && !live && !self.progress.failed() && !excused {
                let seen = format!("FAILED before DRIVER_OK, and nothing is unusual but the {} vectors", self.vectors);
                verdicts.violate(id::PCI_DRV_MSIX_1, event, "a table of any size is good enough", seen);
            }
        } else if value.contains(DeviceStatus::DRIVER_OK) && !live {
            if self.few {
                verdicts.pass(id::PCI_DRV_MSIX_1);
            }
            self.relied_on(verdicts);
        }
    }
}

impl Checker for Vectors {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::MsixControl { enabled, .. } => self.enabled = enabled,
            // Something else is unusual, which a driver may have reason to refuse.
            EventKind::Provoke { ref what } if !OF_THE_TABLE.contains(&what.as_str()) => self.only_few = false,
            EventKind::VectorWrite { queue, value } => self.mapped(queue, value, event, verdicts),
            EventKind::VectorRead { queue, .. } if self.unread.remove(&queue).is_some() => {
                verdicts.pass(id::PCI_DRV_MSIX_5);
            }
            EventKind::ConfigRead { .. } | EventKind::QueueSizeMaxRead { .. } => self.looked = true,
            EventKind::StatusWrite { value: 0 } => {
                self.unread.clear();
                self.looked = false;
            }
            EventKind::StatusWrite { value } => self.status(DeviceStatus(value), event, verdicts),
            ref kind if finished(kind) && self.progress.live() => self.relied_on(verdicts),
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
