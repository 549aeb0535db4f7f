//! Requirements are found by their ids, and explained.

use parakit_abi::requirement::{RequirementId, id};
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
