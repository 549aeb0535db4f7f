//! Coverage, as text.

use comfy_table::{CellAlignment, Table, presets};
use parakit_abi::requirement::RequirementId;

use super::folded;
use crate::judge::coverage::Area;

/// Columns of the lists.
const WIDTH: usize = 100;

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
    table.set_header(vec!["area", "driver rules", "checked", "of the MUSTs", "exercised", "violated"]);
    for column in 1..6 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut total = [0; 6];
    for area in areas {
        let line = [
            area.requirements.len(),
            area.checked.len(),
            Area::musts(&area.checked),
            Area::musts(&area.requirements),
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

fn row(name: &str, [rules, checked, checked_musts, musts, exercised, violated]: [usize; 6]) -> Vec<String> {
    vec![
        name.to_owned(),
        rules.to_string(),
        checked.to_string(),
        format!("{checked_musts} of {musts}"),
        exercised.to_string(),
        violated.to_string(),
    ]
}
