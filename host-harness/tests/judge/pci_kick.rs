//! PCI: notifications.

use parakit_abi::feature::{NOTIF_CONFIG_DATA, NOTIFICATION_DATA};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::transport::pci::Common;
use parakit_harness::observe::event::EventKind;

use crate::pci_script::{Pci, disk_offering};
use crate::script::Script;

/// A live disk with these features, which was asked for the notification data of its queue: 0x77.
fn with(bits: &[u32]) -> Script {
    let mut script = Script::new(disk_offering(bits));
    script.up(bits);
    if bits.contains(&NOTIF_CONFIG_DATA) {
        script.common(false, Common::QueueNotifConfigData, 0x77);
        script.push(EventKind::NotifConfigDataRead { queue: 0, value: 0x77 });
    }
    script
}

const BOTH: [u32; 2] = [NOTIFICATION_DATA, NOTIF_CONFIG_DATA];

#[test]
fn notifications_have_their_width() {
    with(&[]).kick_at(0, 2, 0).passes(id::PCI_DRV_KICK_1);
    for width in [1, 4, 8] {
        with(&[]).kick_at(0, width, 0).caught(id::PCI_DRV_KICK_1, &[]);
    }
    with(&[NOTIFICATION_DATA]).kick_at(0, 4, 0x0005_0000).passes(id::PCI_DRV_KICK_2);
    with(&[NOTIFICATION_DATA]).kick_at(0, 2, 0).caught(id::PCI_DRV_KICK_2, &[]);
}

#[test]
fn notifications_name_their_queue() {
    let cases: [(&[u32], u8, u64, u64, RequirementId); 4] = [
        (&[], 2, 0, 1, id::PCI_DRV_KICK_3),
        (&[NOTIFICATION_DATA], 4, 0x0005_0000, 0x0005_0001, id::PCI_DRV_KICK_4),
        (&[NOTIF_CONFIG_DATA], 2, 0x77, 0, id::PCI_DRV_KICK_5),
        (&BOTH, 4, 0x0005_0077, 0x0005_0000, id::PCI_DRV_KICK_6),
    ];
    for (bits, width, right, wrong, rule) in cases {
        with(bits).kick_at(0, width, right).passes(rule);
        with(bits).kick_at(0, width, wrong).caught(rule, &[]);
    }
}

#[test]
fn where_no_queue_is_nothing_is_said() {
    with(&[]).kick_at(5, 2, 5).silent(id::PCI_DRV_KICK_3);
    // The driver never asked where the queue is notified: it may be anywhere.
    let mut script = Script::new(disk_offering(&[]));
    script.agree(parakit_abi::feature::Features::bit(parakit_abi::feature::VERSION_1));
    script.select(0).addresses().enable(0, 1).status(15).kick_at(0, 2, 0).passes(id::PCI_DRV_KICK_3);
}
