//! Violations, with the evidence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use parakit_abi::requirement::RequirementId;

use super::folded;
use crate::judge::{ContextEvent, Entry, Violation};
use crate::scenario::RunRecord;

/// Findings that are shown of each requirement.
const SHOWN: usize = 3;
/// Columns.
const WIDTH: usize = 100;

/// A violation with the scenarios in which it came.
struct Finding<'a> {
    first: &'a Violation,
    scenario: &'a str,
    scenarios: u64,
    count: u64,
}

/// Every requirement that was violated: what it says, how often, and the first evidence, with what happened around it; empty when none was.
/// Lines have at most 100 columns.
#[must_use]
pub fn violations(runs: &[RunRecord]) -> String {
    let mut by_requirement: BTreeMap<RequirementId, Vec<(&str, &Entry)>> = BTreeMap::new();
    for run in runs {
        for (id, entry) in run.violations() {
            by_requirement.entry(id).or_default().push((&run.scenario, entry));
        }
    }
    by_requirement.iter().map(|(id, entries)| requirement(*id, entries)).collect()
}

fn requirement(id: RequirementId, entries: &[(&str, &Entry)]) -> String {
    let requirement = id.get();
    let total = entries.iter().fold(0_u64, |sum, (_, e)| sum.saturating_add(e.violated));
    let mut text = format!(
        "{} ({}, VIRTIO 1.4 §{}) violated {} in {}\n",
        requirement.id,
        requirement.strength.name(),
        requirement.section,
        times(total),
        counted(entries.len() as u64, "scenario"),
    );
    text.push_str(&folded(requirement.text, "  ", WIDTH));
    let findings = findings(entries);
    for finding in findings.iter().take(SHOWN) {
        text.push_str(&shown(finding));
    }
    let told = findings.iter().take(SHOWN).fold(0_u64, |sum, f| sum.saturating_add(f.count));
    if let Some(more) = total.checked_sub(told).filter(|more| *more > 0) {
        let _ = writeln!(text, "  - and {} in other ways", times(more));
    }
    text
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

fn shown(finding: &Finding<'_>) -> String {
    let Violation { device, seq, expected, seen, context, .. } = finding.first;
    let mut text = format!("  - {}, device {device}, event {seq}", finding.scenario);
    if finding.count > 1 {
        let _ =
            write!(text, "; {} in {}, this is the first", times(finding.count), counted(finding.scenarios, "scenario"));
    }
    text.push('\n');
    text.push_str(&hanging("    expected: ", expected));
    text.push_str(&hanging("    seen:     ", seen));
    for line in context {
        text.push_str(&around(line));
    }
    text
}

/// A line of what happened around: `>` marks the one that proves it.
fn around(line: &ContextEvent) -> String {
    let mark = if line.proof { '>' } else { ' ' };
    let repeated = if line.times > 1 { format!(" ({} times)", line.times) } else { String::new() };
    hanging(&format!("    {mark} {:>7} {} ", line.seq, moment(line.time_ns)), &format!("{}{repeated}", line.text))
}

/// A time since the begin of the run, nine columns.
fn moment(ns: u64) -> String {
    format!("{:>6}.{:03} ms", ns / 1_000_000, ns / 1_000 % 1_000)
}

/// `text` behind `head`, folded, its further lines as far right.
fn hanging(head: &str, text: &str) -> String {
    let indent = " ".repeat(head.chars().count());
    let folded = folded(text, &indent, WIDTH);
    format!("{head}{}", folded.strip_prefix(&indent).unwrap_or(&folded))
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
