//! The pages that the tests look at.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parakit_harness::judge::judge;
use parakit_harness::loopback::Scheduler;
use parakit_harness::observe::event::{DeviceInfo, TransportKind};
use parakit_harness::observe::negotiated::negotiated;
use parakit_harness::observe::traffic::Traffic;
use parakit_harness::observe::{Event, EventKind};
use parakit_harness::report::html::HtmlWriter;
use parakit_harness::report::{HostInfo, HostKind, Report, SubjectInfo};
use parakit_harness::scenario::{Backend, Ground, RunRecord, Session, all, select};
use parakit_harness::vmm::End;
use parakit_tests::mutants;

/// Runs for a page: the record without its events, and these.
pub(crate) type Runs = Vec<(RunRecord, Vec<Event>)>;

/// Where pages and pictures are left, to be looked at.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html-report");
    std::fs::create_dir_all(&folder).expect("a folder under target");
    folder
}

/// Writes the page of these runs.
pub(crate) fn page(name: &str, runs: Runs, most: usize) -> (PathBuf, Report) {
    let path = folder().join(name);
    let mut html = HtmlWriter::create(&path).expect("the folder is there").keep(most);
    let mut records = Vec::new();
    for (record, events) in runs {
        html.run(&record, &events).expect("there is room");
        records.push(record);
    }
    let report = Report {
        host: HostInfo::here(HostKind::Loopback),
        subject: SubjectInfo::parakit(),
        seed: u64::MAX,
        runs: records,
        skipped: Vec::new(),
        elapsed: Duration::from_millis(1234),
    };
    html.finish(&report).expect("there is room");
    (path, report)
}

/// Scenarios of the default run, in loopback.
pub(crate) fn scenarios(names: &[&str]) -> Runs {
    let session = Session {
        ground: Ground::Loopback(Scheduler::Stepped),
        image: None,
        seed: 5,
        keep_events: true,
        cancelled: Arc::new(AtomicBool::new(false)),
        log: |_| {},
        input: None,
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let run = |scenario| {
        let mut record = session.run(&scenario).expect("the scenario can run");
        let events = std::mem::take(&mut record.events);
        (record, events)
    };
    select(all(), &names).expect("the scenarios exist").into_iter().map(run).collect()
}

/// A run of these events.
pub(crate) fn judged(scenario: &str, events: Vec<Event>) -> (RunRecord, Vec<Event>) {
    let record = RunRecord {
        scenario: scenario.to_owned(),
        hostile: false,
        backend: Backend::Loopback,
        bus: TransportKind::Mmio,
        end: End::Passed,
        troubles: Vec::new(),
        elapsed: Duration::from_micros(1500),
        exits: None,
        boot: None,
        traffic: Traffic::of(&events),
        negotiated: negotiated(&events),
        records: Vec::new(),
        console: Vec::new(),
        log: String::new(),
        verdicts: judge(&events).verdicts,
        events: Vec::new(),
    };
    (record, events)
}

/// Broken drivers, `count` of them, from all over the catalogue.
pub(crate) fn broken(count: usize) -> Runs {
    let all: Vec<_> = mutants::all().collect();
    let one = |mutant: &&'static mutants::Mutant| {
        judged(&format!("{}: {}", mutant.requirement, mutant.name), mutant.broken().run().0)
    };
    all.iter().step_by((all.len() / count).max(1)).map(one).collect()
}

/// A run of `count` events: one that happened, again and again.
pub(crate) fn long(count: usize) -> (RunRecord, Vec<Event>) {
    let (_, once) = scenarios(&["blk-rw"]).remove(0);
    let last = once.last().expect("something happened").clone();
    let mut events = Vec::with_capacity(count);
    while events.len() < count {
        let (turn, i) = ((events.len() / once.len()) as u64, events.len() % once.len());
        let mut event = once[i].clone();
        event.seq += turn * (last.seq + 1);
        event.time_ns += turn * (last.time_ns + 1000);
        events.push(event);
    }
    judged("long", events)
}

/// What a guest might say to take the page over.
pub(crate) const HOSTILE: &str = "</script><script>window.taken=1</script><img src=x onerror=\"window.taken=2\">\u{2028}<!--${window.taken=3}javascript:window.taken=4";

/// A run in which every text is hostile.
pub(crate) fn hostile() -> (RunRecord, Vec<Event>) {
    let (_, mut events) =
        broken(40).into_iter().find(|(run, _)| run.violations().count() > 0).expect("mutants break rules");
    for event in &mut events {
        if let EventKind::Device(info) = &mut event.kind {
            *info = DeviceInfo { name: HOSTILE.to_owned(), ..info.clone() };
        }
        if let EventKind::End { reason } = &mut event.kind {
            *reason = HOSTILE.to_owned();
        }
    }
    let seq = events.last().map_or(0, |event| event.seq + 1);
    let time_ns = events.last().map_or(0, |event| event.time_ns);
    events.push(Event { seq, time_ns, device: 0, kind: EventKind::Provoke { what: HOSTILE.to_owned() } });
    let (mut record, events) = judged(HOSTILE, events);
    record.end = End::Panicked(HOSTILE.to_owned());
    record.troubles = vec![HOSTILE.to_owned()];
    record.log = format!("{HOSTILE}\n").repeat(3);
    for entry in record.verdicts.entries.values_mut() {
        for violation in &mut entry.evidence {
            violation.seen = HOSTILE.to_owned();
            violation.context.iter_mut().for_each(|event| event.text = HOSTILE.to_owned());
        }
    }
    (record, events)
}
