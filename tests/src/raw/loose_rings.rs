//! What the [loose](super::loose) driver does with its rings: where they are, in what order they are written, when it notifies.

use parakit_abi::feature::{EVENT_IDX, IN_ORDER, INDIRECT_DESC};
use parakit_abi::ring::packed::{self, EVENT_FLAGS_DESC, EVENT_FLAGS_DISABLE, EVENT_FLAGS_ENABLE, Position};
use parakit_abi::ring::split::{DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc, RING_FLAGS, RING_IDX};
use parakit_abi::transport::pci::Common;

use super::loose::Loose;
use super::{Areas, Buffer, PackedRing, Ring, describe, indirect_table, packed_table};

impl Loose {
    /// Sets all queues up, in any order.
    pub(super) fn queues(&mut self) {
        let mut queues: Vec<u16> = (0..self.d.setting.queues as u16).collect();
        self.chance.shuffle(&mut queues);
        for queue in queues {
            self.d.select(queue.into());
            let _max = self.d.queue_max();
            if self.chance.once_in(2) {
                let _ready = self.d.queue_ready();
            }
            self.new_queue(queue.into());
            self.map_otherwise(Common::QueueMsixVector);
        }
        self.d.rings.sort_by_key(|ring| ring.queue);
        self.d.packed.sort_by_key(|ring| ring.queue);
    }

    /// Sets the selected queue up, in one of the ways that there are.
    pub(super) fn new_queue(&mut self, queue: usize) {
        if self.d.is_packed() {
            let ring = self.packed_ring(queue as u16);
            self.enable(queue, ring.areas);
            self.d.packed.retain(|old| usize::from(old.queue) != queue);
            self.d.packed.push(ring);
        } else {
            let ring = self.ring(queue as u16);
            self.enable(queue, ring.areas());
            self.d.rings.retain(|old| usize::from(old.queue) != queue);
            self.d.rings.push(ring);
        }
    }

    fn enable(&mut self, queue: usize, areas: Areas) {
        if self.chance.once_in(2) {
            self.d.enable_at(queue, areas);
        } else {
            self.enable_in_any_order(queue, areas);
        }
    }

    /// Memory for a ring: new, its parts anywhere; or that of an earlier session, with what the device left in the flags.
    fn ring(&mut self, queue: u16) -> Ring {
        let in_order = self.d.accepted.has(IN_ORDER).then_some(0);
        if let Some(at) = self.kept.iter().position(|ring| ring.queue == queue)
            && (self.chance.once_in(2) || self.kept[at].size() > 1024)
        {
            let old = self.kept.swap_remove(at);
            let m = &self.d.machine;
            m.store(old.avail + RING_FLAGS as u64, &[0; 4]);
            m.store(old.used + RING_IDX as u64, &[0; 2]);
            m.store(old.avail + old.layout.used_event() as u64, &[0; 2]);
            m.store(old.used + old.layout.avail_event() as u64, &[0; 2]);
            let free = (0..old.size()).collect();
            return Ring { next: 0, taken: 0, free, chains: Vec::new(), in_order, ..old };
        }
        let mut ring = self.d.new_ring(queue, self.d.setting.queue_size);
        if ring.size() <= 1024 && self.chance.once_in(2) {
            let m = &mut self.d.machine;
            let gap = |m: &mut super::Machine, align: u64| m.allocate(2, align) + align;
            gap(m, 2);
            ring.used = m.allocate(ring.layout.used_size(), 4);
            gap(m, 2);
            ring.avail = m.allocate(ring.layout.avail_size(), 2);
            gap(m, 4);
            ring.desc = m.allocate(ring.layout.desc_size(), 16);
        }
        if in_order.is_none() {
            self.chance.shuffle(&mut ring.free);
        }
        ring
    }

    /// The same for a packed ring, whose descriptors are zero at first.
    fn packed_ring(&mut self, queue: u16) -> PackedRing {
        if let Some(at) = self.kept_packed.iter().position(|ring| ring.queue == queue)
            && (self.chance.once_in(2) || self.kept_packed[at].size() > 1024)
        {
            let old = self.kept_packed.swap_remove(at);
            let fresh = PackedRing { areas: old.areas, ..self.d.new_packed(queue, old.size()) };
            let m = &self.d.machine;
            m.store(old.areas.desc, &vec![0; packed::DESC_SIZE * usize::from(old.size())]);
            m.store(old.areas.driver, &[0; packed::EVENT_SIZE]);
            m.store(old.areas.device, &[0; packed::EVENT_SIZE]);
            return fresh;
        }
        let mut ring = self.d.new_packed(queue, self.d.setting.queue_size);
        self.chance.shuffle(&mut ring.ids);
        ring
    }

    /// Offers a chain; others may join it before it is published.
    pub(super) fn add(&mut self, queue: usize) {
        let Some(buffers) = self.buffers(queue) else { return };
        let (free, size) = if self.d.is_packed() {
            let ring = &self.d.packed[queue];
            (usize::from(ring.free), ring.size())
        } else {
            let ring = &self.d.rings[queue];
            (ring.free.len(), ring.size())
        };
        let by_table = self.d.accepted.has(INDIRECT_DESC)
            && buffers.len() <= usize::from(size)
            && (buffers.len() > free || self.chance.once_in(3));
        if by_table && free > 0 {
            self.add_table(queue, &buffers);
        } else if buffers.len() <= free {
            self.d.add(queue, &buffers);
        } else {
            return;
        }
        if self.chance.once_in(2) {
            self.publish(queue);
        }
    }

    /// Offers the buffers through a table; in a split ring its entries may be linked in any order, unless that is agreed.
    fn add_table(&mut self, queue: usize, buffers: &[Buffer]) {
        // The device has to ignore WRITE here (§2.7.5.3.2, §2.8.7).
        let write = if self.chance.once_in(2) { DESC_F_WRITE } else { 0 };
        if self.d.is_packed() {
            let entries: Vec<packed::Desc> = buffers.iter().map(describe).collect();
            let table = packed_table(&mut self.d.machine, &entries);
            let flags = packed::DESC_F_INDIRECT | write;
            let refers = packed::Desc { flags, ..describe(&table) };
            self.d.packed[queue].list(&self.d.machine, &[refers]);
            return;
        }
        let mut order: Vec<u16> = (1..buffers.len() as u16).collect();
        if !self.d.accepted.has(IN_ORDER) {
            self.chance.shuffle(&mut order);
        }
        order.insert(0, 0);
        let mut table = vec![Desc::default(); buffers.len()];
        for (i, buffer) in buffers.iter().enumerate() {
            let next = order.get(i + 1).copied();
            let write = if buffer.writable { DESC_F_WRITE } else { 0 };
            let flags = write | if next.is_some() { DESC_F_NEXT } else { 0 };
            table[usize::from(order[i])] = Desc { addr: buffer.addr, len: buffer.len, flags, next: next.unwrap_or(7) };
        }
        let table = indirect_table(&mut self.d.machine, &table);
        let ring = &mut self.d.rings[queue];
        let head = ring.take_free(1)[0];
        let flags = DESC_F_INDIRECT | write;
        ring.describe(&self.d.machine, head, Desc { addr: table.addr, len: table.len, flags, next: 9 });
        ring.chains.push(vec![head]);
        ring.offer(&self.d.machine, head);
    }

    /// Makes what was offered known, at once or one by one, and notifies where it is due, at once or later; the device may run in between.
    pub(super) fn publish(&mut self, queue: usize) {
        let slowly = self.chance.once_in(3);
        if self.d.is_packed() {
            if self.d.packed[queue].heads.is_empty() {
                return;
            }
            let ring = &self.d.packed[queue];
            if u32::from(ring.unannounced(ring.announced())) + u32::from(ring.waiting()) > ring.size().into() {
                // More than one round cannot be told from less.
                self.settle(queue);
            }
            while self.d.packed[queue].publish_one(&self.d.machine) {
                if slowly {
                    self.device_runs();
                }
            }
            self.put_off.entry(queue).or_default();
        } else {
            let (old, new) = (self.d.rings[queue].avail_idx(&self.d.machine), self.d.rings[queue].next);
            if old == new {
                return;
            }
            for idx in (1..=new.wrapping_sub(old)).filter(|_| slowly) {
                self.d.rings[queue].set_avail_idx(&self.d.machine, old.wrapping_add(idx));
                self.device_runs();
            }
            self.d.rings[queue].publish(&self.d.machine);
            self.put_off.entry(queue).or_insert(old);
        }
        self.device_runs();
        if self.pauses > 0 && self.chance.once_in(12) {
            // One notification may be for all that is published until then, however long that takes.
            self.pauses -= 1;
            self.d.machine.long_pause();
            return;
        }
        self.settle(queue);
    }

    /// Notifies of all that was published on a queue and not yet notified, if that is due.
    pub(super) fn settle(&mut self, queue: usize) {
        let Some(old) = self.put_off.remove(&queue) else { return };
        let event_idx = self.d.accepted.has(EVENT_IDX);
        let due = if self.d.is_packed() {
            self.d.packed[queue].notification_due(&self.d.machine, event_idx)
        } else {
            let new = self.d.rings[queue].avail_idx(&self.d.machine);
            self.d.rings[queue].notification_due(&self.d.machine, event_idx, old, new)
        };
        if due {
            self.device_runs();
            if !self.held_up && self.chance.once_in(30) {
                // Once in its life it is held up on the way for very long.
                self.held_up = true;
                self.d.machine.long_pause();
            }
            self.d.notify(queue);
        } else if self.chance.once_in(10) {
            self.d.notify(queue);
        }
    }

    /// Takes what was used, and asks for interrupts in one of the ways that there are.
    pub(super) fn take(&mut self, queue: usize) {
        let event_idx = self.d.accepted.has(EVENT_IDX);
        if self.d.is_packed() {
            self.d.packed[queue].take_used(&self.d.machine);
            let ways = [EVENT_FLAGS_ENABLE, EVENT_FLAGS_DISABLE, EVENT_FLAGS_DESC];
            let flags = self.chance.pick(if event_idx { &ways } else { &ways[..2] });
            let index = self.chance.below(self.d.packed[queue].size().into()) as u16;
            let event = Position { index, wrap: self.chance.once_in(2) };
            self.d.packed[queue].want(&self.d.machine, flags, event);
            return;
        }
        let ring = &mut self.d.rings[queue];
        ring.take_used(&self.d.machine);
        if event_idx {
            ring.set_used_event(&self.d.machine, self.chance.bits() as u16);
        } else {
            ring.set_avail_flags(&self.d.machine, self.chance.below(2) as u16);
        }
    }
}
