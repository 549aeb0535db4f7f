//! Descriptors of the ring belong to the driver or to the device (§2.8.16, §2.8.17): how many are free, and that the device's are left alone.

use std::collections::{BTreeMap, VecDeque};

use parakit_abi::requirement::id;
use parakit_abi::ring::packed::{DESC_F_AVAIL, DESC_F_USED};

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Alteration, Chain, ChainFault, Event, EventKind, Link};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: room in the ring",
    requirements: &[id::VQ_PACKED_DRV_DESC_1, id::VQ_PACKED_DRV_DESC_2, id::VQ_PACKED_DRV_SG_5],
    make: |info| Some(Box::new(Room { track: Track::new(info), queues: BTreeMap::new() })),
};

struct Room {
    track: Track,
    queues: BTreeMap<u16, Queue>,
}

struct Queue {
    size: u32,
    /// Lists that the device has: buffer id and descriptors in the ring, oldest first.
    in_flight: VecDeque<List>,
    /// Descriptors of those.
    taken: u32,
    /// Descriptors written since the queue was enabled, up to its size: beyond that each place is written anew.
    filled: u32,
    /// The account is broken: something came back that was not known, or more became available than could be told.
    lost: bool,
}

struct List {
    id: u16,
    count: u32,
    altered: bool,
}

const ROOM: &str = "a list is made available only with room for all of it";

impl Queue {
    /// The device gave a list back, in order every older one too. The lists that came back.
    fn give_back(&mut self, id: u32, in_order: bool) -> Vec<List> {
        let Some(at) = self.in_flight.iter().position(|list| u32::from(list.id) == id) else {
            self.lost = true;
            return Vec::new();
        };
        let back: Vec<List> = if in_order {
            self.in_flight.drain(..=at).collect()
        } else {
            self.in_flight.remove(at).into_iter().collect()
        };
        self.taken -= back.iter().map(|list| list.count).sum::<u32>();
        back
    }

    fn available(&mut self, chain: &Chain, event: &Event, verdicts: &mut Verdicts) {
        let count = chain.links.iter().filter(|l| !l.indirect).count() as u32;
        // A list that comes back to its own beginning is too long in any case.
        if self.lost || matches!(chain.broken, Some(ChainFault::NotWalked | ChainFault::Loop { .. })) {
            self.lost = true;
            return;
        }
        if let Some(ChainFault::NotFree { index }) = chain.broken {
            self.lost = true;
            let seen =
                format!("queue {}: the list at {} runs into descriptor {index}", chain.queue, chain.slot & 0x7fff);
            verdicts.violate(id::VQ_PACKED_DRV_SG_5, event, ROOM, seen);
            return;
        }
        let free = self.size.saturating_sub(self.taken);
        let at = chain.slot & 0x7fff;
        let seen = format!("queue {}: {count} descriptors at {at}, and {free} of {} are free", chain.queue, self.size);
        if count > free {
            let expected = "a descriptor is written again only after the device has used it";
            verdicts.violate(id::VQ_PACKED_DRV_DESC_1, event, expected, &seen);
            self.lost = true;
        } else if self.filled == self.size {
            verdicts.pass(id::VQ_PACKED_DRV_DESC_1);
        }
        if count > 1 {
            if count > free {
                verdicts.violate(id::VQ_PACKED_DRV_SG_5, event, ROOM, seen);
            } else {
                verdicts.pass(id::VQ_PACKED_DRV_SG_5);
            }
        }
        self.filled = (self.filled + count).min(self.size);
        self.taken += count;
        self.in_flight.push_back(List { id: chain.head, count, altered: false });
    }
}

/// Whether the driver marked the descriptor available, or took that back, rather than change what it says.
fn marked_anew(was: &Link, is: &Link) -> bool {
    const BITS: u16 = DESC_F_AVAIL | DESC_F_USED;
    was.flags & BITS != is.flags & BITS
}

impl Checker for Room {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        if !self.track.packed() {
            self.queues.clear();
            return;
        }
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                let queue =
                    Queue { size: info.size.into(), in_flight: VecDeque::new(), taken: 0, filled: 0, lost: false };
                self.queues.insert(info.queue, queue);
            }
            EventKind::StatusWrite { value: 0 } => self.queues.clear(),
            EventKind::Available(chain) => {
                if let Some(queue) = self.queues.get_mut(&chain.queue) {
                    queue.available(chain, event, verdicts);
                }
            }
            EventKind::Used { queue, id, .. } => {
                let in_order = self.track.in_order();
                let Some(queue) = self.queues.get_mut(queue) else { return };
                for _ in queue.give_back(*id, in_order).iter().filter(|list| !list.altered) {
                    verdicts.pass(id::VQ_PACKED_DRV_DESC_2);
                }
            }
            EventKind::Altered { queue, head, what: Alteration::Descriptor { was, is } } if !was.indirect => {
                let seen = format!(
                    "queue {queue}, descriptor {}: {:#x}+{} id {} flags {:#x} became {:#x}+{} id {} flags {:#x}",
                    was.index, was.addr, was.len, was.next, was.flags, is.addr, is.len, is.next, is.flags
                );
                let lists = self.queues.get_mut(queue).into_iter().flat_map(|queue| &mut queue.in_flight);
                lists.filter(|list| list.id == *head).for_each(|list| list.altered = true);
                if marked_anew(was, is) {
                    let expected = "a descriptor is written again only after the device has used it";
                    verdicts.violate(id::VQ_PACKED_DRV_DESC_1, event, expected, seen);
                } else {
                    let expected = "a descriptor stays as it is once it was made available";
                    verdicts.violate(id::VQ_PACKED_DRV_DESC_2, event, expected, seen);
                }
            }
            _ => {}
        }
    }
}
