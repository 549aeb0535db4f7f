//! How a list of descriptors, or a table of them, has to be built (§2.8.17, §2.8.19).

use std::collections::BTreeMap;

use parakit_abi::device::DeviceType;
use parakit_abi::device::block;
use parakit_abi::feature::INDIRECT_DESC;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::ring::packed::DESC_F_WRITE;

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Chain, ChainFault, DeviceInfo, Event, EventKind, Link};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: descriptor lists",
    requirements: &[
        id::VQ_PACKED_DRV_SG_1,
        id::VQ_PACKED_DRV_SG_2,
        id::VQ_PACKED_DRV_SG_3,
        id::VQ_PACKED_DRV_SG_6,
        id::VQ_PACKED_DRV_INDIRECT_1,
        id::VQ_PACKED_DRV_INDIRECT_2,
        id::VQ_PACKED_DRV_INDIRECT_3,
        id::VQ_PACKED_DRV_INDIRECT_4,
    ],
    make: |info| Some(Box::new(Lists::new(info))),
};

struct Lists {
    track: Track,
    block: bool,
    /// Entries of each queue.
    sizes: BTreeMap<u16, u16>,
}

impl Lists {
    fn new(info: &DeviceInfo) -> Self {
        Self { track: Track::new(info), block: info.device_type == DeviceType::BLOCK.0, sizes: BTreeMap::new() }
    }

    /// The most elements of this request that the device itself allows, if it says so: for a disk the data segments, a header and a status.
    fn stated_limit(&self, chain: &Chain) -> Option<u64> {
        let says = self.block && self.track.has(block::feature::SEG_MAX);
        says.then(|| self.track.config_field(block::config::SEG_MAX, 4) + without_data(chain).max(2))
    }
}

/// Elements of a disk's request that are parts of its header or its status alone, which may come in any number of pieces (§2.7.4).
fn without_data(chain: &Chain) -> u64 {
    let status = chain.writable_len().saturating_sub(1);
    let (mut read, mut written, mut count) = (0, 0, 0);
    for buffer in chain.buffers() {
        let len = u64::from(buffer.len);
        if buffer.is_writable() {
            count += u64::from(written >= status);
            written += len;
        } else {
            read += len;
            count += u64::from(read <= block::RequestHeader::SIZE as u64);
        }
    }
    count
}

impl Checker for Lists {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                self.sizes.insert(info.queue, info.size);
            }
            EventKind::Available(chain) if self.track.packed() => {
                let size = self.sizes.get(&chain.queue).copied().map(u64::from);
                let mut judge = Judge { event, chain, verdicts };
                judge.head_last();
                judge.framing();
                judge.indirect(self.track.has(INDIRECT_DESC));
                judge.length(size, self.stated_limit(chain));
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
    fn verdict(&mut self, id: RequirementId, fault: Option<String>, expected: &str) {
        match fault {
            None => self.verdicts.pass(id),
            Some(seen) => {
                let Chain { queue, slot, .. } = self.chain;
                let seen = format!("queue {queue}, list at {}: {seen}", slot & 0x7fff);
                self.verdicts.violate(id, self.event, expected, seen);
            }
        }
    }

    fn complete(&self) -> bool {
        self.chain.broken.is_none()
    }

    fn direct(&self) -> impl Iterator<Item = &Link> {
        self.chain.links.iter().filter(|l| !l.indirect)
    }

    fn table(&self) -> impl Iterator<Item = &Link> {
        self.chain.links.iter().filter(|l| l.indirect)
    }

    /// The observer finds a head only once it is available; then the rest is too.
    fn head_last(&mut self) {
        let fault = match self.chain.broken {
            Some(ChainFault::NotAvailable { index }) => Some(format!("its descriptor {index} is not available")),
            None if self.direct().nth(1).is_some() => None,
            _ => return,
        };
        self.verdict(id::VQ_PACKED_DRV_SG_6, fault, "the first descriptor of a list is made available last");
    }

    /// Readable before writable; says something only about lists that have both.
    fn framing(&mut self) {
        let kinds: Vec<bool> = self.chain.buffers().map(|d| d.is_writable()).collect();
        let late = kinds.windows(2).position(|pair| pair == [true, false]);
        let fault =
            late.map(|i| format!("its element {} is device-readable, the one before is device-writable", i + 1));
        if fault.is_some() || (kinds.contains(&true) && kinds.contains(&false) && self.complete()) {
            self.verdict(id::VQ_PACKED_DRV_SG_3, fault, "device-readable elements come before device-writable ones");
        }
    }

    fn indirect(&mut self, negotiated: bool) {
        let describe = |l: &Link| format!("flags {:#x} in descriptor {}", l.flags, l.index);
        let reference = self.direct().find(|l| l.desc().is_indirect());
        let refers = reference.is_some();
        if !negotiated {
            let fault = reference.map(|l| format!("{} of the ring", describe(l)));
            if fault.is_some() || self.complete() {
                let expected = "without VIRTIO_F_INDIRECT_DESC no descriptor refers to a table";
                self.verdict(id::VQ_PACKED_DRV_INDIRECT_1, fault, expected);
            }
        }
        let flagged = self.table().find(|l| l.flags & !DESC_F_WRITE != 0);
        let fault = flagged.map(|l| format!("{} of the table", describe(l)));
        if fault.is_some() || (self.complete() && self.table().next().is_some()) {
            self.verdict(id::VQ_PACKED_DRV_INDIRECT_2, fault, "in an indirect table no flag but WRITE is set");
        }
        let several = self.direct().nth(1).is_some();
        let mixed = self.direct().find(|l| l.desc().is_indirect() && (several || l.desc().has_next()));
        let fault = mixed.map(|l| format!("{}, which belongs to a list", describe(l)));
        if fault.is_some() || (self.complete() && refers) {
            self.verdict(id::VQ_PACKED_DRV_INDIRECT_4, fault, "a list linked by NEXT has no INDIRECT descriptor");
        }
    }

    /// The longest list. Where the device states no limit, it is the queue's size (§2.8.5).
    fn length(&mut self, size: Option<u64>, stated: Option<u64>) {
        let (direct, table) = (self.direct().count() as u64, self.table().count() as u64);
        if let Some(size) = size {
            let fault = match self.chain.broken {
                Some(ChainFault::Loop { index }) => Some(format!("it comes back to descriptor {index}")),
                _ => (direct > size).then(|| format!("it has {direct} descriptors, the queue {size}")),
            };
            if fault.is_some() || self.complete() {
                self.verdict(id::VQ_PACKED_DRV_SG_2, fault, "a list is no longer than the queue");
            }
        }
        let over = |count: u64, most: u64| (count > most).then(|| format!("{count} elements, {most} are allowed"));
        if let Some(most) = stated
            && table == 0
            && self.complete()
        {
            self.verdict(id::VQ_PACKED_DRV_SG_1, over(direct, most), "a list is no longer than the device allows");
        }
        if let Some(most) = stated.or(size)
            && table > 0
            && self.complete()
        {
            let expected = "an indirect table has no more descriptors than the device allows";
            self.verdict(id::VQ_PACKED_DRV_INDIRECT_3, over(table, most), expected);
        }
    }
}
