//! Whether a driver notifies the device of available buffers when it has to: what split and packed rings have in common.
//!
//! A missing notification can only be told by waiting. The observer waits, then says [`EventKind::Quiet`], and the device goes on by
//! itself. What was published was published after the device's last look, so the suppression words as last told are the ones that the
//! driver went by.
//!
//! The wait alone convicts nobody. A driver may publish several times and notify once for all of it, it may take interrupts and used buffers
//! in between, and nothing says how long it may take. So:
//!
//! - A silence opens a case. Further silences of the queue belong to it. Any notification of the queue closes it: it came after all that was
//!   published before.
//! - A device that went on by itself leaves its suppression words as they are until it is notified. Whenever the driver looks at them for what
//!   it has not announced, they ask for a notification. Should they stop asking all the same, the case is closed: it may have looked then.
//! - A case that is open when the driver resets the device, or ends its work, convicts. It had one wait at least, of a length that the verdict
//!   tells, and all the time up to the end. A run that was cut off convicts nobody.
//!
//! Where a notification is due for every publication (split rings without `VIRTIO_F_EVENT_IDX`, packed rings that ask for all), a lost one that
//! is followed by another cannot be told from one for both, and is not held against the driver.

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
    words: Option<W>,
    /// As they were at the first notification since buffers were last seen to become available.
    words_at_kick: Option<W>,
    /// Notifications since buffers were last seen to become available.
    kicks: u64,
    /// Whether the driver has ever notified this queue.
    kicked: bool,
    case: Option<Case>,
    /// Notifications that came where the word that is to be ignored asks for them, and where it does not. A single lost one says nothing of its
    /// cause; notifications that came exactly where the word asks for them do.
    asked: u64,
    not_asked: u64,
}

/// Buffers that no notification came for.
struct Case {
    /// The first silence.
    quiet: Event,
    due: Due,
    /// The buffers that are not announced.
    from: u16,
    upto: u16,
    /// Silences so far, and those among them where the word that is to be ignored did not ask.
    silences: u64,
    not_asked: u64,
}

impl<W: Words> Queue<W> {
    /// A queue that was just enabled, with the words as far as they count already.
    pub(super) fn new(words: Option<W>) -> Self {
        Self { words, words_at_kick: None, kicks: 0, kicked: false, case: None, asked: 0, not_asked: 0 }
    }

    /// The device says this from now on.
    pub(super) fn says(&mut self, words: W) {
        self.words = Some(words);
        // Who looks only now finds that nothing is due.
        self.case.take_if(|case| words.due(case.from, case.upto).is_none());
    }

    /// The driver has notified the device.
    pub(super) fn notified(&mut self, count: u64) {
        if self.kicks == 0 {
            self.words_at_kick = self.words;
        }
        self.kicked = true;
        self.kicks = self.kicks.saturating_add(count);
        self.case = None;
    }

    /// Buffers from `old` up to `new` were found to be available.
    pub(super) fn advanced(&mut self, old: u16, new: u16, verdicts: &mut Verdicts) {
        if let Some(case) = &mut self.case {
            case.upto = new;
        }
        let kicks = std::mem::take(&mut self.kicks);
        // A device that is woken up may stop asking before the publication is seen.
        let words = if kicks > 0 { self.words_at_kick } else { self.words };
        if let Some(due) = words.and_then(|w| w.due(old, new))
            && kicks > 0
        {
            self.kept(&due, verdicts);
        }
    }

    /// The device has waited in vain.
    pub(super) fn quiet(&mut self, event: &Event, seen: u16, new: u16) {
        let due = self.words.and_then(|w| w.due(seen, new));
        let not_asked = u64::from(due.as_ref().is_some_and(|due| matches!(due.ignored, Some((_, false)))));
        if let Some(case) = &mut self.case {
            (case.upto, case.silences) = (new, case.silences + 1);
            case.not_asked += not_asked;
        } else if let Some(mut due) = due {
            // A driver that never notifies at all is not distracted.
            due.distraction = due.distraction.filter(|_| self.kicked);
            self.case = Some(Case { quiet: event.clone(), due, from: seen, upto: new, silences: 1, not_asked });
        }
    }

    /// Whatever was to be notified is notified by now.
    pub(super) fn over(&mut self, verdicts: &mut Verdicts) {
        let Some(Case { quiet, due, silences, not_asked, .. }) = self.case.take() else { return };
        let EventKind::Quiet { queue, seen, avail_idx, waited_ns } = quiet.kind else { return };
        let more = match silences {
            1 => String::new(),
            _ => format!(" (the device waited in vain {silences} times)"),
        };
        let silence = format!("no notification came for {} ms, nor any later{more}", waited_ns / 1_000_000);
        for rule in [Some(due.rule), due.distraction].into_iter().flatten() {
            let expected =
                format!("the driver notifies queue {queue} of entries from {seen} up to {avail_idx}, as {}", due.why);
            verdicts.violate(rule, &quiet, expected, &silence);
        }
        if let Some((rule, _)) = due.ignored
            && not_asked == silences
            && silences >= 2
            && self.asked > 0
            && self.not_asked == 0
        {
            let expected = format!("without VIRTIO_F_EVENT_IDX the driver ignores avail_event (queue {queue})");
            let seen = format!(
                "{silence}; it notified where avail_event asks for it and nowhere else, as one does that goes by that word"
            );
            verdicts.violate(rule, &quiet, expected, seen);
        }
    }

    /// A notification came that was due.
    fn kept(&mut self, due: &Due, verdicts: &mut Verdicts) {
        verdicts.pass(due.rule);
        if let Some(rule) = due.distraction {
            verdicts.pass(rule);
        }
        match due.ignored {
            Some((rule, false)) => {
                self.not_asked += 1;
                verdicts.pass(rule);
            }
            Some((_, true)) => self.asked += 1,
            None => {}
        }
    }
}
