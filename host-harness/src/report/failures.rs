//! Runs that failed: why, with what the guest had to say.

use std::fmt::Write as _;

use super::{Look, folded};
use crate::scenario::{Outcome, RunRecord};

/// Lines of the guest's log that are shown.
const LOG_LINES: usize = 20;

/// Every run that failed, with the end of its log; empty when none did.
#[must_use]
pub fn failures(runs: &[RunRecord], look: Look) -> String {
    let mut text = String::new();
    for run in runs.iter().filter(|r| r.outcome() == Outcome::Failed) {
        let _ = writeln!(text, "{} failed on {}:", look.bad(&run.scenario), run.backend);
        if !run.end.passed() {
            text.push_str(&folded(&run.end.to_string(), "  ", look.columns));
        }
        for trouble in &run.troubles {
            text.push_str(&folded(trouble, "  ", look.columns));
        }
        let lines: Vec<_> = run.log.lines().collect();
        let shown = &lines[lines.len().saturating_sub(LOG_LINES)..];
        if !shown.is_empty() {
            let _ = writeln!(text, "  the guest's log, last {} of {} lines:", shown.len(), lines.len());
            for line in shown {
                let _ = writeln!(text, "  | {line}");
            }
        }
    }
    text
}
