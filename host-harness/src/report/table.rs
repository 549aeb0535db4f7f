//! The table: a line a scenario, and the total.

use std::collections::BTreeSet;
use std::time::Duration;

use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use parakit_abi::requirement::RequirementId;

use super::Look;
use super::model::hidden;
use crate::observe::negotiated::Negotiated;
use crate::scenario::{Outcome, RunRecord};

/// Fewest columns of the table: names of scenarios and numbers are not folded.
const LEAST: u16 = 60;
/// Most columns of the table.
const MOST: u16 = 100;
/// Head of the column of requirements.
const REQUIREMENTS: &str = "passed/\nviolated/\nnot exer-\ncised";
/// The same where some rules cannot be seen from where the runs ran.
const WITH_HIDDEN: &str = "passed/\nviolated/\nnot exer-\ncised/not\nobservable";
/// Which column is the name: of a scenario, which is short, or of a kernel, which may not be.
const NAME: usize = 0;
/// Columns of it, blanks around it included, up to which it is not folded: no scenario's is longer.
const NAME_WIDTH: u16 = 42;
/// Which column is what was negotiated.
const NEGOTIATED: usize = 1;
/// Columns of it, blanks around it included, where it is tight: more is folded.
const NEGOTIATED_WIDTH: u16 = 17;
/// Which column is the outcome; behind it are numbers.
const OUTCOME: usize = 2;
/// Columns of it, blanks around it included, where it is tight.
const OUTCOME_WIDTH: u16 = 11;

/// The table of a run, at most 100 columns wide. `checked`: every requirement that some checker judges.
#[must_use]
pub fn table(runs: &[RunRecord], checked: &BTreeSet<RequirementId>, look: Look) -> String {
    let width = look.columns.clamp(LEAST, MOST);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    if look.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let any_hidden = checked.iter().any(|&id| runs.iter().any(|run| run.hides(id).is_some()));
    let head = if any_hidden { WITH_HIDDEN } else { REQUIREMENTS };
    let numbers = |runs: &[RunRecord]| {
        let [passed, violated, unexercised, hidden] = requirements(checked, runs);
        let three = format!("{passed}/{violated}/{unexercised}");
        if any_hidden { format!("{three}/{hidden}") } else { three }
    };
    table.set_header(vec!["scenario", "negotiated", "outcome", "ms", "exits", head]);
    for run in runs {
        table.add_row(vec![
            Cell::new(&run.scenario),
            Cell::new(run.negotiated.first().map_or_else(|| "-".to_owned(), Negotiated::short)),
            outcome(run),
            Cell::new(milliseconds(run.elapsed)),
            Cell::new(run.exits.map_or_else(|| "-".to_owned(), |e| e.total().to_string())),
            Cell::new(numbers(std::slice::from_ref(run))),
        ]);
    }
    table.add_row(total(runs, numbers(runs)));
    // A blank on either side of each column, and the lines around them.
    let widths = table.column_max_content_widths();
    let tight = widths.iter().map(|width| width + 3).sum::<u16>() + 1 > width;
    // What is left for names when what was negotiated and the outcome are folded, and the lines around.
    let others = widths.iter().enumerate().filter(|(i, _)| *i != NAME).map(|(i, width)| match i {
        NEGOTIATED => (width + 2).min(NEGOTIATED_WIDTH),
        OUTCOME => (width + 2).min(OUTCOME_WIDTH),
        _ => width + 2,
    });
    let left = width.saturating_sub(others.sum::<u16>() + widths.len() as u16 + 1).clamp(NAME_WIDTH / 2, NAME_WIDTH);
    // Where it is tight, what was negotiated is folded, then the outcome; of names those of kernels that are long; and no number.
    for (i, column) in table.column_iter_mut().enumerate() {
        match i {
            OUTCOME => {}
            NAME if widths[NAME] + 2 > NAME_WIDTH => {
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(left)));
            }
            NEGOTIATED if tight => {
                column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(NEGOTIATED_WIDTH)));
            }
            _ => {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        if i > OUTCOME {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = table.to_string();
    text.push('\n');
    text
}

/// A duration in the unit of its column; none of a run that was replayed.
fn milliseconds(time: Duration) -> String {
    if time.is_zero() { "-".to_owned() } else { format!("{:.0}", time.as_secs_f64() * 1e3) }
}

fn total(runs: &[RunRecord], requirements: String) -> Vec<String> {
    let fine = runs.iter().filter(|r| r.outcome() == Outcome::Passed).count();
    let exits = runs.iter().filter_map(|r| r.exits).map(|e| e.total()).fold(None, |sum, n| Some(sum.unwrap_or(0) + n));
    vec![
        format!("total: {} scenarios", runs.len()),
        String::new(),
        format!("{fine} passed"),
        milliseconds(runs.iter().map(|r| r.elapsed).sum::<Duration>()),
        exits.map_or_else(|| "-".to_owned(), |n: u64| n.to_string()),
        requirements,
    ]
}

/// How many requirements passed, were violated, were not exercised, and could not be seen, in these runs together.
fn requirements(checked: &BTreeSet<RequirementId>, runs: &[RunRecord]) -> [usize; 4] {
    let violated: BTreeSet<_> = runs.iter().flat_map(|r| r.violations().map(|(id, _)| id)).collect();
    let passed: BTreeSet<_> = runs.iter().flat_map(RunRecord::passed).filter(|id| !violated.contains(id)).collect();
    let rest = checked.iter().filter(|id| !passed.contains(*id) && !violated.contains(*id));
    let (unseen, unexercised): (Vec<RequirementId>, Vec<_>) = rest.copied().partition(|id| hidden(runs, *id).is_some());
    [passed.len(), violated.len(), unexercised.len(), unseen.len()]
}

/// The outcome as the table shows it: how the guest ended where that says more.
fn outcome(run: &RunRecord) -> Cell {
    let (text, color) = match run.outcome() {
        Outcome::Passed => ("passed", Color::DarkGreen),
        Outcome::Violated => ("violated", Color::DarkRed),
        Outcome::Cancelled => ("cancelled", Color::DarkYellow),
        Outcome::Failed if run.end.passed() || run.end.orderly() => ("failed", Color::DarkRed),
        Outcome::Failed => (run.end.summary(), Color::DarkRed),
    };
    Cell::new(text).fg(color)
}
