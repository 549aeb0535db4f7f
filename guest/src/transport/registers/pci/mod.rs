//! Virtio over PCI (VIRTIO 1.4 §4.1).

mod access;
mod ranges;
mod scan;
mod window;

pub use access::{ConfigAccess, Ecam, Mechanism1, Ports};
pub use parakit_abi::transport::pci::FunctionAddress;
pub use ranges::AddressRanges;
pub use scan::{Function, Scan, scan};
pub use window::{BarRegion, BarWindows, MapBars, Space};
