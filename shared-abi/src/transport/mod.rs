//! Transports: how a driver reaches a device.

pub mod mmio;
pub mod pci;
