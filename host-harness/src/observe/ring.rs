//! The ring observer: reads the memory of a split queue for itself and says what happened in it.
//!
//! The worker of a device calls [`RingObserver::look`] before the device looks for buffers and [`RingObserver::after`]
//! after it used some; the observer trusts neither side. All of its work is bounded: a guest can make it give up on a chain
//! ([`NotWalked`](super::event::ChainFault::NotWalked)), never hang it or make it grow without end.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;

use parakit_abi::feature::{EVENT_IDX, Features};
use parakit_abi::ring::split::{AVAIL_ELEM_SIZE, RING_ENTRIES, RING_FLAGS, RING_IDX, USED_ELEM_SIZE, UsedElem};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::chain::{self, Budget};
use super::event::{Alteration, Chain, EventKind, Link, QueueInfo};
use super::log::EventLog;
use crate::queue::UsedDesc;

/// Descriptors that one look may read: more than any honest driver publishes between two looks.
const LINKS_PER_LOOK: usize = 1 << 18;
/// Descriptors that one look compares with what they were. With more than that in flight, the chains take turns, so that a look at a
/// large queue does not take longer the more buffers wait in it.
const LINKS_COMPARED: usize = 1 << 13;
/// Descriptors of chains in flight that are kept for comparison, per queue.
const LINKS_KEPT: usize = 1 << 18;

impl QueueInfo {
    /// Describes a queue that is being enabled, with what its rings hold now.
    #[must_use]
    pub fn read(queue: u16, size: u16, desc: u64, driver: u64, device: u64, memory: &GuestMemoryMmap) -> Self {
        let word = |base, offset| read_u16(memory, base, offset);
        Self {
            queue,
            size,
            desc,
            driver,
            device,
            packed: false,
            avail_flags: word(driver, RING_FLAGS),
            avail_idx: word(driver, RING_IDX),
            used_flags: word(device, RING_FLAGS),
            used_idx: word(device, RING_IDX),
        }
    }
}

/// Watches one enabled split queue. Dropped when the queue is disabled or the device reset.
#[derive(Debug)]
pub struct RingObserver {
    device: u16,
    info: QueueInfo,
    memory: GuestMemoryMmap,
    log: EventLog,
    event_idx: bool,
    /// `idx` of the available ring at the last look.
    avail: u16,
    /// `idx` of the used ring at the last look.
    used: u16,
    /// What the driver left in the used ring's `idx`; the device begins at 0 all the same, with its first used buffer.
    stale: Option<u16>,
    /// Suppression words as last told: available flags, `used_event`, used flags, `avail_event`.
    words: Option<[u16; 4]>,
    /// Chains seen and not used, by their number since the queue was enabled (does not wrap, unlike the slot).
    in_flight: BTreeMap<u64, InFlight>,
    /// Numbers of the chains in flight with a given head.
    by_head: HashMap<u16, Vec<u64>>,
    links_kept: usize,
    /// The chain that is compared first at the next look.
    turn: u64,
    /// The device has overwritten memory of the driver's: what lies there says nothing about the driver any more.
    overwritten: bool,
    /// Number of the next chain.
    next: u64,
    /// Chains below this number were certainly consumed: one at or after them was used.
    consumed: u64,
}

#[derive(Debug)]
struct InFlight {
    slot: u16,
    head: u16,
    links: Vec<Link>,
    told: bool,
    told_entry: bool,
}

impl InFlight {
    /// Notes what is no longer as it was; each chain is told once. `entry`: whether its entry of the available ring is still the device's.
    fn compare(
        &mut self,
        memory: &GuestMemoryMmap,
        info: &QueueInfo,
        entry: bool,
        altered: &mut Vec<(u16, Alteration)>,
    ) {
        if !self.told
            && let Some((was, is)) = chain::difference(memory, info, &self.links)
        {
            self.told = true;
            altered.push((self.head, Alteration::Descriptor { was, is }));
        }
        // The entry belongs to the device until it has consumed it; then the driver may fill it again, which a used
        // chain at or after it proves (the device takes entries in order).
        if !self.told_entry
            && entry
            && let Some(is) = read_u16(memory, info.driver, entry_offset(info, self.slot)).filter(|is| *is != self.head)
        {
            self.told_entry = true;
            let (slot, was) = (self.slot, self.head);
            altered.push((self.head, Alteration::AvailableEntry { slot, was, is }));
        }
    }
}

impl RingObserver {
    /// Starts to watch a queue that has just been enabled, and tells so ([`EventKind::QueueEnabled`]).
    /// `features` are the ones the driver accepted. With a log that is off the observer does nothing.
    #[must_use]
    pub fn enabled(device: u16, info: QueueInfo, memory: GuestMemoryMmap, log: EventLog, features: Features) -> Self {
        log.emit(device, EventKind::QueueEnabled(info.clone()));
        Self {
            device,
            avail: 0,
            used: 0,
            stale: info.used_idx,
            event_idx: features.has(EVENT_IDX),
            info,
            memory,
            log,
            words: None,
            in_flight: BTreeMap::new(),
            by_head: HashMap::new(),
            links_kept: 0,
            turn: 0,
            overwritten: false,
            next: 0,
            consumed: 0,
        }
    }

    /// Looks at what the driver did since the last look. Call it before the device looks for buffers, on the thread that
    /// uses them.
    pub fn look(&mut self) {
        if !self.log.is_on() || self.overwritten {
            return;
        }
        self.suppression();
        self.compare();
        let mut budget = Budget::new(LINKS_PER_LOOK);
        let Some(idx) = read_u16(&self.memory, self.info.driver, RING_IDX) else { return };
        let old = std::mem::replace(&mut self.avail, idx);
        if idx == old {
            return;
        }
        self.emit(EventKind::AvailIdx { queue: self.info.queue, old, new: idx });
        let new = idx.wrapping_sub(old);
        if new > self.info.size {
            return;
        }
        for slot in (0..new).map(|i| old.wrapping_add(i)) {
            let Some(head) = self.avail_entry(slot) else { continue };
            let chain = chain::walk(&self.memory, &self.info, slot, head, &mut budget);
            self.remember(&chain);
            self.emit(EventKind::Available(chain));
        }
    }

    /// Looks at what the device used since the last look. Call it after the device used buffers, before anything else is
    /// done for the queue.
    ///
    /// `written` are the descriptors that the device says it has used in a packed ring. The observer looks for itself first, and needs them only
    /// where the driver was so fast that it has filled the place again. Split rings have none.
    pub fn after(&mut self, written: &[UsedDesc]) {
        debug_assert!(written.is_empty(), "split rings have none");
        if !self.log.is_on() {
            return;
        }
        let idx = read_u16(&self.memory, self.info.device, RING_IDX).filter(|idx| Some(*idx) != self.stale);
        if let Some(idx) = idx {
            self.stale = None;
            let old = std::mem::replace(&mut self.used, idx);
            // A device that is odd on purpose may claim more than the ring holds; the ring is then told once around.
            let new = idx.wrapping_sub(old).min(self.info.size);
            for slot in (0..new).map(|i| old.wrapping_add(i)) {
                let Some(elem) = self.used_entry(slot) else { continue };
                self.forget(elem.id);
                self.emit(EventKind::Used { queue: self.info.queue, slot, id: elem.id, len: elem.len });
            }
        }
        self.suppression();
    }

    /// The device, odd on purpose, has overwritten descriptors or the available ring. From now on only the used ring is
    /// followed: the driver is not to be blamed for what it did not write.
    pub const fn overwritten(&mut self) {
        self.overwritten = true;
    }

    /// How the queue is set up.
    #[must_use]
    pub const fn info(&self) -> &QueueInfo {
        &self.info
    }

    /// Chains that the driver made available and the device has not used, as far as they are tracked.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    fn emit(&self, kind: EventKind) {
        self.log.emit(self.device, kind);
    }

    fn suppression(&mut self) {
        if self.overwritten {
            return;
        }
        let (queue, size) = (self.info.queue, usize::from(self.info.size));
        let word = |base, offset| read_u16(&self.memory, base, offset).unwrap_or(0);
        // The event fields exist only with EVENT_IDX (§2.7.6, §2.7.8); other bytes may lie there without it.
        let event = |base, offset| if self.event_idx { word(base, offset) } else { 0 };
        let avail_flags = word(self.info.driver, RING_FLAGS);
        let used_event = event(self.info.driver, RING_ENTRIES + AVAIL_ELEM_SIZE * size);
        let used_flags = word(self.info.device, RING_FLAGS);
        let avail_event = event(self.info.device, RING_ENTRIES + USED_ELEM_SIZE * size);
        let words = [avail_flags, used_event, used_flags, avail_event];
        if self.words.replace(words) != Some(words) {
            self.emit(EventKind::Suppression { queue, avail_flags, used_event, used_flags, avail_event });
        }
    }

    /// Compares chains in flight with memory, as far as the budget goes, and goes on from there the next time.
    fn compare(&mut self) {
        let Self { in_flight, memory, info, turn, consumed, .. } = self;
        let mut budget = Budget::new(LINKS_COMPARED);
        let first = std::mem::take(turn);
        let mut altered = Vec::new();
        for part in [first..u64::MAX, 0..first] {
            for (number, chain) in in_flight.range_mut(part) {
                if !budget.take((chain.links.len() + 1).min(LINKS_COMPARED)) {
                    *turn = *number;
                    break;
                }
                chain.compare(memory, info, *number >= *consumed, &mut altered);
            }
            if *turn != 0 {
                break;
            }
        }
        for (head, what) in altered {
            self.emit(EventKind::Altered { queue: self.info.queue, head, what });
        }
    }

    fn remember(&mut self, chain: &Chain) {
        let number = self.next;
        self.next += 1;
        // An honest driver has no more chains in flight than the queue has entries.
        if self.in_flight.len() > usize::from(self.info.size) || self.links_kept + chain.links.len() > LINKS_KEPT {
            return;
        }
        self.links_kept += chain.links.len();
        self.by_head.entry(chain.head).or_default().push(number);
        let (slot, head, links) = (chain.slot, chain.head, chain.links.clone());
        self.in_flight.insert(number, InFlight { slot, head, links, told: false, told_entry: false });
    }

    fn forget(&mut self, id: u32) {
        let Ok(head) = u16::try_from(id) else { return };
        let Some(numbers) = self.by_head.get_mut(&head) else { return };
        let number = numbers.remove(0);
        if numbers.is_empty() {
            self.by_head.remove(&head);
        }
        self.consumed = self.consumed.max(number + 1);
        if let Some(chain) = self.in_flight.remove(&number) {
            self.links_kept -= chain.links.len();
        }
    }

    fn avail_entry(&self, slot: u16) -> Option<u16> {
        read_u16(&self.memory, self.info.driver, entry_offset(&self.info, slot))
    }

    fn used_entry(&self, slot: u16) -> Option<UsedElem> {
        let offset = RING_ENTRIES + USED_ELEM_SIZE * place(&self.info, slot);
        let mut bytes = [0; USED_ELEM_SIZE];
        let address = GuestAddress(self.info.device.checked_add(offset as u64)?);
        self.memory.read_slice(&mut bytes, address).ok()?;
        Some(UsedElem::from_le_bytes(bytes))
    }
}

/// Place of a free-running slot in a ring. A size that is no power of two is the driver's fault (a checker tells); the
/// entry is then where the remainder points, as devices compute it.
fn place(info: &QueueInfo, slot: u16) -> usize {
    usize::from(slot % info.size.max(1))
}

fn entry_offset(info: &QueueInfo, slot: u16) -> usize {
    RING_ENTRIES + AVAIL_ELEM_SIZE * place(info, slot)
}

/// A ring word; `None` outside guest memory. Acquire, so that what was written before the word was is seen after it is
/// read (§2.7.13.3.1); a misaligned word (the driver's fault) is read without that promise.
fn read_u16(memory: &GuestMemoryMmap, base: u64, offset: usize) -> Option<u16> {
    let address = GuestAddress(base.checked_add(offset as u64)?);
    if address.0.is_multiple_of(2) {
        memory.load::<u16>(address, Ordering::Acquire).ok().map(u16::from_le)
    } else {
        let mut bytes = [0; 2];
        memory.read_slice(&mut bytes, address).ok()?;
        Some(u16::from_le_bytes(bytes))
    }
}
