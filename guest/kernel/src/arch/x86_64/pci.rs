//! The PCI host as the harness has it, and QEMU's q35.

use parakit_abi::boot::{PCI_ECAM, PCI_ECAM_SIZE, PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE};
use parakit_abi::transport::pci::FunctionAddress;

use super::apic;
use crate::pci::Host;

/// The host bridge, with configuration space at `ecam`, where 0 stands for the usual place.
pub(crate) fn host(ecam: u64) -> Option<Host> {
    let ecam = if ecam == 0 { PCI_ECAM } else { ecam };
    Some(Host {
        ecam: ecam..ecam.saturating_add(PCI_ECAM_SIZE),
        memory32: PCI_MEMORY32..PCI_MEMORY32 + PCI_MEMORY32_SIZE,
        memory64: PCI_MEMORY64..PCI_MEMORY64 + PCI_MEMORY64_SIZE,
    })
}

/// The pin of the I/O APIC that pin `pin` of a function goes to: the firmware, or the harness, has left it in the function's register for
/// such notes, where `noted` was read.
pub(crate) fn line(_: FunctionAddress, pin: u8, noted: u8) -> Option<u32> {
    (pin != 0 && u32::from(noted) < apic::IO_PINS).then_some(noted.into())
}
