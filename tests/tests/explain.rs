//! Requirements are found by their ids, and explained.

use parakit_abi::requirement::{RequirementId, id};
use parakit_harness::judge::not_checked;
use parakit_tests::proof::explain::{explain, find};

#[test]
fn ids_are_found_in_any_case_and_others_get_the_nearest() {
    assert_eq!(find(" vq-Split-drv-avail-1"), Ok(id::VQ_SPLIT_DRV_AVAIL_1));
    let error = find("VQ-SPLIT-DRV-AVIAL-1").expect_err("no such id");
    assert!(error.nearest.contains(&"VQ-SPLIT-DRV-AVAIL-1"), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
    let nothing = find("whatever").expect_err("no such id").to_string();
    assert!(nothing.contains("cargo xtask coverage"), "{nothing}");
}

#[test]
fn rules_without_a_checker_say_why() {
    for id in RequirementId::all().filter(|id| parakit_harness::judge::how(*id).is_none()) {
        if !not_checked::in_place_of(id).is_empty() {
            continue;
        }
        let text = explain(id).expect("nothing is run for it");
        assert!(text.contains("Not checked:") && text.contains(id.get().section), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

#[test]
fn a_rule_for_drivers_and_one_for_devices_are_explained() {
    for (id, mutant, scenario) in [
        (id::VQ_SPLIT_DRV_AVAIL_1, "index-decremented", "blk-"),
        (id::PCI_DEV_MSIX_4, "a queue cannot have vector 3", "probe-pci"),
    ] {
        let text = explain(id).expect("loopback needs nothing");
        for part in [id.get().text, "Checked:", "Mutants that prove the check", mutant, "Exercised in", scenario] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

/// Where others stand for a rule that cannot be checked, these are explained too.
#[test]
fn rules_that_others_stand_for_are_explained_by_these() {
    let text = explain(id::VQ_SPLIT_DRV_KICK_1).expect("loopback needs nothing");
    let [one, other] = not_checked::in_place_of(id::VQ_SPLIT_DRV_KICK_1) else { panic!("two stand for it") };
    for part in [id::VQ_SPLIT_DRV_KICK_1.get().text, "Not checked:", one.get().text, other.get().text] {
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(part), "{part} is missing in\n{text}");
    }
    for part in ["In its place: ", "\nChecked:", "Mutants that prove the check", "Exercised in"] {
        assert_eq!(text.matches(part).count(), 2, "{part} in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

/// What a reason says to look under is what is explained.
#[test]
fn reasons_that_name_other_rules_lead_to_them() {
    for id in RequirementId::all() {
        let reason = not_checked::reason(id).unwrap_or_default();
        let words = reason.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let named: Vec<RequirementId> = words.filter_map(RequirementId::parse).collect();
        assert_eq!(named, not_checked::in_place_of(id), "{id}: {reason}");
        for other in named {
            assert!(parakit_harness::judge::how(other).is_some(), "{other} is named for {id} and not checked itself");
        }
    }
}
