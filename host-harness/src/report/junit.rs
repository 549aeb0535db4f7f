//! The report as JUnit XML, for the viewers of continuous integration. `docs/report.md` says what becomes a test case and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use parakit_abi::requirement::{RequirementId, Side};
use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::Look;
use super::model::{Report, Skipped};
use super::violations::{Broken, broken, violations};
use crate::judge::Verdict;
use crate::scenario::{Outcome, RunRecord};

/// Lines of a guest's log that go with a failure.
const LOG_LINES: usize = 200;

impl Report {
    /// Writes the report as JUnit XML: a suite for each group of scenarios, with a case a scenario, and a suite for each area of the
    /// specification and side, with a case a requirement that some checker judges.
    ///
    /// # Errors
    /// `out` takes no more.
    pub fn write_junit(&self, mut out: impl Write) -> io::Result<()> {
        let mut suites = Suites::new(visible(&format!("parakit: {}", self.subject.name)));
        suites.set_time(self.elapsed);
        suites.add_test_suites(scenarios(self));
        suites.add_test_suites(requirements(self));
        // In memory first: what `out` has to say is not lost in an error about XML.
        out.write_all(suites.to_string().map_err(io::Error::other)?.as_bytes())?;
        out.flush()
    }
}

/// A suite for each group of scenarios, in the order in which groups came first; what was skipped is behind what ran.
fn scenarios(report: &Report) -> Vec<TestSuite> {
    let ran = report.runs.iter().map(|run| (suite_of(&run.scenario), scenario(run)));
    let skipped = report.skipped.iter().map(|left| (suite_of(&left.scenario), skipped(left)));
    let mut suites: Vec<TestSuite> = Vec::new();
    for (name, case) in ran.chain(skipped) {
        let place = suites.iter().position(|suite| suite.name.as_str() == name).unwrap_or_else(|| {
            suites.push(TestSuite::new(name));
            suites.len() - 1
        });
        let suite = &mut suites[place];
        suite.set_time(suite.time.unwrap_or_default() + case.time.unwrap_or_default());
        suite.add_test_case(case);
    }
    suites
}

fn skipped(left: &Skipped) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    status.set_message(visible(&left.why));
    let mut case = TestCase::new(visible(&left.scenario), status);
    case.set_classname(suite_of(&left.scenario)).set_time(Duration::ZERO);
    case
}

/// The first word of a scenario's name: `blk` of `blk-read.pci`.
fn group(scenario: &str) -> &str {
    scenario.split(['-', '.']).next().unwrap_or(scenario)
}

/// The name of a scenario's suite.
fn suite_of(scenario: &str) -> String {
    visible(&format!("scenarios {}", group(scenario)))
}

fn scenario(run: &RunRecord) -> TestCase {
    let status = match run.outcome() {
        Outcome::Passed => TestCaseStatus::success(),
        Outcome::Cancelled => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("cancelled").set_message("the user ended the run");
            status
        }
        Outcome::Failed => {
            let mut text = String::new();
            if !run.end.passed() {
                let _ = writeln!(text, "{}", run.end);
            }
            run.troubles.iter().for_each(|trouble| text.push_str(&format!("{trouble}\n")));
            let first = text.lines().next().unwrap_or_default().to_owned();
            failure(run.end.summary(), &first, &text)
        }
        Outcome::Violated => {
            let ids: Vec<_> = run
                .violations()
                .map(|(id, _)| id)
                .filter(|id| id.get().strength.is_must())
                .map(|id| id.get().id)
                .collect();
            failure(
                "violated",
                &format!("violates {}", ids.join(", ")),
                &violations(std::slice::from_ref(run), Look::PLAIN),
            )
        }
    };
    let mut case = TestCase::new(visible(&run.scenario), status);
    case.set_classname(suite_of(&run.scenario)).set_time(run.elapsed);
    if run.outcome() != Outcome::Passed && !run.log.is_empty() {
        let lines: Vec<_> = run.log.lines().collect();
        let shown = &lines[lines.len().saturating_sub(LOG_LINES)..];
        case.set_system_out(visible(&shown.join("\n")));
    }
    case
}

/// A suite for each area and side, in the order of the catalogue.
fn requirements(report: &Report) -> Vec<TestSuite> {
    let verdicts = report.ledger();
    let broken: BTreeMap<RequirementId, Broken<'_>> = broken(&report.runs).into_iter().map(|b| (b.id, b)).collect();
    let mut suites: Vec<TestSuite> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (id, verdict) in verdicts {
        // There is no test of what leaves no trace.
        let Some(status) = status(&verdict) else { continue };
        let row = id.get();
        let side = match row.side {
            Side::Driver => "driver",
            Side::Device => "device",
            Side::Both => "driver and device",
        };
        let name = format!("VIRTIO 1.4 {}, {side}", row.area);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            let mut suite = TestSuite::new(name.as_str());
            // Judging takes no time that could be told apart from the runs'.
            suite.set_time(Duration::ZERO);
            suites.push(suite);
            suites.len() - 1
        });
        let mut status = status;
        let evidence = broken.get(&id).map(|broken| visible(&broken.text(Look::PLAIN)));
        let must = row.strength.is_must();
        if let (true, Some(evidence)) = (must, &evidence) {
            let message = format!("{} (§{}): {}", row.strength.name(), row.section, row.text);
            status = failure("violated", &message, evidence);
        }
        let mut case = TestCase::new(row.id, status);
        case.set_classname(name);
        // Bad advice taken fails no build, but it is shown.
        if let (false, Some(evidence)) = (must, evidence) {
            case.set_system_out(evidence);
        }
        if let Some(suite) = suites.get_mut(place) {
            suite.add_test_case(case);
        }
    }
    suites
}

/// `None` where nothing can be seen of the requirement.
fn status(verdict: &Verdict) -> Option<TestCaseStatus> {
    match verdict {
        Verdict::Pass { .. } | Verdict::Violated { .. } => Some(TestCaseStatus::success()),
        Verdict::NotExercised => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("not exercised: nothing in these runs came to where it applies");
            Some(status)
        }
        Verdict::NotObservable { .. } => None,
    }
}

fn failure(kind: &str, message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(visible(message)).set_description(visible(text));
    status
}

/// `text` with what XML cannot hold, and what a viewer would not show, written out: `\x1b` for an escape.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if rest.peek() == Some(&'\n') => {}
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{group, visible};

    #[test]
    fn what_xml_cannot_hold_is_written_out() {
        assert_eq!(visible("a\x1b[31mb\0\r\nc\rd\u{fffe}\u{85}\te"), "a\\x1b[31mb\\x00\nc\\x0dd\\u{fffe}\\x85\te");
        assert_eq!(visible("<&]]>\"ü"), "<&]]>\"ü");
    }

    #[test]
    fn scenarios_are_grouped_by_their_first_word() {
        assert_eq!(group("blk-rw.mmio.split.-"), "blk");
        assert_eq!(group("entropy"), "entropy");
        assert_eq!(group("smp-share.pci"), "smp");
        assert_eq!(group(""), "");
    }
}
