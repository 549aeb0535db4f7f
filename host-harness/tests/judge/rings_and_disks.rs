//! What ring and disk rules must not accuse a driver of.

use parakit_abi::device::block::{self, RequestHeader, request};
use parakit_abi::requirement::id;
use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE};
use parakit_harness::observe::EventKind;
use parakit_harness::observe::event::{Alteration, Chain, ChainFault, Link, QueueInfo};

use crate::script::Script;

fn link(index: u16, len: u32, flags: u16, next: u16) -> Link {
    Link { indirect: false, index, addr: 0x2_0000, len, flags, next }
}

/// A read of one sector, with head `3 * slot`.
fn read(slot: u16, sector: u64) -> Chain {
    let head = 3 * slot;
    Chain {
        queue: 0,
        slot,
        head,
        links: vec![
            link(head, 16, DESC_F_NEXT, head + 1),
            link(head + 1, 512, DESC_F_NEXT | DESC_F_WRITE, head + 2),
            link(head + 2, 1, DESC_F_WRITE, 0),
        ],
        broken: None,
        readable: RequestHeader { request_type: request::IN, sector }.to_le_bytes().to_vec(),
    }
}

impl Script {
    fn request(&mut self, slot: u16, sector: u64) -> &mut Self {
        self.push(EventKind::AvailIdx { queue: 0, old: slot, new: slot + 1 });
        self.push(EventKind::Available(read(slot, sector)))
    }

    fn used(&mut self, slot: u16) -> &mut Self {
        self.push(EventKind::Used { queue: 0, slot, id: 3 * u32::from(slot), len: 513 })
    }

    fn capacity(&mut self, sectors: u64) -> &mut Self {
        let mut bytes = self.info.config.clone();
        bytes[..8].copy_from_slice(&sectors.to_le_bytes());
        self.push(EventKind::ConfigChanged { generation: 1, bytes })
    }

    fn read_capacity(&mut self, sectors: u64) -> &mut Self {
        self.generation(1).config_read(block::config::CAPACITY, 4, sectors).config_read(4, 4, 0).generation(1)
    }
}

fn live() -> Script {
    let mut script = Script::block();
    script.start();
    script
}

#[test]
fn a_driver_cannot_know_of_a_smaller_disk_before_it_looks() {
    live().request(0, 2047).passes(id::BLK_DRV_OP_2);
    live().request(0, 2048).caught(id::BLK_DRV_OP_2, &[]);
    live().capacity(1024).request(0, 2000).passes(id::BLK_DRV_OP_2);
    // Published before the driver looked, seen after.
    live().capacity(1024).read_capacity(1024).request(0, 2000).passes(id::BLK_DRV_OP_2);
    let mut stubborn = live();
    stubborn.capacity(1024).read_capacity(1024).request(0, 0).request(1, 0).request(2, 2000);
    stubborn.caught(id::BLK_DRV_OP_2, &[]);
    // A larger one may be used at once.
    live().capacity(4096).request(0, 4000).passes(id::BLK_DRV_OP_2);
}

#[test]
fn a_chain_that_cannot_be_read_is_no_request() {
    let mut chain = read(0, 9999);
    chain.broken = Some(ChainFault::NotWalked);
    let mut script = live();
    script.push(EventKind::Available(chain)).silent(id::BLK_DRV_OP_2);
    script.silent(id::VQ_SPLIT_DRV_DESC_1);
}

#[test]
fn descriptors_may_be_used_again_once_they_came_back() {
    live().request(0, 1).used(0).passes(id::INIT_DRV_CLEANUP_1);
    let mut again = live();
    again.request(0, 1).used(0);
    again.push(EventKind::AvailIdx { queue: 0, old: 1, new: 2 }).push(EventKind::Available(read(0, 1)));
    assert!(again.violated().is_empty());
    let mut early = live();
    early.request(0, 1);
    early.push(EventKind::AvailIdx { queue: 0, old: 1, new: 2 }).push(EventKind::Available(read(0, 1)));
    early.caught(id::INIT_DRV_CLEANUP_2, &[]);
}

#[test]
fn a_device_that_scribbles_is_not_the_drivers_fault() {
    let altered = |head| {
        let (was, is) = (link(head, 16, 1, 1), link(head, 0xa5a5_a5a5, 0xa5a5, 0xa5a5));
        EventKind::Altered { queue: 0, head, what: Alteration::Descriptor { was, is } }
    };
    live().request(0, 1).push(altered(0)).caught(id::INIT_DRV_CLEANUP_1, &[]);
    let mut script = live();
    script.request(0, 1).push(EventKind::Provoke { what: "scribble-descriptors".to_owned() }).push(altered(0));
    script.push(EventKind::AvailIdx { queue: 0, old: 1, new: 0xa5a5 });
    script.reset();
    assert!(script.violated().is_empty());
}

#[test]
fn ring_memory_that_is_kept_over_a_reset_was_initialised_once() {
    let dirty = QueueInfo { used_flags: Some(1), ..Script::queue_info(0, 256) };
    let mut fresh = Script::block();
    fresh.push(EventKind::QueueEnabled(dirty.clone())).caught(id::VQ_SPLIT_DRV_AVAILNOTIF_1, &[]);
    let mut kept = Script::block();
    kept.push(EventKind::QueueEnabled(Script::queue_info(0, 256))).push(EventKind::QueueEnabled(dirty));
    kept.passes(id::VQ_SPLIT_DRV_AVAILNOTIF_1);
}

#[test]
fn the_largest_queue_can_be_filled_at_once() {
    let full = EventKind::AvailIdx { queue: 0, old: 0, new: 32768 };
    let mut script = Script::block();
    script.push(EventKind::QueueEnabled(Script::queue_info(0, 32768))).push(full.clone());
    script.passes(id::VQ_SPLIT_DRV_AVAIL_1);
    let mut script = Script::block();
    script.push(EventKind::QueueEnabled(Script::queue_info(0, 16384))).push(full);
    script.caught(id::VQ_SPLIT_DRV_AVAIL_1, &[]);
}
