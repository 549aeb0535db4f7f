//! The notification capability (§4.1.4.4).

use alloc::format;

use parakit_abi::feature;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::transport::pci::{CfgType, Common};

use super::pci;
use crate::probe::subject::Subject;
use crate::{Env, Failure};

/// The rules for one width of notifications.
struct Rules {
    /// Bytes of a notification.
    width: u32,
    aligned: RequirementId,
    multiplier: RequirementId,
    least: RequirementId,
    /// Room for all queues, told as a rule of its own and as a formula.
    room: [RequirementId; 2],
}

const PLAIN: Rules = Rules {
    width: 2,
    aligned: id::PCI_DEV_NOTIFYCAP_2,
    multiplier: id::PCI_DEV_NOTIFYCAP_3,
    least: id::PCI_DEV_NOTIFYCAP_4,
    room: [id::PCI_DEV_NOTIFYCAP_5, id::PCI_DEV_NOTIFYCAP_6],
};

const WITH_DATA: Rules = Rules {
    width: 4,
    aligned: id::PCI_DEV_NOTIFYCAP_8,
    multiplier: id::PCI_DEV_NOTIFYCAP_7,
    least: id::PCI_DEV_NOTIFYCAP_9,
    room: [id::PCI_DEV_NOTIFYCAP_10, id::PCI_DEV_NOTIFYCAP_11],
};

/// Where queues are notified, by whether `VIRTIO_F_NOTIFICATION_DATA` is offered.
pub(in crate::probe) fn notification<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let pci = pci(s)?;
    s.reset()?;
    let rules = if s.offered().has(feature::NOTIFICATION_DATA) { WITH_DATA } else { PLAIN };
    let Some(cap) = pci.first(CfgType::Notify) else { return Ok(()) };
    let width = rules.width;
    s.check(rules.aligned, cap.offset % width == 0, "notifications lie at a multiple of their width", || {
        format!("they lie at {:#x}", cap.offset)
    });
    let multiplier = cap.multiplier;
    s.check(
        rules.multiplier,
        multiplier == 0 || multiplier.is_power_of_two() && multiplier % width == 0,
        "notify_off_multiplier is 0, or a power of two that notifications fit",
        || format!("it is {multiplier}"),
    );
    s.check(rules.least, cap.length >= width, "there is room for one notification", || {
        format!("the length is {}", cap.length)
    });
    for queue in 0..pci.common(Common::NumQueues) {
        pci.set_common(Common::QueueSelect, queue);
        let off = pci.common(Common::QueueNotifyOff);
        let end = u64::from(off) * u64::from(multiplier) + u64::from(width);
        for id in rules.room {
            s.check(id, u64::from(cap.length) >= end, "there is room for the notifications of all queues", || {
                format!("queue {queue} is notified at {off} times {multiplier}, the length is {}", cap.length)
            });
        }
    }
    Ok(())
}
