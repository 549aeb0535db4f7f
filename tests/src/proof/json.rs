//! The matrix for programs.

use parakit_abi::requirement::{RequirementId, Side};
use serde_json::{Value, json};

use super::{Fate, Row, Totals};

/// Version of the form; a change that breaks readers counts it up.
const VERSION: u32 = 1;

/// The matrix as JSON: `version`; `totals` of `all`, `drivers` and `devices` (`mutants`, `right`, `other`, `missed`, `alarms`); `mutants`, each with
/// `side`, `requirement`, `name`, `what` and its `runs` (`ring`, `transport`, `fate`, and `by` where another requirement is concerned).
#[must_use]
pub fn json(rows: &[Row]) -> Value {
    let of = |side| rows.iter().filter(move |row| row.side() == side);
    json!({
        "version": VERSION,
        "totals": {
            "all": totals(Totals::of(rows)),
            "drivers": totals(Totals::of(of(Side::Driver))),
            "devices": totals(Totals::of(of(Side::Device))),
        },
        "mutants": rows.iter().map(mutant).collect::<Vec<_>>(),
    })
}

fn totals(totals: Totals) -> Value {
    let Totals { mutants, right, other, missed, alarms } = totals;
    json!({ "mutants": mutants, "right": right, "other": other, "missed": missed, "alarms": alarms })
}

fn mutant(row: &Row) -> Value {
    let runs = row.fates.iter().map(|(ground, fate)| {
        let (name, by): (_, &[RequirementId]) = match fate {
            Fate::Right => ("right", &[]),
            Fate::Other(ids) => ("other", ids),
            Fate::Missed => ("missed", &[]),
            Fate::Alarm(ids) => ("alarm", ids),
        };
        let by: Vec<_> = by.iter().map(ToString::to_string).collect();
        json!({ "ring": ground.ring(), "transport": ground.transport(), "fate": name, "by": by })
    });
    json!({
        "side": if row.side() == Side::Device { "device" } else { "driver" },
        "requirement": row.requirement.to_string(),
        "name": row.name,
        "what": row.what,
        "runs": runs.collect::<Vec<_>>(),
    })
}
