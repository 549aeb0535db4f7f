//! Events in words: nothing is left out, and what has a name is called by it.

use parakit_abi::device::DeviceType;
use parakit_abi::feature;
use parakit_abi::transport::pci::{CfgType, Common};
use parakit_harness::observe::decode::{Decoder, describe, joins, line};
use parakit_harness::observe::event::{
    Chain, DeviceInfo, Event, EventKind, Link, PciInfo, PciStructure, QueueInfo, TransportKind,
};

use crate::kinds::kinds;

fn event(kind: EventKind) -> Event {
    Event { seq: 0, time_ns: 0, device: 0, kind }
}

/// The last of these events in words.
fn told(kinds: Vec<EventKind>) -> String {
    let mut decoder = Decoder::default();
    let mut text = String::new();
    for kind in kinds {
        let event = event(kind);
        decoder.event(&event);
        text = describe(&event, &decoder);
    }
    text
}

fn device(device_type: DeviceType, transport: TransportKind) -> DeviceInfo {
    DeviceInfo {
        name: "device0".to_owned(),
        device_type: device_type.0,
        transport,
        offered: [0; 2],
        queue_max: vec![8],
        config: Vec::new(),
        identity: [0, 0, device_type.0],
        pci: None,
        assigned: true,
    }
}

fn disk() -> EventKind {
    EventKind::Device(device(DeviceType::BLOCK, TransportKind::Mmio))
}

/// A function with two capabilities, of MSI-X and of the window, and structures in BAR 4.
fn function() -> EventKind {
    let mut config = vec![0; 256];
    config[0x34] = 0x40;
    config[0x40..0x44].copy_from_slice(&[0x11, 0x50, 3, 0]);
    config[0x50..0x54].copy_from_slice(&[0x09, 0, 20, 5]);
    let structure = |kind: CfgType, offset| PciStructure {
        cfg_type: kind as u8,
        id: 0,
        bar: 4,
        offset,
        length: 0x1000,
        multiplier: 4,
    };
    let structures = vec![
        structure(CfgType::Common, 0),
        structure(CfgType::Isr, 0x1000),
        structure(CfgType::Device, 0x2000),
        structure(CfgType::Notify, 0x3000),
    ];
    let pci = PciInfo { config, structures, msix_vectors: 4, msix_table: (1, 0), ..PciInfo::default() };
    EventKind::Device(DeviceInfo { pci: Some(pci), ..device(DeviceType::BLOCK, TransportKind::Pci) })
}

const fn write(offset: u64, value: u64) -> EventKind {
    EventKind::Register { write: true, offset, width: 4, value }
}

const fn behind(write: bool, offset: u64, width: u8, value: u64) -> EventKind {
    EventKind::PciBar { write, bar: 4, offset, width, value }
}

/// The numbers in an event, as its debug text has them: those of struct fields.
fn numbers(kind: &EventKind) -> Vec<u64> {
    let text = format!("{kind:?}");
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// Whether a text has a number in one of the ways in which numbers are written.
fn has(text: &str, number: u64) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let decimal = number.to_string();
    words.iter().any(|word| {
        *word == decimal || word.strip_prefix("0x").is_some_and(|hex| u64::from_str_radix(hex, 16) == Ok(number))
    })
}

/// Words that stand for a number: `W` for a flag of a descriptor, `once` for 1.
fn is_in_words(kind: &EventKind, number: u64) -> bool {
    match kind {
        // A register has four bytes unless something else is said.
        EventKind::Register { .. } => number == 4,
        // Flags and links of descriptors are letters; bytes are hexadecimal digits; bit 15 of a position is its wrap counter.
        EventKind::Available(_) | EventKind::Altered { .. } => matches!(number, 0x8081 | 255 | 0 | 0x8003),
        EventKind::PackedSuppression { .. } => number >= 0x7fff,
        EventKind::PackedUsed { flags, .. } => number == u64::from(*flags) || number == 0x8002,
        EventKind::NotifyData { .. } | EventKind::Used { .. } | EventKind::Quiet { .. } => number >= 0x8000,
        // Configuration space of the device and the function is told by its length.
        EventKind::Device(_) | EventKind::ConfigChanged { .. } => true,
        // Features are told word by word.
        EventKind::Started { .. } => true,
        _ => false,
    }
}

#[test]
fn no_event_is_told_without_its_numbers() {
    for kind in kinds() {
        // Alone, and of a packed queue, which has other words for some.
        let queue = |packed| {
            EventKind::QueueEnabled(QueueInfo {
                queue: 0,
                size: 8,
                desc: 0,
                driver: 0,
                device: 0,
                packed,
                avail_flags: None,
                avail_idx: None,
                used_flags: None,
                used_idx: None,
            })
        };
        for before in [vec![], vec![disk(), queue(true)], vec![disk(), queue(false)]] {
            let text = told(before.into_iter().chain([kind.clone()]).collect());
            assert!(!text.is_empty() && !text.contains(" { "), "{kind:?} is shown raw: {text}");
            for number in numbers(&kind) {
                assert!(has(&text, number) || is_in_words(&kind, number), "{kind:?}: {number} is missing in {text:?}");
            }
        }
    }
}

#[test]
fn registers_are_called_by_their_names() {
    for (events, expected) in [
        (
            vec![disk(), write(0x30, 2), write(0x80, 0x1000)],
            "driver writes QueueDescLow of queue 2 (0x080): 0x00001000",
        ),
        (
            vec![disk(), write(0x70, 0x0f)],
            "driver writes Status (0x070): 0x0f ACKNOWLEDGE|DRIVER|DRIVER_OK|FEATURES_OK",
        ),
        (
            vec![disk(), write(0x24, 1), write(0x20, 1 | 1 << (feature::RING_PACKED - 32))],
            "driver writes DriverFeatures, word 1 (0x020): 0x00000005 VERSION_1|RING_PACKED",
        ),
        (
            vec![disk(), EventKind::Register { write: false, offset: 0x100, width: 4, value: 2048 }],
            "driver reads configuration field capacity (0x100, 4 bytes): 0x00000800 (2048)",
        ),
        (vec![disk(), write(0x0c0 + 8, 1)], "driver writes reserved register 0x0c8 (0x0c8): 0x00000001"),
        (
            vec![EventKind::Device(device(DeviceType::BLOCK, TransportKind::MmioLegacy)), write(0x40, 3)],
            "driver writes QueuePFN of queue 0 (0x040): 0x00000003",
        ),
        (
            vec![function(), behind(true, Common::QueueSelect.offset(), 2, 1), behind(true, 0x24, 4, 5)],
            "driver writes queue_desc of queue 1 + 4 (BAR 4 + 0x24, 4 bytes): 0x00000005",
        ),
        (
            vec![function(), behind(false, 0x1000, 1, 3)],
            "driver reads ISR status (BAR 4 + 0x1000, 1 byte): 0x3 used buffer|configuration change",
        ),
        (
            vec![function(), behind(true, 0x3004, 2, 1)],
            "driver writes notification address 0x4 (BAR 4 + 0x3004, 2 bytes): 0x0001",
        ),
        (
            vec![function(), EventKind::PciBar { write: true, bar: 1, offset: 0x2c, width: 4, value: 1 }],
            "driver writes MSI-X entry 2, vector control (BAR 1 + 0x2c, 4 bytes): 0x00000001",
        ),
        (
            vec![function(), EventKind::PciConfig { write: true, offset: 4, width: 2, value: 6 }],
            "driver writes command (configuration space 0x004, 2 bytes): 0x6 MEMORY|BUS_MASTER",
        ),
        (
            vec![function(), EventKind::PciConfig { write: true, offset: 0x42, width: 2, value: 0x8003 }],
            "driver writes MSI-X capability, control (configuration space 0x042, 2 bytes): 0x8003 (0x8000 ENABLE, 4 vectors)",
        ),
    ] {
        assert_eq!(told(events), expected);
    }
}

#[test]
fn what_registers_mean_is_told_in_words() {
    let features = |word, value| EventKind::DriverFeaturesWrite { word, value };
    for (events, expected) in [
        (
            vec![disk(), features(0, 1 << 9 | 1 << 29)],
            "driver accepts word 0 of the features 0x20000200 FLUSH|EVENT_IDX",
        ),
        (vec![disk(), features(3, 1 << 31)], "driver accepts word 3 of the features 0x80000000 bit 127"),
        (
            vec![features(u32::MAX, 1)],
            "driver accepts word 4294967295 of the features 0x00000001 bit 0 of word 4294967295",
        ),
        (
            vec![disk(), EventKind::ConfigRead { offset: 20, width: 4, value: 512 }],
            "driver reads configuration field blk_size at offset 20, 4 bytes: 0x00000200 (512)",
        ),
        (vec![EventKind::VectorWrite { queue: Some(2), value: 0xffff }], "driver maps queue 2 to vector 0xffff, none"),
        (vec![EventKind::StatusWrite { value: 0 }], "driver writes the status 0x00: it resets the device"),
    ] {
        assert_eq!(told(events), expected);
    }
}

#[test]
fn chains_are_told_descriptor_by_descriptor() {
    let link = |index, addr, len, flags, next| Link { indirect: false, index, addr, len, flags, next };
    let chain = |links| {
        EventKind::Available(Chain { queue: 0, slot: 7, head: 2, links, broken: None, readable: vec![0xab, 0xcd] })
    };
    assert_eq!(
        told(vec![disk(), chain(vec![link(2, 0x1000, 16, 1, 3), link(3, 0x2000, 513, 2, 0)])]),
        "queue 0: the chain with head 2 is available in slot 7, 2 descriptors, 16 bytes to read, 513 bytes to write; \
         [2] 0x1000 +16 R|NEXT -> 3; [3] 0x2000 +513 W; to read 2 bytes abcd"
    );
    let long = told(vec![disk(), chain((0..40).map(|i| link(i, 0, 1, 0, 0)).collect())]);
    assert!(long.contains("40 descriptors") && long.contains("and 32 more"), "{long}");
    let table = Link { indirect: true, ..link(0, 0x3000, 8, 2, 0) };
    let text = told(vec![disk(), chain(vec![link(2, 0x1000, 16, 4, 0), table])]);
    assert!(text.contains("[2] 0x1000 +16 R|INDIRECT; table [0] 0x3000 +8 W"), "{text}");
}

#[test]
fn an_access_and_what_it_means_are_one_line() {
    let raw = write(0x50, 0);
    let notified = EventKind::Notify { queue: 0, count: 1 };
    let data = EventKind::NotifyData { queue: 0, next: 4 };
    let events: Vec<Event> = [raw, notified, data].into_iter().map(event).collect();
    let mut decoder = Decoder::default();
    assert!(joins(&events[..1], &events[1], &decoder) && joins(&events[..2], &events[2], &decoder));
    let text = line(&events, &mut decoder).text;
    assert_eq!(
        text,
        "driver notifies queue 0 (1 time); the notification of queue 0 carries the available index 4 (QueueNotify at 0x050)"
    );
    // A read means nothing that was written, and the other way round.
    let read = event(EventKind::Register { write: false, offset: 0x70, width: 4, value: 1 });
    assert!(!joins(&[read], &event(EventKind::StatusWrite { value: 1 }), &decoder));
}

#[test]
fn an_access_through_the_window_names_both_places() {
    let mut decoder = Decoder::default();
    decoder.event(&event(function()));
    let events: Vec<Event> = [
        EventKind::PciConfig { write: false, offset: 0x60, width: 1, value: 0 },
        behind(false, Common::DeviceStatus.offset(), 1, 0),
        EventKind::StatusRead { value: 0 },
    ]
    .into_iter()
    .map(event)
    .collect();
    assert!(joins(&events[..1], &events[1], &decoder) && joins(&events[..2], &events[2], &decoder));
    assert_eq!(
        line(&events, &mut decoder).text,
        "driver reads the status 0x00 (device_status at BAR 4 + 0x14, 1 byte, through configuration access capability, \
         pci_cfg_data at configuration space 0x060, 1 byte)"
    );
    // An access beside the window is none through it.
    let beside = event(EventKind::PciConfig { write: false, offset: 0x5c, width: 4, value: 0 });
    assert!(!joins(&[beside], &events[1], &decoder));
}

#[test]
fn a_capability_list_that_runs_in_circles_ends() {
    let mut config = vec![0; 256];
    config[0x34] = 0x40;
    config[0x41] = 0x40;
    let pci = PciInfo { config, ..PciInfo::default() };
    let info = DeviceInfo { pci: Some(pci), ..device(DeviceType::BLOCK, TransportKind::Pci) };
    let read = EventKind::PciConfig { write: false, offset: 0x40, width: 1, value: 0 };
    assert!(told(vec![EventKind::Device(info), read]).contains("capability 0x00, id"));
}
