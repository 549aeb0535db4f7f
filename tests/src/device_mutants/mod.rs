//! Broken devices: for each rule that a probe looks at, a device that breaks it.
//!
//! The device itself is the plain one. What stands between it and the probe changes what the probe reads, what reaches the device, the
//! interrupts, or the memory of the rings: one fault each.

mod between;
mod core;
mod function;
mod mmio;
mod packed;
mod pci;
mod pci_interrupts;
mod queues;
mod run;
mod split;
mod types;

use parakit_abi::requirement::RequirementId;

pub use between::{Between, CONFIG_SPACE, Fault, View, bar};
pub use function::{Counts, Function};
pub use run::{Bus, Probed, Setting, probe};

/// A device that breaks a rule.
#[derive(Clone, Copy)]
pub struct DeviceMutant {
    /// The rule.
    pub requirement: RequirementId,
    /// The probe that looks at it.
    pub probe: &'static str,
    /// Where the device is.
    pub bus: Bus,
    /// What the device does wrong.
    pub what: &'static str,
    /// How.
    pub fault: Fault,
}

/// Every mutant, area by area.
pub fn all() -> impl Iterator<Item = &'static DeviceMutant> {
    [
        core::MUTANTS,
        queues::MUTANTS,
        split::MUTANTS,
        packed::MUTANTS,
        mmio::MUTANTS,
        pci::MUTANTS,
        pci_interrupts::MUTANTS,
        types::MUTANTS,
    ]
    .into_iter()
    .flatten()
}
