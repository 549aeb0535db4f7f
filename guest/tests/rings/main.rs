//! Queues of both formats, with every combination of ring features, against a model that says at each step what must come
//! of it; and against devices that do anything.
//!
//! Sizes are small, so that packed rings wrap often; counters and indices begin near the place where they wrap, too.

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod model;
mod step;

use model::{Model, Setup};
use parakit::queue::RingFeatures;
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};
use step::{Step, step};

/// The same cases in each run; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
pub(crate) fn config(cases: u32) -> Config {
    let cases = if cfg!(miri) { 3 } else { cases };
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(14), ..Config::default() }
}

pub(crate) fn features() -> impl Strategy<Value = RingFeatures> {
    any::<[bool; 5]>().prop_map(|[event_idx, packed, indirect, in_order, notification_data]| RingFeatures {
        event_idx,
        packed,
        indirect,
        in_order,
        notification_data,
        legacy: false,
    })
}

fn setup() -> impl Strategy<Value = Setup> {
    let start = prop_oneof![Just(0), (0..40u16).prop_map(|back| 0u16.wrapping_sub(back)), any::<u16>()];
    (features(), 1..24u16, start, any::<bool>(), 0..5u16, 0..10u16)
        .prop_map(|(features, slots, start, framed, over, table)| Setup { features, slots, start, framed, over, table })
}

fn run(setup: Setup, steps: &[Step], finish: bool) {
    let mut model = Model::new(setup);
    for step in steps {
        model.step(step);
    }
    if finish {
        model.finish();
    }
    model.end();
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_queue_does_what_the_model_says(
        setup in setup(), steps in prop::collection::vec(step(), 1..if cfg!(miri) { 60 } else { 300 }), finish: bool
    ) {
        run(setup, &steps, finish);
    }
}

/// Each combination of features, through all wraps: of the ring, of indices of 16 bits and of wrap counters.
#[test]
fn every_combination_of_features_goes_round() {
    let rounds = if cfg!(miri) { 3 } else { 40 };
    for bits in 0..32u8 {
        let has = |i: u8| bits >> i & 1 != 0;
        let features = RingFeatures {
            event_idx: has(0),
            packed: has(1),
            indirect: has(2),
            in_order: has(3),
            notification_data: has(4),
            legacy: false,
        };
        let setup = Setup { features, slots: 19, start: 65_500, framed: has(2) ^ has(3), over: 2, table: 4 };
        let mut model = Model::new(setup);
        for round in 0..rounds {
            for step in step::round(round) {
                model.step(&step);
            }
        }
        model.finish();
        assert!(model.completed() >= 2 * rounds as u64, "{setup:?}: {} chains", model.completed());
        model.end();
    }
}
