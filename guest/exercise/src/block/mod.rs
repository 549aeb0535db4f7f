//! Workloads on a block device.

pub(crate) mod basics;
pub(crate) mod change;
pub(crate) mod read;
pub(crate) mod write;
