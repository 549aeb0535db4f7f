//! Parakit's harness: runs a guest, watches the virtqueue from both ends, and judges driver and device.

pub mod device;
pub mod harness;
pub mod judge;
mod likeness;
pub mod loopback;
pub mod observe;
pub mod oddity;
pub mod other_vmm;
pub mod placed;
pub mod queue;
pub mod report;
pub mod scenario;
pub mod transport;
pub mod vmm;

pub use harness::Harness;
