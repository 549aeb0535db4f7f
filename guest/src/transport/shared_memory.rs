//! Shared memory regions (VIRTIO 1.4 §2.10).

use core::fmt;

use super::pci::CapabilityFault;

/// Memory that a device lends to the driver. The kit does not touch it: how it is mapped, and what lies in it, is a matter of
/// the device type's driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedMemory {
    /// Where it is, as the CPU sees it before translation. Over MMIO this is the device's word, unchecked.
    pub address: u64,
    /// Its length in bytes, at least 1; `address + len` does not overflow.
    pub len: u64,
}

/// Why a shared memory region cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SharedMemoryError {
    /// It has no bytes, or goes beyond the end of the address space.
    Region {
        /// Its id.
        id: u8,
        /// Its address.
        address: u64,
        /// Its length.
        len: u64,
    },
    /// Its PCI capability is impossible.
    Capability(CapabilityFault),
    /// Its BAR was not given an address.
    NoAddress {
        /// Number of the BAR.
        bar: u8,
    },
}

impl fmt::Display for SharedMemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region { id, address, len } => {
                write!(f, "shared memory region {id} of {len:#x} bytes at {address:#x} is impossible")
            }
            Self::Capability(fault) => fault.fmt(f),
            Self::NoAddress { bar } => write!(f, "the shared memory is in BAR {bar}, which has no address"),
        }
    }
}

impl core::error::Error for SharedMemoryError {}
