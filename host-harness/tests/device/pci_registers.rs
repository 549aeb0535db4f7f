//! The structures behind the BARs: common configuration, notifications, device configuration.

use std::io;
use std::sync::{Arc, Mutex};

use parakit_abi::feature::{Features, NOTIF_CONFIG_DATA, NOTIFICATION_DATA, RING_PACKED, RING_RESET, VERSION_1};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{CfgType, Common, NO_VECTOR, cap, command, header};
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, Control, Entropy, MemoryDisk,
};
use parakit_harness::observe::EventKind;
use parakit_harness::transport::{Doorbell, DoorbellBinder};
use vmm_sys_util::eventfd::EventFd;

use crate::function::BARS;
use crate::rig::{BUFFERS, Rig, writable};

const ALL: Features = Features::of(&[VERSION_1, RING_RESET, RING_PACKED, NOTIFICATION_DATA, NOTIF_CONFIG_DATA]);

fn console() -> Console {
    Console::new(ConsoleOptions::default(), Box::new(ConsoleBuffer::default()))
}

fn offering(features: Features) -> Rig {
    Rig::pci_with(console(), &[], |o| o.features = features, |_| {})
}

#[test]
fn fields_after_a_reset() {
    let rig = offering(ALL);
    let function = rig.function();
    rig.write(Register::Status, 0);
    for (field, expected) in [
        (Common::DeviceFeatureSelect, 0),
        (Common::DriverFeatureSelect, 0),
        (Common::DriverFeature, 0),
        (Common::ConfigMsixVector, u64::from(NO_VECTOR)),
        (Common::NumQueues, 2),
        (Common::DeviceStatus, 0),
        (Common::QueueSelect, 0),
        (Common::QueueSize, 64),
        (Common::QueueMsixVector, u64::from(NO_VECTOR)),
        (Common::QueueEnable, 0),
        (Common::QueueNotifyOff, 1),
        (Common::QueueDesc, 0),
        (Common::QueueDriver, 0),
        (Common::QueueDevice, 0),
        (Common::QueueNotifConfigData, 0),
        (Common::QueueReset, 0),
        (Common::AdminQueueIndex, 0),
        (Common::AdminQueueNum, 0),
    ] {
        assert_eq!(function.common(field), expected, "{}", field.name());
    }
}

#[test]
fn fields_keep_what_is_written() {
    let rig = offering(ALL);
    let function = rig.function();
    for (field, value) in [
        (Common::DeviceFeatureSelect, 0x1234_5678),
        (Common::DriverFeatureSelect, 0x8765_4321),
        (Common::ConfigMsixVector, 7),
        (Common::QueueSelect, 1),
        (Common::QueueSize, 32),
        (Common::QueueMsixVector, 3),
        (Common::QueueDesc, 0x1122_3344_5566_7700),
        (Common::QueueDriver, 0x1122_3344_5566_8800),
        (Common::QueueDevice, 0x1122_3344_5566_9900),
    ] {
        function.set(field, value);
        assert_eq!(function.common(field), value, "{}", field.name());
    }
    // The high half alone.
    function.write(CfgType::Common, Common::QueueDesc.offset() + 4, &[0; 4]);
    assert_eq!(function.common(Common::QueueDesc), 0x5566_7700);
    // The other queue has fields of its own.
    function.set(Common::QueueSelect, 0);
    assert_eq!((function.common(Common::QueueSize), function.common(Common::QueueDesc)), (64, 0));
    assert_eq!(function.common(Common::QueueMsixVector), u64::from(NO_VECTOR));
}

#[test]
fn features_are_shown_word_by_word() {
    let rig = offering(ALL);
    let function = rig.function();
    for word in 0..6 {
        function.set(Common::DeviceFeatureSelect, word);
        let expected = ALL.word(word as u32) | if word == 0 { 5 } else { 0 };
        assert_eq!(function.common(Common::DeviceFeature) as u32, expected, "word {word}");
    }
    function.set(Common::DriverFeatureSelect, 1);
    function.set(Common::DriverFeature, 5);
    assert_eq!(function.common(Common::DriverFeature), 5);
    function.set(Common::DriverFeatureSelect, 0);
    assert_eq!(function.common(Common::DriverFeature), 0);
}

#[test]
fn a_queue_that_is_not_there_has_size_0() {
    let rig = offering(ALL);
    let function = rig.function();
    for queue in [2, 3, 0x7fff, 0xffff] {
        function.set(Common::QueueSelect, queue);
        for field in [Common::QueueSize, Common::QueueEnable, Common::QueueNotifyOff, Common::QueueReset] {
            assert_eq!(function.common(field), 0, "queue {queue}: {}", field.name());
        }
        function.set(Common::QueueSize, 8);
        function.set(Common::QueueMsixVector, 0);
        assert_eq!(function.common(Common::QueueSize), 0);
        assert_eq!(function.common(Common::QueueMsixVector), u64::from(NO_VECTOR));
    }
}

#[test]
fn a_size_that_no_queue_has_is_not_shown() {
    let rig = offering(ALL);
    let function = rig.function();
    assert!(rig.negotiate(Features::bit(VERSION_1)));
    for size in [0, 3, 63, 65, 128, 0xffff] {
        function.set(Common::QueueSize, size);
        assert_eq!(function.common(Common::QueueSize), 64, "{size}");
    }
    assert!(rig.negotiate(Features::of(&[VERSION_1, RING_PACKED])));
    for (size, shown) in [(3, 3), (63, 63), (65, 63), (0, 63)] {
        function.set(Common::QueueSize, size);
        assert_eq!(function.common(Common::QueueSize), shown, "packed, {size}");
    }
}

#[test]
fn other_accesses_than_a_field_has_come_to_nothing() {
    let rig = offering(ALL);
    let function = rig.function();
    function.set(Common::QueueSelect, 1);
    for (offset, width) in
        [(0x16, 1), (0x14, 4), (0x10, 4), (0x17, 2), (0x20, 2), (0x22, 4), (0x18, 8), (0x3c, 8), (0x40, 4)]
    {
        let mut data = vec![0xee; width];
        function.write(CfgType::Common, offset, &data);
        function.read(CfgType::Common, offset, &mut data);
        assert_eq!(data, vec![0; width], "{width} bytes at {offset:#x}");
    }
    assert_eq!(function.common(Common::QueueSelect), 1);
    // A 64-bit field at once is well meant.
    function.write(CfgType::Common, Common::QueueDesc.offset(), &0x1234_5678_9abc_def0_u64.to_le_bytes());
    assert_eq!(function.common(Common::QueueDesc), 0x1234_5678_9abc_def0);
}

#[test]
fn a_queue_is_enabled_and_does_not_change_any_more() {
    let mut rig = offering(ALL);
    assert!(rig.negotiate(Features::bit(VERSION_1)));
    rig.describe(0, 8);
    let function = rig.function();
    let desc = function.common(Common::QueueDesc);
    function.set(Common::QueueEnable, 1);
    for (field, value) in [(Common::QueueSize, 4), (Common::QueueDesc, 64), (Common::QueueEnable, 0)] {
        function.set(field, value);
    }
    assert_eq!(function.common(Common::QueueSize), 8);
    assert_eq!(function.common(Common::QueueDesc), desc);
    assert_eq!(function.common(Common::QueueEnable), 1, "a driver cannot disable a queue");
    rig.write(Register::Status, 0);
    assert_eq!(rig.function().common(Common::QueueEnable), 0);
}

#[test]
fn one_queue_is_reset_and_enabled_again() {
    let mut rig = offering(ALL);
    rig.start(Features::bit(RING_RESET), 2, 8);
    rig.device.control(&Control::ConsoleInput(b"ab".to_vec()));
    let function = rig.function();
    function.set(Common::QueueSelect, 0);
    function.set(Common::QueueMsixVector, 2);
    function.set(Common::QueueReset, 1);
    for (field, expected) in [
        (Common::QueueReset, 0),
        (Common::QueueEnable, 0),
        (Common::QueueSize, 64),
        (Common::QueueMsixVector, u64::from(NO_VECTOR)),
        (Common::QueueDesc, 0),
    ] {
        assert_eq!(function.common(field), expected, "{}", field.name());
    }
    function.set(Common::QueueSelect, 1);
    assert_eq!(function.common(Common::QueueEnable), 1);
    rig.describe(0, 4);
    rig.write(Register::QueueReady, 1);
    assert_eq!(rig.request(0, &[writable(BUFFERS, 8)]).len, 2);
}

#[test]
fn without_its_feature_a_queue_is_not_reset() {
    let mut rig = offering(ALL);
    rig.start(Features::NONE, 2, 8);
    let function = rig.function();
    function.set(Common::QueueSelect, 0);
    function.set(Common::QueueReset, 1);
    assert_eq!((function.common(Common::QueueReset), function.common(Common::QueueEnable)), (0, 1));
}

#[test]
fn the_generation_never_comes_round_to_the_one_that_was_read() {
    let disk = MemoryDisk::new(vec![7; 512 * 512]);
    let rig = Rig::pci(Block::new(Box::new(disk), BlockOptions::default()), &[]);
    let function = rig.function();
    let mut byte = [0];
    function.read(CfgType::Device, 0, &mut byte);
    let before = function.common(Common::ConfigGeneration);
    for change in 1..=600_u64 {
        rig.device.control(&Control::Capacity(1 + change % 2));
        assert_ne!(function.common(Common::ConfigGeneration), before, "after {change} changes");
    }
}

/// Offset, bytes and value of a write behind a BAR.
type Raw = (u64, u8, u64);

/// The queue notified, what came with it, and the raw accesses, since event `begin`.
fn notified(rig: &Rig, begin: usize) -> (Vec<u32>, Vec<u16>, Vec<Raw>) {
    let (mut queues, mut data, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for event in &rig.events()[begin..] {
        match event.kind {
            EventKind::Notify { queue, count: 1 } => queues.push(queue),
            EventKind::NotifyData { next, .. } => data.push(next),
            EventKind::PciBar { write: true, offset, width, value, .. } => raw.push((offset, width, value)),
            _ => {}
        }
    }
    (queues, data, raw)
}

#[test]
fn a_notification_is_one_access_to_the_place_of_its_queue() {
    let mut rig = offering(ALL);
    rig.start(Features::NONE, 2, 8);
    for queue in 0..2_u16 {
        let place = rig.function().notify_place(queue);
        assert_eq!(place, 4 * (u64::from(queue) + 1), "not at the queue's index");
        let begin = rig.events().len();
        rig.function().write(CfgType::Notify, place, &queue.to_le_bytes());
        let raw = vec![(0x3000 + place, 2, u64::from(queue))];
        assert_eq!(notified(&rig, begin), (vec![u32::from(queue)], vec![], raw));
    }
    assert_eq!(rig.device.notifications(), 2);
}

#[test]
fn the_queue_that_is_worked_on_is_the_one_that_was_notified() {
    let mut rig = offering(ALL);
    rig.start(Features::NONE, 2, 8);
    rig.device.control(&Control::ConsoleInput(b"abc".to_vec()));
    rig.settle();
    rig.push(0, &[writable(BUFFERS, 8)]);
    // Another queue's place, the place of none, and accesses of other widths.
    let other = rig.function().notify_place(1);
    for (place, data) in [(other, &[0, 0][..]), (0, &[0, 0]), (4, &[0]), (4, &[0; 8])] {
        rig.function().write(CfgType::Notify, place, data);
        rig.settle();
        assert!(rig.used(0).is_empty(), "{data:?} at {place}");
    }
    rig.kick(0);
    assert_eq!(rig.used(0).len(), 1);
}

#[test]
fn notifications_carry_what_was_negotiated() {
    let place = |rig: &Rig, queue| rig.function().notify_place(queue);
    let mut rig = offering(ALL);
    rig.start(Features::bit(NOTIFICATION_DATA), 2, 8);
    let (at, begin) = (place(&rig, 1), rig.events().len());
    rig.function().write(CfgType::Notify, at, &0x8005_0001_u32.to_le_bytes());
    assert_eq!(notified(&rig, begin).0, [1]);
    assert_eq!(notified(&rig, begin).1, [0x8005]);

    rig.start(Features::of(&[NOTIFICATION_DATA, NOTIF_CONFIG_DATA]), 2, 8);
    for queue in 0..2 {
        let at = place(&rig, queue);
        let value = rig.function().common(Common::QueueNotifConfigData) as u16;
        assert_ne!(value, queue);
        let begin = rig.events().len();
        rig.function().write(CfgType::Notify, at, &(u32::from(value) | 7 << 16).to_le_bytes());
        assert_eq!(notified(&rig, begin).0, [u32::from(queue)], "it stands for the queue");
        assert_eq!(notified(&rig, begin).1, [7]);
        let begin = rig.events().len();
        rig.function().write(CfgType::Notify, at, &u32::from(queue).to_le_bytes());
        assert_eq!(notified(&rig, begin).0, [0xffff], "the index stands for nothing");
    }
}

#[test]
fn all_queues_may_share_an_address() {
    let mut rig = Rig::pci(console(), &["notify-address-shared"]);
    rig.start(Features::NONE, 2, 8);
    assert_eq!(rig.function().virtio(CfgType::Notify).word(cap::NOTIFY_OFF_MULTIPLIER), 0);
    rig.device.control(&Control::ConsoleInput(b"abc".to_vec()));
    assert_eq!(rig.request(0, &[writable(BUFFERS, 8)]).len, 3);
}

#[test]
fn without_bus_mastering_memory_is_left_alone() {
    let mut rig = Rig::pci(Entropy::default(), &[]);
    rig.start(Features::NONE, 1, 8);
    rig.function().config_write16(header::COMMAND, command::MEMORY);
    rig.push(0, &[writable(BUFFERS, 16)]);
    rig.kick(0);
    assert!(rig.used(0).is_empty());
    rig.function().config_write16(header::COMMAND, command::MEMORY | command::BUS_MASTER);
    rig.settle();
    assert_eq!(rig.used(0).len(), 1);
}

#[derive(Default)]
struct Binder(Mutex<Vec<(bool, Doorbell)>>);

impl DoorbellBinder for Binder {
    fn arm(&self, doorbell: &Doorbell, _: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().push((true, *doorbell));
        Ok(())
    }
    fn disarm(&self, doorbell: &Doorbell, _: &EventFd) -> io::Result<()> {
        self.0.lock().unwrap().push((false, *doorbell));
        Ok(())
    }
}

#[test]
fn doorbells_move_with_the_bar() {
    let binder = Arc::new(Binder::default());
    let theirs = Arc::clone(&binder);
    let mut rig = Rig::pci_with(console(), &[], |o| o.doorbells = Some(theirs), |_| {});
    let seen = || std::mem::take(&mut *binder.0.lock().unwrap());
    let bell = |base: u64, queue: u32| Doorbell {
        address: base + 0x3000 + 4 * (u64::from(queue) + 1),
        width: 2,
        value: Some(queue),
    };
    rig.start(Features::NONE, 2, 8);
    let [old, new] = [BARS[0], 0x40_2000_0000];
    assert_eq!(seen(), [(true, bell(old, 0)), (true, bell(old, 1))]);
    rig.function().config_write32(header::BAR0, new as u32);
    assert_eq!(seen(), [(false, bell(old, 0)), (false, bell(old, 1)), (true, bell(new, 0)), (true, bell(new, 1))]);
    rig.function().config_write16(header::COMMAND, command::BUS_MASTER);
    assert_eq!(seen(), [(false, bell(new, 0)), (false, bell(new, 1))]);
    rig.function().config_write16(header::COMMAND, command::BUS_MASTER | command::MEMORY);
    assert_eq!(seen(), [(true, bell(new, 0)), (true, bell(new, 1))]);
}

#[test]
fn a_notification_with_data_rings_no_doorbell() {
    let binder = Arc::new(Binder::default());
    let theirs = Arc::clone(&binder);
    let change = |o: &mut parakit_harness::transport::device::DeviceOptions| {
        o.doorbells = Some(theirs);
        o.features = ALL;
    };
    let mut rig = Rig::pci_with(console(), &[], change, |_| {});
    rig.start(Features::bit(NOTIFICATION_DATA), 2, 8);
    assert!(binder.0.lock().unwrap().is_empty());
    rig.start(Features::bit(NOTIF_CONFIG_DATA), 2, 8);
    let values: Vec<_> = binder.0.lock().unwrap().iter().map(|(_, bell)| bell.value).collect();
    assert!(values.iter().all(|v| v.is_some_and(|v| v > 1)), "{values:?}");
}
