//! The bus: which device an address or a port belongs to.

use std::sync::Arc;

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE, PCI_ECAM, PCI_ECAM_SIZE};
use parakit_abi::transport::pci::FunctionAddress;

use crate::transport::RegisterBlock;
use crate::transport::pci::{BusFull, PciFunction, PciRoot};

/// Register blocks at [`MMIO_BASE`], [`MMIO_STRIDE`] apart, each filling its stride; and, if there is one, a PCI bus: configuration
/// space at [`PCI_ECAM`] and behind the ports of mechanism 1, BARs wherever nothing else is.
#[derive(Default)]
pub(super) struct Bus {
    blocks: Vec<Option<Arc<dyn RegisterBlock>>>,
    pci: Option<PciRoot>,
}

impl Bus {
    pub(super) fn new(devices: usize) -> Self {
        Self { blocks: vec![None; devices], pci: None }
    }

    /// A bus without register blocks, and with PCI even if nothing is put there.
    pub(super) fn with_pci() -> Self {
        Self { blocks: Vec::new(), pci: Some(PciRoot::default()) }
    }

    /// Puts a function on the PCI bus, which is there from then on.
    pub(super) fn attach_pci(&mut self, function: Arc<dyn PciFunction>) -> Result<FunctionAddress, BusFull> {
        self.pci.get_or_insert_default().attach(function)
    }

    /// Puts a block in place `i`; what was there goes. `false` if there is no such place.
    pub(super) fn attach(&mut self, i: usize, block: Arc<dyn RegisterBlock>) -> bool {
        let place = self.blocks.get_mut(i);
        place.is_some_and(|p| {
            *p = Some(block);
            true
        })
    }

    /// A read; `false` if nothing answers, and then `data` is all ones.
    pub(super) fn read(&self, address: u64, data: &mut [u8]) -> bool {
        data.fill(0xff);
        if let Some((block, offset)) = self.find(address, data.len()) {
            block.read(offset, data);
            return true;
        }
        let Some(pci) = &self.pci else { return false };
        match ecam_offset(address) {
            Some(offset) => {
                pci.ecam_read(offset, data);
                true
            }
            None => pci.memory_read(address, data),
        }
    }

    /// A write; `false` if nothing takes it.
    pub(super) fn write(&self, address: u64, data: &[u8]) -> bool {
        if let Some((block, offset)) = self.find(address, data.len()) {
            block.write(offset, data);
            return true;
        }
        let Some(pci) = &self.pci else { return false };
        match ecam_offset(address) {
            Some(offset) => {
                pci.ecam_write(offset, data);
                true
            }
            None => pci.memory_write(address, data),
        }
    }

    /// A read from a port; `false` if nothing answers, and then nothing was done.
    pub(super) fn port_read(&self, port: u16, data: &mut [u8]) -> bool {
        self.pci.as_ref().is_some_and(|pci| pci.port_read(port, data))
    }

    /// A write to a port; goes nowhere if nothing takes it.
    pub(super) fn port_write(&self, port: u16, data: &[u8]) -> bool {
        self.pci.as_ref().is_some_and(|pci| pci.port_write(port, data))
    }

    /// The block that holds all `len` bytes. An access that runs over a block's end belongs to nobody: no bus delivers it in one piece.
    fn find(&self, address: u64, len: usize) -> Option<(&dyn RegisterBlock, u64)> {
        let distance = address.checked_sub(MMIO_BASE)?;
        let offset = distance % MMIO_STRIDE;
        let fits = u64::try_from(len).is_ok_and(|len| len <= MMIO_STRIDE - offset);
        let i = usize::try_from(distance / MMIO_STRIDE).ok()?;
        let block = self.blocks.get(i)?.as_deref()?;
        fits.then_some((block, offset))
    }
}

/// Where in the ECAM region an address is.
fn ecam_offset(address: u64) -> Option<u64> {
    address.checked_sub(PCI_ECAM).filter(|offset| *offset < PCI_ECAM_SIZE)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Block(Mutex<Vec<(u64, Vec<u8>)>>);

    impl RegisterBlock for Block {
        fn read(&self, offset: u64, data: &mut [u8]) {
            data.fill(offset as u8);
        }
        fn write(&self, offset: u64, data: &[u8]) {
            self.0.lock().unwrap().push((offset, data.to_vec()));
        }
    }

    #[test]
    fn accesses_reach_their_block_and_no_other() {
        let mut bus = Bus::new(3);
        let block = Arc::new(Block::default());
        assert!(bus.attach(1, block.clone()));
        assert!(!bus.attach(3, block.clone()));

        let base = MMIO_BASE + MMIO_STRIDE;
        let mut data = [0; 4];
        assert!(bus.read(base + 0x70, &mut data));
        assert_eq!(data, [0x70; 4]);
        assert!(bus.write(base + 0xfff, &[7]));
        assert!(bus.write(base + 0xff8, &[0; 8]));
        assert_eq!(*block.0.lock().unwrap(), [(0xfff, vec![7]), (0xff8, vec![0; 8])]);
    }

    #[test]
    fn what_belongs_to_nobody_reads_as_ones() {
        let mut bus = Bus::new(2);
        bus.attach(0, Arc::new(Block::default()));
        let ends = MMIO_BASE + MMIO_STRIDE;
        // Below, above, an empty place, the far end of the address space, and over the end of a block.
        for address in [0, MMIO_BASE - 1, ends, ends + MMIO_STRIDE, u64::MAX, ends - 2] {
            let mut data = [0; 4];
            assert!(!bus.read(address, &mut data), "{address:#x}");
            assert_eq!(data, [0xff; 4], "{address:#x}");
            assert!(!bus.write(address, &data), "{address:#x}");
        }
    }
}
