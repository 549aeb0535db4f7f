//! One request from submit to completion, next to `virtio-drivers` doing the same on a split ring.
//!
//! All drivers of a format run against one and the same device side ([`device`]), in one thread, on memory mapped one to
//! one; neither device side nor memory knows which driver it serves. Blocks of both sides of a comparison alternate, so that
//! clock changes hit both alike; queues and places in the stack change from block to block, and blocks in which somebody else
//! was at work on the core do not count. Then a criterion report for each driver on its own.
//!
//! `cargo bench -p parakit --bench queue`

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::Criterion;

mod alone;
mod device;
mod ours;
mod theirs;

/// A driver, its queue, a number of chains and the device.
trait Driver {
    /// So many times: submits all chains, publishes, lets the device use them, takes them back.
    fn rounds(&mut self, rounds: u32);
}

/// Pairs of blocks that count, one block of each side.
const PAIRS: usize = 16 * 50;

/// Drivers of each side, each with memory of its own: where a ring lies relative to what belongs to it decides a little about
/// the time of either side, and now and then much. So one place must not decide.
const INSTANCES: usize = 10;

/// Chains in a block.
const CHAINS: u32 = 4096;

/// How long to wait for so many pairs without a disturbance; after that the calmest ones count.
const PATIENCE: Duration = Duration::from_secs(8);

/// A name, and what makes a driver with a queue of its own.
type Side = (&'static str, fn() -> Box<dyn Driver>);

/// Two that are compared, and the ratio of the first to the second that is aimed at.
struct Case {
    name: &'static str,
    chains: u32,
    sides: [Side; 2],
    aim: f64,
}

const SPLIT: &str = "parakit split";
const PACKED: &str = "parakit packed";
const THEIRS: &str = "virtio-drivers split";
const IN_ORDER: &str = "in order";
const ANY_ORDER: &str = "any order";

fn cases() -> Vec<Case> {
    let case = |name, chains, sides, aim| Case { name, chains, sides, aim };
    let one: Side = (SPLIT, || ours::one::<1>(false));
    let one_packed: Side = (PACKED, || ours::one_packed::<1>(false));
    let theirs: Side = (THEIRS, theirs::queue::<0, 1>);
    let many: Side = (SPLIT, || ours::one::<64>(false));
    let many_packed: Side = (PACKED, || ours::one_packed::<64>(false));
    let theirs_64: Side = (THEIRS, theirs::queue::<0, 64>);
    let three: Side = (SPLIT, ours::three);
    let three_packed: Side = (PACKED, ours::three_packed);
    let theirs_three: Side = (THEIRS, theirs::queue::<2, 1>);
    let in_order: Side = (IN_ORDER, || ours::one::<64>(true));
    let in_order_packed: Side = (IN_ORDER, || ours::one_packed::<64>(true));
    vec![
        case("one descriptor, depth 1", 1, [one, theirs], 0.6),
        case("one descriptor, depth 1", 1, [one_packed, theirs], 0.4),
        case("  device side of it alone", 1, [("split", alone::split), theirs], 1.0),
        case("  device side of it alone", 1, [("packed", alone::packed), theirs], 1.0),
        case("one descriptor, batch of 64", 64, [many, theirs_64], 0.6),
        case("one descriptor, batch of 64", 64, [many_packed, theirs_64], 0.6),
        case("three descriptors, depth 1", 1, [three, theirs_three], 0.5),
        case("three descriptors, depth 1", 1, [three_packed, theirs_three], 0.5),
        case("split, batch of 64", 64, [in_order, (ANY_ORDER, many.1)], 1.0),
        case("packed, batch of 64", 64, [in_order_packed, (ANY_ORDER, many_packed.1)], 1.0),
    ]
}

fn block(driver: &mut dyn Driver, rounds: u32) -> Duration {
    let start = Instant::now();
    driver.rounds(rounds);
    black_box(&driver);
    start.elapsed()
}

/// Runs `f` deeper in the stack: 1 of 16 places in a page, by `place`. Where the stack lies relative to the rings makes
/// some loads wait for unrelated stores (their addresses agree in the low 12 bits), for either driver; a run that
/// stayed at one place would measure its luck.
#[inline(never)]
fn at_place<R>(place: usize, f: &mut dyn FnMut() -> R) -> R {
    let frame = black_box([0u8; 208]);
    let result = if place == 0 { f() } else { at_place(place - 1, f) };
    black_box(&frame);
    result
}

/// What says whether the core is this thread's alone: a loop that could use all of it. Where the core's other hardware
/// thread belongs to another machine, its work slows this one down, and not alike: code that keeps the core busy takes nearly
/// twice as long, code that mostly waits for fences hardly longer. So such blocks do not count, for either side. This loop alone
/// says which they are, not how long they took.
struct Calm {
    /// The shortest time so far.
    best: Duration,
}

impl Calm {
    fn new() -> Self {
        let mut calm = Self { best: Duration::MAX };
        for _ in 0..50_000 {
            calm.probe();
        }
        calm
    }

    /// The time of the loop now.
    fn probe(&mut self) -> Duration {
        let start = Instant::now();
        let mut sums = black_box([1u64, 2, 3, 4, 5, 6, 7, 8]);
        for i in 0..4096 {
            sums = sums.map(|sum| sum.rotate_left(5) ^ i);
        }
        black_box(sums);
        let took = start.elapsed();
        self.best = self.best.min(took);
        took
    }

    /// Whether a probe that took so long had the core for itself.
    fn is_calm(&self, probe: Duration) -> bool {
        probe < self.best + self.best / 16
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn interleaved(case: &Case, calm: &mut Calm) {
    let rounds = CHAINS / case.chains;
    let mut drivers: Vec<_> = (0..INSTANCES).map(|_| case.sides.map(|(_, make)| make())).collect();
    let mut pairs = Vec::new();
    let (start, mut calm_pairs) = (Instant::now(), 0);
    while calm_pairs < PAIRS && start.elapsed() < PATIENCE {
        let (place, instance) = (pairs.len() % 16, pairs.len() / 16 % INSTANCES);
        // The longest of the probes before, between and after the two.
        let (mut pair, mut probe) = ([0.0; 2], calm.probe());
        for (driver, time) in drivers[instance].iter_mut().zip(&mut pair) {
            let took = at_place(place, &mut || block(&mut **driver, rounds));
            *time = took.as_nanos() as f64 / f64::from(rounds * case.chains);
            probe = probe.max(calm.probe());
        }
        calm_pairs += usize::from(calm.is_calm(probe));
        pairs.push((probe, pair));
    }
    let measured = pairs.len();
    pairs.sort_by_key(|&(probe, _)| probe);
    pairs.truncate(PAIRS);
    let [(a_name, _), (b_name, _)] = case.sides;
    let [a, b] = [0, 1].map(|side| median(pairs.iter().map(|(_, pair)| pair[side])));
    let ratio = median(pairs.iter().map(|(_, [a, b])| a / b));
    println!(
        "{:<28} {a_name:<14} {a:6.1} ns, {b_name:<20} {b:6.1} ns a chain; ratio {ratio:.3} (aim {:.1}: {}; {calm_pairs} of \
         {measured} calm)",
        case.name,
        case.aim,
        if ratio <= case.aim { "met" } else { "MISSED" }
    );
}

fn main() {
    println!(
        "parakit's SplitQueue and PackedQueue, and virtio_drivers::queue::VirtQueue 0.13 (split, direct descriptors); queue \
         size 256, 64-byte segments (one that the device reads, and two that it writes), no EVENT_IDX:\nadd, publish, ask \
         whether to notify; the device side of the format reads the chain's descriptors and uses it; pop.\nMedians of \
         {PAIRS} pairs of alternating blocks of {CHAINS} chains, with {INSTANCES} queues of each side at 16 places of the \
         stack, one thread; the pairs are those in which the core was least disturbed by others."
    );
    let mut calm = Calm::new();
    // As criterion takes it: a part of the name, here that of the case or of its first side.
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for case in cases() {
        if format!("{}/{}", case.name, case.sides[0].0).contains(&filter) {
            interleaved(&case, &mut calm);
        }
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for case in cases() {
        let mut group = criterion.benchmark_group(case.name.trim());
        group.throughput(criterion::Throughput::Elements(64 * u64::from(case.chains)));
        for (name, make) in case.sides {
            let mut driver = make();
            group.bench_function(name, |b| b.iter(|| driver.rounds(64)));
        }
        group.finish();
    }
    criterion.final_summary();
}
