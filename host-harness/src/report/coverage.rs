//! Coverage, as text.

use comfy_table::{CellAlignment, Table, presets};
use parakit_abi::requirement::{RequirementId, Side};

use super::folded;
use crate::judge::coverage::Area;

/// Columns of the lists.
const WIDTH: u16 = 100;

/// What is checked and what was exercised, area by area; then every rule that is not checked with the reason, and every
/// checked one that was not exercised.
#[must_use]
pub fn coverage(areas: &[Area]) -> String {
    let mut text = table(areas);
    text.push_str("\nNot checked:\n");
    for area in areas {
        for (id, reason) in &area.unchecked {
            rule(&mut text, *id);
            text.push_str(&folded(&format!("not checked: {reason}"), "      ", WIDTH));
        }
    }
    let missed: Vec<_> = areas.iter().flat_map(Area::not_exercised).collect();
    if missed.is_empty() {
        text.push_str("\nEvery rule that is checked was exercised.\n");
    } else {
        text.push_str("\nChecked, and not exercised by this run:\n");
        missed.into_iter().for_each(|id| rule(&mut text, id));
    }
    text
}

fn rule(text: &mut String, id: RequirementId) {
    let row = id.get();
    text.push_str(&format!("  {id} (§{}, {})\n", row.section, row.strength.name()));
    text.push_str(&folded(row.text, "      ", WIDTH));
}

fn table(areas: &[Area]) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    let rules = match areas.first().map(|area| area.side) {
        Some(Side::Device) => "device rules",
        _ => "driver rules",
    };
    table.set_header(vec!["area", rules, "checked", "of the MUSTs", "of the direct", "exercised", "violated"]);
    for column in 1..7 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut total = [0; 8];
    for area in areas {
        let line = [
            area.requirements.len(),
            area.checked.len(),
            Area::musts(&area.checked),
            Area::musts(&area.requirements),
            Area::directs(&area.checked),
            Area::directs(&area.requirements),
            area.exercised.len(),
            area.violated.len(),
        ];
        for (sum, n) in total.iter_mut().zip(line) {
            *sum += n;
        }
        table.add_row(row(area.name, line));
    }
    table.add_row(row("total", total));
    format!("{table}\n")
}

fn row(name: &str, counts: [usize; 8]) -> Vec<String> {
    let [rules, checked, checked_musts, musts, checked_directs, directs, exercised, violated] = counts;
    vec![
        name.to_owned(),
        rules.to_string(),
        checked.to_string(),
        format!("{checked_musts} of {musts}"),
        format!("{checked_directs} of {directs}"),
        exercised.to_string(),
        violated.to_string(),
    ]
}
