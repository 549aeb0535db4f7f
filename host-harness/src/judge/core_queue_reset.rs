//! CORE and MMIO: reset of one queue (VIRTIO 1.4 §2.6.1, §4.2.2.2), with `VIRTIO_F_RING_RESET`.

use std::collections::{BTreeMap, BTreeSet};

use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;

use super::progress::{Progress, finished};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "core_queue_reset",
    requirements: &[id::CORE_DRV_QRESET_1, id::CORE_DRV_QREENABLE_1, id::MMIO_DRV_REGS_21],
    make: |info| Some(Box::new(QueueReset { progress: Progress::new(info), selected: 0, queues: BTreeMap::new() })),
}];

struct QueueReset {
    progress: Progress,
    selected: u32,
    queues: BTreeMap<u32, Queue>,
}

#[derive(Default)]
struct Queue {
    /// Registers written for the queue since it was last enabled, or reset.
    written: BTreeSet<Register>,
    /// Registers that were written before the queue was first enabled: what its configuration takes.
    first: Option<BTreeSet<Register>>,
    reset: Option<Reset>,
}

/// A queue reset that was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reset {
    /// `QueueReset` was not read since.
    Asked,
    /// Read as not complete.
    Ongoing,
    /// Read as 0.
    Complete,
}

impl QueueReset {
    /// The driver uses the queue again: sets it up or enables it. For a queue under reset that must have waited.
    fn use_again(&mut self, index: u32, event: &Event, verdicts: &mut Verdicts) {
        let Some(queue) = self.queues.get_mut(&index) else { return };
        match queue.reset {
            None | Some(Reset::Complete) => return,
            Some(Reset::Asked) => unverified(index, event, verdicts),
            Some(Reset::Ongoing) => {}
        }
        let seen = format!("queue {index} is used again, and QueueReset has not read 0");
        verdicts.violate(id::MMIO_DRV_REGS_21, event, "a queue reset is complete when QueueReset reads 0", seen);
        // Told once.
        queue.reset = Some(Reset::Complete);
    }

    fn enable(&mut self, index: u32, event: &Event, verdicts: &mut Verdicts) {
        self.use_again(index, event, verdicts);
        let queue = self.queues.entry(index).or_default();
        let written = std::mem::take(&mut queue.written);
        match (&queue.first, queue.reset.take()) {
            (Some(first), Some(_)) => {
                let missing: Vec<_> = first.difference(&written).map(|r| r.name()).collect();
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
            verdicts.pass(id::MMIO_DRV_REGS_21);
            *reset = Reset::Complete;
        }
    }
}

fn unverified(index: u32, event: &Event, verdicts: &mut Verdicts) {
    let seen = format!("QueueReset of queue {index} was not read after it was written");
    verdicts.violate(id::CORE_DRV_QRESET_1, event, "the driver makes sure that the queue was reset", seen);
}

impl Checker for QueueReset {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::Register { write: true, offset, value, .. } => match Register::at(offset) {
                Some(Register::QueueSel) => self.selected = value as u32,
                Some(register) if register.is_queue_setup() => {
                    self.use_again(self.selected, event, verdicts);
                    self.queues.entry(self.selected).or_default().written.insert(register);
                }
                _ => {}
            },
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::QueueResetWrite { queue, value: 1 } if self.progress.negotiated(RING_RESET) => {
                let queue = self.queues.entry(queue).or_default();
                queue.written.clear();
                queue.reset = Some(Reset::Asked);
            }
            EventKind::QueueResetRead { queue, value } => self.read(queue, value, verdicts),
            EventKind::QueueReadyWrite { queue, value: 1 } => self.enable(queue, event, verdicts),
            ref kind if finished(kind) => {
                for (index, _) in self.queues.iter().filter(|(_, q)| q.reset == Some(Reset::Asked)) {
                    unverified(*index, event, verdicts);
                }
            }
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
