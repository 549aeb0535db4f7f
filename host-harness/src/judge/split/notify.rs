//! Whether the driver notifies the device of available buffers when it has to (§2.7.10.1); how that is told is in `silence`.

use std::collections::BTreeMap;

use parakit_abi::requirement::id;
use parakit_abi::ring::split::USED_F_NO_NOTIFY;

use crate::judge::progress::finished;
use crate::judge::silence::{Due, Queue, Words};
use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "split: available buffer notifications",
    requirements: &[
        id::VQ_SPLIT_DRV_AVAILNOTIF_2,
        id::VQ_SPLIT_DRV_AVAILNOTIF_4,
        id::VQ_SPLIT_DRV_AVAILNOTIF_5,
        id::VQ_SPLIT_DRV_AVAILNOTIF_6,
    ],
    make: |info| Some(Box::new(Notifications { track: Track::new(info), queues: BTreeMap::new() })),
};

struct Notifications {
    track: Track,
    queues: BTreeMap<u16, Queue<SplitWords>>,
}

/// What the device says about notifications.
#[derive(Clone, Copy)]
struct SplitWords {
    event_idx: bool,
    used_flags: u16,
    avail_event: u16,
}

impl SplitWords {
    /// Whether entries `old..new` (free-running) pass `avail_event`.
    fn passes_event(self, old: u16, new: u16) -> bool {
        new.wrapping_sub(self.avail_event).wrapping_sub(1) < new.wrapping_sub(old)
    }
}

impl Words for SplitWords {
    fn due(&self, old: u16, new: u16) -> Option<Due> {
        let Self { event_idx, used_flags, avail_event } = *self;
        let no_notify = used_flags & USED_F_NO_NOTIFY != 0;
        let passes = self.passes_event(old, new);
        if event_idx {
            passes.then(|| Due {
                rule: id::VQ_SPLIT_DRV_AVAILNOTIF_6,
                distraction: no_notify.then_some(id::VQ_SPLIT_DRV_AVAILNOTIF_5),
                ignored: None,
                why: format!("avail_event is {avail_event} and the used ring's flags {used_flags:#x}"),
            })
        } else {
            (used_flags == 0).then(|| Due {
                rule: id::VQ_SPLIT_DRV_AVAILNOTIF_4,
                distraction: None,
                ignored: Some((id::VQ_SPLIT_DRV_AVAILNOTIF_2, passes)),
                why: format!("the used ring's flags are {used_flags:#x}"),
            })
        }
    }
}

impl Checker for Notifications {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        let event_idx = self.track.event_idx();
        let judged = self.track.split() && self.track.live();
        match &event.kind {
            // A run that was cut off may lack a notification that was to come.
            kind if finished(kind)
                || matches!(kind, EventKind::StatusWrite { value: 0 } | EventKind::Started { .. }) =>
            {
                std::mem::take(&mut self.queues).into_iter().for_each(|(_, mut queue)| queue.over(verdicts));
            }
            EventKind::QueueEnabled(info) => {
                // As the device finds them. avail_event is told no later than the first wait.
                let found = info.used_flags.map(|used_flags| SplitWords { event_idx, used_flags, avail_event: 0 });
                self.queues.insert(info.queue, Queue::new(found.filter(|_| !event_idx)));
            }
            EventKind::Suppression { queue, used_flags, avail_event, .. } => {
                if let Some(q) = self.queues.get_mut(queue) {
                    let (used_flags, avail_event) = (*used_flags, *avail_event);
                    q.says(SplitWords { event_idx, used_flags, avail_event });
                }
            }
            EventKind::Notify { queue, count } => {
                if let Some(q) = u16::try_from(*queue).ok().and_then(|queue| self.queues.get_mut(&queue)) {
                    q.notified(*count);
                }
            }
            EventKind::AvailIdx { queue, old, new } if judged => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.advanced(*old, *new, verdicts);
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
