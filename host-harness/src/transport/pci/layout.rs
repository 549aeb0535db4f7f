//! Where the structures of a function lie behind its BARs.

use parakit_abi::transport::pci::{CfgType, Common, msix};

use super::PciOptions;
use crate::observe::event::PciStructure;

/// Offsets in the BAR of the structures; each has a page of its own, so that a guest can map them apart.
const ISR: u64 = 0x1000;
const DEVICE: u64 = 0x2000;
const NOTIFY: u64 = 0x3000;
/// The smallest BAR: a page.
const PAGE: u64 = 0x1000;
/// Bytes of a structure that is larger than any that the specification knows.
const LARGE: u64 = 0x1_0000;
/// The BAR of the structures (together with the next one when it is wide).
const STRUCTURES_BAR: u8 = 0;
/// The BAR of MSI-X table and pending bits.
const MSIX_BAR: u8 = 2;
/// The BAR of shared memory (together with the next one).
const SHARED_BAR: u8 = 4;

/// What lies behind a part of a BAR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Common,
    Notify,
    Isr,
    Device,
    MsixTable,
    MsixPending,
    /// The shared memory region with this place in the list.
    Shared(usize),
}

/// A part of a BAR.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Region {
    pub(crate) part: Part,
    pub(crate) bar: u8,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A base address register.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bar {
    /// Bytes, a power of two; 0: there is none.
    pub(crate) size: u64,
    pub(crate) wide: bool,
}

/// What a function has behind its BARs.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) bars: [Bar; 6],
    pub(crate) regions: Vec<Region>,
    pub(crate) multiplier: u32,
    pub(crate) shared_ids: Vec<u8>,
}

impl Layout {
    /// `config_len`: bytes of the device's configuration space.
    pub(crate) fn new(options: &PciOptions, queues: usize, config_len: usize) -> Self {
        let multiplier = options.multiplier;
        // 4 bytes a notification, with NOTIFICATION_DATA; the last queue's offset is the number of queues.
        let notify = queues as u64 * u64::from(multiplier) + 4;
        let mut regions = vec![
            Region { part: Part::Common, bar: STRUCTURES_BAR, offset: 0, length: u64::from(Common::SIZE) },
            Region { part: Part::Isr, bar: STRUCTURES_BAR, offset: ISR, length: 1 },
            Region { part: Part::Notify, bar: STRUCTURES_BAR, offset: NOTIFY, length: notify },
        ];
        if config_len > 0 {
            let length = (config_len as u64).min(NOTIFY - DEVICE);
            regions.push(Region { part: Part::Device, bar: STRUCTURES_BAR, offset: DEVICE, length });
        }
        let mut bars = [Bar::default(); 6];
        bars[usize::from(STRUCTURES_BAR)] = Bar { size: (NOTIFY + notify).next_power_of_two(), wide: options.wide };
        if options.vectors > 0 {
            let table = u64::from(options.vectors) * msix::ENTRY_SIZE;
            let pending = u64::from(options.vectors).div_ceil(64) * 8;
            let offset = table.next_multiple_of(PAGE / 2);
            regions.push(Region { part: Part::MsixTable, bar: MSIX_BAR, offset: 0, length: table });
            regions.push(Region { part: Part::MsixPending, bar: MSIX_BAR, offset, length: pending });
            bars[usize::from(MSIX_BAR)] = Bar { size: (offset + pending).next_power_of_two().max(PAGE), wide: false };
        }
        let mut offset = 0_u64;
        for (i, memory) in options.shared_memory.iter().enumerate() {
            let length = memory.len as u64;
            regions.push(Region { part: Part::Shared(i), bar: SHARED_BAR, offset, length });
            offset = (offset + length).next_multiple_of(PAGE);
        }
        if offset > 0 {
            bars[usize::from(SHARED_BAR)] = Bar { size: offset.next_power_of_two(), wide: true };
        }
        let shared_ids = options.shared_memory.iter().map(|m| m.id).collect();
        Self { bars, regions, multiplier, shared_ids }
    }

    /// Gives the structures that drivers map whole far more room than they have fields for.
    pub(crate) fn enlarge(&mut self) {
        let mut end = self.bars[usize::from(STRUCTURES_BAR)].size.next_multiple_of(LARGE);
        for region in &mut self.regions {
            if matches!(region.part, Part::Common | Part::Isr | Part::Device) {
                (region.offset, region.length) = (end, LARGE);
                end += LARGE;
            }
        }
        self.bars[usize::from(STRUCTURES_BAR)].size = end.next_power_of_two();
    }

    /// Has every register structure twice, the second time in the upper half of a BAR twice as large.
    pub(crate) fn duplicate(&mut self) {
        let bar = &mut self.bars[usize::from(STRUCTURES_BAR)];
        let again = |region: &Region| Region { offset: region.offset + bar.size, ..*region };
        let more: Vec<_> = self.regions.iter().filter(|r| r.bar == STRUCTURES_BAR).map(again).collect();
        self.regions.extend(more);
        bar.size *= 2;
    }

    /// Where a part lies first.
    pub(crate) fn region(&self, part: Part) -> Option<Region> {
        self.regions.iter().copied().find(|r| r.part == part)
    }

    /// The part that holds all `width` bytes at `offset` of `bar`, and the offset there.
    pub(crate) fn find(&self, bar: u8, offset: u64, width: usize) -> Option<(Part, u64)> {
        let end = offset.checked_add(width as u64)?;
        let region = self.regions.iter().find(|r| r.bar == bar && offset >= r.offset && end <= r.offset + r.length)?;
        Some((region.part, offset - region.offset))
    }

    /// The structures, as the event log has them.
    pub(crate) fn structures(&self) -> Vec<PciStructure> {
        let structure = |region: &Region| {
            let (kind, id) = match region.part {
                Part::Common => (CfgType::Common, 0),
                Part::Notify => (CfgType::Notify, 0),
                Part::Isr => (CfgType::Isr, 0),
                Part::Device => (CfgType::Device, 0),
                Part::Shared(i) => (CfgType::SharedMemory, self.shared_ids.get(i).copied().unwrap_or(0)),
                Part::MsixTable | Part::MsixPending => return None,
            };
            let multiplier = if region.part == Part::Notify { self.multiplier } else { 0 };
            let Region { bar, offset, length, .. } = *region;
            Some(PciStructure { cfg_type: kind as u8, id, bar, offset, length, multiplier })
        };
        self.regions.iter().filter_map(structure).collect()
    }
}
