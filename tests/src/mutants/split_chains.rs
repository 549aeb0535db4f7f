//! VQ-SPLIT: descriptor chains.

use parakit_abi::feature::{IN_ORDER, INDIRECT_DESC};
use parakit_abi::requirement::id;
use parakit_abi::ring::split::{DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc};

use super::{Mutant, plain};
use crate::raw::{Buffer, Driver, Script, Setting, indirect_table};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::VQ_SPLIT_DRV_FRAME_1,
        name: "writable-first",
        what: "the status byte of a read comes before its header",
        setting: Setting::block,
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
        requirement: id::VQ_SPLIT_DRV_DESC_1,
        name: "loop",
        what: "the last descriptor of a chain leads back to the first",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let (a, b) = (d.header(4, 0), d.writable(1));
                submit_raw(d, &[link(a, DESC_F_NEXT, 1), link(b, DESC_F_NEXT, 0)]);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_DESC_1,
        name: "beyond-4-GiB",
        what: "a chain of 400 buffers of 12 MiB each",
        setting: || Setting { queue_max: 512, queue_size: 512, ..Setting::entropy() },
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffers = [Buffer { addr: 0x10_0000, len: 12 << 20, writable: true }; 400];
                d.add(0, &buffers);
                d.publish(0);
                d.machine.step(0);
                d.machine.step(0);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_DESC_2,
        name: "out-of-order-slots",
        what: "with IN_ORDER a chain goes through descriptors 0, 2, 1",
        setting: || Setting::block().with(IN_ORDER),
        exercise: |s| s.replace("work", in_order_work),
        run: |s| {
            s.replace("work", |d| {
                let [a, b, c] = flush_with_a_split_header(d);
                submit_raw(d, &[link(a, DESC_F_NEXT, 2), link(c, DESC_F_WRITE, 0), link(b, DESC_F_NEXT, 1)]);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_INDIRECT_1,
        name: "not-negotiated",
        what: "a table of descriptors although INDIRECT_DESC was not accepted",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("cleanup", indirect_random),
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_INDIRECT_2,
        name: "nested",
        what: "a table whose second descriptor refers to another table",
        setting: indirect,
        exercise: |s| s.before("cleanup", indirect_random),
        run: |s| {
            s.replace("added", |d| {
                let buffer = d.writable(8);
                let inner = indirect_table(&mut d.machine, &[link(buffer, DESC_F_WRITE, 0)]);
                let outer = [link(buffer, DESC_F_WRITE | DESC_F_NEXT, 1), link(inner, DESC_F_INDIRECT, 0)];
                let table = indirect_table(&mut d.machine, &outer);
                submit_raw(d, &[link(table, DESC_F_INDIRECT, 0)]);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_INDIRECT_3,
        name: "longer-than-the-queue",
        what: "a table of 17 chained descriptors in a queue of 16",
        setting: indirect,
        exercise: |s| s.before("cleanup", |d| indirect_chain(d, 16)),
        run: |s| s.replace("added", |d| indirect_chain(d, 17)),
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_INDIRECT_4,
        name: "table-and-next",
        what: "a descriptor that refers to a table and has a next one",
        setting: indirect,
        exercise: |s: &mut Script| s.before("cleanup", indirect_random),
        run: |s| {
            s.replace("added", |d| {
                let buffer = d.writable(8);
                let table = indirect_table(&mut d.machine, &[link(buffer, DESC_F_WRITE, 0)]);
                submit_raw(d, &[link(table, DESC_F_INDIRECT | DESC_F_NEXT, 1), link(buffer, DESC_F_WRITE, 0)]);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_INDIRECT_5,
        name: "table-out-of-order",
        what: "with IN_ORDER a table is linked 0, 2, 1",
        setting: || indirect().with(IN_ORDER),
        exercise: |s| s.replace("work", |d| indirect_chain(d, 3)),
        run: |s| {
            s.replace("work", |d| {
                let b = d.writable(8);
                let table = [
                    link(b, DESC_F_WRITE | DESC_F_NEXT, 2),
                    link(b, DESC_F_WRITE, 0),
                    link(b, DESC_F_WRITE | DESC_F_NEXT, 1),
                ];
                let table = indirect_table(&mut d.machine, &table);
                submit_raw(d, &[link(table, DESC_F_INDIRECT, 0)]);
            });
        },
    },
];

fn indirect() -> Setting {
    Setting::entropy().with(INDIRECT_DESC)
}

fn link(buffer: Buffer, flags: u16, next: u16) -> Desc {
    Desc { addr: buffer.addr, len: buffer.len, flags, next }
}

/// Writes descriptors 0, 1, ... as they are given and submits the chain with head 0. Nothing else may be in flight.
fn submit_raw(d: &mut Driver, descs: &[Desc]) {
    let ring = &mut d.rings[0];
    for (index, desc) in (0..).zip(descs) {
        ring.describe(&d.machine, index, *desc);
    }
    ring.offer(&d.machine, 0);
    d.publish(0);
    d.collect(0);
}

fn indirect_random(d: &mut Driver) {
    indirect_chain(d, 1);
}

/// Random bytes for `count` buffers through a table.
fn indirect_chain(d: &mut Driver, count: u16) {
    let buffer = d.writable(8);
    let table: Vec<Desc> = (1..=count)
        .map(|next| match next == count {
            true => link(buffer, DESC_F_WRITE, 0),
            false => link(buffer, DESC_F_WRITE | DESC_F_NEXT, next),
        })
        .collect();
    let table = indirect_table(&mut d.machine, &table);
    submit_raw(d, &[link(table, DESC_F_INDIRECT, 0)]);
}

/// Chains through the table in ring order, over its end once.
fn in_order_work(d: &mut Driver) {
    let size = d.rings[0].size();
    let mut at = 0;
    for _ in 0..size {
        let [a, b, c] = flush_with_a_split_header(d);
        let index = |i: u16| (at + i) % size;
        let ring = &mut d.rings[0];
        ring.describe(&d.machine, index(0), link(a, DESC_F_NEXT, index(1)));
        ring.describe(&d.machine, index(1), link(b, DESC_F_NEXT, index(2)));
        ring.describe(&d.machine, index(2), link(c, DESC_F_WRITE, 0));
        ring.offer(&d.machine, at);
        d.publish(0);
        d.collect(0);
        at = (at + 3) % size;
    }
}

/// The buffers of a flush whose header comes in two halves: header, header, status.
fn flush_with_a_split_header(d: &mut Driver) -> [Buffer; 3] {
    let header = d.header(4, 0);
    let first = Buffer { len: 8, ..header };
    let second = Buffer { addr: header.addr + 8, ..first };
    [first, second, d.writable(1)]
}
