//! Every driver on a machine whose devices do not see the caches, and what is seen when a buffer is not moved between cache and memory.

#[macro_use]
mod support;

use std::ptr::NonNull;

use parakit::{
    Platform,
    device::{
        block::{Block, BlockError, BlockOptions, HeapStorage, SubmitError},
        console::{Console, ConsoleOptions, EarlyConsole, HeapConsoleStorage},
        entropy::Entropy,
    },
    platform::{
        Direction, DmaBox, ShareError,
        cache::NonCoherent,
        check::{Checked, Fault},
    },
    queue::{Buffer, Buffers},
    transport::{Device, MmioTransport, Negotiating},
};
use support::{
    machine::{EVENT_IDX, Machine, random_bytes},
    non_coherent::{Island, LINE, LeftOut},
    platform::Memory as _,
    ring::{IN_ORDER, INDIRECT_DESC},
};

const FLUSH: u128 = 1 << 9;
const ACCESS_PLATFORM: u128 = 1 << 33;

type Caches = NonCoherent<Island, Island>;

fn caches(island: &Island) -> Caches {
    // SAFETY: memory of the island's `dma_alloc` is the same for both sides.
    unsafe { NonCoherent::new(island.clone(), island.clone()) }
}

fn negotiating(machine: &Machine, island: &Island) -> Device<Caches, MmioTransport<Machine>, Negotiating> {
    let transport = MmioTransport::probe(machine.clone()).unwrap().unwrap();
    Device::start(caches(island), transport).unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
struct Line([u8; LINE]);

/// A buffer of whole lines.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Whole(Box<[Line]>);

impl Whole {
    fn of(byte: u8, lines: usize) -> Self {
        Self(vec![Line([byte; LINE]); lines].into())
    }
}

// SAFETY: the box owns the bytes, which stay where they are; the lines have no padding.
unsafe impl Buffer for Whole {
    fn segment(&mut self) -> NonNull<[u8]> {
        let bytes = self.0.len() * LINE;
        NonNull::slice_from_raw_parts(NonNull::from(&mut *self.0).cast(), bytes)
    }
}

type Disk<B> = Block<MmioTransport<Machine>, Caches, B, HeapStorage<Caches, B>>;

fn disk<B: Buffers>(island: &Island, features: u128) -> (Machine, Disk<B>) {
    let machine = Machine::block(island, features | FLUSH | EVENT_IDX | ACCESS_PLATFORM, 256);
    let disk = Block::new(negotiating(&machine, island), HeapStorage::new(64), BlockOptions::default()).unwrap();
    (machine, disk)
}

fn pieces(byte: u8, lens: &[usize]) -> Vec<Whole> {
    lens.iter().map(|&lines| Whole::of(byte, lines)).collect()
}

/// Whether the disk has what was written, and the driver what the disk has.
fn owned(island: &Island, features: u128, lens: &[usize]) -> (bool, bool) {
    let (machine, mut disk) = disk::<Vec<Whole>>(island, features);
    let written = disk.write_owned(9, pieces(0xa7, lens)).unwrap();
    assert_eq!(written, pieces(0xa7, lens), "a write changed its own buffer");
    let wrote = machine.with(|s| s.disk[9 * 512..10 * 512] == [0xa7; 512]);
    machine.with(|s| s.disk[9 * 512..10 * 512].fill(0x5c));
    let read = disk.read_owned(9, pieces(0x11, lens)).unwrap() == pieces(0x5c, lens);
    drop(disk);
    assert_eq!(island.live(), (0, 0));
    (wrote, read)
}

fn block_requests(ring: u128) {
    for more in [0, INDIRECT_DESC, IN_ORDER] {
        // In one piece and in many: in the ring, and in a table.
        for lens in [&[8][..], &[3, 5], &[1; 8]] {
            let island = Island::default();
            assert_eq!(owned(&island, ring | more, lens), (true, true));
            let (count, device_ids) = (lens.len(), 0);
            assert_eq!(
                island.maintained(),
                (2 * count + device_ids, count),
                "one look at each buffer's lines, no more"
            );
        }
    }
}

fn what_is_left_out_shows(ring: u128) {
    let seen = |left_out| owned(&Island::leaving_out(left_out), ring, &[3, 5]);
    assert_eq!(seen(None), (true, true));
    assert_eq!(seen(Some(LeftOut::CleanForReading)), (false, true));
    assert_eq!(seen(Some(LeftOut::CleanForWriting)), (true, false));
    assert_eq!(seen(Some(LeftOut::Discard)), (true, false));
}

/// Calls that copy through memory of the kit's own work with any buffer: that memory is not cached.
fn blocking_calls(ring: u128) {
    let island = Island::default();
    let (_machine, mut disk) = disk::<Vec<u8>>(&island, ring | INDIRECT_DESC);
    let data: Vec<u8> = (0..100 * 512).map(|i| (i * 31) as u8).collect();
    disk.write(3, &data).unwrap();
    let mut back = vec![0; data.len()];
    disk.read(3, &mut back).unwrap();
    assert!(back == data);
    disk.flush().unwrap();
    drop(disk);
    assert_eq!((island.live(), island.maintained()), ((0, 0), (0, 0)));
}

/// What the device only reads may lie anywhere; what it writes has its lines alone, or is refused.
fn lines_of_two_owners(ring: u128) {
    let island = Island::default();
    let (_machine, mut disk) = disk::<Vec<Vec<u8>>>(&island, ring);
    disk.write_owned(9, vec![vec![7; 100], vec![7; 412]]).unwrap();
    let refused = disk.read_owned(9, vec![vec![0; 100], vec![0; 412]]).unwrap_err();
    let BlockError::Submit(SubmitError::Share(ShareError::SharesLine { len: 100, line: LINE, .. })) = refused.error
    else {
        panic!("{refused:?}");
    };
    assert!(refused.buffer.is_some());
    drop(disk);
    assert_eq!(island.live(), (0, 0));
}

fn consoles(ring: u128) {
    for left_out in [None, Some(LeftOut::CleanForReading)] {
        let island = Island::leaving_out(left_out);
        let machine = Machine::console(&island, ring | EVENT_IDX | ACCESS_PLATFORM);
        let early = EarlyConsole::new(negotiating(&machine, &island)).unwrap();
        let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
        let mut console: Console<_, _, Vec<u8>, _> = early.start(HeapConsoleStorage::new(&options), options).unwrap();
        let input: Vec<u8> = (0..=255).collect();
        machine.with(|s| s.input.clone_from(&input));
        let (mut got, mut chunk) = (Vec::new(), [0; 7]);
        for _ in 0..1000 {
            machine.run();
            let len = console.receive(&mut chunk).unwrap();
            got.extend_from_slice(&chunk[..len]);
        }
        assert_eq!(got, input);
        console.write_all(b"copied").unwrap();
        console.send(b"moved".to_vec()).unwrap();
        assert_eq!(console.poll_sent().unwrap().buffer.unwrap(), b"moved");
        let output = machine.with(|s| std::mem::take(&mut s.output));
        assert_eq!(output == *b"copiedmoved", left_out.is_none(), "{output:?}");
        drop(console);
        assert_eq!(island.live(), (0, 0));
    }
}

fn entropy_sources(ring: u128) {
    let island = Island::default();
    let machine = Machine::entropy(&island, ring | ACCESS_PLATFORM);
    let mut source = Entropy::new(negotiating(&machine, &island)).unwrap();
    let mut bytes = [0; 3000];
    source.fill(&mut bytes).unwrap();
    for (byte, expected) in bytes.into_iter().zip(random_bytes()) {
        assert_eq!(byte, expected);
    }
    drop(source);
    assert_eq!(island.live(), (0, 0));
}

over_rings! {
    block_requests,
    what_is_left_out_shows,
    blocking_calls,
    lines_of_two_owners,
    consoles,
    entropy_sources,
}

/// A platform that takes what shares its lines.
struct Careless(Caches);

// SAFETY: nothing here has a device.
unsafe impl Platform for Careless {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<parakit::platform::DmaMemory, parakit::platform::DmaError> {
        self.0.dma_alloc(len, align)
    }
    unsafe fn dma_free(&self, memory: parakit::platform::DmaMemory, align: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.0.dma_free(memory, align) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, direction: Direction) -> Result<u64, ShareError> {
        // SAFETY: the caller's promise.
        unsafe { self.0.platform().share(buffer, direction) }
    }
    unsafe fn unshare(&self, device: u64, buffer: NonNull<[u8]>, direction: Direction) {
        // SAFETY: the caller's promise.
        unsafe { self.0.platform().unshare(device, buffer, direction) }
    }
    unsafe fn map_mmio(&self, address: u64, len: usize) -> Result<NonNull<u8>, parakit::platform::MapError> {
        // SAFETY: the caller's promise.
        unsafe { self.0.map_mmio(address, len) }
    }
    fn share_align(&self) -> usize {
        self.0.share_align()
    }
}

#[test]
fn the_checker_of_platforms_sees_lines_of_two_owners() {
    let checked: Checked<Careless> = Checked::with_report(Careless(caches(&Island::default())), |_| {});
    let mut whole = Whole::of(0, 2);
    let part = NonNull::slice_from_raw_parts(whole.segment().cast::<u8>(), LINE + 1);
    let try_it = |buffer, direction| {
        // SAFETY: the buffer outlives the share, and nobody touches it meanwhile.
        unsafe {
            let device = checked.share(buffer, direction).unwrap();
            checked.unshare(device, buffer, direction);
        }
        checked.first_fault()
    };
    assert_eq!(try_it(whole.segment(), Direction::Both), None);
    assert_eq!(try_it(part, Direction::DriverToDevice), None);
    let mut memory = DmaBox::new(&checked, 100, 4).unwrap();
    assert_eq!(try_it(memory.segment(), Direction::DeviceToDriver), None, "that memory is not cached");
    drop(memory);
    let fault = try_it(part, Direction::DeviceToDriver);
    assert!(matches!(fault, Some(Fault::SharesLine { len: 65, line: LINE, .. })), "{fault:?}");
}

/// No driver of the kit's shares a buffer in both directions; one of another's may.
#[test]
fn a_buffer_of_both_directions_is_cleaned_and_discarded() {
    let island = Island::default();
    let platform = caches(&island);
    let mut whole = Whole::of(0x3a, 2);
    let buffer = whole.segment();
    // SAFETY: the buffer outlives the share, and only the device touches it meanwhile.
    unsafe {
        let device = platform.share(buffer, Direction::Both).unwrap();
        let read = island.at(device, 1, false).expect("the device may read").read();
        assert_eq!(read, 0x3a, "what the driver wrote");
        island.at(device, 2 * LINE, true).expect("the device may write").write_bytes(0x5c, 2 * LINE);
        platform.unshare(device, buffer, Direction::Both);
    }
    assert_eq!(whole, Whole::of(0x5c, 2), "what the device wrote");
    assert_eq!((island.maintained(), island.live()), ((1, 1), (0, 0)));
}
