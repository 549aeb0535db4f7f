//! The mutants: for each requirement that the judge checks, a run that keeps it and the same run with one step broken.

mod block;
mod cleanup;
mod console;
mod core;
mod core_features;
mod core_suspend;
mod entropy;
mod init;
mod mmio;
mod packed;
mod packed_lists;
mod pci;
mod pci_common;
mod pci_interrupts;
mod split;
mod split_chains;

use parakit_abi::requirement::RequirementId;

use crate::proof::Ground;
use crate::raw::{Script, Setting};

/// A way to break one requirement.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// The requirement.
    pub requirement: RequirementId,
    /// A short name, unique within the requirement.
    pub name: &'static str,
    /// What it does wrong.
    pub what: &'static str,
    /// The device, and what the driver accepts.
    pub setting: fn() -> Setting,
    /// What the conforming run does beyond the plain script, so that the requirement is exercised.
    pub exercise: fn(&mut Script),
    /// Breaks one step of that.
    pub run: fn(&mut Script),
}

impl Mutant {
    /// The run that keeps the requirement.
    #[must_use]
    pub fn conforming(&self) -> Script {
        let mut script = Script::new((self.setting)());
        (self.exercise)(&mut script);
        script
    }

    /// The same run, broken.
    #[must_use]
    pub fn broken(&self) -> Script {
        let mut script = self.conforming();
        (self.run)(&mut script);
        script
    }

    /// The run that keeps the requirement, on another ring or transport than it was made for.
    #[must_use]
    pub fn conforming_on(&self, ground: Ground) -> Script {
        let mut script = Script::new((self.setting)().on(ground.packed, ground.pci));
        (self.exercise)(&mut script);
        script
    }

    /// The same run, broken.
    #[must_use]
    pub fn broken_on(&self, ground: Ground) -> Script {
        let mut script = self.conforming_on(ground);
        (self.run)(&mut script);
        script
    }
}

/// The plain script is exercise enough.
fn plain(_: &mut Script) {}

/// Every mutant, area by area.
pub fn all() -> impl Iterator<Item = &'static Mutant> {
    [
        core::MUTANTS,
        core_features::MUTANTS,
        core_suspend::MUTANTS,
        init::MUTANTS,
        cleanup::MUTANTS,
        mmio::MUTANTS,
        split::MUTANTS,
        split_chains::MUTANTS,
        packed::MUTANTS,
        packed_lists::MUTANTS,
        pci::MUTANTS,
        pci_common::MUTANTS,
        pci_interrupts::MUTANTS,
        block::MUTANTS,
        console::MUTANTS,
        entropy::MUTANTS,
    ]
    .into_iter()
    .flatten()
}
