//! Events in words: registers by their names, bits by theirs, descriptors one by one. Each with its numbers.
//!
//! A [`Decoder`] follows the events of a run, since what an access means depends on those before it: which queue is selected, which features
//! are accepted, where a capability says that a structure is. [`describe`] says one event, [`line()`] says those that
//! belong together, such as a raw access and what it means.

mod config_space;
mod lines;
mod registers;
mod rings;
mod words;

use std::collections::BTreeMap;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{Features, NOTIFICATION_DATA, RING_PACKED};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CfgType, Common};

pub use lines::{Line, joins, line};

use super::event::{DeviceInfo, Event, EventKind, PciStructure, TransportKind};

/// What is known of the devices of a run from the events so far.
///
/// ```
/// use parakit_harness::observe::decode::{Decoder, describe};
/// use parakit_harness::observe::{Event, EventKind};
/// let event = Event { seq: 0, time_ns: 0, device: 0, kind: EventKind::StatusWrite { value: 0x0b } };
/// let mut decoder = Decoder::default();
/// decoder.event(&event);
/// assert_eq!(describe(&event, &decoder), "driver writes the status 0x0b ACKNOWLEDGE|DRIVER|FEATURES_OK");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    devices: BTreeMap<u16, Known>,
}

/// What is known of a device.
#[derive(Clone, Debug)]
struct Known {
    device_type: DeviceType,
    transport: Option<TransportKind>,
    /// The capabilities and structures of its function, over PCI.
    structures: Vec<PciStructure>,
    capabilities: Vec<config_space::Capability>,
    msix_table: (u8, u64),
    msix_vectors: u16,
    accepted: Features,
    selected: Selected,
    /// Which queues are packed rings.
    packed: BTreeMap<u16, bool>,
}

/// What the driver selected: the registers behind mean that.
#[derive(Clone, Copy, Debug, Default)]
struct Selected {
    queue: u32,
    device_features: u32,
    driver_features: u32,
    shared_memory: u32,
}

impl Default for Known {
    /// A device of which nothing was told.
    fn default() -> Self {
        Self {
            device_type: DeviceType::INVALID,
            transport: None,
            structures: Vec::new(),
            capabilities: Vec::new(),
            msix_table: (0, 0),
            msix_vectors: 0,
            accepted: Features::NONE,
            selected: Selected::default(),
            packed: BTreeMap::new(),
        }
    }
}

impl Decoder {
    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) {
        let known = self.devices.entry(event.device).or_default();
        match &event.kind {
            EventKind::Device(info) => *known = Known::of(info),
            other => known.event(other),
        }
    }

    fn known(&self, device: u16) -> &Known {
        static NOTHING: std::sync::LazyLock<Known> = std::sync::LazyLock::new(Known::default);
        self.devices.get(&device).unwrap_or(&NOTHING)
    }
}

impl Known {
    fn of(info: &DeviceInfo) -> Self {
        let pci = info.pci.as_ref();
        Self {
            device_type: DeviceType(info.device_type),
            transport: Some(info.transport),
            structures: pci.map(|pci| pci.structures.clone()).unwrap_or_default(),
            capabilities: pci.map(|pci| config_space::capabilities(&pci.config)).unwrap_or_default(),
            msix_table: pci.map_or((0, 0), |pci| pci.msix_table),
            msix_vectors: pci.map_or(0, |pci| pci.msix_vectors),
            ..Self::default()
        }
    }

    fn event(&mut self, kind: &EventKind) {
        match *kind {
            EventKind::Register { write: true, offset, value, .. } => {
                let value = value as u32;
                match Register::at(offset) {
                    Some(Register::QueueSel) => self.selected.queue = value,
                    Some(Register::DeviceFeaturesSel) => self.selected.device_features = value,
                    Some(Register::DriverFeaturesSel) => self.selected.driver_features = value,
                    Some(Register::SHMSel) => self.selected.shared_memory = value,
                    _ => {}
                }
            }
            EventKind::PciBar { write: true, bar, offset, value, .. } => {
                let Some((structure, at)) = self.structure(bar, offset) else { return };
                let common = (structure.cfg_type == CfgType::Common as u8).then(|| Common::at(at)).flatten();
                match common {
                    Some(Common::QueueSelect) => self.selected.queue = value as u32 & 0xffff,
                    Some(Common::DeviceFeatureSelect) => self.selected.device_features = value as u32,
                    Some(Common::DriverFeatureSelect) => self.selected.driver_features = value as u32,
                    _ => {}
                }
            }
            EventKind::StatusWrite { value: 0 } => {
                self.accepted = Features::NONE;
                self.selected = Selected::default();
                self.packed.clear();
            }
            EventKind::DriverFeaturesWrite { word, value } => self.accepted = self.accepted.with_word(word, value),
            EventKind::Started { features: [low, high] } => {
                self.accepted = Features(u128::from(low) | u128::from(high) << 64);
                self.packed.clear();
            }
            EventKind::QueueEnabled(ref info) => {
                self.packed.insert(info.queue, info.packed);
            }
            _ => {}
        }
    }

    /// The structure behind a place of a BAR, and where in it.
    fn structure(&self, bar: u8, offset: u64) -> Option<(&PciStructure, u64)> {
        self.structures.iter().filter(|s| s.bar == bar).find_map(|s| {
            let at = offset.checked_sub(s.offset)?;
            (at < s.length).then_some((s, at))
        })
    }

    fn packed(&self, queue: u16) -> bool {
        self.packed.get(&queue).copied().unwrap_or(self.accepted.has(RING_PACKED))
    }

    /// Whether notifications carry where the next buffer is.
    fn notifications_have_data(&self) -> bool {
        self.accepted.has(NOTIFICATION_DATA)
    }
}

/// An event in words. `decoder` has taken every event of the run up to this one, this one included.
#[must_use]
pub fn describe(event: &Event, decoder: &Decoder) -> String {
    let known = decoder.known(event.device);
    match &event.kind {
        EventKind::Device(info) => device(info, known),
        EventKind::Register { .. } | EventKind::PciConfig { .. } | EventKind::PciBar { .. } => {
            registers::raw(&event.kind, known)
        }
        EventKind::Started { .. } => {
            let words = (0..4).map(|word| (word, known.accepted.word(word))).filter(|(_, value)| *value != 0);
            let words: Vec<String> =
                words.map(|(word, value)| words::features(known.device_type, word, value)).collect();
            format!("front end starts the device: a driver is live, with the features {}", words.join(" "))
        }
        kind => registers::meaning(kind, known).or_else(|| rings::words(kind, known)).unwrap_or_else(|| other(kind)),
    }
}

/// An event of a device of this type in words, for who has not followed the run. Not for accesses that mean something only with those before.
pub(crate) fn phrase(kind: &EventKind, device: DeviceType, accepted: Features) -> String {
    let known = Known { device_type: device, accepted, ..Known::default() };
    registers::meaning(kind, &known).or_else(|| rings::words(kind, &known)).unwrap_or_else(|| other(kind))
}

/// Feature bits by name: `VERSION_1|RING_PACKED|bit 44`, or `none`.
pub(crate) fn feature_names(device: DeviceType, features: Features) -> String {
    if features == Features::NONE { "none".to_owned() } else { words::feature_names(device, features).join("|") }
}

fn device(info: &DeviceInfo, known: &Known) -> String {
    let transport = match info.transport {
        TransportKind::Mmio => "MMIO",
        TransportKind::MmioLegacy => "legacy MMIO",
        TransportKind::Pci => "PCI",
        TransportKind::VhostUser => "vhost-user",
    };
    let name = known.device_type.name().map_or(String::new(), |name| format!(" ({name})"));
    let words = (0..4).map(|word| Features(u128::from(info.offered[0]) | u128::from(info.offered[1]) << 64).word(word));
    let offers: Vec<String> = words
        .enumerate()
        .filter(|(_, value)| *value != 0)
        .map(|(word, value)| words::features(known.device_type, word as u32, value))
        .collect();
    let [magic, version, id] = info.identity;
    let mut text = format!(
        "device {}: type {}{name} over {transport}, identity {magic:#x} {version} {id}, offers {}, queues of at most {:?}, {} of configuration space",
        info.name,
        info.device_type,
        if offers.is_empty() { "0".to_owned() } else { offers.join(" ") },
        info.queue_max,
        words::bytes(info.config.len() as u64),
    );
    if let Some(pci) = &info.pci {
        text.push_str(&format!(
            ", BARs {:x?}, {} structures, {} MSI-X vectors (table in BAR {} at {:#x})",
            pci.bars,
            pci.structures.len(),
            pci.msix_vectors,
            pci.msix_table.0,
            pci.msix_table.1
        ));
    }
    text
}

/// What is no matter of registers or rings.
fn other(kind: &EventKind) -> String {
    match kind {
        EventKind::Provoke { what } => format!("harness: the device now does `{what}`"),
        EventKind::Finding { requirement, passed, violated, evidence } => {
            let mut text = format!("probe: {requirement} kept {passed} times, broken {violated} times");
            if let Some((expected, seen)) = evidence.first() {
                text.push_str(&format!("; first: expected {expected}, seen {seen}"));
            }
            text
        }
        EventKind::Stopped { queue } => format!("front end stops queue {queue}"),
        EventKind::Resumed { queue } => format!("front end has queue {queue} go on where it was"),
        EventKind::Signal { code, argument } => format!("guest signals {code} with argument {argument:#x}"),
        EventKind::Dropped { events } => format!("the log was full: {events} later events are not in it"),
        EventKind::End { reason } => format!("the run ends: {reason}"),
        // Everything else is said by its own part; a kind that is added and forgotten is still shown whole.
        kind => format!("{kind:?}"),
    }
}
