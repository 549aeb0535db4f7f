//! Queues that are reset alone, devices that are suspended, and devices that would not.

#[macro_use]
mod support;

use std::{cell::RefCell, rc::Rc};

use parakit::{
    device::block::{
        Block, BlockError, BlockHub, BlockOptions, EnableError, Fault, HeapStorage, HubSuspendError, MultiBlock,
        Operation, RequestError, SubmitError,
    },
    queue::Slot,
    transport::{Device, MmioTransport, Negotiating, QueueResetError, QueueSetupError, SuspendError},
};
use support::{
    machine::{EVENT_IDX, MQ, Machine, NOTIFICATION_DATA, Odd, RING_RESET, SUSPEND},
    platform::Tracked,
    ring::{IN_ORDER, INDIRECT_DESC},
};

type Disk = Block<MmioTransport<Machine>, Tracked, Vec<u8>, HeapStorage<Tracked, Vec<u8>>>;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

/// A disk that answers only when it is told to.
fn disk(features: u128) -> (Machine, Tracked, Disk) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, features | EVENT_IDX, 256);
    let disk = Block::new(negotiating(&machine, &platform), HeapStorage::new(64), BlockOptions::default()).unwrap();
    assert_eq!(disk.accepted().0 & features, features);
    machine.with(|s| s.prompt = false);
    (machine, platform, disk)
}

fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn read(sector: u64) -> Operation<Vec<u8>> {
    Operation::Read { sector, buffer: vec![0; 512] }
}

fn a_queue_reset_gives_back_what_is_done_and_what_is_not(ring: u128) {
    let (machine, platform, mut disk) = disk(ring | RING_RESET);
    // A packed ring need not be a power of two long.
    let odd = if ring == 0 { 8 } else { 3 };
    for (round, size) in [16, 64, 4, odd, 32].into_iter().enumerate() {
        let count = usize::from(disk.depth()).min(4);
        let ids: Vec<_> = (0..count).map(|i| disk.submit(read(i as u64)).unwrap()).collect();
        disk.kick();
        // One was used, and nobody has looked; one more is not shown to the device.
        machine.run_backwards(1);
        let hidden = disk.submit(read(9)).ok();
        let notified = machine.with(|s| s.notifications[0]);
        disk.reset_queue().unwrap();
        assert!(disk.is_halted());
        assert_eq!((disk.in_flight(), platform.shared()), (0, 0));
        assert!(disk.arm(), "there are results");
        let mut back = Vec::new();
        let mut done = 0;
        while let Some(finished) = disk.poll() {
            match finished.result {
                Ok(_) => done += 1,
                Err(error) => assert_eq!(error, RequestError::QueueReset),
            }
            assert_eq!(finished.buffer.unwrap().len(), 512);
            back.push(finished.id);
        }
        assert_eq!(done, 1);
        assert!(ids.iter().chain(&hidden).all(|id| back.contains(id)));
        assert_eq!(back.len(), count + usize::from(hidden.is_some()));
        // Nothing goes in, and nothing comes out.
        assert!(!disk.arm(), "there is nothing to look at");
        assert_eq!(disk.submit(read(0)).unwrap_err().error, SubmitError::Halted);
        assert_eq!(disk.read(0, &mut [0; 512]), Err(BlockError::Submit(SubmitError::Halted)));
        disk.kick();
        assert!(disk.poll().is_none() && disk.fault().is_none() && machine.live());
        assert_eq!(machine.with(|s| s.notifications[0]), notified, "a notification of a queue that is not there");
        disk.reset_queue().unwrap();
        assert_eq!(machine.queue_resets(0) as usize, round + 1, "a queue is reset once");

        disk.enable_queue(Slot::boxed(size.into()), size).unwrap();
        assert_eq!((disk.queue_size(), machine.queue_size(0)), (size, size.into()));
        machine.with(|s| s.prompt = true);
        let mut data = [0; 512];
        disk.read(7, &mut data).unwrap();
        assert!(machine.with(|s| s.disk[7 * 512..8 * 512] == data));
        machine.with(|s| s.prompt = false);
    }
    drop(disk);
    check_clean(&platform);
}

fn a_queue_that_cannot_be_enabled_can_be_tried_again(ring: u128) {
    let (machine, platform, mut disk) = disk(ring | RING_RESET);
    machine.with(|s| s.prompt = true);
    assert_eq!(disk.enable_queue(Slot::boxed(8), 8), Err(EnableError::NotHalted));
    disk.reset_queue().unwrap();
    assert_eq!(disk.enable_queue(Slot::boxed(0), 8), Err(EnableError::Setup(QueueSetupError::NoSlots)));
    platform.fail_dma(true);
    assert!(matches!(disk.enable_queue(Slot::boxed(8), 8), Err(EnableError::Setup(QueueSetupError::Dma(_)))));
    platform.fail_dma(false);
    assert!(disk.is_halted());
    // Too small for a request, and made larger.
    assert_eq!(disk.enable_queue(Slot::boxed(2), 8), Err(EnableError::TooSmall { size: 2 }));
    assert!(disk.submit(read(0)).is_err());
    disk.reset_queue().unwrap();
    disk.enable_queue(Slot::boxed(8), 8).unwrap();
    disk.read(0, &mut [0; 512]).unwrap();
    // Reset, and dropped or reset as a whole.
    disk.reset_queue().unwrap();
    disk.reset().unwrap();
    assert_eq!(disk.enable_queue(Slot::boxed(8), 8), Err(EnableError::NotHalted));
    drop(disk);
    check_clean(&platform);

    let (_, platform, mut halted) = self::disk(ring | RING_RESET);
    halted.submit(read(0)).unwrap();
    halted.reset_queue().unwrap();
    drop(halted);
    check_clean(&platform);
}

fn without_the_features_nothing_happens(ring: u128) {
    let (machine, platform, mut disk) = disk(ring);
    disk.submit(read(0)).unwrap();
    assert_eq!(disk.reset_queue(), Err(QueueResetError::NotNegotiated));
    assert_eq!(disk.suspend(), Err(SuspendError::NotNegotiated));
    assert_eq!(disk.resume(), Ok(()), "it is live already");
    machine.run();
    disk.poll().unwrap().result.unwrap();
    assert_eq!((disk.fault(), machine.queue_resets(0)), (None, 0));
    drop(disk);
    check_clean(&platform);
}

fn a_device_that_does_not_reset_a_queue_is_reset_itself(ring: u128) {
    let (machine, platform, mut disk) = disk(ring | RING_RESET);
    machine.with(|s| s.odd = Odd { deaf: true, ..Odd::default() });
    disk.submit(read(0)).unwrap();
    disk.kick();
    let error = disk.reset_queue().unwrap_err();
    assert!(matches!(error, QueueResetError::Stuck { queue: 0, reads: 1, .. }), "{error}");
    assert_eq!(disk.fault(), Some(Fault::QueueReset(error)));
    assert!(!machine.live());
    let finished = disk.poll().unwrap();
    assert_eq!((finished.result, finished.buffer.unwrap().len()), (Err(RequestError::Reset), 512));
    drop(disk);
    check_clean(&platform);
}

fn a_suspended_device_goes_on_where_it_was(ring: u128) {
    for more in [0, IN_ORDER | INDIRECT_DESC | NOTIFICATION_DATA] {
        let (machine, platform, mut disk) = disk(ring | SUSPEND | more);
        for round in 0..40 {
            let first = disk.submit(read(1)).unwrap();
            disk.kick();
            let second = disk.submit(read(2)).unwrap();
            disk.suspend().unwrap();
            disk.suspend().unwrap();
            assert!(!machine.live());
            let notified = machine.with(|s| s.notifications[0]);
            assert_eq!(disk.submit(read(3)).unwrap_err().error, SubmitError::Suspended);
            assert_eq!(disk.read(0, &mut [0; 512]), Err(BlockError::Submit(SubmitError::Suspended)));
            assert!(disk.set_writeback(true).is_err());
            disk.kick();
            let _ = disk.arm();
            // The device had taken both, and has finished them before it was suspended.
            assert_eq!([disk.poll().unwrap().id, disk.poll().unwrap().id], [first, second], "round {round}");
            assert!(disk.poll().is_none());
            assert_eq!(machine.with(|s| s.notifications[0]), notified, "a notification of a suspended device");
            disk.resume().unwrap();
            assert!(machine.live());
            let third = disk.submit(read(3)).unwrap();
            disk.kick();
            machine.run();
            let finished = disk.poll().unwrap();
            finished.result.unwrap();
            let data = finished.buffer.unwrap();
            assert!(machine.with(|s| s.disk[3 * 512..4 * 512] == data) && finished.id == third);
        }
        // Suspended, and dropped or reset.
        disk.submit(read(0)).unwrap();
        disk.suspend().unwrap();
        disk.reset().unwrap();
        assert!(disk.resume().is_err());
        drop(disk);
        check_clean(&platform);
        let (machine, platform, mut disk) = self::disk(ring | SUSPEND);
        disk.suspend().unwrap();
        drop(disk);
        assert_eq!(machine.with(|s| s.accepted()), 0, "it was reset");
        check_clean(&platform);
    }
}

fn a_device_that_is_not_suspended_or_resumed_is_reset(ring: u128) {
    for resume in [false, true] {
        let (machine, platform, mut disk) = disk(ring | SUSPEND);
        disk.submit(read(0)).unwrap();
        if resume {
            disk.suspend().unwrap();
        }
        machine.with(|s| s.odd.deaf = true);
        let error = if resume { disk.resume() } else { disk.suspend() }.unwrap_err();
        assert!(matches!(error, SuspendError::Stuck { .. }), "{error}");
        assert_eq!(disk.fault(), Some(Fault::Suspend(error)));
        assert_eq!(disk.poll().unwrap().result, Err(RequestError::Reset));
        assert!(disk.poll().is_none());
        drop(disk);
        check_clean(&platform);
    }
}

fn one_of_several_queues_is_reset_and_the_others_go_on(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::block_queues(&platform, ring | MQ | RING_RESET | SUSPEND | EVENT_IDX, 256, 2);
    let multi: MultiBlock<_, _, Vec<u8>, HeapStorage<_, _>, 2> =
        MultiBlock::new(negotiating(&machine, &platform), 2, |_| HeapStorage::new(64), BlockOptions::default())
            .unwrap();
    machine.with(|s| s.prompt = false);
    let hub = Rc::new(BlockHub::new(RefCell::new(multi)));
    let mut one = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    let mut other = BlockHub::queue(Rc::clone(&hub), 1).unwrap();
    for queue in [&mut one, &mut other] {
        queue.submit(read(5)).unwrap();
        queue.kick();
    }
    one.reset_queue().unwrap();
    assert_eq!(one.poll().unwrap().result, Err(RequestError::QueueReset));
    other.submit(read(6)).unwrap();
    other.kick();
    machine.run();
    assert!(other.poll().unwrap().result.is_ok() && other.poll().unwrap().result.is_ok());
    assert_eq!((machine.queue_resets(0), machine.queue_resets(1)), (1, 0));
    // A handle gives a queue back that was reset, and takes it again.
    drop(one);
    let mut one = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    assert!(one.is_halted());
    one.enable_queue(Slot::boxed(8), 8).unwrap();
    one.submit(read(7)).unwrap();
    machine.run();

    // The device is suspended when all queues are back.
    assert_eq!(hub.suspend(), Err(HubSuspendError::Taken { queues: 2 }));
    one.submit(read(8)).unwrap();
    drop((one, other));
    hub.suspend().unwrap();
    let mut one = BlockHub::queue(Rc::clone(&hub), 0).unwrap();
    assert_eq!(one.submit(read(9)).unwrap_err().error, SubmitError::Suspended);
    assert!((0..2).all(|_| one.poll().unwrap().result.is_ok()), "both were available before it was suspended");
    hub.resume().unwrap();
    machine.with(|s| s.prompt = true);
    one.read(0, &mut [0; 512]).unwrap();
    drop((one, hub));
    check_clean(&platform);
}

over_rings! {
    a_queue_reset_gives_back_what_is_done_and_what_is_not,
    a_queue_that_cannot_be_enabled_can_be_tried_again,
    without_the_features_nothing_happens,
    a_device_that_does_not_reset_a_queue_is_reset_itself,
    a_suspended_device_goes_on_where_it_was,
    a_device_that_is_not_suspended_or_resumed_is_reset,
    one_of_several_queues_is_reset_and_the_others_go_on,
}
