//! Whether a driver notifies the device of available buffers when it has to: what split and packed rings have in common.
//!
//! A missing notification can only be told by waiting. The observer waits, then says [`EventKind::Quiet`], and the device
//! goes on by itself. What was published was published after the device's last look, so the suppression words as last told
//! are the ones that the driver went by. The driver may merely have been slow: only what it does next convicts it.

use parakit_abi::requirement::RequirementId;

use super::Verdicts;
use crate::observe::event::{Event, EventKind};

/// What the device says about notifications, in the words of its ring.
pub(super) trait Words: Copy {
    /// The notification that is due after buffers from `old` up to `new` became available, if one is.
    fn due(&self, old: u16, new: u16) -> Option<Due>;
}

/// Why a notification is due.
pub(super) struct Due {
    /// The rule.
    pub(super) rule: RequirementId,
    /// The rule about what must not keep the driver from it, where there is such a thing.
    pub(super) distraction: Option<RequirementId>,
    /// The rule to notify no matter what a certain word says, where there is such a word, and whether a driver that went by the word would
    /// notify.
    pub(super) ignored: Option<(RequirementId, bool)>,
    /// As a part of a sentence.
    pub(super) why: String,
}

/// A queue and its notifications.
pub(super) struct Queue<W> {
    pub(super) words: Option<W>,
    /// As they were at the first notification since buffers were last seen to become available.
    words_at_kick: Option<W>,
    /// Notifications since buffers were last seen to become available.
    kicks: u64,
    /// Whether the driver has ever notified this queue.
    kicked: bool,
    suspect: Option<Suspect>,
    /// Cases in which it could not be told whether a notification was the late one or that of the next publication.
    unclear: u32,
    pattern: Pattern,
}

/// When the driver notifies, held against the word that it must ignore. A single lost notification says nothing of its cause;
/// notifications that came exactly where the word asks for them do.
#[derive(Default)]
struct Pattern {
    asked: u64,
    not_asked: u64,
    silences: u64,
}

/// A notification that did not come in time.
struct Suspect {
    quiet: Event,
    due: Due,
    /// Notifications since the silence was noticed.
    kicks: u64,
    /// The device has seen the entries that this is about.
    taken: bool,
    /// The driver handled an interrupt before any notification came: it has gone on to what comes after.
    moved_on: bool,
}

impl<W: Words> Queue<W> {
    /// A queue that was just enabled, with the words as far as they count already.
    pub(super) fn new(words: Option<W>) -> Self {
        Self {
            words,
            words_at_kick: None,
            kicks: 0,
            kicked: false,
            suspect: None,
            unclear: 0,
            pattern: Pattern::default(),
        }
    }

    /// The driver has notified the device.
    pub(super) fn notified(&mut self, count: u64) {
        if self.kicks == 0 {
            self.words_at_kick = self.words;
        }
        self.kicked = true;
        self.kicks = self.kicks.saturating_add(count);
        if let Some(suspect) = &mut self.suspect {
            suspect.kicks = suspect.kicks.saturating_add(count);
        }
    }

    /// The driver handled an interrupt.
    pub(super) fn moved_on(&mut self) {
        if let Some(suspect) = &mut self.suspect {
            suspect.moved_on |= suspect.kicks == 0;
        }
    }

    /// Buffers from `old` up to `new` were found to be available.
    pub(super) fn advanced(&mut self, old: u16, new: u16, verdicts: &mut Verdicts) {
        let kicks = std::mem::take(&mut self.kicks);
        if let Some(suspect) = &mut self.suspect
            && suspect.is_about(old)
        {
            suspect.taken = true;
            return;
        }
        // A device that is woken up may stop asking before the publication is seen.
        let words = if kicks > 0 { self.words_at_kick } else { self.words };
        let due = words.and_then(|w| w.due(old, new));
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
            self.kept(&due, verdicts);
        }
    }

    /// The device has waited in vain.
    pub(super) fn quiet(&mut self, event: &Event, seen: u16, new: u16, verdicts: &mut Verdicts) {
        self.over(verdicts);
        let Some(mut due) = self.words.and_then(|w| w.due(seen, new)) else { return };
        // A driver that never notifies at all is not distracted.
        due.distraction = due.distraction.filter(|_| self.kicked);
        self.suspect = Some(Suspect { quiet: event.clone(), due, kicks: 0, taken: false, moved_on: false });
    }

    /// Whatever was to be notified is notified by now.
    pub(super) fn over(&mut self, verdicts: &mut Verdicts) {
        self.decide(|s| s.kicks == 0, verdicts);
    }

    /// A notification came that was due.
    fn kept(&mut self, due: &Due, verdicts: &mut Verdicts) {
        verdicts.pass(due.rule);
        if let Some(rule) = due.distraction {
            verdicts.pass(rule);
        }
        match due.ignored {
            Some((rule, false)) => {
                self.pattern.not_asked += 1;
                verdicts.pass(rule);
            }
            Some((_, true)) => self.pattern.asked += 1,
            None => {}
        }
    }

    /// Closes the case that is open, if there is one.
    fn decide(&mut self, guilty: impl FnOnce(&Suspect) -> bool, verdicts: &mut Verdicts) {
        let Some(Suspect { quiet, due, .. }) = self.suspect.take().filter(guilty) else { return };
        let EventKind::Quiet { queue, seen, avail_idx, waited_ns } = quiet.kind else { return };
        let silence = format!(
            "no notification came for {} ms, nor one after that which what was published since does not owe",
            waited_ns / 1_000_000
        );
        for rule in [Some(due.rule), due.distraction].into_iter().flatten() {
            let expected =
                format!("the driver notifies queue {queue} of entries from {seen} up to {avail_idx}, as {}", due.why);
            verdicts.violate(rule, &quiet, expected, &silence);
        }
        if let Some((rule, false)) = due.ignored {
            self.pattern.silences += 1;
            if self.pattern.silences >= 2 && self.pattern.asked > 0 && self.pattern.not_asked == 0 {
                let expected = format!("without VIRTIO_F_EVENT_IDX the driver ignores avail_event (queue {queue})");
                let seen = format!("{silence}, though it notifies where avail_event asks for it");
                verdicts.violate(rule, &quiet, expected, seen);
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
