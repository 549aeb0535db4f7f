//! The device side of virtio over PCI (VIRTIO 1.4 §4.1), and the bus that functions sit on.
//!
//! A [`VirtioDevice`](super::device::VirtioDevice) made with [`PciOptions`] is a [`PciFunction`]: it goes into a [`PciRoot`], which finds it when
//! the guest accesses configuration space or memory behind one of its BARs.

mod assign;
mod common;
mod interrupt;
mod layout;
mod msix;
mod port;
mod root;
mod space;
mod structures;

use std::sync::Arc;

pub use assign::BarWindows;
pub use root::{BusFull, PciFunction, PciRoot};

use super::{IntxLine, MsiSink};

pub(crate) use port::{PciPort, Windows};

/// How a device looks as a PCI function, and how it interrupts.
///
/// Its structures are in BAR 0, each in a page of its own; MSI-X table and pending bits in BAR 2, 32 bits wide; shared memory in BAR 4, 64 bits
/// wide.
#[derive(Clone)]
pub struct PciOptions {
    /// Entries of the MSI-X table, at most 2048; 0: no MSI-X.
    pub vectors: u16,
    /// Whether BAR 0 is 64 bits wide.
    pub wide: bool,
    /// Ids of a transitional device, where its type has them. It has no legacy interface all the same.
    pub transitional: bool,
    /// Revision id; 0 with transitional ids.
    pub revision: u8,
    /// `notify_off_multiplier`: 0, or a power of two from 4 on.
    pub multiplier: u32,
    /// What the interrupt line register shows first: where the line of the function goes.
    pub interrupt_line: u8,
    /// Shared memory regions.
    pub shared_memory: Vec<SharedMemory>,
    /// Where its messages go.
    pub msi: Arc<dyn MsiSink>,
    /// Its INTx line.
    pub intx: Arc<dyn IntxLine>,
}

impl PciOptions {
    /// A modern device with 8 vectors, a 64-bit BAR, and an address for the notifications of each queue.
    #[must_use]
    pub fn new(msi: Arc<dyn MsiSink>, intx: Arc<dyn IntxLine>) -> Self {
        Self {
            vectors: 8,
            wide: true,
            transitional: false,
            revision: 1,
            multiplier: 4,
            interrupt_line: 0,
            shared_memory: Vec::new(),
            msi,
            intx,
        }
    }
}

/// A shared memory region of a device (§2.10), zero at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedMemory {
    /// Its `shmid`.
    pub id: u8,
    /// Its bytes.
    pub len: usize,
}
