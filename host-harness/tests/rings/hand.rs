//! A ring in guest memory that tests write by hand, without any driver.

use std::sync::Arc;

use parakit_abi::feature::{Features, RING_PACKED};
use parakit_abi::ring::packed::{DESC_F_NEXT, Desc, EVENT_FLAGS, Position, available_bits};
use parakit_harness::queue::{Chain, DeviceRing, Done, Request, RingError, Setup};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

pub(crate) const RING: u64 = 0x1_0000;
pub(crate) const DRIVER: u64 = 0xa_0000;
pub(crate) const DEVICE: u64 = 0xb_0000;
pub(crate) const DATA: u64 = 0x20_0000;
pub(crate) const MEMORY: usize = 0x40_0000;

/// What the features of a test mean for the setup that every ring here has.
pub(crate) fn setup(size: u32) -> Setup {
    Setup { size, desc: RING, driver: DRIVER, device: DEVICE }
}

pub(crate) struct Hand {
    pub(crate) memory: Arc<GuestMemoryMmap>,
    pub(crate) ring: DeviceRing,
    size: u16,
    /// Where a hand-written packed list goes next.
    pub(crate) next: Position,
}

impl Hand {
    pub(crate) fn packed(size: u16, features: &[u32]) -> Self {
        Self::new(size, Features::of(features).with(Features::bit(RING_PACKED)))
    }

    pub(crate) fn new(size: u16, features: Features) -> Self {
        let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory"));
        let ring = DeviceRing::new(setup(size.into()), size, features, &memory).expect("a good ring");
        Self { memory, ring, size, next: Position::START }
    }

    pub(crate) fn put16(&self, address: u64, value: u16) {
        self.memory.write_obj(value.to_le(), GuestAddress(address)).expect("in memory");
    }

    pub(crate) fn get16(&self, address: u64) -> u16 {
        u16::from_le(self.memory.read_obj(GuestAddress(address)).expect("in memory"))
    }

    pub(crate) fn desc(&self, index: u16) -> Desc {
        let mut bytes = [0; 16];
        self.memory.read_slice(&mut bytes, GuestAddress(RING + 16 * u64::from(index))).expect("in memory");
        Desc::from_le_bytes(bytes)
    }

    pub(crate) fn put_desc(&self, table: u64, index: u16, desc: Desc) {
        let at = GuestAddress(table + 16 * u64::from(index));
        self.memory.write_slice(&desc.to_le_bytes(), at).expect("in memory");
    }

    /// Writes a list of (address, length, flags) with this buffer id, the first descriptor last.
    pub(crate) fn publish(&mut self, id: u16, list: &[(u64, u32, u16)]) {
        let mut written = Vec::new();
        for (i, &(addr, len, flags)) in list.iter().enumerate() {
            let next = if i + 1 < list.len() { DESC_F_NEXT } else { 0 };
            // Only the last descriptor's id counts.
            let id = if next == 0 { id } else { !id };
            written
                .push((self.next.index, Desc { addr, len, id, flags: flags | next | available_bits(self.next.wrap) }));
            self.next = self.next.after(1, self.size);
        }
        for (index, desc) in written.into_iter().rev() {
            self.put_desc(RING, index, desc);
        }
    }

    /// Fetches all that is available.
    pub(crate) fn fetch(&mut self) -> Result<usize, RingError> {
        let upto = self.ring.available()?;
        self.ring.fetch(upto)
    }

    /// Fetches, and takes the chains.
    pub(crate) fn take(&mut self) -> Vec<Chain> {
        self.fetch().expect("a good driver");
        std::iter::from_fn(|| self.ring.take()).collect()
    }

    /// Gives a chain back with `len` bytes written of as many as there are.
    pub(crate) fn complete(&mut self, chain: &Chain, len: u32) {
        let writable = Request::new(chain, &self.memory).writable_len();
        self.ring.complete(Done { token: chain.token(), len, writable }).expect("in memory");
    }

    /// Writes the driver's event suppression structure.
    pub(crate) fn driver_event(&self, position: Position, flags: u16) {
        self.put16(DRIVER, position.to_bits());
        self.put16(DRIVER + EVENT_FLAGS as u64, flags);
    }

    /// The device's event suppression structure: position and flags.
    pub(crate) fn device_event(&self) -> (Position, u16) {
        (Position::from_bits(self.get16(DEVICE)), self.get16(DEVICE + EVENT_FLAGS as u64))
    }
}
