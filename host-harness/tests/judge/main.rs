//! The judge: for every checked requirement a trace that keeps it and one that breaks it.

mod block;
mod core_config;
mod core_features;
mod core_queue_reset;
mod core_status;
mod core_suspend;
mod coverage;
mod init_sequence;
mod mmio_identity;
mod mmio_interrupt;
mod mmio_queue;
mod mmio_registers;
mod random;
mod rings_and_disks;
mod script;
mod split_notify;
mod trace;
