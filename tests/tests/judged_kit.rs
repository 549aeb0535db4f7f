//! The kit's own drivers before the judge: every scenario, in loopback, with the steps of driver and device in many orders.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::loopback::Scheduler;
use parakit_harness::scenario::{Ground, Scenario, Session, all, full};
use parakit_tests::raw::Chance;

/// Seeds of the ordinary test. More with `PARAKIT_KIT_SEEDS`.
const SEEDS: u64 = 2;
/// Scenarios of the full matrix that are drawn for the ordinary test, each with a seed of its own. More with `PARAKIT_KIT_DRAWS`.
const DRAWS: u64 = 100;

fn session(seed: u64, scheduler: Scheduler) -> Session {
    Session {
        ground: Ground::Loopback(scheduler),
        image: None,
        seed,
        keep_events: true,
        cancelled: Arc::new(AtomicBool::new(false)),
        log: |_| {},
        input: None,
    }
}

/// Runs a scenario; what it exercised.
fn judged(session: &Session, scenario: &Scenario) -> BTreeSet<RequirementId> {
    let name = &scenario.name;
    let record = session.run(scenario).unwrap_or_else(|e| panic!("{name}: {e}"));
    if let Some((rule, entry)) = record.violations().next() {
        let first = entry.evidence.first().map_or(0, |v| v.seq);
        let around: String = (record.events.iter())
            .filter(|e| (first.saturating_sub(40)..first + 10).contains(&e.seq))
            .map(|e| format!("  {} {:?}\n", e.seq, e.kind))
            .collect();
        panic!("{name}, seed {}: {rule}: {:?}\n{around}", session.seed, entry.evidence);
    }
    record.passed().collect()
}

#[test]
fn the_kit_violates_nothing() {
    let seeds = std::env::var("PARAKIT_KIT_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let mut exercised = BTreeSet::new();
    for seed in 0..seeds {
        let session = session(seed, Scheduler::Stepped);
        for scenario in all().iter().filter(|s| session.can_run(s)) {
            exercised.extend(judged(&session, scenario));
        }
    }
    // A judge that saw nothing would be content, too.
    for rule in [
        id::VQ_SPLIT_DRV_AVAILNOTIF_4,
        id::VQ_SPLIT_DRV_AVAILNOTIF_5,
        id::VQ_SPLIT_DRV_AVAILNOTIF_6,
        id::VQ_SPLIT_DRV_USEDNOTIF_5,
        id::INIT_DRV_CLEANUP_1,
        id::INIT_DRV_CLEANUP_2,
        id::BLK_DRV_OP_1,
        id::BLK_DRV_OP_2,
        id::CONSOLE_DRV_OP_1,
        id::RNG_DRV_OP_1,
    ] {
        assert!(exercised.contains(&rule), "{rule} was not exercised by any scenario");
    }
}

/// Every combination of transport, ring and features that there is, a share of them in each run of this test: which ones, and in what order their
/// steps come, is drawn anew. `PARAKIT_KIT_DRAW=SEED` draws what a failure printed.
#[test]
fn the_kit_violates_nothing_anywhere_in_the_matrix() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let draw = number("PARAKIT_KIT_DRAW").unwrap_or_else(|| u64::from(std::process::id()));
    println!("PARAKIT_KIT_DRAW={draw}");
    let mut chance = Chance::new(draw);
    let scenarios = full();
    for _ in 0..number("PARAKIT_KIT_DRAWS").unwrap_or(DRAWS) {
        let session = session(chance.bits(), Scheduler::Stepped);
        let scenario = &scenarios[chance.below(scenarios.len())];
        if session.can_run(scenario) {
            println!("{} with seed {}", scenario.name, session.seed);
            judged(&session, scenario);
        }
    }
}
