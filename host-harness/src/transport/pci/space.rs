//! The configuration space of a function: header, BARs and capability list, and which bits of them a guest can write.

use parakit_abi::device::DeviceType;
use parakit_abi::transport::pci::{
    CAP_MSIX, CAP_VENDOR, CfgType, MODERN_DEVICE, TRANSITIONAL, VENDOR, bar, cap, command, header, msix, pci_status,
};

use super::PciOptions;
use super::layout::{Layout, Part, Region};
use crate::oddity::{Oddities, OddityKind};

/// Bytes of a function's configuration space.
pub(crate) const SIZE: usize = 4096;
/// Where the capabilities begin.
const FIRST_CAPABILITY: u16 = 0x40;
/// Where they have to end.
const END: usize = 256;

/// A function's configuration space.
pub(crate) struct Space {
    bytes: Vec<u8>,
    /// The bits that a guest can write.
    writable: Vec<u8>,
    /// Offset of the MSI-X capability.
    pub(crate) msix: Option<u16>,
    /// Offset of the configuration access capability.
    pub(crate) window: Option<u16>,
    /// The end of the capabilities so far, and where the last one's `next` is.
    end: u16,
    link: u16,
}

impl Space {
    /// The header, without BARs and capabilities.
    pub(crate) fn new(options: &PciOptions, device_type: DeviceType) -> Self {
        let mut space = Self {
            bytes: vec![0; SIZE],
            writable: vec![0; SIZE],
            msix: None,
            window: None,
            end: FIRST_CAPABILITY,
            link: header::CAPABILITIES,
        };
        let ty = device_type.0 as u16;
        let transitional = TRANSITIONAL.iter().find(|(_, t)| options.transitional && *t == device_type);
        let (id, subsystem) = match transitional {
            Some((id, _)) => (*id, ty),
            None => (MODERN_DEVICE.wrapping_add(ty), 0x40_u16.wrapping_add(ty)),
        };
        space.put16(header::VENDOR_ID, VENDOR);
        space.put16(header::DEVICE_ID, id);
        space.put(header::REVISION_ID, &[options.revision]);
        space.put(header::CLASS_CODE, &class(device_type));
        space.put16(header::SUBSYSTEM_VENDOR_ID, VENDOR);
        space.put16(header::SUBSYSTEM_ID, subsystem);
        space.put(header::INTERRUPT_LINE, &[options.interrupt_line]);
        space.put(header::INTERRUPT_PIN, &[1]);
        space.allow(header::INTERRUPT_LINE, &[0xff]);
        let command = command::MEMORY | command::BUS_MASTER | command::INTX_DISABLE;
        space.allow(header::COMMAND, &command.to_le_bytes());
        space
    }

    /// The BARs, and the capabilities of what lies behind them.
    pub(crate) fn furnish(&mut self, layout: &Layout, vectors: u16, oddities: &Oddities) {
        for (i, bar) in layout.bars.iter().enumerate().filter(|(_, b)| b.size > 0) {
            let at = header::BAR0 + 4 * i as u16;
            let mask = !(bar.size - 1);
            self.allow(at, &(mask as u32).to_le_bytes());
            if bar.wide {
                self.put(at, &bar::TYPE_64.to_le_bytes());
                self.allow(at + 4, &((mask >> 32) as u32).to_le_bytes());
            }
        }
        self.put16(header::STATUS, pci_status::CAPABILITIES);
        for body in oddities.strangers() {
            self.append(&body);
        }
        for region in &layout.regions {
            let id = match region.part {
                Part::Shared(i) => layout.shared_ids.get(i).copied().unwrap_or(0),
                _ => 0,
            };
            if let Some(body) = structure(*region, layout.multiplier, id) {
                for body in oddities.capabilities(body) {
                    self.append(&body);
                }
            }
        }
        let window = self.append(&virtio_cap(CfgType::Pci, cap::PCI_CFG_SIZE, 0, 0, 0, 0));
        self.window = window;
        if let Some(at) = window {
            self.allow(at + cap::BAR, &[0xff]);
            self.allow(at + cap::OFFSET, &[0xff; 8]);
            self.allow(at + cap::PCI_CFG_DATA, &[0xff; 4]);
        }
        if vectors > 0
            && let (Some(table), Some(pending)) = (layout.region(Part::MsixTable), layout.region(Part::MsixPending))
        {
            let mut body = [0; msix::CAP_SIZE as usize];
            body[0] = CAP_MSIX;
            body[2..4].copy_from_slice(&(vectors - 1).to_le_bytes());
            body[4..8].copy_from_slice(&(table.offset as u32 | u32::from(table.bar)).to_le_bytes());
            body[8..12].copy_from_slice(&(pending.offset as u32 | u32::from(pending.bar)).to_le_bytes());
            self.msix = self.append(&body);
            if let Some(at) = self.msix {
                let control = msix::CONTROL_MASKED | msix::CONTROL_ENABLE;
                self.allow(at + msix::CONTROL, &control.to_le_bytes());
            }
        }
        if oddities.has(OddityKind::CapListLoop) {
            self.put(self.link, &[FIRST_CAPABILITY as u8]);
        }
    }

    /// Adds a capability to the end of the list; `None` when there is no room for it.
    pub(crate) fn append(&mut self, body: &[u8]) -> Option<u16> {
        let at = self.end;
        if usize::from(at) + body.len() > END {
            return None;
        }
        self.put(at, body);
        self.put(self.link, &[at as u8]);
        self.link = at + cap::NEXT;
        self.end = (at + body.len() as u16).next_multiple_of(4);
        Some(at)
    }

    /// All of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Copies `data.len()` bytes from `offset` on; zeroes beyond the end.
    pub(crate) fn read(&self, offset: u16, data: &mut [u8]) {
        for (at, byte) in (usize::from(offset)..).zip(data) {
            *byte = self.bytes.get(at).copied().unwrap_or(0);
        }
    }

    /// Writes what a guest can write.
    pub(crate) fn write(&mut self, offset: u16, data: &[u8]) {
        for (at, byte) in (usize::from(offset)..).zip(data) {
            if let (Some(old), Some(mask)) = (self.bytes.get_mut(at), self.writable.get(at)) {
                *old = *old & !mask | byte & mask;
            }
        }
    }

    /// Sets bytes, writable or not.
    pub(crate) fn put(&mut self, offset: u16, data: &[u8]) {
        for (at, byte) in (usize::from(offset)..).zip(data) {
            if let Some(old) = self.bytes.get_mut(at) {
                *old = *byte;
            }
        }
    }

    fn put16(&mut self, offset: u16, value: u16) {
        self.put(offset, &value.to_le_bytes());
    }

    fn allow(&mut self, offset: u16, mask: &[u8]) {
        for (at, bits) in (usize::from(offset)..).zip(mask) {
            if let Some(old) = self.writable.get_mut(at) {
                *old |= *bits;
            }
        }
    }

    pub(crate) fn word16(&self, offset: u16) -> u16 {
        let mut bytes = [0; 2];
        self.read(offset, &mut bytes);
        u16::from_le_bytes(bytes)
    }

    pub(crate) fn word32(&self, offset: u16) -> u32 {
        let mut bytes = [0; 4];
        self.read(offset, &mut bytes);
        u32::from_le_bytes(bytes)
    }

    pub(crate) fn command(&self) -> u16 {
        self.word16(header::COMMAND)
    }
}

/// The class of a device, programming interface first.
fn class(device_type: DeviceType) -> [u8; 3] {
    match device_type {
        // Mass storage and communication controllers "of another kind"; a device of no class.
        DeviceType::BLOCK => [0, 0x80, 0x01],
        DeviceType::CONSOLE => [0, 0x80, 0x07],
        _ => [0, 0, 0xff],
    }
}

/// The capability of a region, if one announces it.
pub(crate) fn structure(region: Region, multiplier: u32, id: u8) -> Option<Vec<u8>> {
    let Region { part, bar, offset, length } = region;
    let (kind, size) = match part {
        Part::Common => (CfgType::Common, cap::SIZE),
        Part::Notify => (CfgType::Notify, cap::NOTIFY_SIZE),
        Part::Isr => (CfgType::Isr, cap::SIZE),
        Part::Device => (CfgType::Device, cap::SIZE),
        Part::Shared(_) => (CfgType::SharedMemory, cap::SHM_SIZE),
        Part::MsixTable | Part::MsixPending => return None,
    };
    let mut body = virtio_cap(kind, size, bar, id, offset as u32, length as u32);
    match part {
        Part::Notify => body[usize::from(cap::NOTIFY_OFF_MULTIPLIER)..].copy_from_slice(&multiplier.to_le_bytes()),
        Part::Shared(_) => {
            body[16..20].copy_from_slice(&((offset >> 32) as u32).to_le_bytes());
            body[20..24].copy_from_slice(&((length >> 32) as u32).to_le_bytes());
        }
        _ => {}
    }
    Some(body)
}

/// A virtio capability of `size` bytes, what follows the plain one left zero.
pub(crate) fn virtio_cap(kind: CfgType, size: u8, bar: u8, id: u8, offset: u32, length: u32) -> Vec<u8> {
    let mut body = vec![0; usize::from(size)];
    body[0] = CAP_VENDOR;
    body[usize::from(cap::LEN)] = size;
    body[usize::from(cap::CFG_TYPE)] = kind as u8;
    body[usize::from(cap::BAR)] = bar;
    body[usize::from(cap::ID)] = id;
    body[8..12].copy_from_slice(&offset.to_le_bytes());
    body[12..16].copy_from_slice(&length.to_le_bytes());
    body
}
