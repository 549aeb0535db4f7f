//! A queue set up as it should be, and what a driver can do to it, right or wrong.

use parakit_abi::ring::{packed, split};

use super::bytes::Bytes;
use super::rig::{HIGH, PIECE, QUEUE, Rig};

/// Bytes of memory that the rings of a queue have.
const SPAN: u64 = 0x1000;
/// First byte of memory for buffers.
pub(super) const BUFFERS: u64 = 0x4000;
/// Where indirect tables are.
const TABLES: u64 = 0x3000;
/// Descriptors of an indirect table at most.
const TABLE: usize = 32;

/// A queue of a driver.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) index: u16,
    pub(super) size: u16,
    pub(super) packed: bool,
    pub(super) desc: u64,
    pub(super) driver: u64,
    pub(super) device: u64,
    /// Split: the next available index. Packed: the next place.
    next: u16,
    wrap: bool,
    /// Chains that [`Queue::ask`] made available and that were not used yet: id, and descriptors.
    flight: Vec<(u16, Vec<u16>)>,
}

/// A buffer of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    pub(super) addr: u64,
    pub(super) len: u32,
    pub(super) write: bool,
}

impl Queue {
    /// Queue `index`, below 3, where it has its place in memory; over legacy MMIO on a page, as its layout wants it.
    pub(super) fn new(index: u16, size: u16, packed: bool, legacy: bool) -> Self {
        let desc = SPAN * u64::from(index);
        let count = u64::from(size);
        let driver = desc + 16 * count;
        let device = if packed { driver + 4 } else { desc + if legacy { 0x800 } else { 0x400 } };
        Self { index, size, packed, desc, driver, device, next: 0, wrap: true, flight: Vec::new() }
    }

    fn entry(&self, i: u16) -> u64 {
        self.desc + 16 * u64::from(i)
    }

    /// Writes a chain and publishes it, in descriptors that may be in use.
    pub(super) fn offer(&mut self, rig: &Rig, buffers: &[Buffer], indirect: bool) {
        let many = buffers.len().min(if indirect { TABLE } else { usize::from(self.size) });
        let buffers = &buffers[..many];
        if buffers.is_empty() {
            return;
        }
        if self.packed {
            self.offer_packed(rig, buffers, indirect.then_some(TABLES));
        } else {
            let head = if indirect { self.next % self.size } else { 0 };
            let slots: Vec<u16> = (head..).take(buffers.len()).collect();
            self.offer_split(rig, buffers, &slots, indirect.then_some(TABLES));
        }
    }

    /// As [`Queue::offer`], but in descriptors that are free, as a driver has to do it; what there is no room for is left out.
    pub(super) fn ask(&mut self, rig: &Rig, buffers: &[Buffer], indirect: bool) {
        let free: Vec<u16> =
            (0..self.size).filter(|i| !self.flight.iter().any(|(_, slots)| slots.contains(i))).collect();
        // In a packed ring it is their number alone that counts.
        let many = buffers.len().min(if indirect { TABLE.min(free.len() * TABLE) } else { free.len() });
        let buffers = &buffers[..many];
        if buffers.is_empty() {
            return;
        }
        let slots = free[..if indirect { 1 } else { many }].to_vec();
        let id = if self.packed { self.next } else { slots[0] };
        let table = indirect.then_some(HIGH + 0x2000 * u64::from(self.index) + 0x200 * u64::from(id));
        if self.packed {
            self.offer_packed(rig, buffers, table);
        } else {
            self.offer_split(rig, buffers, &slots, table);
        }
        self.flight.push((id, slots));
    }

    /// The chain `id` was used, and with `VIRTIO_F_IN_ORDER` those before it.
    pub(super) fn used(&mut self, id: u32, in_order: bool) {
        let at = self.flight.iter().position(|(other, _)| u32::from(*other) == id);
        let at = at.unwrap_or_else(|| panic!("chain {id} was used, and {:?} were in flight", self.flight));
        self.flight.drain(if in_order { 0..=at } else { at..=at });
    }

    fn offer_split(&mut self, rig: &Rig, buffers: &[Buffer], slots: &[u16], table: Option<u64>) {
        let last = buffers.len() - 1;
        let head = slots[0];
        for (i, buffer) in buffers.iter().enumerate() {
            let write = if buffer.write { split::DESC_F_WRITE } else { 0 };
            let next = if i < last { split::DESC_F_NEXT } else { 0 };
            let (at, following) = match table {
                Some(table) => (table + 16 * i as u64, i as u16 + 1),
                None => (self.entry(slots[i]), slots.get(i + 1).copied().unwrap_or(0)),
            };
            let desc = split::Desc { addr: buffer.addr, len: buffer.len, flags: write | next, next: following };
            rig.store(at, &desc.to_le_bytes());
        }
        if let Some(table) = table {
            let len = 16 * buffers.len() as u32;
            let desc = split::Desc { addr: table, len, flags: split::DESC_F_INDIRECT, next: 0 };
            rig.store(self.entry(head), &desc.to_le_bytes());
        }
        rig.store(self.driver + 4 + 2 * u64::from(self.next % self.size), &head.to_le_bytes());
        self.next = self.next.wrapping_add(1);
        rig.store(self.driver + 2, &self.next.to_le_bytes());
    }

    fn offer_packed(&mut self, rig: &Rig, buffers: &[Buffer], table: Option<u64>) {
        let first = (self.next, self.wrap);
        let id = self.next;
        let last = buffers.len() - 1;
        let flags = |i: usize| {
            let write = if buffers[i].write { packed::DESC_F_WRITE } else { 0 };
            write | if i < last && table.is_none() { packed::DESC_F_NEXT } else { 0 }
        };
        if let Some(table) = table {
            for (i, buffer) in buffers.iter().enumerate() {
                let desc = packed::Desc { addr: buffer.addr, len: buffer.len, id: 0, flags: flags(i) };
                rig.store(table + 16 * i as u64, &desc.to_le_bytes());
            }
            let len = 16 * buffers.len() as u32;
            let flags = packed::DESC_F_INDIRECT | packed::available_bits(self.wrap);
            rig.store(self.entry(self.next), &packed::Desc { addr: table, len, id, flags }.to_le_bytes());
            return self.advance();
        }
        for (i, buffer) in buffers.iter().enumerate() {
            // The first one is made available at the end.
            let bits = if i == 0 { packed::available_bits(!self.wrap) } else { packed::available_bits(self.wrap) };
            let desc = packed::Desc { addr: buffer.addr, len: buffer.len, id, flags: flags(i) | bits };
            rig.store(self.entry(self.next), &desc.to_le_bytes());
            self.advance();
        }
        let flags = flags(0) | packed::available_bits(first.1);
        rig.store(self.entry(first.0) + 14, &flags.to_le_bytes());
    }

    fn advance(&mut self) {
        self.next += 1;
        if self.next == self.size {
            (self.next, self.wrap) = (0, !self.wrap);
        }
    }

    /// What a notification with `VIRTIO_F_NOTIFICATION_DATA` says of the next buffer.
    pub(super) fn announced(&self) -> u16 {
        if self.packed { self.next | u16::from(self.wrap) << 15 } else { self.next }
    }

    /// One thing that may be done to the memory of the ring.
    pub(super) fn disturb(&mut self, rig: &Rig, bytes: &mut Bytes<'_>) {
        match bytes.below(8) {
            0 | 1 => {
                let at = self.entry(u16::from(bytes.u8()) % (self.size + 1));
                let desc = self.descriptor(bytes);
                rig.store(at, &desc);
            }
            2 => {
                let at = TABLES + 16 * bytes.below(TABLE) as u64;
                let desc = self.descriptor(bytes);
                rig.store(at, &desc);
            }
            3 if self.packed => {
                // Back to a place of before, or on to one of later.
                self.next = u16::from(bytes.u8()) % self.size;
                self.wrap = bytes.bool();
            }
            3 => {
                let slot = u64::from(bytes.u8()) % u64::from(self.size);
                let head = u16::from(bytes.u8()) % (self.size + 2);
                rig.store(self.driver + 4 + 2 * slot, &head.to_le_bytes());
            }
            4 if self.packed => {
                // The driver's event suppression.
                rig.store(self.driver, &bytes.u16().to_le_bytes());
                rig.store(self.driver + 2, &u16::from(bytes.u8() & 7).to_le_bytes());
            }
            4 => {
                self.next = self.next.wrapping_add(u16::from(bytes.u8() % 18));
                rig.store(self.driver + 2, &self.next.to_le_bytes());
            }
            5 if self.packed => {
                let at = self.entry(u16::from(bytes.u8()) % self.size) + 14;
                rig.store(at, &bytes.u16().to_le_bytes());
            }
            5 => {
                self.next = bytes.u16();
                rig.store(self.driver + 2, &self.next.to_le_bytes());
            }
            6 => {
                // `flags` or `used_event` of a split ring, any word of either.
                let at = if bytes.bool() { self.driver } else { self.driver + 4 + 2 * u64::from(self.size) };
                rig.store(at, &bytes.u16().to_le_bytes());
            }
            _ => {
                let at = self.device + u64::from(bytes.u8());
                rig.store(at, &bytes.u16().to_le_bytes());
            }
        }
    }

    fn descriptor(&self, bytes: &mut Bytes<'_>) -> [u8; 16] {
        let (addr, len, choice, word) = (place(bytes), length(bytes), bytes.u8(), bytes.u8());
        if self.packed {
            let bits = match choice >> 6 {
                0 | 1 => packed::available_bits(self.wrap),
                2 => packed::available_bits(!self.wrap),
                _ => packed::used_bits(self.wrap),
            };
            let id = if word & 0x80 == 0 { u16::from(word) % self.size } else { u16::from(word) * 257 };
            packed::Desc { addr, len, id, flags: u16::from(choice & 7) | bits }.to_le_bytes()
        } else {
            let next = u16::from(word) % (self.size + 2);
            split::Desc { addr, len, flags: u16::from(choice & 0x0f), next }.to_le_bytes()
        }
    }
}

/// An address: mostly one in memory, on its edges, or of a table.
pub(super) fn place(bytes: &mut Bytes<'_>) -> u64 {
    let kind = bytes.u8();
    let word = u64::from(bytes.u16());
    match kind % 12 {
        0..=3 => BUFFERS + word % (PIECE as u64 - BUFFERS),
        4 | 5 => HIGH + word % PIECE as u64,
        6 => word,
        7 => PIECE as u64 - word % 64,
        8 => HIGH + PIECE as u64 - word % 64,
        9 => TABLES + 16 * (word % TABLE as u64),
        10 => u64::MAX - word,
        _ => bytes.u64(),
    }
}

/// The address of a buffer that lies in no ring: in memory, over its end, or where none is.
pub(super) fn buffer(bytes: &mut Bytes<'_>) -> u64 {
    let (kind, word) = (bytes.u8(), u64::from(bytes.u16()));
    match kind % 4 {
        0 | 1 => BUFFERS + word % (PIECE as u64 - BUFFERS),
        2 => HIGH + PIECE as u64 - word % 0x2000,
        _ => u64::MAX - word,
    }
}

/// A length: mostly a small one.
pub(super) fn length(bytes: &mut Bytes<'_>) -> u32 {
    let kind = bytes.u8();
    match kind % 8 {
        0..=3 => u32::from(bytes.u8()),
        4 => 512 * u32::from(bytes.u8() % 40),
        5 => 16 * u32::from(bytes.u8()),
        6 => u32::from(bytes.u16()),
        _ => bytes.u32(),
    }
}

/// A size that such a queue may have.
pub(super) fn size(bytes: &mut Bytes<'_>, packed: bool) -> u16 {
    let size = u16::from(bytes.u8()) % QUEUE + 1;
    if packed { size } else { size.next_power_of_two() }
}
