//! The memory bus: which device an address belongs to.

use std::sync::Arc;

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE};

use crate::transport::RegisterBlock;

/// Register blocks at [`MMIO_BASE`], [`MMIO_STRIDE`] apart, each filling its stride.
#[derive(Default)]
pub(super) struct Bus {
    blocks: Vec<Option<Arc<dyn RegisterBlock>>>,
}

impl Bus {
    pub(super) fn new(devices: usize) -> Self {
        Self { blocks: vec![None; devices] }
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
        let Some((block, offset)) = self.find(address, data.len()) else { return false };
        block.read(offset, data);
        true
    }

    /// A write; `false` if nothing takes it.
    pub(super) fn write(&self, address: u64, data: &[u8]) -> bool {
        let Some((block, offset)) = self.find(address, data.len()) else { return false };
        block.write(offset, data);
        true
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
