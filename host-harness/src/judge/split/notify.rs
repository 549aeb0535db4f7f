//! Whether the driver notifies the device of available buffers when it has to (§2.7.10.1).
//!
//! A missing notification can only be told by waiting. The observer waits, then says [`EventKind::Quiet`], and the device
//! goes on by itself. What was published was published after the device's last look, so the suppression words as last told
//! are the ones that the driver went by. The driver may merely have been slow: only what it does next convicts it.

use std::collections::HashMap;

use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::ring::split::USED_F_NO_NOTIFY;

use crate::judge::progress::finished;
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
    make: |info| Some(Box::new(Notifications { track: Track::new(info), queues: HashMap::new() })),
};

struct Notifications {
    track: Track,
    queues: HashMap<u16, Queue>,
}

#[derive(Default)]
struct Queue {
    words: Option<Words>,
    /// As they were at the first notification since the available index was last seen to move.
    words_at_kick: Option<Words>,
    /// Notifications since the available index was last seen to move.
    kicks: u64,
    /// Whether the driver has ever notified this queue.
    kicked: bool,
    suspect: Option<Suspect>,
    /// Cases in which it could not be told whether a notification was the late one or that of the next publication.
    unclear: u32,
    pattern: Pattern,
}

/// Without `VIRTIO_F_EVENT_IDX`: when the driver notifies, held against the `avail_event` that it must ignore. A single
/// lost notification says nothing of its cause; notifications that came exactly where `avail_event` asks for them do.
#[derive(Default)]
struct Pattern {
    asked: u64,
    not_asked: u64,
    silences: u64,
}

/// What the device says about notifications.
#[derive(Clone, Copy)]
struct Words {
    used_flags: u16,
    avail_event: u16,
}

/// A notification that did not come in time.
struct Suspect {
    quiet: Event,
    due: Due,
    /// Notifications since the silence was noticed.
    kicks: u64,
    /// The device has seen the entries that this is about.
    taken: bool,
    /// The driver acknowledged an interrupt before any notification came: it has gone on to what comes after.
    moved_on: bool,
}

/// Why a notification is due: the rule, and with `VIRTIO_F_EVENT_IDX` the one about what must not keep the driver from it.
struct Due {
    rule: RequirementId,
    distraction: Option<RequirementId>,
    /// Whether the entries pass `avail_event`.
    passes: bool,
    why: String,
}

impl Words {
    /// Whether entries `old..new` (free-running) pass `avail_event`.
    fn passes_event(self, old: u16, new: u16) -> bool {
        new.wrapping_sub(self.avail_event).wrapping_sub(1) < new.wrapping_sub(old)
    }

    fn due(self, event_idx: bool, old: u16, new: u16) -> Option<Due> {
        let Self { used_flags, avail_event } = self;
        let no_notify = used_flags & USED_F_NO_NOTIFY != 0;
        let passes = self.passes_event(old, new);
        if event_idx {
            passes.then(|| Due {
                rule: id::VQ_SPLIT_DRV_AVAILNOTIF_6,
                distraction: no_notify.then_some(id::VQ_SPLIT_DRV_AVAILNOTIF_5),
                passes,
                why: format!("avail_event is {avail_event} and the used ring's flags {used_flags:#x}"),
            })
        } else {
            (used_flags == 0).then(|| Due {
                rule: id::VQ_SPLIT_DRV_AVAILNOTIF_4,
                distraction: None,
                passes,
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
            // Whatever was to be notified is notified by now. A run that was cut off may lack a notification that was to come.
            kind if finished(kind) || matches!(kind, EventKind::StatusWrite { value: 0 }) => {
                for (_, mut queue) in self.queues.drain() {
                    queue.decide(|s| s.kicks == 0, verdicts);
                }
            }
            EventKind::QueueEnabled(info) => {
                // As the device finds them; avail_event counts for nothing before the device has written it.
                let found = info.used_flags.map(|used_flags| Words { used_flags, avail_event: 0 });
                let words = found.filter(|_| !event_idx);
                self.queues.insert(info.queue, Queue { words, ..Queue::default() });
            }
            EventKind::Suppression { queue, used_flags, avail_event, .. } => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.words = Some(Words { used_flags: *used_flags, avail_event: *avail_event });
                }
            }
            EventKind::Notify { queue, count } => {
                if let Some(q) = u16::try_from(*queue).ok().and_then(|queue| self.queues.get_mut(&queue)) {
                    if q.kicks == 0 {
                        q.words_at_kick = q.words;
                    }
                    q.kicked = true;
                    q.kicks = q.kicks.saturating_add(*count);
                    if let Some(suspect) = &mut q.suspect {
                        suspect.kicks = suspect.kicks.saturating_add(*count);
                    }
                }
            }
            EventKind::InterruptAck { .. } => {
                for suspect in self.queues.values_mut().filter_map(|q| q.suspect.as_mut()) {
                    suspect.moved_on |= suspect.kicks == 0;
                }
            }
            EventKind::AvailIdx { queue, old, new } if judged => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.advanced(event_idx, *old, *new, verdicts);
                }
            }
            EventKind::Quiet { queue, seen, avail_idx, .. } if judged => {
                if let Some(q) = self.queues.get_mut(queue) {
                    q.quiet(event_idx, event, *seen, *avail_idx, verdicts);
                }
            }
            _ => {}
        }
    }
}

impl Queue {
    /// The driver has published more.
    fn advanced(&mut self, event_idx: bool, old: u16, new: u16, verdicts: &mut Verdicts) {
        let kicks = std::mem::take(&mut self.kicks);
        if let Some(suspect) = &mut self.suspect
            && suspect.is_about(old)
        {
            suspect.taken = true;
            return;
        }
        // A device that is woken up may stop asking before the publication is seen.
        let words = if kicks > 0 { self.words_at_kick } else { self.words };
        let due = words.and_then(|w| w.due(event_idx, old, new));
        if self.suspect.is_some() {
            // What is published after a silence owes a notification of its own, if any; a late one comes on top of it. That may
            // still be on its way, so a single one is counted against the driver only when it had gone on before, or the second time.
            let own = u64::from(due.is_some());
            let again = self.unclear > 0;
            self.unclear += u32::from(self.suspect.as_ref().is_some_and(|s| s.kicks > 0 && s.kicks <= own));
            self.decide(|s| s.kicks == 0 || (s.kicks <= own && (s.moved_on || again)), verdicts);
        }
        if let Some(due) = due
            && kicks > 0
        {
            self.kept(event_idx, &due, verdicts);
        }
    }

    fn quiet(&mut self, event_idx: bool, event: &Event, seen: u16, avail_idx: u16, verdicts: &mut Verdicts) {
        self.decide(|s| s.kicks == 0, verdicts);
        let Some(mut due) = self.words.and_then(|w| w.due(event_idx, seen, avail_idx)) else { return };
        // A driver that never notifies at all is not distracted.
        due.distraction = due.distraction.filter(|_| self.kicked);
        self.suspect = Some(Suspect { quiet: event.clone(), due, kicks: 0, taken: false, moved_on: false });
    }

    /// A notification came that was due.
    fn kept(&mut self, event_idx: bool, due: &Due, verdicts: &mut Verdicts) {
        verdicts.pass(due.rule);
        if let Some(rule) = due.distraction {
            verdicts.pass(rule);
        }
        if due.passes {
            self.pattern.asked += 1;
        } else if !event_idx {
            self.pattern.not_asked += 1;
            verdicts.pass(id::VQ_SPLIT_DRV_AVAILNOTIF_2);
        }
    }

    /// Closes the case that is open, if there is one.
    fn decide(&mut self, guilty: impl FnOnce(&Suspect) -> bool, verdicts: &mut Verdicts) {
        let Some(Suspect { quiet, due, .. }) = self.suspect.take().filter(guilty) else { return };
        let EventKind::Quiet { queue, seen, avail_idx, waited_ns } = quiet.kind else { return };
        let silence = format!("no notification came for {} ms, nor a late one", waited_ns / 1_000_000);
        for rule in [Some(due.rule), due.distraction].into_iter().flatten() {
            let expected =
                format!("the driver notifies queue {queue} of entries from {seen} up to {avail_idx}, as {}", due.why);
            verdicts.violate(rule, &quiet, expected, &silence);
        }
        if due.rule == id::VQ_SPLIT_DRV_AVAILNOTIF_4 && !due.passes {
            self.pattern.silences += 1;
            if self.pattern.silences >= 2 && self.pattern.asked > 0 && self.pattern.not_asked == 0 {
                let expected = format!("without VIRTIO_F_EVENT_IDX the driver ignores avail_event (queue {queue})");
                let seen = format!("{silence}, though it notifies where avail_event asks for it");
                verdicts.violate(id::VQ_SPLIT_DRV_AVAILNOTIF_2, &quiet, expected, seen);
            }
        }
    }
}

impl Suspect {
    /// Whether the entries from `old` on are those that no notification came for.
    fn is_about(&self, old: u16) -> bool {
        matches!(self.quiet.kind, EventKind::Quiet { seen, .. } if seen == old && !self.taken)
    }
}
