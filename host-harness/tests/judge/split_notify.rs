//! Missing notifications, told from late and needless ones.

use parakit_abi::feature::{EVENT_IDX, Features, VERSION_1};
use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::observe::EventKind;

use crate::script::Script;

const BY_EVENT: RequirementId = id::VQ_SPLIT_DRV_AVAILNOTIF_6;
const BY_FLAGS: RequirementId = id::VQ_SPLIT_DRV_AVAILNOTIF_4;

/// With EVENT_IDX: the device has taken everything up to `seen`, and asks to be told of the next.
fn waiting_at(seen: u16) -> Script {
    let mut script = Script::block();
    script.start().words(0, seen);
    script
}

/// Without EVENT_IDX; the device asks to be told.
fn by_flags() -> Script {
    let mut script = Script::block();
    script.negotiate(Features::bit(VERSION_1)).queue(0, 256).status_write(15).words(0, 0);
    script
}

impl Script {
    fn words(&mut self, used_flags: u16, avail_event: u16) -> &mut Self {
        self.push(EventKind::Suppression { queue: 0, avail_flags: 0, used_event: 0, used_flags, avail_event })
    }

    fn published(&mut self, old: u16, new: u16) -> &mut Self {
        self.push(EventKind::AvailIdx { queue: 0, old, new })
    }

    /// The device has waited in vain.
    fn quiet(&mut self, seen: u16, avail_idx: u16) -> &mut Self {
        self.published(seen, avail_idx);
        self.push(EventKind::Quiet { queue: 0, seen, avail_idx, waited_ns: 200_000_000 })
    }
}

#[test]
fn a_notification_that_came_is_kept() {
    waiting_at(0).notify(0).published(0, 3).passes(BY_EVENT);
    by_flags().notify(0).published(0, 3).passes(BY_FLAGS);
    // The index wraps around between avail_event and the entries.
    waiting_at(65535).notify(0).published(65535, 1).passes(BY_EVENT);
}

#[test]
fn a_notification_that_never_came_is_missed() {
    waiting_at(0).quiet(0, 1).reset().caught(BY_EVENT, &[]);
    by_flags().quiet(0, 1).reset().caught(BY_FLAGS, &[]);
    waiting_at(0).quiet(0, 1).finish().caught(BY_EVENT, &[]);
    waiting_at(65535).quiet(65535, 2).reset().caught(BY_EVENT, &[]);
    // Again and again.
    let mut script = waiting_at(0);
    for idx in 0..40 {
        script.quiet(idx, idx + 1);
    }
    script.clone().silent(BY_EVENT);
    script.finish().caught(BY_EVENT, &[]);
    let evidence = &script.judge().verdicts.entries[&BY_EVENT].evidence;
    assert_eq!(evidence.len(), 1);
    assert!(evidence[0].seen.contains("200 ms") && evidence[0].seen.contains("in vain 40 times"), "{evidence:?}");
}

#[test]
fn a_run_that_was_cut_off_proves_nothing() {
    let mut script = waiting_at(0);
    script.quiet(0, 1).push(EventKind::End { reason: "deadline".to_owned() }).silent(BY_EVENT);
}

#[test]
fn one_lost_among_others_is_missed() {
    // The driver handles the completion and goes on with the next request, of which the device did not ask to be told.
    let mut script = waiting_at(0);
    script.notify(0).published(0, 1).words(0, 1).quiet(1, 2);
    script.interrupt(1).interrupt_status(1).interrupt_ack(1).published(2, 3).reset().caught(BY_EVENT, &[]);
}

/// A batch: several publications, however far apart, and one notification for all of them.
#[test]
fn one_notification_may_be_for_many_publications() {
    let handled = |script: &mut Script| {
        script.interrupt(1).interrupt_status(1).interrupt_ack(1);
    };
    for (start, rule) in [(waiting_at(0), BY_EVENT), (by_flags(), BY_FLAGS)] {
        for silences in [1, 2, 3, 20] {
            for interrupts in [false, true] {
                let mut script = start.clone();
                for idx in 0..silences {
                    script.quiet(idx, idx + 1);
                    if interrupts {
                        handled(&mut script);
                    }
                }
                // The notification comes before the device sees what is published last, or after; or with nothing new.
                let mut before = script.clone();
                before.notify(0).published(silences, silences + 1).words(0, silences + 1);
                let mut after = script.clone();
                after.published(silences, silences + 1).notify(0).words(0, silences + 1);
                let mut nothing_new = script;
                nothing_new.notify(0).words(0, silences);
                for mut ended in [before, after, nothing_new] {
                    assert!(ended.clone().reset().violated().is_empty(), "{rule}: {silences} silences");
                    assert!(ended.finish().violated().is_empty(), "{rule}: {silences} silences");
                }
            }
        }
    }
    // Batch after batch.
    let mut script = by_flags();
    for batch in 0..50 {
        let first = 3 * batch;
        script.quiet(first, first + 1).quiet(first + 1, first + 2).published(first + 2, first + 3).notify(0);
    }
    assert!(script.finish().violated().is_empty());
}

/// A device that goes on by itself may ask for something else, and the driver may look only then.
#[test]
fn who_looks_late_goes_by_what_is_asked_then() {
    waiting_at(0).quiet(0, 1).words(0, 1).reset().silent(BY_EVENT);
    waiting_at(0).quiet(0, 1).published(1, 2).words(0, 1).reset().caught(BY_EVENT, &[]);
    by_flags().quiet(0, 1).words(1, 0).reset().silent(BY_FLAGS);
}

#[test]
fn a_late_notification_is_no_missing_one() {
    let mut script = waiting_at(0);
    script.quiet(0, 1).words(0, 1).notify(0).interrupt(1).interrupt_status(1).interrupt_ack(1);
    script.clone().reset().silent(BY_EVENT);
    script.notify(0).published(1, 2).reset().passes(BY_EVENT);
}

#[test]
fn a_late_notification_may_meet_the_next_publication() {
    // The late one wakes the device, which finds the next request before its own notification came.
    let mut script = waiting_at(0);
    script.quiet(0, 1).words(0, 1).notify(0).published(1, 2).notify(0).reset();
    assert!(script.violated().is_empty());
}

#[test]
fn what_is_not_asked_for_is_not_missed() {
    // avail_event lies behind the entries.
    waiting_at(5).quiet(0, 1).reset().silent(BY_EVENT);
    let mut suppressed = by_flags();
    suppressed.words(1, 0).quiet(0, 1).reset().silent(BY_FLAGS);
    // Undefined bits: neither 0 nor 1.
    by_flags().words(0xfffe, 0).quiet(0, 1).reset().silent(BY_FLAGS);
    // With EVENT_IDX the flags do not matter.
    let mut script = waiting_at(0);
    script.words(1, 0).notify(0).published(0, 1).passes(id::VQ_SPLIT_DRV_AVAILNOTIF_5);
}

#[test]
fn heeding_avail_event_without_event_idx_takes_a_pattern() {
    // Announced where avail_event (0) asks for it, and nowhere else.
    let mut script = by_flags();
    script.notify(0).published(0, 1).quiet(1, 2).quiet(2, 3).reset();
    script.caught(id::VQ_SPLIT_DRV_AVAILNOTIF_2, &[BY_FLAGS]);
    // Two losses of a driver that does announce others have another cause.
    let mut script = by_flags();
    script.notify(0).published(0, 1).notify(0).published(1, 2).quiet(2, 3).quiet(3, 4).reset();
    script.caught(BY_FLAGS, &[]);
    // So has a single one, and those of a batch are none.
    let mut script = by_flags();
    script.notify(0).published(0, 1).quiet(1, 2).reset().caught(BY_FLAGS, &[]);
    let mut script = by_flags();
    script.notify(0).published(0, 1).quiet(1, 2).quiet(2, 3).notify(0).quiet(3, 4).reset();
    script.caught(BY_FLAGS, &[]);
}

#[test]
fn event_idx_is_what_was_accepted() {
    let mut script = Script::block();
    script.negotiate(Features::of(&[VERSION_1, EVENT_IDX])).queue(0, 256).status_write(15);
    script.words(0, 9).quiet(0, 1).reset().silent(BY_FLAGS);
}
