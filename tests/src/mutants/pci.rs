//! PCI: finding functions, capabilities, and the window through configuration space.

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{Common, cap, header};
use parakit_harness::oddity::OddityKind;

use super::{Mutant, plain};
use crate::raw::{Driver, Place, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::PCI_DRV_DISCOVERY_1,
        name: "modern-ids-unknown",
        what: "only the ids of transitional devices are known",
        setting: entropy,
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_DISCOVERY_2,
        name: "transitional-ids-unknown",
        what: "only ids from 0x1040 on are known",
        setting: || entropy().odd(OddityKind::TransitionalIds),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_DISCOVERY_3,
        name: "revision-asked-for",
        what: "a function of revision 0 is left alone",
        setting: || entropy().odd(OddityKind::RevisionZero),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_1,
        name: "reserved-type",
        what: "a capability of a reserved type is reason enough to leave the function alone",
        setting: || entropy().odd(OddityKind::CapReservedType),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_2,
        name: "last-instance",
        what: "of two common configurations the last is used",
        setting: || entropy().odd(OddityKind::CapSecondInstance),
        exercise: plain,
        run: |s| {
            s.after("probe", |d| {
                let mut at = u16::from(d.machine.config_read(header::CAPABILITIES, 1) as u8);
                while at >= 0x40 {
                    let read = |field, width| d.machine.config_read(at + field, width);
                    if (read(cap::VNDR, 1), read(cap::CFG_TYPE, 1)) == (9, 1) {
                        let place = Place { bar: read(cap::BAR, 1) as u8, offset: read(cap::OFFSET, 4) };
                        d.function.common = Some(place);
                    }
                    at = u16::from(read(cap::NEXT, 1) as u8);
                }
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_3,
        name: "exact-length",
        what: "capabilities that are longer than known are refused",
        setting: || entropy().odd(OddityKind::CapTooLong),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_4,
        name: "reserved-bar",
        what: "a capability with a reserved BAR is reason enough to leave the function alone",
        setting: || entropy().odd(OddityKind::CapReservedBar),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_6,
        name: "exact-structures",
        what: "structures of 64 KiB are refused",
        setting: || entropy().odd(OddityKind::StructuresLarge),
        exercise: plain,
        run: overlooks,
    },
    Mutant {
        requirement: id::PCI_DRV_CAP_8,
        name: "capability-written",
        what: "the offset in the first capability is written",
        setting: entropy,
        exercise: plain,
        run: |s| {
            s.after("probe", |d| {
                let first = d.machine.config_read(header::CAPABILITIES, 1) as u16;
                d.machine.config_write(first + cap::OFFSET, 4, 0);
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_CFGACCESS_1,
        name: "misaligned",
        what: "two bytes at an odd offset are read through the window",
        setting: entropy,
        exercise: |s| s.after("probe", |d| window(d, Common::NumQueues.offset(), 2)),
        run: |s| s.replace("added", |d| window(d, Common::NumQueues.offset() + 1, 2)),
    },
    Mutant {
        requirement: id::PCI_DRV_CFGACCESS_2,
        name: "misaligned-word",
        what: "four bytes at half of such an offset are read through the window",
        setting: entropy,
        exercise: |s| s.after("probe", |d| window(d, Common::DeviceFeature.offset(), 4)),
        run: |s| s.replace("added", |d| window(d, Common::DeviceFeature.offset() + 2, 4)),
    },
    Mutant {
        requirement: id::PCI_DRV_CFGACCESS_3,
        name: "nowhere",
        what: "the window is used where no structure is",
        setting: entropy,
        exercise: |s| s.after("probe", |d| window(d, Common::DeviceStatus.offset(), 1)),
        run: |s| s.replace("added", |d| window(d, 0x800, 4)),
    },
    Mutant {
        requirement: id::PCI_DRV_CFGACCESS_3,
        name: "length-of-three",
        what: "the window is used with a length that is none",
        setting: entropy,
        exercise: |s| s.after("probe", |d| window(d, Common::DeviceStatus.offset(), 1)),
        run: |s| s.replace("added", |d| window(d, 0, 3)),
    },
];

fn entropy() -> Setting {
    Setting::entropy().over_pci()
}

/// The driver looks at the function and leaves it alone.
fn overlooks(s: &mut Script) {
    s.stop_before("reset");
}

/// Reads through the window, `offset` bytes into the common configuration.
fn window(d: &mut Driver, offset: u64, length: u64) {
    let (Some(at), Some(common)) = (d.function.window, d.function.common) else { return };
    d.machine.config_write(at + cap::BAR, 1, common.bar.into());
    d.machine.config_write(at + cap::OFFSET, 4, common.offset + offset);
    d.machine.config_write(at + cap::LENGTH, 4, length);
    let _value = d.machine.config_read(at + cap::PCI_CFG_DATA, 4);
}
