//! Each mutant is caught, and the run that it was made from is not.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use parakit_abi::requirement::{RequirementId, Side, id};
use parakit_harness::judge::{self, Verdicts};
use parakit_harness::observe::{Event, EventKind};
use parakit_tests::mutants::{self, Mutant};
use parakit_tests::proof::{self, Fate, Ground, Row, Totals};
use parakit_tests::words::{in_debug_notation, proofs_out_of_place};

fn violations(verdicts: &Verdicts) -> Vec<String> {
    let broken = verdicts.entries.iter().filter(|(_, entry)| entry.violated > 0);
    broken.map(|(id, entry)| format!("{id}: {:?}", entry.evidence.first())).collect()
}

/// The last events but those of single registers, which are told by meaning too.
fn tail(events: &[Event]) -> String {
    let told: Vec<_> = events.iter().filter(|e| !matches!(e.kind, EventKind::Register { .. })).collect();
    told[told.len().saturating_sub(30)..].iter().map(|e| format!("  {:?}\n", e.kind)).collect()
}

/// What is wrong with a mutant, if anything.
fn faults(mutant: &Mutant) -> Vec<String> {
    let Mutant { requirement, name, .. } = mutant;
    let mut faults = Vec::new();
    let (events, surprises) = mutant.conforming().run();
    if !surprises.is_empty() {
        faults.push(format!("{requirement} {name}: the conforming run did not expect {surprises:?}"));
    }
    let kept = judge::judge(&events).verdicts;
    let violations = violations(&kept);
    if !violations.is_empty() {
        faults.push(format!("{requirement} {name}: the conforming run violates {violations:#?}\n{}", tail(&events)));
    }
    if kept.entries.get(requirement).is_none_or(|entry| entry.passed == 0) {
        faults.push(format!("{requirement} {name}: the conforming run does not exercise it\n{}", tail(&events)));
    }
    let (events, _) = mutant.broken().run();
    let broken = judge::judge(&events).verdicts;
    if broken.entries.get(requirement).is_none_or(|entry| entry.violated == 0) {
        let found = self::violations(&broken);
        faults.push(format!("{requirement} {name}: not caught; caught instead: {found:#?}\n{}", tail(&events)));
    }
    faults.extend(proofs_out_of_place(&broken));
    faults
}

#[test]
fn mutants_are_caught_and_conforming_runs_pass() {
    let faults: Vec<String> = mutants::all().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is broken along with a requirement, since one rule says what another says for all cases, or leads to it.
fn implied(requirement: RequirementId) -> &'static [RequirementId] {
    use id::*;
    match requirement {
        // What may not be accepted is to be ignored too, whatever the reason.
        CORE_DRV_FEAT_3 | CORE_DRV_FEAT_4 => {
            &[CORE_DRV_FEAT_3, CORE_DRV_FEAT_4, CORE_DRV_FEAT_6, CORE_DRV_FEAT_7, CORE_DRV_FEAT_8]
        }
        CORE_DRV_FEAT_5 => &[CORE_DRV_FEAT_3, CORE_DRV_FEAT_4, CORE_DRV_FEAT_8],
        CORE_DRV_FEAT_6 | CORE_DRV_FEAT_7 | CORE_DRV_FEAT_8 => &[CORE_DRV_FEAT_3, CORE_DRV_FEAT_4],
        // A step that is left out is missing from the status.
        CORE_DRV_STATUS_1 | INIT_DRV_SEQ_7 => &[CORE_DRV_STATUS_1, INIT_DRV_SEQ_7, INIT_DRV_SEQ_10],
        INIT_DRV_SEQ_2 => &[CORE_DRV_STATUS_1],
        INIT_DRV_SEQ_4 => &[CORE_DRV_RESFEAT_1],
        INIT_DRV_SEQ_11 => &[INIT_DRV_SEQ_10],
        // To go on after FAILED.
        CORE_DRV_STATUS_3 => &[CORE_DRV_STATUS_2, INIT_DRV_SEQ_13],
        INIT_DRV_SEQ_13 => &[CORE_DRV_STATUS_3, INIT_DRV_SEQ_9],
        MMIO_DRV_REGS_10 | MMIO_DRV_INIT_3 => &[MMIO_DRV_REGS_10, MMIO_DRV_INIT_3, MMIO_DRV_INIT_4, INIT_DRV_SEQ_1],
        MMIO_DRV_REGS_16 => &[MMIO_DRV_REGS_15],
        MMIO_DRV_REGS_18 => &[MMIO_DRV_REGS_20],
        MMIO_DRV_INIT_6 => &[INIT_DRV_SEQ_1],
        // Over PCI a queue is not enabled without its addresses in any case.
        CORE_DRV_QREENABLE_1 => &[PCI_DRV_COMMON_4],
        PCI_DRV_COMMON_5 => &[CORE_DRV_RESET_1],
        PCI_DRV_CFGACCESS_1 | PCI_DRV_CFGACCESS_2 => &[PCI_DRV_CFGACCESS_1, PCI_DRV_CFGACCESS_2],
        PCI_DRV_CFGNOTIF_1 => &[BLK_DRV_OP_1],
        VQ_PACKED_DRV_DESC_1 | VQ_PACKED_DRV_DESC_2 => &[INIT_DRV_CLEANUP_1],
        VQ_PACKED_DRV_SG_5 => &[VQ_PACKED_DRV_DESC_1, INIT_DRV_CLEANUP_1],
        INIT_DRV_CLEANUP_2 => &[INIT_DRV_CLEANUP_1, VQ_SPLIT_DRV_AVAIL_1],
        VQ_SPLIT_DRV_AVAILNOTIF_2 => &[VQ_SPLIT_DRV_AVAILNOTIF_4],
        VQ_SPLIT_DRV_AVAILNOTIF_5 => &[VQ_SPLIT_DRV_AVAILNOTIF_6],
        _ => &[],
    }
}

#[test]
fn mutants_break_nothing_else() {
    for mutant in mutants::all() {
        let Mutant { requirement, name, .. } = mutant;
        let verdicts = judge::judge(&mutant.broken().run().0).verdicts;
        let broken: Vec<_> = verdicts.entries.iter().filter(|(_, entry)| entry.violated > 0).collect();
        for (other, entry) in &broken {
            // Whatever breaks the bring-up breaks that of an MMIO device.
            let bring_up = **other == id::MMIO_DRV_INIT_6 && broken.iter().any(|(id, _)| id.get().area == "INIT");
            let known = *other == requirement || bring_up || implied(*requirement).contains(other);
            assert!(known, "{requirement} {name} breaks {other} too: {:?}", entry.evidence);
        }
    }
}

#[test]
fn verdicts_are_in_words() {
    let wrong: Vec<_> =
        mutants::all().flat_map(|m| in_debug_notation(&judge::judge(&m.broken().run().0).verdicts)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_checked_requirement_has_a_mutant() {
    let mutated: BTreeSet<_> = mutants::all().map(|m| m.requirement).collect();
    // Those of devices have mutants of their own.
    let checked = judge::kinds().flat_map(|kind| kind.requirements).filter(|id| id.get().side == Side::Driver);
    let checked: BTreeSet<_> = checked.copied().collect();
    let without: Vec<_> = checked.difference(&mutated).collect();
    assert!(without.is_empty(), "checked, but no mutant shows that the check can fail: {without:?}");
    let unchecked: Vec<_> = mutated.difference(&checked).collect();
    assert!(unchecked.is_empty(), "mutants of requirements that nothing checks: {unchecked:?}");
}

#[test]
fn mutant_names_are_unique() {
    let mut seen = BTreeSet::new();
    for mutant in mutants::all() {
        assert!(seen.insert((mutant.requirement, mutant.name)), "{} {} twice", mutant.requirement, mutant.name);
        assert!(!mutant.what.is_empty());
    }
}

/// On the other rings and transports too, those of devices included: none is missed, and the report of it is whole.
#[test]
fn the_matrix_is_enough() {
    let rows = proof::run(None);
    let totals = Totals::of(&rows);
    assert!(totals.is_enough(), "{}", proof::matrix(&rows, false));
    let of = |side| Totals::of(rows.iter().filter(|row| row.side() == side)).mutants;
    assert!(of(Side::Driver) >= 150 && of(Side::Device) >= 60, "{} and {}", of(Side::Driver), of(Side::Device));
    for ground in Ground::ALL {
        let runs = rows.iter().flat_map(|row| &row.fates).filter(|(at, _)| *at == ground).count();
        assert!(runs >= 90, "{runs} runs on {ground:?}");
    }
    let text = proof::matrix(&rows, true);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(rows.iter().all(|row| text.contains(&row.requirement.to_string())));
    let json = proof::json(&rows);
    assert_eq!(json["totals"]["all"]["mutants"], totals.mutants);
    assert_eq!(json["mutants"].as_array().map(Vec::len), Some(totals.mutants));
}

#[test]
fn a_mutant_that_is_missed_is_not_enough() {
    let row = |fates: &[(usize, Fate)]| Row {
        requirement: id::CORE_DRV_STATUS_1,
        name: "name",
        what: "what",
        fates: fates.iter().map(|(at, fate)| (Ground::ALL[*at], fate.clone())).collect(),
    };
    let (right, other) = (Fate::Right, Fate::Other(vec![id::CORE_DRV_STATUS_2]));
    let many: Vec<Row> = (0..19).map(|_| row(&[(0, right.clone())])).collect();
    let with = |last: Row| Totals::of(many.iter().chain([&last])).is_enough();
    assert!(with(row(&[(0, right.clone()), (1, right.clone())])));
    assert!(with(row(&[(0, right.clone()), (1, other.clone())])), "19 of 20 are 95 %");
    assert!(!with(row(&[(0, right.clone()), (1, Fate::Missed)])));
    assert!(!with(row(&[])), "one that ran nowhere was missed");
    assert!(!with(row(&[(0, Fate::Alarm(vec![id::CORE_DRV_STATUS_2]))])));
    assert!(!Totals::of(&[row(&[(0, right)]), row(&[(0, other)])]).is_enough(), "a half is not enough");
    let text = proof::matrix(&[row(&[(2, Fate::Missed)])], false);
    assert!(text.contains("on packed mmio: missed"), "{text}");
}

/// Others may read the artefact: it has the mode of any file that is made there.
#[test]
fn the_matrix_is_written_as_other_files_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [matrix, other] = ["matrix.json", "other"].map(|name| folder.path().join(name));
    std::fs::write(&other, "").expect("there is room");
    let proof = Command::new(env!("CARGO_BIN_EXE_proof")).args(["mutants", "RNG-DRV", "--json"]).arg(&matrix).output();
    assert!(proof.expect("it starts").status.success());
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode();
    assert_eq!(mode(&matrix), mode(&other));
}
