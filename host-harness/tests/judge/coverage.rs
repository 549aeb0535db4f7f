//! Every driver rule of the areas worked on is checked or has its reason, and every checker is honest about its ids.

use std::collections::BTreeSet;

use parakit_abi::requirement::{Observability, RequirementId, Side, id};
use parakit_harness::judge::coverage::{Area, coverage, device_coverage};
use parakit_harness::judge::{Verdicts, kinds, not_checked};
use parakit_harness::report;

/// The rules for drivers that are checked.
fn checked() -> BTreeSet<RequirementId> {
    kinds().flat_map(|kind| kind.requirements.iter().copied()).filter(|id| id.get().side == Side::Driver).collect()
}

#[test]
fn every_rule_is_checked_or_has_a_reason() {
    let checked = checked();
    for id in RequirementId::all() {
        let row = id.get();
        if not_checked::AREAS.contains(&row.area) && row.side == Side::Driver && row.kit_scope {
            let reason = not_checked::reason(id);
            assert_ne!(checked.contains(&id), reason.is_some(), "{id} ({:?}): {reason:?}", row.observability);
        }
    }
}

#[test]
fn reasons_are_about_rules_that_need_one() {
    for id in not_checked::listed() {
        let row = id.get();
        assert!(not_checked::AREAS.contains(&row.area), "{id}: its area is not worked on");
        assert!(row.side == Side::Driver && row.kit_scope, "{id}: not a rule of the kit's scope");
        assert!(!matches!(row.observability, Observability::Permission | Observability::None), "{id}: reason enough");
    }
}

#[test]
fn no_permission_is_checked_and_no_rule_twice() {
    let mut seen = BTreeSet::new();
    for kind in kinds() {
        for id in kind.requirements {
            assert_ne!(id.get().observability, Observability::Permission, "{}: {id}", kind.name);
            assert!(seen.insert(*id), "{id} is checked twice, the second time by {}", kind.name);
        }
    }
}

/// One rule that was kept, in a run that did nothing else.
fn areas() -> Vec<Area> {
    let mut verdicts = Verdicts::default();
    verdicts.pass(id::BLK_DRV_OP_4);
    coverage(&verdicts)
}

#[test]
fn coverage_adds_up() {
    let areas = areas();
    assert_eq!(areas.iter().map(|a| a.name).collect::<Vec<_>>(), not_checked::AREAS);
    for area in &areas {
        assert_eq!(area.requirements.len(), area.checked.len() + area.unchecked.len(), "{}", area.name);
        assert_eq!(area.checked.len(), area.exercised.len() + area.not_exercised().count(), "{}", area.name);
        for (id, reason) in &area.unchecked {
            assert!(not_checked::reason(*id) == Some(*reason), "{id} has no reason");
        }
    }
    let exercised: Vec<_> = areas.iter().flat_map(|a| a.exercised.iter().copied()).collect();
    assert_eq!(exercised, [id::BLK_DRV_OP_4]);
    assert!(areas.iter().all(|a| a.violated.is_empty()));
    assert_eq!(areas.iter().map(|a| a.checked.len()).sum::<usize>(), checked().len(), "checked outside the areas");
}

/// What can be decided from a trace is decided. Of what takes a provocation, that is left out which happens inside the guest.
#[test]
fn direct_and_provoked_rules_are_checked() {
    let open: Vec<_> = areas().into_iter().flat_map(|a| a.unchecked).map(|(id, _)| id).collect();
    let of = |kind| open.iter().copied().filter(move |id: &RequirementId| id.get().observability == kind);
    assert_eq!(of(Observability::Direct).count(), 0, "decidable by the catalogue, and not checked");
    let devices = ["BLK", "CONSOLE", "RNG"];
    let musts = of(Observability::Provoked).filter(|id| id.get().strength.is_must());
    let musts: Vec<_> = musts.filter(|id| !devices.contains(&id.get().area)).collect();
    assert_eq!(musts, [id::MMIO_DRV_REGS_11, id::VQ_SPLIT_DRV_USED_1]);
}

/// Of the rules for devices, at least nine in ten of those that can be decided are looked at by probes, and no rule is left out without a reason.
#[test]
fn rules_for_devices_are_checked_or_have_a_reason() {
    let areas = device_coverage(&Verdicts::default());
    assert_eq!(areas.iter().map(|a| a.name).collect::<Vec<_>>(), not_checked::DEVICE_AREAS);
    let (mut checked, mut direct) = (0, 0);
    for area in &areas {
        checked += Area::directs(&area.checked);
        direct += Area::directs(&area.requirements);
        for (id, reason) in &area.unchecked {
            assert_eq!(not_checked::reason(*id), Some(*reason), "{id} has no reason");
        }
        for id in &area.checked {
            assert_eq!(not_checked::reason(*id), None, "{id} is checked, and has a reason why not");
        }
    }
    assert!(checked * 10 >= direct * 9 && direct >= 80, "{checked} of {direct}");
    let text = report::coverage(&areas);
    assert!(text.contains("device rules"), "{text}");
    assert!(text.contains("MMIO-DEV-REGS-11 (§4.2.2.1, MUST)"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn coverage_as_text_names_what_is_not_checked_and_why() {
    let text = report::coverage(&areas());
    assert!(text.contains("| BLK "), "{text}");
    assert!(text.contains("VQ-SPLIT-DRV-KICK-1 (§2.7.13.4.1, MUST)"), "{text}");
    assert!(text.contains("a barrier cannot be seen"), "{text}");
    let missed = text.split("Checked, and not exercised").nth(1).unwrap_or_default();
    assert!(missed.contains("BLK-DRV-OP-5") && !missed.contains("BLK-DRV-OP-4 "), "{missed}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}
