//! CORE: feature bits.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::requirement::id;
use parakit_harness::oddity::OddityKind;

use super::init::give_up_when_refused;
use super::{Mutant, plain};
use crate::raw::{Driver, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::CORE_DRV_FEAT_1,
        name: "not-offered",
        what: "INDIRECT_DESC is accepted without an offer",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("accept features", |d| accept_also(d, &[feature::INDIRECT_DESC]));
            give_up_when_refused(s);
        },
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_2,
        name: "prerequisite-missing",
        what: "VIRTIO_NET_F_GUEST_TSO4 is accepted without GUEST_CSUM",
        setting: || Setting::net().widened(GUEST_CSUM).widened(GUEST_TSO4),
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_without(d, GUEST_CSUM)),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_3,
        name: "everything-accepted",
        what: "whatever is offered is accepted",
        setting: unknown_offered,
        exercise: plain,
        run: accept_everything,
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_4,
        name: "everything-accepted",
        what: "whatever is offered is accepted, also what may not be",
        setting: unknown_offered,
        exercise: plain,
        run: accept_everything,
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_5,
        name: "undescribed",
        what: "bit 100 is accepted, which the specification does not describe",
        setting: unknown_offered,
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_also(d, &[100])),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_6,
        name: "reserved",
        what: "bit 44 is accepted, which is reserved",
        setting: unknown_offered,
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_also(d, &[44])),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_7,
        name: "other-transport",
        what: "SR_IOV is accepted on MMIO",
        setting: unknown_offered,
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_also(d, &[feature::SR_IOV])),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_8,
        name: "other-device-type",
        what: "bit 0 is accepted for an entropy device, which has no features of its own",
        setting: unknown_offered,
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_also(d, &[0])),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_10,
        name: "gives-up-silently",
        what: "VERSION_1 is missing, and the driver goes away without FAILED",
        setting: || Setting::entropy().odd(OddityKind::Version1Missing),
        exercise: |s| {
            s.give_up_before("accept features");
            s.before("cleanup", |d| d.set_status(0x83));
        },
        run: |s| s.omit("added"),
    },
    Mutant {
        requirement: id::CORE_DRV_FEAT_11,
        name: "refuses-unknown",
        what: "FAILED is written because unknown features are on offer",
        setting: unknown_offered,
        exercise: plain,
        run: |s| {
            s.give_up_before("accept features");
            s.before("cleanup", |d| d.set_status(0x83));
        },
    },
    Mutant {
        requirement: id::CORE_DRV_RESFEAT_1,
        name: "legacy-driver",
        what: "VERSION_1 is not accepted",
        setting: Setting::entropy,
        exercise: plain,
        run: |s| {
            s.replace("accept features", |d| accept_without(d, feature::VERSION_1));
            give_up_when_refused(s);
        },
    },
    Mutant {
        requirement: id::CORE_DRV_RESFEAT_3,
        name: "no-access-platform",
        what: "ACCESS_PLATFORM is not accepted",
        setting: || Setting::entropy().with(feature::ACCESS_PLATFORM),
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_without(d, feature::ACCESS_PLATFORM)),
    },
    Mutant {
        requirement: id::CORE_DRV_RESFEAT_6,
        name: "no-packed-ring",
        what: "RING_PACKED is not accepted",
        // The device side has no packed ring: the driver accepts it and goes away.
        setting: || Setting::entropy().widened(feature::RING_PACKED),
        exercise: |s| s.give_up_before("queues"),
        run: |s| s.replace("accept features", |d| accept_without(d, feature::RING_PACKED)),
    },
    Mutant {
        requirement: id::CORE_DRV_RESFEAT_7,
        name: "no-order-platform",
        what: "ORDER_PLATFORM is not accepted",
        setting: || Setting::entropy().with(feature::ORDER_PLATFORM),
        exercise: plain,
        run: |s| s.replace("accept features", |d| accept_without(d, feature::ORDER_PLATFORM)),
    },
];

/// `VIRTIO_NET_F_GUEST_CSUM` (§5.1.3).
const GUEST_CSUM: u32 = 1;
/// `VIRTIO_NET_F_GUEST_TSO4` (§5.1.3), which requires the other (§5.1.3.1).
const GUEST_TSO4: u32 = 7;

fn unknown_offered() -> Setting {
    Setting::new(DeviceType::ENTROPY).odd(OddityKind::UnknownFeaturesOffered)
}

fn accept(d: &mut Driver, features: Features) {
    d.accepted = features;
    for word in 0..4 {
        d.accept_word(word, features.word(word));
    }
}

fn accept_also(d: &mut Driver, bits: &[u32]) {
    accept(d, d.offered.and(d.setting.accept).with(Features::of(bits)));
}

fn accept_without(d: &mut Driver, bit: u32) {
    accept(d, d.offered.and(d.setting.accept).without(Features::bit(bit)));
}

fn accept_everything(s: &mut Script) {
    s.replace("accept features", |d| accept(d, d.offered));
}
