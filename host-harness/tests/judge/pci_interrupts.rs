//! PCI: vectors, the ISR status, and interrupts for two reasons.

use parakit_abi::feature::{Features, VERSION_1};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{MODERN_DEVICE, NO_VECTOR};
use parakit_harness::observe::event::{DeviceInfo, EventKind};

use crate::pci_script::{PLAIN, Pci, disk, function, live};
use crate::script::Script;

/// A disk with so many vectors.
fn vectors(vectors: u16) -> DeviceInfo {
    DeviceInfo { pci: Some(function(MODERN_DEVICE + 2, 1, &PLAIN, vectors)), ..disk() }
}

/// A live disk with vector 0 for changes and vector 1 for the queue, both read back.
fn mapped() -> Script {
    let mut script = agreed(vectors(8));
    script.map(None, 0).map_is(None, 0).select(0).addresses().map(Some(0), 1).map_is(Some(0), 1);
    script.enable(0, 1).status(15);
    script
}

fn agreed(info: DeviceInfo) -> Script {
    let mut script = Script::new(info);
    script.agree(Features::bit(VERSION_1)).msix(true);
    script
}

#[test]
fn mappings_are_read_back() {
    mapped().passes(id::PCI_DRV_MSIX_5);
    let mut queue = agreed(vectors(8));
    queue.map(None, 0).map_is(None, 0).select(0).addresses().map(Some(0), 1).enable(0, 1).status(15);
    queue.caught(id::PCI_DRV_MSIX_5, &[]);
    agreed(vectors(8)).map(None, 0).select(0).addresses().enable(0, 1).status(15).caught(id::PCI_DRV_MSIX_5, &[]);
    // What is unmapped again, or belongs to a bring-up that was given up, needs no look.
    agreed(vectors(8))
        .map(None, 0)
        .map(None, NO_VECTOR)
        .select(0)
        .addresses()
        .enable(0, 1)
        .status(15)
        .silent(id::PCI_DRV_MSIX_5);
    agreed(vectors(8)).map(None, 0).status(0x8b).reset_pci().finish().silent(id::PCI_DRV_MSIX_5);
    // Nor without MSI-X.
    let mut intx = agreed(vectors(8));
    intx.msix(false).map(None, 0).select(0).addresses().enable(0, 1).status(15).silent(id::PCI_DRV_MSIX_5);
}

#[test]
fn vectors_lie_within_the_table() {
    mapped().passes(id::PCI_DRV_MSIX_4);
    for vector in [8, 0x7ff, 0xfffe] {
        agreed(vectors(8)).map(None, vector).map_is(None, NO_VECTOR).caught(id::PCI_DRV_MSIX_4, &[]);
    }
}

#[test]
fn a_small_table_is_large_enough() {
    let mut one = agreed(vectors(1));
    one.map(None, 0).map_is(None, 0).select(0).addresses().map(Some(0), 0).map_is(Some(0), 0).enable(0, 1).status(15);
    one.passes(id::PCI_DRV_MSIX_1);
    agreed(vectors(1)).status(0x8b).caught(id::PCI_DRV_MSIX_1, &[]);
    // Enough vectors, a vector refused, or MSI-X never looked at: there was another reason.
    agreed(vectors(8)).status(0x8b).silent(id::PCI_DRV_MSIX_1);
    agreed(vectors(1)).config_pci(0, 4).status(0x8b).silent(id::PCI_DRV_MSIX_1);
    Script::new(vectors(1)).find().msix(true).reset_pci().status(1).status(0x81).silent(id::PCI_DRV_MSIX_1);
    agreed(vectors(1)).map(None, 0).map_is(None, NO_VECTOR).status(0x8b).silent(id::PCI_DRV_MSIX_1);
    agreed(vectors(1)).msix(false).status(0x8b).silent(id::PCI_DRV_MSIX_1);
}

fn interrupt(script: &mut Script, reasons: u32, vector: u16) -> &mut Script {
    script.interrupt(reasons).push(EventKind::Vector { vector: Some(vector) })
}

#[test]
fn with_msi_x_the_isr_status_is_left_alone() {
    interrupt(&mut mapped(), 1, 1).finish().passes(id::PCI_DRV_ISR_1);
    let mut reads = mapped();
    for _ in 0..2 {
        interrupt(&mut reads, 1, 1).isr(0);
    }
    reads.caught(id::PCI_DRV_ISR_1, &[]);
    // Once may be for another reason; changes of the configuration show in it.
    let mut other = mapped();
    interrupt(&mut other, 1, 1).isr(0);
    for _ in 0..3 {
        interrupt(&mut other, 2, 0).isr(2);
    }
    other.finish().silent(id::PCI_DRV_ISR_1);
    // One vector for all does not say what it was.
    let mut shared = agreed(vectors(1));
    shared
        .map(None, 0)
        .map_is(None, 0)
        .select(0)
        .addresses()
        .map(Some(0), 0)
        .map_is(Some(0), 0)
        .enable(0, 1)
        .status(15);
    for _ in 0..3 {
        interrupt(&mut shared, 1, 0).isr(0);
    }
    shared.finish().silent(id::PCI_DRV_ISR_1);
}

#[test]
fn both_reasons_are_handled() {
    let look = |script: &mut Script| drop(script.config_pci(0, 4).config_pci(4, 4).clone());
    let publish = |script: &mut Script| {
        for old in 0..3 {
            script.push(EventKind::AvailIdx { queue: 0, old, new: old + 1 });
        }
    };
    let mut kept = live();
    kept.interrupt(3).isr(3);
    look(&mut kept);
    assert!(kept.judge().verdicts.entries[&id::PCI_DRV_CFGNOTIF_1].passed > 0);
    let mut broken = live();
    broken.isr(2);
    look(&mut broken);
    broken.isr(3);
    publish(&mut broken);
    // One late look serves for all changes before it.
    let mut late = broken.clone();
    late.isr(2);
    look(&mut late);
    assert!(!late.finish().violated().contains(&id::PCI_DRV_CFGNOTIF_1), "{:?}", late.violated());
    let violated = broken.finish().violated();
    assert!(violated.contains(&id::PCI_DRV_CFGNOTIF_1), "{violated:?}");
    // A driver that never looks has no use for changes.
    let mut never = live();
    never.isr(2).isr(3);
    publish(&mut never);
    never.finish().silent(id::PCI_DRV_CFGNOTIF_1);
}
