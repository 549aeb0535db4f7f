//! Futures of the block driver, polled and dropped at every moment.

mod support;

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker},
};

use parakit::{
    device::block::{AsyncBlock, Block, BlockError, BlockOptions, HeapStorage, Operation, RequestError, SubmitError},
    transport::{Device, MmioTransport},
};
use support::{
    machine::{EVENT_IDX, Machine},
    platform::Tracked,
};

type Disk = Block<MmioTransport<Machine>, Tracked, Vec<u8>, HeapStorage<Tracked, Vec<u8>>>;
type Shared = AsyncBlock<Rc<RefCell<Disk>>>;

fn disk(entries: u16) -> (Machine, Tracked, Shared) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, EVENT_IDX | 1 << 9, 256);
    machine.with(|s| s.prompt = false);
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    let device = Device::start(platform.clone(), transport).unwrap();
    let disk = Block::new(device, HeapStorage::new(entries), BlockOptions::default()).unwrap();
    (machine, platform, AsyncBlock::new(Rc::new(RefCell::new(disk))))
}

fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

#[derive(Default)]
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A task that counts how often it is woken.
fn task() -> (Arc<Count>, Waker) {
    let count = Arc::new(Count::default());
    (count.clone(), Waker::from(count))
}

fn woken(count: &Arc<Count>) -> u32 {
    count.0.load(Ordering::Relaxed)
}

fn poll<F: Future + Unpin>(future: &mut F, waker: &Waker) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(waker))
}

fn read(sector: u64) -> Operation<Vec<u8>> {
    Operation::Read { sector, buffer: vec![0; 512] }
}

#[test]
fn futures_finish_in_any_order_and_wake_their_tasks() {
    let (machine, platform, disk) = disk(64);
    let tasks: Vec<_> = (0..6).map(|_| task()).collect();
    let mut futures: Vec<_> = (0..6).map(|i| disk.request(read(i))).collect();
    for (future, (_, waker)) in futures.iter_mut().zip(&tasks) {
        assert!(poll(future, waker).is_pending());
    }
    machine.run_backwards(4);
    assert!(disk.handle_interrupt().used_buffer);
    let counts: Vec<_> = tasks.iter().map(|(count, _)| woken(count)).collect();
    assert_eq!(counts, [0, 0, 1, 1, 1, 1]);
    for (i, (future, (_, waker))) in futures.iter_mut().zip(&tasks).enumerate() {
        match poll(future, waker) {
            Poll::Ready(done) => {
                done.result.unwrap();
                let data = done.buffer.unwrap();
                assert!(machine.with(|s| s.disk[i * 512..(i + 1) * 512] == data));
                assert!(i >= 2);
                assert!(poll(future, waker).is_pending(), "a future that is over stays so");
            }
            Poll::Pending => assert!(i < 2),
        }
    }
    drop(futures);
    drop(disk);
    check_clean(&platform);
}

#[test]
fn a_completion_between_the_look_and_the_wait_is_not_missed() {
    let (machine, _, disk) = disk(64);
    machine.with(|s| s.prompt = true);
    let (count, waker) = task();
    // The device answers while it is notified, before the future arms the interrupt.
    assert!(poll(&mut disk.request(read(0)), &waker).is_ready());
    assert_eq!(woken(&count), 0, "nobody has to wake a task that did not sleep");
}

#[test]
fn a_future_that_was_never_polled_submits_nothing() {
    let (machine, platform, disk) = disk(64);
    drop(disk.request(read(0)));
    machine.run();
    assert_eq!(machine.take_requests(), []);
    assert_eq!(platform.shared(), 0);
}

#[test]
fn a_future_dropped_in_flight_leaves_its_buffer_with_the_device() {
    let (machine, platform, disk) = disk(64);
    let (count, waker) = task();
    let mut future = disk.request(read(5));
    assert!(poll(&mut future, &waker).is_pending());
    assert_eq!(platform.shared(), 1);
    drop(future);
    assert_eq!(platform.shared(), 1, "the device still writes to it");
    assert_eq!(disk.driver().borrow().in_flight(), 1);
    machine.run();
    disk.handle_interrupt();
    assert_eq!((platform.shared(), disk.driver().borrow().in_flight()), (0, 0));
    assert_eq!(woken(&count), 0);
    // All slots are free again: as many requests as ever fit.
    let depth = disk.driver().borrow().depth();
    let mut futures: Vec<_> = (0..depth).map(|_| disk.request(read(0))).collect();
    for future in &mut futures {
        assert!(poll(future, &waker).is_pending());
    }
    assert_eq!(disk.driver().borrow().in_flight(), depth);
}

#[test]
fn a_future_dropped_after_its_request_finished_frees_its_slot() {
    let (machine, platform, disk) = disk(64);
    let (count, waker) = task();
    for _ in 0..100 {
        let mut future = disk.request(read(5));
        assert!(poll(&mut future, &waker).is_pending());
        machine.run();
        disk.handle_interrupt();
        drop(future);
    }
    assert_eq!(woken(&count), 100);
    assert_eq!((platform.shared(), disk.driver().borrow().in_flight()), (0, 0));
}

#[test]
fn the_driver_may_go_while_requests_of_dropped_futures_are_in_flight() {
    let (machine, platform, disk) = disk(64);
    let (_, waker) = task();
    for i in 0..3 {
        assert!(poll(&mut disk.request(read(i)), &waker).is_pending());
    }
    assert_eq!(platform.shared(), 3);
    drop(disk);
    assert!(!machine.live());
    check_clean(&platform);
}

#[test]
fn tasks_that_find_no_room_are_woken_when_there_is_some() {
    // Room for two requests of three descriptors.
    let (machine, platform, disk) = disk(8);
    let tasks: Vec<_> = (0..5).map(|_| task()).collect();
    let mut futures: Vec<_> = (0..5).map(|i| disk.request(read(i))).collect();
    let mut left: Vec<usize> = (0..5).collect();
    let mut rounds = 0;
    for (future, (_, waker)) in futures.iter_mut().zip(&tasks) {
        assert!(poll(future, waker).is_pending());
    }
    let mut seen: Vec<u32> = tasks.iter().map(|_| 0).collect();
    while !left.is_empty() {
        rounds += 1;
        assert!(rounds < 50, "a task sleeps for ever: {left:?}");
        machine.run_backwards(1);
        disk.handle_interrupt();
        // Only tasks that were woken are polled.
        left.retain(|&i| {
            if woken(&tasks[i].0) == seen[i] {
                return true;
            }
            seen[i] = woken(&tasks[i].0);
            poll(&mut futures[i], &tasks[i].1).map(|done| done.result.unwrap()).is_pending()
        });
    }
    drop(futures);
    drop(disk);
    check_clean(&platform);
}

#[test]
fn a_waiter_that_is_dropped_does_not_stop_the_others() {
    let (machine, _, disk) = disk(4);
    let (_, first) = task();
    let (gone, second) = task();
    let (count, third) = task();
    let mut flying = disk.request(read(0));
    assert!(poll(&mut flying, &first).is_pending());
    let mut waiting = disk.request(read(1));
    assert!(poll(&mut waiting, &second).is_pending());
    let mut other = disk.request(read(2));
    assert!(poll(&mut other, &third).is_pending());
    drop(waiting);
    let mut turns = 0;
    for round in 0.. {
        assert!(round < 20 && woken(&gone) < 10, "the task that is left sleeps for ever");
        machine.run();
        disk.handle_interrupt();
        let _ = poll(&mut flying, &first);
        if woken(&count) > turns {
            turns = woken(&count);
            if poll(&mut other, &third).is_ready() {
                break;
            }
        }
    }
}

#[test]
fn requests_that_make_no_sense_fail_with_their_buffers() {
    let (_, _, disk) = disk(64);
    let (_, waker) = task();
    let mut far = Box::pin(disk.read(256, vec![4; 512]));
    let Poll::Ready(Err(failed)) = poll(&mut far, &waker) else { panic!("a read past the end") };
    assert!(matches!(failed.error, BlockError::Submit(SubmitError::Bad(_))));
    assert_eq!(failed.buffer, Some(vec![4; 512]));
}

#[test]
fn a_reset_ends_every_future() {
    let (_, platform, disk) = disk(64);
    let (count, waker) = task();
    let mut futures: Vec<_> = (0..3).map(|i| disk.request(read(i))).collect();
    for future in &mut futures {
        assert!(poll(future, &waker).is_pending());
    }
    disk.driver().borrow_mut().reset().unwrap();
    disk.handle_interrupt();
    assert_eq!(woken(&count), 3);
    for future in &mut futures {
        let Poll::Ready(done) = poll(future, &waker) else { panic!("a future outlives the reset") };
        assert_eq!(done.result, Err(BlockError::Request(RequestError::Reset)));
        assert_eq!(done.buffer.unwrap().len(), 512);
    }
    assert_eq!(platform.shared(), 0);
}

/// A waker that, when it goes, drops a future of the same driver, as the last waker of a task does.
fn waker_owning(future: Box<dyn std::any::Any>) -> Waker {
    type Owned = RefCell<Option<Box<dyn std::any::Any>>>;
    fn count(data: *const ()) -> Rc<Owned> {
        // SAFETY: made from an `Rc` of this type, whose count this waker holds a part of.
        unsafe { Rc::from_raw(data.cast()) }
    }
    static TABLE: RawWakerVTable = RawWakerVTable::new(
        |data| {
            let rc = count(data);
            let clone = rc.clone();
            std::mem::forget(rc);
            RawWaker::new(Rc::into_raw(clone).cast(), &TABLE)
        },
        |data| drop(count(data)),
        |_| {},
        |data| drop(count(data)),
    );
    let owned: Rc<Owned> = Rc::new(RefCell::new(Some(future)));
    // SAFETY: the table treats the data as the `Rc` that it is; everything stays on this thread.
    unsafe { Waker::from_raw(RawWaker::new(Rc::into_raw(owned).cast(), &TABLE)) }
}

#[test]
fn wakers_are_dropped_while_nobody_has_the_driver() {
    let (machine, platform, disk) = disk(64);
    let disk: &'static Shared = Box::leak(Box::new(disk));
    let (_, other) = task();
    // Dropped on completion, on abandonment, and when replaced by another waker.
    for ending in 0..3 {
        let mut inner = disk.request(read(1));
        assert!(poll(&mut inner, &other).is_pending());
        let waker = waker_owning(Box::new(inner));
        let mut outer = disk.request(read(2));
        assert!(poll(&mut outer, &waker).is_pending());
        drop(waker);
        match ending {
            0 => {
                machine.run();
                disk.handle_interrupt();
            }
            1 => drop(outer),
            _ => assert!(poll(&mut outer, &other).is_pending()),
        }
        machine.run();
        disk.handle_interrupt();
        assert_eq!((platform.shared(), disk.driver().borrow().in_flight()), (0, 0));
    }
    // SAFETY: leaked above; no future is left.
    drop(unsafe { Box::from_raw(std::ptr::from_ref(disk).cast_mut()) });
    check_clean(&platform);
}
