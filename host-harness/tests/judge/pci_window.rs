//! PCI: capabilities are read, and the one with the window is used as it is meant.

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::cap;

use crate::pci_script::{Pci, WINDOW, live};
use crate::script::Script;

/// Reads through the window.
fn read(bar: u64, offset: u64, length: u64) -> Script {
    let mut script = live();
    script.cfg(true, WINDOW + cap::BAR, 1, bar).cfg(true, WINDOW + cap::OFFSET, 4, offset);
    let width = if matches!(length, 1 | 2) { length as u8 } else { 4 };
    script.cfg(true, WINDOW + cap::LENGTH, 4, length).cfg(false, WINDOW + cap::PCI_CFG_DATA, width, 0);
    script
}

#[test]
fn the_window_is_aligned() {
    for rule in [id::PCI_DRV_CFGACCESS_1, id::PCI_DRV_CFGACCESS_2] {
        read(0, 0x14, 1).passes(rule);
        read(0, 0x2004, 4).passes(rule);
        read(0, 0x2002, 4).caught(rule, &[id::PCI_DRV_CFGACCESS_1, id::PCI_DRV_CFGACCESS_2]);
    }
    // What stood there before the access was complete is no matter.
    let mut script = live();
    script.cfg(true, WINDOW + cap::LENGTH, 4, 4).cfg(true, WINDOW + cap::OFFSET, 4, 0x15);
    script.cfg(true, WINDOW + cap::LENGTH, 4, 1).cfg(true, WINDOW + cap::PCI_CFG_DATA, 1, 0);
    script.passes(id::PCI_DRV_CFGACCESS_1);
}

#[test]
fn the_window_shows_structures() {
    read(0, 0x2000, 4).passes(id::PCI_DRV_CFGACCESS_3);
    for (bar, offset, length) in [(0, 0x9000, 4), (1, 0, 4), (0, 0x40, 4), (0, 0x2000, 0), (0, 0x2000, 8), (9, 0, 1)] {
        read(bar, offset, length).caught(id::PCI_DRV_CFGACCESS_3, &[]);
    }
    // Never set up, and written.
    live().cfg(true, WINDOW + cap::PCI_CFG_DATA, 4, 0).caught(id::PCI_DRV_CFGACCESS_3, &[]);
    // Who lists all of configuration space comes by here.
    live().cfg(false, WINDOW + cap::PCI_CFG_DATA, 4, 0).silent(id::PCI_DRV_CFGACCESS_3);
}

#[test]
fn capabilities_are_only_read() {
    live().passes(id::PCI_DRV_CAP_8);
    read(0, 0x2000, 4).passes(id::PCI_DRV_CAP_8);
    for offset in [0x40, 0x44, 0x4c, WINDOW, WINDOW + 2] {
        live().cfg(true, offset, 2, 0).caught(id::PCI_DRV_CAP_8, &[]);
    }
    // The word that `bar` is in.
    live().cfg(true, WINDOW + cap::BAR, 4, 0).passes(id::PCI_DRV_CAP_8);
}
