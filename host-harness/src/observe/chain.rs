//! Walking descriptor chains in guest memory that may hold anything (VIRTIO 1.4 §2.7.5, §2.8.6, §2.8.7).

use parakit_abi::ring::packed;
use parakit_abi::ring::split::{DESC_SIZE, Desc};
use vm_memory::{Bytes, GuestAddress, GuestMemory, GuestMemoryMmap, Permissions};

use super::event::{Chain, ChainFault, Link, QueueInfo};

/// How many descriptors may still be read.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new(descriptors: usize) -> Self {
        Self(descriptors)
    }

    /// Takes `n` from the budget, or nothing when they are not there.
    pub(super) const fn take(&mut self, n: usize) -> bool {
        match self.0.checked_sub(n) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }
}

/// A descriptor table: where it is and how many entries it has.
#[derive(Clone, Copy)]
pub(super) struct Table {
    base: u64,
    entries: u32,
    indirect: bool,
    packed: bool,
}

impl Table {
    pub(super) fn of_queue(info: &QueueInfo) -> Self {
        Self { base: info.desc, entries: u32::from(info.size), indirect: false, packed: info.packed }
    }

    /// The table that a descriptor refers to.
    fn of_link(link: &Link, packed: bool) -> Self {
        Self { base: link.addr, entries: link.len / DESC_SIZE as u32, indirect: true, packed }
    }

    pub(super) fn read(self, memory: &GuestMemoryMmap, index: u16) -> Result<Link, ChainFault> {
        if u32::from(index) >= self.entries {
            return Err(ChainFault::IndexOutside { index, entries: self.entries });
        }
        let offset = u64::from(index) * DESC_SIZE as u64;
        let unmapped = ChainFault::Unmapped { addr: self.base.wrapping_add(offset), len: DESC_SIZE as u32 };
        let address = self.base.checked_add(offset).ok_or(unmapped)?;
        let mut bytes = [0; DESC_SIZE];
        memory.read_slice(&mut bytes, GuestAddress(address)).map_err(|_| unmapped)?;
        let Desc { addr, len, flags, next } = if self.packed {
            let packed::Desc { addr, len, id, flags } = packed::Desc::from_le_bytes(bytes);
            Desc { addr, len, flags, next: id }
        } else {
            Desc::from_le_bytes(bytes)
        };
        Ok(Link { indirect: self.indirect, index, addr, len, flags, next })
    }
}

/// Walks the chain at `head` to its end, or to the first thing that is wrong with it.
pub(super) fn walk(memory: &GuestMemoryMmap, info: &QueueInfo, slot: u16, head: u16, budget: &mut Budget) -> Chain {
    let mut chain = Chain { queue: info.queue, slot, head, links: Vec::new(), broken: None, readable: Vec::new() };
    chain.broken = walk_table(memory, Table::of_queue(info), head, &mut chain, budget).err();
    chain
}

fn walk_table(
    memory: &GuestMemoryMmap,
    table: Table,
    head: u16,
    chain: &mut Chain,
    budget: &mut Budget,
) -> Result<(), ChainFault> {
    let mut index = head;
    let mut seen = Seen::default();
    loop {
        if !budget.take(1) || chain.links.len() >= Chain::MAX_LINKS {
            return Err(ChainFault::NotWalked);
        }
        let link = table.read(memory, index)?;
        if !seen.insert(index) {
            return Err(ChainFault::Loop { index });
        }
        chain.links.push(link);
        let desc = link.desc();
        if !desc.is_indirect() {
            buffer(memory, desc, chain)?;
        } else if !table.indirect {
            // The reference inside an indirect table is told by its flags; it is not followed (§2.7.5.3.1 forbids it).
            walk_table(memory, indirect(memory, &link, false)?, 0, chain, budget)?;
        }
        if !desc.has_next() {
            return Ok(());
        }
        index = desc.next;
    }
}

/// One descriptor of a packed ring that was added to `chain`: its buffer, or the entries of its table. Only their order and `WRITE` count
/// there (§2.8.7).
pub(super) fn element(
    memory: &GuestMemoryMmap,
    link: Link,
    chain: &mut Chain,
    budget: &mut Budget,
) -> Result<(), ChainFault> {
    if !link.desc().is_indirect() {
        return buffer(memory, link.desc(), chain);
    }
    let table = indirect(memory, &link, true)?;
    for index in 0..table.entries {
        let Some(index) = u16::try_from(index).ok().filter(|_| budget.take(1)) else {
            return Err(ChainFault::NotWalked);
        };
        let link = table.read(memory, index)?;
        chain.links.push(link);
        buffer(memory, link.desc(), chain)?;
    }
    Ok(())
}

fn indirect(memory: &GuestMemoryMmap, link: &Link, packed: bool) -> Result<Table, ChainFault> {
    let desc = link.desc();
    if desc.len == 0 || !desc.len.is_multiple_of(DESC_SIZE as u32) {
        return Err(ChainFault::BadIndirectLength { len: desc.len });
    }
    check_mapped(memory, desc)?;
    Ok(Table::of_link(link, packed))
}

/// Keeps the first bytes of a readable buffer.
fn buffer(memory: &GuestMemoryMmap, desc: Desc, chain: &mut Chain) -> Result<(), ChainFault> {
    check_mapped(memory, desc)?;
    let room = Chain::MAX_READABLE - chain.readable.len();
    if desc.is_writable() || room == 0 || desc.len == 0 {
        return Ok(());
    }
    let old = chain.readable.len();
    chain.readable.resize(old + room.min(desc.len as usize), 0);
    memory
        .read_slice(&mut chain.readable[old..], GuestAddress(desc.addr))
        .map_err(|_| ChainFault::Unmapped { addr: desc.addr, len: desc.len })
}

fn check_mapped(memory: &GuestMemoryMmap, desc: Desc) -> Result<(), ChainFault> {
    let mapped = desc.len == 0
        || (desc.addr.checked_add(u64::from(desc.len)).is_some()
            && memory.check_range(GuestAddress(desc.addr), desc.len as usize, Permissions::Read));
    if mapped { Ok(()) } else { Err(ChainFault::Unmapped { addr: desc.addr, len: desc.len }) }
}

/// The first descriptor of a chain that is no longer what it was: as it was, and as it is.
pub(super) fn difference(memory: &GuestMemoryMmap, info: &QueueInfo, links: &[Link]) -> Option<(Link, Link)> {
    differs(memory, info, links, |_| true)
}

/// The same, of indirect tables only. In a packed ring the places of the ring have lives of their own.
pub(super) fn table_difference(memory: &GuestMemoryMmap, info: &QueueInfo, links: &[Link]) -> Option<(Link, Link)> {
    differs(memory, info, links, |link| link.indirect)
}

fn differs(
    memory: &GuestMemoryMmap,
    info: &QueueInfo,
    links: &[Link],
    counts: impl Fn(&Link) -> bool,
) -> Option<(Link, Link)> {
    let ring = Table::of_queue(info);
    let mut table = ring;
    for link in links {
        if counts(link) {
            let home = if link.indirect { table } else { ring };
            match home.read(memory, link.index) {
                Ok(is) if is == *link => {}
                Ok(is) => return Some((*link, is)),
                // Memory does not go away while a guest runs, so this is a chain that was broken here from the start.
                Err(_) => return None,
            }
        }
        if !link.indirect && link.desc().is_indirect() {
            table = Table::of_link(link, info.packed);
        }
    }
    None
}

/// Where the flags of a packed ring's descriptor lie.
pub(super) const fn flags_offset(index: u16) -> usize {
    DESC_SIZE * index as usize + 14
}

/// A set of descriptor indices that starts small: chains are short, hostile ones excepted.
#[derive(Default)]
struct Seen {
    few: Vec<u16>,
    many: Vec<u64>,
}

impl Seen {
    /// Adds `index`; false when it was there.
    fn insert(&mut self, index: u16) -> bool {
        if self.many.is_empty() {
            if self.few.contains(&index) {
                return false;
            }
            self.few.push(index);
            if self.few.len() == 32 {
                self.many = vec![0; 1024];
                for index in std::mem::take(&mut self.few) {
                    self.mark(index);
                }
            }
            return true;
        }
        self.mark(index)
    }

    fn mark(&mut self, index: u16) -> bool {
        let (word, bit) = (usize::from(index / 64), 1 << (index % 64));
        let new = self.many[word] & bit == 0;
        self.many[word] |= bit;
        new
    }
}
