//! One request from submit to completion on a split ring, next to `virtio-drivers` doing the same.
//!
//! Both drivers run against one and the same device side ([`device::Device`]), in one thread, on memory mapped one to
//! one; neither device side nor memory knows which driver it serves. Blocks of both alternate, so that clock changes and
//! neighbours hit both alike, and places in the stack change from block to block. A criterion report follows for each on its own.
//!
//! `cargo bench -p parakit --bench split`

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::Criterion;

mod device;
mod ours;
mod theirs;

/// A driver, its queue, a number of chains and the device.
trait Driver {
    /// Submits all chains, publishes, lets the device use them, takes them back.
    fn round(&mut self);
}

/// Blocks of each driver.
const BLOCKS: usize = 16 * 50;

struct Case {
    name: &'static str,
    chains: u32,
    ours: Box<dyn Driver>,
    theirs: Box<dyn Driver>,
    aim: f64,
}

fn cases() -> Vec<Case> {
    let case = |name, chains, ours, theirs, aim| Case { name, chains, ours, theirs, aim };
    vec![
        case("one descriptor, depth 1", 1, ours::one(1), theirs::queue::<0>(1), 0.6),
        case("one descriptor, batch of 64", 64, ours::one(64), theirs::queue::<0>(64), 0.6),
        case("three descriptors, depth 1", 1, ours::three(1), theirs::queue::<2>(1), 0.5),
    ]
}

fn block(driver: &mut dyn Driver, rounds: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..rounds {
        driver.round();
    }
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
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..BLOCKS {
        let per_chain = |t: Duration| t.as_nanos() as f64 / f64::from(rounds * case.chains);
        let a = per_chain(at_place(i % 16, &mut || block(&mut *case.ours, rounds)));
        let b = per_chain(at_place(i % 16, &mut || block(&mut *case.theirs, rounds)));
        ours.push(a);
        theirs.push(b);
        ratios.push(a / b);
    }
    let (a, b, ratio) = (median(ours), median(theirs), median(ratios));
    println!(
        "{:<28} parakit {a:6.1} ns, virtio-drivers {b:6.1} ns a chain; ratio {ratio:.2} (aim {:.1}: {})",
        case.name,
        case.aim,
        if ratio <= case.aim { "met" } else { "MISSED" }
    );
}

fn main() {
    println!(
        "parakit::SplitQueue and virtio_drivers::queue::VirtQueue 0.13 (direct descriptors), queue size 256, 64-byte \
         segments (one that the device reads, and two that it writes), no EVENT_IDX:\nadd, publish, ask whether to notify; the same device side for both reads the chain's \
         descriptors and uses it; pop.\nMedians of {BLOCKS} alternating blocks of 16384 chains at 16 places of the stack, one thread."
    );
    for mut case in cases() {
        interleaved(&mut case);
    }
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for mut case in cases() {
        let mut group = criterion.benchmark_group(case.name);
        group.throughput(criterion::Throughput::Elements(case.chains.into()));
        group.bench_function("parakit", |b| b.iter(|| case.ours.round()));
        group.bench_function("virtio-drivers", |b| b.iter(|| case.theirs.round()));
        group.finish();
    }
    criterion.final_summary();
}
