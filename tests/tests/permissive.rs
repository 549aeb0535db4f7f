//! No false alarms: drivers that do every odd thing that the specification allows violate nothing.

use parakit_harness::judge;
use parakit_tests::raw::loose;

/// Runs of the ordinary test. More with `PARAKIT_LOOSE_RUNS`.
const RUNS: u64 = 400;

#[test]
fn legal_drivers_violate_nothing() {
    let runs = std::env::var("PARAKIT_LOOSE_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(RUNS);
    let mut applied = std::collections::BTreeSet::new();
    for seed in 0..runs {
        let events = loose::run(seed);
        let verdicts = judge::judge(&events).verdicts;
        for (id, entry) in &verdicts.entries {
            if let Some(violation) = entry.evidence.first() {
                let at = events.iter().position(|e| e.seq == violation.seq).unwrap_or(events.len());
                let around: String = events[at.saturating_sub(40)..events.len().min(at + 10)]
                    .iter()
                    .map(|e| format!("  {} {:?}\n", e.seq, e.kind))
                    .collect();
                panic!("seed {seed}: {id} at {violation:?}\n{around}");
            }
            applied.insert(*id);
        }
    }
    // The runs are worth something only if they come across the rules.
    assert!(applied.len() > 120, "only {} rules were exercised: {applied:?}", applied.len());
}
