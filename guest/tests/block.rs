//! The block driver against a device that does what it should, and against devices that do not.

#[macro_use]
mod support;

use parakit::{
    device::block::{
        BadRequest, Block, BlockError, BlockOptions, Fault, HeapStorage, InitError, InlineStorage, Operation,
        RequestError, SectorRange, SubmitError,
    },
    queue::QueueError,
    transport::{Device, MmioTransport, Negotiating},
};
use support::{
    machine::{EVENT_IDX, Machine, Odd},
    platform::Tracked,
};

type Disk = Block<MmioTransport<Machine>, Tracked, Vec<u8>, HeapStorage<Tracked, Vec<u8>>>;

const SIZE_MAX: u128 = 1 << 1;
const SEG_MAX: u128 = 1 << 2;
const RO: u128 = 1 << 5;
const BLK_SIZE: u128 = 1 << 6;
const FLUSH: u128 = 1 << 9;
const CONFIG_WCE: u128 = 1 << 11;
const DISCARD: u128 = 1 << 13;
const WRITE_ZEROES: u128 = 1 << 14;
const MQ: u128 = 1 << 12;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

fn open(machine: &Machine, platform: &Tracked) -> Disk {
    Block::new(negotiating(machine, platform), HeapStorage::new(64), BlockOptions::default()).unwrap()
}

/// A disk of 256 sectors with every feature the driver knows, and its platform.
fn disk(ring: u128, features: u128) -> (Machine, Tracked, Disk) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, ring | features | EVENT_IDX, 256);
    machine.with(|s| {
        s.config[36..40].copy_from_slice(&64u32.to_le_bytes());
        s.config[40..44].copy_from_slice(&2u32.to_le_bytes());
        s.config[48..52].copy_from_slice(&32u32.to_le_bytes());
        s.config[52..56].copy_from_slice(&3u32.to_le_bytes());
    });
    let disk = open(&machine, &platform);
    assert_eq!(disk.accepted().0 & ring, ring);
    (machine, platform, disk)
}

/// Nothing is left behind once the driver is gone.
fn check_clean(platform: &Tracked) {
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn blocking_calls_do_what_they_say(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, FLUSH | DISCARD | WRITE_ZEROES);
    let data: Vec<u8> = (0..100 * 1024).map(|i| (i * 31) as u8).collect();
    disk.write(3, &data).unwrap();
    let mut back = vec![0; data.len()];
    disk.read(3, &mut back).unwrap();
    assert!(back == data);
    let seen = machine.take_requests();
    // 100 KiB through 64 KiB of memory: two requests each way.
    assert_eq!(seen.iter().map(|r| (r.kind, r.sector)).collect::<Vec<_>>(), [(1, 3), (1, 131), (0, 3), (0, 131)]);

    disk.flush().unwrap();
    disk.discard(&[SectorRange { sector: 4, sectors: 2 }, SectorRange { sector: 200, sectors: 56 }]).unwrap();
    disk.write_zeroes(&[SectorRange { sector: 8, sectors: 1 }], true).unwrap();
    assert_eq!(&disk.device_id().unwrap(), b"parakit-test-disk\0\0\0");
    let seen = machine.take_requests();
    let [flush, discard, zeroes, id] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((flush.kind, flush.sector, flush.data.len(), flush.writable), (4, 0, 0, 1));
    assert_eq!((discard.kind, discard.sector, discard.data.len()), (11, 0, 32));
    assert_eq!(discard.data[..8], 4u64.to_le_bytes());
    assert_eq!(discard.data[24..32], [56, 0, 0, 0, 0, 0, 0, 0], "56 sectors, unmap clear");
    assert_eq!((zeroes.kind, &zeroes.data[12..16]), (13, &[1, 0, 0, 0][..]));
    assert_eq!((id.kind, id.writable), (8, 21));

    let mut sector = [1; 512];
    disk.read(8, &mut sector).unwrap();
    assert_eq!(sector, [0; 512]);
    let buffer = disk.read_owned(9, vec![0; 512]).unwrap();
    assert!(buffer[..] == data[6 * 512..7 * 512]);
    disk.write_owned(9, vec![5; 512]).unwrap();
    assert!(machine.with(|s| s.disk[9 * 512..10 * 512] == [5; 512]));
    drop(disk);
    assert!(!machine.live());
    check_clean(&platform);
}

fn what_the_device_must_not_see_is_refused_and_given_back(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, DISCARD | WRITE_ZEROES);
    let read = |sector, len| Operation::Read { sector, buffer: vec![0; len] };
    let range = |sector, sectors| SectorRange { sector, sectors };
    let out = |sector, sectors| BadRequest::OutOfRange { sector, sectors, capacity: 256 };
    let cases = [
        (read(256, 512), out(256, 1)),
        (read(255, 1024), out(255, 2)),
        (read(u64::MAX, 512), out(u64::MAX, 1)),
        (read(0, 100), BadRequest::NotWholeSectors { len: 100 }),
        (read(0, 0), BadRequest::Empty),
        (Operation::Flush, BadRequest::NotOffered { feature: "FLUSH" }),
        (Operation::discard(&[]), BadRequest::Empty),
        (Operation::discard(&[range(0, 0)]), BadRequest::Empty),
        (Operation::discard(&[range(0, 65)]), BadRequest::RangeTooLong { sectors: 65, max: 64 }),
        (Operation::discard(&[range(0, 1); 3]), BadRequest::TooManyRanges { ranges: 3, max: 2 }),
        (Operation::discard(&[range(250, 7)]), out(250, 7)),
        (Operation::write_zeroes(&[range(0, 1); 4], false), BadRequest::TooManyRanges { ranges: 4, max: 3 }),
        (Operation::write_zeroes(&[range(0, 1); 99], false), BadRequest::TooManyRanges { ranges: 99, max: 3 }),
        (Operation::write_zeroes(&[range(u64::MAX, 2)], false), out(u64::MAX, 2)),
    ];
    for (operation, expected) in cases {
        let rejected = disk.submit(operation.clone()).unwrap_err();
        assert_eq!(rejected.error, SubmitError::Bad(expected));
        assert_eq!(rejected.operation, operation);
    }
    assert_eq!(disk.read(255, &mut [0; 1024]), Err(BlockError::Submit(SubmitError::Bad(out(255, 2)))));
    assert_eq!(disk.read(0, &mut []), Err(BlockError::Submit(SubmitError::Bad(BadRequest::Empty))));
    assert_eq!(machine.take_requests(), []);
    drop(disk);
    check_clean(&platform);
}

fn a_read_only_disk_is_never_asked_to_write(ring: u128) {
    let (machine, _, mut disk) = disk(ring, RO | DISCARD | WRITE_ZEROES);
    let read_only = Err(BlockError::Submit(SubmitError::Bad(BadRequest::ReadOnly)));
    assert!(disk.is_read_only());
    assert_eq!(disk.write(0, &[0; 512]), read_only);
    assert_eq!(disk.discard(&[SectorRange { sector: 0, sectors: 1 }]), read_only);
    assert_eq!(disk.write_zeroes(&[SectorRange { sector: 0, sectors: 1 }], false), read_only);
    assert_eq!(machine.take_requests(), []);
    disk.read(0, &mut [0; 512]).unwrap();
}

fn segments_keep_to_the_limits_of_the_device(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, ring | SIZE_MAX | SEG_MAX, 256);
    machine.with(|s| {
        s.config[8..12].copy_from_slice(&1024u32.to_le_bytes());
        s.config[12..16].copy_from_slice(&2u32.to_le_bytes());
    });
    let storage = HeapStorage::new(64);
    let mut disk: Block<_, _, Vec<Vec<u8>>, _> =
        Block::new(negotiating(&machine, &platform), storage, BlockOptions::default()).unwrap();
    let read = |lens: &[usize]| Operation::Read { sector: 0, buffer: lens.iter().map(|&n| vec![0; n]).collect() };
    let refused = |r: Result<_, parakit::device::block::Rejected<_>>| r.map_err(|r| r.error).unwrap_err();
    assert_eq!(
        refused(disk.submit(read(&[2048]))),
        SubmitError::Bad(BadRequest::SegmentTooLong { len: 2048, max: 1024 })
    );
    assert_eq!(
        refused(disk.submit(read(&[512; 3]))),
        SubmitError::Bad(BadRequest::TooManySegments { segments: 3, max: 2 })
    );
    assert_eq!(refused(disk.submit(read(&[512, 0]))), SubmitError::Bad(BadRequest::Empty));
    // Segments need not be whole sectors; the whole has to be.
    disk.submit(read(&[1000, 24])).unwrap();
    let data = disk.poll().unwrap().buffer.unwrap().concat();
    assert!(machine.with(|s| s.disk[..1024] == data));
    // A blocking call splits.
    disk.read(0, &mut [0; 4096]).unwrap();
    assert!(machine.take_requests().iter().all(|r| r.writable <= 1025));
}

fn requests_come_back_in_the_order_of_the_device_each_with_its_own_buffer(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, 0);
    machine.with(|s| s.prompt = false);
    let ids: Vec<_> = (0..8)
        .map(|i| disk.submit(Operation::Read { sector: i * 4, buffer: vec![0; 512 * (1 + i as usize % 3)] }).unwrap())
        .collect();
    assert!(disk.poll().is_none());
    assert_eq!((disk.in_flight(), disk.counters().requests, disk.counters().notifications), (8, 8, 1));
    assert!(!disk.arm());
    assert!(machine.run_backwards(3));
    assert!(disk.arm(), "a finished request is not waited for");
    assert!(disk.handle_interrupt().used_buffer);
    machine.run_backwards(8);
    for i in (0..8).rev() {
        let finished = disk.poll().unwrap();
        assert_eq!(finished.id, ids[i]);
        finished.result.unwrap();
        let data = finished.buffer.unwrap();
        let at = i * 4 * 512;
        assert!(machine.with(|s| s.disk[at..at + data.len()] == data));
        assert_eq!(data.len(), 512 * (1 + i % 3));
    }
    assert!(disk.poll().is_none());
    assert_eq!(platform.shared(), 0);
}

fn a_full_queue_takes_requests_again_when_one_was_fetched(ring: u128) {
    let (machine, _, mut disk) = disk(ring, 0);
    machine.with(|s| s.prompt = false);
    let read = || Operation::Read { sector: 0, buffer: vec![0; 512] };
    let mut count = 0;
    let rejected = loop {
        match disk.submit(read()) {
            Ok(_) => count += 1,
            Err(rejected) => break rejected,
        }
    };
    assert_eq!((rejected.error, count), (SubmitError::Full, disk.depth()));
    disk.kick();
    // A blocking call finds no room either, and nothing finishes.
    machine.run_backwards(1);
    disk.poll().unwrap();
    disk.submit(rejected.operation).unwrap();
    assert_eq!(disk.submit(read()).unwrap_err().error, SubmitError::Full);
}

fn what_the_device_says_about_a_request_is_not_believed_unchecked(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, FLUSH);
    let cases = [
        (Odd { status: Some(1), ..Odd::default() }, RequestError::Io),
        (Odd { status: Some(2), ..Odd::default() }, RequestError::Unsupported),
        (Odd { status: Some(77), ..Odd::default() }, RequestError::UnknownStatus(77)),
        (Odd { status: Some(255), ..Odd::default() }, RequestError::UnknownStatus(255)),
        (Odd { used_len: Some(0), ..Odd::default() }, RequestError::ShortWrite { used: 0, expected: 513 }),
        (Odd { used_len: Some(512), ..Odd::default() }, RequestError::ShortWrite { used: 512, expected: 513 }),
    ];
    for (odd, expected) in cases {
        machine.with(|s| s.odd = odd);
        assert_eq!(disk.read(0, &mut [0; 512]), Err(BlockError::Request(expected)));
        let failed = disk.read_owned(0, vec![0; 512]).unwrap_err();
        assert_eq!((failed.error, failed.buffer.unwrap().len()), (BlockError::Request(expected), 512));
    }
    assert_eq!(disk.fault(), None);
    machine.with(|s| s.odd = Odd::default());
    disk.read(0, &mut [0; 512]).unwrap();
    drop(disk);
    check_clean(&platform);
}

fn blocking_calls_say_what_the_device_did(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, 0);
    machine.with(|s| s.odd = Odd { used_id: Some(700), ..Odd::default() });
    let Err(error) = disk.read(0, &mut [0; 512]) else { panic!("a read that nobody finished") };
    assert!(matches!(error, BlockError::Down(Fault::Queue(QueueError::UsedIdOutOfRange { id: 700, .. }))), "{error}");
    assert!(error.to_string().starts_with("used id 700 outside the queue of "), "{error}");
    drop(disk);
    check_clean(&platform);
}

fn a_device_that_breaks_the_rules_of_the_queue_is_reset_and_gives_everything_back(ring: u128) {
    for odd in [Odd { used_id: Some(64), ..Odd::default() }, Odd { used_len: Some(514), ..Odd::default() }] {
        let (machine, platform, mut disk) = disk(ring, 0);
        machine.with(|s| (s.odd, s.prompt) = (odd, false));
        for _ in 0..4 {
            disk.submit(Operation::Read { sector: 0, buffer: vec![0; 512] }).unwrap();
        }
        disk.kick();
        machine.run_backwards(1);
        for _ in 0..4 {
            let finished = disk.poll().unwrap();
            assert_eq!(finished.result, Err(RequestError::Reset));
            assert_eq!(finished.buffer.unwrap().len(), 512);
        }
        assert!(disk.poll().is_none() && !disk.arm());
        assert!(matches!(
            disk.fault(),
            Some(Fault::Queue(QueueError::UsedIdOutOfRange { .. } | QueueError::UsedLength { .. }))
        ));
        assert!(!machine.live());
        assert_eq!(platform.shared(), 0);
        let down = disk.submit(Operation::Read { sector: 0, buffer: vec![0; 512] }).unwrap_err();
        assert!(matches!(down.error, SubmitError::Down(Fault::Queue(_))));
        drop(disk);
        check_clean(&platform);
    }
}

fn a_call_that_runs_out_of_time_resets_the_device_and_has_its_memory_back(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, FLUSH);
    machine.with(|s| s.prompt = false);
    let other = disk.submit(Operation::Read { sector: 0, buffer: vec![0; 512] }).unwrap();
    let mut data = [7; 512];
    assert!(matches!(disk.read(0, &mut data), Err(BlockError::Timeout { .. })));
    assert_eq!(data, [7; 512]);
    assert!(!machine.live());
    assert_eq!(platform.shared(), 0);
    let finished = disk.poll().unwrap();
    assert_eq!((finished.id, finished.result), (other, Err(RequestError::Reset)));
    assert_eq!(finished.buffer.unwrap().len(), 512);
    assert!(matches!(disk.flush(), Err(BlockError::Submit(SubmitError::Down(Fault::Timeout { .. })))));

    // Brought up again, it works.
    machine.with(|s| s.prompt = true);
    let device = disk.release().unwrap().restart().unwrap();
    let mut disk: Disk = Block::new(device, HeapStorage::new(64), BlockOptions::default()).unwrap();
    disk.read(0, &mut data).unwrap();
    assert!(machine.with(|s| s.disk[..512] == data));
    drop(disk);
    check_clean(&platform);
}

fn memory_of_a_device_that_does_not_reset_is_given_up_not_freed(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, 0);
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    disk.submit(Operation::Write { sector: 0, buffer: vec![9; 512] }).unwrap();
    let failed = disk.read_owned(0, vec![0; 512]).unwrap_err();
    assert!(matches!(failed.error, BlockError::Timeout { .. }));
    assert!(failed.buffer.is_none());
    let finished = disk.poll().unwrap();
    assert_eq!(finished.result, Err(RequestError::Reset));
    assert!(finished.buffer.is_none());
    assert!(disk.reset().is_err());
    assert_eq!(platform.shared(), 2, "both buffers are still the device's");
    // It does reset after all: everything comes back, although nobody waits for it any more.
    machine.with(|s| s.odd.stuck = false);
    disk.reset().unwrap();
    drop(disk);
    check_clean(&platform);

    let (machine, platform, mut disk) = self::disk(ring, 0);
    machine.with(|s| (s.prompt, s.odd.stuck) = (false, true));
    disk.submit(Operation::Write { sector: 0, buffer: vec![9; 512] }).unwrap();
    disk.kick();
    drop(disk);
    assert_eq!((platform.shared(), platform.allocated()), (1, 1));
    // The device answers now, and touches nothing that was freed.
    machine.run();
    machine.with(|s| assert_eq!(s.disk[..512], [9; 512]));
    // SAFETY: the machine does nothing any more.
    unsafe { platform.forget_leaked_rings() };
}

fn dropping_the_driver_resets_the_device_first(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, 0);
    machine.with(|s| s.prompt = false);
    for i in 0..5 {
        disk.submit(Operation::Read { sector: i, buffer: vec![0; 512] }).unwrap();
    }
    disk.kick();
    machine.run_backwards(2);
    disk.handle_interrupt();
    let before = machine.with(|s| s.resets);
    drop(disk);
    assert!(machine.with(|s| s.resets) > before && !machine.live());
    check_clean(&platform);
}

fn configuration_changes_are_followed(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, 0);
    machine.change_config(|c| c[..8].copy_from_slice(&100u64.to_le_bytes()));
    assert_eq!(disk.capacity(), 256);
    assert!(disk.handle_interrupt().config_change);
    assert_eq!(disk.capacity(), 100);
    disk.read(99, &mut [0; 512]).unwrap();
    assert!(disk.read(100, &mut [0; 512]).is_err());
    assert!(disk.handle_interrupt().used_buffer);
    // Nothing to announce: nothing happens.
    assert_eq!(disk.handle_interrupt(), Default::default());

    machine.with(|s| s.prompt = false);
    disk.submit(Operation::Read { sector: 0, buffer: vec![0; 512] }).unwrap();
    machine.need_reset();
    disk.handle_interrupt();
    assert_eq!(disk.fault(), Some(Fault::NeedsReset));
    assert_eq!(disk.poll().unwrap().result, Err(RequestError::Reset));
    drop(disk);
    check_clean(&platform);
}

fn cache_mode_is_read_and_set_where_it_can_be(ring: u128) {
    let (machine, _, mut disk) = disk(ring, CONFIG_WCE | FLUSH);
    assert_eq!(disk.writeback(), Ok(Some(false)));
    disk.set_writeback(true).unwrap();
    assert_eq!(machine.with(|s| s.config[32]), 1);
    assert_eq!(disk.writeback(), Ok(Some(true)));
    let (_, _, mut without) = self::disk(ring, FLUSH);
    assert_eq!(without.writeback(), Ok(None));
    assert!(without.set_writeback(true).is_err());
}

fn only_what_is_implemented_is_accepted(ring: u128) {
    let (_, _, disk) = disk(ring, !SIZE_MAX & !SEG_MAX & !BLK_SIZE);
    let accepted = disk.accepted();
    assert_eq!(accepted.0 & MQ, 0);
    let ours = parakit::device::block::FEATURES.with(parakit::transport::SUPPORTED);
    assert!(ours.contains(accepted));
}

fn devices_that_make_no_sense_are_declined_without_a_leak(ring: u128) {
    let config = |f: fn(&mut Vec<u8>), features| {
        let platform = Tracked::new();
        let machine = Machine::block(&platform, ring | features, 256);
        machine.with(|s| f(&mut s.config));
        let result = Block::<_, _, Vec<u8>, _>::new(
            negotiating(&machine, &platform),
            HeapStorage::new(64),
            BlockOptions::default(),
        );
        check_clean(&platform);
        assert!(!machine.live());
        result.map(drop).unwrap_err()
    };
    let field = |error| match error {
        InitError::BadConfig(bad) => (bad.field, bad.value),
        other => panic!("{other:?}"),
    };
    assert_eq!(field(config(|c| c[8..12].fill(0), SIZE_MAX)), ("size_max", 0));
    assert_eq!(field(config(|c| c[12..16].fill(0), SEG_MAX)), ("seg_max", 0));
    assert_eq!(field(config(|c| c[20..24].copy_from_slice(&[0, 3, 0, 0]), BLK_SIZE)), ("blk_size", 768));

    let platform = Tracked::new();
    let machine = Machine::block(&platform, ring, 256);
    let small = BlockOptions { queue_size: 2, ..BlockOptions::default() };
    let result = Block::<_, _, Vec<u8>, _>::new(negotiating(&machine, &platform), HeapStorage::new(64), small);
    assert!(matches!(result, Err(InitError::QueueTooSmall { size: 2 })));
    let none = Block::<_, _, Vec<u8>, _>::new(
        negotiating(&machine, &platform),
        (parakit::queue::Slot::boxed(8), Vec::new()),
        BlockOptions::default(),
    );
    assert!(matches!(none, Err(InitError::NoStorage)));
    let console = Machine::console(&platform, 0);
    let wrong =
        Block::<_, _, Vec<u8>, _>::new(negotiating(&console, &platform), HeapStorage::new(64), BlockOptions::default());
    assert!(matches!(wrong, Err(InitError::DeviceType(id)) if id.0 == 3));
    check_clean(&platform);
}

fn a_platform_without_memory_is_an_error_and_the_request_comes_back(ring: u128) {
    let (machine, platform, mut disk) = disk(ring, DISCARD);
    platform.fail_dma(true);
    assert!(matches!(disk.read(0, &mut [0; 512]), Err(BlockError::Submit(SubmitError::Dma(_)))));
    assert!(matches!(disk.device_id(), Err(BlockError::Submit(SubmitError::Dma(_)))));
    platform.fail_dma(false);
    platform.fail_share_after(Some(0));
    let rejected = disk.submit(Operation::Read { sector: 0, buffer: vec![3; 512] }).unwrap_err();
    assert!(matches!(rejected.error, SubmitError::Share(_)));
    assert_eq!(rejected.operation, Operation::Read { sector: 0, buffer: vec![3; 512] });
    assert!(matches!(disk.read(0, &mut [0; 512]), Err(BlockError::Submit(SubmitError::Share(_)))));
    assert!(disk.discard(&[SectorRange { sector: 0, sectors: 1 }]).is_err());
    platform.fail_share_after(None);
    assert_eq!((disk.in_flight(), machine.take_requests().len()), (0, 0));
    disk.read(0, &mut [0; 512]).unwrap();
    drop(disk);
    check_clean(&platform);
}

fn no_heap_is_needed(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, ring | EVENT_IDX, 256);
    let storage = InlineStorage::<Tracked, &'static mut [u8], 8, 2>::default();
    let mut disk = Block::new(negotiating(&machine, &platform), storage, BlockOptions::default()).unwrap();
    let buffer: &'static mut [u8] = Box::leak(vec![0; 1024].into_boxed_slice());
    disk.submit(Operation::Read { sector: 1, buffer }).unwrap();
    let buffer = disk.poll().unwrap().buffer.unwrap();
    assert!(machine.with(|s| s.disk[512..1536] == *buffer));
    drop(disk);
    // SAFETY: leaked above, and the driver has given it back.
    drop(unsafe { Box::from_raw(buffer) });
    check_clean(&platform);
}

over_rings! {
    blocking_calls_do_what_they_say,
    what_the_device_must_not_see_is_refused_and_given_back,
    a_read_only_disk_is_never_asked_to_write,
    segments_keep_to_the_limits_of_the_device,
    requests_come_back_in_the_order_of_the_device_each_with_its_own_buffer,
    a_full_queue_takes_requests_again_when_one_was_fetched,
    what_the_device_says_about_a_request_is_not_believed_unchecked,
    blocking_calls_say_what_the_device_did,
    a_device_that_breaks_the_rules_of_the_queue_is_reset_and_gives_everything_back,
    a_call_that_runs_out_of_time_resets_the_device_and_has_its_memory_back,
    memory_of_a_device_that_does_not_reset_is_given_up_not_freed,
    dropping_the_driver_resets_the_device_first,
    configuration_changes_are_followed,
    cache_mode_is_read_and_set_where_it_can_be,
    only_what_is_implemented_is_accepted,
    devices_that_make_no_sense_are_declined_without_a_leak,
    a_platform_without_memory_is_an_error_and_the_request_comes_back,
    no_heap_is_needed,
}
