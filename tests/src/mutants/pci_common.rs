//! PCI: the common configuration structure and the widths of accesses.

use parakit_abi::device::block::config;
use parakit_abi::feature::{NOTIF_CONFIG_DATA, RING_RESET};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::Common;
use parakit_harness::oddity::OddityKind;

use super::{Mutant, plain};
use crate::raw::{Driver, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::PCI_DRV_LAYOUT_1,
        name: "wide-field",
        what: "the capacity is read by one access of 64 bits",
        setting: || Setting::block().over_pci(),
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let _value = d.config(config::CAPACITY, 8);
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_LAYOUT_1,
        name: "wide-status",
        what: "the status is read by one access of 32 bits",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.before("work", |d| {
                let place = d.function.common.unwrap_or_default().plus(Common::DeviceStatus.offset());
                let _value = d.machine.bar_read(place, 4);
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_1,
        name: "read-only-written",
        what: "num_queues is written",
        setting: entropy,
        exercise: plain,
        run: |s| s.before("queues", |d| d.set_common(Common::NumQueues, 1)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_2,
        name: "no-size",
        what: "the size of a packed queue is written as 0 first",
        setting: || entropy().packed(),
        exercise: plain,
        run: |s| s.before("queues", |d| d.set_common(Common::QueueSize, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_3,
        name: "odd-size",
        what: "the size of a split queue is written as 24 first",
        setting: entropy,
        exercise: plain,
        run: |s| s.before("queues", |d| d.set_common(Common::QueueSize, 24)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_4,
        name: "enabled-first",
        what: "a queue is enabled before its addresses are written",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.replace("queues", |d| {
                d.select(0);
                let ring = d.new_ring(0, 16);
                d.set_common(Common::QueueEnable, 1);
                d.place(&ring);
                d.find_bell(0);
                d.rings.push(ring);
            });
            s.omit("work");
        },
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_4,
        name: "size-afterwards",
        what: "the size of a queue is written after it was enabled",
        setting: entropy,
        exercise: plain,
        run: |s| s.after("queues", |d| d.set_common(Common::QueueSize, 8)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_5,
        name: "reset-not-waited-for",
        what: "the bring-up begins right after the reset was written",
        setting: entropy,
        exercise: plain,
        run: |s| s.replace("reset", |d| d.set_status(0)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_6,
        name: "disabled",
        what: "a queue is disabled by writing 0 to queue_enable",
        setting: entropy,
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.set_common(Common::QueueEnable, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_COMMON_7,
        name: "not-complete",
        what: "a queue is set up again after one look at a reset that is still going on",
        setting: || entropy().with(RING_RESET).odd(OddityKind::QueueResetSlow),
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                d.select(0);
                d.ask_queue_reset();
                let _going_on = d.queue_reset();
                d.set_up(0, 16);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_QRESET_1,
        name: "not-verified-over-pci",
        what: "queue_reset is written and never read",
        setting: || entropy().with(RING_RESET),
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                d.select(0);
                d.ask_queue_reset();
                d.set_up(0, 16);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_QREENABLE_1,
        name: "addresses-left-out",
        what: "a queue that was reset is enabled with the device area not written again",
        setting: || entropy().with(RING_RESET),
        exercise: reset_and_enable,
        run: |s| {
            s.replace("added", |d| {
                d.reset_queue(0);
                let ring = d.new_ring(0, 16);
                d.set_common(Common::QueueSize, 16);
                d.set_common(Common::QueueDesc, ring.desc);
                d.set_common(Common::QueueDriver, ring.avail);
                d.set_common(Common::QueueEnable, 1);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_RESFEAT_13,
        name: "left-out",
        what: "NOTIF_CONFIG_DATA is offered and not accepted",
        setting: || entropy().with(NOTIF_CONFIG_DATA),
        exercise: plain,
        run: |s| {
            s.replace("accept features", |d: &mut Driver| {
                d.accepted =
                    d.offered.and(d.setting.accept).without(parakit_abi::feature::Features::bit(NOTIF_CONFIG_DATA));
                for word in 0..2 {
                    d.accept_word(word, d.accepted.word(word));
                }
            });
        },
    },
];

fn entropy() -> Setting {
    Setting::entropy().over_pci()
}

fn reset_and_enable(s: &mut Script) {
    s.before("cleanup", |d| {
        d.reset_queue(0);
        d.set_up(0, 16);
        let buffer = d.writable(8);
        let random = d.exchange(0, &[buffer]);
        d.expect(random.len() == 1, "random bytes arrive after the queue was reset");
    });
}
