//! Every scenario that needs no KVM, with stepped devices: the same workloads, devices and oddities, in orders that the seed decides.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parakit_harness::loopback::Scheduler;
use parakit_harness::scenario::{self, Ground, Place, Scenario, Session};

pub(crate) fn session(scheduler: Scheduler, seed: u64) -> Session {
    Session {
        ground: Ground::Loopback(scheduler),
        image: None,
        input: None,
        seed,
        keep_events: false,
        cancelled: Arc::new(AtomicBool::new(false)),
        log: |_| {},
    }
}

fn scenarios() -> impl Iterator<Item = Scenario> {
    scenario::all().into_iter().filter(|s| s.place == Place::Anywhere)
}

/// What is wrong with a run, if anything.
pub(crate) fn trouble(session: &Session, scenario: &Scenario) -> Option<String> {
    let record = session.run(scenario).unwrap();
    let mut troubles = record.troubles.clone();
    if !record.end.passed() {
        troubles.push(record.end.to_string());
    }
    troubles.extend(record.violations().map(|(id, e)| format!("{id}: {:?}", e.evidence.first())));
    (!troubles.is_empty()).then(|| format!("{} with seed {}: {troubles:?}", scenario.name, session.seed))
}

#[test]
fn every_scenario_passes_with_stepped_devices() {
    let troubles: Vec<_> = [1, 0x5eed]
        .into_iter()
        .flat_map(|seed| {
            let session = session(Scheduler::Stepped, seed);
            scenarios().filter_map(|s| trouble(&session, &s)).collect::<Vec<_>>()
        })
        .collect();
    assert!(troubles.is_empty(), "{troubles:#?}");
}

#[test]
fn every_scenario_passes_with_devices_on_threads() {
    let session = session(Scheduler::Threads, 1);
    let troubles: Vec<_> = scenarios().filter_map(|s| trouble(&session, &s)).collect();
    assert!(troubles.is_empty(), "{troubles:#?}");
}
