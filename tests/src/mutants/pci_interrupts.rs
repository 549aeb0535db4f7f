//! PCI: vectors, the ISR status, notifications in both directions.

use parakit_abi::device::block::config;
use parakit_abi::feature::{NOTIF_CONFIG_DATA, NOTIFICATION_DATA};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{Common, NO_VECTOR};
use parakit_harness::device::Control;

use super::{Mutant, plain};
use crate::raw::{Driver, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::PCI_DRV_ISR_1,
        name: "isr-asked-for",
        what: "the ISR status is read at each interrupt of a queue although MSI-X is on",
        setting: msix,
        exercise: plain,
        run: |s| {
            s.replace("work", |d| {
                for _ in 0..3 {
                    let buffer = d.writable(8);
                    d.exchange(0, &[buffer]);
                    if let Some(isr) = d.function.isr {
                        let _reasons = d.machine.bar_read(isr, 1);
                    }
                }
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_MSIX_1,
        name: "wants-two",
        what: "FAILED is written because the table has one vector only",
        setting: || Setting { vectors: 1, ..msix() },
        exercise: plain,
        run: |s| {
            s.replace("vectors", |d| d.set_status(0x8b));
            s.give_up_before("queues");
        },
    },
    Mutant {
        requirement: id::PCI_DRV_MSIX_4,
        name: "outside-the-table",
        what: "changes of the configuration are mapped to vector 9 of 4",
        setting: msix,
        exercise: plain,
        run: |s| {
            s.replace("vectors", |d| {
                d.set_common(Common::ConfigMsixVector, 9);
                let refused = d.common(Common::ConfigMsixVector) == u64::from(NO_VECTOR);
                d.expect(refused, "the device refuses it");
            });
        },
    },
    Mutant {
        requirement: id::PCI_DRV_MSIX_5,
        name: "not-read-back",
        what: "the vector of configuration changes is written and never read",
        setting: msix,
        exercise: plain,
        run: |s| s.replace("vectors", |d| d.set_common(Common::ConfigMsixVector, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_1,
        name: "too-wide",
        what: "a notification is a write of 32 bits without NOTIFICATION_DATA",
        setting: intx,
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 4, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_2,
        name: "too-narrow",
        what: "a notification is a write of 16 bits with NOTIFICATION_DATA",
        setting: || intx().with(NOTIFICATION_DATA),
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 2, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_3,
        name: "another-queue",
        what: "a notification at the place of queue 0 names queue 5",
        setting: intx,
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 2, 5)),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_4,
        name: "another-queue",
        what: "a notification with data at the place of queue 0 names queue 5",
        setting: || intx().with(NOTIFICATION_DATA),
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 4, u64::from(d.notification(0) | 5))),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_5,
        name: "index-instead",
        what: "a notification carries the index of the queue although NOTIF_CONFIG_DATA was accepted",
        setting: || intx().with(NOTIF_CONFIG_DATA),
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 2, 0)),
    },
    Mutant {
        requirement: id::PCI_DRV_KICK_6,
        name: "index-instead",
        what: "a notification with data carries the index of the queue although NOTIF_CONFIG_DATA was accepted",
        setting: || intx().with(NOTIF_CONFIG_DATA).with(NOTIFICATION_DATA),
        exercise: plain,
        run: |s| s.before("cleanup", |d| d.ring_bell(0, 4, u64::from(d.notification(0) & 0xffff_0000))),
    },
    Mutant {
        requirement: id::PCI_DRV_CFGNOTIF_1,
        name: "one-reason-at-a-time",
        what: "a change of the configuration is overlooked where the same interrupt tells of used buffers",
        setting: || Setting::block().over_pci(),
        exercise: |s| {
            s.before("cleanup", |d| change_alone_and_with_a_buffer(d, |reasons| reasons & 2 != 0));
        },
        run: |s| {
            s.replace("added", |d| change_alone_and_with_a_buffer(d, |reasons| reasons == 2));
        },
    },
];

fn intx() -> Setting {
    Setting::entropy().over_pci()
}

fn msix() -> Setting {
    Setting::entropy().with_msix()
}

/// The capacity changes, once by itself and once together with a completion; then the driver goes on.
fn change_alone_and_with_a_buffer(d: &mut Driver, changed: fn(u32) -> bool) {
    let look = |d: &mut Driver| {
        let reasons = d.handle_interrupt();
        if changed(reasons) {
            let before = d.generation();
            let _capacity = d.config(config::CAPACITY, 4) | d.config(config::CAPACITY + 4, 4) << 32;
            let same = d.generation() == before;
            d.expect(same, "the configuration stays as it is for a moment");
        }
    };
    d.machine.control(&Control::Capacity(3000));
    look(d);
    let buffers = d.read_request(1, 512);
    d.add(0, &buffers);
    d.publish(0);
    d.machine.run();
    d.machine.control(&Control::Capacity(4000));
    look(d);
    d.take(0);
    for sector in 0..3 {
        d.read_sector(sector);
    }
}
