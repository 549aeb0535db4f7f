//! Whether the driver notifies the device of available descriptors when it has to (§2.8.10, §2.8.21.3.1); how that is told is in `silence`.
//!
//! The rule is about the barrier before the device area is read. What it is for can be seen: a notification that the device area asks for
//! is not lost.

use std::collections::BTreeMap;

use parakit_abi::requirement::id;
use parakit_abi::ring::packed::{EVENT_FLAGS_DESC, EVENT_FLAGS_ENABLE, EVENT_FLAGS_MASK, Position, event_passed};

use crate::judge::progress::finished;
use crate::judge::silence::{Due, Queue, Words};
use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

use super::run::Runs;

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: available buffer notifications",
    requirements: &[id::VQ_PACKED_DRV_KICK_1],
    make: |info| {
        let track = Track::new(info);
        Some(Box::new(Notifications { track, runs: Runs::default(), queues: BTreeMap::new() }))
    },
};

struct Notifications {
    track: Track,
    runs: Runs,
    queues: BTreeMap<u16, Queue<Area>>,
}

/// The device's event suppression structure.
#[derive(Clone, Copy)]
struct Area {
    event_idx: bool,
    size: u16,
    off_wrap: u16,
    flags: u16,
}

impl Words for Area {
    fn due(&self, old: u16, new: u16) -> Option<Due> {
        let (old, new) = (Position::from_bits(old), Position::from_bits(new));
        let event = Position::from_bits(self.off_wrap);
        if old.index >= self.size {
            return None;
        }
        let wanted = match self.flags & EVENT_FLAGS_MASK {
            EVENT_FLAGS_ENABLE => true,
            EVENT_FLAGS_DESC if self.event_idx => event_passed(event, old, distance(old, new, self.size), self.size),
            _ => false,
        };
        wanted.then(|| Due {
            rule: id::VQ_PACKED_DRV_KICK_1,
            distraction: None,
            ignored: None,
            why: format!(
                "the device area has flags {:#x}, offset {}, wrap {}",
                self.flags,
                event.index,
                u8::from(event.wrap)
            ),
        })
    }
}

/// Descriptors from `old` to `new` in a ring of `size`, at most `size`.
fn distance(old: Position, new: Position, size: u16) -> u16 {
    if old.wrap == new.wrap {
        new.index.saturating_sub(old.index)
    } else {
        size.saturating_sub(old.index).saturating_add(new.index).min(size)
    }
}

impl Checker for Notifications {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        let event_idx = self.track.event_idx();
        let judged = self.track.packed() && self.track.live();
        if let Some(run) = self.runs.event(&event.kind)
            && judged
            && let Some(queue) = self.queues.get_mut(&run.queue)
        {
            queue.advanced(run.from.to_bits(), run.to.to_bits(), verdicts);
        }
        match &event.kind {
            // A run that was cut off may lack a notification that was to come.
            kind if finished(kind)
                || matches!(kind, EventKind::StatusWrite { value: 0 } | EventKind::Started { .. }) =>
            {
                std::mem::take(&mut self.queues).into_iter().for_each(|(_, mut queue)| queue.over(verdicts));
            }
            EventKind::QueueEnabled(info) => {
                self.queues.insert(info.queue, Queue::new(None));
            }
            EventKind::PackedSuppression { queue, device_off_wrap, device_flags, .. } => {
                let size = self.runs.size(*queue);
                if let Some(q) = self.queues.get_mut(queue) {
                    let (off_wrap, flags) = (*device_off_wrap, *device_flags);
                    q.says(Area { event_idx, size, off_wrap, flags });
                }
            }
            EventKind::Notify { queue, count } => {
                if let Some(q) = u16::try_from(*queue).ok().and_then(|queue| self.queues.get_mut(&queue)) {
                    q.notified(*count);
                }
            }
            EventKind::Quiet { queue, seen, avail_idx, .. } if judged => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.quiet(event, *seen, *avail_idx);
                }
            }
            _ => {}
        }
    }
}
