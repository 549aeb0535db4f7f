//! VQ-PACKED: lists of descriptors, and tables.

use parakit_abi::device::block::feature::SEG_MAX;
use parakit_abi::feature::INDIRECT_DESC;
use parakit_abi::requirement::id;
use parakit_abi::ring::packed::{DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc, available_bits};

use super::packed::publish_anyway;
use super::{Mutant, plain};
use crate::raw::{Buffer, Driver, Setting, describe, packed_table};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::VQ_PACKED_DRV_SG_1,
        name: "more-than-seg-max",
        what: "a read with 130 data segments, of a device that takes 126",
        setting: || Setting { queue_max: 256, queue_size: 256, ..Setting::block().packed().widened(SEG_MAX) },
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let segments: Vec<Buffer> = (0..130).map(|_| d.writable(512)).collect();
                let buffers = d.request(0, 0, &segments);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_SG_2,
        name: "goes-on-around-the-ring",
        what: "every descriptor of the ring has NEXT set",
        setting: || Setting { queue_size: 4, ..Setting::entropy().packed() },
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                let buffer = d.writable(8);
                d.packed[0].chain(&d.machine, &[buffer; 4]);
                let flags = DESC_F_WRITE | DESC_F_NEXT | available_bits(true);
                d.packed[0].mark(&d.machine, 3, flags);
                publish_anyway(d, 0);
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_SG_3,
        name: "writable-first",
        what: "the status byte of a read comes before its header",
        setting: || Setting::block().packed(),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let mut buffers = d.read_request(0, 512);
                buffers.rotate_right(1);
                d.exchange(0, &buffers);
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_SG_5,
        name: "no-room",
        what: "a list of seven descriptors where six are free",
        setting: || Setting { queue_size: 8, ..Setting::console().packed() },
        exercise: |s| s.before("cleanup", |d| receive(d, 2)),
        run: |s| s.replace("added", |d| receive(d, 7)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_SG_6,
        name: "head-first",
        what: "the head of a list is made available before the rest is written",
        setting: || Setting::block().packed(),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let [a, b] = [d.header(4, 0), d.writable(1)];
                let ring = &d.packed[0];
                let at = ring.next;
                ring.describe(&d.machine, at.index, Desc { id: 3, ..describe(&a) });
                ring.mark(&d.machine, at.index, DESC_F_NEXT | available_bits(at.wrap));
                d.notify(0);
                // The device looks here.
                d.machine.run();
                let second = at.after(1, ring.size());
                ring.describe(&d.machine, second.index, Desc { id: 3, ..describe(&b) });
                ring.mark(&d.machine, second.index, DESC_F_WRITE | available_bits(second.wrap));
                d.machine.run();
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_INDIRECT_1,
        name: "not-negotiated",
        what: "a table of descriptors although INDIRECT_DESC was not accepted",
        setting: || Setting::entropy().packed(),
        exercise: plain,
        run: |s| s.before("cleanup", |d| indirect(d, 1, 0)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_INDIRECT_2,
        name: "next-in-a-table",
        what: "the descriptors of a table have NEXT set, as in a split ring",
        setting: with_tables,
        exercise: |s| s.before("cleanup", |d| indirect(d, 3, 0)),
        run: |s| s.replace("added", |d| indirect(d, 3, DESC_F_NEXT)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_INDIRECT_3,
        name: "longer-than-the-queue",
        what: "a table of 17 descriptors in a queue of 16",
        setting: with_tables,
        exercise: |s| s.before("cleanup", |d| indirect(d, 16, 0)),
        run: |s| s.replace("added", |d| indirect(d, 17, 0)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_INDIRECT_4,
        name: "table-in-a-list",
        what: "a list whose second descriptor refers to a table",
        setting: with_tables,
        exercise: |s| s.before("cleanup", |d| indirect(d, 2, 0)),
        run: |s| {
            s.replace("added", |d| {
                let buffer = d.writable(8);
                let table = packed_table(&mut d.machine, &[describe(&buffer)]);
                let list = [describe(&buffer), Desc { flags: DESC_F_INDIRECT, ..describe(&table) }];
                d.packed[0].list(&d.machine, &list);
                publish_anyway(d, 0);
            });
        },
    },
];

fn with_tables() -> Setting {
    Setting::entropy().packed().with(INDIRECT_DESC)
}

/// Offers one receive buffer of so many descriptors.
fn receive(d: &mut Driver, count: usize) {
    d.machine.run();
    let buffers: Vec<Buffer> = (0..count).map(|_| d.writable(8)).collect();
    d.add(0, &buffers);
    publish_anyway(d, 0);
}

/// Random bytes for `count` buffers through a table whose descriptors have these flags, too.
fn indirect(d: &mut Driver, count: usize, flags: u16) {
    let buffer = d.writable(8);
    let entry = describe(&buffer);
    let table = packed_table(&mut d.machine, &vec![Desc { flags: entry.flags | flags, ..entry }; count]);
    let refers = Desc { flags: DESC_F_INDIRECT, ..describe(&table) };
    d.packed[0].list(&d.machine, &[refers]);
    d.publish(0);
    d.collect(0);
}
