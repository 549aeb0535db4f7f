//! What the observer knows of a packed ring.
//!
//! Both sides write the same descriptors. A place belongs to the device from the moment that its list is available until the device has gone past
//! it with its used descriptors, whichever list these were for; then the driver may write it again, at once.

use std::collections::VecDeque;

use parakit_abi::ring::packed::{EVENT_FLAGS, EVENT_OFF_WRAP, Position, is_available, is_used};

use super::chain::{self, Budget, Table};
use super::event::{Alteration, Chain, ChainFault, EventKind, Link};
use super::flights::Flights;
use super::ring::{LINKS_COMPARED, LINKS_KEPT, LINKS_PER_LOOK, Watched};
use crate::queue::UsedDesc;

#[derive(Debug)]
pub(super) struct PackedWatch {
    /// Where the driver's next list is looked for, and how many descriptors came before.
    avail: Position,
    made: u64,
    /// Where the device's next used descriptor is looked for, and how many places it has gone past.
    used: Position,
    passed: u64,
    /// The places that are the device's: the last of them is number `made` - 1.
    places: VecDeque<Place>,
    /// The place that is compared first at the next look.
    turn: usize,
    /// The chain whose indirect table is compared first at the next look.
    turn_of_tables: u64,
    /// Flags that lay in the ring when the queue was enabled.
    stale: Vec<u16>,
    /// Suppression structures as last told: offset and flags of the driver's, of the device's.
    words: Option<[u16; 4]>,
    flights: Flights<InFlight>,
    links_kept: usize,
}

/// A descriptor of the ring that the device has.
#[derive(Debug)]
struct Place {
    link: Link,
    id: u16,
    told: bool,
}

#[derive(Debug)]
struct InFlight {
    id: u16,
    /// Places of the ring.
    places: u16,
    /// Descriptors of its indirect tables, with those that refer to them.
    tables: Vec<Link>,
    told: bool,
}

impl PackedWatch {
    pub(super) fn new(on: &Watched, is_on: bool) -> Self {
        let table = Table::of_queue(&on.info);
        let flags = |index| table.read(&on.memory, index).map_or(0, |link| link.flags);
        Self {
            avail: Position::START,
            made: 0,
            used: Position::START,
            passed: 0,
            places: VecDeque::new(),
            turn: 0,
            turn_of_tables: 0,
            stale: if is_on { (0..on.info.size).map(flags).collect() } else { Vec::new() },
            words: None,
            flights: Flights::new(on.in_order),
            links_kept: 0,
        }
    }

    pub(super) fn in_flight(&self) -> usize {
        self.flights.len()
    }

    pub(super) fn look(&mut self, on: &Watched) {
        self.suppression(on);
        self.compare(on);
        let mut budget = Budget::new(LINKS_PER_LOOK);
        // A place that is the device's cannot be available again; if it says so, that is an alteration.
        while let free @ 1.. = self.free(on) {
            let flags = on.word(on.info.desc, chain::flags_offset(self.avail.index));
            if !flags.is_some_and(|flags| is_available(flags, self.avail.wrap)) {
                break;
            }
            let (chain, broken_off) = self.walk(on, free, &mut budget);
            self.remember(on, &chain);
            on.emit(EventKind::Available(chain));
            if broken_off {
                break;
            }
        }
    }

    /// Places that are not the device's.
    fn free(&self, on: &Watched) -> u16 {
        on.info.size.saturating_sub(u16::try_from(self.places.len()).unwrap_or(u16::MAX))
    }

    /// Reads the list at the next place, and goes on behind it. True when its end was not found.
    fn walk(&mut self, on: &Watched, free: u16, budget: &mut Budget) -> (Chain, bool) {
        let Watched { info, memory, .. } = on;
        let slot = self.avail.to_bits();
        let mut chain =
            Chain { queue: info.queue, slot, head: 0, links: Vec::new(), broken: None, readable: Vec::new() };
        let table = Table::of_queue(info);
        let first = self.avail.index;
        let mut broken_off = true;
        let mut places = Vec::new();
        for count in 0..=free {
            let Position { index, wrap } = self.avail;
            if count == free {
                let fault =
                    if free == info.size { ChainFault::Loop { index: first } } else { ChainFault::NotFree { index } };
                chain.broken = Some(fault);
                break;
            }
            let link = match table.read(memory, index) {
                Ok(link) => link,
                Err(fault) => {
                    chain.broken = Some(fault);
                    break;
                }
            };
            if !is_available(link.flags, wrap) {
                chain.broken = chain.broken.or(Some(ChainFault::NotAvailable { index }));
            }
            chain.links.push(link);
            chain.head = link.next;
            places.push(link);
            self.avail = self.avail.after(1, info.size);
            if let Err(fault) = chain::element(memory, link, &mut chain, budget) {
                chain.broken = chain.broken.or(Some(fault));
            }
            if !link.desc().has_next() {
                broken_off = false;
                break;
            }
        }
        for link in places {
            self.made += 1;
            // A device that is odd on purpose may have gone past it already.
            if self.made > self.passed {
                self.places.push_back(Place { link, id: chain.head, told: false });
            }
        }
        (chain, broken_off)
    }

    fn remember(&mut self, on: &Watched, chain: &Chain) {
        // Each chain has a place of its own. More chains than places are in flight where an odd device went past some without using them.
        if self.flights.len() > usize::from(on.info.size) {
            return self.flights.skip();
        }
        let places = chain.links.iter().filter(|link| !link.indirect).count();
        let has_table = places < chain.links.len();
        let keep = has_table && self.links_kept + chain.links.len() <= LINKS_KEPT;
        let tables = if keep { chain.links.clone() } else { Vec::new() };
        self.links_kept += tables.len();
        let places = u16::try_from(places).unwrap_or(u16::MAX);
        self.flights.insert(chain.head, InFlight { id: chain.head, places, tables, told: false });
    }

    pub(super) fn after(&mut self, on: &Watched, written: &[UsedDesc], overwritten: bool) {
        let mut written = written.iter().copied().peekable();
        for _ in 0..on.info.size {
            let position = self.used.to_bits();
            let said = written.next_if(|said| said.position == position);
            // What lies in an overwritten ring is garbage; what the device says is all that there is.
            let found = || if overwritten { None } else { self.found(on) };
            let Some(used) = said.or_else(found) else { break };
            let places = self.forget(used.id);
            let queue = on.info.queue;
            on.emit(EventKind::PackedUsed { queue, position, id: used.id, len: used.len, flags: used.flags });
            on.emit(EventKind::Used { queue, slot: position, id: u32::from(used.id), len: used.len });
            self.pass(on, places);
        }
        if !overwritten {
            self.suppression(on);
        }
    }

    /// The used descriptor that lies at the next place, if there is one.
    fn found(&self, on: &Watched) -> Option<UsedDesc> {
        let Position { index, wrap } = self.used;
        // Acquire (in there): pairs with the device's release store of the flags, so that id and length are the used ones.
        let flags = on.word(on.info.desc, chain::flags_offset(index)).filter(|flags| is_used(*flags, wrap))?;
        let first_round = self.passed < u64::from(on.info.size);
        let nothing_there = self.passed >= self.made;
        if first_round && nothing_there && self.stale.get(usize::from(index)) == Some(&flags) {
            return None;
        }
        let link = Table::of_queue(&on.info).read(&on.memory, index).ok()?;
        Some(UsedDesc { position: self.used.to_bits(), id: link.next, len: link.len, flags })
    }

    /// Returns how many places the device skips; one when it is not known.
    fn forget(&mut self, id: u16) -> u64 {
        let Some(landed) = self.flights.remove(id, |chain| chain.id) else { return 1 };
        self.links_kept -= landed.chains.iter().map(|chain| chain.tables.len()).sum::<usize>();
        landed.chains.iter().map(|chain| u64::from(chain.places)).sum::<u64>().max(1)
    }

    fn pass(&mut self, on: &Watched, places: u64) {
        for _ in 0..places {
            // Nothing lies there that the driver made, if the device went too far.
            if self.made - self.places.len() as u64 <= self.passed {
                self.places.pop_front();
            }
            self.passed += 1;
            self.used = self.used.after(1, on.info.size.max(1));
        }
    }

    pub(super) fn suppression(&mut self, on: &Watched) {
        let word = |base, offset| on.word(base, offset).unwrap_or(0);
        let (driver_off_wrap, driver_flags) = (word(on.info.driver, EVENT_OFF_WRAP), word(on.info.driver, EVENT_FLAGS));
        let (device_off_wrap, device_flags) = (word(on.info.device, EVENT_OFF_WRAP), word(on.info.device, EVENT_FLAGS));
        let words = [driver_off_wrap, driver_flags, device_off_wrap, device_flags];
        if self.words.replace(words) != Some(words) {
            let queue = on.info.queue;
            on.emit(EventKind::PackedSuppression {
                queue,
                driver_off_wrap,
                driver_flags,
                device_off_wrap,
                device_flags,
            });
        }
    }

    /// Compares what the device has with memory, as far as the budget goes, and goes on from there the next time.
    fn compare(&mut self, on: &Watched) {
        let queue = on.info.queue;
        let table = Table::of_queue(&on.info);
        let count = self.places.len();
        let first = self.turn.min(count);
        for at in (0..count.min(LINKS_COMPARED)).map(|i| (first + i) % count) {
            let place = &mut self.places[at];
            if !place.told
                && let Ok(is) = table.read(&on.memory, place.link.index)
                && is != place.link
            {
                place.told = true;
                let what = Alteration::Descriptor { was: place.link, is };
                on.emit(EventKind::Altered { queue, head: place.id, what });
            }
        }
        self.turn = if count > LINKS_COMPARED { (first + LINKS_COMPARED) % count } else { 0 };

        let mut budget = Budget::new(LINKS_COMPARED);
        let first = std::mem::take(&mut self.turn_of_tables);
        self.flights.each_from(first, |number, chain| {
            if !budget.take((chain.tables.len() + 1).min(LINKS_COMPARED)) {
                self.turn_of_tables = number;
                return false;
            }
            if !chain.told
                && let Some((was, is)) = chain::table_difference(&on.memory, &on.info, &chain.tables)
            {
                chain.told = true;
                on.emit(EventKind::Altered { queue, head: chain.id, what: Alteration::Descriptor { was, is } });
            }
            true
        });
    }
}
