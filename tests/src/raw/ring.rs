//! A split ring as a driver keeps it: nothing but stores to memory, each of which a script may do differently.

use parakit_abi::ring::split::{
    DESC_ALIGN, DESC_F_NEXT, DESC_F_WRITE, DESC_SIZE, Desc, RING_FLAGS, RING_IDX, SplitLayout, USED_ELEM_SIZE, UsedElem,
};

use super::Machine;

/// A buffer of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Buffer {
    /// Where it is.
    pub addr: u64,
    /// Bytes.
    pub len: u32,
    /// Whether the device writes it.
    pub writable: bool,
}

/// Where the parts of a queue are.
#[derive(Clone, Copy, Debug)]
pub struct Areas {
    /// Entries.
    pub size: u16,
    /// Descriptor area.
    pub desc: u64,
    /// Driver area.
    pub driver: u64,
    /// Device area.
    pub device: u64,
}

/// A queue.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Its index.
    pub queue: u16,
    /// Its parts within one block.
    pub layout: SplitLayout,
    /// Descriptor table.
    pub desc: u64,
    /// Available ring.
    pub avail: u64,
    /// Used ring.
    pub used: u64,
    /// The available index that entries were written up to; [`Ring::publish`] makes it known.
    pub next: u16,
    /// The used index that entries were taken up to.
    pub taken: u16,
    /// Descriptors that are in no chain.
    pub free: Vec<u16>,
    /// The descriptors of each chain in flight, its head first, oldest first.
    pub chains: Vec<Vec<u16>>,
    /// With `VIRTIO_F_IN_ORDER`: a used entry stands for the chains before it too, and chains go through the table in its order, from here on.
    pub in_order: Option<u16>,
}

impl Ring {
    /// Memory for a queue of `size` entries, all zero.
    ///
    /// # Panics
    /// For a size that no split queue has.
    pub fn new(machine: &mut Machine, queue: u16, size: u16) -> Self {
        let layout = SplitLayout::new(size).expect("a power of two");
        let base = machine.allocate(layout.total_size(), DESC_ALIGN as u64);
        Self {
            queue,
            layout,
            desc: base,
            avail: base + layout.avail_offset() as u64,
            used: base + layout.used_offset() as u64,
            next: 0,
            taken: 0,
            free: (0..size).rev().collect(),
            chains: Vec::new(),
            in_order: None,
        }
    }

    /// Where its parts are.
    #[must_use]
    pub fn areas(&self) -> Areas {
        Areas { size: self.size(), desc: self.desc, driver: self.avail, device: self.used }
    }

    /// Entries.
    #[must_use]
    pub fn size(&self) -> u16 {
        self.layout.queue_size()
    }

    /// Writes a descriptor.
    pub fn describe(&self, machine: &Machine, index: u16, desc: Desc) {
        machine.store(self.desc + self.layout.desc_entry(index) as u64, &desc.to_le_bytes());
    }

    /// Takes free descriptors for `buffers` and chains them. The head.
    pub fn chain(&mut self, machine: &Machine, buffers: &[Buffer]) -> u16 {
        let indices = self.take_free(buffers.len() as u16);
        for (i, buffer) in buffers.iter().enumerate() {
            let next = indices.get(i + 1).copied();
            let write = if buffer.writable { DESC_F_WRITE } else { 0 };
            let flags = write | if next.is_some() { DESC_F_NEXT } else { 0 };
            let desc = Desc { addr: buffer.addr, len: buffer.len, flags, next: next.unwrap_or(0) };
            self.describe(machine, indices[i], desc);
        }
        let head = indices[0];
        self.chains.push(indices);
        head
    }

    /// Takes free descriptors: any, or with `VIRTIO_F_IN_ORDER` the next in the order of the table.
    ///
    /// # Panics
    /// Without enough free descriptors.
    pub fn take_free(&mut self, count: u16) -> Vec<u16> {
        let size = self.size();
        match &mut self.in_order {
            None => (0..count).map(|_| self.free.pop().expect("a free descriptor")).collect(),
            Some(at) => {
                let first = *at;
                *at = (first + count) % size;
                let indices: Vec<u16> = (0..count).map(|i| (first + i) % size).collect();
                self.free.retain(|index| !indices.contains(index));
                indices
            }
        }
    }

    /// Writes the next available entry.
    pub fn offer(&mut self, machine: &Machine, head: u16) {
        let slot = self.avail + self.layout.avail_slot(self.next) as u64;
        machine.store(slot, &head.to_le_bytes());
        self.next = self.next.wrapping_add(1);
    }

    /// Makes the entries known.
    pub fn publish(&self, machine: &Machine) {
        self.set_avail_idx(machine, self.next);
    }

    /// Writes `idx` of the available ring.
    pub fn set_avail_idx(&self, machine: &Machine, idx: u16) {
        machine.store(self.avail + RING_IDX as u64, &idx.to_le_bytes());
    }

    /// `idx` of the available ring.
    #[must_use]
    pub fn avail_idx(&self, machine: &Machine) -> u16 {
        word(machine, self.avail + RING_IDX as u64)
    }

    /// Writes `flags` of the available ring.
    pub fn set_avail_flags(&self, machine: &Machine, flags: u16) {
        machine.store(self.avail + RING_FLAGS as u64, &flags.to_le_bytes());
    }

    /// Writes `used_event`.
    pub fn set_used_event(&self, machine: &Machine, idx: u16) {
        machine.store(self.avail + self.layout.used_event() as u64, &idx.to_le_bytes());
    }

    /// `flags` of the used ring.
    #[must_use]
    pub fn used_flags(&self, machine: &Machine) -> u16 {
        word(machine, self.used + RING_FLAGS as u64)
    }

    /// `avail_event`.
    #[must_use]
    pub fn avail_event(&self, machine: &Machine) -> u16 {
        word(machine, self.used + self.layout.avail_event() as u64)
    }

    /// Whether the device asks to be told of the entries `old..new` (§2.7.10.1).
    #[must_use]
    pub fn notification_due(&self, machine: &Machine, event_idx: bool, old: u16, new: u16) -> bool {
        if event_idx {
            new.wrapping_sub(self.avail_event(machine)).wrapping_sub(1) < new.wrapping_sub(old)
        } else {
            self.used_flags(machine) & 1 == 0
        }
    }

    /// Takes the used entries that are new; their descriptors are free again.
    pub fn take_used(&mut self, machine: &Machine) -> Vec<UsedElem> {
        let mut taken = Vec::new();
        while self.taken != word(machine, self.used + RING_IDX as u64) {
            let slot = self.used + self.layout.used_slot(self.taken) as u64;
            let mut bytes = [0; USED_ELEM_SIZE];
            bytes.copy_from_slice(&machine.load(slot, USED_ELEM_SIZE));
            let elem = UsedElem::from_le_bytes(bytes);
            let mut entries = 1;
            if let Some(at) = self.chains.iter().position(|c| u32::from(c[0]) == elem.id) {
                let first = if self.in_order.is_some() { 0 } else { at };
                entries = (at - first + 1) as u16;
                self.free.extend(self.chains.drain(first..=at).flatten());
            }
            self.taken = self.taken.wrapping_add(entries);
            taken.push(elem);
        }
        taken
    }
}

/// Memory for a table of indirect descriptors, filled.
pub fn indirect_table(machine: &mut Machine, table: &[Desc]) -> Buffer {
    let len = table.len() * DESC_SIZE;
    let addr = machine.allocate(len, DESC_ALIGN as u64);
    for (i, desc) in table.iter().enumerate() {
        machine.store(addr + (i * DESC_SIZE) as u64, &desc.to_le_bytes());
    }
    Buffer { addr, len: len as u32, writable: false }
}

pub(super) fn word(machine: &Machine, at: u64) -> u16 {
    let bytes = machine.load(at, 2);
    u16::from_le_bytes([bytes[0], bytes[1]])
}
