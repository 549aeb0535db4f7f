//! Whatever the events are, no checker panics; and a driver that keeps the rules is not accused, whatever it chooses to do.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE};
use parakit_harness::judge::judge;
use parakit_harness::observe::event::{
    Alteration, Chain, ChainFault, DeviceInfo, Event, EventKind, Link, QueueInfo, TransportKind,
};
use proptest::prelude::*;

use crate::pci_script::disk_offering;
use crate::script::{Script, info};

/// Small numbers, edges, and anything.
fn number() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![4 => 0..20_u64, 1 => Just(u64::MAX), 1 => Just(0xffff), 1 => Just(0x8000), 2 => any::<u64>()]
}

fn link() -> impl Strategy<Value = Link> {
    (any::<bool>(), number(), number(), number(), number()).prop_map(|(indirect, index, addr, len, flags)| Link {
        indirect,
        index: index as u16,
        addr,
        len: len as u32,
        flags: flags as u16,
        next: addr as u16,
    })
}

fn chain() -> impl Strategy<Value = EventKind> {
    let broken = prop_oneof![
        3 => Just(None),
        1 => Just(Some(ChainFault::Loop { index: 3 })),
        1 => Just(Some(ChainFault::NotWalked)),
        1 => Just(Some(ChainFault::NotAvailable { index: 2 })),
        1 => Just(Some(ChainFault::Unmapped { addr: 0, len: 1 })),
        1 => Just(Some(ChainFault::BadIndirectLength { len: 7 })),
    ];
    let readable = proptest::collection::vec(any::<u8>(), 0..40);
    (0..3_u16, number(), number(), proptest::collection::vec(link(), 0..6), broken, readable).prop_map(
        |(queue, slot, head, links, broken, readable)| {
            EventKind::Available(Chain { queue, slot: slot as u16, head: head as u16, links, broken, readable })
        },
    )
}

fn queue_info() -> impl Strategy<Value = EventKind> {
    (0..3_u16, number(), number(), number(), number(), proptest::option::of(number())).prop_map(
        |(queue, size, desc, driver, device, word)| {
            let word = word.map(|w| w as u16);
            EventKind::QueueEnabled(QueueInfo {
                queue,
                size: size as u16,
                desc,
                driver,
                device,
                packed: false,
                avail_flags: word,
                avail_idx: word,
                used_flags: word,
                used_idx: word,
            })
        },
    )
}

/// A disk on any transport that offers packed rings and whatever goes with notifications.
fn over(transport: u8) -> DeviceInfo {
    let offering = disk_offering(&[feature::RING_PACKED, feature::NOTIFICATION_DATA, feature::NOTIF_CONFIG_DATA]);
    match transport {
        0 => DeviceInfo { transport: TransportKind::MmioLegacy, pci: None, ..offering },
        1 => DeviceInfo { transport: TransportKind::Mmio, pci: None, ..info(DeviceType::BLOCK) },
        _ => offering,
    }
}

/// Any event at all.
fn kind() -> BoxedStrategy<EventKind> {
    let simple = (0..35_u8, number(), number(), number()).prop_map(|(which, a, b, c)| {
        let (queue, value, q16) = (a as u32, b as u32, a as u16);
        match which {
            0 => EventKind::Register { write: c & 1 == 0, offset: a, width: b as u8, value: c },
            1 => EventKind::StatusRead { value: a as u8 },
            2 => EventKind::StatusWrite { value: a as u8 },
            3 => EventKind::ResetDone,
            4 => EventKind::DeviceFeaturesRead { word: queue, value },
            5 => EventKind::DriverFeaturesWrite { word: queue, value },
            6 => EventKind::ConfigRead { offset: queue, width: b as u8, value: c },
            7 => EventKind::ConfigWrite { offset: queue, width: b as u8, value: c },
            8 => EventKind::ConfigGenerationRead { value },
            9 => EventKind::ConfigChanged { generation: value, bytes: vec![1; (a % 100) as usize] },
            10 => EventKind::QueueSizeMaxRead { queue, value },
            11 => EventKind::QueueSizeWrite { queue, value },
            12 => EventKind::QueueReadyRead { queue, value },
            13 => EventKind::QueueReadyWrite { queue, value },
            14 => EventKind::QueueResetRead { queue, value },
            15 => EventKind::QueueResetWrite { queue, value },
            16 => EventKind::Notify { queue, count: b },
            17 => EventKind::Interrupt { reasons: value, spurious: a & 1 == 0 },
            18 => EventKind::InterruptStatusRead { value },
            19 => EventKind::InterruptAck { value },
            20 => EventKind::AvailIdx { queue: q16, old: b as u16, new: c as u16 },
            21 => EventKind::Used { queue: q16, slot: b as u16, id: c as u32, len: value },
            22 => EventKind::PciConfig { write: c & 1 == 0, offset: b as u16, width: a as u8, value: c },
            23 | 24 => EventKind::PciBar { write: c & 1 == 0, bar: 0, offset: b, width: a as u8, value: c },
            25 => EventKind::VectorWrite { queue: Some(queue).filter(|_| c & 1 == 0), value: b as u16 },
            26 => EventKind::VectorRead { queue: Some(queue).filter(|_| c & 1 == 0), value: b as u16 },
            27 => EventKind::MsixControl { enabled: c & 1 == 0, masked: false },
            28 => EventKind::NotifyOffRead { queue, value: b as u16 },
            29 => EventKind::NotifConfigDataRead { queue, value: b as u16 },
            30 => EventKind::NotifyData { queue, next: b as u16 },
            31 => EventKind::Vector { vector: Some(b as u16) },
            32 => EventKind::PackedSuppression {
                queue: q16,
                driver_off_wrap: b as u16,
                driver_flags: c as u16,
                device_off_wrap: b as u16,
                device_flags: c as u16,
            },
            33 => EventKind::PackedUsed { queue: q16, position: b as u16, id: c as u16, len: value, flags: 0 },
            _ => EventKind::Suppression {
                queue: q16,
                avail_flags: b as u16,
                used_event: c as u16,
                used_flags: b as u16,
                avail_event: c as u16,
            },
        }
    });
    let rare = prop_oneof![
        queue_info(),
        (number(), number(), link(), link()).prop_map(|(queue, head, was, is)| EventKind::Altered {
            queue: queue as u16,
            head: head as u16,
            what: Alteration::Descriptor { was, is },
        }),
        (number(), number()).prop_map(|(queue, slot)| EventKind::Altered {
            queue: queue as u16,
            head: 0,
            what: Alteration::AvailableEntry { slot: slot as u16, was: 0, is: 1 },
        }),
        (number(), number()).prop_map(|(a, b)| EventKind::Quiet {
            queue: a as u16,
            seen: b as u16,
            avail_idx: a as u16,
            waited_ns: b,
        }),
        Just(EventKind::Provoke { what: "odd".to_owned() }),
        Just(EventKind::End { reason: EventKind::FINISHED.to_owned() }),
        Just(EventKind::Dropped { events: 1 }),
        (0..5_u32).prop_map(|t| EventKind::Device(info(DeviceType(t)))),
        (0..3_u8).prop_map(|t| EventKind::Device(over(t))),
    ];
    prop_oneof![12 => simple.boxed(), 4 => chain().boxed(), 3 => rare.boxed()].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_checker_panics(device in 1..5_u32, transport in 0..3_u8, kinds in proptest::collection::vec((0..2_u16, kind()), 0..200)) {
        let plain = DeviceInfo { device_type: device, ..info(DeviceType(device)) };
        let over = over(transport);
        let first = EventKind::Device(DeviceInfo { transport: over.transport, pci: over.pci, ..plain });
        let all = std::iter::once((0, first)).chain(kinds);
        let events: Vec<_> = all
            .enumerate()
            .map(|(seq, (device, kind))| Event { seq: seq as u64, time_ns: seq as u64, device, kind })
            .collect();
        let judgement = judge(&events);
        // What is recorded is what is read again.
        let lines = events.iter().map(|e| serde_json::to_string(e).expect("an event can be written"));
        let again: Vec<Event> = lines.map(|l| serde_json::from_str(&l).expect("an event can be read")).collect();
        prop_assert_eq!(&again, &events);
        // A verdict is about something: no entry is empty.
        prop_assert!(judgement.verdicts.entries.values().all(|e| e.passed + e.violated > 0));
    }
}

/// What a driver that keeps the rules may choose to do next.
#[derive(Clone, Copy, Debug)]
enum Choice {
    Config,
    Request,
    Interrupt { reasons: u32, read_first: bool },
    Spurious,
    ConfigChange,
    StopQueue,
    Restart,
    Fail,
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        1 => Just(Choice::Config),
        4 => Just(Choice::Request),
        1 => (1..4_u32, any::<bool>()).prop_map(|(reasons, read_first)| Choice::Interrupt { reasons, read_first }),
        1 => Just(Choice::Spurious),
        1 => Just(Choice::ConfigChange),
        1 => Just(Choice::StopQueue),
        1 => Just(Choice::Restart),
        1 => Just(Choice::Fail),
    ]
}

/// A driver of a block device, with one request of one readable and one writable buffer in flight at a time.
struct Driver {
    script: Script,
    accepted: Features,
    idx: u16,
    /// Whether the queue is there.
    queue: bool,
    generation: u32,
}

impl Driver {
    fn start(&mut self) {
        let accepted = self.accepted;
        self.script.reset().status_write(1).status_write(3).read_features().write_features(accepted);
        self.script.status_write(11).status_read(11);
        self.config();
        self.script.queue(0, 256).status_write(15);
        (self.idx, self.queue) = (0, true);
    }

    fn config(&mut self) {
        let generation = self.generation;
        self.script.generation(generation).config_read(0, 4, 2048).config_read(4, 4, 0).generation(generation);
    }

    fn request(&mut self) {
        let (old, new) = (self.idx, self.idx.wrapping_add(1));
        let link = |index, addr, len, flags| Link { indirect: false, index, addr, len, flags, next: index + 1 };
        let links = vec![
            link(0, 0x8_0000, 16, DESC_F_NEXT),
            link(1, 0x8_1000, 512, DESC_F_NEXT | DESC_F_WRITE),
            link(2, 0x8_2000, 1, DESC_F_WRITE),
        ];
        let chain = Chain { queue: 0, slot: old, head: 0, links, broken: None, readable: vec![0; 16] };
        let script = &mut self.script;
        script.push(EventKind::AvailIdx { queue: 0, old, new }).push(EventKind::Available(chain)).notify(0);
        script.push(EventKind::Used { queue: 0, slot: old, id: 0, len: 513 });
        self.idx = new;
    }

    fn act(&mut self, choice: Choice) {
        match choice {
            Choice::Config => self.config(),
            Choice::Request if self.queue => self.request(),
            Choice::Request => {}
            Choice::Interrupt { reasons, read_first } => {
                self.script.interrupt(reasons);
                if read_first {
                    self.script.interrupt_status(reasons).interrupt(reasons).interrupt_ack(reasons);
                }
                self.script.interrupt_status(reasons).interrupt_ack(reasons);
                if reasons & 2 != 0 {
                    self.config();
                }
            }
            Choice::Spurious => {
                self.script.push(EventKind::Interrupt { reasons: 0, spurious: true }).interrupt_status(0);
            }
            Choice::ConfigChange => {
                self.generation += 1;
                let bytes = self.script.info.config.clone();
                self.script.push(EventKind::ConfigChanged { generation: self.generation, bytes }).interrupt(2);
                self.script.interrupt_status(2).interrupt_ack(2);
                self.config();
            }
            Choice::StopQueue if self.queue => {
                self.script.ready(0, false).ready_read(0, 0);
                self.queue = false;
            }
            Choice::StopQueue => {}
            Choice::Restart => self.start(),
            // Not out of the blue: that could be for the interrupt without a reason that came before.
            Choice::Fail if !self.queue => {}
            Choice::Fail => {
                self.request();
                self.script.status_write(0x8f);
                self.start();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_conforming_driver_is_not_accused(
        indirect in any::<bool>(),
        unknown in any::<bool>(),
        choices in proptest::collection::vec(choice(), 0..60),
    ) {
        let mut script = if unknown { Script::offering(&[100, 46, 37]) } else { Script::block() };
        script.identify();
        let mut accepted = Features::bit(feature::VERSION_1);
        if indirect {
            accepted = accepted.with(Features::bit(feature::INDIRECT_DESC));
        }
        let mut driver = Driver { script, accepted, idx: 0, queue: false, generation: 0 };
        driver.start();
        choices.into_iter().for_each(|choice| driver.act(choice));
        driver.script.finish();
        let judgement = driver.script.judge();
        let accused: Vec<_> = judgement.verdicts.entries.iter().filter(|(_, e)| e.violated > 0).collect();
        prop_assert!(accused.is_empty(), "{accused:#?}");
    }
}
