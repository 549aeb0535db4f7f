//! CORE, MMIO and PCI: reset of one queue (VIRTIO 1.4 §2.6.1, §4.2.2.2, §4.1.4.3.2), with `VIRTIO_F_RING_RESET`.

use std::collections::{BTreeMap, BTreeSet};

use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::{RequirementId, id};

use super::progress::{Progress, finished};
use super::set_up::SetUp;
use super::transport::{is_mmio, is_pci};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "core_queue_reset",
    requirements: &[id::CORE_DRV_QRESET_1, id::CORE_DRV_QREENABLE_1, id::MMIO_DRV_REGS_21, id::PCI_DRV_COMMON_7],
    make: |info| {
        let complete = if is_mmio(info) {
            id::MMIO_DRV_REGS_21
        } else if is_pci(info) {
            id::PCI_DRV_COMMON_7
        } else {
            return None;
        };
        Some(Box::new(QueueReset::new(info, complete)))
    },
}];

struct QueueReset {
    progress: Progress,
    set_up: SetUp,
    queues: BTreeMap<u32, Queue>,
    /// The transport's rule about when a queue reset is complete.
    complete: RequirementId,
}

#[derive(Default)]
struct Queue {
    /// Parts of the queue's configuration written since it was last enabled, or reset.
    written: BTreeSet<&'static str>,
    /// Parts that were written before the queue was first enabled: what its configuration takes.
    first: Option<BTreeSet<&'static str>>,
    reset: Option<Reset>,
}

/// A queue reset that was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reset {
    /// Its state was not read since.
    Asked,
    /// Read as not complete.
    Ongoing,
    /// Read as 0.
    Complete,
}

impl QueueReset {
    fn new(info: &DeviceInfo, complete: RequirementId) -> Self {
        Self { progress: Progress::new(info), set_up: SetUp::new(info), queues: BTreeMap::new(), complete }
    }

    /// The driver uses the queue again: sets it up or enables it. For a queue under reset that must have waited.
    fn use_again(&mut self, index: u32, event: &Event, verdicts: &mut Verdicts) {
        let Some(queue) = self.queues.get_mut(&index) else { return };
        let seen = match queue.reset {
            None | Some(Reset::Complete) => return,
            // Whoever has not looked at all goes by nothing: that is the one rule. Whoever looked and saw it going on, the other.
            Some(Reset::Asked) => return unverified(queue, index, event, verdicts),
            Some(Reset::Ongoing) => format!("queue {index} is used again, and its reset state has not read 0"),
        };
        let expected = "a queue reset is complete when the reset state of the queue reads 0";
        verdicts.violate(self.complete, event, expected, seen);
        // Told once.
        queue.reset = Some(Reset::Complete);
    }

    fn enable(&mut self, index: u32, event: &Event, verdicts: &mut Verdicts) {
        self.use_again(index, event, verdicts);
        let queue = self.queues.entry(index).or_default();
        let written = std::mem::take(&mut queue.written);
        match (&queue.first, queue.reset.take()) {
            (Some(first), Some(_)) => {
                let missing: Vec<_> = first.difference(&written).copied().collect();
                if missing.is_empty() {
                    verdicts.pass(id::CORE_DRV_QREENABLE_1);
                } else {
                    verdicts.violate(
                        id::CORE_DRV_QREENABLE_1,
                        event,
                        "a queue that was reset is set up as at first before it is enabled again",
                        format!("queue {index} is enabled without {} written since its reset", missing.join(", ")),
                    );
                }
            }
            (None, _) => queue.first = Some(written),
            (Some(_), None) => {}
        }
    }

    fn read(&mut self, index: u32, value: u32, verdicts: &mut Verdicts) {
        let Some(reset) = self.queues.get_mut(&index).and_then(|q| q.reset.as_mut()) else { return };
        if *reset == Reset::Asked {
            verdicts.pass(id::CORE_DRV_QRESET_1);
            *reset = Reset::Ongoing;
        }
        if value == 0 && *reset == Reset::Ongoing {
            verdicts.pass(self.complete);
            *reset = Reset::Complete;
        }
    }
}

fn unverified(queue: &mut Queue, index: u32, event: &Event, verdicts: &mut Verdicts) {
    let seen = format!("the reset state of queue {index} was not read after its reset was asked for");
    verdicts.violate(id::CORE_DRV_QRESET_1, event, "the driver makes sure that the queue was reset", seen);
    queue.reset = Some(Reset::Complete);
}

impl Checker for QueueReset {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let Some((queue, parts)) = self.set_up.event(event) {
            self.use_again(queue, event, verdicts);
            // Over PCI the size may be left as it is: it is the largest again (§4.1.5.1.3).
            self.queues.entry(queue).or_default().written.extend(parts.into_iter().filter(|p| *p != "queue_size"));
        }
        match event.kind {
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::QueueResetWrite { queue, value: 1 } if self.progress.negotiated(RING_RESET) => {
                let queue = self.queues.entry(queue).or_default();
                queue.written.clear();
                queue.reset = Some(Reset::Asked);
            }
            EventKind::QueueResetRead { queue, value } => self.read(queue, value, verdicts),
            EventKind::QueueReadyWrite { queue, value: 1 } => self.enable(queue, event, verdicts),
            ref kind if finished(kind) => {
                for (index, queue) in self.queues.iter_mut().filter(|(_, q)| q.reset == Some(Reset::Asked)) {
                    unverified(queue, *index, event, verdicts);
                }
            }
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
