//! Violations, with the evidence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use parakit_abi::requirement::RequirementId;

use super::{Look, folded};
use crate::judge::{ContextEvent, Entry, Violation};
use crate::scenario::RunRecord;

/// Findings that are shown of each requirement.
const SHOWN: usize = 3;

/// A violation with the scenarios in which it came.
pub(super) struct Finding<'a> {
    /// As it came first.
    pub(super) first: &'a Violation,
    /// Where that was.
    pub(super) scenario: &'a str,
    /// In how many scenarios it came.
    pub(super) scenarios: u64,
    /// How often in all.
    pub(super) count: u64,
}

/// A requirement that was violated.
pub(super) struct Broken<'a> {
    pub(super) id: RequirementId,
    /// How often.
    total: u64,
    /// In how many scenarios.
    scenarios: usize,
    /// Its violations, those that say the same counted together.
    pub(super) findings: Vec<Finding<'a>>,
}

/// Every requirement that was violated: what it says, how often, and the first evidence, with what happened around it; empty when none was.
#[must_use]
pub fn violations(runs: &[RunRecord], look: Look) -> String {
    broken(runs).iter().map(|broken| broken.text(look)).collect()
}

/// The requirements that were violated, in the order of the catalogue.
pub(super) fn broken(runs: &[RunRecord]) -> Vec<Broken<'_>> {
    let mut by_requirement: BTreeMap<RequirementId, Vec<(&str, &Entry)>> = BTreeMap::new();
    for run in runs {
        for (id, entry) in run.violations() {
            by_requirement.entry(id).or_default().push((&run.scenario, entry));
        }
    }
    by_requirement.into_iter().map(|(id, entries)| Broken::of(id, &entries)).collect()
}

impl<'a> Broken<'a> {
    fn of(id: RequirementId, entries: &[(&'a str, &'a Entry)]) -> Self {
        Self {
            id,
            total: entries.iter().fold(0_u64, |sum, (_, e)| sum.saturating_add(e.violated)),
            scenarios: entries.len(),
            findings: findings(entries),
        }
    }

    /// In words.
    pub(super) fn text(&self, look: Look) -> String {
        let requirement = self.id.get();
        let name = match requirement.strength.is_must() {
            true => look.bad(requirement.id),
            false => look.warning(requirement.id),
        };
        let mut text = format!(
            "{name} ({}, VIRTIO 1.4 §{}) violated {} in {}\n",
            requirement.strength.name(),
            requirement.section,
            times(self.total),
            counted(self.scenarios as u64, "scenario"),
        );
        text.push_str(&folded(requirement.text, "  ", look.columns));
        for finding in self.findings.iter().take(SHOWN) {
            text.push_str(&shown(finding, look));
        }
        let told = self.findings.iter().take(SHOWN).fold(0_u64, |sum, f| sum.saturating_add(f.count));
        if let Some(more) = self.total.checked_sub(told).filter(|more| *more > 0) {
            let _ = writeln!(text, "  - and {} in other ways", times(more));
        }
        text
    }
}

/// The violations of a requirement in all runs, those that say the same counted together.
fn findings<'a>(entries: &[(&'a str, &'a Entry)]) -> Vec<Finding<'a>> {
    let mut findings: Vec<Finding<'a>> = Vec::new();
    for (scenario, entry) in entries {
        for violation in &entry.evidence {
            match findings.iter_mut().find(|f| f.first.is_like(violation)) {
                Some(known) => {
                    known.count = known.count.saturating_add(violation.count);
                    known.scenarios += 1;
                }
                None => {
                    findings.push(Finding { first: violation, scenario, scenarios: 1, count: violation.count });
                }
            }
        }
    }
    findings
}

fn shown(finding: &Finding<'_>, look: Look) -> String {
    let Violation { device, seq, expected, seen, context, .. } = finding.first;
    let mut place = format!("{}, device {device}, event {seq}", finding.scenario);
    if finding.count > 1 {
        let _ = write!(
            place,
            "; {} in {}, this is the first",
            times(finding.count),
            counted(finding.scenarios, "scenario")
        );
    }
    let mut text = hanging("  - ", &place, look);
    text.push_str(&hanging("    expected: ", expected, look));
    text.push_str(&hanging("    seen:     ", seen, look));
    for line in context {
        text.push_str(&around(line, look));
    }
    text
}

/// A line of what happened around: `>` marks the one that proves it.
fn around(line: &ContextEvent, look: Look) -> String {
    let mark = if line.proof { '>' } else { ' ' };
    let repeated = if line.times > 1 { format!(" ({} times)", line.times) } else { String::new() };
    let head = format!("    {mark} {:>7} {} ", line.seq, moment(line.time_ns));
    let text = hanging(&head, &format!("{}{repeated}", line.text), look);
    match text.strip_suffix('\n') {
        Some(text) if look.colours => format!("{}\n", if line.proof { look.bad(text) } else { look.faint(text) }),
        _ => text,
    }
}

/// A time since the begin of the run, nine columns.
fn moment(ns: u64) -> String {
    format!("{:>6}.{:03} ms", ns / 1_000_000, ns / 1_000 % 1_000)
}

/// `text` behind `head`, folded, its further lines as far right.
fn hanging(head: &str, text: &str, look: Look) -> String {
    let indent = " ".repeat(head.chars().count());
    let folded = folded(text, &indent, look.columns);
    format!("{head}{}", folded.strip_prefix(&indent).unwrap_or(&folded))
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
