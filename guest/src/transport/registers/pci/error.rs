//! Why a PCI function is not driven.

use core::fmt;

use parakit_abi::transport::pci::CfgType;

use super::{BarFault, BarRegion, CapabilityFault, MsixFault};
use crate::platform::MapError;

/// Why a PCI function is not driven. Its memory decoding is as it was, or on at addresses of the given ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PciError {
    /// It is no virtio device, by its ids.
    NotVirtio {
        /// Vendor id.
        vendor: u16,
        /// Device id.
        device: u16,
    },
    /// Its header is not a device's.
    Header {
        /// The header type.
        header: u8,
    },
    /// A BAR is impossible, or cannot be placed.
    Bar(BarFault),
    /// A register structure that a device must have is not there, or cannot be used.
    Missing {
        /// Which one.
        structure: CfgType,
        /// What is wrong with the last one that was found, or with the capability list. Without any, the device may be a
        /// legacy one.
        fault: Option<CapabilityFault>,
    },
    /// There is no capability to reach registers through configuration space.
    NoConfigAccess,
    /// Registers cannot be mapped.
    Map {
        /// What was to be mapped.
        region: BarRegion,
        /// The platform's error.
        error: MapError,
    },
    /// The MSI-X table is impossible.
    Msix(MsixFault),
    /// The command register does not take what was written.
    Command {
        /// What was written.
        wrote: u16,
        /// What it reads.
        read: u16,
    },
}

impl fmt::Display for PciError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotVirtio { vendor, device } => write!(f, "{vendor:04x}:{device:04x} is no virtio device"),
            Self::Header { header } => write!(f, "header type {header}, not a device's (0)"),
            Self::Bar(fault) => fault.fmt(f),
            Self::Missing { structure, fault: Some(fault) } => write!(f, "no {structure:?} structure: {fault}"),
            Self::Missing { structure, fault: None } => {
                write!(f, "no capability for the {structure:?} structure: a legacy device, or a broken one")
            }
            Self::NoConfigAccess => f.write_str("no capability for access through configuration space"),
            Self::Map { region, error } => write!(f, "{region}: {error}"),
            Self::Msix(fault) => fault.fmt(f),
            Self::Command { wrote, read } => write!(f, "the command register reads {read:#06x}, not {wrote:#06x}"),
        }
    }
}

impl core::error::Error for PciError {}

impl From<BarFault> for PciError {
    fn from(fault: BarFault) -> Self {
        Self::Bar(fault)
    }
}
