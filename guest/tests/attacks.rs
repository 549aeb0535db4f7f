//! Attacks that no other test is about: devices that change their mind, storage that is used again, drivers that are
//! forgotten, swapped and moved while their device goes on. Miri runs them too.

mod support;

use parakit::{
    device::{
        block::{
            Block, BlockChain, BlockError, BlockOptions, Fault, HeapStorage, Operation, Outcome, RequestError,
            RequestSlot,
        },
        console::{Console, ConsoleError, ConsoleOptions, EarlyConsole, HeapConsoleStorage},
        entropy::Entropy,
    },
    queue::{PackedQueue, QueueError, QueueOptions, ReadWrite, RingFeatures, Slot, SplitQueue, Writable},
    transport::{Device, MmioTransport, Negotiating, ResetProof},
};
use support::{
    device,
    machine::{EVENT_IDX, Machine},
    packed::Packed,
    platform::{Identity, Tracked},
    stepper::areas,
};

type Disk = Block<MmioTransport<Machine>, Tracked, Vec<u8>, HeapStorage<Tracked, Vec<u8>>>;

const SIZE_MAX: u128 = 1 << 1;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

/// The longest segment grows after memory for blocking calls was allocated by the shortest, and shrinks again.
#[test]
fn segments_that_grow_do_not_outgrow_the_copy_memory() {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, EVENT_IDX | SIZE_MAX, 16);
    machine.with(|s| s.config[8..12].copy_from_slice(&512u32.to_le_bytes()));
    let mut disk: Disk =
        Block::new(negotiating(&machine, &platform), HeapStorage::new(64), BlockOptions::default()).unwrap();
    disk.write(0, &[1; 1024]).unwrap();
    assert_eq!(machine.take_requests().len(), 2);
    for (size_max, requests) in [(0x10000u32, 1), (512, 2), (u32::MAX, 1)] {
        machine.change_config(|c| c[8..12].copy_from_slice(&size_max.to_le_bytes()));
        disk.handle_interrupt();
        disk.write(8, &[2; 1024]).unwrap();
        assert_eq!(machine.take_requests().len(), requests);
        let mut back = [0; 1024];
        disk.read(8, &mut back).unwrap();
        assert_eq!(back, [2; 1024]);
        assert_eq!(machine.take_requests().len(), requests);
    }
    drop(disk);
    check_clean(&platform);
}

/// What arming has seen, polling finds: a device that shows its used index and takes it back cannot send the driver
/// in circles between the two.
#[test]
fn a_used_index_that_is_taken_back_ends_the_queue_or_is_ignored() {
    for event_idx in [false, true] {
        let platform = Tracked::new();
        let slots = Slot::<Writable<Box<[u8]>>>::boxed(4);
        let mut queue =
            SplitQueue::detached(platform.clone(), slots, QueueOptions::default(), support::event_idx(event_idx))
                .unwrap();
        let mut device = device::Device::new(platform.clone(), areas(queue.addresses()), 4, event_idx);
        for _ in 0..3 {
            queue.add(Writable(vec![0; 4].into())).unwrap();
        }
        let _ = queue.publish();
        for _ in 0..3 {
            let head = device.take().unwrap().head;
            device.use_chain(head.into(), 0);
        }
        device.poke_used_idx(1);
        assert!(queue.enable_interrupts());
        device.poke_used_idx(0);
        assert!(queue.poll().unwrap().is_some(), "seen, and gone");
        device.poke_used_idx(1);
        assert!(queue.poll().unwrap().is_none());

        // Back while some of what was seen is still to be taken.
        device.poke_used_idx(3);
        assert!(queue.poll().unwrap().is_some());
        device.poke_used_idx(2);
        assert!(queue.enable_interrupts());
        assert!(matches!(queue.poll(), Err(QueueError::UsedIndex { idx: 2, .. })));

        // SAFETY: the device of the test is not stepped any more.
        let proof = unsafe { ResetProof::assume(queue.instance()) };
        assert_eq!(queue.retire(&proof).unwrap().count(), 1);
        drop(queue);
        check_clean(&platform);
    }
}

/// The same for a packed ring, whose used descriptors say so each for itself.
#[test]
fn a_used_descriptor_that_is_taken_back_ends_the_queue() {
    for (event_idx, in_order) in [(false, false), (true, false), (true, true)] {
        let platform = Tracked::new();
        let slots = Slot::<Writable<Box<[u8]>>>::boxed(4);
        let features = RingFeatures { packed: true, event_idx, in_order, ..RingFeatures::NONE };
        let mut queue = PackedQueue::detached(platform.clone(), slots, QueueOptions::default(), features).unwrap();
        let mut device = Packed::new(platform.clone(), areas(queue.addresses()), 4, event_idx);
        for _ in 0..3 {
            queue.add(Writable(vec![0; 4].into())).unwrap();
        }
        let _ = queue.publish();
        for _ in 0..2 {
            let taken = device.take().unwrap();
            device.use_chain(&taken, &[], taken.head, 4);
        }
        device.show();
        assert!(queue.enable_interrupts());
        // What was seen and taken counts no more.
        assert!(queue.poll().unwrap().is_some() && queue.poll().unwrap().is_some() && queue.poll().unwrap().is_none());

        let taken = device.take().unwrap();
        device.use_chain(&taken, &[], taken.head, 4);
        device.show();
        assert!(queue.enable_interrupts());
        // The flags of the third descriptor: available, in the first round.
        device.poke_flags(2, 0x82);
        assert_eq!(queue.poll().unwrap_err(), QueueError::UsedTakenBack { index: 2 });

        // SAFETY: the device of the test is not stepped any more.
        let proof = unsafe { ResetProof::assume(queue.instance()) };
        assert_eq!(queue.retire(&proof).unwrap().count(), 1);
        drop(queue);
        check_clean(&platform);
    }
}

type Borrowed<'a> = (&'a mut [Slot<BlockChain<Tracked, Vec<u8>>>], &'a mut [RequestSlot<Outcome<Tracked, Vec<u8>>>]);

fn open<'a>(
    machine: &Machine,
    platform: &Tracked,
    storage: Borrowed<'a>,
    queue_size: u16,
) -> Block<MmioTransport<Machine>, Tracked, Vec<u8>, Borrowed<'a>> {
    let options = BlockOptions { queue_size, ..BlockOptions::default() };
    Block::new(negotiating(machine, platform), storage, options).unwrap()
}

/// Storage serves a smaller driver while the requests of the one before were never finished.
#[test]
fn request_storage_is_used_again_by_a_smaller_driver() {
    let platform = Tracked::new();
    let mut slots: Vec<_> = (0..64).map(|_| Slot::EMPTY).collect();
    let mut requests: Vec<_> = (0..32).map(|_| RequestSlot::default()).collect();
    for queue_size in [64, 16, 4] {
        let machine = Machine::block(&platform, EVENT_IDX, 32);
        let mut disk = open(&machine, &platform, (&mut slots[..], &mut requests[..]), queue_size);
        machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
        let depth = disk.depth();
        for i in 0..depth {
            disk.submit(Operation::Read { sector: i.into(), buffer: vec![0; 512] }).unwrap();
        }
        assert!(disk.reset().is_err());
        let mut ended = 0;
        // The last one is left in the storage.
        while ended + 1 < depth {
            assert_eq!(disk.poll().unwrap().result, Err(RequestError::Reset));
            ended += 1;
        }
        assert_eq!((disk.in_flight(), depth), (1, queue_size / 3));
        machine.with(|s| s.odd.stuck = false);
        drop(disk);
        check_clean(&platform);
    }
}

fn port(
    machine: &Machine,
    platform: &Tracked,
) -> Console<MmioTransport<Machine>, Tracked, Vec<u8>, HeapConsoleStorage<Tracked, Vec<u8>>> {
    let early = EarlyConsole::new(negotiating(machine, platform)).unwrap();
    let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
    early.start(HeapConsoleStorage::new(&options), options).unwrap()
}

/// Bounce buffers run out for a while: no input is lost, and no receive buffer.
#[test]
fn a_console_that_cannot_share_for_a_while_hears_again() {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, EVENT_IDX);
    let mut console = port(&machine, &platform);
    let allocated = platform.allocated();
    let input: Vec<u8> = (0..200).collect();
    machine.with(|s| s.input = input.clone());
    let (mut got, mut out, mut errors) = (Vec::new(), [0; 40], 0);
    for round in 0..100 {
        machine.run();
        platform.fail_share_after((round % 5 < 3).then_some(round % 2));
        match console.receive(&mut out) {
            Ok(len) => got.extend_from_slice(&out[..len]),
            Err(ConsoleError::Add(_)) => errors += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(got, input);
    assert!(errors > 0);
    platform.fail_share_after(None);
    assert_eq!(console.receive(&mut out), Ok(0));
    assert_eq!((platform.allocated(), platform.shared()), (allocated, 4), "a receive buffer was lost");
    drop(console);
    check_clean(&platform);
}

/// A driver whose device is down, and does not even reset, has news: nobody may wait for an interrupt.
#[test]
fn drivers_that_are_down_do_not_let_anybody_wait() {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, EVENT_IDX);
    let mut console = port(&machine, &platform);
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    assert!(console.write_all(b"text").is_err());
    assert!(console.arm());
    machine.with(|s| s.odd.stuck = false);
    drop(console);

    let machine = Machine::entropy(&platform, 0);
    let mut source = Entropy::new(negotiating(&machine, &platform)).unwrap();
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    assert!(source.fill(&mut [0; 8]).is_err());
    assert!(source.arm());
    machine.with(|s| s.odd.stuck = false);
    drop(source);
    check_clean(&platform);
}

type Duplex = ReadWrite<Box<[u8]>, (Vec<u8>, Box<[u8; 4]>)>;

/// The device writes through the pointers that it was given while queue, slots and chains move about. The addresses are
/// the driver's own, so that Miri follows each pointer.
#[test]
fn queues_move_while_their_device_writes() {
    let chain = |n: u8| Duplex { readable: vec![n; 3].into(), writable: (vec![0; 5], Box::new([0; 4])) };
    let slots = [const { Slot::EMPTY }; 8];
    let mut queue = SplitQueue::detached(Identity, slots, QueueOptions::default(), support::event_idx(true)).unwrap();
    let mut device = device::Device::new(Identity, areas(queue.addresses()), 8, true);
    for n in 0..2 {
        queue.add(chain(n)).unwrap();
    }
    let _ = queue.publish();
    let mut taken = vec![device.take().unwrap()];
    let mut queue = Box::new(queue);
    device.write(&taken[0], &[7; 9]);
    let mut other = *queue;
    taken.push(device.take().unwrap());
    device.write(&taken[1], &[8; 6]);
    assert_eq!(device.read(&taken[1]), [1; 3]);
    *queue = other;
    for taken in taken.iter().rev() {
        device.use_chain(taken.head.into(), 6);
    }
    device.show();
    let mut fresh =
        SplitQueue::detached(Identity, [const { Slot::EMPTY }; 8], QueueOptions::default(), support::event_idx(true))
            .unwrap();
    std::mem::swap(&mut *queue, &mut fresh);
    other = fresh;
    let second = other.poll().unwrap().unwrap();
    assert_eq!((&second.chain.writable.0[..], second.chain.writable.1[0]), (&[8; 5][..], 8));
    let first = other.poll().unwrap().unwrap();
    assert_eq!((&first.chain.writable.0[..], &first.chain.writable.1[..]), (&[7; 5][..], &[7; 4][..]));
    for queue in [&mut other, &mut *queue] {
        // SAFETY: the device of the test is not stepped any more.
        let proof = unsafe { ResetProof::assume(queue.instance()) };
        assert_eq!(queue.retire(&proof).unwrap().count(), 0);
    }
}

/// A queue is forgotten, its slots serve another one, and the device still writes to what it was given.
#[test]
fn slots_of_a_forgotten_queue_serve_another_one() {
    let platform = Tracked::new();
    let mut slots: [Slot<Writable<&'static mut [u8]>>; 4] = [const { Slot::EMPTY }; 4];
    let options = QueueOptions::default();
    let mut first = SplitQueue::detached(&platform, &mut slots[..], options, support::event_idx(false)).unwrap();
    let mut device = device::Device::new(platform.clone(), areas(first.addresses()), 4, false);
    let bytes: *mut [u8] = Box::into_raw(vec![0; 8].into());
    // SAFETY: leaked above, and nobody else's until the end.
    first.add(Writable(unsafe { &mut *bytes })).unwrap();
    let _ = first.publish();
    let instance = first.instance();
    std::mem::forget(first);

    let mut second = SplitQueue::detached(&platform, &mut slots[..], options, support::event_idx(false)).unwrap();
    assert_eq!((second.in_flight(), second.free()), (0, 4));
    let taken = device.take().unwrap();
    device.write(&taken, &[9; 8]);
    device.use_chain(taken.head.into(), 8);
    device.show();
    assert!(second.poll().unwrap().is_none(), "the first queue's chain");
    // SAFETY: the device of the test is not stepped any more.
    let proof = unsafe { ResetProof::assume(instance) };
    assert!(second.retire(&proof).is_err(), "a proof about the first queue");
    // SAFETY: there never was a device.
    let proof = unsafe { ResetProof::assume(second.instance()) };
    second.retire(&proof).unwrap();
    drop(second);
    assert_eq!((platform.shared(), platform.allocated()), (1, 1), "the device may still write there");
    // SAFETY: the device of the test is not stepped any more.
    unsafe { platform.forget_leaked_rings() };
    // SAFETY: leaked above, and the queue that had it is forgotten.
    drop(unsafe { Box::from_raw(bytes) });
}

/// A blocking call on borrowed memory ends before the device is done, which does not even reset.
#[test]
fn a_late_device_does_not_reach_borrowed_memory() {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, EVENT_IDX, 32);
    let mut disk: Disk =
        Block::new(negotiating(&machine, &platform), HeapStorage::new(64), BlockOptions::default()).unwrap();
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    let mut bytes = [5; 512];
    assert!(matches!(disk.read(0, &mut bytes), Err(BlockError::Timeout { .. })));
    machine.run();
    assert_eq!(bytes, [5; 512]);
    assert!(matches!(disk.fault(), Some(Fault::Timeout { .. })));
    assert!(matches!(disk.read(0, &mut bytes), Err(BlockError::Submit(_))));
    machine.with(|s| s.odd.stuck = false);
    disk.reset().unwrap();
    drop(disk);
    check_clean(&platform);
}

/// Tasks wait for room in storage that an earlier driver has left with requests in it.
#[test]
fn tasks_that_wait_for_room_are_woken_in_storage_used_again() {
    use parakit::device::block::AsyncBlock;
    use std::{
        cell::RefCell,
        pin::pin,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering::SeqCst},
        },
        task::{Context, Wake, Waker},
    };
    struct Task(AtomicBool);
    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.store(true, SeqCst);
        }
    }

    let platform = Tracked::new();
    let mut slots: Vec<_> = (0..64).map(|_| Slot::EMPTY).collect();
    let mut requests: Vec<_> = (0..32).map(|_| RequestSlot::default()).collect();
    let machine = Machine::block(&platform, EVENT_IDX, 32);
    machine.with(|s| s.prompt = false);
    let mut disk = open(&machine, &platform, (&mut slots[..], &mut requests[..]), 64);
    while disk.submit(Operation::Read { sector: 0, buffer: vec![0; 512] }).is_ok() {}
    drop(disk);

    let disk = AsyncBlock::new(RefCell::new(open(&machine, &platform, (&mut slots[..], &mut requests[..]), 4)));
    let tasks: [_; 3] = std::array::from_fn(|_| Arc::new(Task(AtomicBool::new(true))));
    let mut futures: Vec<_> = (0..3).map(|i| Some(Box::pin(disk.read(i, vec![0; 512])))).collect();
    for _ in 0..20 {
        for (task, place) in tasks.iter().zip(&mut futures) {
            let Some(future) = place else { continue };
            if task.0.swap(false, SeqCst) {
                let waker = Waker::from(task.clone());
                let future = pin!(future);
                if future.poll(&mut Context::from_waker(&waker)).is_ready() {
                    *place = None;
                }
            }
        }
        if machine.run() {
            disk.handle_interrupt();
        }
    }
    assert!(futures.iter().all(Option::is_none), "a task was not woken");
    drop(futures);
    drop(disk);
    check_clean(&platform);
}
