//! The device side: registers, rings, models and oddities, driven by hand.

mod disks;
mod fuzz;
mod models;
mod oddities;
mod pci_root;
mod registers;
mod rig;
mod worker;
