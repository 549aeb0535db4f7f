//! How a descriptor chain has to be built (§2.7.4.2, §2.7.5.2, §2.7.5.3.1).

use std::collections::BTreeMap;

use parakit_abi::feature::{IN_ORDER, INDIRECT_DESC};
use parakit_abi::requirement::id;

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Chain, ChainFault, Event, EventKind, Link};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "split: descriptor chains",
    requirements: &[
        id::VQ_SPLIT_DRV_FRAME_1,
        id::VQ_SPLIT_DRV_DESC_1,
        id::VQ_SPLIT_DRV_DESC_2,
        id::VQ_SPLIT_DRV_INDIRECT_1,
        id::VQ_SPLIT_DRV_INDIRECT_2,
        id::VQ_SPLIT_DRV_INDIRECT_3,
        id::VQ_SPLIT_DRV_INDIRECT_4,
        id::VQ_SPLIT_DRV_INDIRECT_5,
    ],
    make: |info| Some(Box::new(Chains { track: Track::new(info), sizes: BTreeMap::new() })),
};

struct Chains {
    track: Track,
    /// Entries of each queue.
    sizes: BTreeMap<u16, u16>,
}

impl Checker for Chains {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                self.sizes.insert(info.queue, info.size);
            }
            EventKind::Available(chain) if self.track.split() => {
                let mut judge = Judge { event, chain, verdicts };
                judge.framing();
                judge.length();
                judge.indirect(self.track.has(INDIRECT_DESC));
                if let Some(size) = self.sizes.get(&chain.queue) {
                    judge.descriptors(*size);
                    if self.track.has(IN_ORDER) {
                        judge.in_order(*size);
                    }
                }
            }
            _ => {}
        }
    }
}

struct Judge<'a> {
    event: &'a Event,
    chain: &'a Chain,
    verdicts: &'a mut Verdicts,
}

impl Judge<'_> {
    fn verdict(&mut self, id: parakit_abi::requirement::RequirementId, fault: Option<String>, expected: &str) {
        match fault {
            None => self.verdicts.pass(id),
            Some(seen) => {
                let Chain { queue, head, .. } = self.chain;
                let seen = format!("queue {queue}, chain with head {head}: {seen}");
                self.verdicts.violate(id, self.event, expected, seen);
            }
        }
    }

    /// Readable before writable; says something only about chains that have both.
    fn framing(&mut self) {
        let kinds: Vec<bool> = self.chain.buffers().map(|d| d.is_writable()).collect();
        let late = kinds.windows(2).position(|pair| pair == [true, false]);
        let fault = late.map(|i| format!("its buffer {} is device-readable, the one before is device-writable", i + 1));
        if fault.is_some() || (kinds.contains(&true) && kinds.contains(&false) && self.chain.broken.is_none()) {
            self.verdict(id::VQ_SPLIT_DRV_FRAME_1, fault, "device-readable buffers come before device-writable ones");
        }
    }

    fn length(&mut self) {
        const MOST: u64 = 1 << 32;
        let total: u64 = self.chain.buffers().map(|d| u64::from(d.len)).sum();
        let fault = match self.chain.broken {
            Some(ChainFault::Loop { index }) => Some(format!("it comes back to descriptor {index}")),
            _ if total > MOST => Some(format!("its buffers have {total} bytes")),
            Some(_) => return,
            None => None,
        };
        self.verdict(id::VQ_SPLIT_DRV_DESC_1, fault, "a chain has at most 2^32 bytes and no loop");
    }

    /// The longest chain; a table of indirect descriptors counts by what is chained in it.
    fn descriptors(&mut self, size: u16) {
        let count = self.chain.buffers().count();
        let fault =
            (count > usize::from(size)).then(|| format!("it has {count} descriptors, the queue {size} entries"));
        if fault.is_some() || self.chain.broken.is_none() {
            self.verdict(id::VQ_SPLIT_DRV_INDIRECT_3, fault, "a chain is no longer than the queue");
        }
    }

    fn indirect(&mut self, negotiated: bool) {
        let complete = self.chain.broken.is_none();
        let references = || self.chain.links.iter().filter(|l| !l.indirect && l.desc().is_indirect());
        let describe = |l: &Link| format!("flags {:#x} in descriptor {}", l.flags, l.index);

        if !negotiated {
            let fault = references().next().map(|l| format!("{} of the queue's table", describe(l)));
            if fault.is_some() || complete {
                let expected = "without VIRTIO_F_INDIRECT_DESC no descriptor refers to a table";
                self.verdict(id::VQ_SPLIT_DRV_INDIRECT_1, fault, expected);
            }
        }
        let nested = self.chain.links.iter().find(|l| l.indirect && l.desc().is_indirect());
        let fault = nested.map(|l| format!("{} of an indirect table", describe(l)));
        if fault.is_some() || (complete && self.chain.links.iter().any(|l| l.indirect)) {
            self.verdict(id::VQ_SPLIT_DRV_INDIRECT_2, fault, "an indirect table does not refer to a further one");
        }
        let both = self.chain.links.iter().find(|l| l.desc().is_indirect() && l.desc().has_next());
        let fault = both.map(describe);
        if fault.is_some() || (complete && references().next().is_some()) {
            self.verdict(id::VQ_SPLIT_DRV_INDIRECT_4, fault, "INDIRECT and NEXT are not set together");
        }
    }

    fn in_order(&mut self, size: u16) {
        let jump = |links: &mut dyn Iterator<Item = &Link>, after: &dyn Fn(u16) -> u16| {
            let mut applied = false;
            let fault = links.filter(|l| l.desc().has_next()).find(|l| {
                applied = true;
                l.next != after(l.index)
            });
            let fault = fault.map(|l| format!("descriptor {} is followed by {}", l.index, l.next));
            (applied, fault)
        };
        let links = &self.chain.links;
        let ring = |x: u16| if x == size.wrapping_sub(1) { 0 } else { x.wrapping_add(1) };
        let (direct, direct_fault) = jump(&mut links.iter().filter(|l| !l.indirect), &ring);
        let (table, table_fault) = jump(&mut links.iter().filter(|l| l.indirect), &|x| x.wrapping_add(1));
        if direct {
            let expected = "with VIRTIO_F_IN_ORDER chained descriptors follow one another in the table";
            self.verdict(id::VQ_SPLIT_DRV_DESC_2, direct_fault, expected);
        }
        if table {
            let expected = "with VIRTIO_F_IN_ORDER the entries of an indirect table are linked 0, 1, 2 ...";
            self.verdict(id::VQ_SPLIT_DRV_INDIRECT_5, table_fault, expected);
        }
    }
}
