//! What a notification says of the descriptor to come, with `VIRTIO_F_NOTIFICATION_DATA` (§2.8.16, §2.9).
//!
//! When a notification comes, the device has not yet looked at what it is about: the place that it names is held against what the next look
//! finds. It may lie before that, since more may have been published in the meantime; and a CPU that is held up between publishing and
//! notifying, or an interrupt handler that publishes in between, makes the other one's notification a late one, which names a place of long ago.
//! So a place where some list ended, in either round, is let pass unless that is all that the driver ever names. A place that no list has come to
//! is wrong at once.

use std::collections::{BTreeMap, BTreeSet};

use parakit_abi::feature::NOTIFICATION_DATA;
use parakit_abi::requirement::id;
use parakit_abi::ring::packed::Position;

use super::run::Runs;
use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Chain, Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: notification data",
    requirements: &[id::VQ_PACKED_DRV_DESC_3],
    make: |info| Some(Box::new(KickData { track: Track::new(info), runs: Runs::default(), queues: BTreeMap::new() })),
};

struct KickData {
    track: Track,
    runs: Runs,
    queues: BTreeMap<u16, Queue>,
}

struct Queue {
    size: u16,
    /// Descriptors that looks have found available so far.
    found: u64,
    /// The same as it was when the last notification came.
    before: u64,
    /// Notifications after which no look has found anything yet.
    open: Vec<Open>,
    /// Where lists ended, in the last two rounds: after that places come again.
    ends: BTreeSet<u16>,
    /// Where the next list begins.
    next: Position,
    /// Notifications, one after the other, that named a place of before the last notification.
    late: u64,
}

struct Open {
    event: Event,
    names: Position,
    /// How many descriptors may have been available at least.
    from: u64,
}

/// Notifications kept per queue. Whoever sends more of them without publishing anything has said the same again and again.
const MOST: usize = 16;
/// Late notifications in a row that are no coincidence: as many CPUs would have had to be held up, and to go on in a row.
const LATE: u64 = 8;

const EXPECTED: &str = "a notification names the next descriptor that is not available, and its wrap counter";

impl Queue {
    fn new(size: u16) -> Self {
        let (ends, next) = (BTreeSet::new(), Position::START);
        Self { size, found: 0, before: 0, open: Vec::new(), ends, next, late: 0 }
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

    /// A list was found available.
    fn listed(&mut self, chain: &Chain) {
        let count = chain.links.iter().filter(|l| !l.indirect).count().clamp(1, self.size.into());
        // What ended within it two rounds ago did so before.
        for _ in 0..count {
            self.next = self.next.after(1, self.size);
            self.ends.remove(&self.next.to_bits());
        }
        self.ends.insert(self.next.to_bits());
    }

    /// A look has found so many more descriptors available.
    fn looked(&mut self, count: u64, verdicts: &mut Verdicts) {
        self.found += count;
        for Open { event, names, from } in std::mem::take(&mut self.open) {
            if names == self.next {
                self.late = 0;
                verdicts.pass(id::VQ_PACKED_DRV_DESC_3);
            } else if self.first(names, from) <= self.found {
                self.late = 0;
            } else {
                self.elsewhere(&event, names, verdicts);
            }
        }
    }

    /// A notification named a place that the driver has not come to since the last one.
    fn elsewhere(&mut self, event: &Event, names: Position, verdicts: &mut Verdicts) {
        let at = |p: Position| format!("offset {} wrap {}", p.index, u8::from(p.wrap));
        let mut seen = format!("{}, and the next descriptor was {}", at(names), at(self.next));
        if self.ends.contains(&names.to_bits()) {
            self.late += 1;
            if self.late < LATE {
                return;
            }
            seen = format!("{seen}; {} notifications in a row named places of long ago", self.late);
        }
        verdicts.violate(id::VQ_PACKED_DRV_DESC_3, event, EXPECTED, seen);
    }
}

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
                self.queues.insert(info.queue, Queue::new(info.size.max(1)));
            }
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::Available(ref chain) if judged => {
                if let Some(queue) = self.queues.get_mut(&chain.queue) {
                    queue.listed(chain);
                }
            }
            EventKind::NotifyData { queue, next } if judged => {
                if let Some(q) = u16::try_from(queue).ok().and_then(|queue| self.queues.get_mut(&queue)) {
                    q.notified(event, Position::from_bits(next), verdicts);
                }
            }
            _ => {}
        }
    }
}
