//! The known faults of the field (numbered as in the project's list), as far as split rings over MMIO can have them: one
//! regression test each. Number 1 is in `litmus.rs`, 11 in `no_heap.rs`.

mod support;

use parakit::{
    Device, MmioTransport, Notify,
    abi::{
        device::ConfigField,
        feature::{self, Features},
    },
    queue::{QueueError, QueueOptions, Readable, Slot, SplitQueue, Writable},
    transport::{FeaturesOk, ResetProof, SUPPORTED},
};
use support::{
    device,
    platform::{Identity, Tracked},
    registers::{Access, Registers, read, write},
    stepper::areas,
};

const STATUS: u64 = 0x070;
const QUEUE_NOTIFY: u64 = 0x050;

type Bytes = Box<[u8]>;
type Queue<C> = SplitQueue<Tracked, C, Box<[Slot<C>]>>;

fn pair<C: parakit::queue::Chain>(size: u16, event_idx: bool) -> (Queue<C>, device::Device<Tracked>) {
    let platform = Tracked::new();
    let slots = Slot::boxed(size.into());
    let queue =
        SplitQueue::detached(platform.clone(), slots, QueueOptions::default(), support::event_idx(event_idx)).unwrap();
    let device = device::Device::new(platform, areas(queue.addresses()), size, event_idx);
    (queue, device)
}

fn end<C: parakit::queue::Chain>(mut queue: Queue<C>) {
    // SAFETY: the device of the test is not stepped any more.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
}

fn features_ok(registers: &Registers) -> Device<Tracked, MmioTransport<Registers>, FeaturesOk> {
    let transport = MmioTransport::probe(registers.clone()).unwrap().unwrap();
    Device::start(Tracked::new(), transport).unwrap().negotiate(SUPPORTED, Features::NONE).unwrap()
}

fn version_1() -> u128 {
    Features::bit(feature::VERSION_1).0
}

/// Does one chain: returns whether the driver wanted to notify.
fn once(queue: &mut Queue<Readable<Bytes>>, device: &mut device::Device<Tracked>) -> bool {
    queue.add(Readable(Box::from([1]))).unwrap();
    let notify = queue.publish().is_some();
    let taken = device.take().unwrap();
    device.use_chain(taken.head.into(), 0);
    device.show();
    queue.poll().unwrap().unwrap();
    notify
}

#[test]
fn fault_02_event_idx_is_a_window_and_not_an_order() {
    let (mut queue, mut device) = pair(8, true);
    // The device asks to be told about entry 2, and never again: one notification, and no storm after it.
    device.want_notification_at(2);
    let notified: Vec<u32> = (0..65_536).filter(|_| once(&mut queue, &mut device)).collect();
    assert_eq!(notified, [2]);
    // By now the index has wrapped to 0. Asked for on either side of the next wrap, it notifies there: no hang.
    for event in [65_535u16, 0, 1] {
        device.want_notification_at(event);
        let notified = (0..65_536u32).filter(|_| once(&mut queue, &mut device)).count();
        assert_eq!(notified, 1, "event {event}");
    }
    // A batch that passes the entry in its middle, over the wrap.
    for _ in 0..65_534 {
        once(&mut queue, &mut device);
    }
    device.want_notification_at(65_535);
    for _ in 0..4 {
        queue.add(Readable(Box::from([1]))).unwrap();
    }
    assert!(queue.publish().is_some(), "entries 65534 to 1 include 65535");
    queue.add(Readable(Box::from([1]))).unwrap();
    assert!(queue.publish().is_none());
    end(queue);
}

#[test]
fn fault_03_features_ok_read_back_reset_waited_for_one_status_bit_at_a_time() {
    let registers = Registers::new(2, version_1(), &[4]);
    registers.with(|s| s.slow_reset = 50);
    let transport = MmioTransport::probe(registers.clone()).unwrap().unwrap();
    let device = Device::start(Tracked::new(), transport).unwrap();
    registers.with(|s| s.slow_reset = 0);
    let _live = device.negotiate(SUPPORTED, Features::NONE).unwrap().driver_ok();
    let status: Vec<_> = registers
        .take_log()
        .into_iter()
        .filter(|a| matches!(a, Access::Read { offset: STATUS, .. } | Access::Write { offset: STATUS, .. }))
        .collect();
    let mut expected = vec![write(STATUS, 0)];
    expected.extend([read(STATUS); 51]);
    expected.extend([write(STATUS, 1), write(STATUS, 3), write(STATUS, 11), read(STATUS), write(STATUS, 15)]);
    assert_eq!(status, expected);
}

#[test]
fn fault_04_used_id_and_length_are_not_trusted() {
    // An id whose low 16 bits are a chain in flight.
    let (mut queue, mut device) = pair::<Writable<Bytes>>(8, false);
    queue.add(Writable(Box::from([0; 4]))).unwrap();
    let _ = queue.publish();
    let head = device.take().unwrap().head;
    device.use_chain(0x1_0000 | u32::from(head), 0);
    device.show();
    assert_eq!(queue.poll().unwrap_err(), QueueError::UsedIdOutOfRange { id: 0x1_0000, size: 8 });
    end(queue);
    // One byte more than there is room.
    let (mut queue, mut device) = pair::<Writable<Bytes>>(8, false);
    queue.add(Writable(Box::from([0; 4]))).unwrap();
    let _ = queue.publish();
    let id = device.take().unwrap().head.into();
    device.use_chain(id, 5);
    device.show();
    assert_eq!(queue.poll().unwrap_err(), QueueError::UsedLength { id, len: 5, writable: 4 });
    end(queue);
}

#[test]
fn fault_05_what_the_device_may_use_is_neither_freed_nor_handed_back() {
    let registers = Registers::new(2, version_1(), &[4]);
    let mut device = features_ok(&registers);
    let platform = device.platform().clone();
    let mut queue = device.queue::<Writable<Bytes>, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap();
    queue.add(Writable(Box::from([0; 4]))).unwrap();
    let _ = queue.publish();
    // A driver that returns early with an error drops the queue first ...
    drop(queue);
    assert_eq!((platform.allocated(), platform.shared()), (1, 1), "freed under a live device");
    // ... and a misbehaving device ends the queue, but not the device's access to the buffers.
    let mut queue = {
        registers.with(|s| s.queue_ready[0] = 0);
        device.queue::<Writable<Bytes>, _>(0, Slot::boxed(4), QueueOptions::default()).unwrap()
    };
    queue.add(Writable(Box::from([0; 4]))).unwrap();
    let _ = queue.publish();
    let mut ring = device::Device::new(platform.clone(), areas(queue.addresses()), 4, false);
    ring.use_chain(3, 0);
    ring.show();
    assert!(queue.poll().is_err());
    assert_eq!((platform.allocated(), platform.shared()), (2, 2));
    // With the reset seen, everything of this queue goes.
    let mut device = device.driver_ok();
    let proof = device.quiesce().unwrap();
    assert_eq!(queue.retire(&proof).unwrap().count(), 1);
    drop(queue);
    assert_eq!((platform.allocated(), platform.shared()), (1, 1));
}

#[test]
fn fault_07_a_notification_is_one_register_access() {
    let registers = Registers::new(2, version_1(), &[0, 0, 4]);
    let mut device = features_ok(&registers);
    let queue = device.queue::<Readable<Bytes>, _>(2, Slot::boxed(4), QueueOptions::default()).unwrap();
    let device = device.driver_ok();
    let notifier = device.notifier(2);
    registers.take_log();
    for _ in 0..3 {
        notifier.notify(Default::default());
    }
    assert_eq!(registers.take_log(), [write(QUEUE_NOTIFY, 2); 3]);
    let mut queue = queue;
    queue.retire(&device.reset().unwrap().proof()).unwrap();
}

#[test]
fn fault_08_interrupts_are_acknowledged_before_and_rings_looked_at_after_arming() {
    // Acknowledging touches no ring, and the bits are acknowledged in the same call that reads them.
    let registers = Registers::new(2, version_1(), &[4]);
    let device = features_ok(&registers).driver_ok();
    registers.take_log();
    registers.with(|s| s.interrupt.push_back(1));
    assert!(device.acknowledge_interrupt().used_buffer);
    assert_eq!(registers.take_log(), [read(0x060), write(0x064, 1)]);

    // A buffer used between the last poll and arming is seen by arming, in both modes; one that is not there is not.
    for event_idx in [false, true] {
        let (mut queue, mut device) = pair(4, event_idx);
        queue.disable_interrupts();
        for _ in 0..2 {
            queue.add(Readable(Bytes::from([1]))).unwrap();
        }
        let _ = queue.publish();
        let (first, second) = (device.take().unwrap(), device.take().unwrap());
        assert!(queue.poll().unwrap().is_none());
        device.use_chain(first.head.into(), 0);
        assert!(!device.show(), "interrupts are off");
        assert!(queue.enable_interrupts(), "there is a buffer, and no interrupt for it");
        assert!(queue.poll().unwrap().is_some());
        assert!(!queue.enable_interrupts());
        device.use_chain(second.head.into(), 0);
        assert!(device.show(), "armed");
        assert!(queue.poll().unwrap().is_some());
        // Words as the specification wants them: with EVENT_IDX the flags stay 0.
        queue.disable_interrupts();
        assert_eq!(device.avail_flags(), u16::from(!event_idx));
        end(queue);
    }
}

#[test]
fn fault_09_queue_sizes_are_clamped_and_indices_wrap() {
    for (offered, slots, wanted, size) in [
        (256, 1024, 32768, 256),
        (1024, 100, 32768, 64),
        (1000, 1024, 1000, 512),
        (u32::MAX, 4, 2, 2),
        (1, 4, 4, 1),
        (0x1_0000, 8, 32768, 8),
    ] {
        let registers = Registers::new(2, version_1(), &[offered]);
        let mut device = features_ok(&registers);
        let options = QueueOptions { max_size: wanted, ..QueueOptions::default() };
        let mut queue = device.queue::<Readable<Bytes>, _>(0, Slot::boxed(slots), options).unwrap();
        assert_eq!(queue.size(), size);
        assert!(registers.with(|s| s.log.contains(&write(0x038, size.into()))));
        let mut device = device.driver_ok();
        queue.retire(&device.quiesce().unwrap()).unwrap();
    }
    // The largest queue, full, over the wrap of the index.
    const SIZE: u16 = 32768;
    let slots = Slot::boxed(SIZE.into());
    let mut queue = SplitQueue::detached(Identity, slots, QueueOptions::default(), support::event_idx(true)).unwrap();
    let mut device = device::Device::new(Identity, areas(queue.addresses()), SIZE, true);
    for round in 0..3u8 {
        for _ in 0..SIZE {
            queue.add(Readable(Bytes::from([round]))).unwrap();
        }
        assert!(queue.add(Readable(Bytes::from([0]))).is_err());
        device.want_notification_at(device.next_avail().wrapping_add(SIZE - 1));
        assert!(queue.publish().is_some());
        while let Some(taken) = device.take() {
            device.use_chain(taken.head.into(), 0);
        }
        device.show();
        let mut done = 0;
        while let Some(completion) = queue.poll().unwrap() {
            assert_eq!(*completion.chain.0, [round]);
            done += 1;
        }
        assert_eq!((done, queue.free()), (u32::from(SIZE), SIZE));
    }
    // SAFETY: the device is not stepped any more.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
}

#[test]
fn fault_10_configuration_is_read_in_one_generation() {
    const CAPACITY: ConfigField = ConfigField { name: "capacity", offset: 0, width: 8, feature: None };
    let registers = Registers::new(2, version_1(), &[]);
    let device = features_ok(&registers);
    // Between the two halves the device grows from 0xffff_ffff to 0x1_0000_0000 sectors: a driver that reads once sees
    // one of 0x1_ffff_ffff or 0.
    registers.with(|s| {
        s.config[..8].copy_from_slice(&0xffff_ffffu64.to_le_bytes());
        s.generations = [1, 2, 2].into();
        s.config_after = Some((2, 0x1_0000_0000u64.to_le_bytes().to_vec()));
    });
    assert_eq!(device.config_read::<u64>(&CAPACITY), Ok(0x1_0000_0000));
}

#[test]
fn fault_12_many_requests_are_in_flight_and_complete_in_any_order() {
    let (mut queue, mut device) = pair(64, false);
    let tokens: Vec<_> = (0..64u8).map(|i| queue.add(Readable(Bytes::from([i]))).unwrap()).collect();
    assert!(queue.publish().is_some());
    let taken: Vec<_> = std::iter::from_fn(|| device.take()).collect();
    assert_eq!(taken.len(), 64, "all at once, with one publication");
    for chain in taken.iter().rev() {
        device.use_chain(chain.head.into(), 0);
    }
    device.show();
    for i in (0..64u8).rev() {
        let done = queue.poll().unwrap().unwrap();
        assert_eq!((done.token, &*done.chain.0), (tokens[usize::from(i)], &[i][..]));
    }
    end(queue);
}
