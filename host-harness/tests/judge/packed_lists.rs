//! Packed rings: memory, lists, and who has which descriptor.

use parakit_abi::device::block;
use parakit_abi::feature::{Features, IN_ORDER, INDIRECT_DESC, RING_PACKED, VERSION_1};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::ring::packed::{
    DESC_F_AVAIL, DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_USED, DESC_F_WRITE, Position, available_bits,
};
use parakit_harness::observe::event::{Alteration, Chain, ChainFault, EventKind, Link, QueueInfo};

use crate::script::Script;

/// Entries of the queue.
const SIZE: u16 = 8;

impl Script {
    /// A live disk with a packed queue of [`SIZE`] entries; these features are offered and accepted too.
    pub(crate) fn packed(bits: &[u32]) -> Self {
        let mut script = Self::offering(&[&[RING_PACKED], bits].concat());
        script.negotiate(Features::of(&[VERSION_1, RING_PACKED]).with(Features::of(bits)));
        script.queue_registers(0, SIZE).ready(0, true).push(EventKind::QueueEnabled(Self::packed_info()));
        script.status_write(15);
        script
    }

    fn packed_info() -> QueueInfo {
        let info = Self::queue_info(0, SIZE);
        QueueInfo { packed: true, avail_flags: None, avail_idx: None, used_flags: None, used_idx: None, ..info }
    }

    /// A list becomes available: `place` counts descriptors since the beginning.
    pub(crate) fn list(&mut self, place: u16, id: u16, flags: &[u16]) -> &mut Self {
        self.push(EventKind::Available(list(place, id, flags)))
    }

    pub(crate) fn gave_back(&mut self, place: u16, id: u16) -> &mut Self {
        self.push(EventKind::Used { queue: 0, slot: at(place).to_bits(), id: id.into(), len: 1 })
    }
}

/// The position of descriptor number `place` since the beginning.
pub(crate) fn at(place: u16) -> Position {
    Position { index: place % SIZE, wrap: (place / SIZE).is_multiple_of(2) }
}

/// A list of descriptors with these flags, `NEXT` and the bits of the round aside.
fn list(place: u16, id: u16, flags: &[u16]) -> Chain {
    let link = |(i, flags): (usize, &u16)| {
        let at = at(place + i as u16);
        let flags = flags | available_bits(at.wrap);
        Link { indirect: false, index: at.index, addr: 0x2_0000, len: 64, flags, next: id }
    };
    let mut links: Vec<Link> = flags.iter().enumerate().map(link).collect();
    let last = links.len() - 1;
    links[..last].iter_mut().for_each(|l| l.flags |= DESC_F_NEXT);
    Chain { queue: 0, slot: at(place).to_bits(), head: id, links, broken: None, readable: Vec::new() }
}

/// A descriptor that refers to a table whose entries have these flags.
fn table(flags: &[u16]) -> Chain {
    let mut chain = list(0, 1, &[DESC_F_INDIRECT]);
    let entry = |(i, flags): (usize, &u16)| Link {
        indirect: true,
        index: i as u16,
        addr: 0x3_0000,
        len: 64,
        flags: *flags,
        next: 0,
    };
    chain.links.extend(flags.iter().enumerate().map(entry));
    chain
}

/// What makes a live disk with these features and this list available violate.
fn of(bits: &[u32], chain: Chain) -> Script {
    let mut script = Script::packed(bits);
    script.push(EventKind::Available(chain));
    script
}

const W: u16 = DESC_F_WRITE;

#[test]
fn parts_are_aligned() {
    Script::packed(&[]).passes(id::VQ_PACKED_DRV_LAYOUT_1);
    for change in
        [|i: &mut QueueInfo| i.desc += 8, |i: &mut QueueInfo| i.driver += 2, |i: &mut QueueInfo| i.device += 1]
    {
        let mut info = Script::packed_info();
        change(&mut info);
        Script::packed(&[]).push(EventKind::QueueEnabled(info)).caught(id::VQ_PACKED_DRV_LAYOUT_1, &[]);
    }
}

#[test]
fn writable_elements_come_last() {
    of(&[], list(0, 1, &[0, W, W])).passes(id::VQ_PACKED_DRV_SG_3);
    of(&[], list(0, 1, &[0, W, 0, W])).caught(id::VQ_PACKED_DRV_SG_3, &[]);
    // In a table too.
    of(&[INDIRECT_DESC], table(&[W, 0])).caught(id::VQ_PACKED_DRV_SG_3, &[]);
    of(&[], list(0, 1, &[W])).silent(id::VQ_PACKED_DRV_SG_3);
}

#[test]
fn lists_fit_into_the_queue() {
    of(&[], list(0, 1, &[0; 8])).passes(id::VQ_PACKED_DRV_SG_2);
    let broken = Chain { broken: Some(ChainFault::Loop { index: 0 }), ..list(0, 1, &[0; 8]) };
    of(&[], broken).caught(id::VQ_PACKED_DRV_SG_2, &[]);
    // Even where the device has taken nothing yet, more than all does not fit.
    let also = [id::VQ_PACKED_DRV_DESC_1, id::VQ_PACKED_DRV_SG_5];
    of(&[], list(0, 1, &[0; 9])).caught(id::VQ_PACKED_DRV_SG_2, &also);
}

#[test]
fn the_device_may_allow_less() {
    let limited = |chain| {
        let mut script = Script::packed(&[block::feature::SEG_MAX]);
        let mut bytes = script.info.config.clone();
        bytes[block::config::SEG_MAX as usize] = 2;
        script.push(EventKind::ConfigChanged { generation: 1, bytes }).push(EventKind::Available(chain));
        script
    };
    limited(list(0, 1, &[0, 0, W, W])).passes(id::VQ_PACKED_DRV_SG_1);
    limited(list(0, 1, &[0, 0, W, W, W])).caught(id::VQ_PACKED_DRV_SG_1, &[]);
    of(&[], list(0, 1, &[0, 0, W, W, W])).silent(id::VQ_PACKED_DRV_SG_1);
    // Without a statement, tables are as long as the queue at most.
    of(&[INDIRECT_DESC], table(&[W; 8])).passes(id::VQ_PACKED_DRV_INDIRECT_3);
    of(&[INDIRECT_DESC], table(&[W; 9])).caught(id::VQ_PACKED_DRV_INDIRECT_3, &[]);
}

#[test]
fn heads_come_last() {
    of(&[], list(0, 1, &[0, W])).passes(id::VQ_PACKED_DRV_SG_6);
    let early = Chain { broken: Some(ChainFault::NotAvailable { index: 1 }), ..list(0, 1, &[0]) };
    of(&[], early).caught(id::VQ_PACKED_DRV_SG_6, &[]);
}

#[test]
fn tables_are_negotiated_and_plain() {
    of(&[], list(0, 1, &[0])).passes(id::VQ_PACKED_DRV_INDIRECT_1);
    of(&[], table(&[W])).caught(id::VQ_PACKED_DRV_INDIRECT_1, &[]);
    of(&[INDIRECT_DESC], table(&[0, W])).passes(id::VQ_PACKED_DRV_INDIRECT_2);
    for flags in [DESC_F_NEXT, DESC_F_AVAIL, DESC_F_USED, 0x10] {
        of(&[INDIRECT_DESC], table(&[flags, W])).caught(id::VQ_PACKED_DRV_INDIRECT_2, &[]);
    }
    of(&[INDIRECT_DESC], table(&[W])).passes(id::VQ_PACKED_DRV_INDIRECT_4);
    of(&[INDIRECT_DESC], list(0, 1, &[0, DESC_F_INDIRECT])).caught(id::VQ_PACKED_DRV_INDIRECT_4, &[]);
    // WRITE means nothing on a descriptor that refers to a table.
    of(&[INDIRECT_DESC], list(0, 1, &[DESC_F_INDIRECT | W])).passes(id::VQ_PACKED_DRV_INDIRECT_4);
}

#[test]
fn there_is_room() {
    let mut script = Script::packed(&[]);
    script.list(0, 1, &[0, W]).list(2, 2, &[0, 0, W]).list(5, 3, &[0, W, W]);
    script.clone().passes(id::VQ_PACKED_DRV_SG_5);
    // The second comes back first: its three places are free, wherever they were.
    script.gave_back(0, 2).list(8, 2, &[0, W]);
    script.clone().passes(id::VQ_PACKED_DRV_DESC_1);
    script.clone().list(10, 9, &[0, W]).caught(id::VQ_PACKED_DRV_SG_5, &[id::VQ_PACKED_DRV_DESC_1]);
    script.list(10, 9, &[W]).list(11, 7, &[W]).caught(id::VQ_PACKED_DRV_DESC_1, &[]);
}

#[test]
fn a_list_that_runs_into_the_devices_descriptors_had_no_room() {
    let mut script = Script::packed(&[]);
    script.list(0, 1, &[0; 6]);
    let into = Chain { broken: Some(ChainFault::NotFree { index: 0 }), ..list(6, 2, &[0, 0]) };
    script.push(EventKind::Available(into)).caught(id::VQ_PACKED_DRV_SG_5, &[]);
}

#[test]
fn a_batch_comes_back_at_once() {
    let mut script = Script::packed(&[IN_ORDER]);
    for i in 0..4 {
        script.list(2 * i, i, &[0, W]);
    }
    // One used descriptor for three lists.
    script.gave_back(0, 2).list(8, 0, &[0, W]).list(10, 1, &[0, W]).list(12, 2, &[0, W]);
    script.clone().passes(id::VQ_PACKED_DRV_DESC_1);
    script.clone().passes(id::INIT_DRV_CLEANUP_1);
    script.list(14, 9, &[W]).caught(id::VQ_PACKED_DRV_DESC_1, &[]);
}

#[test]
fn a_strange_device_makes_no_fault_of_the_driver() {
    let mut script = Script::packed(&[]);
    script.list(0, 1, &[0; 8]).gave_back(0, 77).gave_back(1, 1).list(8, 1, &[0; 8]).list(0, 3, &[0; 8]);
    assert!(script.violated().is_empty());
}

fn altered(change: fn(&mut Link)) -> Script {
    let was = list(0, 1, &[0, W]).links[1];
    let mut is = was;
    change(&mut is);
    let mut script = Script::packed(&[]);
    script.list(0, 1, &[0, W]);
    script.push(EventKind::Altered { queue: 0, head: 1, what: Alteration::Descriptor { was, is } });
    script
}

#[test]
fn descriptors_of_the_device_are_left_alone() {
    Script::packed(&[]).list(0, 1, &[0, W]).gave_back(0, 1).passes(id::VQ_PACKED_DRV_DESC_2);
    altered(|l| l.len = 1).caught(id::VQ_PACKED_DRV_DESC_2, &[id::INIT_DRV_CLEANUP_1]);
    altered(|l| l.flags ^= DESC_F_AVAIL | DESC_F_USED).caught(id::VQ_PACKED_DRV_DESC_1, &[id::INIT_DRV_CLEANUP_1]);
}

#[test]
fn a_split_ring_is_no_packed_one() {
    let mut script = Script::block();
    script.start().push(EventKind::Available(list(0, 1, &[W, 0]))).push(EventKind::Available(list(2, 2, &[0; 12])));
    let packed = |id: &RequirementId| id.get().area == "VQ-PACKED";
    assert!(!script.judge().verdicts.entries.keys().any(packed));
    let split = |id: &RequirementId| id.get().area == "VQ-SPLIT";
    let mut script = Script::packed(&[]);
    script.list(0, 1, &[W, 0]).finish();
    assert!(!script.judge().verdicts.entries.keys().any(split));
}
