//! Traces of a driver of a PCI function: as [`Script`], with the accesses that PCI has.

use parakit_abi::device::{ConfigField, DeviceType, config_fields};
use parakit_abi::feature::{self, Features};
use parakit_abi::transport::pci::{CAP_MSIX, CAP_VENDOR, CfgType, Common, MODERN_DEVICE, VENDOR, cap, header, msix};
use parakit_harness::observe::event::{DeviceInfo, EventKind, PciInfo, PciStructure, TransportKind};

use crate::script::{Script, info};

/// A capability in the making.
#[derive(Clone, Copy)]
pub(crate) struct Cap {
    pub(crate) cfg_type: u8,
    pub(crate) len: u8,
    pub(crate) bar: u8,
    pub(crate) offset: u32,
    pub(crate) length: u32,
    pub(crate) more: u32,
}

const fn cap_of(kind: CfgType, len: u8, offset: u32, length: u32, more: u32) -> Cap {
    Cap { cfg_type: kind as u8, len, bar: 0, offset, length, more }
}

/// The capabilities of a plain function: every structure in a page of BAR 0.
pub(crate) const PLAIN: [Cap; 5] = [
    cap_of(CfgType::Common, cap::SIZE, 0x0000, 0x40, 0),
    cap_of(CfgType::Notify, cap::NOTIFY_SIZE, 0x3000, 0x1000, 4),
    cap_of(CfgType::Isr, cap::SIZE, 0x1000, 4, 0),
    cap_of(CfgType::Device, cap::SIZE, 0x2000, 0x100, 0),
    cap_of(CfgType::Pci, cap::PCI_CFG_SIZE, 0, 0, 0),
];

/// Where the configuration access capability of a plain function is: the last of the list.
pub(crate) const WINDOW: u16 = 0x40 + 3 * 16 + 20;

/// Configuration space with these ids and capabilities, and the structures that the known ones describe.
pub(crate) fn function(device_id: u16, revision: u8, caps: &[Cap], vectors: u16) -> PciInfo {
    let mut config = vec![0; 256];
    let put = |config: &mut Vec<u8>, at: usize, bytes: &[u8]| config[at..at + bytes.len()].copy_from_slice(bytes);
    put(&mut config, header::VENDOR_ID.into(), &VENDOR.to_le_bytes());
    put(&mut config, header::DEVICE_ID.into(), &device_id.to_le_bytes());
    put(&mut config, header::STATUS.into(), &16_u16.to_le_bytes());
    put(&mut config, header::REVISION_ID.into(), &[revision]);
    put(&mut config, header::CAPABILITIES.into(), &[0x40]);
    let mut at = 0x40;
    for (i, c) in caps.iter().enumerate() {
        let last = i + 1 == caps.len() && vectors == 0;
        let next = if last { 0 } else { at as u8 + c.len };
        put(&mut config, at, &[CAP_VENDOR, next, c.len, c.cfg_type, c.bar, 0, 0, 0]);
        put(&mut config, at + 8, &c.offset.to_le_bytes());
        put(&mut config, at + 12, &c.length.to_le_bytes());
        if c.len >= 20 {
            put(&mut config, at + 16, &c.more.to_le_bytes());
        }
        at += usize::from(c.len);
    }
    if vectors > 0 {
        put(&mut config, at, &[CAP_MSIX, 0]);
        put(&mut config, at + usize::from(msix::CONTROL), &(vectors - 1).to_le_bytes());
    }
    let real = |c: &&Cap| c.bar == 0 && CfgType::from_u8(c.cfg_type).is_some_and(|k| k != CfgType::Pci);
    let structure = |c: &Cap| PciStructure {
        cfg_type: c.cfg_type,
        id: 0,
        bar: 0,
        offset: c.offset.into(),
        length: c.length.into(),
        multiplier: c.more,
    };
    PciInfo {
        config,
        bars: [0x10_0000, 0, 0, 0, 0, 0],
        wide: [false; 6],
        structures: caps.iter().filter(real).map(structure).collect(),
        msix_vectors: vectors,
        msix_table: (0, 0x8000),
    }
}

/// A plain disk over PCI, with eight vectors.
pub(crate) fn disk() -> DeviceInfo {
    let block = info(DeviceType::BLOCK);
    DeviceInfo {
        transport: TransportKind::Pci,
        identity: [0, 0, block.device_type],
        pci: Some(function(MODERN_DEVICE + 2, 1, &PLAIN, 8)),
        assigned: true,
        ..block
    }
}

/// The same with other features on offer.
pub(crate) fn disk_offering(bits: &[u32]) -> DeviceInfo {
    let mut disk = disk();
    disk.offered[0] |= Features::of(bits).0 as u64;
    disk
}

/// What a driver does over PCI.
pub(crate) trait Pci {
    /// An access to a field of the common configuration, at its width and without the event of its meaning.
    fn common(&mut self, write: bool, field: Common, value: u64) -> &mut Self;
    /// Asks for the ids.
    fn find(&mut self) -> &mut Self;
    fn status(&mut self, value: u8) -> &mut Self;
    fn status_is(&mut self, value: u8) -> &mut Self;
    fn reset_pci(&mut self) -> &mut Self;
    fn features_pci(&mut self, accepted: Features) -> &mut Self;
    fn msix(&mut self, enabled: bool) -> &mut Self;
    fn map(&mut self, queue: Option<u32>, vector: u16) -> &mut Self;
    fn map_is(&mut self, queue: Option<u32>, vector: u16) -> &mut Self;
    fn select(&mut self, queue: u32) -> &mut Self;
    fn size(&mut self, queue: u32, size: u16) -> &mut Self;
    /// Writes where the parts of the selected queue are.
    fn addresses(&mut self) -> &mut Self;
    fn enable(&mut self, queue: u32, value: u16) -> &mut Self;
    /// From the ids to FEATURES_OK.
    fn agree(&mut self, accepted: Features) -> &mut Self;
    /// The whole bring-up with one queue, interrupts by INTx.
    fn up(&mut self, bits: &[u32]) -> &mut Self;
    /// Notifies at the place of `queue`.
    fn kick_at(&mut self, queue: u32, width: u8, value: u64) -> &mut Self;
    fn isr(&mut self, value: u32) -> &mut Self;
    fn config_pci(&mut self, offset: u32, width: u8) -> &mut Self;
    fn cfg(&mut self, write: bool, offset: u16, width: u8, value: u64) -> &mut Self;
}

impl Pci for Script {
    fn common(&mut self, write: bool, field: Common, value: u64) -> &mut Self {
        let width = field.width().min(4);
        self.push(EventKind::PciBar { write, bar: 0, offset: field.offset(), width, value })
    }

    fn find(&mut self) -> &mut Self {
        let ids = u64::from(VENDOR) | u64::from(MODERN_DEVICE + 2) << 16;
        self.cfg(false, header::VENDOR_ID, 4, ids)
    }

    fn status(&mut self, value: u8) -> &mut Self {
        self.common(true, Common::DeviceStatus, value.into()).push(EventKind::StatusWrite { value })
    }

    fn status_is(&mut self, value: u8) -> &mut Self {
        self.common(false, Common::DeviceStatus, value.into()).push(EventKind::StatusRead { value })
    }

    fn reset_pci(&mut self) -> &mut Self {
        self.status(0).push(EventKind::ResetDone).status_is(0)
    }

    fn features_pci(&mut self, accepted: Features) -> &mut Self {
        for word in 0..2 {
            let value = self.offered().word(word);
            self.common(true, Common::DeviceFeatureSelect, word.into());
            self.common(false, Common::DeviceFeature, value.into());
            self.push(EventKind::DeviceFeaturesRead { word, value });
        }
        for word in 0..2 {
            let value = accepted.word(word);
            self.common(true, Common::DriverFeatureSelect, word.into());
            self.common(true, Common::DriverFeature, value.into());
            self.push(EventKind::DriverFeaturesWrite { word, value });
        }
        self
    }

    fn msix(&mut self, enabled: bool) -> &mut Self {
        self.push(EventKind::MsixControl { enabled, masked: false })
    }

    fn map(&mut self, queue: Option<u32>, value: u16) -> &mut Self {
        let field = if queue.is_some() { Common::QueueMsixVector } else { Common::ConfigMsixVector };
        self.common(true, field, value.into()).push(EventKind::VectorWrite { queue, value })
    }

    fn map_is(&mut self, queue: Option<u32>, value: u16) -> &mut Self {
        let field = if queue.is_some() { Common::QueueMsixVector } else { Common::ConfigMsixVector };
        self.common(false, field, value.into()).push(EventKind::VectorRead { queue, value })
    }

    fn select(&mut self, queue: u32) -> &mut Self {
        self.common(true, Common::QueueSelect, queue.into())
    }

    fn size(&mut self, queue: u32, size: u16) -> &mut Self {
        let value = size.into();
        self.common(true, Common::QueueSize, value).push(EventKind::QueueSizeWrite { queue, value: size.into() })
    }

    fn addresses(&mut self) -> &mut Self {
        for (field, address) in
            [(Common::QueueDesc, 0x10000), (Common::QueueDriver, 0x14000), (Common::QueueDevice, 0x18000)]
        {
            self.common(true, field, address);
            let offset = field.offset() + 4;
            self.push(EventKind::PciBar { write: true, bar: 0, offset, width: 4, value: 0 });
        }
        self
    }

    fn enable(&mut self, queue: u32, value: u16) -> &mut Self {
        self.common(true, Common::QueueEnable, value.into());
        self.push(EventKind::QueueReadyWrite { queue, value: value.into() });
        if value == 1 {
            self.push(EventKind::QueueEnabled(Script::queue_info(queue as u16, 256)));
        }
        self
    }

    fn agree(&mut self, accepted: Features) -> &mut Self {
        self.find().reset_pci().status(1).status(3).features_pci(accepted).status(11).status_is(11)
    }

    fn up(&mut self, bits: &[u32]) -> &mut Self {
        self.agree(Features::of(&[feature::VERSION_1]).with(Features::of(bits)));
        self.select(0).size(0, 256).addresses();
        self.common(false, Common::QueueNotifyOff, 1).push(EventKind::NotifyOffRead { queue: 0, value: 1 });
        self.enable(0, 1).status(15)
    }

    fn kick_at(&mut self, queue: u32, width: u8, value: u64) -> &mut Self {
        let offset = 0x3000 + 4 * (u64::from(queue) + 1);
        self.push(EventKind::PciBar { write: true, bar: 0, offset, width, value });
        self.push(EventKind::Notify { queue, count: 1 })
    }

    fn isr(&mut self, value: u32) -> &mut Self {
        self.push(EventKind::PciBar { write: false, bar: 0, offset: 0x1000, width: 1, value: value.into() });
        self.push(EventKind::InterruptStatusRead { value })
    }

    fn config_pci(&mut self, offset: u32, width: u8) -> &mut Self {
        let at = 0x2000 + u64::from(offset);
        self.push(EventKind::PciBar { write: false, bar: 0, offset: at, width, value: 0 });
        self.push(EventKind::ConfigRead { offset, width, value: 0 })
    }

    fn cfg(&mut self, write: bool, offset: u16, width: u8, value: u64) -> &mut Self {
        self.push(EventKind::PciConfig { write, offset, width, value })
    }
}

/// A field of a disk's configuration, by name.
pub(crate) fn field(name: &str) -> ConfigField {
    *config_fields(DeviceType::BLOCK).unwrap().iter().find(|f| f.name == name).unwrap()
}

/// A plain disk that was brought up.
pub(crate) fn live() -> Script {
    let mut script = Script::new(disk());
    script.up(&[]);
    script
}
