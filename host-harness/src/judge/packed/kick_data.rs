//! What a notification says of the descriptor to come, with `VIRTIO_F_NOTIFICATION_DATA` (§2.8.16, §2.9).
//!
//! When a notification comes, the device has not yet looked at what it is about. The place that it names lies no further than what the next look
//! finds, and not before what an earlier notification was about: several CPUs may notify one after the other of what they published the
//! other way round.

use std::collections::HashMap;

use parakit_abi::feature::NOTIFICATION_DATA;
use parakit_abi::requirement::id;
use parakit_abi::ring::packed::Position;

use super::run::Runs;
use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: notification data",
    requirements: &[id::VQ_PACKED_DRV_DESC_3],
    make: |info| Some(Box::new(KickData { track: Track::new(info), runs: Runs::default(), queues: HashMap::new() })),
};

struct KickData {
    track: Track,
    runs: Runs,
    queues: HashMap<u16, Queue>,
}

struct Queue {
    size: u16,
    /// Descriptors that looks have found available so far.
    found: u64,
    /// The same as it was when the last notification came.
    before: u64,
    /// Notifications after which no look has found anything yet.
    open: Vec<Open>,
}

struct Open {
    event: Event,
    names: Position,
    /// How many descriptors may have been available at least.
    from: u64,
}

/// Notifications kept per queue. Whoever sends more of them without publishing anything has said the same again and again.
const MOST: usize = 16;

impl Queue {
    /// The position behind so many descriptors.
    fn position(&self, count: u64) -> Position {
        let size = u64::from(self.size);
        Position { index: (count % size) as u16, wrap: (count / size).is_multiple_of(2) }
    }

    /// The first count of descriptors, from `from` on, behind which a position lies: two rounds later it comes again.
    fn first(&self, position: Position, from: u64) -> u64 {
        let rounds = 2 * u64::from(self.size);
        let place = u64::from(position.index) + if position.wrap { 0 } else { u64::from(self.size) };
        from + (place + rounds - from % rounds) % rounds
    }

    fn notified(&mut self, event: &Event, names: Position, verdicts: &mut Verdicts) {
        let from = std::mem::replace(&mut self.before, self.found);
        if names.index >= self.size {
            let seen = format!("offset {} of a ring of {}", names.index, self.size);
            verdicts.violate(id::VQ_PACKED_DRV_DESC_3, event, EXPECTED, seen);
        } else if self.open.len() < MOST {
            self.open.push(Open { event: event.clone(), names, from });
        }
    }

    /// A look has found so many more descriptors available.
    fn looked(&mut self, count: u64, verdicts: &mut Verdicts) {
        self.found += count;
        let next = self.position(self.found);
        for Open { event, names, from } in std::mem::take(&mut self.open) {
            if names == next {
                verdicts.pass(id::VQ_PACKED_DRV_DESC_3);
            } else if self.first(names, from) > self.found {
                let at = |p: Position| format!("offset {} wrap {}", p.index, u8::from(p.wrap));
                let seen = format!("{}, and the next descriptor was {}", at(names), at(next));
                verdicts.violate(id::VQ_PACKED_DRV_DESC_3, &event, EXPECTED, seen);
            }
        }
    }
}

const EXPECTED: &str = "a notification names the next descriptor that is not available, and its wrap counter";

impl Checker for KickData {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        let judged = self.track.packed() && self.track.has(NOTIFICATION_DATA);
        if let Some(run) = self.runs.event(&event.kind)
            && judged
            && let Some(queue) = self.queues.get_mut(&run.queue)
        {
            queue.looked(run.count, verdicts);
        }
        match event.kind {
            EventKind::QueueEnabled(ref info) => {
                let size = info.size.max(1);
                let queue = Queue { size, found: 0, before: 0, open: Vec::new() };
                self.queues.insert(info.queue, queue);
            }
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::NotifyData { queue, next } if judged => {
                if let Some(q) = u16::try_from(queue).ok().and_then(|queue| self.queues.get_mut(&queue)) {
                    q.notified(event, Position::from_bits(next), verdicts);
                }
            }
            _ => {}
        }
    }
}
