//! The device side: registers, rings, models and oddities, driven by hand.

mod confined;
mod disks;
mod driven;
mod function;
mod fuzz;
mod legacy;
mod models;
mod net;
mod oddities;
mod pci_config;
mod pci_fuzz;
mod pci_interrupts;
mod pci_oddities;
mod pci_registers;
mod pci_root;
mod registers;
mod rig;
mod worker;
