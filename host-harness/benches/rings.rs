//! The device side of rings: packed ones next to split ones (which are `virtio-queue`'s), and batches in order next to chains told one by one.
//!
//! Chains are written before the clock runs. Timed is what a device does with them: look, take each, map its buffers, give it back, decide about an
//! interrupt; and the one store that publishes a batch. Blocks of both candidates alternate, so that clock changes and neighbours hit both alike.
//!
//! `cargo bench -p parakit-harness --bench rings`

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use criterion::Criterion;
use parakit_abi::feature::{Features, IN_ORDER, RING_PACKED};
use parakit_abi::ring::packed::{self, Position, available_bits};
use parakit_abi::ring::split::{self, SplitLayout};
use parakit_harness::queue::{DeviceRing, Done, Request, Setup};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const SIZE: u16 = 256;
const BUFFER: u32 = 64;
const RING: u64 = 0x1_0000;
const DRIVER: u64 = 0x2_0000;
const DEVICE: u64 = 0x3_0000;
const DATA: u64 = 0x10_0000;
/// Blocks of each candidate, of this many chains.
const BLOCKS: usize = 401;
const CHAINS: u64 = 4096;

/// A device side, and a driver that writes chains as cheaply as can be.
struct Bench {
    memory: Arc<GuestMemoryMmap>,
    ring: DeviceRing,
    packed: bool,
    descriptors: u16,
    /// Chains published together.
    depth: u16,
    /// Split: chains made since the beginning, and where the next one goes in the table.
    made: u16,
    head: u16,
    /// Packed: the next place.
    next: Position,
}

impl Bench {
    fn new(features: &[u32], descriptors: u16, depth: u16) -> Self {
        let features = Features::of(features);
        let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x20_0000)]).expect("memory"));
        let setup = Setup { size: SIZE.into(), desc: RING, driver: DRIVER, device: DEVICE };
        let ring = DeviceRing::new(setup, SIZE, features, &memory).expect("a good ring");
        let packed = features.has(RING_PACKED);
        Self { memory, ring, packed, descriptors, depth, made: 0, head: 0, next: Position::START }
    }

    /// Writes a batch of chains, all but the store that publishes it; returns where that goes and what it is.
    fn write(&mut self) -> (GuestAddress, u16) {
        if self.packed { self.write_packed() } else { self.write_split() }
    }

    fn write_split(&mut self) -> (GuestAddress, u16) {
        let layout = SplitLayout::new(SIZE).expect("a power of two");
        for _ in 0..self.depth {
            let head = if self.head + self.descriptors > SIZE { 0 } else { self.head };
            self.head = head + self.descriptors;
            for i in 0..self.descriptors {
                let next = if i + 1 < self.descriptors { split::DESC_F_NEXT } else { 0 };
                let write = if i > 0 { split::DESC_F_WRITE } else { 0 };
                let addr = DATA + u64::from(head + i) * u64::from(BUFFER);
                let desc = split::Desc { addr, len: BUFFER, flags: next | write, next: head + i + 1 };
                let place = GuestAddress(RING + 16 * u64::from(head + i));
                self.memory.write_slice(&desc.to_le_bytes(), place).expect("in memory");
            }
            let entry = GuestAddress(DRIVER + layout.avail_slot(self.made) as u64);
            self.memory.write_obj(head.to_le(), entry).expect("in memory");
            self.made = self.made.wrapping_add(1);
        }
        (GuestAddress(DRIVER + split::RING_IDX as u64), self.made)
    }

    /// The lists of a batch are available one behind the other as soon as the first one is.
    fn write_packed(&mut self) -> (GuestAddress, u16) {
        let first = self.next;
        let mut publish = 0;
        for _ in 0..self.depth {
            let id = self.next.index;
            for i in 0..self.descriptors {
                let Position { index, wrap } = self.next;
                let next = if i + 1 < self.descriptors { packed::DESC_F_NEXT } else { 0 };
                let write = if i > 0 { packed::DESC_F_WRITE } else { 0 };
                let flags = next | write | available_bits(wrap);
                let addr = DATA + u64::from(index) * u64::from(BUFFER);
                let mut desc = packed::Desc { addr, len: BUFFER, id, flags };
                if self.next == first {
                    // As in the round before: not available yet.
                    publish = flags;
                    desc.flags = packed::used_bits(!wrap);
                }
                let place = GuestAddress(RING + 16 * u64::from(index));
                self.memory.write_slice(&desc.to_le_bytes(), place).expect("in memory");
                self.next = self.next.after(1, SIZE);
            }
        }
        (GuestAddress(RING + 16 * u64::from(first.index) + 14), publish)
    }

    /// What the device does for a batch.
    #[inline(never)]
    fn serve(&mut self) {
        let upto = self.ring.available().expect("a good driver");
        self.ring.fetch(upto).expect("a good driver");
        while let Some(chain) = self.ring.take() {
            let request = Request::new(&chain, &self.memory);
            let (token, writable) = (request.token(), request.writable_len());
            black_box(&request);
            self.ring.complete(Done { token, len: writable as u32, writable }).expect("in memory");
        }
        self.ring.flush().expect("in memory");
        black_box(self.ring.written());
        self.ring.forget_written();
        black_box(self.ring.needs_interrupt().expect("in memory"));
    }

    /// One batch; the time that it took the device.
    fn round(&mut self) -> Duration {
        let (address, value) = self.write();
        let start = Instant::now();
        self.memory.store(value.to_le(), address, Ordering::Release).expect("in memory");
        self.serve();
        start.elapsed()
    }

    /// Nanoseconds a chain over a block.
    fn block(&mut self, clock: f64) -> f64 {
        let rounds = CHAINS / u64::from(self.depth);
        let spent: Duration = (0..rounds).map(|_| self.round()).sum();
        (spent.as_nanos() as f64 / rounds as f64 - clock) / f64::from(self.depth)
    }
}

/// What it costs to look at the clock twice, in nanoseconds.
fn clock() -> f64 {
    let mut costs: Vec<f64> = (0..10_001).map(|_| Instant::now().elapsed().as_nanos() as f64).collect();
    median(&mut costs)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

struct Case {
    name: &'static str,
    one: (&'static str, &'static [u32]),
    other: (&'static str, &'static [u32]),
    descriptors: u16,
    depth: u16,
    /// The ratio that is not to be exceeded, where there is one.
    required: Option<f64>,
}

const SPLIT: (&str, &[u32]) = ("split", &[]);
const SPLIT_IN_ORDER: (&str, &[u32]) = ("split in order", &[IN_ORDER]);
const PACKED: (&str, &[u32]) = ("packed", &[RING_PACKED]);
const PACKED_IN_ORDER: (&str, &[u32]) = ("packed in order", &[RING_PACKED, IN_ORDER]);

const fn case(
    name: &'static str,
    one: (&'static str, &'static [u32]),
    other: (&'static str, &'static [u32]),
    (descriptors, depth): (u16, u16),
    required: Option<f64>,
) -> Case {
    Case { name, one, other, descriptors, depth, required }
}

const CASES: [Case; 5] = [
    case("one descriptor, depth 1", PACKED, SPLIT, (1, 1), None),
    case("one descriptor, batch of 64", PACKED, SPLIT, (1, 64), None),
    case("three descriptors, batch of 64", PACKED, SPLIT, (3, 64), None),
    case("batch of 64 in order, split", SPLIT_IN_ORDER, SPLIT, (1, 64), Some(1.0)),
    case("batch of 64 in order, packed", PACKED_IN_ORDER, PACKED, (1, 64), Some(1.0)),
];

fn interleaved(case: &Case, clock: f64) {
    let mut one = Bench::new(case.one.1, case.descriptors, case.depth);
    let mut other = Bench::new(case.other.1, case.descriptors, case.depth);
    let (mut ones, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..BLOCKS {
        let (a, b) = (one.block(clock), other.block(clock));
        ones.push(a);
        others.push(b);
        ratios.push(a / b);
    }
    let (a, b, ratio) = (median(&mut ones), median(&mut others), median(&mut ratios));
    let verdict = case.required.map_or(String::new(), |most| {
        format!(" (required {most:.1}: {})", if ratio <= most { "met" } else { "MISSED" })
    });
    println!(
        "{:<30} {} {a:6.1} ns, {} {b:6.1} ns a chain; ratio {ratio:.2}{verdict}",
        case.name, case.one.0, case.other.0
    );
}

fn main() {
    println!(
        "Device side: packed rings and batches in order (ours), split rings (virtio-queue 0.18 underneath), queue size {SIZE}, {BUFFER}-byte buffers \
         (the first one to be read, others to be written), no EVENT_IDX:\nlook, take, map the buffers, use, decide about an interrupt.\n\
         Medians of {BLOCKS} alternating blocks of {CHAINS} chains, one thread."
    );
    let clock = clock();
    for case in &CASES {
        interleaved(case, clock);
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for (name, features) in [SPLIT, SPLIT_IN_ORDER, PACKED, PACKED_IN_ORDER] {
        let mut group = criterion.benchmark_group("device side, one descriptor, batch of 64");
        group.throughput(criterion::Throughput::Elements(64));
        let mut bench = Bench::new(features, 1, 64);
        group.bench_function(name, |b| b.iter_custom(|rounds| (0..rounds).map(|_| bench.round()).sum()));
        group.finish();
    }
    criterion.final_summary();
}
