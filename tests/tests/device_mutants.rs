//! Each rule that a probe looks at: kept by the plain device, and a device that breaks it is caught.

use std::collections::BTreeSet;

use parakit_abi::requirement::{RequirementId, Side};
use parakit_harness::judge::probe;
use parakit_harness::loopback::Scheduler;
use parakit_harness::vmm::End;
use parakit_tests::device_mutants::{Bus, Fault, Setting, all, probe};

const STEPPED: Setting = Setting { bus: Bus::Mmio, scheduler: Scheduler::Stepped, seed: 11 };
const BUSES: [Bus; 3] = [Bus::Mmio, Bus::Pci, Bus::PciNotificationData];

fn probes(bus: Bus) -> impl Iterator<Item = &'static str> {
    let other = if bus == Bus::Mmio { "probe-pci" } else { "probe-mmio" };
    parakit_exercise::NAMES.iter().copied().filter(move |name| name.starts_with("probe-") && *name != other)
}

/// Runs every probe on a plain device: each passes, and no rule is broken. The rules that were kept.
fn kept(setting: Setting) -> BTreeSet<RequirementId> {
    let mut kept = BTreeSet::new();
    for name in probes(setting.bus) {
        let (end, judgement) = probe(name, setting, Fault::NONE);
        for (id, entry) in &judgement.verdicts.entries {
            assert_eq!(entry.violated, 0, "{name}, {setting:?}: {id}: {:?}", entry.evidence);
            assert_eq!(id.get().side, Side::Device, "{id}");
            kept.insert(*id);
        }
        assert!(matches!(end, End::Passed), "{name}, {setting:?}: {end:?}");
    }
    kept
}

#[test]
fn plain_devices_keep_every_rule() {
    let kept: BTreeSet<_> = BUSES.into_iter().flat_map(|bus| kept(Setting { bus, ..STEPPED })).collect();
    let open: Vec<_> = probe::requirements().iter().filter(|id| !kept.contains(id)).collect();
    assert!(open.is_empty(), "no probe looks at {open:?}");
}

#[test]
fn plain_devices_pass_at_any_pace() {
    for bus in BUSES {
        for seed in [3, 77] {
            kept(Setting { bus, seed, ..STEPPED });
        }
        kept(Setting { bus, scheduler: Scheduler::Threads, seed: 1 });
    }
}

#[test]
fn every_mutant_is_caught() {
    let mut missed = Vec::new();
    for mutant in all() {
        let (_, judgement) = probe(mutant.probe, Setting { bus: mutant.bus, ..STEPPED }, mutant.fault);
        let caught = judgement.verdicts.entries.get(&mutant.requirement).is_some_and(|entry| entry.violated > 0);
        if !caught {
            missed.push(format!("{}: {}", mutant.requirement, mutant.what));
        }
    }
    assert!(missed.is_empty(), "not caught:\n{}", missed.join("\n"));
}

#[test]
fn every_rule_has_a_mutant() {
    let broken: BTreeSet<_> = all().map(|mutant| mutant.requirement).collect();
    let listed: BTreeSet<_> = probe::requirements().iter().copied().collect();
    assert_eq!(broken, listed);
}
