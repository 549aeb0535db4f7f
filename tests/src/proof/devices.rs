//! Mutants of devices: each runs where its fault is, which stands between a plain device and the probe.

use parakit_harness::loopback::Scheduler;

use super::{Fate, Ground, Row, wanted};
use crate::device_mutants::{self, Bus, DeviceMutant, Setting, probe};

/// Seed of the steps of probe and device.
const SEED: u64 = 11;

pub(super) fn run(filter: Option<&str>) -> impl Iterator<Item = Row> {
    device_mutants::all().filter(move |m| wanted(filter, m.requirement, m.what)).map(row)
}

/// Where a mutant runs: its probe chooses the ring.
pub(super) fn ground(mutant: &DeviceMutant) -> Ground {
    Ground { packed: mutant.probe == "probe-packed", pci: mutant.bus != Bus::Mmio }
}

fn row(mutant: &DeviceMutant) -> Row {
    let DeviceMutant { requirement, what, .. } = *mutant;
    let setting = Setting { bus: mutant.bus, scheduler: Scheduler::Stepped, seed: SEED };
    let verdicts = probe(mutant.probe, setting, mutant.fault).judgement.verdicts;
    Row { requirement, name: what, what, fates: vec![(ground(mutant), Fate::of(requirement, &verdicts))] }
}
