//! What the guest's probes found of the rules for devices.
//!
//! A probe drives the device by hand and looks at what it does ([`parakit_exercise`]); the guest reports its findings, which become events at the end
//! of the run, and verdicts here. So a trace holds them too, and they are told like all others.

use parakit_abi::mailbox::{Record, Value};
use parakit_abi::requirement::{RequirementId, id};

use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};
use crate::vmm::Evidence;

pub(super) const KINDS: &[CheckerKind] = &[CheckerKind { name: "probe", requirements: REQUIREMENTS, make }];

/// The rules that probes look at.
const REQUIREMENTS: &[RequirementId] = &[
    // Core: offer, status, reset, configuration
    id::CORE_DEV_STATUS_1,
    id::CORE_DEV_STATUS_2,
    id::CORE_DEV_STATUS_3,
    id::CORE_DEV_FEAT_1,
    id::CORE_DEV_FEAT_2,
    id::CORE_DEV_FEAT_3,
    id::CORE_DEV_FEAT_4,
    id::CORE_DEV_FEAT_5,
    id::CORE_DEV_RESET_1,
    id::CORE_DEV_RESET_2,
    id::CORE_DEV_CONFIG_1,
    id::CORE_DEV_RESFEAT_1,
    id::CORE_DEV_RESFEAT_5,
    // Core: queue reset, suspension
    id::CORE_DEV_QRESET_1,
    id::CORE_DEV_QRESET_2,
    id::CORE_DEV_QREENABLE_1,
    id::CORE_DEV_SUSPEND_1,
    id::CORE_DEV_SUSPEND_2,
    id::CORE_DEV_SUSPEND_3,
    id::CORE_DEV_SUSPEND_4,
    id::CORE_DEV_SUSPEND_5,
    id::CORE_DEV_SUSPEND_6,
    id::CORE_DEV_SUSPEND_7,
    id::CORE_DEV_SUSPEND_9,
    id::CORE_DEV_SUSPEND_10,
    // Split ring
    id::VQ_SPLIT_DEV_FRAME_1,
    id::VQ_SPLIT_DEV_DESC_1,
    id::VQ_SPLIT_DEV_DESC_4,
    id::VQ_SPLIT_DEV_INDIRECT_1,
    id::VQ_SPLIT_DEV_INDIRECT_2,
    id::VQ_SPLIT_DEV_USEDNOTIF_1,
    id::VQ_SPLIT_DEV_USEDNOTIF_2,
    id::VQ_SPLIT_DEV_USEDNOTIF_3,
    id::VQ_SPLIT_DEV_USEDNOTIF_4,
    id::VQ_SPLIT_DEV_USEDNOTIF_5,
    id::VQ_SPLIT_DEV_USEDNOTIF_6,
    id::VQ_SPLIT_DEV_USED_1,
    id::VQ_SPLIT_DEV_USED_2,
    id::VQ_SPLIT_DEV_AVAILNOTIF_1,
    id::VQ_SPLIT_DEV_AVAILNOTIF_3,
    id::VQ_SPLIT_DEV_AVAILNOTIF_5,
    // Packed ring
    id::VQ_PACKED_DEV_ORDER_2,
    id::VQ_PACKED_DEV_DESC_1,
    id::VQ_PACKED_DEV_DESC_3,
    id::VQ_PACKED_DEV_DESC_4,
    id::VQ_PACKED_DEV_SG_1,
    // MMIO
    id::MMIO_DEV_REGS_1,
    id::MMIO_DEV_REGS_2,
    id::MMIO_DEV_REGS_3,
    id::MMIO_DEV_REGS_4,
    id::MMIO_DEV_REGS_5,
    id::MMIO_DEV_REGS_6,
    id::MMIO_DEV_REGS_7,
    id::MMIO_DEV_REGS_8,
    id::MMIO_DEV_REGS_9,
    id::MMIO_DEV_REGS_10,
    id::MMIO_DEV_REGS_12,
    // PCI
    id::PCI_DEV_BUS_1,
    id::PCI_DEV_DISCOVERY_2,
    id::PCI_DEV_DISCOVERY_4,
    id::PCI_DEV_DISCOVERY_5,
    id::PCI_DEV_DISCOVERY_6,
    id::PCI_DEV_LAYOUT_1,
    id::PCI_DEV_CAP_1,
    id::PCI_DEV_COMMON_1,
    id::PCI_DEV_COMMON_2,
    id::PCI_DEV_COMMON_3,
    id::PCI_DEV_COMMON_4,
    id::PCI_DEV_COMMON_6,
    id::PCI_DEV_COMMON_7,
    id::PCI_DEV_COMMON_8,
    id::PCI_DEV_COMMON_9,
    id::PCI_DEV_COMMON_10,
    id::PCI_DEV_COMMON_11,
    id::PCI_DEV_COMMON_13,
    id::PCI_DEV_COMMON_14,
    id::PCI_DEV_COMMON_15,
    id::PCI_DEV_NOTIFYCAP_1,
    id::PCI_DEV_NOTIFYCAP_2,
    id::PCI_DEV_NOTIFYCAP_3,
    id::PCI_DEV_NOTIFYCAP_4,
    id::PCI_DEV_NOTIFYCAP_5,
    id::PCI_DEV_NOTIFYCAP_6,
    id::PCI_DEV_NOTIFYCAP_7,
    id::PCI_DEV_NOTIFYCAP_8,
    id::PCI_DEV_NOTIFYCAP_9,
    id::PCI_DEV_NOTIFYCAP_10,
    id::PCI_DEV_NOTIFYCAP_11,
    id::PCI_DEV_ISR_1,
    id::PCI_DEV_ISR_2,
    id::PCI_DEV_ISR_3,
    id::PCI_DEV_ISR_4,
    id::PCI_DEV_ISR_5,
    id::PCI_DEV_TXTDEVCFG_1,
    id::PCI_DEV_DEVCFG_1,
    id::PCI_DEV_CFGACCESS_1,
    id::PCI_DEV_CFGACCESS_2,
    id::PCI_DEV_CFGACCESS_3,
    id::PCI_DEV_MSIX_1,
    id::PCI_DEV_MSIX_2,
    id::PCI_DEV_MSIX_4,
    id::PCI_DEV_MSIX_5,
    id::PCI_DEV_MSIX_6,
    id::PCI_DEV_MSIX_7,
    id::PCI_DEV_MSIX_8,
    id::PCI_DEV_MSIX_9,
    id::PCI_DEV_USEDNOTIF_1,
    id::PCI_DEV_CFGNOTIF_1,
    // Types
    id::CONSOLE_DEV_INIT_1,
    id::RNG_DEV_OP_1,
    id::NET_DEV_CONFIG_1,
    id::NET_DEV_CONFIG_2,
    id::NET_DEV_CONFIG_3,
    id::NET_DEV_CONFIG_10,
    id::NET_DEV_CONFIG_11,
    id::NET_DEV_CONFIG_14,
    id::INPUT_DEV_INIT_1,
    id::GPU_DEV_TXTHDR_1,
    id::GPU_DEV_TXTHDR_2,
    id::VSOCK_DEV_FEAT_1,
    id::VSOCK_DEV_RXTX_1,
];

/// The rules that probes look at.
#[must_use]
pub fn requirements() -> &'static [RequirementId] {
    REQUIREMENTS
}

fn make(_: &DeviceInfo) -> Option<Box<dyn Checker>> {
    Some(Box::new(Probe))
}

struct Probe;

impl Checker for Probe {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let EventKind::Finding { requirement, passed, violated, evidence } = &event.kind else { return };
        // The guest may report anything.
        let Some(id) = RequirementId::parse(requirement).filter(|id| REQUIREMENTS.contains(id)) else { return };
        verdicts.count(id, u64::from(*passed), u64::from(*violated).saturating_sub(evidence.len() as u64));
        for (expected, seen) in evidence {
            verdicts.violate(id, event, expected, seen);
        }
    }
}

/// The findings in what a guest reported, as events of the device under the probe.
#[must_use]
pub fn findings(records: &[Record], evidence: &[Evidence]) -> Vec<EventKind> {
    let finding = |record: &Record| {
        let Value::Verdict { passed, violated } = record.value else { return None };
        let id = RequirementId::parse(record.name())?;
        let of = evidence.iter().filter(|e| e.requirement == id).take(violated as usize);
        Some(EventKind::Finding {
            requirement: record.name().to_owned(),
            passed,
            violated,
            evidence: of.map(|e| (e.expected.clone(), e.seen.clone())).collect(),
        })
    };
    records.iter().filter_map(finding).collect()
}
