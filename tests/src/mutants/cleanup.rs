//! INIT, cleanup: buffers that the device has.

use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::id;

use super::{Mutant, plain};
use crate::raw::{Driver, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_1,
        name: "descriptor-rewritten",
        what: "the length of a receive buffer that the device has is changed in place",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                shorten_receive_buffer(d);
                look_again(d);
            });
        },
    },
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_1,
        name: "rewritten-before-the-reset",
        what: "a driver that goes away takes a receive buffer apart first and resets the device afterwards",
        setting: Setting::console,
        exercise: plain,
        run: |s| s.before("cleanup", shorten_receive_buffer),
    },
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_1,
        name: "rewritten-after-a-look-at-queue-reset",
        what: "the same, with queue_reset read before, which shows 0 all the time",
        setting: || Setting::console().over_pci().with(RING_RESET),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.select(0);
                let _nothing_goes_on = d.queue_reset();
                shorten_receive_buffer(d);
                look_again(d);
            });
        },
    },
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_1,
        name: "entry-rewritten",
        what: "an available entry that the device has not come to is replaced",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let ring = &d.rings[0];
                // The last entry that was published; nothing after it was used.
                let slot = ring.avail + ring.layout.avail_slot(ring.next.wrapping_sub(1)) as u64;
                d.machine.store(slot, &9_u16.to_le_bytes());
                look_again(d);
            });
        },
    },
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_2,
        name: "descriptor-reused",
        what: "a receive buffer that the device has is taken back, and its descriptor used for another",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let taken_back = d.rings[0].chains.pop().unwrap_or_default();
                d.rings[0].free.extend(taken_back);
                let buffer = d.writable(16);
                d.exchange(0, &[buffer]);
            });
        },
    },
    Mutant {
        requirement: id::INIT_DRV_CLEANUP_2,
        name: "index-taken-back",
        what: "a receive buffer that the device has is taken back by decrementing the available index",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.rings[0].set_avail_idx(&d.machine, d.rings[0].next.wrapping_sub(1));
                look_again(d);
            });
        },
    },
];

fn shorten_receive_buffer(d: &mut Driver) {
    let ring = &d.rings[0];
    let head = ring.chains[0][0];
    // `len` is bytes 8 to 11 of a descriptor.
    d.machine.store(ring.desc + ring.layout.desc_entry(head) as u64 + 8, &1_u32.to_le_bytes());
}

/// Has the device look at the queue.
fn look_again(d: &mut Driver) {
    d.notify(0);
    d.machine.run();
}
