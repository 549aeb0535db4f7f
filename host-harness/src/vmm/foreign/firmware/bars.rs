//! Addresses for the BARs of functions, which firmware gives before a kernel starts.

use parakit_abi::boot::{PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE};

use crate::transport::pci::BarWindows;

/// The windows of the host bridge, of which nothing is given away yet.
pub(in crate::vmm) fn windows() -> BarWindows {
    BarWindows::new(PCI_MEMORY32..PCI_MEMORY32 + PCI_MEMORY32_SIZE, PCI_MEMORY64..PCI_MEMORY64 + PCI_MEMORY64_SIZE)
}
