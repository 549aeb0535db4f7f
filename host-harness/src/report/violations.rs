//! Violations, with the evidence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use parakit_abi::requirement::RequirementId;

use super::folded;
use crate::judge::Entry;
use crate::scenario::RunRecord;

/// Pieces of evidence that are shown of each requirement.
const SHOWN: usize = 3;

/// Every requirement that was violated: what it says, how often, and the first evidence; empty when none was.
#[must_use]
pub fn violations(runs: &[RunRecord]) -> String {
    let mut by_requirement: BTreeMap<RequirementId, Vec<(&str, &Entry)>> = BTreeMap::new();
    for run in runs {
        for (id, entry) in run.violations() {
            by_requirement.entry(id).or_default().push((&run.scenario, entry));
        }
    }
    let mut text = String::new();
    for (id, entries) in by_requirement {
        let requirement = id.get();
        let count: u64 = entries.iter().map(|(_, e)| e.violated).sum();
        let scenarios = entries.len();
        let _ = writeln!(
            text,
            "{} ({}, VIRTIO 1.4 §{}) violated {count} times in {scenarios} {}",
            requirement.id,
            requirement.strength.name(),
            requirement.section,
            if scenarios == 1 { "scenario" } else { "scenarios" },
        );
        text.push_str(&folded(requirement.text, "  ", 100));
        let evidence = entries.iter().flat_map(|(scenario, e)| e.evidence.iter().map(move |v| (scenario, v)));
        for (scenario, violation) in evidence.take(SHOWN) {
            let _ = writeln!(text, "  - {scenario}, device {}, event {}", violation.device, violation.seq);
            text.push_str(&folded(&format!("expected: {}", violation.expected), "    ", 100));
            text.push_str(&folded(&format!("seen:     {}", violation.seen), "    ", 100));
        }
    }
    text
}
