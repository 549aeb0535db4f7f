//! What probes found, counted by requirement.

use alloc::{collections::BTreeMap, string::String};
use core::cell::RefCell;
use core::fmt::Write;

use parakit_abi::mailbox::{EVIDENCE_MAX, EVIDENCE_SEPARATOR, Value};
use parakit_abi::requirement::RequirementId;

/// Lines of evidence for one requirement: the first ones show what is wrong, more of the same take room from others.
const LINES: u32 = 4;

/// What probes found ([`crate::Env::verdict`]): counts by requirement, and text on the violations.
#[derive(Default)]
pub struct Tally {
    counts: RefCell<BTreeMap<RequirementId, Count>>,
    evidence: RefCell<String>,
}

#[derive(Clone, Copy, Default)]
struct Count {
    passed: u32,
    violated: u32,
}

impl Tally {
    /// Counts one finding; a violation says what was expected and what was seen.
    pub fn add(&self, requirement: RequirementId, violation: Option<(&str, &str)>) {
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(requirement).or_default();
        let Some((expected, seen)) = violation else {
            count.passed = count.passed.saturating_add(1);
            return;
        };
        count.violated = count.violated.saturating_add(1);
        if count.violated <= LINES {
            self.note(requirement, expected, seen);
        }
    }

    /// Adds a line of evidence; one that does not fit as a whole is left out.
    fn note(&self, requirement: RequirementId, expected: &str, seen: &str) {
        let clean = |text: &str| text.replace(char::is_control, " ");
        let mut evidence = self.evidence.borrow_mut();
        let before = evidence.len();
        let s = EVIDENCE_SEPARATOR;
        // Writing to a string does not fail.
        let _ = writeln!(evidence, "{requirement}{s}{}{s}{}", clean(expected), clean(seen));
        if evidence.len() > EVIDENCE_MAX {
            evidence.truncate(before);
        }
    }

    /// The counts, as records.
    pub fn records(&self, mut record: impl FnMut(&str, Value)) {
        for (requirement, &Count { passed, violated }) in &*self.counts.borrow() {
            record(requirement.get().id, Value::Verdict { passed, violated });
        }
    }

    /// The evidence, in the form of [`parakit_abi::mailbox::OFF_EVIDENCE`].
    pub fn evidence(&self) -> String {
        self.evidence.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec::Vec};

    use parakit_abi::mailbox::evidence;

    use super::*;

    #[test]
    fn findings_are_counted_and_violations_told() {
        let tally = Tally::default();
        let mut ids = RequirementId::all();
        let (a, b) = (ids.next().unwrap(), ids.next().unwrap());
        tally.add(b, None);
        tally.add(a, Some(("zero", "one\nand two")));
        tally.add(a, None);
        tally.add(a, None);
        let mut records = Vec::new();
        tally.records(|name, value| records.push((name.into(), value)));
        let verdict = |passed, violated| Value::Verdict { passed, violated };
        assert_eq!(records, [(format!("{a}"), verdict(2, 1)), (format!("{b}"), verdict(1, 0))]);
        assert_eq!(evidence(&tally.evidence()).collect::<Vec<_>>(), [(a, "zero", "one and two")]);
    }

    #[test]
    fn evidence_is_bounded() {
        let tally = Tally::default();
        let long = "x".repeat(1000);
        for id in RequirementId::all() {
            for _ in 0..10 {
                tally.add(id, Some(("nothing", &long)));
            }
        }
        let text = tally.evidence();
        assert!(text.len() <= EVIDENCE_MAX && text.len() > EVIDENCE_MAX / 2, "{}", text.len());
        assert_eq!(evidence(&text).count(), text.lines().count());
    }
}
