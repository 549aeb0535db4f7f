use std::collections::BTreeSet;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;

use super::*;
use crate::judge::Verdicts;
use crate::observe::event::TransportKind;
use crate::observe::negotiated::Negotiated;
use crate::observe::{Event, EventKind, Traffic};
use crate::scenario::{Backend, Outcome, RunRecord};
use crate::vmm::{End, ExitCounts};

fn event(seq: u64) -> Event {
    Event { seq, time_ns: 0, device: 1, kind: EventKind::StatusRead { value: 0 } }
}

fn run(name: &str, end: End, verdicts: Verdicts) -> RunRecord {
    RunRecord {
        scenario: name.to_owned(),
        hostile: false,
        backend: Backend::Kvm,
        bus: TransportKind::Mmio,
        end,
        troubles: Vec::new(),
        elapsed: Duration::from_millis(12),
        exits: Some(ExitCounts { mmio_read: 40, ..ExitCounts::default() }),
        boot: None,
        traffic: Traffic { doorbells: 5, interrupts: 4, requests: 6 },
        negotiated: vec![Negotiated {
            device: "block0".to_owned(),
            device_type: DeviceType::BLOCK,
            transport: TransportKind::Mmio,
            features: Features::of(&[feature::EVENT_IDX, feature::RING_PACKED]),
            never_notified: false,
            waited_in_vain: 0,
        }],
        records: Vec::new(),
        console: Vec::new(),
        log: "first line\nlast line\n".to_owned(),
        verdicts,
        events: Vec::new(),
    }
}

fn kept_and_broken() -> (Verdicts, Verdicts) {
    let (mut kept, mut broken) = (Verdicts::default(), Verdicts::default());
    kept.pass(id::CORE_DRV_STATUS_1);
    kept.pass(id::CORE_DRV_STATUS_2);
    broken.violate(id::CORE_DRV_STATUS_1, &event(17), "DRIVER after ACKNOWLEDGE", "status 0x04 after 0x00");
    (kept, broken)
}

#[test]
fn the_table_counts_what_passed_what_was_violated_and_what_was_not_exercised() {
    let (kept, broken) = kept_and_broken();
    let runs = [run("good", End::Passed, kept), run("bad", End::Passed, broken)];
    let checked: BTreeSet<_> = [id::CORE_DRV_STATUS_1, id::CORE_DRV_STATUS_2, id::CORE_DRV_STATUS_3].into();
    let text = table(&runs, &checked, Look::PLAIN);
    let cells = |start: &str| -> Vec<String> {
        let line = text.lines().find(|l| l.starts_with(&format!("| {start}"))).unwrap();
        line.replace('|', " ").split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(cells("good")[1..], ["mmio", "packed", "e", "passed", "12", "40", "2/0/1"]);
    assert_eq!(cells("bad")[1..], ["mmio", "packed", "e", "violated", "12", "40", "0/1/2"]);
    assert_eq!(cells("total")[1..], ["2", "scenarios", "1", "passed", "24", "80", "1/1/1"]);
}

#[test]
fn the_table_tells_what_cannot_be_seen_from_what_was_not_exercised() {
    let mut kept = Verdicts::default();
    kept.pass(id::CORE_DEV_FEAT_1);
    // One rule for devices that was kept, one that was not come to, and one for drivers.
    let checked: BTreeSet<_> = [id::CORE_DEV_FEAT_1, id::CORE_DEV_FEAT_3, id::CORE_DRV_STATUS_1].into();
    let last = |text: &str, start: &str| {
        let line = text.lines().find(|l| l.starts_with(&format!("| {start}"))).unwrap().to_owned();
        line.trim_end_matches([' ', '|']).rsplit(' ').next().unwrap().to_owned()
    };
    let vmm =
        |name: &str, verdicts| RunRecord { backend: Backend::Vmm, exits: None, ..run(name, End::Passed, verdicts) };
    let text = table(&[vmm("one", kept.clone()), vmm("two", Verdicts::default())], &checked, Look::PLAIN);
    assert!(text.contains("| observable |"), "{text}");
    assert_eq!([last(&text, "one"), last(&text, "two"), last(&text, "total")], ["1/0/1/1", "0/0/2/1", "1/0/1/1"]);
    // A front end shows neither what devices do nor the status of drivers, but it shows rings.
    let checked: BTreeSet<_> = [id::CORE_DEV_FEAT_1, id::CORE_DRV_STATUS_1, id::VQ_SPLIT_DRV_AVAIL_1].into();
    let served = RunRecord { bus: TransportKind::VhostUser, ..run("served", End::Passed, Verdicts::default()) };
    assert_eq!(last(&table(&[served], &checked, Look::PLAIN), "served"), "0/0/1/2");
    let plain = table(&[run("plain", End::Passed, kept)], &checked, Look::PLAIN);
    assert!(!plain.contains("observable"), "{plain}");
    assert_eq!(last(&plain, "plain"), "1/0/2");
}

/// What takes most room in the table.
fn every_feature() -> Negotiated {
    Negotiated {
        device: String::new(),
        device_type: DeviceType::BLOCK,
        transport: TransportKind::MmioLegacy,
        features: Features(u128::MAX >> 64),
        never_notified: false,
        waited_in_vain: 0,
    }
}

#[test]
fn the_table_of_another_vmm_fits_100_columns() {
    let (all, _) = crate::scenario::under_vmm(true, &|_| None);
    let longest = all.into_iter().max_by_key(|s| s.name.len()).unwrap();
    let checked: BTreeSet<_> = crate::judge::kinds().flat_map(|kind| kind.requirements.iter().copied()).collect();
    let long = |end| RunRecord {
        backend: Backend::Vmm,
        elapsed: Duration::from_secs(999),
        exits: None,
        negotiated: vec![every_feature()],
        ..run(&longest.name, end, Verdicts::default())
    };
    let text = table(&[long(End::Passed), long(End::UnknownScenario)], &checked, Look::PLAIN);
    assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
    assert!(text.lines().any(|l| l.contains(&longest.name) && l.contains("passed") && l.contains("999000")), "{text}");
}

#[test]
fn the_table_fits_a_terminal_of_100_columns() {
    let longest = crate::scenario::all().into_iter().max_by_key(|s| s.name.len()).unwrap();
    let big = |end| RunRecord {
        elapsed: Duration::from_secs(999),
        exits: Some(ExitCounts { mmio_read: 9_999_999, ..ExitCounts::default() }),
        negotiated: vec![every_feature()],
        ..run(&longest.name, end, Verdicts::default())
    };
    let text = table(&[big(End::Passed), big(End::UnknownScenario)], &BTreeSet::new(), Look::PLAIN);
    assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
    for whole in [longest.name.as_str(), "passed", "999000", "9999999", "2 scenarios", "1998000", "19999998"] {
        assert!(text.contains(whole), "{whole} is folded:\n{text}");
    }
    assert!(text.lines().any(|l| l.contains(&longest.name) && l.contains("passed")), "{text}");
}

#[test]
fn a_kernel_of_a_long_name_folds_it() {
    let name = format!("a-{}kernel.elf", "very-long-".repeat(15));
    let short = run("short", End::UnknownScenario, Verdicts::default());
    let runs = [run(&name, End::Passed, Verdicts::default()), short];
    for columns in [100, 80, 60] {
        let text = table(&runs, &BTreeSet::new(), Look { columns, ..Look::PLAIN });
        assert!(text.lines().all(|l| l.chars().count() <= columns.into()), "{columns}: {text}");
        // Nothing of it is lost, and nothing else is folded to single letters.
        let cells = text.lines().filter_map(|l| Some(l.split('|').nth(1)?.trim().to_owned()));
        assert!(cells.collect::<String>().contains(&name), "{columns}: {text}");
        assert!(text.contains("| passed"), "{columns}: {text}");
    }
}

#[test]
fn a_violation_shows_requirement_section_count_and_evidence() {
    let (_, broken) = kept_and_broken();
    let text = violations(&[run("bad", End::Passed, broken)], Look::PLAIN);
    for part in ["CORE-DRV-STATUS-1 (MUST, VIRTIO 1.4 §2.1.1) violated once in 1 scenario", "bad, device 1, event 17"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.contains("expected: DRIVER after ACKNOWLEDGE") && text.contains("status 0x04 after 0x00"), "{text}");
}

#[test]
fn a_failure_shows_the_reason_and_the_log() {
    let text = failures(&[run("bad", End::Panicked("index out of bounds".into()), Verdicts::default())], Look::PLAIN);
    assert!(text.contains("bad failed on KVM") && text.contains("index out of bounds"), "{text}");
    assert!(text.contains("| last line"), "{text}");
    assert_eq!(failures(&[run("good", End::Passed, Verdicts::default())], Look::PLAIN), "");
}

#[test]
fn only_a_violated_must_changes_the_outcome() {
    let (kept, broken) = kept_and_broken();
    assert_eq!(run("a", End::Passed, kept).outcome(), Outcome::Passed);
    assert_eq!(run("a", End::Passed, broken.clone()).outcome(), Outcome::Violated);
    assert_eq!(run("a", End::Cancelled, broken).outcome(), Outcome::Cancelled);
    let mut should = Verdicts::default();
    should.violate(id::CORE_DRV_STATUS_4, &event(1), "a", "b");
    assert_eq!(run("a", End::Passed, should).outcome(), Outcome::Passed);
    let mut checked = run("a", End::Passed, Verdicts::default());
    checked.troubles.push("the disk changed".into());
    assert_eq!(checked.outcome(), Outcome::Failed);
}

#[test]
fn text_is_folded_at_spaces() {
    assert_eq!(folded("aa bb cc", "  ", 7), "  aa bb\n  cc\n");
    assert_eq!(folded("a\nb", "", 9), "a\nb\n");
}

#[test]
fn a_report_conforms_when_every_run_passed_and_there_was_one() {
    let (kept, broken) = kept_and_broken();
    let report = |runs| Report {
        host: HostInfo::here(HostKind::Loopback),
        subject: SubjectInfo::parakit(),
        seed: 1,
        runs,
        skipped: Vec::new(),
        elapsed: Duration::ZERO,
    };
    assert!(report(vec![run("good", End::Passed, kept.clone())]).conforms());
    assert!(!report(vec![run("good", End::Passed, kept.clone()), run("bad", End::Passed, broken)]).conforms());
    assert!(!report(vec![run("lost", End::UnknownScenario, kept)]).conforms());
    assert!(!report(Vec::new()).conforms());
}
