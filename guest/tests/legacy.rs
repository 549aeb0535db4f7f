//! Legacy devices over MMIO: each access of bring-up, and what they have not.

mod support;

use parakit::{
    Device, Notify, SplitQueue,
    abi::{device::ConfigField, feature::Features, status::DeviceStatus},
    platform::DmaBox,
    queue::{Notification, QueueOptions, Readable, RingFeatures, Slot},
    transport::{
        AnyTransport, ConfigError, FeatureError, Interrupt, MmioLegacyTransport, MmioTransport, ProbeError,
        QueueResetError, QueueSetupError, SUPPORTED, SuspendError, Transport,
    },
};
use support::{legacy::Legacy, platform::Tracked, registers::State, window::Window};

type Chain = Readable<Box<[u8]>>;

fn device(features: u128, queues: &[u32]) -> Legacy<State> {
    Legacy::legacy(Window::new(2, features, queues), queues.len())
}

fn log(device: &Legacy<State>) -> Vec<(u64, Option<u32>)> {
    device.with(|s| std::mem::take(&mut s.log))
}

/// Memory whose first page is not the device's page 0, which no legacy queue can have.
fn platform() -> (Tracked, DmaBox<Tracked>) {
    let platform = Tracked::new();
    let first = DmaBox::new(platform.clone(), 64, 64).unwrap();
    (platform, first)
}

#[test]
fn each_version_is_for_its_transport() {
    let legacy = device(0, &[4]);
    assert!(MmioLegacyTransport::probe(legacy.clone()).unwrap().is_some());
    assert_eq!(log(&legacy), [(0, None), (4, None), (8, None)]);
    let error = MmioTransport::probe(legacy.clone()).map(|_| ()).unwrap_err();
    assert_eq!(error, ProbeError::Version(1));
    assert!(matches!(AnyTransport::probe_mmio(legacy), Ok(Some(AnyTransport::MmioLegacy(_)))));
    let modern = Window::<State>::new(2, 1 << 32, &[4]);
    let error = MmioLegacyTransport::probe(modern.clone()).map(|_| ()).unwrap_err();
    assert_eq!(error, ProbeError::Version(2));
    assert!(matches!(AnyTransport::probe_mmio(modern), Ok(Some(AnyTransport::Mmio(_)))));
    let strange = Window::<State>::new(2, 1 << 32, &[4]);
    strange.with(|s| s.version = 3);
    let error = AnyTransport::probe_mmio(strange).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "Version reads 3, not 1 or 2");
}

#[test]
fn bring_up_in_the_order_of_the_specification() {
    // Offered besides: NOTIFY_ON_EMPTY, which only legacy devices have and the kit does not; a feature of the type.
    let legacy = device(1 << 29 | 1 << 28 | 1 << 24 | 1 << 5, &[16]);
    let transport = MmioLegacyTransport::probe(legacy.clone()).unwrap().unwrap();
    log(&legacy);
    let (platform, _first) = platform();
    let device = Device::start(platform.clone(), transport).unwrap();
    let status = |value| (0x070, Some(value));
    let expected = [status(0), (0x070, None), status(1), status(3), (0x014, Some(0)), (0x010, None)];
    assert_eq!(log(&legacy), expected);

    let mut device = device.negotiate(SUPPORTED.with(Features::bit(5)), Features::bit(5)).unwrap();
    assert_eq!(device.accepted(), Features::of(&[29, 28, 5]));
    let expected = [(0x024, Some(0)), (0x020, Some(1 << 29 | 1 << 28 | 1 << 5)), (0x028, Some(4096))];
    assert_eq!(log(&legacy), expected, "no FEATURES_OK");

    let mut queue = device.queue::<Chain, _>(0, Slot::boxed(8), QueueOptions::default()).unwrap();
    let address = queue.addresses().descriptor;
    assert_eq!(address % 4096, 0);
    let expected = [
        (0x030, Some(0)),
        (0x040, None),
        (0x034, None),
        (0x030, Some(0)),
        (0x038, Some(8)),
        (0x03c, Some(4096)),
        (0x040, Some((address / 4096) as u32)),
    ];
    assert_eq!(log(&legacy), expected);
    assert_eq!((queue.addresses().driver, queue.addresses().device), (address + 128, address + 4096));
    let again = device.queue::<Chain, _>(0, Slot::boxed(8), QueueOptions::default()).unwrap_err();
    assert_eq!(again, QueueSetupError::InUse { queue: 0 });
    log(&legacy);

    let mut device = device.driver_ok();
    assert_eq!(log(&legacy), [status(7)]);
    device.notifier(0).notify(Notification(0));
    assert_eq!(log(&legacy), [(0x050, Some(0))]);
    legacy.with(|s| s.model.with(|m| m.interrupt.push_back(3)));
    assert_eq!(device.acknowledge_interrupt(), Interrupt { used_buffer: true, config_change: true });
    assert_eq!(log(&legacy), [(0x060, None), (0x064, Some(3))]);

    // What it has not.
    assert_eq!(device.reset_queue(0), Err(QueueResetError::NotNegotiated));
    assert_eq!(device.shared_memory(0), Ok(None));
    assert!(!device.can_suspend());
    assert_eq!(log(&legacy), []);
    let (device, error) = device.suspend().map(|_| ()).unwrap_err();
    assert_eq!(error, SuspendError::NotNegotiated);
    let device = device.reset().map_err(|(_, e)| e).unwrap();
    assert_eq!(queue.retire(&device.proof()).unwrap().count(), 0);
}

#[test]
fn a_queue_that_a_legacy_device_cannot_reach_is_an_error() {
    let legacy = device(0, &[16]);
    let transport = MmioLegacyTransport::probe(legacy.clone()).unwrap().unwrap();
    // The first memory of this platform is at device address 0, whose page number means "none".
    let device = Device::start(Tracked::new(), transport).unwrap();
    let mut device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    let error = device.queue::<Chain, _>(0, Slot::boxed(8), QueueOptions::default()).unwrap_err();
    assert_eq!(error, QueueSetupError::Address { queue: 0, address: 0 });
    assert_eq!((device.platform().allocated(), legacy.with(|s| s.pages[0])), (0, 0));
    let missing = Device::start(Tracked::new(), MmioLegacyTransport::probe(legacy).unwrap().unwrap()).unwrap();
    let error = missing.negotiate(SUPPORTED, Features::bit(29)).map(|_| ()).unwrap_err();
    assert_eq!(error, FeatureError::Missing { missing: Features::bit(29), offered: Features::NONE });
}

#[test]
fn the_parts_of_a_queue_lie_as_legacy_devices_expect() {
    for size in [1_u16, 2, 8, 256, 1024] {
        let features = RingFeatures { legacy: true, ..RingFeatures::NONE };
        let (platform, _first) = platform();
        let slots = Slot::boxed(size.into());
        let mut queue =
            SplitQueue::<_, Chain, _>::detached(platform, slots, QueueOptions::default(), features).unwrap();
        let at = queue.addresses();
        let size = u64::from(size);
        // §2.7.2, in pages of 4096 bytes.
        let first = (16 * size + 2 * (3 + size)).div_ceil(4096) * 4096;
        assert_eq!((at.driver - at.descriptor, at.device - at.descriptor), (16 * size, first));
        assert_eq!(at.descriptor % 4096, 0);
        // SAFETY: no device knows the queue.
        let proof = unsafe { parakit::transport::ResetProof::assume(queue.instance()) };
        assert!(queue.retire(&proof).is_ok());
    }
}

const WIDE: ConfigField = ConfigField { name: "wide", offset: 8, width: 8, feature: None };

#[test]
fn a_configuration_without_generation_is_read_until_it_stays() {
    let legacy = device(0, &[]);
    let transport = MmioLegacyTransport::probe(legacy.clone()).unwrap().unwrap();
    assert_eq!((transport.config_generation(), transport.status()), (None, DeviceStatus(0xf)));
    let device = Device::start(Tracked::new(), transport).unwrap();
    let device = device.negotiate(SUPPORTED, Features::NONE).unwrap();
    log(&legacy);
    assert_eq!(device.config_read::<u64>(&WIDE), Ok(0));
    assert_eq!(log(&legacy), [(0x108, None), (0x10c, None), (0x108, None), (0x10c, None)], "twice");
    // It changes between the halves of the first reading.
    let bytes = [[0; 8], [1; 8]].concat();
    legacy.with(|s| s.model.with(|m| m.config_after = Some((2, bytes))));
    assert_eq!(device.config_read::<u64>(&WIDE), Ok(0x0101_0101_0101_0101));
    assert_eq!(log(&legacy).len(), 6, "a torn reading, and two that agree");
    // It never stays.
    let mut round = 0_u8;
    let error = device.config(|reader| {
        round += 1;
        legacy.with(|s| s.model.with(|m| m.config[8] = round));
        reader.read::<u64>(&WIDE)
    });
    assert_eq!(error, Err(ConfigError::Unstable { tries: 64 }));
}
