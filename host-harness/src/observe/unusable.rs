//! Chains that no device can use, although no single rule forbids them: a descriptor outside the table, a buffer outside memory, a block request
//! without a header. The specification says what a chain looks like, and has no sentence for a driver that makes something else; a run in which a
//! device had to leave its work undone for that is no success all the same.

use std::collections::BTreeMap;

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::RequestHeader;

use super::event::{Chain, ChainFault};
use super::{Event, EventKind};
use crate::oddity::OddityKind;

/// What is known of a device.
struct Seen {
    name: String,
    block: bool,
    count: u64,
    /// Of the first such chain: the event, the queue, and what is wrong with it.
    first: Option<(u64, u16, String)>,
    /// The device has broken the rules on purpose: what a driver makes of that is its own affair.
    provoked: bool,
}

/// Finds such chains in the events of a run.
///
/// What a rule of the specification forbids is left to that rule, and what the observer did not read is not told.
#[derive(Default)]
pub(super) struct Unusable {
    devices: BTreeMap<u16, Seen>,
    told: Vec<String>,
}

impl Unusable {
    /// Takes the next event of the run.
    pub(super) fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Device(info) => {
                let (name, block) = (info.name.clone(), info.device_type == DeviceType::BLOCK.0);
                let seen = Seen { name, block, count: 0, first: None, provoked: false };
                self.told.extend(self.devices.insert(event.device, seen).and_then(Seen::sentence));
            }
            EventKind::Provoke { what } => {
                let illegal = OddityKind::ALL.iter().any(|kind| kind.name() == what && !kind.is_legal());
                if let Some(seen) = self.devices.get_mut(&event.device) {
                    seen.provoked |= illegal;
                }
            }
            EventKind::Available(chain) => {
                if let Some(seen) = self.devices.get_mut(&event.device).filter(|seen| !seen.provoked)
                    && let Some(why) = fault(chain, seen.block)
                {
                    seen.count += 1;
                    seen.first.get_or_insert((event.seq, chain.queue, why));
                }
            }
            _ => {}
        }
    }

    /// The run is over: a sentence for each device that was given chains which it could not use: how many, and the first.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.told.extend(self.devices.into_values().filter_map(Seen::sentence));
        self.told
    }
}

impl Seen {
    fn sentence(self) -> Option<String> {
        let Self { name, count, first, .. } = self;
        let (seq, queue, why) = first?;
        let which = match count {
            1 => "a chain that the driver made available: event".to_owned(),
            _ => format!("{count} chains that the driver made available, the first of them at event"),
        };
        Some(format!("the device {name} could not use {which} {seq}, queue {queue}: {why}"))
    }
}

/// Why a device cannot use the chain.
fn fault(chain: &Chain, block: bool) -> Option<String> {
    let head = chain.head;
    match chain.broken {
        Some(ChainFault::IndexOutside { index, entries }) if chain.links.is_empty() => {
            Some(format!("the head {index} lies outside the table of {entries} descriptors"))
        }
        Some(ChainFault::IndexOutside { index, entries }) => {
            Some(format!("the chain with head {head} goes on to descriptor {index}, outside the table of {entries}"))
        }
        Some(ChainFault::BadIndirectLength { len }) => {
            Some(format!("the chain with head {head} has an indirect table of {len} bytes, and descriptors have 16"))
        }
        Some(ChainFault::Unmapped { addr, len }) => {
            Some(format!("the chain with head {head} has {len} bytes at {addr:#x}, where there is no memory"))
        }
        // Rules tell of these.
        Some(ChainFault::Loop { .. } | ChainFault::NotAvailable { .. } | ChainFault::NotFree { .. }) => None,
        Some(ChainFault::NotWalked) => None,
        None if block && chain.readable_len() < RequestHeader::SIZE as u64 => Some(format!(
            "the chain with head {head} is no block request: {} bytes to read, and the header has {}",
            chain.readable_len(),
            RequestHeader::SIZE
        )),
        None if block && chain.writable_len() == 0 => {
            Some(format!("the chain with head {head} is no block request: there is no byte for the status"))
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE};

    use super::*;
    use crate::observe::Lapses;
    use crate::observe::event::{DeviceInfo, Link, TransportKind};

    fn device(device_type: DeviceType) -> EventKind {
        EventKind::Device(DeviceInfo {
            name: "disk".to_owned(),
            device_type: device_type.0,
            transport: TransportKind::Mmio,
            offered: [0; 2],
            queue_max: vec![8],
            config: Vec::new(),
            identity: [0; 3],
            pci: None,
            assigned: true,
        })
    }

    /// A chain with buffers of these lengths, the writable ones last.
    fn chain(readable: u32, writable: u32, broken: Option<ChainFault>) -> EventKind {
        let link = |index, len, flags| Link { indirect: false, index, addr: 0x1000, len, flags, next: 1 };
        let mut links = vec![link(0, readable, DESC_F_NEXT)];
        if writable > 0 {
            links.push(link(1, writable, DESC_F_WRITE));
        }
        EventKind::Available(Chain { queue: 0, slot: 0, head: 3, links, broken, readable: Vec::new() })
    }

    fn told(kinds: impl IntoIterator<Item = EventKind>) -> Vec<String> {
        let event = |(seq, kind)| Event { seq, time_ns: 0, device: 0, kind };
        Lapses::of(&(0..).zip(kinds).map(event).collect::<Vec<_>>())
    }

    #[test]
    fn chains_that_a_device_can_use_are_no_trouble() {
        // An unknown type is for the device to answer.
        assert!(told([device(DeviceType::BLOCK), chain(16, 1, None), chain(1040, 1, None)]).is_empty());
        assert!(told([device(DeviceType::CONSOLE), chain(1, 0, None)]).is_empty());
        // What rules forbid, and what was not read.
        let judged = [ChainFault::Loop { index: 0 }, ChainFault::NotWalked, ChainFault::NotFree { index: 1 }];
        assert!(told([device(DeviceType::BLOCK)].into_iter().chain(judged.map(|f| chain(8, 0, Some(f))))).is_empty());
        // What the device wrote there itself, or led the driver to.
        let scribble = EventKind::Provoke { what: OddityKind::ScribbleDescriptors.name().to_owned() };
        let outside = chain(16, 1, Some(ChainFault::IndexOutside { index: 8, entries: 8 }));
        assert!(told([device(DeviceType::BLOCK), scribble, outside]).is_empty());
    }

    #[test]
    fn chains_that_no_device_can_use_are_told() {
        let outside = Some(ChainFault::IndexOutside { index: 77, entries: 8 });
        let nowhere = Some(ChainFault::Unmapped { addr: 0x7fff_ffff_f000, len: 512 });
        let odd = Some(ChainFault::BadIndirectLength { len: 40 });
        for (kind, why) in [
            (chain(16, 1, outside), "goes on to descriptor 77, outside the table of 8"),
            (chain(16, 1, nowhere), "has 512 bytes at 0x7ffffffff000, where there is no memory"),
            (chain(16, 1, odd), "has an indirect table of 40 bytes, and descriptors have 16"),
            (chain(8, 1, None), "is no block request: 8 bytes to read, and the header has 16"),
            (chain(16, 0, None), "is no block request: there is no byte for the status"),
        ] {
            let expected = format!(
                "the device disk could not use a chain that the driver made available: event 1, queue 0: the chain with head 3 {why}"
            );
            assert_eq!(told([device(DeviceType::BLOCK), kind]), [expected]);
        }
        let head = Chain { queue: 0, slot: 0, head: 8, links: Vec::new(), broken: None, readable: Vec::new() };
        let head = Chain { broken: Some(ChainFault::IndexOutside { index: 8, entries: 8 }), ..head };
        let good = chain(16, 1, None);
        let kinds = [device(DeviceType::ENTROPY), good, EventKind::Available(head.clone()), EventKind::Available(head)];
        let expected = "the device disk could not use 2 chains that the driver made available, the first of them at event 2, \
                        queue 0: the head 8 lies outside the table of 8 descriptors";
        assert_eq!(told(kinds), [expected]);
    }
}
