//! Why some rules for devices have no checker.

use parakit_abi::requirement::{Observability, RequirementId, Side, id};

/// The areas whose rules for devices probes look at.
pub const DEVICE_AREAS: &[&str] = &["CORE", "MMIO", "PCI", "VQ-SPLIT", "VQ-PACKED", "CONSOLE", "RNG", "INPUT"];

/// The rules without a checker, each with the reason, area by area.
const REASONS: &[(RequirementId, &str)] = &[
    // CORE
    (
        id::CORE_DEV_SUSPEND_8,
        "a buffer taken too late looks like one taken in time; what the device does once it shows the suspension is judged under CORE-DEV-SUSPEND-3",
    ),
    (
        id::CORE_DEV_RESFEAT_3,
        "whether the platform translates or restricts the addresses of a device is not for the guest to see",
    ),
    (id::CORE_DEV_RESFEAT_8, "whether a PCI function is on a card that was put in is not for the guest to see"),
    // MMIO
    (id::MMIO_DEV_REGS_11, "how long the reset of a queue goes on inside is known by this register alone"),
    // PCI
    (id::PCI_DEV_COMMON_12, "how long the reset of a queue goes on inside is known by this register alone"),
    (
        id::PCI_DEV_LEGLAYOUT_5,
        "about functions with the ids of a transitional device and no legacy interface; whether such a one wants to answer legacy drivers is its own affair",
    ),
    (
        id::PCI_DEV_LEGLAYOUT_6,
        "about functions with the ids of a transitional device and no legacy interface; whether such a one wants to answer legacy drivers is its own affair",
    ),
    // VQ-PACKED
    (
        id::VQ_PACKED_DEV_ORDER_1,
        "a device that begins in one order may end in another, and only the end is seen; where both are one, with VIRTIO_F_IN_ORDER, it is judged under CORE-DEV-RESFEAT-5",
    ),
    // CONSOLE
    (id::CONSOLE_DEV_INIT_2, "where a character goes that was written to emerg_wr is not for the guest to see"),
    (id::CONSOLE_DEV_MULTIPORT_1, "no probe drives a console with several ports"),
    (id::CONSOLE_DEV_MULTIPORT_2, "no probe drives a console with several ports"),
    // INPUT
    (id::INPUT_DEV_OP_2, "no probe has a device send more events than it has buffers for"),
    (id::INPUT_DEV_OP_3, "no probe has a device send more events than it has buffers for"),
];

/// Why the rule `id`, one for devices, has no checker; `None` when no reason is known.
pub(super) fn reason(id: RequirementId) -> Option<&'static str> {
    let row = id.get();
    if !DEVICE_AREAS.contains(&row.area) || row.side != Side::Device || !row.kit_scope {
        return None;
    }
    if let Some((_, reason)) = REASONS.iter().find(|(known, _)| *known == id) {
        return Some(reason);
    }
    match row.observability {
        Observability::Permission => Some("a permission: there is nothing to violate"),
        Observability::None => Some("about what the device does inside, which leaves no trace"),
        _ => None,
    }
}
