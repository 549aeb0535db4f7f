//! Each rule that a probe looks at: kept by the plain device, and a device that breaks it is caught.

use std::collections::BTreeSet;

use parakit_abi::requirement::{RequirementId, Side};
use parakit_harness::judge::probe;
use parakit_harness::loopback::Scheduler;
use parakit_harness::vmm::End;
use parakit_tests::device_mutants::{Fault, Setting, all, probe};

const STEPPED: Setting = Setting { scheduler: Scheduler::Stepped, seed: 11 };

fn probes() -> impl Iterator<Item = &'static str> {
    parakit_exercise::NAMES.iter().copied().filter(|name| name.starts_with("probe-"))
}

/// Runs every probe on a plain device: each passes, and no rule is broken. The rules that were kept.
fn kept(setting: Setting) -> BTreeSet<RequirementId> {
    let mut kept = BTreeSet::new();
    for name in probes() {
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
    let kept = kept(STEPPED);
    let open: Vec<_> = probe::requirements().iter().filter(|id| !kept.contains(id)).collect();
    assert!(open.is_empty(), "no probe looks at {open:?}");
}

#[test]
fn plain_devices_pass_at_any_pace() {
    for seed in [3, 77] {
        kept(Setting { seed, ..STEPPED });
    }
    kept(Setting { scheduler: Scheduler::Threads, seed: 1 });
}

#[test]
fn every_mutant_is_caught() {
    let mut missed = Vec::new();
    for mutant in all() {
        let (_, judgement) = probe(mutant.probe, STEPPED, mutant.fault);
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
