//! The common configuration structure (§4.1.4.3.2).

use std::collections::{BTreeMap, BTreeSet};

use parakit_abi::feature::RING_PACKED;
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{CfgType, Common};

use super::structures::Structures;
use crate::judge::progress::Progress;
use crate::judge::set_up::SetUp;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: common configuration",
    requirements: &[
        id::PCI_DRV_COMMON_1,
        id::PCI_DRV_COMMON_2,
        id::PCI_DRV_COMMON_3,
        id::PCI_DRV_COMMON_4,
        id::PCI_DRV_COMMON_6,
    ],
    make: |info| {
        info.pci.as_ref()?;
        Some(Box::new(Configuration {
            structures: Structures::new(info),
            progress: Progress::new(info),
            set_up: SetUp::new(info),
            queues: BTreeMap::new(),
        }))
    },
};

struct Configuration {
    structures: Structures,
    progress: Progress,
    set_up: SetUp,
    queues: BTreeMap<u32, Queue>,
}

#[derive(Default)]
struct Queue {
    written: BTreeSet<&'static str>,
    enabled: bool,
}

/// What a queue cannot be enabled without. The size may stay as it is, interrupts may be left unmapped.
const NEEDED: [&str; 3] = ["queue_desc", "queue_driver", "queue_device"];

/// The fields that the rule names. The administration queues' are not among them.
const READ_ONLY: [Common; 5] = [
    Common::DeviceFeature,
    Common::NumQueues,
    Common::ConfigGeneration,
    Common::QueueNotifyOff,
    Common::QueueNotifConfigData,
];

impl Configuration {
    fn write(&self, at: u64, width: u8, event: &Event, verdicts: &mut Verdicts) {
        let field = (at..at + u64::from(width)).filter_map(Common::at).find(|field| READ_ONLY.contains(field));
        match field {
            Some(field) => {
                let seen = format!("{} written by {width} bytes at {at:#x}", field.name());
                verdicts.violate(id::PCI_DRV_COMMON_1, event, "a field that is read-only is not written", seen);
            }
            None => verdicts.pass(id::PCI_DRV_COMMON_1),
        }
    }

    fn size(&self, queue: u32, value: u32, event: &Event, verdicts: &mut Verdicts) {
        let (rule, kept, expected) = if self.progress.negotiated(RING_PACKED) {
            (id::PCI_DRV_COMMON_2, value != 0, "the size of a packed queue is not written as 0")
        } else {
            (id::PCI_DRV_COMMON_3, value.is_power_of_two(), "the size of a split queue is a power of two")
        };
        if kept {
            verdicts.pass(rule);
        } else {
            verdicts.violate(rule, event, expected, format!("queue {queue}: queue_size {value} written"));
        }
    }

    fn enable(&mut self, queue: u32, event: &Event, verdicts: &mut Verdicts) {
        let q = self.queues.entry(queue).or_default();
        let missing: Vec<_> = NEEDED.into_iter().filter(|part| !q.written.contains(part)).collect();
        if missing.is_empty() {
            verdicts.pass(id::PCI_DRV_COMMON_4);
        } else {
            let seen = format!("queue {queue} is enabled without {} written", missing.join(", "));
            verdicts.violate(id::PCI_DRV_COMMON_4, event, "a queue is set up before it is enabled", seen);
        }
        q.enabled = true;
    }
}

impl Checker for Configuration {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::PciBar { write: true, bar, offset, width, .. } = event.kind
            && let Some(at) = self.structures.offset(CfgType::Common, bar, offset)
        {
            self.write(at, width, event, verdicts);
        }
        if let Some((queue, parts)) = self.set_up.event(event) {
            let q = self.queues.entry(queue).or_default();
            if q.enabled {
                let seen = format!("{} of queue {queue} written after it was enabled", parts.join(", "));
                verdicts.violate(id::PCI_DRV_COMMON_4, event, "a queue is set up before it is enabled", seen);
                // Told once.
                q.enabled = false;
            }
            q.written.extend(parts);
        }
        match event.kind {
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::QueueSizeWrite { queue, value } => self.size(queue, value, event, verdicts),
            EventKind::QueueReadyWrite { queue, value: 0 } => {
                let seen = format!("0 written to queue_enable of queue {queue}");
                verdicts.violate(id::PCI_DRV_COMMON_6, event, "queue_enable is never written as 0", seen);
            }
            EventKind::QueueReadyWrite { queue, .. } => {
                verdicts.pass(id::PCI_DRV_COMMON_6);
                self.enable(queue, event, verdicts);
            }
            // Whether it waits until the reset is complete is the matter of another rule.
            EventKind::QueueResetWrite { queue, value: 1 } => {
                self.queues.remove(&queue);
            }
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
