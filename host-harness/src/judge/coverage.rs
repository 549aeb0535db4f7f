//! How much of the specification's rules the judge checks, for drivers and for devices, and how much of that a run exercised.

use std::collections::BTreeSet;

use parakit_abi::requirement::{Observability, RequirementId, Side};

use super::{Verdicts, kinds, not_checked};

/// Coverage of one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its name, as in the catalogue.
    pub name: &'static str,
    /// Whose rules these are.
    pub side: Side,
    /// The rules of that side in the scope of a driver kit.
    pub requirements: Vec<RequirementId>,
    /// Those that a checker judges.
    pub checked: Vec<RequirementId>,
    /// Checked ones that the run came across: kept or broken at least once.
    pub exercised: Vec<RequirementId>,
    /// Checked ones that the run broke.
    pub violated: Vec<RequirementId>,
    /// Those that no checker judges, each with the reason.
    pub unchecked: Vec<(RequirementId, &'static str)>,
}

impl Area {
    /// Checked rules that the run did not come across.
    pub fn not_exercised(&self) -> impl Iterator<Item = RequirementId> {
        self.checked.iter().copied().filter(|id| !self.exercised.contains(id))
    }

    /// How many of the rules in `list` can be decided from what is seen, by the catalogue.
    #[must_use]
    pub fn directs(list: &[RequirementId]) -> usize {
        list.iter().filter(|id| id.get().observability == Observability::Direct).count()
    }

    /// How many of the rules in `list` are MUST or MUST NOT.
    #[must_use]
    pub fn musts(list: &[RequirementId]) -> usize {
        list.iter().filter(|id| id.get().strength.is_must()).count()
    }
}

/// What the judge checks of the rules for drivers, in the areas that it works on, and what `verdicts` exercised of that.
///
/// ```
/// use parakit_harness::judge::{Verdicts, coverage};
/// let areas = coverage::coverage(&Verdicts::default());
/// let ring = areas.iter().find(|area| area.name == "VQ-SPLIT").unwrap();
/// assert_eq!(ring.requirements.len(), ring.checked.len() + ring.unchecked.len());
/// assert!(ring.exercised.is_empty(), "a run that did nothing exercises nothing");
/// ```
#[must_use]
pub fn coverage(verdicts: &Verdicts) -> Vec<Area> {
    areas(Side::Driver, not_checked::AREAS, verdicts)
}

/// What the judge checks of the rules for devices, and what `verdicts` exercised of that.
#[must_use]
pub fn device_coverage(verdicts: &Verdicts) -> Vec<Area> {
    areas(Side::Device, not_checked::DEVICE_AREAS, verdicts)
}

fn areas(side: Side, names: &[&'static str], verdicts: &Verdicts) -> Vec<Area> {
    let judged: BTreeSet<RequirementId> = kinds().flat_map(|kind| kind.requirements).copied().collect();
    let entry = |id: &RequirementId| verdicts.entries.get(id);
    let area = |name: &&'static str| {
        let requirements: Vec<_> = RequirementId::all()
            .filter(|id| {
                let row = id.get();
                row.area == *name && row.side == side && row.kit_scope
            })
            .collect();
        let (checked, rest): (Vec<_>, Vec<_>) = requirements.iter().copied().partition(|id| judged.contains(id));
        let applied = |id: &&RequirementId| entry(id).is_some_and(|e| e.passed + e.violated > 0);
        let broken = |id: &&RequirementId| entry(id).is_some_and(|e| e.violated > 0);
        Area {
            name,
            side,
            exercised: checked.iter().filter(applied).copied().collect(),
            violated: checked.iter().filter(broken).copied().collect(),
            unchecked: rest
                .into_iter()
                .map(|id| (id, not_checked::reason(id).unwrap_or("no reason is known")))
                .collect(),
            requirements,
            checked,
        }
    };
    names.iter().map(area).collect()
}
