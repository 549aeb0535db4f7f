//! What drivers and devices agreed on, as the events tell it.

use std::collections::BTreeMap;
use std::fmt;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::status::DeviceStatus;

use super::event::{Event, EventKind, TransportKind};

/// Letters of the features that concern every device, in the order in which they are shown.
const LETTERS: &[(u32, char)] = &[
    (feature::EVENT_IDX, 'e'),
    (feature::INDIRECT_DESC, 'i'),
    (feature::IN_ORDER, 'o'),
    (feature::NOTIFICATION_DATA, 'n'),
    (feature::NOTIF_CONFIG_DATA, 'c'),
    (feature::ACCESS_PLATFORM, 'a'),
    (feature::ORDER_PLATFORM, 'p'),
    (feature::RING_RESET, 'r'),
    (feature::SUSPEND, 's'),
];

/// Features by their letters, `-` for none: `e` EVENT_IDX, `i` INDIRECT_DESC, `o` IN_ORDER, `n` NOTIFICATION_DATA,
/// `c` NOTIF_CONFIG_DATA, `a` ACCESS_PLATFORM, `p` ORDER_PLATFORM, `r` RING_RESET, `s` SUSPEND.
///
/// ```
/// use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER};
/// use parakit_harness::observe::negotiated::letters;
/// assert_eq!(letters(Features::of(&[IN_ORDER, EVENT_IDX])), "eo");
/// assert_eq!(letters(Features::NONE), "-");
/// ```
#[must_use]
pub fn letters(features: Features) -> String {
    let some: String = LETTERS.iter().filter(|(bit, _)| features.has(*bit)).map(|(_, letter)| letter).collect();
    if some.is_empty() { "-".to_owned() } else { some }
}

/// What the driver of a device and the device agreed on last: with it the device went live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiated {
    /// Name of the device in the run.
    pub device: String,
    /// What it is.
    pub device_type: DeviceType,
    /// How the driver reached it.
    pub transport: TransportKind,
    /// Accepted features, those of the device type included.
    pub features: Features,
    /// The device was watched, and its driver never notified it of any queue in the whole run: not much of that driver was seen.
    pub never_notified: bool,
    /// How often the device waited for a notification in vain and went on by itself, with none of that queue following until the device was reset
    /// or the run was over: the driver may have lost one, or may have been about to notify of everything at once.
    pub waited_in_vain: u64,
}

impl Negotiated {
    /// Transport, ring, and the [`letters`] of the features.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{} {} {}", self.transport.name(), self.ring(), letters(self.features))
    }

    /// The accepted features by name, lowest bit first; a bit without a name as `bit 50`.
    #[must_use]
    pub fn feature_names(&self) -> Vec<String> {
        let name = |bit| feature::name(bit).or_else(|| self.device_type.feature_name(bit));
        self.features.iter().map(|bit| name(bit).map_or_else(|| format!("bit {bit}"), str::to_owned)).collect()
    }

    /// The form of its rings: `split` or `packed`.
    #[must_use]
    pub fn ring(&self) -> &'static str {
        if self.features.has(feature::RING_PACKED) { "packed" } else { "split" }
    }
}

impl fmt::Display for Negotiated {
    /// In full, as in `block0 over pci, packed: SEG_MAX FLUSH EVENT_IDX VERSION_1 RING_PACKED`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.feature_names();
        let names = if names.is_empty() { "no features".to_owned() } else { names.join(" ") };
        let unheard = match (self.never_notified, self.waited_in_vain) {
            (true, _) => "; its driver never notified it".to_owned(),
            (false, 0) => String::new(),
            (false, 1) => "; it waited for a last notification in vain".to_owned(),
            (false, times) => format!("; it waited for a last notification in vain, {times} times"),
        };
        write!(f, "{} over {}, {}: {names}{unheard}", self.device, self.transport.name(), self.ring())
    }
}

/// Follows the events of a run for what is agreed on in it.
#[derive(Debug, Default)]
pub struct Negotiations {
    devices: BTreeMap<u16, Device>,
}

#[derive(Debug)]
struct Device {
    /// Feature bits written since the last reset.
    written: Features,
    last: Negotiated,
    live: bool,
    /// Waits in vain that no notification has followed yet, by queue.
    waits: BTreeMap<u16, u64>,
}

impl Device {
    /// Whatever was to be notified is notified by now.
    fn settle(&mut self) {
        self.last.waited_in_vain += std::mem::take(&mut self.waits).into_values().sum::<u64>();
    }
}

impl Negotiations {
    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) {
        if let EventKind::Device(info) = &event.kind {
            let last = Negotiated {
                device: info.name.clone(),
                device_type: DeviceType(info.device_type),
                transport: info.transport,
                features: Features::NONE,
                never_notified: true,
                waited_in_vain: 0,
            };
            let device = Device { written: Features::NONE, last, live: false, waits: BTreeMap::new() };
            self.devices.insert(event.device, device);
        }
        let Some(device) = self.devices.get_mut(&event.device) else { return };
        match event.kind {
            EventKind::DriverFeaturesWrite { word, value } => device.written = device.written.with_word(word, value),
            EventKind::Notify { queue, .. } => {
                device.last.never_notified = false;
                device.waits.retain(|waiting, _| u32::from(*waiting) != queue);
            }
            EventKind::Quiet { queue, .. } => *device.waits.entry(queue).or_default() += 1,
            EventKind::StatusWrite { value: 0 } => {
                device.written = Features::NONE;
                device.settle();
            }
            EventKind::Started { features: [low, high] } => {
                device.settle();
                device.written = Features(u128::from(low) | u128::from(high) << 64);
                (device.last.features, device.live) = (device.written, true);
            }
            EventKind::StatusWrite { value } if DeviceStatus(value).contains(DeviceStatus::DRIVER_OK) => {
                (device.last.features, device.live) = (device.written, true);
            }
            _ => {}
        }
    }

    /// What was agreed on, device by device; devices that never went live are left out.
    #[must_use]
    pub fn finish(self) -> Vec<Negotiated> {
        let live = self.devices.into_values().filter(|device| device.live);
        let settled = live.map(|mut device| {
            device.settle();
            device.last
        });
        settled.collect()
    }
}

/// What was agreed on in a whole run.
#[must_use]
pub fn negotiated(events: &[Event]) -> Vec<Negotiated> {
    let mut negotiations = Negotiations::default();
    events.iter().for_each(|event| negotiations.event(event));
    negotiations.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::event::DeviceInfo;

    fn events(kinds: Vec<EventKind>) -> Vec<Event> {
        let info = EventKind::Device(DeviceInfo {
            name: "block0".to_owned(),
            device_type: 2,
            transport: TransportKind::Mmio,
            offered: [0; 2],
            queue_max: vec![4],
            config: Vec::new(),
            identity: [0; 3],
            pci: None,
            assigned: true,
        });
        std::iter::once(info).chain(kinds).map(|kind| Event { seq: 0, time_ns: 0, device: 0, kind }).collect()
    }

    const ACCEPT: [EventKind; 2] = [
        EventKind::DriverFeaturesWrite { word: 0, value: 1 << 29 | 1 << 9 },
        EventKind::DriverFeaturesWrite { word: 1, value: 1 | 1 << 2 },
    ];

    #[test]
    fn what_the_device_went_live_with_is_told() {
        let mut kinds = ACCEPT.to_vec();
        kinds.extend([EventKind::StatusWrite { value: 15 }, EventKind::StatusWrite { value: 0 }]);
        let [agreed] = &negotiated(&events(kinds.clone()))[..] else { panic!("one device went live") };
        assert_eq!(agreed.short(), "mmio packed e");
        let full = "block0 over mmio, packed: FLUSH EVENT_IDX VERSION_1 RING_PACKED";
        assert_eq!(agreed.to_string(), format!("{full}; its driver never notified it"));
        kinds.insert(3, EventKind::Notify { queue: 0, count: 1 });
        assert_eq!(negotiated(&events(kinds))[0].to_string(), full);
    }

    #[test]
    fn waits_in_vain_are_told_unless_a_notification_followed() {
        const NOTIFY: EventKind = EventKind::Notify { queue: 0, count: 1 };
        const QUIET: EventKind = EventKind::Quiet { queue: 0, seen: 0, avail_idx: 1, waited_ns: 200_000_000 };
        const RESET: EventKind = EventKind::StatusWrite { value: 0 };
        let live = || EventKind::StatusWrite { value: 15 };
        let waits = |kinds: &[EventKind]| {
            let [agreed] = &negotiated(&events(kinds.to_vec()))[..] else { panic!("one device went live") };
            (agreed.waited_in_vain, agreed.to_string())
        };
        let once = waits(&[live(), NOTIFY, QUIET]);
        assert_eq!(
            once,
            (1, "block0 over mmio, split: no features; it waited for a last notification in vain".to_owned())
        );
        let (times, text) = waits(&[live(), NOTIFY, QUIET, QUIET, RESET, live(), NOTIFY, QUIET]);
        assert!(times == 3 && text.ends_with("in vain, 3 times"), "{text}");
        let (times, text) = waits(&[live(), QUIET, QUIET, NOTIFY]);
        assert!(times == 0 && text.ends_with("no features"), "{text}");
        // Another queue's is none of this one's.
        assert_eq!(waits(&[live(), QUIET, EventKind::Notify { queue: 1, count: 1 }]).0, 1);
    }

    #[test]
    fn a_device_that_never_went_live_agreed_on_nothing() {
        assert_eq!(negotiated(&events(ACCEPT.to_vec())), []);
        let begun_anew =
            [ACCEPT.to_vec(), vec![EventKind::StatusWrite { value: 0 }, EventKind::StatusWrite { value: 15 }]];
        assert_eq!(negotiated(&events(begun_anew.concat()))[0].features, Features::NONE);
    }
}
