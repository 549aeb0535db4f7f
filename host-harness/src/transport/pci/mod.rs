//! The device side of virtio over PCI (VIRTIO 1.4 §4.1), and the bus that functions sit on.

mod root;

pub use root::{BusFull, PciFunction, PciRoot};
