//! VQ-SPLIT: ring memory, indices and notifications. Chains are in `split_chains`.

use parakit_abi::feature::EVENT_IDX;
use parakit_abi::requirement::id;
use parakit_abi::ring::split::RING_FLAGS;
use parakit_abi::transport::mmio::Register;
use parakit_harness::oddity::OddityKind;

use super::{Mutant, plain};
use crate::raw::{Driver, Ring, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::VQ_SPLIT_DRV_LAYOUT_1,
        name: "descriptors-misaligned",
        what: "the descriptor table starts 8 bytes late",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| enable_with(d, |ring| ring.desc += 8));
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_LAYOUT_1,
        name: "available-misaligned",
        what: "the available ring starts at an odd address",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| enable_with(d, |ring| ring.avail += 1));
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_LAYOUT_1,
        name: "used-misaligned",
        what: "the used ring starts at a multiple of 2 that is none of 4",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| enable_with(d, |ring| ring.used += 2));
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_1,
        name: "used-flags-not-zeroed",
        what: "the used ring is enabled with what was in its memory before",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| {
                d.write(Register::QueueSel, 0);
                let ring = Ring::new(&mut d.machine, 0, 16);
                d.machine.store(ring.used + RING_FLAGS as u64, &[1, 0]);
                d.enable(&ring);
                d.rings.push(ring);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAIL_1,
        name: "index-decremented",
        what: "the available index goes back by one",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.rings[0].set_avail_idx(&d.machine, d.rings[0].next.wrapping_sub(1));
                d.notify(0);
                d.machine.run();
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_USEDNOTIF_1,
        name: "unknown-available-flag",
        what: "flags of the available ring is 2",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("work", |d| d.rings[0].set_avail_flags(&d.machine, 2)),
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_USEDNOTIF_3,
        name: "flag-with-event-idx",
        what: "flags of the available ring is 1 although used_event is in use",
        setting: || Setting::entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| s.before("work", |d| d.rings[0].set_avail_flags(&d.machine, 1)),
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_USEDNOTIF_5,
        name: "gives-up",
        what: "FAILED is set when an interrupt has nothing to announce",
        setting: Setting::entropy,
        exercise: |s| {
            s.before("cleanup", |d| {
                d.machine.raise_spurious();
                d.handle_interrupt();
                random(d);
            });
        },
        run: |s| {
            s.replace("added", |d| {
                d.machine.raise_spurious();
                if d.handle_interrupt() == 0 {
                    d.set_status(0x8f);
                }
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_2,
        name: "heeds-avail-event",
        what: "avail_event decides about notifications although EVENT_IDX was not accepted",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..4 {
                    publish(d, |d, old, new| d.rings[0].notification_due(&d.machine, true, old, new));
                }
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_4,
        name: "never-notifies",
        what: "chains are published and the device never notified",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..2 {
                    publish(d, |_, _, _| false);
                }
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_4,
        name: "loses-one-notification",
        what: "of several notifications the last one is not sent, as when the suppression word is read too early",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                random(d);
                publish(d, |_, _, _| false);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_5,
        name: "heeds-the-flag",
        what: "bit 0 of the used ring's flags keeps the driver from notifying although EVENT_IDX was accepted",
        setting: || Setting::entropy().with(EVENT_IDX).odd(OddityKind::UsedFlagsGarbage),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                publish(d, |d, _, _| d.rings[0].used_flags(&d.machine) & 1 == 0);
                publish(d, |d, _, _| d.rings[0].used_flags(&d.machine) & 1 == 0);
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_6,
        name: "compares-for-equality",
        what: "a batch that passes avail_event in its middle is not announced, as only its last index is compared",
        setting: || Setting::entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffers = [d.writable(8), d.writable(8), d.writable(8)];
                for buffer in buffers {
                    d.add(0, &[buffer]);
                }
                publish(d, |d, _, new| new == d.rings[0].avail_event(&d.machine).wrapping_add(1));
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_6,
        name: "never-notifies",
        what: "chains are published and the device never notified, which has yet to write the word by which it asks",
        setting: || Setting::entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..2 {
                    publish(d, |_, _, _| false);
                }
            });
        },
    },
    Mutant {
        requirement: id::VQ_SPLIT_DRV_AVAILNOTIF_6,
        name: "loses-one-notification",
        what: "of several notifications one is not sent, as when avail_event is read too early",
        setting: || Setting::entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                publish(d, |_, _, _| false);
                random(d);
            });
        },
    },
];

/// Enables queue 0 with its parts somewhere else.
fn enable_with(d: &mut Driver, change: fn(&mut Ring)) {
    d.write(Register::QueueSel, 0);
    let mut ring = Ring::new(&mut d.machine, 0, 16);
    change(&mut ring);
    d.enable(&ring);
}

/// Asks for random bytes as it should be done.
fn random(d: &mut Driver) {
    let buffer = d.writable(8);
    d.exchange(0, &[buffer]);
}

/// Asks for random bytes with a rule of its own about notifications, and waits for them until the device has come by itself.
fn publish(d: &mut Driver, notifies: fn(&Driver, u16, u16) -> bool) {
    let buffer = d.writable(8);
    let old = d.rings[0].next;
    d.add(0, &[buffer]);
    d.rings[0].publish(&d.machine);
    if notifies(d, old, d.rings[0].next) {
        d.notify(0);
    }
    d.machine.run();
    d.machine.long_pause();
    d.handle_interrupt();
    d.take(0);
}
