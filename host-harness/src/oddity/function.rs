//! Oddities of a PCI function: its ids, its capability list, and where it says that its structures are.

use parakit_abi::transport::pci::{CAP_VENDOR, Common, cap};

use super::{Oddities, OddityKind as K};
use crate::transport::pci::PciOptions;

/// A reserved BAR number.
const RESERVED_BAR: u8 = 7;
/// A BAR that no function of ours has.
const MISSING_BAR: u8 = 5;
/// Behind the end of any BAR of ours.
const OUTSIDE: u32 = 0x4000_0000;
/// Capability types that are reserved (§4.1.4).
const RESERVED_TYPES: [u8; 3] = [0, 6, 0x7f];
/// A capability id that PCI does not define.
const UNKNOWN_CAPABILITY: u8 = 0x7e;
/// Bytes that say nothing behind a capability.
const PADDING: usize = 4;
/// Offset of the last byte of `offset` and `length`.
const PLAIN: usize = cap::SIZE as usize;

impl Oddities {
    /// Changes what the function is.
    pub(crate) fn function(&self, options: &mut PciOptions) {
        if self.has(K::NoMsix) {
            options.vectors = 0;
        } else if self.has(K::MsixOneVector) {
            options.vectors = options.vectors.min(1);
        } else if self.has(K::MsixTwoVectors) {
            options.vectors = options.vectors.min(2);
        }
        if self.has(K::TransitionalIds) {
            options.transitional = true;
        }
        if options.transitional || self.has(K::RevisionZero) {
            options.revision = 0;
        }
        if self.has(K::NotifyAddressShared) {
            options.multiplier = 0;
        }
        if self.has(K::NarrowBars) {
            options.wide = false;
        }
    }

    /// The `queue_notify_off` of the first queue.
    pub(crate) fn notify_base(&self) -> u16 {
        if self.has(K::NotifyOffsetOutside) { 0x4000 } else { 1 }
    }

    /// The capabilities in the place of `body`, the plain one of a structure.
    pub(crate) fn capabilities(&self, mut body: Vec<u8>) -> Vec<Vec<u8>> {
        let mut list = Vec::new();
        let common = body.get(usize::from(cap::CFG_TYPE)) == Some(&1);
        if self.has(K::CapReservedBar) {
            let mut wrong = body.clone();
            wrong[usize::from(cap::BAR)] = RESERVED_BAR;
            list.push(wrong);
        }
        if self.has(K::CapFirstBroken) {
            let mut wrong = body.clone();
            wrong[usize::from(cap::OFFSET)..PLAIN - 4].copy_from_slice(&OUTSIDE.to_le_bytes());
            list.push(wrong);
        }
        if self.has(K::CapTooShort) {
            // It ends before its length; what it seems to hold behind that is another one's.
            list.push(vec![CAP_VENDOR, 0, 4, body[usize::from(cap::CFG_TYPE)]]);
        }
        if common {
            if self.has(K::StructureTooShort) {
                body[usize::from(cap::LENGTH)..PLAIN].copy_from_slice(&(Common::MIN_SIZE / 2).to_le_bytes());
            }
            if self.has(K::StructureOutsideBar) {
                body[usize::from(cap::OFFSET)..PLAIN - 4].copy_from_slice(&OUTSIDE.to_le_bytes());
            }
            if self.has(K::StructureBarMissing) {
                body[usize::from(cap::BAR)] = MISSING_BAR;
            }
        }
        if self.has(K::CapTooLong) {
            body.extend([0; PADDING]);
            body[usize::from(cap::LEN)] += PADDING as u8;
        }
        if !(common && self.has(K::CapCommonMissing)) {
            list.push(body);
        }
        list
    }

    /// The capabilities in front of all others.
    pub(crate) fn strangers(&self) -> Vec<Vec<u8>> {
        if !self.has(K::CapReservedType) {
            return Vec::new();
        }
        let virtio = |kind| {
            let mut body = vec![0; PLAIN];
            (body[0], body[usize::from(cap::LEN)], body[usize::from(cap::CFG_TYPE)]) = (CAP_VENDOR, cap::SIZE, kind);
            body
        };
        let unknown = vec![UNKNOWN_CAPABILITY, 0, 0, 0];
        [unknown].into_iter().chain(RESERVED_TYPES.map(virtio)).collect()
    }
}
