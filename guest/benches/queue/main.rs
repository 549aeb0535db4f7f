//! One request from submit to completion, next to `virtio-drivers` doing the same on a split ring.
//!
//! All drivers of a format run against one and the same device side ([`device`]), in one thread, on memory mapped one to
//! one; neither device side nor memory knows which driver it serves. Blocks of both sides of a comparison alternate, so that
//! clock changes and neighbours hit both alike, and places in the stack change from block to block. Then a criterion report
//! for each driver on its own.
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

/// Blocks of each driver.
const BLOCKS: usize = 16 * 50;

/// Two that are compared, and the ratio of the first to the second that is aimed at.
struct Case {
    name: &'static str,
    chains: u32,
    sides: [(&'static str, Box<dyn Driver>); 2],
    aim: f64,
}

const SPLIT: &str = "parakit split";
const PACKED: &str = "parakit packed";
const THEIRS: &str = "virtio-drivers split";
const IN_ORDER: &str = "in order";
const ANY_ORDER: &str = "any order";

fn cases() -> Vec<Case> {
    let case = |name, chains, sides, aim| Case { name, chains, sides, aim };
    let theirs = || (THEIRS, theirs::queue::<0, 1>());
    let theirs_64 = || (THEIRS, theirs::queue::<0, 64>());
    let theirs_three = || (THEIRS, theirs::queue::<2, 1>());
    vec![
        case("one descriptor, depth 1", 1, [(SPLIT, ours::one::<1>(false)), theirs()], 0.6),
        case("one descriptor, depth 1", 1, [(PACKED, ours::one_packed::<1>(false)), theirs()], 0.4),
        case("  device side of it alone", 1, [("split", alone::split()), theirs()], 1.0),
        case("  device side of it alone", 1, [("packed", alone::packed()), theirs()], 1.0),
        case("one descriptor, batch of 64", 64, [(SPLIT, ours::one::<64>(false)), theirs_64()], 0.6),
        case("one descriptor, batch of 64", 64, [(PACKED, ours::one_packed::<64>(false)), theirs_64()], 0.6),
        case("three descriptors, depth 1", 1, [(SPLIT, ours::three()), theirs_three()], 0.5),
        case("three descriptors, depth 1", 1, [(PACKED, ours::three_packed()), theirs_three()], 0.5),
        case("split, batch of 64", 64, [(IN_ORDER, ours::one::<64>(true)), (ANY_ORDER, ours::one::<64>(false))], 1.0),
        case(
            "packed, batch of 64",
            64,
            [(IN_ORDER, ours::one_packed::<64>(true)), (ANY_ORDER, ours::one_packed::<64>(false))],
            1.0,
        ),
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn interleaved(case: &mut Case) {
    let rounds = 16_384 / case.chains;
    let (mut times, mut ratios) = ([Vec::new(), Vec::new()], Vec::new());
    for i in 0..BLOCKS {
        let mut pair = [0.0; 2];
        for ((_, driver), time) in case.sides.iter_mut().zip(&mut pair) {
            let took = at_place(i % 16, &mut || block(&mut **driver, rounds));
            *time = took.as_nanos() as f64 / f64::from(rounds * case.chains);
        }
        ratios.push(pair[0] / pair[1]);
        times.iter_mut().zip(pair).for_each(|(all, time)| all.push(time));
    }
    let [(a_name, _), (b_name, _)] = &case.sides;
    let ([a, b], ratio) = (times.map(median), median(ratios));
    println!(
        "{:<28} {a_name:<14} {a:6.1} ns, {b_name:<20} {b:6.1} ns a chain; ratio {ratio:.2} (aim {:.1}: {})",
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
         {BLOCKS} alternating blocks of 16384 chains at 16 places of the stack, one thread."
    );
    // As criterion takes it: a part of the name, here that of the case or of its first side.
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for mut case in cases() {
        if format!("{}/{}", case.name, case.sides[0].0).contains(&filter) {
            interleaved(&mut case);
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
        for (name, mut driver) in case.sides {
            group.bench_function(name, |b| b.iter(|| driver.rounds(64)));
        }
        group.finish();
    }
    criterion.final_summary();
}
