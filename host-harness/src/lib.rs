//! Parakit's harness: runs a guest, watches the virtqueue from both ends, and judges driver and device.

pub mod judge;
pub mod observe;
pub mod transport;
pub mod vmm;
