//! The capability list: where a device's register structures are (VIRTIO 1.4 §4.1.4).
#![forbid(unsafe_code)]

use core::fmt;

use parakit_abi::transport::pci::{
    CAP_MSIX, CAP_VENDOR, CfgType, Common, FunctionAddress,
    cap::{self, LAST_BAR},
    header, msix, pci_status,
};

use super::{
    BarRegion, ConfigAccess, Space,
    bar::{Bar, Bars},
};

/// First byte of configuration space where a capability may be.
const FIRST: u16 = 0x40;
/// Bytes of configuration space that the list is in.
const END: u16 = 0x100;
/// Bytes of device-specific configuration that are reached at most: no device type has more.
const DEVICE_CONFIG_MAX: u64 = 4096;
/// Shared memory capabilities that a list can hold.
pub(super) const MAX_SHARED: usize = (END - FIRST) as usize / cap::SHM_SIZE as usize;

/// What is wrong with the capability at `at`, a position in configuration space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CapabilityFault {
    /// The list has come back to it.
    Loop {
        /// Its position.
        at: u8,
    },
    /// The list goes on inside the header.
    Pointer {
        /// Where it goes on.
        at: u8,
    },
    /// It is too short for its kind, or does not fit the space.
    Short {
        /// Its position.
        at: u8,
        /// Bytes that it says it has.
        len: u8,
        /// Bytes that its kind has.
        needed: u8,
    },
    /// The function has no BAR of that number.
    NoBar {
        /// Its position.
        at: u8,
        /// The number.
        bar: u8,
    },
    /// Its BAR is in I/O space, which is not reached.
    Unreachable {
        /// Its position.
        at: u8,
        /// Number of the BAR.
        bar: u8,
    },
    /// The structure is not inside its BAR.
    Outside {
        /// Its position.
        at: u8,
        /// Number of the BAR.
        bar: u8,
        /// Offset of the structure.
        offset: u64,
        /// Bytes of the structure.
        len: u64,
        /// Bytes that the BAR decodes.
        bar_len: u64,
    },
    /// The structure is too small.
    TooSmall {
        /// Its position.
        at: u8,
        /// Its bytes.
        len: u64,
        /// Bytes that it must have.
        needed: u64,
    },
    /// The structure is not aligned.
    Unaligned {
        /// Its position.
        at: u8,
        /// Its offset.
        offset: u64,
        /// The alignment.
        align: u64,
    },
    /// The multiplier of notification offsets is not 0, nor a power of two from 2 on.
    Multiplier {
        /// Its position.
        at: u8,
        /// The multiplier.
        multiplier: u32,
    },
    /// The structure overlaps one that was found before.
    Overlap {
        /// Its position.
        at: u8,
        /// Number of the BAR.
        bar: u8,
        /// Its offset.
        offset: u64,
    },
}

impl fmt::Display for CapabilityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Loop { at } => write!(f, "the capability list loops at {at:#x}"),
            Self::Pointer { at } => write!(f, "the capability list goes on at {at:#x}, in the header"),
            Self::Short { at, len, needed } => write!(f, "capability {at:#x} has {len} bytes, not {needed}"),
            Self::NoBar { at, bar } => write!(f, "capability {at:#x} is about BAR {bar}, which is not there"),
            Self::Unreachable { at, bar } => write!(f, "capability {at:#x}: I/O BAR {bar} cannot be reached"),
            Self::Outside { at, bar, offset, len, bar_len } => {
                write!(f, "capability {at:#x}: {len:#x} bytes at {offset:#x} of BAR {bar}, which has {bar_len:#x}")
            }
            Self::TooSmall { at, len, needed } => {
                write!(f, "capability {at:#x}: a structure of {len} bytes, which needs {needed}")
            }
            Self::Unaligned { at, offset, align } => {
                write!(f, "capability {at:#x}: a structure at {offset:#x}, not aligned to {align}")
            }
            Self::Multiplier { at, multiplier } => {
                write!(f, "capability {at:#x}: notification offsets are multiplied by {multiplier}")
            }
            Self::Overlap { at, bar, offset } => {
                write!(f, "capability {at:#x}: the structure at {offset:#x} of BAR {bar} overlaps another")
            }
        }
    }
}

impl core::error::Error for CapabilityFault {}

/// A capability of any kind.
#[derive(Clone, Copy)]
struct Raw {
    at: u8,
    id: u8,
}

/// The capabilities of a function, each once; ends with a fault where the list does.
struct List<'a, A: ConfigAccess> {
    config: &'a A,
    function: FunctionAddress,
    next: u8,
    /// Positions seen, a bit for each four bytes.
    seen: u64,
}

impl<'a, A: ConfigAccess> List<'a, A> {
    fn new(config: &'a A, function: FunctionAddress) -> Self {
        let has = config.read16(function, header::STATUS) & pci_status::CAPABILITIES != 0;
        let next = if has { config.read8(function, header::CAPABILITIES) & !3 } else { 0 };
        Self { config, function, next, seen: 0 }
    }
}

impl<A: ConfigAccess> Iterator for List<'_, A> {
    type Item = Result<Raw, CapabilityFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = core::mem::take(&mut self.next);
        if at == 0 {
            return None;
        }
        if u16::from(at) < FIRST {
            return Some(Err(CapabilityFault::Pointer { at }));
        }
        let bit = 1 << (at / 4);
        if self.seen & bit != 0 {
            return Some(Err(CapabilityFault::Loop { at }));
        }
        self.seen |= bit;
        let id = self.config.read8(self.function, at.into());
        self.next = self.config.read8(self.function, u16::from(at) + cap::NEXT) & !3;
        Some(Ok(Raw { at, id }))
    }
}

/// A part of a BAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) bar: u8,
    pub(super) offset: u64,
    pub(super) len: u64,
}

impl Part {
    fn overlaps(&self, other: &Self) -> bool {
        // Both are inside their BARs, so that nothing overflows.
        self.bar == other.bar && self.offset < other.offset + other.len && other.offset < self.offset + self.len
    }

    pub(super) fn region(&self, function: FunctionAddress, bars: &Bars) -> Option<BarRegion> {
        let bar = bars.get(usize::from(self.bar)).copied().flatten()?;
        let (address, offset, len) = (bar.address.wrapping_add(self.offset), self.offset, self.len);
        Some(BarRegion { function, bar: self.bar, space: bar.space, address, offset, len })
    }
}

/// Where the MSI-X table is.
#[derive(Clone, Copy, Debug)]
pub(super) struct MsixCapability {
    pub(super) at: u8,
    /// Entries of the table.
    pub(super) vectors: u16,
    pub(super) table: Part,
    pub(super) pending: Part,
}

/// Register structures of a device: of each kind the first one that can be used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Structures {
    pub(super) common: Option<Part>,
    pub(super) notify: Option<Part>,
    pub(super) multiplier: u32,
    pub(super) isr: Option<Part>,
    pub(super) device: Option<Part>,
    pub(super) msix: Option<MsixCapability>,
    /// Shared memory regions by id; one that is impossible is a fault.
    pub(super) shared: [Option<(u8, Result<Part, CapabilityFault>)>; MAX_SHARED],
    /// The last fault of a capability of each kind, by `cfg_type`; those of the list itself at 0.
    faults: [Option<CapabilityFault>; 6],
}

impl Structures {
    /// Walks the list. What cannot be used is passed over and remembered: whether it matters shows later. `io`: whether I/O
    /// BARs can be reached.
    pub(super) fn find(config: &impl ConfigAccess, function: FunctionAddress, bars: &Bars, io: bool) -> Self {
        let mut found = Self::default();
        for raw in List::new(config, function) {
            match raw {
                Ok(Raw { at, id: CAP_VENDOR }) => found.vendor(&Reader { config, function, at, bars, io }),
                Ok(Raw { at, id: CAP_MSIX }) if found.msix.is_none() => {
                    found.msix = Reader { config, function, at, bars, io }.msix();
                }
                Ok(_) => {}
                Err(fault) => found.faults[0] = Some(fault),
            }
        }
        found
    }

    /// Why there is no structure of this kind, as far as something was wrong with one or with the list.
    pub(super) fn fault(&self, kind: CfgType) -> Option<CapabilityFault> {
        self.faults.get(kind as usize).copied().flatten().or(self.faults[0])
    }

    /// Position of the first PCI configuration access capability of a function.
    pub(super) fn pci_cfg(config: &impl ConfigAccess, function: FunctionAddress) -> Option<u16> {
        let vendor = List::new(config, function).flatten().filter(|raw| raw.id == CAP_VENDOR);
        let mut positions = vendor.map(|raw| u16::from(raw.at));
        positions.find(|&at| {
            config.read8(function, at + cap::CFG_TYPE) == CfgType::Pci as u8
                && config.read8(function, at + cap::LEN) >= cap::PCI_CFG_SIZE
                && at + u16::from(cap::PCI_CFG_SIZE) <= END
        })
    }

    fn vendor<A: ConfigAccess>(&mut self, reader: &Reader<'_, A>) {
        // Reserved types and reserved BARs are ignored (§4.1.4.1).
        let Some(kind) = CfgType::from_u8(reader.read8(cap::CFG_TYPE)) else { return };
        if kind == CfgType::SharedMemory {
            return self.shared(reader);
        }
        let taken = match kind {
            CfgType::Common => self.common.is_some(),
            CfgType::Notify => self.notify.is_some(),
            CfgType::Isr => self.isr.is_some(),
            CfgType::Device => self.device.is_some(),
            CfgType::Pci | CfgType::SharedMemory | CfgType::Vendor => true,
        };
        if taken || reader.read8(cap::BAR) > LAST_BAR {
            return;
        }
        match self.structure(reader, kind) {
            Ok(part) => match kind {
                CfgType::Common => self.common = Some(part),
                CfgType::Notify => self.notify = Some(part),
                CfgType::Isr => self.isr = Some(part),
                _ => self.device = Some(part),
            },
            Err(fault) => self.faults[kind as usize] = Some(fault),
        }
    }

    fn structure<A: ConfigAccess>(&mut self, reader: &Reader<'_, A>, kind: CfgType) -> Result<Part, CapabilityFault> {
        let at = reader.at;
        reader.check_len(if kind == CfgType::Notify { cap::NOTIFY_SIZE } else { cap::SIZE })?;
        let multiplier = if kind == CfgType::Notify { reader.read32(cap::NOTIFY_OFF_MULTIPLIER) } else { 0 };
        if multiplier != 0 && !(multiplier.is_power_of_two() && multiplier > 1) {
            return Err(CapabilityFault::Multiplier { at, multiplier });
        }
        // How much a structure has at least, how much of it is of use, and how it is aligned.
        let (needed, most, align) = match kind {
            CfgType::Common => (Common::MIN_SIZE.into(), Common::SIZE.into(), 4),
            CfgType::Notify => (2, u64::from(multiplier) * u64::from(u16::MAX) + 4, 2),
            CfgType::Isr => (1, 1, 1),
            _ => (1, DEVICE_CONFIG_MAX, 4),
        };
        let part = reader.part(reader.read32(cap::OFFSET).into(), reader.read32(cap::LENGTH).into(), needed)?;
        let part = Part { len: part.len.min(most), ..part };
        if !part.offset.is_multiple_of(align) {
            return Err(CapabilityFault::Unaligned { at, offset: part.offset, align });
        }
        let others = [self.common, self.notify, self.isr, self.device];
        if others.iter().flatten().any(|other| other.overlaps(&part)) {
            return Err(CapabilityFault::Overlap { at, bar: part.bar, offset: part.offset });
        }
        if kind == CfgType::Notify {
            self.multiplier = multiplier;
        }
        Ok(part)
    }

    fn shared<A: ConfigAccess>(&mut self, reader: &Reader<'_, A>) {
        let (bar, id) = (reader.read8(cap::BAR), reader.read8(cap::ID));
        let known = self.shared.iter().flatten().any(|&(known, _)| known == id);
        let (false, true) = (known, bar <= LAST_BAR) else { return };
        let region = reader.check_len(cap::SHM_SIZE).and_then(|()| {
            let wide = |low, high| u64::from(reader.read32(high)) << 32 | u64::from(reader.read32(low));
            reader.part(wide(cap::OFFSET, cap::OFFSET_HI), wide(cap::LENGTH, cap::LENGTH_HI), 1)
        });
        if let Some(free) = self.shared.iter_mut().find(|entry| entry.is_none()) {
            *free = Some((id, region));
        }
    }

    /// Whether a part overlaps one of the register structures.
    pub(super) fn overlap(&self, part: &Part) -> bool {
        [self.common, self.notify, self.isr, self.device].iter().flatten().any(|other| other.overlaps(part))
    }
}

/// Reads one capability.
struct Reader<'a, A: ConfigAccess> {
    config: &'a A,
    function: FunctionAddress,
    at: u8,
    bars: &'a Bars,
    io: bool,
}

impl<A: ConfigAccess> Reader<'_, A> {
    fn read8(&self, offset: u16) -> u8 {
        let at = u16::from(self.at) + offset;
        if at < END { self.config.read8(self.function, at) } else { u8::MAX }
    }

    fn read16(&self, offset: u16) -> u16 {
        let at = u16::from(self.at) + offset;
        if at < END { self.config.read16(self.function, at) } else { u16::MAX }
    }

    fn read32(&self, offset: u16) -> u32 {
        let at = u16::from(self.at) + offset;
        if at < END { self.config.read32(self.function, at) } else { u32::MAX }
    }

    fn check_len(&self, needed: u8) -> Result<(), CapabilityFault> {
        let (at, len) = (self.at, self.read8(cap::LEN));
        let fits = u16::from(at) + u16::from(needed) <= END;
        if fits && len >= needed { Ok(()) } else { Err(CapabilityFault::Short { at, len, needed }) }
    }

    fn bar(&self, number: u8) -> Result<Bar, CapabilityFault> {
        let bar = self.bars.get(usize::from(number)).copied().flatten();
        let bar = bar.ok_or(CapabilityFault::NoBar { at: self.at, bar: number })?;
        if bar.space == Space::Io && !self.io {
            return Err(CapabilityFault::Unreachable { at: self.at, bar: number });
        }
        Ok(bar)
    }

    /// The part of the BAR that the capability names.
    fn part(&self, offset: u64, len: u64, needed: u64) -> Result<Part, CapabilityFault> {
        let (at, bar) = (self.at, self.read8(cap::BAR));
        if len < needed {
            return Err(CapabilityFault::TooSmall { at, len, needed });
        }
        self.inside(bar, offset, len)
    }

    fn inside(&self, bar: u8, offset: u64, len: u64) -> Result<Part, CapabilityFault> {
        let bar_len = self.bar(bar)?.len;
        if offset.checked_add(len).is_none_or(|end| end > bar_len) {
            return Err(CapabilityFault::Outside { at: self.at, bar, offset, len, bar_len });
        }
        Ok(Part { bar, offset, len })
    }

    /// The MSI-X capability, unchecked; `None` when it does not fit the space.
    fn msix(&self) -> Option<MsixCapability> {
        if u16::from(self.at) + u16::from(msix::CAP_SIZE) > END {
            return None;
        }
        let vectors = (self.read16(msix::CONTROL) & msix::CONTROL_SIZE) + 1;
        let part = |register, len| {
            let value = self.read32(register);
            Part { bar: (value & msix::BIR_MASK) as u8, offset: (value & !msix::BIR_MASK).into(), len }
        };
        let table = part(msix::TABLE, u64::from(vectors) * msix::ENTRY_SIZE);
        let pending = part(msix::PBA, u64::from(vectors).div_ceil(64) * 8);
        Some(MsixCapability { at: self.at, vectors, table, pending })
    }
}
