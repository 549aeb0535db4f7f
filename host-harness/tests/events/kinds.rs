//! Every kind of event, with numbers that are easily found again.

use parakit_harness::observe::event::{
    Alteration, Chain, ChainFault, DeviceInfo, EventKind, Link, PciInfo, PciStructure, QueueInfo, TransportKind,
};

/// Number of kinds that [`place`] knows.
pub(crate) const KINDS: usize = 44;

/// A place for each kind, so that one that is added here is added below too.
pub(crate) fn place(kind: &EventKind) -> usize {
    match kind {
        EventKind::Device(_) => 0,
        EventKind::Register { .. } => 1,
        EventKind::PciConfig { .. } => 2,
        EventKind::PciBar { .. } => 3,
        EventKind::StatusRead { .. } => 4,
        EventKind::StatusWrite { .. } => 5,
        EventKind::ResetDone => 6,
        EventKind::DeviceFeaturesRead { .. } => 7,
        EventKind::DriverFeaturesWrite { .. } => 8,
        EventKind::ConfigRead { .. } => 9,
        EventKind::ConfigWrite { .. } => 10,
        EventKind::ConfigGenerationRead { .. } => 11,
        EventKind::ConfigChanged { .. } => 12,
        EventKind::QueueSizeMaxRead { .. } => 13,
        EventKind::QueueSizeWrite { .. } => 14,
        EventKind::QueueReadyRead { .. } => 15,
        EventKind::QueueReadyWrite { .. } => 16,
        EventKind::QueueResetRead { .. } => 17,
        EventKind::QueueResetWrite { .. } => 18,
        EventKind::QueueEnabled(_) => 19,
        EventKind::VectorWrite { .. } => 20,
        EventKind::VectorRead { .. } => 21,
        EventKind::MsixControl { .. } => 22,
        EventKind::NotifyOffRead { .. } => 23,
        EventKind::NotifConfigDataRead { .. } => 24,
        EventKind::Notify { .. } => 25,
        EventKind::NotifyData { .. } => 26,
        EventKind::Interrupt { .. } => 27,
        EventKind::Vector { .. } => 28,
        EventKind::InterruptStatusRead { .. } => 29,
        EventKind::InterruptAck { .. } => 30,
        EventKind::PackedSuppression { .. } => 31,
        EventKind::PackedUsed { .. } => 32,
        EventKind::AvailIdx { .. } => 33,
        EventKind::Available(_) | EventKind::Altered { .. } => 34,
        EventKind::Suppression { .. } => 35,
        EventKind::Used { .. } => 36,
        EventKind::Quiet { .. } => 37,
        EventKind::Provoke { .. } | EventKind::Signal { .. } => 38,
        EventKind::Finding { .. } => 40,
        EventKind::Started { .. } => 41,
        EventKind::Stopped { .. } => 42,
        EventKind::Resumed { .. } => 43,
        EventKind::Dropped { .. } | EventKind::End { .. } => 39,
    }
}

/// At least one of each kind.
pub(crate) fn kinds() -> Vec<EventKind> {
    let link = Link { indirect: true, index: 3, addr: u64::MAX, len: 7, flags: 0x8081, next: 9 };
    let chain = |broken| {
        EventKind::Available(Chain {
            queue: 1,
            slot: 0x8003,
            head: 9,
            links: vec![link],
            broken,
            readable: vec![0, 255],
        })
    };
    let faults = [
        ChainFault::IndexOutside { index: 8, entries: 8 },
        ChainFault::Loop { index: 2 },
        ChainFault::BadIndirectLength { len: 17 },
        ChainFault::Unmapped { addr: 1 << 63, len: 4 },
        ChainFault::NotAvailable { index: 1 },
        ChainFault::NotFree { index: 1 },
        ChainFault::NotWalked,
    ];
    let device = |transport, pci| {
        EventKind::Device(DeviceInfo {
            name: "block0".to_owned(),
            device_type: 2,
            transport,
            offered: [1 << 34, 1],
            queue_max: vec![256, 0],
            config: vec![1, 2, 0xff],
            identity: [0, 0, 2],
            pci,
            assigned: true,
        })
    };
    let structure = PciStructure { cfg_type: 2, id: 0, bar: 4, offset: 0x3000, length: 8, multiplier: 4 };
    let pci = PciInfo {
        config: vec![0xf4, 0x1a],
        bars: [0, 0, 0, 0, 0x4000, 0],
        wide: [false, false, false, false, true, false],
        structures: vec![structure],
        msix_vectors: 3,
        msix_table: (4, 0x2000),
    };
    let queue = |packed: bool| {
        let word = (!packed).then_some(1);
        EventKind::QueueEnabled(QueueInfo {
            queue: 0,
            size: 3,
            desc: 1 << 40,
            driver: 4,
            device: 8,
            packed,
            avail_flags: word,
            avail_idx: word,
            used_flags: None,
            used_idx: word,
        })
    };
    let mut kinds = vec![
        device(TransportKind::Mmio, None),
        device(TransportKind::MmioLegacy, None),
        device(TransportKind::Pci, Some(pci)),
        EventKind::Register { write: true, offset: 0x50, width: 4, value: u64::MAX },
        EventKind::PciConfig { write: false, offset: 0xffc, width: 2, value: 0xffff },
        EventKind::PciBar { write: true, bar: 5, offset: 1 << 40, width: 8, value: 1 },
        EventKind::StatusRead { value: 15 },
        EventKind::StatusWrite { value: 0 },
        EventKind::ResetDone,
        EventKind::DeviceFeaturesRead { word: 1, value: u32::MAX },
        EventKind::DriverFeaturesWrite { word: 3, value: 0 },
        device(TransportKind::VhostUser, None),
        EventKind::Started { features: [1 << 32, 0] },
        EventKind::Stopped { queue: 1 },
        EventKind::Resumed { queue: 1 },
        EventKind::ConfigRead { offset: 8, width: 8, value: 5 },
        EventKind::ConfigWrite { offset: 0, width: 1, value: 1 },
        EventKind::ConfigGenerationRead { value: 7 },
        EventKind::ConfigChanged { generation: 8, bytes: vec![9, 9] },
        EventKind::QueueSizeMaxRead { queue: 0, value: 256 },
        EventKind::QueueSizeWrite { queue: 0, value: 3 },
        EventKind::QueueReadyRead { queue: 1, value: 0 },
        EventKind::QueueReadyWrite { queue: 1, value: 1 },
        EventKind::QueueResetRead { queue: 1, value: 1 },
        EventKind::QueueResetWrite { queue: 1, value: 1 },
        queue(false),
        queue(true),
        EventKind::VectorWrite { queue: None, value: 0xffff },
        EventKind::VectorRead { queue: Some(3), value: 2 },
        EventKind::MsixControl { enabled: true, masked: false },
        EventKind::NotifyOffRead { queue: 2, value: 2 },
        EventKind::NotifConfigDataRead { queue: 2, value: 0x1234 },
        EventKind::Notify { queue: 2, count: 3 },
        EventKind::NotifyData { queue: 2, next: 0x8001 },
        EventKind::Interrupt { reasons: 3, spurious: false },
        EventKind::Vector { vector: Some(2) },
        EventKind::Vector { vector: None },
        EventKind::InterruptStatusRead { value: 1 },
        EventKind::InterruptAck { value: 1 },
        EventKind::PackedSuppression {
            queue: 0,
            driver_off_wrap: 0x8000,
            driver_flags: 2,
            device_off_wrap: 0x7fff,
            device_flags: 0xfffd,
        },
        EventKind::PackedUsed { queue: 0, position: 0x8002, id: 5, len: u32::MAX, flags: 0x8082 },
        EventKind::AvailIdx { queue: 0, old: 65535, new: 0 },
        chain(None),
        EventKind::Altered {
            queue: 0,
            head: 9,
            what: Alteration::Descriptor { was: link, is: Link { indirect: false, ..link } },
        },
        EventKind::Altered { queue: 0, head: 9, what: Alteration::AvailableEntry { slot: 1, was: 2, is: 3 } },
        EventKind::Suppression { queue: 0, avail_flags: 1, used_event: 2, used_flags: 3, avail_event: 4 },
        EventKind::Used { queue: 0, slot: 0x8002, id: u32::MAX, len: 1 },
        EventKind::Quiet { queue: 0, seen: 0x8000, avail_idx: 1, waited_ns: u64::MAX },
        EventKind::Provoke { what: "complete-late".to_owned() },
        EventKind::Signal { code: 1, argument: u64::MAX },
        EventKind::Finding {
            requirement: "VQ-SPLIT-DEV-1".to_owned(),
            passed: 3,
            violated: 1,
            evidence: vec![("what was \"expected\"".to_owned(), "what was seen\n".to_owned())],
        },
        EventKind::Dropped { events: 3 },
        EventKind::End { reason: EventKind::FINISHED.to_owned() },
    ];
    kinds.extend(faults.map(|fault| chain(Some(fault))));
    kinds
}
