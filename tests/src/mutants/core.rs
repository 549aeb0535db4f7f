//! CORE: status, reset, configuration space. Features, suspend and queue reset have files of their own.

use parakit_abi::device::block::config;
use parakit_abi::requirement::id;
use parakit_harness::oddity::OddityKind;

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
    Mutant {
        requirement: id::CORE_DRV_CONFIG_2,
        name: "torn-capacity",
        what: "the capacity is read in two halves without the generation",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.replace("configuration", |d| {
                let _capacity = d.config(config::CAPACITY, 4) | d.config(config::CAPACITY + 4, 4) << 32;
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_CONFIG_2,
        name: "change-ignored",
        what: "the generation is compared, and the capacity not read again when it changed",
        setting: || Setting::block().odd(OddityKind::ConfigChangesBetweenReads),
        exercise: plain,
        run: |s| {
            s.replace("configuration", |d| {
                let before = d.read(parakit_abi::transport::mmio::Register::ConfigGeneration);
                let _capacity = d.config(config::CAPACITY, 4) | d.config(config::CAPACITY + 4, 4) << 32;
                let _changed = d.read(parakit_abi::transport::mmio::Register::ConfigGeneration) != before;
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_CONFIG_3,
        name: "field-without-feature",
        what: "num_queues is read although VIRTIO_BLK_F_MQ is not offered",
        setting: Setting::block,
        exercise: plain,
        run: |s| {
            s.after("configuration", |d| {
                let _queues = d.config(config::NUM_QUEUES, 2);
            });
        },
    },
    Mutant {
        requirement: id::CORE_DRV_CONFIG_4,
        name: "size-refused",
        what: "FAILED is written because the configuration space is larger than known",
        setting: || Setting::block().odd(OddityKind::LargerConfigSpace),
        exercise: plain,
        run: |s| {
            s.replace("driver ok", |d| d.set_status(0x8b));
            s.omit("work");
        },
    },
];
