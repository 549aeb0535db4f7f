//! Every driver over buffers that go through others ([`Tracked`]): what is not shared, shared in the wrong direction or not taken
//! back shows in the data.

#[macro_use]
mod support;

use std::ptr::NonNull;

use parakit::{
    Platform,
    device::{
        block::{Block, BlockOptions, HeapStorage, Operation, RequestError, SectorRange},
        console::{Console, ConsoleOptions, EarlyConsole, HeapConsoleStorage},
        entropy::Entropy,
    },
    platform::Direction,
    queue::Slot,
    transport::{Device, MmioTransport, Negotiating},
};
use support::{
    machine::{EVENT_IDX, Machine, RING_RESET, random_bytes},
    platform::{Memory, Tracked},
    ring::{IN_ORDER, INDIRECT_DESC},
};

const FLUSH: u128 = 1 << 9;
const DISCARD: u128 = 1 << 13;
const ACCESS_PLATFORM: u128 = 1 << 33;

fn negotiating(machine: &Machine, platform: &Tracked) -> Device<Tracked, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).unwrap()
}

type Disk = Block<MmioTransport<Machine>, Tracked, Vec<Vec<u8>>, HeapStorage<Tracked, Vec<Vec<u8>>>>;

fn disk(features: u128) -> (Machine, Tracked, Disk) {
    let platform = Tracked::new();
    let machine = Machine::block(&platform, features | EVENT_IDX | ACCESS_PLATFORM, 256);
    machine.with(|s| {
        s.config[36..40].copy_from_slice(&64u32.to_le_bytes());
        s.config[40..44].copy_from_slice(&2u32.to_le_bytes());
    });
    let disk = Block::new(negotiating(&machine, &platform), HeapStorage::new(64), BlockOptions::default()).unwrap();
    assert_eq!(machine.with(|s| s.accepted()) & features, features);
    (machine, platform, disk)
}

fn pieces(lens: &[usize], byte: u8) -> Vec<Vec<u8>> {
    lens.iter().map(|&len| vec![byte; len]).collect()
}

fn block_requests(ring: u128) {
    for more in [0, INDIRECT_DESC, IN_ORDER, INDIRECT_DESC | IN_ORDER] {
        let (machine, platform, mut disk) = disk(ring | more | FLUSH | DISCARD);
        let data: Vec<u8> = (0..100 * 1024).map(|i| (i * 31) as u8).collect();
        disk.write(3, &data).unwrap();
        let mut back = vec![0; data.len()];
        disk.read(3, &mut back).unwrap();
        assert!(back == data);
        disk.flush().unwrap();
        disk.discard(&[SectorRange { sector: 250, sectors: 2 }]).unwrap();
        assert_eq!(&disk.device_id().unwrap(), b"parakit-test-disk\0\0\0");
        // Where they are, in one piece and in many: in the ring, and in a table.
        for lens in [&[512][..], &[100, 412], &[7, 500, 5], &[64; 8], &[32; 32]] {
            let written = disk.write_owned(9, pieces(lens, 0xa7)).unwrap();
            assert_eq!(written, pieces(lens, 0xa7), "a write changed its own buffer");
            assert!(machine.with(|s| s.disk[9 * 512..10 * 512] == [0xa7; 512]));
            let read = disk.read_owned(9, pieces(lens, 0)).unwrap();
            assert_eq!(read, pieces(lens, 0xa7));
        }
        machine.with(|s| s.prompt = false);
        for sector in 0..4 {
            disk.submit(Operation::Read { sector, buffer: pieces(&[512], 0) }).unwrap();
        }
        disk.kick();
        machine.run();
        for _ in 0..4 {
            let finished = disk.poll().unwrap();
            finished.result.unwrap();
            let data = &finished.buffer.unwrap()[0];
            assert!(machine.with(|s| s.disk[..2048].chunks(512).any(|sector| sector == data)));
        }
        drop(disk);
        assert_eq!((platform.shared(), platform.allocated()), (0, 0));
    }
}

/// What was in flight comes back taken from the device, whichever reset ended it.
fn resets(ring: u128) {
    let (machine, platform, mut disk) = disk(ring | RING_RESET | INDIRECT_DESC);
    machine.with(|s| s.prompt = false);
    let submit = |disk: &mut Disk| {
        disk.submit(Operation::Read { sector: 0, buffer: pieces(&[512], 0) }).unwrap();
        disk.submit(Operation::Write { sector: 1, buffer: pieces(&[128; 4], 3) }).unwrap();
        disk.kick();
    };
    submit(&mut disk);
    disk.reset_queue().unwrap();
    assert_eq!(platform.shared(), 0);
    for _ in 0..2 {
        assert_eq!(disk.poll().unwrap().result, Err(RequestError::QueueReset));
    }
    disk.enable_queue(Slot::boxed(8), 8).unwrap();
    submit(&mut disk);
    machine.run();
    for _ in 0..2 {
        disk.poll().unwrap().result.unwrap();
    }
    submit(&mut disk);
    disk.reset().unwrap();
    assert!((0..2).all(|_| disk.poll().unwrap().result == Err(RequestError::Reset)));
    assert_eq!(platform.shared(), 0);
    drop(disk);
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn consoles(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::console(&platform, ring | EVENT_IDX | ACCESS_PLATFORM);
    let early = EarlyConsole::new(negotiating(&machine, &platform)).unwrap();
    let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
    let mut console: Console<_, _, Vec<u8>, _> = early.start(HeapConsoleStorage::new(&options), options).unwrap();
    let input: Vec<u8> = (0..=255).collect();
    machine.with(|s| (s.input, s.odd.most) = (input.clone(), Some(11)));
    let (mut got, mut chunk) = (Vec::new(), [0; 7]);
    for _ in 0..1000 {
        machine.run();
        let len = console.receive(&mut chunk).unwrap();
        got.extend_from_slice(&chunk[..len]);
    }
    assert_eq!(got, input);
    let text: Vec<u8> = (0..3000).map(|i| (i % 251) as u8).collect();
    console.write_all(&text).unwrap();
    console.send(b"moved".to_vec()).unwrap();
    assert_eq!(console.poll_sent().unwrap().buffer.unwrap(), b"moved");
    let output = machine.with(|s| std::mem::take(&mut s.output));
    assert!(output[..3000] == text && output[3000..] == *b"moved");
    drop(console);
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

fn entropy_sources(ring: u128) {
    let platform = Tracked::new();
    let machine = Machine::entropy(&platform, ring | ACCESS_PLATFORM);
    let mut source = Entropy::new(negotiating(&machine, &platform)).unwrap();
    let mut bytes = [0; 3000];
    source.fill(&mut bytes).unwrap();
    // The machine's random bytes, one after the other: none is what scrambled memory holds.
    for (byte, expected) in bytes.into_iter().zip(random_bytes()) {
        assert_eq!(byte, expected);
    }
    drop(source);
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
}

over_rings! {
    block_requests,
    resets,
    consoles,
    entropy_sources,
}

/// The platform itself: what a driver does wrong shows.
#[test]
fn wrong_directions_show() {
    let platform = Tracked::new();
    let mut buffer = *b"what the driver has written";
    let segment = NonNull::from(&mut buffer[..]);
    // SAFETY: the buffer outlives the share, and nobody touches it meanwhile.
    let address = unsafe { platform.share(segment, Direction::DeviceToDriver) }.unwrap();
    assert!(platform.at(address, 27, false).is_none(), "the device reads what it may only write");
    // SAFETY: shared above.
    unsafe { platform.unshare(address, segment, Direction::DeviceToDriver) };
    assert_ne!(&buffer, b"what the driver has written", "the device has written nothing, and the old data is there");
    let segment = NonNull::from(&mut buffer[..]);
    // SAFETY: as above.
    let address = unsafe { platform.share(segment, Direction::DriverToDevice) }.unwrap();
    assert!(platform.at(address, 27, true).is_none(), "the device writes what it may only read");
    // SAFETY: shared above.
    unsafe { platform.unshare(address, segment, Direction::DriverToDevice) };
    assert!(platform.at(address, 1, false).is_none(), "it was taken back");
    assert!(platform.at(segment.as_ptr().cast::<u8>() as u64, 1, false).is_none(), "it was never shared");
}
