//! What happened around a violation, and violations that are the same one again.

use std::time::Duration;

use parakit_abi::requirement::id;
use parakit_harness::judge::context::Contexts;
use parakit_harness::judge::{Entry, Verdicts, judge};
use parakit_harness::observe::{Event, EventKind};

fn event(seq: u64, device: u16, kind: EventKind) -> Event {
    Event { seq, time_ns: Duration::from_millis(seq).as_nanos() as u64, device, kind }
}

/// Status writes with their raw accesses on device 0, one every four events; reads of another device in between.
fn run(writes: u64) -> Vec<Event> {
    (0..writes)
        .flat_map(|i| {
            let value = i + 1;
            [
                event(4 * i, 0, EventKind::Register { write: true, offset: 0x70, width: 4, value }),
                event(4 * i + 1, 0, EventKind::StatusWrite { value: value as u8 }),
                event(4 * i + 2, 1, EventKind::StatusRead { value: value as u8 }),
                event(4 * i + 3, 1, EventKind::InterruptAck { value: value as u32 }),
            ]
        })
        .collect()
}

fn around(events: &[Event], proofs: &[u64]) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (i, seq) in proofs.iter().enumerate() {
        let event = events.iter().find(|e| e.seq == *seq).expect("an event");
        verdicts.violate(id::CORE_DRV_STATUS_2, event, ["one", "two", "three", "four"][i], "seen");
    }
    let mut contexts = Contexts::new(&verdicts).expect("a violation");
    events.iter().for_each(|event| contexts.event(event));
    contexts.finish(&mut verdicts);
    verdicts
}

#[test]
fn a_few_lines_before_and_after_are_told_of_the_same_device() {
    let verdicts = around(&run(40), &[81]);
    let context = &verdicts.entries[&id::CORE_DRV_STATUS_2].evidence[0].context;
    // Six before, the one that proves it, three after: each an access and what it means.
    let seqs = (14..=23).map(|i| if i == 20 { 81 } else { 4 * i });
    assert_eq!(context.iter().map(|line| line.seq).collect::<Vec<_>>(), seqs.collect::<Vec<_>>());
    assert_eq!(
        context.iter().map(|line| line.proof).collect::<Vec<_>>(),
        (14..=23).map(|i| i == 20).collect::<Vec<_>>()
    );
    assert_eq!(context[6].text, "driver writes the status 0x15 ACKNOWLEDGE|DRIVER_OK|SUSPEND (Status at 0x070)");
    assert_eq!((context[6].time_ns, context[6].times), (81_000_000, 1));
}

#[test]
fn the_begin_and_the_end_of_a_run_are_no_limit() {
    let events = run(3);
    for proof in [0, 1, 4, 9] {
        let verdicts = around(&events, &[proof]);
        let context = &verdicts.entries[&id::CORE_DRV_STATUS_2].evidence[0].context;
        let seqs = [0, 4, 8].map(|first| if first == proof - proof % 4 { proof } else { first });
        assert_eq!(context.iter().map(|line| line.seq).collect::<Vec<_>>(), seqs);
        let proofs: Vec<_> = context.iter().filter(|line| line.proof).map(|line| line.seq).collect();
        assert_eq!(proofs, [proof]);
    }
}

#[test]
fn violations_close_together_have_their_lines_each() {
    let verdicts = around(&run(20), &[40, 41, 45, 70]);
    let evidence = &verdicts.entries[&id::CORE_DRV_STATUS_2].evidence;
    for (violation, proof) in evidence.iter().zip([40, 41, 45, 70]) {
        let proofs: Vec<_> = violation.context.iter().filter(|line| line.proof).map(|line| line.seq).collect();
        assert_eq!(proofs, [proof], "{violation:?}");
    }
}

#[test]
fn what_a_driver_does_over_and_over_is_one_line() {
    let mut events: Vec<Event> = (0..5000).map(|seq| event(seq, 0, EventKind::StatusRead { value: 1 })).collect();
    events.push(event(5000, 0, EventKind::StatusWrite { value: 2 }));
    events.extend((5001..9000).map(|seq| event(seq, 0, EventKind::StatusRead { value: 3 })));
    let verdicts = around(&events, &[5000]);
    let context = &verdicts.entries[&id::CORE_DRV_STATUS_2].evidence[0].context;
    let lines: Vec<_> = context.iter().map(|line| (line.seq, line.times, line.proof)).collect();
    assert_eq!(lines, [(0, 5000, false), (5000, 1, true), (5001, 3999, false)]);
}

#[test]
fn a_run_without_violations_costs_nothing() {
    assert!(Contexts::<Event>::new(&Verdicts::default()).is_none());
}

#[test]
fn the_same_violation_again_is_counted() {
    let mut verdicts = Verdicts::default();
    for i in 0..100_000_u64 {
        let at = event(i, 0, EventKind::ResetDone);
        verdicts.violate(id::CORE_DRV_STATUS_1, &at, "in order", format!("entry {i} of queue {:#x}", i % 3));
    }
    let entry = &verdicts.entries[&id::CORE_DRV_STATUS_1];
    assert_eq!((entry.violated, entry.evidence.len(), entry.without_evidence()), (100_000, 1, 0));
    let kept = &entry.evidence[0];
    assert_eq!((kept.count, kept.seq, kept.seen.as_str()), (100_000, 0, "entry 0 of queue 0x0"));
}

#[test]
fn violations_of_too_many_kinds_are_counted_without_evidence() {
    let mut verdicts = Verdicts::default();
    let at = event(0, 0, EventKind::ResetDone);
    for letter in 'a'..='z' {
        verdicts.violate(id::CORE_DRV_STATUS_1, &at, "in order", letter);
    }
    let entry = &verdicts.entries[&id::CORE_DRV_STATUS_1];
    assert_eq!((entry.violated, entry.evidence.len()), (26, Entry::KEPT));
    assert_eq!(entry.without_evidence(), 26 - Entry::KEPT as u64);
}

#[test]
fn runs_are_counted_together() {
    let mut all = Verdicts::default();
    for run in 0..3_u64 {
        let mut verdicts = Verdicts::default();
        for i in 0..10_u64 {
            let at = event(i, 0, EventKind::ResetDone);
            verdicts.violate(id::CORE_DRV_STATUS_1, &at, "in order", format!("entry {i} in run {run}"));
        }
        all.merge(&verdicts);
    }
    let entry = &all.entries[&id::CORE_DRV_STATUS_1];
    assert_eq!((entry.violated, entry.evidence.len(), entry.evidence[0].count), (30, 1, 30));
}

/// The lines are there in what a run is judged to be, without being asked for.
#[test]
fn a_judgement_has_them() {
    let events = [
        event(0, 0, EventKind::StatusWrite { value: 1 }),
        event(1, 0, EventKind::StatusRead { value: 1 }),
        event(2, 0, EventKind::StatusWrite { value: 2 }),
    ];
    let mut with_device = vec![event(9, 0, crate::kinds::kinds().swap_remove(0))];
    with_device.extend(events);
    let judgement = judge(&with_device);
    let violated: Vec<_> = judgement.verdicts.entries.values().filter(|entry| entry.violated > 0).collect();
    assert!(!violated.is_empty());
    for violation in violated.iter().flat_map(|entry| &entry.evidence) {
        assert_eq!(violation.context.iter().filter(|line| line.proof).count(), 1, "{violation:?}");
    }
}
