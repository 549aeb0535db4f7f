//! Workloads on a block device.

pub(crate) mod basics;
pub(crate) mod change;
pub(crate) mod queues;
pub(crate) mod read;
pub(crate) mod rings;
pub(crate) mod write;
