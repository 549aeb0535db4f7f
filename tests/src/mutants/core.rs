//! CORE: status, reset.

use parakit_abi::requirement::id;

use super::{Mutant, plain};
use crate::raw::Setting;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::CORE_DRV_STATUS_1,
        name: "driver-ok-too-early",
        what: "DRIVER_OK is written without FEATURES_OK",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("features ok", |d| d.set_status(7));
            s.omit("driver ok");
        },
    },
    Mutant {
        requirement: id::CORE_DRV_STATUS_2,
        name: "bit-cleared",
        what: "ACKNOWLEDGE is left out when DRIVER is written",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.replace("driver", |d| d.set_status(2)),
    },
    Mutant {
        requirement: id::CORE_DRV_STATUS_3,
        name: "on-after-failed",
        what: "FAILED is written, and the bring-up begins again without a reset",
        setting: Setting::entropy,
        exercise: |s| {
            s.before("reset", |d| {
                d.reset();
                d.set_status(1);
                d.set_status(0x81);
            });
        },
        run: |s| s.omit("reset"),
    },
    Mutant {
        requirement: id::CORE_DRV_RESET_1,
        name: "reset-not-waited-for",
        what: "the bring-up begins right after the reset was written",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| s.replace("reset", |d| d.set_status(0)),
    },
];
