//! What the observer knows of a split ring.

use parakit_abi::ring::split::{AVAIL_ELEM_SIZE, RING_ENTRIES, RING_FLAGS, RING_IDX, USED_ELEM_SIZE, UsedElem};
use vm_memory::{Bytes, GuestAddress};

use super::chain::{self, Budget};
use super::event::{Alteration, Chain, EventKind, Link, QueueInfo};
use super::flights::Flights;
use super::ring::{LINKS_COMPARED, LINKS_KEPT, LINKS_PER_LOOK, Watched};

#[derive(Debug)]
pub(super) struct SplitWatch {
    /// `idx` of the available ring at the last look.
    avail: u16,
    /// `idx` of the used ring at the last look.
    used: u16,
    /// What the driver left in the used ring's `idx`; the device begins at 0 all the same, with its first used buffer.
    stale: Option<u16>,
    /// Suppression words as last told: available flags, `used_event`, used flags, `avail_event`.
    words: Option<[u16; 4]>,
    flights: Flights<InFlight>,
    links_kept: usize,
    /// The chain that is compared first at the next look.
    turn: u64,
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
    fn compare(&mut self, on: &Watched, entry: bool) {
        let queue = on.info.queue;
        if !self.told
            && let Some((was, is)) = chain::difference(&on.memory, &on.info, &self.links)
        {
            self.told = true;
            on.emit(EventKind::Altered { queue, head: self.head, what: Alteration::Descriptor { was, is } });
        }
        // The entry belongs to the device until it has consumed it; then the driver may fill it again, which a used
        // chain at or after it proves (the device takes entries in order).
        if !self.told_entry
            && entry
            && let Some(is) = avail_entry(on, self.slot).filter(|is| *is != self.head)
        {
            self.told_entry = true;
            let what = Alteration::AvailableEntry { slot: self.slot, was: self.head, is };
            on.emit(EventKind::Altered { queue, head: self.head, what });
        }
    }
}

impl SplitWatch {
    pub(super) fn new(on: &Watched) -> Self {
        Self {
            avail: 0,
            used: 0,
            stale: on.info.used_idx,
            words: None,
            flights: Flights::new(on.in_order),
            links_kept: 0,
            turn: 0,
            consumed: 0,
        }
    }

    pub(super) fn in_flight(&self) -> usize {
        self.flights.len()
    }

    pub(super) fn look(&mut self, on: &Watched) {
        self.suppression(on);
        self.compare(on);
        let mut budget = Budget::new(LINKS_PER_LOOK);
        let Some(idx) = on.word(on.info.driver, RING_IDX) else { return };
        let old = std::mem::replace(&mut self.avail, idx);
        if idx == old {
            return;
        }
        on.emit(EventKind::AvailIdx { queue: on.info.queue, old, new: idx });
        let new = idx.wrapping_sub(old);
        if new > on.info.size {
            return;
        }
        for slot in (0..new).map(|i| old.wrapping_add(i)) {
            let Some(head) = avail_entry(on, slot) else { continue };
            let chain = chain::walk(&on.memory, &on.info, slot, head, &mut budget);
            self.remember(on, &chain);
            on.emit(EventKind::Available(chain));
        }
    }

    pub(super) fn after(&mut self, on: &Watched, overwritten: bool) {
        let idx = on.word(on.info.device, RING_IDX).filter(|idx| Some(*idx) != self.stale);
        if let Some(idx) = idx {
            self.stale = None;
            let old = std::mem::replace(&mut self.used, idx);
            // A device that is odd on purpose may claim more than the ring holds; the ring is then told once around.
            let new = idx.wrapping_sub(old).min(on.info.size);
            let mut at = 0;
            while at < new {
                let slot = old.wrapping_add(at);
                at += 1;
                let Some(elem) = used_entry(on, slot) else { continue };
                let batch = self.forget(elem.id);
                on.emit(EventKind::Used { queue: on.info.queue, slot, id: elem.id, len: elem.len });
                if on.in_order {
                    // The entries up to the next batch were not written (§2.7.9). With an id of no chain, nobody knows where that is.
                    at = batch.map_or(new, |count| at.saturating_add(u16::try_from(count - 1).unwrap_or(new)));
                }
            }
        }
        if !overwritten {
            self.suppression(on);
        }
    }

    pub(super) fn suppression(&mut self, on: &Watched) {
        let (queue, size) = (on.info.queue, usize::from(on.info.size));
        let word = |base, offset| on.word(base, offset).unwrap_or(0);
        // The event fields exist only with EVENT_IDX (§2.7.6, §2.7.8); other bytes may lie there without it.
        let event = |base, offset| if on.event_idx { word(base, offset) } else { 0 };
        let avail_flags = word(on.info.driver, RING_FLAGS);
        let used_event = event(on.info.driver, RING_ENTRIES + AVAIL_ELEM_SIZE * size);
        let used_flags = word(on.info.device, RING_FLAGS);
        let avail_event = event(on.info.device, RING_ENTRIES + USED_ELEM_SIZE * size);
        let words = [avail_flags, used_event, used_flags, avail_event];
        if self.words.replace(words) != Some(words) {
            on.emit(EventKind::Suppression { queue, avail_flags, used_event, used_flags, avail_event });
        }
    }

    /// Compares chains in flight with memory, as far as the budget goes, and goes on from there the next time.
    fn compare(&mut self, on: &Watched) {
        let mut budget = Budget::new(LINKS_COMPARED);
        let first = std::mem::take(&mut self.turn);
        self.flights.each_from(first, |number, chain| {
            if !budget.take((chain.links.len() + 1).min(LINKS_COMPARED)) {
                self.turn = number;
                return false;
            }
            chain.compare(on, number >= self.consumed);
            true
        });
    }

    fn remember(&mut self, on: &Watched, chain: &Chain) {
        // An honest driver has no more chains in flight than the queue has entries.
        if self.flights.len() > usize::from(on.info.size) {
            return self.flights.skip();
        }
        // What is too much to keep is not compared.
        let keep = self.links_kept + chain.links.len() <= LINKS_KEPT;
        let links = if keep { chain.links.clone() } else { Vec::new() };
        self.links_kept += links.len();
        let (slot, head) = (chain.slot, chain.head);
        self.flights.insert(head, InFlight { slot, head, links, told: false, told_entry: false });
    }

    /// Returns how many chains were used, if there is one with this id.
    fn forget(&mut self, id: u32) -> Option<u64> {
        let landed = self.flights.remove(u16::try_from(id).ok()?, |chain| chain.head)?;
        self.consumed = self.consumed.max(landed.number + 1);
        self.links_kept -= landed.chains.iter().map(|chain| chain.links.len()).sum::<usize>();
        Some(landed.count)
    }
}

fn avail_entry(on: &Watched, slot: u16) -> Option<u16> {
    on.word(on.info.driver, RING_ENTRIES + AVAIL_ELEM_SIZE * place(&on.info, slot))
}

fn used_entry(on: &Watched, slot: u16) -> Option<UsedElem> {
    let offset = RING_ENTRIES + USED_ELEM_SIZE * place(&on.info, slot);
    let mut bytes = [0; USED_ELEM_SIZE];
    let address = GuestAddress(on.info.device.checked_add(offset as u64)?);
    on.memory.read_slice(&mut bytes, address).ok()?;
    Some(UsedElem::from_le_bytes(bytes))
}

/// Place of a free-running slot in a ring. A size that is no power of two is the driver's fault (a checker tells); the
/// entry is then where the remainder points, as devices compute it.
fn place(info: &QueueInfo, slot: u16) -> usize {
    usize::from(slot % info.size.max(1))
}
