//! The capabilities of a function (§4.1.4): what they say, what is unusual about them, and that the driver does not write them.

use parakit_abi::device::{DeviceType, config_fields};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::{
    CAP_VENDOR, CfgType, Common, MODERN_DEVICE, VENDOR, bar, cap, device_type, header, pci_status,
};

use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{DeviceInfo, Event, EventKind, PciInfo};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: capabilities are not written",
    requirements: &[id::PCI_DRV_CAP_8],
    make: |info| {
        let capabilities = Capability::list(info.pci.as_ref()?).0;
        Some(Box::new(Writes { capabilities, written: false }))
    },
};

/// A virtio capability, as the function shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capability {
    /// Where it is in configuration space.
    pub(super) at: u16,
    /// `cap_len`.
    pub(super) len: u8,
    pub(super) cfg_type: u8,
    pub(super) bar: u8,
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl Capability {
    /// More than fit into configuration space.
    const MOST: usize = 48;

    /// The virtio capabilities in the order of the list, and whether the list comes to an end.
    pub(super) fn list(pci: &PciInfo) -> (Vec<Self>, bool) {
        let mut list = Vec::new();
        if word(pci, header::STATUS, 2) & u64::from(pci_status::CAPABILITIES) == 0 {
            return (list, true);
        }
        let mut at = word(pci, header::CAPABILITIES, 1) as u16 & !3;
        for _ in 0..Self::MOST {
            if at < 0x40 {
                return (list, at == 0);
            }
            if word(pci, at + cap::VNDR, 1) == u64::from(CAP_VENDOR) {
                list.push(Self::at(pci, at));
            }
            at = word(pci, at + cap::NEXT, 1) as u16 & !3;
        }
        (list, false)
    }

    fn at(pci: &PciInfo, at: u16) -> Self {
        let field = |offset, width| word(pci, at + offset, width);
        let cfg_type = field(cap::CFG_TYPE, 1) as u8;
        let high = |offset| if cfg_type == CfgType::SharedMemory as u8 { field(offset, 4) << 32 } else { 0 };
        Self {
            at,
            len: field(cap::LEN, 1) as u8,
            cfg_type,
            bar: field(cap::BAR, 1) as u8,
            offset: field(cap::OFFSET, 4) | high(cap::OFFSET_HI),
            length: field(cap::LENGTH, 4) | high(cap::LENGTH_HI),
        }
    }

    pub(super) fn kind(&self) -> Option<CfgType> {
        CfgType::from_u8(self.cfg_type)
    }

    /// Bytes of a capability of its type.
    fn size(&self) -> u8 {
        match self.kind() {
            Some(CfgType::Notify) => cap::NOTIFY_SIZE,
            Some(CfgType::Pci) => cap::PCI_CFG_SIZE,
            Some(CfgType::SharedMemory) => cap::SHM_SIZE,
            _ => cap::SIZE,
        }
    }

    /// Whether it describes memory that the function has.
    pub(super) fn is_usable(&self, pci: &PciInfo) -> bool {
        let Some(size) = pci.bars.get(usize::from(self.bar)).copied().filter(|size| *size > 0) else { return false };
        let io = word(pci, header::BAR0 + 4 * u16::from(self.bar), 4) & u64::from(bar::IO) != 0;
        !io && self.length > 0 && self.offset.checked_add(self.length).is_some_and(|end| end <= size)
    }

    pub(super) fn covers(&self, bar: u8, offset: u64) -> bool {
        self.bar == bar && offset.checked_sub(self.offset).is_some_and(|at| at < self.length)
    }
}

/// The little-endian field of `width` bytes at `offset` of configuration space; 0 beyond its end.
pub(super) fn word(pci: &PciInfo, offset: u16, width: u16) -> u64 {
    let byte = |i: u16| u64::from(pci.config.get(usize::from(offset) + usize::from(i)).copied().unwrap_or(0));
    (0..width).fold(0, |value, i| value | byte(i) << (8 * i))
}

/// What a function shows that a driver may never have met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusual {
    /// The device id of a transitional device.
    TransitionalId,
    /// Neither revision 1 with a modern id nor revision 0 with a transitional one.
    Revision,
    /// A capability with a reserved `cfg_type`.
    ReservedType,
    /// A capability that is longer than its type.
    LongCapability,
    /// A capability with a reserved BAR.
    ReservedBar,
    /// A structure that is larger than any the specification knows.
    LongStructure,
    /// Several capabilities of a type that a driver uses one of.
    Several,
    /// Something that a driver may give up for: no virtio ids, no end of the list, structures that are missing or not there, memory that is
    /// more than there is room for.
    Faulty,
}

/// The structures that every driver needs, with their smallest sizes.
const NEEDED: [(CfgType, u64); 3] =
    [(CfgType::Common, Common::MIN_SIZE as u64), (CfgType::Notify, 2), (CfgType::Isr, 1)];

impl Unusual {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::TransitionalId => "the device id of a transitional device",
            Self::Revision => "its revision",
            Self::ReservedType => "a capability of a reserved type",
            Self::LongCapability => "a capability longer than its type",
            Self::ReservedBar => "a capability with a reserved BAR",
            Self::LongStructure => "a structure larger than any known one",
            Self::Several => "that it has several capabilities of one type",
            Self::Faulty => "something that a driver may give up for",
        }
    }

    /// Structures beyond this size were unknown when the specification was written (§4.1.4).
    const LARGE: u64 = 4096;
    /// A BAR that any machine has room for.
    const ROOM: u64 = 256 << 20;

    /// All that is unusual about a function, each thing once.
    pub(super) fn of(info: &DeviceInfo) -> Vec<Self> {
        let Some(pci) = &info.pci else { return vec![Self::Faulty] };
        let (list, ends) = Capability::list(pci);
        let device = word(pci, header::DEVICE_ID, 2) as u16;
        let transitional = device < MODERN_DEVICE;
        let revision = word(pci, header::REVISION_ID, 1);
        let known = |c: &&Capability| c.kind().is_some_and(|k| k != CfgType::Vendor);
        let reserved_bar = |c: &Capability| c.bar > cap::LAST_BAR && c.kind() != Some(CfgType::Pci);
        let described = || list.iter().filter(known).filter(|c| c.kind() != Some(CfgType::Pci) && !reserved_bar(c));
        let registers = [CfgType::Common, CfgType::Notify, CfgType::Isr, CfgType::Device];
        let count = |kind| described().filter(|c| c.kind() == Some(kind)).count();
        let has = |kind, size| described().any(|c| c.kind() == Some(kind) && c.is_usable(pci) && c.length >= size);
        let fields = config_fields(DeviceType(info.device_type)).unwrap_or_default();
        let large = |c: &Capability| {
            c.length > Self::LARGE && matches!(c.kind(), Some(CfgType::Common | CfgType::Isr | CfgType::Device))
        };
        let faulty = device_type(VENDOR, device).map(|t| t.0) != Some(info.device_type)
            || word(pci, header::VENDOR_ID, 2) != u64::from(VENDOR)
            || !ends
            || !NEEDED.iter().all(|(kind, size)| has(*kind, *size))
            || !fields.is_empty() && !has(CfgType::Device, 1)
            || !described().all(|c| c.is_usable(pci))
            || list.iter().filter(known).any(|c| c.len < c.size())
            || pci.bars.iter().any(|size| *size > Self::ROOM);
        [
            (transitional, Self::TransitionalId),
            (revision != u64::from(!transitional), Self::Revision),
            (list.iter().any(|c| c.kind().is_none()), Self::ReservedType),
            (list.iter().filter(known).any(|c| c.len > c.size()), Self::LongCapability),
            (list.iter().filter(known).any(reserved_bar), Self::ReservedBar),
            (described().any(large), Self::LongStructure),
            (registers.into_iter().any(|kind| count(kind) > 1), Self::Several),
            (faulty, Self::Faulty),
        ]
        .into_iter()
        .filter_map(|(is, what)| is.then_some(what))
        .collect()
    }
}

/// Capabilities are only read. Of the configuration access capability `bar`, `offset`, `length` and the data may be written; a vendor's own
/// capability is the vendor's affair.
struct Writes {
    capabilities: Vec<Capability>,
    written: bool,
}

impl Writes {
    /// The capability that a write of `width` bytes at `offset` touches where it must not.
    fn touched(&self, offset: u16, width: u8) -> Option<&Capability> {
        let bytes = offset..offset.saturating_add(width.into());
        self.capabilities.iter().filter(|c| c.kind() != Some(CfgType::Vendor)).find(|c| {
            let window = c.kind() == Some(CfgType::Pci);
            // `bar` shares its word with fields that do nothing.
            let kept = if window { cap::BAR } else { u16::from(c.size()) };
            bytes.start < c.at + kept && c.at < bytes.end
        })
    }
}

impl Checker for Writes {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::PciConfig { write: true, offset, width, .. } => {
                if let Some(c) = self.touched(offset, width) {
                    let seen = format!(
                        "{width} bytes written at {offset:#x}, capability of type {} at {:#x}",
                        c.cfg_type, c.at
                    );
                    verdicts.violate(id::PCI_DRV_CAP_8, event, "a virtio capability is only read", seen);
                    self.written = true;
                }
            }
            EventKind::StatusWrite { value }
                if DeviceStatus(value).contains(DeviceStatus::DRIVER_OK) && !self.written =>
            {
                verdicts.pass(id::PCI_DRV_CAP_8);
            }
            _ => {}
        }
    }
}
