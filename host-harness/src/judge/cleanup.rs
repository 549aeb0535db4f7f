//! Buffers that the device has are left alone until it gives them back, or is reset (§3.3.1).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use parakit_abi::requirement::id;

use super::track::Track;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Alteration, Chain, Event, EventKind};

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "cleanup: exposed buffers",
    requirements: &[id::INIT_DRV_CLEANUP_1, id::INIT_DRV_CLEANUP_2],
    make: |info| {
        Some(Box::new(Cleanup { track: Track::new(info), queues: BTreeMap::new(), resetting: BTreeSet::new() }))
    },
}];

struct Cleanup {
    track: Track,
    queues: BTreeMap<u16, Queue>,
    /// Queues whose reset was asked for: that of any other reads as complete too.
    resetting: BTreeSet<u32>,
}

#[derive(Default)]
struct Queue {
    /// Chains that the device has, by head: the descriptors of the queue's table that they use.
    exposed: BTreeMap<u16, Vec<u16>>,
    /// Which exposed chain has a descriptor.
    owners: BTreeMap<u16, u16>,
    /// With `VIRTIO_F_IN_ORDER`: the exposed heads in the order in which they were made available.
    order: VecDeque<u16>,
    /// Heads that came back before they were seen to be available.
    early: BTreeMap<u32, u32>,
    /// Whether an exposed chain was touched.
    touched: bool,
}

impl Queue {
    /// Takes a chain in; the descriptor that an exposed chain already has, and that chain's head. In a packed ring descriptors have no
    /// owner: a used one lies where another list may have been.
    fn expose(&mut self, chain: &Chain, packed: bool, in_order: bool) -> Option<(u16, u16)> {
        if let Some(count) = self.early.get_mut(&u32::from(chain.head)).filter(|count| **count > 0) {
            *count -= 1;
            return None;
        }
        let indices: Vec<u16> = chain.links.iter().filter(|l| !l.indirect && !packed).map(|l| l.index).collect();
        let clash = indices.iter().find_map(|i| self.owners.get(i).map(|owner| (*i, *owner)));
        self.touched |= clash.is_some();
        for index in &indices {
            self.owners.insert(*index, chain.head);
        }
        self.exposed.insert(chain.head, indices);
        if in_order {
            self.order.push_back(chain.head);
        }
        clash
    }

    /// The device gave a chain back, and in order every one made available before it too. Whether it was one that it had.
    fn give_back(&mut self, head: u32) -> bool {
        if u16::try_from(head).is_ok_and(|head| self.exposed.contains_key(&head)) {
            while let Some(first) = self.order.pop_front().filter(|first| u32::from(*first) != head) {
                self.remove(first.into());
            }
        }
        self.remove(head)
    }

    fn remove(&mut self, head: u32) -> bool {
        let Some((head, indices)) = u16::try_from(head).ok().and_then(|head| self.exposed.remove_entry(&head)) else {
            *self.early.entry(head).or_default() += 1;
            return false;
        };
        for index in indices {
            if self.owners.get(&index) == Some(&head) {
                self.owners.remove(&index);
            }
        }
        true
    }

    /// The queue has come to a stop. Whether the device still had chains, and all of them were as they had been.
    fn stop(&self) -> bool {
        !self.exposed.is_empty() && !self.touched
    }
}

impl Checker for Cleanup {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        if !self.track.rings() {
            // From here on alterations are the device's; the queues begin anew when they are set up again.
            self.queues.clear();
            return;
        }
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                self.resetting.remove(&info.queue.into());
                self.queues.insert(info.queue, Queue::default());
            }
            EventKind::ResetDone | EventKind::StatusRead { value: 0 } | EventKind::Started { .. } => {
                for (_, queue) in std::mem::take(&mut self.queues) {
                    if queue.stop() {
                        verdicts.pass(id::INIT_DRV_CLEANUP_2);
                    }
                }
            }
            EventKind::QueueResetWrite { queue, value: 1 } => drop(self.resetting.insert(*queue)),
            EventKind::QueueReadyRead { queue, value: 0 } | EventKind::QueueResetRead { queue, value: 0 } => {
                let complete = self.resetting.remove(queue) || matches!(event.kind, EventKind::QueueReadyRead { .. });
                if complete
                    && let Some(queue) = u16::try_from(*queue).ok().and_then(|queue| self.queues.remove(&queue))
                    && queue.stop()
                {
                    verdicts.pass(id::INIT_DRV_CLEANUP_2);
                }
            }
            EventKind::Available(chain) => {
                let (packed, in_order) = (self.track.packed(), self.track.in_order());
                let Some(queue) = self.queues.get_mut(&chain.queue) else { return };
                if let Some((index, owner)) = queue.expose(chain, packed, in_order) {
                    verdicts.violate(
                        id::INIT_DRV_CLEANUP_2,
                        event,
                        "a buffer that the device has is withdrawn only after a reset",
                        format!(
                            "queue {}: descriptor {index} is made available again, with head {}, while the device has it \
                             with head {owner}",
                            chain.queue, chain.head
                        ),
                    );
                }
            }
            EventKind::AvailIdx { queue, old, new } => self.index(event, *queue, *old, *new, verdicts),
            EventKind::Used { queue, id: head, .. } => {
                let Some(queue) = self.queues.get_mut(queue) else { return };
                if queue.give_back(*head) && !queue.touched {
                    verdicts.pass(id::INIT_DRV_CLEANUP_1);
                }
            }
            EventKind::Altered { queue, head, what } => self.altered(event, *queue, *head, what, verdicts),
            _ => {}
        }
    }
}

impl Cleanup {
    /// An index that moves back takes back what was made available.
    fn index(&mut self, event: &Event, queue: u16, old: u16, new: u16, verdicts: &mut Verdicts) {
        let back = old.wrapping_sub(new);
        let Some(q) = self.queues.get_mut(&queue) else { return };
        if back > 0 && usize::from(back) <= q.exposed.len() {
            q.touched = true;
            verdicts.violate(
                id::INIT_DRV_CLEANUP_2,
                event,
                "a buffer that the device has is withdrawn only after a reset",
                format!("the available index of queue {queue} went back by {back}, from {old} to {new}"),
            );
        }
    }

    fn altered(&mut self, event: &Event, queue: u16, head: u16, what: &Alteration, verdicts: &mut Verdicts) {
        let packed = self.track.packed();
        let Some(q) = self.queues.get_mut(&queue) else { return };
        // A descriptor of a packed ring stays the device's for a while after the buffer that it described came back.
        if packed && !q.exposed.contains_key(&head) {
            return;
        }
        q.touched = true;
        let seen = match what {
            Alteration::Descriptor { was, is } => format!(
                "queue {queue}, chain with head {head}: descriptor {} was {:#x}+{} flags {:#x} next {}, is {:#x}+{} flags \
                 {:#x} next {}",
                was.index, was.addr, was.len, was.flags, was.next, is.addr, is.len, is.flags, is.next
            ),
            Alteration::AvailableEntry { slot, was, is } => {
                format!("queue {queue}: the available entry {slot} was head {was}, is {is}")
            }
        };
        verdicts.violate(
            id::INIT_DRV_CLEANUP_1,
            event,
            "the descriptors and entries of buffers that the device has stay as they are",
            seen,
        );
    }
}
