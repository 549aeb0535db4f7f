//! A block device with several queues: each used on its own, through resets, changes and drops in any order.

#[macro_use]
mod support;

use std::{cell::RefCell, rc::Rc};

use parakit::{
    device::{
        Share,
        block::{
            AsyncBlock, BlockError, BlockHub, BlockOptions, BlockQueue, Fault, HeapStorage, InitError, MultiBlock,
            Operation, RequestError, SubmitError,
        },
    },
    queue::QueueError,
    transport::{Device, MmioTransport, Negotiating, QueueSetupError, VolatileWindow},
};
use support::{
    machine::{EVENT_IDX, MQ, Machine, Odd},
    platform::{Identity, Tracked},
};

type Storage = HeapStorage<Tracked, Vec<u8>>;
type Multi = MultiBlock<MmioTransport<Machine>, Tracked, Vec<u8>, Storage, 4>;
type Hub = BlockHub<RefCell<Multi>>;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

fn multi(machine: &Machine, platform: &Tracked, wanted: u16) -> Result<Multi, InitError> {
    MultiBlock::new(negotiating(machine, platform), wanted, |_| HeapStorage::new(64), BlockOptions::default())
}

fn hub(ring: u128, queues: u16, wanted: u16) -> (Machine, Tracked, Rc<Hub>) {
    let platform = Tracked::new();
    let machine = Machine::block_queues(&platform, ring | EVENT_IDX | MQ, 256, queues);
    let multi = multi(&machine, &platform, wanted).unwrap();
    assert_eq!(machine.with(|s| s.accepted()) & ring, ring);
    (machine, platform, Rc::new(BlockHub::new(RefCell::new(multi))))
}

fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn read(sector: u64) -> Operation<Vec<u8>> {
    Operation::Read { sector, buffer: vec![0; 512] }
}

fn as_many_queues_as_device_driver_and_storage_have(ring: u128) {
    for (offered, wanted, expected) in [(1, 4, 1), (2, 4, 2), (4, 2, 2), (9, 9, 4), (3, 3, 3)] {
        let (machine, platform, hub) = hub(ring, offered, wanted);
        assert_eq!(hub.queues(), expected);
        assert_eq!(hub.config().num_queues, Some(offered));
        for index in 0..expected {
            assert_eq!(BlockHub::queue(&*hub, index).unwrap().index(), index);
            assert_eq!(machine.queue_size(index.into()), 64);
        }
        assert!(BlockHub::queue(&*hub, expected).is_none());
        drop(hub);
        assert!(!machine.live());
        check_clean(&platform);
    }
    // Without MQ there is one, whatever the field reads.
    let platform = Tracked::new();
    let machine = Machine::block_queues(&platform, ring, 256, 3);
    let one = multi(&machine, &platform, 4).unwrap();
    assert_eq!(one.queues(), 1);
    drop(one);
    check_clean(&platform);
}

fn queues_that_are_not_there_are_named_and_nothing_leaks(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::block_queues(&platform, ring | MQ, 256, 2);
    machine.with(|s| s.config[34..36].copy_from_slice(&3u16.to_le_bytes()));
    let error = multi(&machine, &platform, 4).unwrap_err();
    assert_eq!(error, InitError::Queue(QueueSetupError::Absent { queue: 2 }));
    assert_eq!(error.to_string(), "the device has no queue 2");
    assert!(!machine.live());
    check_clean(&platform);

    machine.with(|s| s.config[34..36].fill(0));
    match multi(&machine, &platform, 4).unwrap_err() {
        InitError::BadConfig(bad) => assert_eq!((bad.field, bad.value), ("num_queues", 0)),
        other => panic!("{other:?}"),
    }
    machine.with(|s| s.config[34..36].copy_from_slice(&2u16.to_le_bytes()));
    assert_eq!(multi(&machine, &platform, 0).unwrap_err(), InitError::NoStorage);
    let small = BlockOptions { queue_size: 2, ..BlockOptions::default() };
    let error: Result<Multi, _> = MultiBlock::new(negotiating(&machine, &platform), 2, |_| HeapStorage::new(64), small);
    assert_eq!(error.unwrap_err(), InitError::QueueTooSmall { size: 2 });
    check_clean(&platform);
}

fn each_queue_has_its_own_requests(ring: u128) {
    let (machine, platform, hub) = hub(ring, 3, 3);
    machine.with(|s| s.prompt = false);
    let mut queues: Vec<_> = (0..3).map(|index| BlockHub::queue(Rc::clone(&hub), index).unwrap()).collect();
    assert!(BlockHub::queue(&*hub, 1).is_none(), "it is taken");
    for (i, queue) in queues.iter_mut().enumerate() {
        for sector in 0..=i as u64 {
            queue.submit(read(sector + 10 * i as u64)).unwrap();
        }
        queue.kick();
    }
    assert_eq!(machine.with(|s| s.notifications.clone()), [1, 1, 1]);
    machine.run_queue(1, 2);
    assert!(queues[0].poll().is_none() && queues[2].poll().is_none());
    for sector in [10, 11] {
        let data = queues[1].poll().unwrap().buffer.unwrap();
        assert!(machine.with(|s| s.disk[sector * 512..][..512] == data));
    }
    assert!(queues[1].poll().is_none());
    assert_eq!(queues.iter().map(|queue| queue.in_flight()).collect::<Vec<_>>(), [1, 0, 3]);
    machine.run();
    assert!(queues[2].collect());
    assert_eq!((0..4).filter_map(|_| queues[2].poll()).count(), 3);
    // Blocking calls and futures work on a queue as on a device.
    machine.with(|s| s.prompt = true);
    queues[1].write(3, &[7; 512]).unwrap();
    let mut data = [0; 512];
    queues[0].read(3, &mut data).unwrap();
    assert_eq!(data, [7; 512]);
    let futures = AsyncBlock::new(RefCell::new(queues.pop().unwrap()));
    let mut future = Box::pin(futures.read(3, vec![0; 512]));
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Ok(data)) => assert_eq!(data, [7; 512]),
        other => panic!("{other:?}"),
    }
    drop(future);
    drop((futures, queues, hub));
    check_clean(&platform);
}

fn a_handle_that_is_dropped_leaves_its_requests_to_the_next(ring: u128) {
    let (machine, platform, hub) = hub(ring, 2, 2);
    machine.with(|s| s.prompt = false);
    let mut first = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    let done = first.submit(read(1)).unwrap();
    let pending = first.submit(read(2)).unwrap();
    first.kick();
    machine.run_queue(0, 1);
    assert!(first.collect());
    drop(first);
    // Nobody has the handle now, and the device goes on.
    machine.run_queue(0, 1);
    let mut second = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    assert_eq!(second.poll().unwrap().id, done);
    assert_eq!(second.poll().unwrap().id, pending);
    second.submit(read(3)).unwrap();
    second.kick();
    // The device's reset is the hub's, whoever goes last.
    drop(hub);
    assert!(machine.live());
    drop(second);
    assert!(!machine.live());
    check_clean(&platform);
}

fn a_reset_reaches_every_queue(ring: u128) {
    let (machine, platform, hub) = hub(ring, 3, 3);
    machine.with(|s| s.prompt = false);
    let mut queues: Vec<_> = (0..2).map(|index| BlockHub::queue(Rc::clone(&hub), index).unwrap()).collect();
    for queue in &mut queues {
        queue.submit(read(0)).unwrap();
        queue.kick();
        // Not shown to the device any more.
        queue.submit(read(1)).unwrap();
    }
    // One that lies idle in the hub has some too.
    BlockHub::queue(&*hub, 2).unwrap().submit(read(2)).unwrap();
    hub.reset().unwrap();
    assert_eq!(hub.fault(), Some(Fault::Reset));
    let notified = machine.with(|s| s.notifications.clone());
    queues.push(BlockHub::queue(Rc::clone(&hub), 2).unwrap());
    for (queue, requests) in queues.iter_mut().zip([2, 2, 1]) {
        for _ in 0..requests {
            let finished = queue.poll().unwrap();
            assert_eq!((finished.result, finished.buffer.unwrap().len()), (Err(RequestError::Reset), 512));
        }
        assert!(queue.poll().is_none());
        assert_eq!(queue.fault(), Some(Fault::Reset));
        assert_eq!(queue.submit(read(0)).unwrap_err().error, SubmitError::Down(Fault::Reset));
        queue.kick();
    }
    assert_eq!(machine.with(|s| s.notifications.clone()), notified, "a notification after the reset");
    assert_eq!(platform.shared(), 0);
    drop((queues, hub));
    check_clean(&platform);
}

fn a_queue_that_the_device_breaks_takes_the_others_down_with_the_same_fault(ring: u128) {
    let (machine, platform, hub) = hub(ring, 2, 2);
    machine.with(|s| (s.odd, s.prompt) = (Odd { used_id: Some(700), ..Odd::default() }, false));
    let mut broken = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    let mut other = BlockHub::queue(Rc::clone(&hub), 1).unwrap();
    for queue in [&mut broken, &mut other] {
        queue.submit(read(0)).unwrap();
        queue.kick();
    }
    machine.run_queue(0, 1);
    assert_eq!(broken.poll().unwrap().result, Err(RequestError::Reset));
    assert!(!machine.live());
    assert_eq!(other.poll().unwrap().result, Err(RequestError::Reset));
    for queue in [&broken, &other] {
        assert!(matches!(queue.fault(), Some(Fault::Queue(QueueError::UsedIdOutOfRange { id: 700, .. }))));
    }
    drop((broken, other, hub));
    check_clean(&platform);
}

fn time_runs_out_on_one_queue_and_the_others_know(ring: u128) {
    let (machine, platform, hub) = hub(ring, 2, 2);
    machine.with(|s| s.prompt = false);
    let mut one = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    let mut other = BlockHub::queue(Rc::clone(&hub), 1).unwrap();
    other.submit(read(0)).unwrap();
    assert!(matches!(one.read(0, &mut [0; 512]), Err(BlockError::Timeout { .. })));
    assert!(matches!(other.read(0, &mut [0; 512]), Err(BlockError::Submit(SubmitError::Down(Fault::Timeout { .. })))));
    assert_eq!(other.poll().unwrap().result, Err(RequestError::Reset));
    // A device that does not reset keeps its memory, whichever handle goes first; it does so at last.
    drop((one, other, hub));
    check_clean(&platform);

    let (machine, platform, hub) = self::hub(ring, 2, 2);
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    let mut one = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    one.submit(read(0)).unwrap();
    one.kick();
    assert!(hub.reset().is_err());
    assert!(one.poll().unwrap().buffer.is_none());
    drop(one);
    assert_eq!(platform.shared(), 1);
    machine.with(|s| s.odd.stuck = false);
    drop(hub);
    check_clean(&platform);
}

fn a_change_of_the_configuration_reaches_every_queue(ring: u128) {
    let (machine, _, hub) = hub(ring, 2, 2);
    let mut queues: Vec<_> = (0..2).map(|index| BlockHub::queue(Rc::clone(&hub), index).unwrap()).collect();
    machine.change_config(|c| c[..8].copy_from_slice(&100u64.to_le_bytes()));
    assert!(hub.handle_interrupt().config_change);
    assert_eq!(hub.config().capacity, 100);
    for queue in &mut queues {
        queue.read(99, &mut [0; 512]).unwrap();
        assert!(queue.read(100, &mut [0; 512]).is_err());
        assert_eq!(queue.capacity(), 100);
    }
    // One of the queues may hear of it as well.
    machine.change_config(|c| c[..8].copy_from_slice(&50u64.to_le_bytes()));
    assert!(queues[1].handle_interrupt().config_change);
    assert_eq!(queues[1].capacity(), 50);
    assert!(queues[0].submit(read(50)).is_err());
    machine.need_reset();
    hub.handle_interrupt();
    assert!(queues.iter_mut().all(|queue| queue.poll().is_none() && queue.fault() == Some(Fault::NeedsReset)));
}

fn the_device_comes_back_from_the_hub(ring: u128) {
    let (machine, platform, hub) = hub(ring, 2, 2);
    let mut queue = BlockHub::queue(Rc::clone(&hub), 1).unwrap();
    queue.read(0, &mut [0; 512]).unwrap();
    drop(queue);
    let multi = Rc::into_inner(hub).unwrap().into_inner().into_inner();
    let device = multi.release().unwrap().restart().unwrap();
    let again: Multi = MultiBlock::new(device, 1, |_| HeapStorage::new(64), BlockOptions::default()).unwrap();
    let again = BlockHub::new(RefCell::new(again));
    let mut queue = BlockHub::queue(&again, 0).unwrap();
    queue.read(0, &mut [0; 512]).unwrap();
    drop(queue);
    drop(again);
    assert!(!machine.live());
    check_clean(&platform);
}

/// Whatever is done to what is behind the lock, no memory is freed that a device has.
fn devices_exchanged_behind_the_lock_free_nothing_early(ring: u128) {
    let (first_machine, first_platform, first) = hub(ring, 2, 2);
    let (second_machine, second_platform, second) = self::hub(ring, 2, 2);
    for machine in [&first_machine, &second_machine] {
        machine.with(|s| s.prompt = false);
    }
    let mut queue = BlockHub::queue(Rc::clone(&first), 0).unwrap();
    queue.submit(read(0)).unwrap();
    queue.kick();
    first.lock().with(|a| second.lock().with(|b| std::mem::swap(a, b)));
    // The queue goes back into a hub of another device, in an empty place or into a full one.
    drop(queue);
    drop(second);
    drop(first);
    assert!(!first_machine.live() && !second_machine.live());
    // What the queue had is leaked, not freed; no device reaches it any more.
    assert_eq!(first_platform.shared() + second_platform.shared(), 1);
    // SAFETY: both devices were reset.
    unsafe {
        first_platform.forget_leaked_rings();
        second_platform.forget_leaked_rings();
    }
}

/// The handle of a queue whose device went away behind the lock: its requests end, and it does not become one of the other's.
fn a_device_replaced_behind_the_lock_leaves_nobody_waiting(ring: u128) {
    for take_down in [false, true] {
        let (first_machine, first_platform, hub) = hub(ring, 3, 3);
        let second_platform = Tracked::new();
        let second_machine = Machine::block_queues(&second_platform, ring | EVENT_IDX | MQ, 256, 1);
        for machine in [&first_machine, &second_machine] {
            machine.with(|s| s.prompt = false);
        }
        let mut queue = BlockHub::queue(Rc::clone(&hub), 2).unwrap();
        queue.submit(read(0)).unwrap();
        queue.kick();
        hub.lock().with(|multi| *multi = self::multi(&second_machine, &second_platform, 1).unwrap());
        assert!(!first_machine.live());
        if take_down {
            hub.reset().unwrap();
        } else {
            queue.reset().unwrap();
        }
        assert!(queue.read(0, &mut [0; 512]).is_err());
        let finished = queue.poll().unwrap();
        assert_eq!((finished.result, finished.buffer), (Err(RequestError::Reset), None));
        assert!(queue.in_flight() == 0 && queue.poll().is_none() && !queue.arm());
        drop(queue);
        let told = hub.lock().with(|multi| format!("{multi:?}"));
        assert!(told.contains("taken: 0"), "{told}");
        drop(hub);
        check_clean(&second_platform);
        // SAFETY: the device was reset.
        unsafe { first_platform.forget_leaked_rings() };
    }
}

/// Two hubs count their changes each for itself.
fn a_queue_that_comes_from_another_hub_knows_what_it_missed(ring: u128) {
    let (machine, platform, hub) = hub(ring, 1, 1);
    machine.change_config(|c| c[..8].copy_from_slice(&100u64.to_le_bytes()));
    hub.handle_interrupt();
    drop(BlockHub::queue(Rc::clone(&hub), 0).unwrap());
    let hub = BlockHub::new(Rc::into_inner(hub).unwrap().into_inner());
    hub.reset().unwrap();
    let queue = BlockHub::queue(&hub, 0).unwrap();
    assert_eq!(queue.fault(), Some(Fault::Reset));
    drop(queue);
    drop(hub);
    check_clean(&platform);
}

#[test]
fn handles_move_between_threads() {
    struct Locked<T>(std::sync::Mutex<T>);
    impl<T> Share for Locked<T> {
        type Driver = T;
        fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
            f(&mut self.0.lock().unwrap())
        }
    }
    type OnThreads = MultiBlock<MmioTransport<VolatileWindow>, Identity, Vec<u8>, HeapStorage<Identity, Vec<u8>>, 8>;
    fn is_send<T: Send>() {}
    fn is_sync<T: Sync>() {}
    is_send::<BlockQueue<std::sync::Arc<BlockHub<Locked<OnThreads>>>>>();
    is_sync::<BlockHub<Locked<OnThreads>>>();
}

over_rings! {
    as_many_queues_as_device_driver_and_storage_have,
    queues_that_are_not_there_are_named_and_nothing_leaks,
    each_queue_has_its_own_requests,
    a_handle_that_is_dropped_leaves_its_requests_to_the_next,
    a_reset_reaches_every_queue,
    a_queue_that_the_device_breaks_takes_the_others_down_with_the_same_fault,
    time_runs_out_on_one_queue_and_the_others_know,
    a_change_of_the_configuration_reaches_every_queue,
    the_device_comes_back_from_the_hub,
    devices_exchanged_behind_the_lock_free_nothing_early,
    a_device_replaced_behind_the_lock_leaves_nobody_waiting,
    a_queue_that_comes_from_another_hub_knows_what_it_missed,
}
