//! Why some rules have no checker.

use parakit_abi::requirement::{Observability, RequirementId, Side, id};

use super::not_checked_of_devices;
pub use super::not_checked_of_devices::DEVICE_AREAS;

/// The areas whose driver rules are all either checked or have their reason here.
pub const AREAS: &[&str] = &["CORE", "INIT", "MMIO", "PCI", "VQ-SPLIT", "VQ-PACKED", "BLK", "CONSOLE", "RNG"];

/// The rules without a checker, each with the reason, area by area.
const REASONS: &[(RequirementId, &str)] = &[
    // CORE
    (id::CORE_DRV_FEAT_9, "whether a driver could have run without a feature is known to the driver alone"),
    (id::CORE_DRV_CONFIG_1, "an assumption of the driver; what follows from it is judged under CORE-DRV-CONFIG-2"),
    (
        id::CORE_DRV_CONFIG_5,
        "what the driver compares inside leaves no trace; the outcome is judged under CORE-DRV-CONFIG-4",
    ),
    (id::CORE_DRV_RESFEAT_4, "the set-up of an IOMMU does not pass through the device"),
    (id::CORE_DRV_RESFEAT_5, "an address does not show whether it was meant as a physical one"),
    // MMIO
    (id::MMIO_DRV_REGS_11, "an error report goes to the guest's own log, not through the device"),
    (id::MMIO_DRV_IRQ_2, "which queues a driver looks at after an interrupt happens in its memory alone"),
    // VQ-SPLIT
    (id::VQ_SPLIT_DRV_FRAME_2, "the specification does not say how many descriptors are excessive"),
    (id::VQ_SPLIT_DRV_USED_1, "what a driver takes from a buffer happens in its memory alone"),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_3,
        "the device may have stopped asking while the notification was under way: that it was needless is never sure",
    ),
    (
        id::VQ_SPLIT_DRV_AVAILNOTIF_7,
        "the device may have moved avail_event while the notification was under way: that it was needless is never sure",
    ),
    (
        id::VQ_SPLIT_DRV_IDX_1,
        "x86 keeps stores in order, with a barrier and without; the kit's own barriers are tried by litmus tests",
    ),
    (
        id::VQ_SPLIT_DRV_KICK_1,
        "a barrier cannot be seen; the notification that is lost without it is told under VQ-SPLIT-DRV-AVAILNOTIF-4 or VQ-SPLIT-DRV-AVAILNOTIF-6",
    ),
    // VQ-PACKED
    (
        id::VQ_PACKED_DRV_FLAGS_1,
        "x86 keeps stores in order, with a barrier and without; the kit's own barriers are tried by litmus tests",
    ),
    // BLK
    (id::BLK_DRV_INIT_8, "whether a driver supports host-managed zones is known to the driver alone"),
    // CONSOLE
    (
        id::CONSOLE_DRV_MULTIPORT_3,
        "no device here has several ports, and events do not hold what a device writes into a control message",
    ),
    (
        id::CONSOLE_DRV_MULTIPORT_4,
        "no device here has several ports, and events do not hold what a device writes into a control message",
    ),
    // RNG
    (id::RNG_DRV_OP_2, "how many bytes a driver takes for random happens in its memory alone"),
];

/// The rules without a checker for which others stand, under which what can be seen is judged.
const IN_PLACE: &[(RequirementId, &[RequirementId])] = &[
    (id::CORE_DRV_CONFIG_1, &[id::CORE_DRV_CONFIG_2]),
    (id::CORE_DRV_CONFIG_5, &[id::CORE_DRV_CONFIG_4]),
    (id::CORE_DEV_SUSPEND_8, &[id::CORE_DEV_SUSPEND_3]),
    (id::VQ_PACKED_DEV_ORDER_1, &[id::CORE_DEV_RESFEAT_5]),
    (id::VQ_SPLIT_DRV_KICK_1, &[id::VQ_SPLIT_DRV_AVAILNOTIF_4, id::VQ_SPLIT_DRV_AVAILNOTIF_6]),
];

/// The rules under which what follows from `id`, which has no checker, is judged; its reason names them.
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::not_checked::in_place_of;
/// assert_eq!(in_place_of(id::CORE_DRV_CONFIG_1), [id::CORE_DRV_CONFIG_2]);
/// assert!(in_place_of(id::MMIO_DRV_REGS_11).is_empty());
/// ```
#[must_use]
pub fn in_place_of(id: RequirementId) -> &'static [RequirementId] {
    IN_PLACE.iter().find(|(known, _)| *known == id).map_or(&[], |(_, others)| others)
}

/// Those of them, and of the rules for devices, that could be seen from outside, had the harness the device or the probe for it.
const COULD_BE_CHECKED: &[RequirementId] = &[
    id::CONSOLE_DRV_MULTIPORT_3,
    id::CONSOLE_DRV_MULTIPORT_4,
    id::CONSOLE_DEV_MULTIPORT_1,
    id::CONSOLE_DEV_MULTIPORT_2,
    id::INPUT_DEV_OP_2,
    id::INPUT_DEV_OP_3,
];

/// Whether a rule with a reason of its own is one that could be seen from outside.
pub(super) fn could_be_checked(id: RequirementId) -> bool {
    COULD_BE_CHECKED.contains(&id)
}

/// Why the rule `id` has no checker; `None` when no reason is known (it is checked, or it belongs to an area not worked on).
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::not_checked;
/// assert!(not_checked::reason(id::MMIO_DRV_REGS_11).is_some());
/// assert_eq!(not_checked::reason(id::MMIO_DRV_REGS_4), None);
/// ```
#[must_use]
pub fn reason(id: RequirementId) -> Option<&'static str> {
    let row = id.get();
    if row.side == Side::Device {
        return not_checked_of_devices::reason(id);
    }
    if !AREAS.contains(&row.area) || row.side != Side::Driver || !row.kit_scope {
        return None;
    }
    if let Some((_, reason)) = REASONS.iter().find(|(known, _)| *known == id) {
        return Some(reason);
    }
    match row.observability {
        Observability::Permission => Some("a permission: there is nothing to violate"),
        Observability::None => Some("about what the driver assumes or intends, which leaves no trace"),
        _ => None,
    }
}

/// The rules that have a reason of their own here (those whose kind is reason enough left out).
pub fn listed() -> impl Iterator<Item = RequirementId> {
    REASONS.iter().map(|(id, _)| *id)
}
