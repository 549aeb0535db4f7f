//! Reports for programs: each is read back by something that did not write it, and holds what the runs held.

mod command;
mod json;
mod junit;
mod perfetto;

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use parakit_harness::judge::judge;
use parakit_harness::loopback::Scheduler;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::observe::negotiated::negotiated;
use parakit_harness::observe::{Event, EventKind, Traffic};
use parakit_harness::report::{HostInfo, Report, Skipped, SubjectInfo};
use parakit_harness::scenario::{self, Backend, Ground, RunRecord, Session};
use parakit_harness::vmm::End;
use parakit_tests::mutants;

/// Scenarios that pass, broken drivers that violate every rule for which there is one, guests that fail, and one with an unruly log.
static REPORT: LazyLock<Report> = LazyLock::new(|| {
    let started = Instant::now();
    let session = session();
    let names = ["blk-read", "console-echo", "entropy", "odd-used-id-out-of-range", "blk-sg.pci-ports.packed.inap"];
    let all = scenario::all();
    let named = names.map(|name| all.iter().find(|scenario| scenario.name == name).expect("a scenario of that name"));
    let mut runs: Vec<RunRecord> = named.map(|scenario| session.run(scenario).expect("loopback runs anywhere")).into();
    runs.extend((0..).zip(mutants::all()).map(|(i, mutant): (u32, _)| {
        let (events, _) = mutant.broken().run();
        record(&format!("mutant-{i}-{}", mutant.name), events)
    }));
    // A log that was full broke off in the middle.
    let whole = runs.iter().find(|run| run.scenario == "blk-read").expect("it was run");
    let until =
        whole.events.iter().rposition(|event| matches!(event.kind, EventKind::Available(_))).expect("a request");
    runs.push(record("cut-off", whole.events[..=until].to_vec()));
    runs.push(RunRecord {
        end: End::Panicked("<no> & \"why\"".to_owned()),
        log: UNRULY.to_owned(),
        ..empty("self-panic")
    });
    runs.push(RunRecord { end: End::Cancelled, ..empty("entropy-ended") });
    runs.push(RunRecord { troubles: vec!["the disk changed\u{1b}[31m".to_owned()], ..empty("blk-troubled") });
    Report {
        host: HostInfo::of(&session.ground),
        subject: SubjectInfo::of(&session.ground),
        seed: session.seed,
        runs,
        skipped: SKIPPED.map(|(scenario, why)| Skipped { scenario: scenario.to_owned(), why: why.to_owned() }).into(),
        elapsed: started.elapsed(),
    }
});

/// What could not be run: of a group of which something ran, and of one of its own.
const SKIPPED: [(&str, &str); 2] = [
    ("blk-rw.pci.packed.o", "this VMM has no <in_order>\u{1b}[31m"),
    ("vsock-echo", "this VMM has no machine for x86_64 with pci"),
];

/// What a guest may log: control characters, escape sequences, what is no text, the end of a CDATA section, a carriage return.
const UNRULY: &str = "first\r\n\u{0}\u{1b}[31mred\u{7}\u{fffe}\u{fffd} <tag attribute=\"&amp;\"> ]]> last";

fn session() -> Session {
    Session {
        ground: Ground::Loopback(Scheduler::Threads),
        image: None,
        seed: u64::MAX,
        keep_events: true,
        cancelled: Arc::default(),
        log: |_| {},
        input: None,
    }
}

/// A run of which only the events are known.
fn record(scenario: &str, events: Vec<Event>) -> RunRecord {
    let judgement = judge(&events);
    RunRecord {
        traffic: Traffic::of(&events),
        negotiated: negotiated(&events),
        verdicts: judgement.verdicts,
        events,
        ..empty(scenario)
    }
}

fn empty(scenario: &str) -> RunRecord {
    RunRecord {
        scenario: scenario.to_owned(),
        hostile: false,
        backend: Backend::Loopback,
        bus: TransportKind::Mmio,
        end: End::Passed,
        troubles: Vec::new(),
        elapsed: Duration::from_millis(3),
        exits: None,
        boot: None,
        traffic: Traffic::default(),
        negotiated: Vec::new(),
        records: Vec::new(),
        console: Vec::new(),
        log: String::new(),
        verdicts: Default::default(),
        events: Vec::new(),
    }
}
