//! Each register access of the bring-up, in order, and what the driver does when a device answers wrongly.

mod support;

use parakit::{
    Device, MmioTransport, Notify,
    abi::{
        device::ConfigField,
        feature::{self, Features},
        status::DeviceStatus,
    },
    queue::{QueueOptions, Readable, Slot},
    transport::{
        ConfigError, FeatureError, FeaturesOk, Interrupt, Live, MMIO_FEATURES, ProbeError, QueueSetupError, SUPPORTED,
        StartError, WaitError,
    },
};
use support::{
    platform::Tracked,
    registers::{Access, Registers, read, write},
};

type Transport = MmioTransport<Registers>;
type Chain = Readable<Box<[u8]>>;

const VERSION_1: u128 = 1 << 32;
const EVENT_IDX: u128 = 1 << 29;

const MAGIC: u64 = 0x000;
const VERSION: u64 = 0x004;
const DEVICE_ID: u64 = 0x008;
const STATUS: u64 = 0x070;
const GENERATION: u64 = 0x0fc;

fn probe(registers: &Registers) -> Transport {
    MmioTransport::probe(registers.clone()).unwrap().unwrap()
}

fn features_ok(registers: &Registers) -> Device<Tracked, Transport, FeaturesOk> {
    let started = Device::start(Tracked::new(), probe(registers)).unwrap();
    started.negotiate(SUPPORTED, Features::NONE).unwrap()
}

fn live(registers: &Registers) -> Device<Tracked, Transport, Live> {
    features_ok(registers).driver_ok()
}

#[test]
fn probe_reads_magic_version_and_device_id_and_no_more() {
    let registers = Registers::new(2, VERSION_1, &[]);
    assert!(MmioTransport::probe(registers.clone()).unwrap().is_some());
    assert_eq!(registers.take_log(), [read(MAGIC), read(VERSION), read(DEVICE_ID)]);

    let nothing = Registers::new(0, VERSION_1, &[]);
    assert!(MmioTransport::probe(nothing.clone()).unwrap().is_none());
    assert_eq!(nothing.take_log(), [read(MAGIC), read(VERSION), read(DEVICE_ID)]);

    let foreign = Registers::new(2, VERSION_1, &[]);
    foreign.with(|s| s.magic = 0xffff_ffff);
    assert_eq!(MmioTransport::probe(foreign.clone()).unwrap_err(), ProbeError::Magic(0xffff_ffff));
    assert_eq!(foreign.take_log(), [read(MAGIC)]);

    let legacy = Registers::new(2, VERSION_1, &[]);
    legacy.with(|s| s.version = 1);
    let error = MmioTransport::probe(legacy.clone()).unwrap_err();
    assert_eq!(error, ProbeError::Version(1));
    assert!(error.to_string().contains("legacy"));
    assert_eq!(legacy.take_log(), [read(MAGIC), read(VERSION)]);
}

#[test]
fn bring_up_in_the_order_of_the_specification() {
    // Offered besides: virtual functions, a reserved bit, one that nobody defined, one of the device type.
    let registers = Registers::new(2, VERSION_1 | EVENT_IDX | 1 << 37 | 1 << 44 | 1 << 5 | 1 << 100, &[7, 0]);
    let transport = probe(&registers);
    registers.take_log();
    registers.with(|s| s.slow_reset = 2);

    let device = Device::start(Tracked::new(), transport).unwrap();
    registers.with(|s| s.slow_reset = 0);
    let mut expected =
        vec![write(STATUS, 0), read(STATUS), read(STATUS), read(STATUS), write(STATUS, 1), write(STATUS, 3)];
    for i in 0..4 {
        expected.extend([write(0x014, i), read(0x010)]);
    }
    assert_eq!(registers.take_log(), expected);
    assert!(device.offered().has(37) && device.offered().has(100));

    let own = Features::of(&[5, 100, 37, 44]);
    let mut device = device.negotiate(SUPPORTED.with(own), Features::of(&[5])).unwrap();
    let accepted = [1 << 29 | 1 << 5, 1, 0, 1 << 4];
    let mut expected: Vec<Access> = Vec::new();
    for (i, word) in (0..4).zip(accepted).rev() {
        expected.extend([write(0x024, i), write(0x020, word)]);
    }
    expected.extend([write(STATUS, 11), read(STATUS)]);
    assert_eq!(registers.take_log(), expected, "virtual functions and reserved bits are never accepted");

    let queue = device.queue::<Chain, _>(0, Slot::boxed(64), QueueOptions::default()).unwrap();
    assert_eq!(queue.size(), 4, "clamped to 7, then to a power of two");
    let at = queue.addresses();
    let words = |low: u64, high: u64, address: u64| [write(low, address as u32), write(high, (address >> 32) as u32)];
    let mut expected = vec![write(0x030, 0), read(0x044), read(0x034), write(0x030, 0), write(0x038, 4)];
    expected.extend(words(0x080, 0x084, at.descriptor));
    expected.extend(words(0x090, 0x094, at.driver));
    expected.extend(words(0x0a0, 0x0a4, at.device));
    expected.push(write(0x044, 1));
    assert_eq!(registers.take_log(), expected);

    let absent = device.queue::<Chain, _>(1, Slot::boxed(64), QueueOptions::default()).unwrap_err();
    assert_eq!(absent, QueueSetupError::Absent { queue: 1 });
    let again = device.queue::<Chain, _>(0, Slot::boxed(64), QueueOptions::default()).unwrap_err();
    assert_eq!(again, QueueSetupError::InUse { queue: 0 });
    let none = device.queue::<Chain, [Slot<Chain>; 0]>(1, [], QueueOptions::default());
    assert!(none.is_err());
    registers.take_log();

    let device = device.driver_ok();
    assert_eq!(registers.take_log(), [write(STATUS, 15)]);

    let notifier = device.notifier(0);
    assert_eq!(registers.take_log(), []);
    notifier.notify(Default::default());
    notifier.notify(Default::default());
    assert_eq!(registers.take_log(), [write(0x050, 0), write(0x050, 0)], "one store a notification");

    let platform = device.platform().clone();
    let mut queue = queue;
    let device = device.reset().unwrap();
    assert_eq!(platform.allocated(), 1);
    assert_eq!(queue.retire(&device.proof()).unwrap().count(), 0);
    drop(queue);
    assert_eq!(platform.allocated(), 0);

    // Another life of the same device, for which the old proof is worth nothing.
    let proof = device.proof();
    let mut device = device.restart().unwrap().negotiate(SUPPORTED, Features::NONE).unwrap();
    let mut queue = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap();
    assert!(queue.retire(&proof).is_err());
    let mut device = device.driver_ok();
    let proof = device.quiesce().unwrap();
    assert!(queue.retire(&proof).is_ok());
    assert_eq!(device.config_read::<u8>(&ALWAYS), Err(ConfigError::Reset));
}

#[test]
fn a_device_that_does_not_reset_is_an_error_and_not_waited_for_for_ever() {
    let registers = Registers::new(2, VERSION_1, &[4]);
    let transport = probe(&registers);
    registers.with(|s| s.slow_reset = u32::MAX);
    let error = Device::start(Tracked::new(), transport).unwrap_err();
    assert_eq!(error, StartError::Reset(WaitError { status: DeviceStatus(0xf), polls: 100 }));
    assert!(!registers.with(|s| s.log.contains(&write(STATUS, 1))), "went on without a reset");

    // Nor at the end: the queue is not freed then.
    let registers = Registers::new(2, VERSION_1, &[4]);
    let mut device = features_ok(&registers);
    let platform = device.platform().clone();
    let mut queue = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap();
    queue.add(Readable(Box::from([1]))).unwrap();
    registers.with(|s| s.slow_reset = u32::MAX);
    let (device, _) = device.driver_ok().reset().unwrap_err();
    drop(device);
    drop(queue);
    assert_eq!((platform.allocated(), platform.shared()), (1, 1));
    // SAFETY: there is no device.
    unsafe { platform.forget_leaked_rings() };
}

#[test]
fn a_device_that_is_resetting_is_told_nothing_but_to_reset() {
    for again in [false, true] {
        let registers = Registers::new(2, VERSION_1, &[4]);
        let device = features_ok(&registers);
        registers.with(|s| s.slow_reset = u32::MAX);
        // In this state there is nothing to call but `reset`.
        let (device, _) = device.reset().unwrap_err();
        registers.take_log();
        if again {
            registers.with(|s| s.slow_reset = 3);
            let _ = device.reset().unwrap().proof();
        } else {
            drop(device);
        }
        let writes = registers.take_log().into_iter().filter(|a| matches!(a, Access::Write { .. }));
        assert_eq!(writes.collect::<Vec<_>>(), [write(STATUS, 0)]);
    }
}

#[test]
fn negotiation_that_fails_is_marked_failed() {
    let negotiate = |registers: &Registers, supported, required| {
        let device = Device::start(Tracked::new(), probe(registers)).unwrap();
        let result = device.negotiate(supported, required).map(|_| ());
        (result, registers.with(|s| s.log.last().copied().unwrap()))
    };
    let legacy = Registers::new(2, EVENT_IDX, &[]);
    let (result, last) = negotiate(&legacy, SUPPORTED, Features::NONE);
    assert_eq!(result, Err(FeatureError::Legacy { offered: Features(EVENT_IDX) }));
    assert_eq!(last, write(STATUS, 0x83));

    let poor = Registers::new(2, VERSION_1, &[]);
    let (result, last) = negotiate(&poor, SUPPORTED, Features::bit(feature::EVENT_IDX));
    let missing = Features(EVENT_IDX);
    assert_eq!(result, Err(FeatureError::Missing { missing, offered: Features(VERSION_1) }));
    assert_eq!(last, write(STATUS, 0x83));
    assert!(!poor.with(|s| s.log.iter().any(|a| matches!(a, Access::Write { offset: 0x020, .. }))));

    // Required, offered, but not implemented by the kit.
    let functions = Registers::new(2, VERSION_1 | 1 << 37, &[]);
    let (result, _) = negotiate(&functions, Features(u128::MAX), Features::bit(feature::SR_IOV));
    assert!(matches!(result, Err(FeatureError::Missing { .. })));

    let stubborn = Registers::new(2, VERSION_1, &[]);
    stubborn.with(|s| s.refuse_features = true);
    let (result, last) = negotiate(&stubborn, SUPPORTED, Features::NONE);
    let accepted = Features(VERSION_1);
    assert_eq!(result, Err(FeatureError::Refused { accepted, status: DeviceStatus(3) }));
    assert_eq!(last, write(STATUS, 0x8b));
}

#[test]
fn only_what_is_implemented_is_ever_accepted() {
    let registers = Registers::new(2, u128::MAX, &[]);
    let device = Device::start(Tracked::new(), probe(&registers)).unwrap();
    let device = device.negotiate(Features(u128::MAX), Features::NONE).unwrap();
    let reserved = (24..=40).chain(43..=49);
    let accepted: Vec<u32> = reserved.filter(|&bit| device.accepted().has(bit)).collect();
    let expected: Vec<u32> = MMIO_FEATURES.iter().collect();
    for bit in [feature::SR_IOV, feature::NOTIF_CONFIG_DATA, 44] {
        assert!(!accepted.contains(&bit), "{bit}");
    }
    assert_eq!(accepted, expected);
}

#[test]
fn giving_up_is_told_to_the_device_and_dropping_resets_it() {
    let registers = Registers::new(2, VERSION_1, &[4]);
    drop(features_ok(&registers));
    assert_eq!(registers.take_log().last(), Some(&write(STATUS, 0x8b)), "dropped before DRIVER_OK");
    features_ok(&registers).fail();
    assert_eq!(registers.take_log().last(), Some(&write(STATUS, 0x8b)));
    let device = live(&registers);
    registers.take_log();
    drop(device);
    assert_eq!(registers.take_log(), [write(STATUS, 0), read(STATUS)]);
}

#[test]
fn interrupts_are_acknowledged_with_the_bits_that_exist() {
    let registers = Registers::new(2, VERSION_1, &[]);
    let device = live(&registers);
    registers.take_log();
    registers.with(|s| s.interrupt.extend([0, 1, 2, 0xffff_ffff, 0xffff_fffc]));
    let interrupt = |used_buffer, config_change| Interrupt { used_buffer, config_change };
    assert_eq!(device.acknowledge_interrupt(), interrupt(false, false));
    assert_eq!(registers.take_log(), [read(0x060)], "nothing to acknowledge");
    assert_eq!(device.acknowledge_interrupt(), interrupt(true, false));
    assert_eq!(registers.take_log(), [read(0x060), write(0x064, 1)]);
    assert_eq!(device.acknowledge_interrupt(), interrupt(false, true));
    assert_eq!(device.acknowledge_interrupt(), interrupt(true, true));
    assert_eq!(registers.take_log().last(), Some(&write(0x064, 3)));
    assert_eq!(device.acknowledge_interrupt(), interrupt(false, false));
    assert_eq!(registers.take_log(), [read(0x060)]);
    registers.with(|s| s.status |= 0x40);
    assert!(device.needs_reset());
}

const ALWAYS: ConfigField = ConfigField { name: "always", offset: 0, width: 1, feature: None };
const WIDE: ConfigField = ConfigField { name: "wide", offset: 8, width: 8, feature: None };
const OPTIONAL: ConfigField = ConfigField { name: "optional", offset: 16, width: 2, feature: Some(6) };

#[test]
fn configuration_is_read_at_its_width_within_one_generation() {
    let registers = Registers::new(2, VERSION_1, &[]);
    registers.with(|s| s.config[8..16].copy_from_slice(&0x1122_3344_5566_7788u64.to_le_bytes()));
    let mut device = live(&registers);
    registers.take_log();

    // The configuration changes once while it is read.
    registers.with(|s| s.generations = [1, 2, 2].into());
    assert_eq!(device.config_read::<u64>(&WIDE), Ok(0x1122_3344_5566_7788));
    let halves = [read(0x108), read(0x10c)];
    let expected = [&[read(GENERATION)][..], &halves, &[read(GENERATION)], &halves, &[read(GENERATION)]].concat();
    assert_eq!(registers.take_log(), expected);

    // It never stops changing.
    registers.with(|s| s.generations = (0..1000).collect());
    assert_eq!(device.config_read::<u8>(&ALWAYS), Err(ConfigError::Unstable { tries: 64 }));
    registers.take_log();

    // A field without its feature is not touched.
    assert_eq!(device.config_read::<u16>(&OPTIONAL), Err(ConfigError::NotOffered { field: "optional", bit: 6 }));
    assert_eq!(device.config_write(&OPTIONAL, 1u16), Err(ConfigError::NotOffered { field: "optional", bit: 6 }));
    assert_eq!(device.config_read::<u32>(&ALWAYS), Err(ConfigError::Width { field: "always", width: 1, asked: 4 }));
    let touched = registers.take_log().into_iter().filter(|a| !matches!(a, Access::Read { offset: GENERATION, .. }));
    assert_eq!(touched.count(), 0);

    device.config_write(&ALWAYS, 5u8).unwrap();
    assert_eq!(registers.take_log(), [Access::Write { offset: 0x100, width: 1, value: 5 }]);
    device.config_write(&WIDE, 0x0a0b_0c0d_0102_0304u64).unwrap();
    assert_eq!(registers.take_log(), [write(0x108, 0x0102_0304), write(0x10c, 0x0a0b_0c0d)]);
    let outside = ConfigField { name: "outside", offset: 0xfe, width: 4, feature: None };
    assert!(matches!(device.config_read::<u32>(&outside), Err(ConfigError::Outside { .. })));
    let unaligned = ConfigField { name: "unaligned", offset: 1, width: 2, feature: None };
    assert!(matches!(device.config_read::<u16>(&unaligned), Err(ConfigError::Outside { .. })));
    let far = ConfigField { name: "far", offset: u32::MAX, width: 1, feature: None };
    assert!(matches!(device.config_read::<u8>(&far), Err(ConfigError::Outside { .. })));
}

#[test]
fn several_fields_come_from_one_generation() {
    let registers = Registers::new(2, VERSION_1, &[]);
    let device = live(&registers);
    registers.with(|s| s.generations = [1, 2, 3, 3].into());
    let mut rounds = 0;
    let pair = device.config(|reader| {
        rounds += 1;
        Ok((reader.read::<u8>(&ALWAYS)?, reader.read::<u64>(&WIDE)?))
    });
    assert_eq!((pair, rounds), (Ok((0, 0)), 3));
}

#[test]
fn a_failed_allocation_touches_no_queue_register() {
    let registers = Registers::new(2, VERSION_1, &[4]);
    let mut device = features_ok(&registers);
    device.platform().fail_dma(true);
    registers.take_log();
    let error = device.queue::<Chain, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap_err();
    assert!(matches!(error, QueueSetupError::Dma(_)), "{error}");
    assert_eq!(registers.take_log(), [write(0x030, 0), read(0x044), read(0x034)]);
}
