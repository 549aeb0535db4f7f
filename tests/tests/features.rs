//! The table of features in the documentation says what the code does.
#![cfg(target_arch = "x86_64")]

use std::{fmt::Write as _, path::Path};

use parakit::{
    abi::feature::{self, Features},
    transport::{FEATURE_TABLE, LEGACY_FEATURES, MMIO_FEATURES, PCI_FEATURES, SUPPORTED},
};

/// Set it to write the file instead of comparing it.
const WRITE: &str = "PARAKIT_WRITE_DOCS";

fn table() -> String {
    let mut text = String::from(
        "# Features\n\n\
         What the driver kit does with each device-independent feature of VIRTIO 1.4 (chapter 6), by transport: *yes*, it is accepted when\n\
         the device offers it; *no*, it never is. Features of device types are the drivers' affair: see `FEATURES` of each.\n\n\
         This table is made from `parakit::transport::FEATURE_TABLE`; a test fails when it is out of date, and\n\
         `PARAKIT_WRITE_DOCS=1 cargo test -p parakit-tests --test features` writes it again.\n\n\
         | bit | feature | section | PCI | MMIO | MMIO, legacy | |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for line in FEATURE_TABLE {
        let [pci, mmio, legacy] = line.accepted().map(|accepted| if accepted { "yes" } else { "no" });
        let (bit, name, section, note) = (line.bit, line.name, line.section, line.note);
        writeln!(text, "| {bit} | `{name}` | {section} | {pci} | {mmio} | {legacy} | {note} |").expect("a string");
    }
    text
}

#[test]
fn the_table_of_features_is_what_the_code_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/features.md");
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, table()).expect("a writable file");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == table(), "docs/features.md is out of date: run this test with {WRITE}=1");
}

#[test]
fn every_feature_is_in_the_table_once() {
    let bits: Vec<u32> = FEATURE_TABLE.iter().map(|line| line.bit).collect();
    let defined: Vec<u32> = (0..128).filter(|&bit| feature::is_device_independent(bit)).collect();
    assert_eq!(bits, defined);
    let table = Features::of(&bits);
    for set in [SUPPORTED, PCI_FEATURES, MMIO_FEATURES, LEGACY_FEATURES] {
        assert!(table.contains(set), "{set:?} has a feature that the table has not");
    }
    // Nothing above bit 31 is there before VIRTIO 1.0.
    assert_eq!(LEGACY_FEATURES.0 >> 32, 0);
}
