//! VQ-PACKED: who has which descriptor, notifications, ring memory. Lists are in `packed_lists`.

use parakit_abi::feature::{EVENT_IDX, NOTIFICATION_DATA};
use parakit_abi::requirement::id;

use super::{Mutant, plain};
use crate::raw::{Areas, Driver, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::VQ_PACKED_DRV_LAYOUT_1,
        name: "ring-misaligned",
        what: "the descriptor ring starts 8 bytes late",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| enable_with(d, |areas| areas.desc += 8));
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_LAYOUT_1,
        name: "driver-area-misaligned",
        what: "the driver event suppression structure starts at a multiple of 2 that is none of 4",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| enable_with(d, |areas| areas.driver += 2));
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_DESC_1,
        name: "overrun",
        what: "a ring that is full is written on, over a descriptor that the device has",
        setting: || Setting { queue_size: 2, ..Setting::console().packed() },
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.machine.run();
                d.packed[0].ids.push(7);
                let buffer = d.writable(8);
                d.add(0, &[buffer]);
                publish_anyway(d, 0);
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_DESC_2,
        name: "rewritten",
        what: "the length of a receive buffer that the device has is changed in place",
        setting: || Setting::console().packed(),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                d.machine.run();
                // The last one written: `len` is bytes 8 to 11 of a descriptor.
                let ring = &d.packed[0];
                let last = (ring.next.index + ring.size() - 1) % ring.size();
                d.machine.store(ring.at(last) + 8, &1_u32.to_le_bytes());
                d.notify(0);
                d.machine.run();
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_DESC_3,
        name: "wrap-inverted",
        what: "notifications carry the wrap counter the wrong way round",
        setting: with_data,
        exercise: plain,
        run: |s| s.replace("work", |d| random_notified(d, |word| word ^ 0x8000_0000)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_DESC_3,
        name: "one-too-far",
        what: "notifications name the descriptor after the next one",
        setting: with_data,
        exercise: plain,
        run: |s| s.replace("work", |d| random_notified(d, |word| word + 0x1_0000)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_DESC_3,
        name: "always-the-beginning",
        what: "notifications name the descriptor at which the queue began",
        setting: with_data,
        exercise: plain,
        run: |s| s.replace("work", |d| random_notified(d, |word| word & 0xffff | 0x8000_0000)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_KICK_1,
        name: "never-notifies",
        what: "descriptors are made available and the device never notified",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..2 {
                    publish(d, |_| false);
                }
            });
        },
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_KICK_1,
        name: "first-not-notified",
        what: "of a single list the device, which has yet to write the words by which it asks, is not notified",
        setting: || entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| s.replace("work", |d| publish(d, |_| false)),
    },
    Mutant {
        requirement: id::VQ_PACKED_DRV_KICK_1,
        name: "loses-one-notification",
        what: "of several notifications one is not sent, as when the device area is read too early",
        setting: || entropy().with(EVENT_IDX),
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                publish(d, |_| false);
                let buffer = d.writable(8);
                d.exchange(0, &[buffer]);
            });
        },
    },
];

fn entropy() -> Setting {
    Setting::entropy().packed()
}

fn with_data() -> Setting {
    entropy().with(NOTIFICATION_DATA)
}

/// Enables queue 0 with its parts somewhere else.
fn enable_with(d: &mut Driver, change: fn(&mut Areas)) {
    d.select(0);
    let mut ring = d.new_packed(0, 16);
    change(&mut ring.areas);
    d.enable_at(0, ring.areas);
}

/// Makes what was written available and notifies, whatever the device asks for.
pub(super) fn publish_anyway(d: &mut Driver, queue: usize) {
    while d.packed[queue].publish_one(&d.machine) {}
    d.notify(queue);
    d.machine.run();
}

/// Asks for random bytes four times, with a word of its own in the notification.
fn random_notified(d: &mut Driver, word: fn(u32) -> u32) {
    for _ in 0..4 {
        let buffer = d.writable(8);
        d.add(0, &[buffer]);
        d.packed[0].publish_one(&d.machine);
        let right = d.notification(0);
        d.notify_with(0, word(right));
        d.collect(0);
    }
}

/// Asks for random bytes with a rule of its own about notifications, and waits for them until the device has come by itself.
fn publish(d: &mut Driver, notifies: fn(&Driver) -> bool) {
    let buffer = d.writable(8);
    d.add(0, &[buffer]);
    d.packed[0].publish_one(&d.machine);
    let _due = d.packed[0].notification_due(&d.machine, d.accepted.has(EVENT_IDX));
    if notifies(d) {
        d.notify(0);
    }
    d.machine.run();
    d.machine.long_pause();
    d.handle_interrupt();
    d.take(0);
}
