//! A packed ring as a driver keeps it: nothing but stores to memory, each of which a script may do differently.

use std::collections::VecDeque;

use parakit_abi::ring::packed::{
    DESC_ALIGN, DESC_F_NEXT, DESC_F_WRITE, DESC_SIZE, Desc, EVENT_ALIGN, EVENT_FLAGS, EVENT_FLAGS_DESC,
    EVENT_FLAGS_ENABLE, EVENT_FLAGS_MASK, EVENT_OFF_WRAP, EVENT_SIZE, Position, available_bits, event_passed,
};
use parakit_abi::ring::split::UsedElem;

use super::ring::{Areas, word};
use super::{Buffer, Machine};

/// A queue.
#[derive(Clone, Debug)]
pub struct PackedRing {
    /// Its index.
    pub queue: u16,
    /// Where it is.
    pub areas: Areas,
    /// The next descriptor that is written.
    pub next: Position,
    /// The descriptor from which on nothing was published.
    pub unpublished: Position,
    /// Where the next used descriptor will be.
    pub taken: Position,
    /// Descriptors that may be written.
    pub free: u16,
    /// Buffer ids that are in no list.
    pub ids: Vec<u16>,
    /// Lists in flight, oldest first: buffer id and descriptors.
    pub lists: VecDeque<(u16, u16)>,
    /// Heads that are written but for their flags.
    pub heads: Vec<(Position, u16)>,
    /// Whether a used descriptor stands for the lists before it too.
    pub in_order: bool,
}

impl PackedRing {
    /// Memory for a queue of `size` entries, all zero.
    pub fn new(machine: &mut Machine, queue: u16, size: u16) -> Self {
        let desc = machine.allocate(DESC_SIZE * usize::from(size), DESC_ALIGN as u64);
        let driver = machine.allocate(EVENT_SIZE, EVENT_ALIGN as u64);
        let device = machine.allocate(EVENT_SIZE, EVENT_ALIGN as u64);
        Self {
            queue,
            areas: Areas { size, desc, driver, device },
            next: Position::START,
            unpublished: Position::START,
            taken: Position::START,
            free: size,
            ids: (0..size).rev().collect(),
            lists: VecDeque::new(),
            heads: Vec::new(),
            in_order: false,
        }
    }

    /// Entries.
    #[must_use]
    pub const fn size(&self) -> u16 {
        self.areas.size
    }

    /// Where descriptor `index` is.
    #[must_use]
    pub const fn at(&self, index: u16) -> u64 {
        self.areas.desc + DESC_SIZE as u64 * index as u64
    }

    /// Writes a descriptor but for its flags.
    pub fn describe(&self, machine: &Machine, index: u16, desc: Desc) {
        machine.store(self.at(index), &desc.to_le_bytes()[..DESC_SIZE - 2]);
    }

    /// Writes the flags of a descriptor.
    pub fn mark(&self, machine: &Machine, index: u16, flags: u16) {
        machine.store(self.at(index) + DESC_SIZE as u64 - 2, &flags.to_le_bytes());
    }

    /// Writes a list of descriptors with these flags beside `NEXT` and those of the round; the head stays unpublished. Its buffer id.
    ///
    /// # Panics
    /// Without a free buffer id, or without descriptors.
    pub fn list(&mut self, machine: &Machine, descs: &[Desc]) -> u16 {
        let id = self.ids.pop().expect("a free buffer id");
        for (i, desc) in descs.iter().enumerate() {
            let at @ Position { index, wrap } = self.next;
            let next = if i + 1 < descs.len() { DESC_F_NEXT } else { 0 };
            let flags = desc.flags | next | available_bits(wrap);
            self.describe(machine, index, Desc { id, ..*desc });
            if i == 0 {
                self.heads.push((at, flags));
            } else {
                self.mark(machine, index, flags);
            }
            self.next = self.next.after(1, self.size());
        }
        self.free = self.free.saturating_sub(descs.len() as u16);
        self.lists.push_back((id, descs.len() as u16));
        id
    }

    /// Writes a list of buffers.
    pub fn chain(&mut self, machine: &Machine, buffers: &[Buffer]) -> u16 {
        let descs: Vec<Desc> = buffers.iter().map(describe).collect();
        self.list(machine, &descs)
    }

    /// Makes the first list available that is not. False when there is none.
    pub fn publish_one(&mut self, machine: &Machine) -> bool {
        if self.heads.is_empty() {
            return false;
        }
        let (at, flags) = self.heads.remove(0);
        self.mark(machine, at.index, flags);
        true
    }

    /// The first descriptor that is not available.
    #[must_use]
    pub fn announced(&self) -> Position {
        self.heads.first().map_or(self.next, |(at, _)| *at)
    }

    /// Descriptors of the lists that are not available.
    #[must_use]
    pub fn waiting(&self) -> u16 {
        let counts = self.lists.iter().rev().take(self.heads.len()).map(|(_, count)| count);
        counts.sum()
    }

    /// Descriptors up to `next`, at most one round, since it was last found out whether a notification is due.
    #[must_use]
    pub fn unannounced(&self, next: Position) -> u16 {
        let old = self.unpublished;
        if old.wrap == next.wrap { next.index - old.index } else { self.size() - old.index + next.index }
    }

    /// Whether the device asks to be told of what was published since the last time.
    #[must_use]
    pub fn notification_due(&mut self, machine: &Machine, event_idx: bool) -> bool {
        let next = self.announced();
        let count = self.unannounced(next);
        let old = std::mem::replace(&mut self.unpublished, next);
        let flags = word(machine, self.areas.device + EVENT_FLAGS as u64) & EVENT_FLAGS_MASK;
        let event = Position::from_bits(word(machine, self.areas.device + EVENT_OFF_WRAP as u64));
        let size = self.size();
        match flags {
            EVENT_FLAGS_ENABLE => true,
            EVENT_FLAGS_DESC if event_idx => event_passed(event, old, count, size),
            _ => false,
        }
    }

    /// Says which used descriptors the driver wants to hear of: `EVENT_FLAGS_*`, and for `EVENT_FLAGS_DESC` which.
    pub fn want(&self, machine: &Machine, flags: u16, event: Position) {
        machine.store(self.areas.driver + EVENT_OFF_WRAP as u64, &event.to_bits().to_le_bytes());
        machine.store(self.areas.driver + EVENT_FLAGS as u64, &flags.to_le_bytes());
    }

    /// Takes the used descriptors that are new.
    pub fn take_used(&mut self, machine: &Machine) -> Vec<UsedElem> {
        let mut taken = Vec::new();
        loop {
            let mut bytes = [0; DESC_SIZE];
            bytes.copy_from_slice(&machine.load(self.at(self.taken.index), DESC_SIZE));
            let desc = Desc::from_le_bytes(bytes);
            let there = !self.lists.is_empty() && desc.is_used(self.taken.wrap);
            let Some(at) = self.lists.iter().position(|(id, _)| *id == desc.id).filter(|_| there) else {
                return taken;
            };
            let first = if self.in_order { 0 } else { at };
            for (id, count) in self.lists.drain(first..=at) {
                self.ids.push(id);
                self.free += count;
                self.taken = self.taken.after(count, self.areas.size);
            }
            taken.push(UsedElem { id: desc.id.into(), len: desc.len });
        }
    }
}

/// The descriptor of a buffer, without the flags of a list or a round.
#[must_use]
pub fn describe(buffer: &Buffer) -> Desc {
    let flags = if buffer.writable { DESC_F_WRITE } else { 0 };
    Desc { addr: buffer.addr, len: buffer.len, id: 0, flags }
}

/// Memory for a table of indirect descriptors of a packed ring, filled.
pub fn packed_table(machine: &mut Machine, table: &[Desc]) -> Buffer {
    let len = table.len() * DESC_SIZE;
    let addr = machine.allocate(len, DESC_ALIGN as u64);
    for (i, desc) in table.iter().enumerate() {
        machine.store(addr + (i * DESC_SIZE) as u64, &desc.to_le_bytes());
    }
    Buffer { addr, len: len as u32, writable: false }
}
