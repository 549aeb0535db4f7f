//! INIT: the order of the bring-up.

use parakit_abi::device::block::config;
use parakit_abi::requirement::id;
use parakit_abi::transport::mmio::CONFIG;
use parakit_harness::oddity::OddityKind;

use super::{Mutant, plain};
use crate::raw::{Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::INIT_DRV_SEQ_1,
        name: "no-reset",
        what: "the bring-up begins without a reset",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.omit("reset"),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_2,
        name: "no-acknowledge",
        what: "ACKNOWLEDGE is never set",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.omit("acknowledge");
            s.replace("driver", |d| d.set_status(2));
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_3,
        name: "two-steps-at-once",
        what: "ACKNOWLEDGE and DRIVER are set by one write",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.omit("acknowledge"),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_4,
        name: "offer-not-read",
        what: "features are accepted without the offer having been read",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.omit("read features");
            s.replace("accept features", |d| d.accept_word(1, 1));
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_4,
        name: "nothing-written",
        what: "FEATURES_OK is set without features having been written",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.omit("accept features");
            give_up_when_refused(s);
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_6,
        name: "early-configuration",
        what: "writeback is written before FEATURES_OK",
        setting: Setting::block,
        exercise: plain,
        run: |s| s.before("features ok", |d| d.machine.write(CONFIG + u64::from(config::WRITEBACK), 1, 1)),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_7,
        name: "no-features-ok",
        what: "DRIVER_OK is set without FEATURES_OK",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.omit("features ok");
            s.omit("check features ok");
            s.replace("driver ok", |d| d.set_status(7));
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_8,
        name: "late-feature",
        what: "EVENT_IDX is accepted after FEATURES_OK",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.after("check features ok", |d| d.accept_word(0, 1 << 29)),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_9,
        name: "not-read-back",
        what: "FEATURES_OK is not read back",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.omit("check features ok"),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_10,
        name: "late-queues",
        what: "queues are set up after DRIVER_OK",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.advance("driver ok", "queues"),
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_11,
        name: "two-steps-at-once",
        what: "FEATURES_OK and DRIVER_OK are set by one write",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("features ok", |d| d.set_status(0xf));
            s.omit("driver ok");
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_12,
        name: "gives-up-silently",
        what: "the device refuses the features, and the driver goes away without FAILED",
        setting: refused,
        exercise: give_up_when_refused,
        run: |s| {
            s.replace("check features ok", |d| {
                let _value = d.status();
            })
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_13,
        name: "on-after-refusal",
        what: "the device refuses the features, and the driver sets up its queues",
        setting: refused,
        exercise: give_up_when_refused,
        run: |s| {
            s.before("cleanup", |d| {
                let ring = crate::raw::Ring::new(&mut d.machine, 0, 16);
                d.enable(&ring);
            });
        },
    },
    Mutant {
        requirement: id::INIT_DRV_SEQ_14,
        name: "early-notification",
        what: "a queue is notified before DRIVER_OK",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.before("driver ok", |d| d.notify(0)),
    },
    Mutant {
        requirement: id::MMIO_DRV_INIT_6,
        name: "no-reset",
        what: "the bring-up of an MMIO device begins without a reset",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.omit("reset"),
    },
];

fn refused() -> Setting {
    Setting::entropy().odd(OddityKind::FeaturesOkRefused)
}

/// Reads that the device does not take the features, and gives up.
pub(super) fn give_up_when_refused(s: &mut Script) {
    s.give_up_before("queues");
    s.replace("check features ok", |d| {
        let refused = d.status() & 8 == 0;
        d.expect(refused, "the device refuses the features");
        d.set_status(0x83);
    });
}
