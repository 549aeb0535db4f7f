//! Virtio over PCI: each access of bring-up, where BARs go, which vector is for what, and what a notification costs.

mod support;

use std::ops::Deref;

use parakit::{
    Device, Notify,
    abi::feature::{self, Features},
    queue::{Notification, Queue, QueueOptions, Readable, Slot},
    transport::{
        AnyTransport, FeatureError, FeaturesOk, Interrupt, Live, PciTransport, QueueSetupError, SUPPORTED,
        SharedMemory, Transport,
        pci::{AddressRanges, CfgWindows, Event, InterruptMode, PciError, VectorError},
    },
};
use support::{
    pci::{self, Access, BarWindow, MSIX, Pci, messages, ranges, read, write},
    platform::Tracked,
    registers::State,
    window::Window,
};

type Front = Pci<State>;
type Chain = Readable<Box<[u8]>>;
type Ring = Queue<Tracked, Chain, Box<[Slot<Chain>]>>;
type On<S> = Device<Tracked, PciTransport<BarWindow<State>>, S>;

const VERSION_1: u128 = 1 << 32;

fn function(features: u128, queues: &[u32], vectors: u16) -> Front {
    Pci::new(Window::new(2, features, queues), 2, vectors)
}

fn transport(front: &Front, vectors: u16) -> PciTransport<BarWindow<State>> {
    try_transport(front, vectors).unwrap()
}

fn try_transport(front: &Front, vectors: u16) -> Result<PciTransport<BarWindow<State>>, PciError> {
    let function = front.function();
    front.take_log();
    // SAFETY: the test uses the function through this transport only.
    unsafe { PciTransport::new(front, &function, &mut ranges(), front, &messages(vectors)) }
}

fn features_ok(front: &Front, vectors: u16) -> On<FeaturesOk> {
    let started = Device::start(Tracked::new(), transport(front, vectors)).unwrap();
    started.negotiate(SUPPORTED, Features::NONE).unwrap()
}

/// A live device, with queues that go with it.
struct Rig {
    device: On<Live>,
    queues: Vec<Ring>,
}

impl Deref for Rig {
    type Target = On<Live>;
    fn deref(&self) -> &On<Live> {
        &self.device
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        let proof = self.device.quiesce().unwrap();
        for queue in &mut self.queues {
            assert_eq!(queue.retire(&proof).unwrap().count(), 0);
        }
    }
}

fn live(front: &Front, vectors: u16, queues: u16) -> Rig {
    let mut device = features_ok(front, vectors);
    let queues = (0..queues).map(|i| device.queue(i, Slot::boxed(4), QueueOptions::default()).unwrap()).collect();
    Rig { device: device.driver_ok(), queues }
}

fn config_writes(log: &[Access]) -> Vec<(u16, u32)> {
    let write = |access: &Access| match *access {
        Access::Config { offset, write: Some(value), .. } => Some((offset, value)),
        _ => None,
    };
    log.iter().filter_map(write).collect()
}

#[test]
fn bars_are_measured_while_nothing_decodes_and_placed_where_they_may_be() {
    let front = function(VERSION_1, &[4], 2);
    let transport = transport(&front, 2);
    let log = front.take_log();
    let writes = config_writes(&log);
    // Decoding is off before the first BAR is written, and on after the last. (The model checks each write of a BAR.)
    assert_eq!(writes.first(), Some(&(0x04, 0)));
    let on = writes.iter().position(|&(offset, value)| offset == 4 && value & 2 != 0).unwrap();
    assert!(!writes[on..].iter().any(|(offset, _)| (0x10..0x28).contains(offset)));
    front.with(|s| {
        // The two 64-bit BARs and the 32-bit one, aligned to their length; the I/O BAR, which is not reached, is left alone.
        assert_eq!((s.address(1), s.address(2), s.address(4)), (0xc000_0000, 0x40_0000_0000, 0x40_0001_0000));
        assert_eq!((s.address(0), s.command()), (0, 0x406), "memory and bus master; INTx off with MSI-X");
    });
    assert_eq!(transport.interrupt_mode(), InterruptMode::Msix { vectors: 2 });
    assert_eq!(transport.function(), pci::AT);
    // Only BARs, the command register and MSI-X were written (the model checks that), and MSI-X on, masked, before its table.
    let control = writes.iter().filter(|(offset, _)| usize::from(*offset) == MSIX + 2).map(|&(_, value)| value);
    assert_eq!(control.collect::<Vec<_>>(), [0xc001, 0x8001]);
}

#[test]
fn bars_that_firmware_placed_stay_and_others_are_kept_off_them() {
    let front = function(VERSION_1, &[4], 2);
    front.with(|s| {
        pci::put(&mut s.config, 0x14, 0xc00f_f000_u32.to_le_bytes());
        // In the range, but not aligned as a BAR of its length is.
        pci::put(&mut s.config, 0x20, 0x0000_1004_u32.to_le_bytes());
        pci::put(&mut s.config, 0x24, 0x40_u32.to_le_bytes());
        // Outside.
        pci::put(&mut s.config, 0x18, 0x1234_000c_u32.to_le_bytes());
    });
    let _transport = transport(&front, 0);
    front.with(|s| {
        assert_eq!((s.address(1), s.address(2), s.address(4)), (0xc00f_f000, 0x40_0000_0000, 0x40_0001_0000))
    });
}

#[test]
fn bring_up_in_the_order_of_the_specification() {
    let front = function(VERSION_1 | 1 << 29, &[8, 8], 3);
    let transport = transport(&front, 3);
    front.take_log();
    let device = Device::start(Tracked::new(), transport).unwrap();
    let mut expected = vec![write(0x14, 1, 0), read(0x14, 1), write(0x14, 1, 1), write(0x14, 1, 3)];
    for i in 0..4 {
        expected.extend([write(0x00, 4, i), read(0x04, 4)]);
    }
    assert_eq!(front.take_log(), expected);

    let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    let mut expected = Vec::new();
    for (i, word) in [1 << 29, 1, 0, 0].into_iter().enumerate() {
        expected.extend([write(0x08, 4, i as u32), write(0x0c, 4, word)]);
    }
    expected.extend([write(0x14, 1, 11), read(0x14, 1)]);
    // The vector for configuration changes, read back.
    expected.extend([write(0x10, 2, 0), read(0x10, 2)]);
    assert_eq!(front.take_log(), expected);

    let queue = device.queue::<Chain, _>(1, Slot::boxed(4), QueueOptions::default()).unwrap();
    let at = queue.addresses();
    let halves =
        |field: u64, address: u64| [write(field, 4, address as u32), write(field + 4, 4, (address >> 32) as u32)];
    let mut expected = vec![write(0x16, 2, 1), read(0x1c, 2), read(0x18, 2)];
    expected.extend([write(0x16, 2, 1), read(0x1e, 2), write(0x18, 2, 4), write(0x1a, 2, 2), read(0x1a, 2)]);
    expected.extend(halves(0x20, at.descriptor));
    expected.extend(halves(0x28, at.driver));
    expected.extend(halves(0x30, at.device));
    expected.push(write(0x1c, 2, 1));
    assert_eq!(front.take_log(), expected, "each field at its width, queue_enable last");

    let device = device.driver_ok();
    front.take_log();
    let platform = device.platform().clone();
    let (mut queue, device) = (queue, device.reset().unwrap());
    assert_eq!(queue.retire(&device.proof()).unwrap().count(), 0);
    drop(queue);
    assert_eq!(platform.allocated(), 0);
    assert_eq!(front.take_log(), [write(0x14, 1, 0), read(0x14, 1)]);
}

#[test]
fn a_notification_is_exactly_one_access_and_no_read() {
    for data in [false, true] {
        let front = function(VERSION_1 | if data { 1 << 38 } else { 0 }, &[4, 4], 2);
        let mut transport = transport(&front, 2);
        transport.accept_features(Features(VERSION_1 | if data { 1 << 38 } else { 0 }));
        let notifier = transport.notifier(1);
        front.take_log();
        notifier.notify(Notification(0x8003));
        notifier.notify(Notification(5));
        let width = if data { 4 } else { 2 };
        let values = if data { [0x8003_0001, 0x0005_0001] } else { [1, 1] };
        assert_eq!(front.take_log(), values.map(|value| write(0x3004, width, value)));
    }
}

#[test]
fn notifications_go_through_a_port_where_the_device_prefers_it_and_ports_are_reached() {
    // A notification structure in the I/O BAR, before the one in memory.
    let prefers = |reached: bool| {
        let front = function(VERSION_1, &[4, 4], 0);
        front.with(|s| {
            s.config[0x34] = 0xc0;
            pci::put(&mut s.config, 0xc0, [9, pci::COMMON as u8, 20, 2, 0, 0, 0, 0]);
            pci::put(&mut s.config, 0xc8, [0x10, 0, 0, 0, 8, 0, 0, 0, 4, 0, 0, 0]);
        });
        // SAFETY: nothing is mapped anywhere.
        let mut ranges = unsafe { AddressRanges::new(pci::MEMORY32, pci::MEMORY64, pci::PORTS) };
        let (function, windows) = (front.function(), pci::WithPorts(front.clone()));
        // SAFETY: the test uses the function through this transport only.
        let transport = unsafe {
            if reached {
                PciTransport::new(&front, &function, &mut ranges, &windows, &[])
            } else {
                PciTransport::new(&front, &function, &mut ranges, &front, &[])
            }
        };
        let notifier = transport.unwrap().notifier(1);
        front.take_log();
        notifier.notify(Notification(0));
        (front.with(|s| (s.address(0), s.command())), front.take_log())
    };
    let port = Access::Bar { bar: 0, offset: 0x14, width: 2, write: Some(1) };
    assert_eq!(prefers(true), ((0xc000, 7), vec![port]));
    assert_eq!(prefers(false), ((0, 6), vec![write(0x3004, 2, 1)]));
}

#[test]
fn notifications_carry_what_the_device_chose() {
    let front = function(VERSION_1 | 1 << 39, &[4], 0);
    front.with(|s| (s.notify_off, s.notif_config_data) = (|_| 9, |_| 0x77));
    let device = live(&front, 0, 1);
    assert!(device.accepted().has(feature::NOTIF_CONFIG_DATA));
    let notifier = device.notifier(0);
    front.take_log();
    notifier.notify(Notification(0));
    assert_eq!(front.take_log(), [write(0x3024, 2, 0x77)]);

    // A structure that ends before the field cannot have the feature.
    let front = function(VERSION_1 | 1 << 39 | 1 << 40, &[4], 0);
    front.with(|s| pci::put(&mut s.config, pci::COMMON + 12, 0x38_u32.to_le_bytes()));
    let device = features_ok(&front, 0);
    assert_eq!(device.accepted(), Features(VERSION_1));
    // Nor is there such a thing over MMIO, where the queue's index is it.
    let registers = Window::new(2, VERSION_1 | 1 << 39, &[4]);
    let device = Device::start(Tracked::new(), parakit::MmioTransport::probe(registers).unwrap().unwrap()).unwrap();
    assert_eq!(device.negotiate(SUPPORTED, Features::NONE).unwrap().accepted(), Features(VERSION_1));
}

/// What configuration changes and the queues are mapped to.
fn vectors(front: &Front) -> (u16, Vec<u16>) {
    front.with(|s| (s.config_vector, s.queue_vectors.values().copied().collect()))
}

#[test]
fn vectors_are_shared_when_there_are_fewer_than_wanted() {
    // (vectors of the device, messages of the OS, expected)
    let cases = [
        (8, 8, (0, vec![1, 2, 3])),
        (8, 3, (0, vec![1, 2, 1])),
        (3, 8, (0, vec![1, 2, 1])),
        (2, 8, (0, vec![1, 1, 1])),
        (1, 8, (0, vec![0, 0, 0])),
        (8, 1, (0, vec![0, 0, 0])),
    ];
    for (has, given, expected) in cases {
        let front = function(VERSION_1, &[4, 4, 4], has);
        let device = live(&front, given, 3);
        assert_eq!(vectors(&front), expected, "{has} vectors, {given} messages");
        assert_eq!(device.vector_of(Event::Queue(1)), Some(expected.1[1]));
        assert_eq!(device.vector_of(Event::Config), Some(0));
        // The messages are in the table, the other entries masked.
        let count = has.min(given);
        front.with(|s| {
            for (i, entry) in s.table.chunks(4).enumerate() {
                let i = i as u32;
                let message = [0xfee0_1000, 0, 0x40 + i, 0];
                assert_eq!(entry, if i < count.into() { message } else { [0, 0, 0, 1] });
            }
        });
        // No register is read to find out why the device interrupts.
        front.take_log();
        let shared = expected.1.contains(&0);
        let config = Interrupt { used_buffer: shared, config_change: true };
        assert_eq!(device.acknowledge_vector(0), config);
        if count > 1 {
            assert_eq!(device.acknowledge_vector(1), Interrupt { used_buffer: true, config_change: false });
        }
        assert_eq!(device.acknowledge_interrupt(), Interrupt { used_buffer: true, config_change: true });
        assert_eq!(front.take_log(), []);
    }
}

#[test]
fn a_vector_that_the_device_does_not_take_is_replaced_by_a_shared_one() {
    // A queue's own vector is refused: another queue's, then that of configuration changes.
    let front = function(VERSION_1, &[4, 4, 4], 4);
    front.with(|s| s.refused = vec![2]);
    let device = live(&front, 4, 3);
    assert_eq!(vectors(&front), (0, vec![1, 1, 3]));
    assert_eq!(device.acknowledge_vector(0), Interrupt { used_buffer: false, config_change: true });
    let front = function(VERSION_1, &[4, 4, 4], 4);
    front.with(|s| s.refused = vec![1, 2, 3]);
    let device = live(&front, 4, 3);
    assert_eq!(vectors(&front), (0, vec![0, 0, 0]));
    assert_eq!(device.acknowledge_vector(0), Interrupt { used_buffer: true, config_change: true });
    // Configuration changes share a queue's.
    let front = function(VERSION_1, &[4], 3);
    front.with(|s| s.refused = vec![0]);
    let device = live(&front, 3, 1);
    assert_eq!(vectors(&front), (1, vec![1]));
    assert_eq!(device.acknowledge_vector(1), Interrupt { used_buffer: true, config_change: true });

    // Nothing is left to share.
    let front = function(VERSION_1, &[4], 2);
    let mut device = features_ok(&front, 2);
    front.with(|s| s.refused = vec![0, 1]);
    let error = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap_err();
    let vector = VectorError { event: Event::Queue(0), vector: 0, read: 0xffff };
    assert_eq!(error, QueueSetupError::Vector(vector));
    assert_eq!(error.to_string(), "queue 0 cannot be mapped to MSI-X vector 0: 0xffff was read back");
    assert_eq!(device.platform().allocated(), 0, "the device was not given the ring");
    assert!(!front.take_log().contains(&write(0x1c, 2, 1)));
    let front = function(VERSION_1, &[4], 2);
    front.with(|s| s.refused = vec![0, 1]);
    let device = Device::start(Tracked::new(), transport(&front, 2)).unwrap();
    let error = device.negotiate(SUPPORTED, Features::NONE).unwrap_err();
    assert_eq!(error, FeatureError::Vector(VectorError { event: Event::Config, vector: 1, read: 0xffff }));
}

#[test]
fn without_msix_the_isr_status_tells() {
    for (vectors, given) in [(0, 4), (4, 0)] {
        let front = function(VERSION_1, &[4], vectors);
        // Firmware left MSI-X on.
        if vectors > 0 {
            front.with(|s| s.config[MSIX + 3] |= 0x80);
        }
        let device = live(&front, given, 1);
        front.with(|s| assert_eq!((s.command(), s.config[MSIX + 3] & 0x80), (6, 0), "INTx on, MSI-X off"));
        assert_eq!((device.vector_of(Event::Config), device.vector_of(Event::Queue(0))), (None, None));
        front.take_log();
        front.with(|s| s.model.with(|m| m.interrupt.extend([0, 1, 2, 3])));
        let interrupt = |used_buffer, config_change| Interrupt { used_buffer, config_change };
        assert_eq!(device.acknowledge_interrupt(), interrupt(false, false));
        assert_eq!(device.acknowledge_vector(0), interrupt(true, false));
        assert_eq!(device.acknowledge_interrupt(), interrupt(false, true));
        assert_eq!(device.acknowledge_interrupt(), interrupt(true, true));
        assert_eq!(front.take_log(), [read(0x1000, 1); 4], "one read each, which acknowledges");
    }
}

#[test]
fn ids_of_transitional_devices_and_any_revision_are_driven_in_modern_mode() {
    for (id, revision) in [(0x1001_u16, 0), (0x1042, 0), (0x1042, 1), (0x1042, 99)] {
        let front = function(VERSION_1, &[4], 0);
        front.with(|s| {
            pci::put(&mut s.config, 2, id.to_le_bytes());
            s.config[8] = revision;
        });
        assert_eq!(transport(&front, 0).device_type().0, 2);
    }
    for (vendor, device) in [(0x1af4_u16, 0x1040_u16), (0x1af4, 0x1080), (0x1af4, 0x10ff), (0x8086, 0x1042)] {
        let front = function(VERSION_1, &[4], 0);
        front.with(|s| {
            pci::put(&mut s.config, 0, vendor.to_le_bytes());
            pci::put(&mut s.config, 2, device.to_le_bytes());
        });
        assert_eq!(try_transport(&front, 0).map(|_| ()).unwrap_err(), PciError::NotVirtio { vendor, device });
        assert_eq!(config_writes(&front.take_log()), [], "left alone");
    }
}

#[test]
fn registers_are_reached_through_configuration_space() {
    let front = function(VERSION_1, &[4], 2);
    let function = front.function();
    // SAFETY: the test uses the function through these windows only.
    let windows = unsafe { CfgWindows::new(front.clone(), &function) }.unwrap();
    // No addresses are needed, so none are given; and there is no MSI-X this way.
    // SAFETY: nothing answers in empty ranges.
    let mut none = unsafe { AddressRanges::new(0..0, 0..0, 0..0) };
    // SAFETY: as above.
    let transport = unsafe { PciTransport::new(&front, &function, &mut none, &windows, &messages(2)) }.unwrap();
    assert_eq!(transport.interrupt_mode(), InterruptMode::Intx);
    front.with(|s| assert_eq!((s.command(), s.address(4)), (4, 0)));
    let device = Device::start(Tracked::new(), transport).unwrap();
    let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    let mut queue = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap();
    let mut device = device.driver_ok();
    front.with(|s| s.model.with(|m| assert_eq!((m.status, m.queue_ready[0]), (15, 1))));
    let notifier = device.notifier(0);
    front.take_log();
    notifier.notify(Notification(0));
    assert_eq!(front.take_register_log(), [write(0x3000, 2, 0)]);
    front.with(|s| s.model.with(|m| m.interrupt.push_back(1)));
    assert!(device.acknowledge_interrupt().used_buffer);
    assert_eq!(front.take_register_log(), [read(0x1000, 1)]);
    let proof = device.quiesce().unwrap();
    assert!(queue.retire(&proof).is_ok());

    let front = self::function(VERSION_1, &[4], 2);
    front.with(|s| s.config[pci::PCI_CFG + 2] = 16);
    let function = front.function();
    // SAFETY: as above.
    let error = unsafe { CfgWindows::new(front.clone(), &function) }.map(|_| ()).unwrap_err();
    assert_eq!(error, PciError::NoConfigAccess);
}

#[test]
fn shared_memory_regions_are_found_by_their_id() {
    let front = function(VERSION_1, &[4], 0);
    let mut device = features_ok(&front, 0);
    let bar = front.with(|s| s.address(2));
    assert_eq!(device.shared_memory(7), Ok(Some(SharedMemory { address: bar + 0x1000, len: 0x2000 })));
    assert_eq!(device.shared_memory(0), Ok(None));

    // Over MMIO, where the device says where it is.
    let registers = Window::new(2, VERSION_1, &[4]);
    registers.with(|s| s.shared_memory = vec![(1, 0x12_3456_7000, 0x1_0000_0000), (2, u64::MAX - 5, 7), (3, 5, 0)]);
    let transport = AnyTransport::probe_mmio(registers).unwrap().unwrap();
    let device = Device::start(Tracked::new(), transport).unwrap();
    let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    assert_eq!(device.shared_memory(1), Ok(Some(SharedMemory { address: 0x12_3456_7000, len: 0x1_0000_0000 })));
    assert_eq!(device.shared_memory(0), Ok(None));
    for id in [2, 3] {
        assert!(device.shared_memory(id).unwrap_err().to_string().contains("impossible"));
    }
}

#[test]
fn a_device_without_configuration_space_has_none() {
    let front = function(VERSION_1, &[4], 0);
    // Its capability is passed over: a reserved type.
    front.with(|s| s.config[pci::DEVICE + 3] = 7);
    let transport = transport(&front, 0);
    assert_eq!((transport.config_len(), transport.config_read32(0)), (0, u32::MAX));
}
