//! The index of the available ring (§2.7.6.1).

use std::collections::BTreeMap;

use parakit_abi::requirement::id;

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "split: available index",
    requirements: &[id::VQ_SPLIT_DRV_AVAIL_1],
    make: |info| Some(Box::new(Index { track: Track::new(info), queues: BTreeMap::new() })),
};

struct Index {
    track: Track,
    queues: BTreeMap<u16, Queue>,
}

struct Queue {
    size: u16,
    /// Whether the index started at 0. Otherwise its first move is from where the device starts, not from where it was.
    known: bool,
}

impl Checker for Index {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                self.queues.insert(info.queue, Queue { size: info.size, known: info.avail_idx == Some(0) });
            }
            EventKind::AvailIdx { queue, old, new } if self.track.split() => {
                let Some(q) = self.queues.get_mut(queue) else { return };
                if std::mem::replace(&mut q.known, true) {
                    moved(event, *queue, q.size, [*old, *new], verdicts);
                }
            }
            _ => {}
        }
    }
}

/// A queue cannot have more chains in flight than entries, so an index that seems to move on by more has moved back.
fn moved(event: &Event, queue: u16, size: u16, [old, new]: [u16; 2], verdicts: &mut Verdicts) {
    if new.wrapping_sub(old) <= size {
        verdicts.pass(id::VQ_SPLIT_DRV_AVAIL_1);
    } else {
        verdicts.violate(
            id::VQ_SPLIT_DRV_AVAIL_1,
            event,
            format!("the available index of queue {queue} ({size} entries) only moves forward, and by no more than its entries"),
            format!(
                "it went from {old} to {new}: {} back, or {} on",
                old.wrapping_sub(new),
                new.wrapping_sub(old)
            ),
        );
    }
}
