//! What cannot be seen of a driver behind vhost-user: the front end has its end of the device, and passes on memory, rings, notifications, the
//! features that were agreed on, and writes of the configuration space.
//!
//! Verdicts are given on rings, buffers and requests. What a checker says on the rest is left out there, because it is about the front end, or
//! about what the front end did not pass on.

use parakit_abi::requirement::{RequirementId, Side, id};

const STATUS: &str = "over vhost-user the VMM keeps the device status to itself";
const FEATURES: &str = "over vhost-user the VMM makes the offer and passes on those accepted features that it knows";
const CONFIG: &str = "over vhost-user the VMM answers for the configuration space";
const REGISTERS: &str = "over vhost-user the VMM has the transport, with its registers and interrupts";
const DEVICE: &str = "over vhost-user the guest runs no probe, and sees the VMM's device";
const RESET: &str = "over vhost-user the VMM does not pass on resets of queues";
const DATA: &str = "over vhost-user notifications carry no data";

/// Rules of areas that are seen otherwise.
const REASONS: &[(RequirementId, &str)] = &[
    // A driver that gives up says so in the status.
    (id::VQ_SPLIT_DRV_USEDNOTIF_5, STATUS),
    (id::VQ_PACKED_DRV_DESC_3, DATA),
    (id::BLK_DRV_INIT_4, CONFIG),
    (id::BLK_DRV_OP_1, CONFIG),
    (id::BLK_DRV_OP_3, FEATURES),
    // That the message never came shows when the driver resets the device.
    (id::CONSOLE_DRV_MULTIPORT_1, STATUS),
];

/// Why nothing is said on a rule that checkers judge on other transports; `None` where they judge it here too.
///
/// ```
/// use parakit_abi::requirement::id;
/// use parakit_harness::judge::vhost_user;
/// assert_eq!(vhost_user::kept_back(id::VQ_SPLIT_DRV_AVAIL_1), None);
/// assert!(vhost_user::kept_back(id::CORE_DRV_STATUS_1).is_some());
/// ```
#[must_use]
pub fn kept_back(id: RequirementId) -> Option<&'static str> {
    if let Some((_, reason)) = REASONS.iter().find(|(known, _)| *known == id) {
        return Some(reason);
    }
    let row = id.get();
    if row.side == Side::Device {
        return Some(DEVICE);
    }
    let of = |part: &str| row.id.starts_with(part);
    match row.area {
        "MMIO" | "PCI" => Some(REGISTERS),
        // What lies in rings at the end of a driver is seen; the way to its beginning is not.
        "INIT" if !of("INIT-DRV-CLEANUP-") => Some(STATUS),
        "CORE" if of("CORE-DRV-FEAT-") || of("CORE-DRV-RESFEAT-") => Some(FEATURES),
        "CORE" if of("CORE-DRV-CONFIG-") => Some(CONFIG),
        "CORE" if of("CORE-DRV-QRE") => Some(RESET),
        "CORE" => Some(STATUS),
        _ => None,
    }
}
