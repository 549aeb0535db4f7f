//! The judge: for every checked requirement a trace that keeps it and one that breaks it.

mod block;
mod core_config;
mod core_features;
mod core_queue_reset;
mod core_status;
mod core_suspend;
mod coverage;
mod init_sequence;
mod legacy;
mod mmio_identity;
mod mmio_interrupt;
mod mmio_queue;
mod mmio_registers;
mod packed_lists;
mod packed_notify;
mod pci_common;
mod pci_interrupts;
mod pci_kick;
mod pci_matching;
mod pci_script;
mod pci_window;
mod random;
mod rings_and_disks;
mod script;
mod split_notify;
mod trace;
