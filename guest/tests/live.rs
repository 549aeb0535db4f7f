//! A live device: one of its queues is reset and set up again, and it is suspended and resumed, over MMIO and PCI.

mod support;

use parakit::{
    Device, MmioTransport, Notify, PciTransport, Transport,
    abi::{feature::Features, status::DeviceStatus},
    queue::{Notification, Queue, QueueError, QueueOptions, Slot, Writable},
    transport::{FeaturesOk, QueueResetError, QueueSetupError, SUPPORTED, SuspendError},
};
use support::{
    machine::{EVENT_IDX, Machine, RING_RESET, SUSPEND},
    pci::{Pci, messages, ranges},
    platform::Tracked,
};

type Chain = Writable<Box<[u8]>>;
type Ring = Queue<Tracked, Chain, Box<[Slot<Chain>]>>;

fn request(byte: u8) -> Chain {
    Writable(Box::from([byte; 8]))
}

/// What a test does with a device, whatever the transport.
trait Work {
    const FEATURES: u128;
    fn run<T: Transport>(device: Device<Tracked, T, FeaturesOk>, machine: &Machine);
}

/// An entropy device over MMIO and over PCI, with split and packed rings.
fn over_all<W: Work>() {
    for ring in [0, EVENT_IDX, 1 << 34] {
        for pci in [false, true] {
            let platform = Tracked::new();
            let machine = Machine::entropy(&platform, W::FEATURES | ring);
            machine.with(|s| s.prompt = false);
            if pci {
                let front = Pci::new(machine.clone(), 4, 3);
                let function = front.function();
                // SAFETY: the function is used through this transport only.
                let transport =
                    unsafe { PciTransport::new(&front, &function, &mut ranges(), &front, &messages(3)) }.unwrap();
                W::run(negotiate(transport, &platform), &machine);
            } else {
                W::run(negotiate(MmioTransport::probe(machine.clone()).unwrap().unwrap(), &platform), &machine);
            }
            assert_eq!((platform.shared(), platform.allocated()), (0, 0));
        }
    }
}

fn negotiate<T: Transport>(transport: T, platform: &Tracked) -> Device<Tracked, T, FeaturesOk> {
    Device::start(platform.clone(), transport).unwrap().negotiate(SUPPORTED, Features::NONE).unwrap()
}

fn options(max_size: u16) -> QueueOptions {
    QueueOptions { max_size, ..QueueOptions::default() }
}

/// Makes `count` chains available.
fn add(queue: &mut Ring, count: u8) -> Option<Notification> {
    for byte in 0..count {
        queue.add(request(byte)).unwrap();
    }
    queue.publish()
}

fn drain(queue: &mut Ring) -> usize {
    std::iter::from_fn(|| queue.poll().unwrap()).count()
}

struct ResetsQueues;

impl Work for ResetsQueues {
    const FEATURES: u128 = RING_RESET;

    fn run<T: Transport>(mut device: Device<Tracked, T, FeaturesOk>, machine: &Machine) {
        let mut queue: Ring = device.queue(0, Slot::boxed(8), options(8)).unwrap();
        let mut device = device.driver_ok();
        let notifier = device.notifier(0);
        let _ = add(&mut queue, 3);
        machine.run();
        assert_eq!(drain(&mut queue), 3);
        let _ = add(&mut queue, 5);

        // What was in flight comes back to its owner as not done, and the queue is freed.
        let proof = device.reset_queue(0).unwrap();
        let mut back: Vec<_> = queue.retire(&proof).unwrap().map(|(_, chain)| chain).collect();
        back.sort_by_key(|chain| chain.0[0]);
        assert_eq!(back.len(), 5);
        assert_eq!(queue.poll().unwrap_err(), QueueError::Retired);
        drop(queue);
        assert_eq!(device.platform().allocated(), 0);
        assert!(!machine.run(), "the device uses nothing of a queue that was reset");

        assert_eq!(device.reset_queue(0), Err(QueueResetError::NoQueue { queue: 0 }), "it is not in use");
        assert_eq!(device.reset_queue(7), Err(QueueResetError::NoQueue { queue: 7 }));

        // The queue is set up again, larger, as another one for which the proof is worth nothing.
        let mut queue: Ring = device.queue_again(&proof, Slot::boxed(32), options(32)).unwrap();
        assert_eq!(queue.size(), 32);
        assert!(queue.retire(&proof).is_err());
        let in_use = device.queue_again::<Chain, _>(&proof, Slot::boxed(8), options(8)).unwrap_err();
        assert_eq!(in_use, QueueSetupError::InUse { queue: 0 });
        if let Some(notification) = add(&mut queue, 20) {
            notifier.notify(notification);
        }
        machine.run();
        assert_eq!(drain(&mut queue), 20);

        // A device that does not get to the end of it keeps the queue until it was reset itself.
        machine.with(|s| s.odd.deaf = true);
        let error = device.reset_queue(0).unwrap_err();
        assert!(matches!(error, QueueResetError::Stuck { queue: 0, polls: 100, .. }), "{error}");
        let whole = device.quiesce().unwrap();
        assert_eq!(device.reset_queue(0), Err(QueueResetError::NotNegotiated), "not live");
        let late = device.queue_again::<Chain, _>(&proof, Slot::boxed(8), options(8)).unwrap_err();
        assert_eq!(late, QueueSetupError::NotReset);
        let not_one = device.queue_again::<Chain, _>(&whole, Slot::boxed(8), options(8)).unwrap_err();
        assert_eq!(not_one, QueueSetupError::NotReset);
        assert_eq!(queue.retire(&whole).unwrap().count(), 0);
    }
}

#[test]
fn a_queue_is_reset_alone_and_nothing_is_lost() {
    over_all::<ResetsQueues>();
}

struct Suspends;

impl Work for Suspends {
    const FEATURES: u128 = SUSPEND;

    fn run<T: Transport>(mut device: Device<Tracked, T, FeaturesOk>, machine: &Machine) {
        let mut queue: Ring = device.queue(0, Slot::boxed(8), options(8)).unwrap();
        let device = device.driver_ok();
        assert!(device.can_suspend());
        let _ = add(&mut queue, 3);
        machine.run();
        assert_eq!(drain(&mut queue), 3);

        // What it has not taken yet, it finishes before it says that it is suspended.
        let _ = add(&mut queue, 4);
        let device = device.suspend().map_err(|(_, e)| e).unwrap();
        assert_eq!(machine.with(|s| s.status), 0x1b, "SUSPEND, no DRIVER_OK");
        assert_eq!(drain(&mut queue), 4);
        let device = device.resume().map_err(|(_, e)| e).unwrap();
        assert_eq!(machine.with(|s| s.status), 0xf);

        // The queue has kept its place.
        let _ = add(&mut queue, 8);
        machine.run();
        assert_eq!(drain(&mut queue), 8);

        // One that does not suspend can only be reset.
        machine.with(|s| s.odd.deaf = true);
        let (device, error) = device.suspend().map(|_| ()).unwrap_err();
        assert_eq!(error, SuspendError::Stuck { status: DeviceStatus(0xf), polls: 100 });
        let device = device.reset().map_err(|(_, e)| e).unwrap();
        assert_eq!(queue.retire(&device.proof()).unwrap().count(), 0);
        drop(queue);

        // Nor one that does not resume, or that asks for a reset instead.
        for needs_reset in [false, true] {
            machine.with(|s| s.odd.deaf = false);
            let started = device_again(machine, device.platform());
            let suspended = started.driver_ok().suspend().map_err(|(_, e)| e).unwrap();
            machine.with(|s| s.odd.deaf = true);
            if needs_reset {
                machine.need_reset();
            }
            let (broken, error) = suspended.resume().map(|_| ()).unwrap_err();
            if needs_reset {
                assert_eq!(error, SuspendError::NeedsReset { status: DeviceStatus(0x5b) });
            } else {
                assert_eq!(error, SuspendError::Stuck { status: DeviceStatus(0x1b), polls: 100 });
            }
            assert!(broken.reset().is_ok());
        }
    }
}

fn device_again(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, FeaturesOk> {
    negotiate(MmioTransport::probe(machine.clone()).unwrap().unwrap(), platform)
}

#[test]
fn a_device_is_suspended_and_resumed_and_its_queues_keep_their_place() {
    over_all::<Suspends>();
}

struct Neither;

impl Work for Neither {
    const FEATURES: u128 = 0;

    fn run<T: Transport>(mut device: Device<Tracked, T, FeaturesOk>, machine: &Machine) {
        let mut queue: Ring = device.queue(0, Slot::boxed(8), options(8)).unwrap();
        let mut device = device.driver_ok();
        assert_eq!(device.reset_queue(0), Err(QueueResetError::NotNegotiated));
        assert!(!device.can_suspend());
        let _ = add(&mut queue, 1);
        machine.run();
        assert_eq!(drain(&mut queue), 1);
        let (device, error) = device.suspend().map(|_| ()).unwrap_err();
        assert_eq!((error, machine.with(|s| s.status)), (SuspendError::NotNegotiated, 0xf));
        let device = device.reset().map_err(|(_, e)| e).unwrap();
        assert_eq!(queue.retire(&device.proof()).unwrap().count(), 0);
    }
}

#[test]
fn without_the_features_neither_is_tried() {
    over_all::<Neither>();
}
