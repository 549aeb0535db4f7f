//! MMIO: setting queues up and stopping them (VIRTIO 1.4 §4.2.2.2).

use std::collections::BTreeMap;

use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::Register;

use super::progress::{Progress, finished};
use super::transport::is_mmio;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "mmio_queue",
    requirements: &[id::MMIO_DRV_REGS_14, id::MMIO_DRV_REGS_15, id::MMIO_DRV_REGS_16, id::MMIO_DRV_REGS_17],
    make: |info| {
        if !is_mmio(info) {
            return None;
        }
        let max = info.queue_max.iter().map(|max| u32::from(*max)).collect();
        Some(Box::new(Queues { progress: Progress::new(info), max, selected: 0, queues: BTreeMap::new() }))
    },
}];

struct Queues {
    progress: Progress,
    /// Largest sizes, as announced.
    max: Vec<u32>,
    selected: u32,
    queues: BTreeMap<u32, Queue>,
}

#[derive(Default)]
struct Queue {
    /// Largest size, as the driver read it.
    max: Option<u32>,
    /// Whether QueueReady is not zero.
    ready: bool,
    /// A reset of the queue was asked for, and QueueReady not read since: the device may have cleared it (§4.2.2.1).
    resetting: bool,
    /// Whether it was set up anew while ready.
    changed: bool,
    /// QueueReady was written as 0 and not read since.
    stopping: bool,
}

impl Queues {
    fn queue(&mut self, index: u32) -> &mut Queue {
        self.queues.entry(index).or_default()
    }

    /// An access to a register that describes the selected queue.
    fn set_up(&mut self, register: Register, write: bool, event: &Event, verdicts: &mut Verdicts) {
        let index = self.selected;
        self.unread(index, event, verdicts);
        let queue = self.queue(index);
        if queue.resetting {
            // Whether it waits for that is the matter of other rules.
        } else if queue.ready {
            queue.changed |= write;
            let seen = format!("{} of queue {index} accessed while its QueueReady is 1", register.name());
            let expected = "the set-up of a queue is left alone while QueueReady is set";
            verdicts.violate(id::MMIO_DRV_REGS_15, event, expected, seen);
        } else {
            verdicts.pass(id::MMIO_DRV_REGS_15);
        }
    }

    fn size(&mut self, index: u32, value: u32, event: &Event, verdicts: &mut Verdicts) {
        let announced = self.max.get(index as usize).copied().unwrap_or(0);
        let max = self.queue(index).max.unwrap_or(announced);
        if value <= max {
            verdicts.pass(id::MMIO_DRV_REGS_14);
        } else {
            let seen = format!("QueueSize {value} for queue {index}, whose QueueSizeMax is {max}");
            verdicts.violate(id::MMIO_DRV_REGS_14, event, "QueueSize is at most QueueSizeMax", seen);
        }
    }

    fn ready(&mut self, index: u32, ready: bool, event: &Event, verdicts: &mut Verdicts) {
        if ready {
            self.unread(index, event, verdicts);
        }
        let queue = self.queue(index);
        match (queue.ready, ready) {
            (true, false) => {
                queue.stopping = true;
                verdicts.pass(id::MMIO_DRV_REGS_16);
            }
            // Enabled a second time, with another set-up: the driver has stopped using the queue as it was.
            (true, true) if queue.changed => {
                let seen = format!("queue {index} was set up anew and enabled again while its QueueReady was 1");
                verdicts.violate(id::MMIO_DRV_REGS_16, event, "a queue is stopped by writing 0 to QueueReady", seen);
            }
            _ => {}
        }
        queue.ready = ready;
        queue.resetting = false;
        queue.changed = false;
    }

    /// The driver goes on with a queue that it stopped: it must have read QueueReady.
    fn unread(&mut self, index: u32, event: &Event, verdicts: &mut Verdicts) {
        if std::mem::take(&mut self.queue(index).stopping) {
            let seen = format!("queue {index} is set up again, and QueueReady was not read after it was written as 0");
            let expected = "QueueReady is read back after a queue was stopped";
            verdicts.violate(id::MMIO_DRV_REGS_17, event, expected, seen);
        }
    }
}

impl Checker for Queues {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::Register { write, offset, value, .. } => match Register::at(offset) {
                Some(Register::QueueSel) if write => self.selected = value as u32,
                Some(register) if register.is_queue_setup() => self.set_up(register, write, event, verdicts),
                _ => {}
            },
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::QueueSizeMaxRead { queue, value } => self.queue(queue).max = Some(value),
            EventKind::QueueSizeWrite { queue, value } => self.size(queue, value, event, verdicts),
            EventKind::QueueReadyWrite { queue, value } => self.ready(queue, value & 1 != 0, event, verdicts),
            EventKind::QueueReadyRead { queue, value } => {
                let queue = self.queue(queue);
                queue.ready = value != 0;
                queue.resetting &= queue.ready;
                if std::mem::take(&mut queue.stopping) {
                    verdicts.pass(id::MMIO_DRV_REGS_17);
                }
            }
            // A queue reset leaves QueueReady at 0 (§4.2.2.1).
            EventKind::QueueResetRead { queue, value: 0 } => {
                let queue = self.queue(queue);
                queue.ready &= !queue.resetting;
                queue.resetting = false;
            }
            EventKind::QueueResetWrite { queue, value: 1 } if self.progress.negotiated(RING_RESET) => {
                self.queue(queue).resetting = true;
            }
            ref kind if finished(kind) => {
                let stopping: Vec<u32> = self.queues.iter().filter(|(_, q)| q.stopping).map(|(i, _)| *i).collect();
                stopping.into_iter().for_each(|index| self.unread(index, event, verdicts));
            }
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
