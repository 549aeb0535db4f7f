//! The proof that the judge can see: every mutant run, wherever it makes sense, and what it was caught for.

mod devices;
mod drivers;
pub mod explain;
mod json;
mod matrix;

use parakit_abi::requirement::{RequirementId, Side};
use parakit_harness::judge::Verdicts;

pub use json::json;
pub use matrix::{Totals, matrix};

/// Where a mutant runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ground {
    /// On packed rings, or on split ones.
    pub packed: bool,
    /// Over PCI, or over MMIO.
    pub pci: bool,
}

impl Ground {
    /// Every ring on every transport.
    pub const ALL: [Self; 4] = [
        Self { packed: false, pci: false },
        Self { packed: false, pci: true },
        Self { packed: true, pci: false },
        Self { packed: true, pci: true },
    ];

    /// The ring.
    #[must_use]
    pub const fn ring(self) -> &'static str {
        if self.packed { "packed" } else { "split" }
    }

    /// The transport.
    #[must_use]
    pub const fn transport(self) -> &'static str {
        if self.pci { "pci" } else { "mmio" }
    }
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The requirement that it breaks is violated.
    Right,
    /// Others are, that one is not.
    Other(Vec<RequirementId>),
    /// Nothing is.
    Missed,
    /// The run that the mutant was made from, which keeps every rule, was accused of this.
    Alarm(Vec<RequirementId>),
}

impl Fate {
    /// Of a mutant that breaks `requirement`, by what the judge says of its run.
    #[must_use]
    pub fn of(requirement: RequirementId, verdicts: &Verdicts) -> Self {
        let violated = violated(verdicts);
        if violated.contains(&requirement) {
            Self::Right
        } else if violated.is_empty() {
            Self::Missed
        } else {
            Self::Other(violated)
        }
    }
}

/// A mutant that was run.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it breaks.
    pub requirement: RequirementId,
    /// Its name, unique within the requirement; of a device the same as what it does.
    pub name: &'static str,
    /// What it does wrong.
    pub what: &'static str,
    /// Where it ran, and what became of it there.
    pub fates: Vec<(Ground, Fate)>,
}

impl Row {
    /// What became of it in all: the worst of what became of it anywhere. One that ran nowhere was missed.
    #[must_use]
    pub fn fate(&self) -> &Fate {
        let rank = |fate: &&Fate| match fate {
            Fate::Right => 0,
            Fate::Other(_) => 1,
            Fate::Missed => 2,
            Fate::Alarm(_) => 3,
        };
        self.fates.iter().map(|(_, fate)| fate).max_by_key(rank).unwrap_or(&Fate::Missed)
    }

    /// Whose mutant it is.
    #[must_use]
    pub fn side(&self) -> Side {
        self.requirement.get().side
    }
}

fn violated(verdicts: &Verdicts) -> Vec<RequirementId> {
    verdicts.entries.iter().filter(|(_, entry)| entry.violated > 0).map(|(id, _)| *id).collect()
}

/// Whether a mutant is asked for: `filter` is a part of its requirement's id or of its name, in whatever case; no filter asks for all.
fn wanted(filter: Option<&str>, requirement: RequirementId, name: &str) -> bool {
    filter.is_none_or(|filter| {
        let filter = filter.to_ascii_lowercase();
        requirement.get().id.to_ascii_lowercase().contains(&filter) || name.to_ascii_lowercase().contains(&filter)
    })
}

/// Runs the mutants that `filter` asks for, drivers first.
#[must_use]
pub fn run(filter: Option<&str>) -> Vec<Row> {
    drivers::run(filter).chain(devices::run(filter)).collect()
}
