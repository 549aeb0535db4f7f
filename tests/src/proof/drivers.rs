//! Mutants of drivers, on every ring and transport on which the broken step means the same.

use parakit_abi::feature::RING_PACKED;
use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::judge::judge;

use super::{Fate, Ground, Row, violated, wanted};
use crate::mutants::{self, Mutant};

pub(super) fn run(filter: Option<&str>) -> impl Iterator<Item = Row> {
    mutants::all().filter(move |m| wanted(filter, m.requirement, m.name)).map(row)
}

/// Where a mutant was made for.
pub(super) fn home(mutant: &Mutant) -> Ground {
    let setting = (mutant.setting)();
    Ground { packed: setting.accept.has(RING_PACKED), pci: setting.pci }
}

/// Requirements whose mutants are about one ring, or reach into the memory of the ring, each having its own: they stay on the one that they were
/// made for.
const ONE_RING: &[RequirementId] = &[
    id::CORE_DRV_QRESET_1,
    id::CORE_DRV_QREENABLE_1,
    id::CORE_DRV_SUSPEND_1,
    id::CORE_DRV_SUSPEND_3,
    id::CORE_DRV_RESFEAT_6,
    id::INIT_DRV_CLEANUP_1,
    id::INIT_DRV_CLEANUP_2,
    id::MMIO_DRV_REGS_16,
    id::MMIO_DRV_REGS_17,
    id::MMIO_DRV_REGS_21,
    id::PCI_DRV_COMMON_2,
    id::PCI_DRV_COMMON_3,
    id::PCI_DRV_COMMON_4,
    id::PCI_DRV_COMMON_7,
];

/// Requirements whose mutants go to registers that each transport has of its own.
const ONE_TRANSPORT: &[RequirementId] = &[id::CORE_DRV_QREENABLE_1];

/// Whether the broken step can be taken on this ground. Rings and transports have rules of their own, whose mutants stay there.
fn fits(mutant: &Mutant, ground: Ground) -> bool {
    let area = mutant.requirement.get().area;
    let home = home(mutant);
    let one_ring = area.starts_with("VQ-") || ONE_RING.contains(&mutant.requirement);
    let one_transport = matches!(area, "MMIO" | "PCI") || ONE_TRANSPORT.contains(&mutant.requirement);
    (ground.packed == home.packed || !one_ring) && (ground.pci == home.pci || !one_transport)
}

/// What becomes of a mutant on a ground; `None` where it does not fit, or the run that it is made from has no use for the requirement.
fn fate(mutant: &Mutant, ground: Ground) -> Option<(Ground, Fate)> {
    let at_home = ground == home(mutant);
    if !fits(mutant, ground) {
        return None;
    }
    let kept = judge(&mutant.conforming_on(ground).run().0).verdicts;
    let accused = violated(&kept);
    if !accused.is_empty() {
        return Some((ground, Fate::Alarm(accused)));
    }
    let exercised = kept.entries.get(&mutant.requirement).is_some_and(|entry| entry.passed > 0);
    if !exercised {
        // Where it was made for, it has to be.
        return at_home.then_some((ground, Fate::Missed));
    }
    let broken = judge(&mutant.broken_on(ground).run().0).verdicts;
    Some((ground, Fate::of(mutant.requirement, &broken)))
}

fn row(mutant: &Mutant) -> Row {
    let Mutant { requirement, name, what, .. } = *mutant;
    let fates = Ground::ALL.into_iter().filter_map(|ground| fate(mutant, ground)).collect();
    Row { requirement, name, what, fates }
}
