//! Each rule that a probe looks at: kept by the plain device, and a device that breaks it is caught.

use std::collections::BTreeSet;

use parakit_abi::requirement::{RequirementId, Side};
use parakit_harness::judge::{judge, probe};
use parakit_harness::loopback::Scheduler;
use parakit_harness::observe::{Event, EventKind, RunHeader, TraceWriter, replay};
use parakit_harness::vmm::End;
use parakit_tests::device_mutants::{Bus, Fault, Probed, Setting, all, probe};
use parakit_tests::words::{in_debug_notation, proofs_out_of_place};

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
        let Probed { end, judgement, .. } = probe(name, setting, Fault::NONE);
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
        let Probed { judgement, .. } = probe(mutant.probe, Setting { bus: mutant.bus, ..STEPPED }, mutant.fault);
        let caught = judgement.verdicts.entries.get(&mutant.requirement).is_some_and(|entry| entry.violated > 0);
        if !caught {
            missed.push(format!("{}: {}", mutant.requirement, mutant.what));
        }
        let wrong = in_debug_notation(&judgement.verdicts);
        assert!(wrong.is_empty(), "{wrong:#?}");
        let lost = proofs_out_of_place(&judgement.verdicts);
        assert!(lost.is_empty(), "{lost:#?}");
    }
    assert!(missed.is_empty(), "not caught:\n{}", missed.join("\n"));
}

#[test]
fn every_rule_has_a_mutant() {
    let broken: BTreeSet<_> = all().map(|mutant| mutant.requirement).collect();
    let listed: BTreeSet<_> = probe::requirements().iter().copied().collect();
    assert_eq!(broken, listed);
}

/// What a probe found is in the trace, and judged from there as it was live.
#[test]
fn findings_are_replayed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("probes.trace");
    let mut writer = TraceWriter::create(&path).expect("the folder is there");
    let mut live = Vec::new();
    for mutant in all().step_by(9) {
        let probed = probe(mutant.probe, Setting { bus: mutant.bus, ..STEPPED }, mutant.fault);
        let run = RunHeader { scenario: mutant.what.to_owned(), ..RunHeader::default() };
        writer.run(&run, &probed.events).expect("there is room");
        let evidence = &probed.judgement.verdicts.entries[&mutant.requirement].evidence;
        assert!(evidence.iter().all(|v| !v.expected.is_empty() && !v.seen.is_empty()), "{evidence:?}");
        live.push(probed.judgement);
    }
    writer.finish().expect("there is room");
    let replayed = replay(&path).expect("a good trace");
    let replayed: Vec<_> = replayed.into_iter().map(|run| run.judgement).collect();
    assert!(replayed == live);
}

/// Only rules for devices are judged of a run whose driver breaks rules on purpose.
#[test]
fn the_driver_of_a_probe_is_not_judged() {
    let Probed { events, .. } = probe("probe-core", STEPPED, Fault::NONE);
    let side = |events: &[Event], side| judge(events).verdicts.entries.keys().any(|id| id.get().side == side);
    assert!(side(&events, Side::Device) && !side(&events, Side::Driver));
    let without: Vec<_> = events.into_iter().filter(|e| !matches!(e.kind, EventKind::Finding { .. })).collect();
    assert!(side(&without, Side::Driver), "it is judged where no probe reported");
}
