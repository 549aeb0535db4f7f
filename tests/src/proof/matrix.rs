//! The matrix: how many mutants were caught, and by what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use parakit_abi::requirement::Side;

use super::{Fate, Ground, Row};

/// Columns of the text.
const WIDTH: usize = 100;
/// Of a hundred mutants so many must be caught by the right requirement.
const RIGHT: usize = 95;

/// How many mutants there were, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub mutants: usize,
    /// Caught by the requirement that they break, wherever they ran.
    pub right: usize,
    /// Caught everywhere, somewhere by another one.
    pub other: usize,
    /// Not caught somewhere.
    pub missed: usize,
    /// Whose conforming run was accused.
    pub alarms: usize,
}

impl Totals {
    /// Counts mutants.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Self {
        let mut totals = Self::default();
        for row in rows {
            totals.mutants += 1;
            *match row.fate() {
                Fate::Right => &mut totals.right,
                Fate::Other(_) => &mut totals.other,
                Fate::Missed => &mut totals.missed,
                Fate::Alarm(_) => &mut totals.alarms,
            } += 1;
        }
        totals
    }

    /// Whether none was missed, and 95 of 100 were caught by the right requirement.
    #[must_use]
    pub const fn is_enough(&self) -> bool {
        self.missed == 0 && self.alarms == 0 && self.right * 100 >= self.mutants * RIGHT
    }
}

/// The matrix by area, drivers and devices apart, and the total; with `verbose` every mutant with where it ran. At most 100 columns.
#[must_use]
pub fn matrix(rows: &[Row], verbose: bool) -> String {
    let mut text = String::new();
    for (side, title) in [(Side::Driver, "drivers"), (Side::Device, "devices")] {
        let of_side: Vec<&Row> = rows.iter().filter(|row| row.side() == side).collect();
        if of_side.is_empty() {
            continue;
        }
        let _ = writeln!(text, "Mutants of {title}: caught by the right requirement of so many that ran there\n");
        head(&mut text);
        let mut areas: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
        let mut names: Vec<&str> = Vec::new();
        for row in &of_side {
            let area = row.requirement.get().area;
            let at = names.iter().position(|name| *name == area).unwrap_or_else(|| {
                names.push(area);
                names.len() - 1
            });
            areas.entry(at).or_default().push(row);
        }
        for (at, rows) in &areas {
            line(&mut text, names[*at], rows);
        }
        line(&mut text, "all", &of_side);
        text.push('\n');
        if verbose {
            of_side.iter().for_each(|row| mutant(&mut text, row));
            text.push('\n');
        }
    }
    failures(&mut text, rows);
    let Totals { mutants, right, other, missed, .. } = Totals::of(rows);
    let runs: usize = rows.iter().map(|row| row.fates.len()).sum();
    let share = if mutants == 0 { 0.0 } else { right as f64 * 100.0 / mutants as f64 };
    let _ = writeln!(
        text,
        "{mutants} mutants in {runs} runs: {right} caught by the right requirement ({share:.1} %), {other} by another, {missed} missed"
    );
    text
}

fn head(text: &mut String) {
    let grounds = Ground::ALL.map(|g| format!("{} {}", g.ring(), g.transport()));
    let _ = write!(text, "{:<10}{:>8}{:>7}{:>7}{:>7} ", "area", "mutants", "right", "other", "missed");
    grounds.iter().for_each(|name| {
        let _ = write!(text, "{name:>14}");
    });
    text.push('\n');
}

fn line(text: &mut String, name: &str, rows: &[&Row]) {
    let Totals { mutants, right, other, missed, .. } = Totals::of(rows.iter().copied());
    let _ = write!(text, "{name:<10}{mutants:>8}{right:>7}{other:>7}{missed:>7} ");
    for ground in Ground::ALL {
        let there: Vec<&Fate> =
            rows.iter().flat_map(|row| &row.fates).filter(|(at, _)| *at == ground).map(|(_, fate)| fate).collect();
        let caught = there.iter().filter(|fate| ***fate == Fate::Right).count();
        let cell = if there.is_empty() { "-".to_owned() } else { format!("{caught} of {}", there.len()) };
        let _ = write!(text, "{cell:>14}");
    }
    text.push('\n');
}

/// A mutant: what it breaks, what it does, and what became of it on each ground.
fn mutant(text: &mut String, row: &Row) {
    let cells = Ground::ALL.map(|ground| {
        let fate = row.fates.iter().find(|(at, _)| *at == ground).map(|(_, fate)| fate);
        match fate {
            None => "-",
            Some(Fate::Right) => "right",
            Some(Fate::Other(_)) => "other",
            Some(Fate::Missed) => "missed",
            Some(Fate::Alarm(_)) => "alarm",
        }
    });
    let where_ = format!("{:>7}{:>7}{:>7}{:>7}", cells[0], cells[1], cells[2], cells[3]);
    let name = format!("{} {}", row.requirement, row.name);
    let room = WIDTH - where_.len();
    if name.chars().count() <= room {
        let _ = writeln!(text, "{name:<room$}{where_}");
    } else {
        let _ = writeln!(text, "{}", cut(&name, WIDTH));
        let _ = writeln!(text, "{:<room$}{where_}", "");
    }
    if row.name != row.what {
        let _ = writeln!(text, "    {}", cut(row.what, WIDTH - 4));
    }
}

/// What was not caught as it should be.
fn failures(text: &mut String, rows: &[Row]) {
    for row in rows {
        for (ground, fate) in &row.fates {
            let (what, ids) = match fate {
                Fate::Right => continue,
                Fate::Other(ids) => ("caught by another requirement", ids.as_slice()),
                Fate::Missed => ("missed", &[][..]),
                Fate::Alarm(ids) => ("the conforming run is accused", ids.as_slice()),
            };
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            let head = format!("{} {}", row.requirement, row.name);
            let _ = writeln!(text, "{}", cut(&head, WIDTH));
            let tail = format!("    on {} {}: {what} {}", ground.ring(), ground.transport(), ids.join(" "));
            let _ = writeln!(text, "{}", cut(tail.trim_end(), WIDTH));
        }
    }
}

/// At most `most` characters of a text.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(3)).chain("...".chars()).collect()
}
