//! Steps that are chosen at random.

use parakit::queue::RingFeatures;
use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed},
};

use crate::{
    hostile::anything,
    model::{Model, Setup},
    step::Step,
};

/// The same cases in each run; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others.
fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(14), ..Config::default() }
}

fn features() -> impl Strategy<Value = RingFeatures> {
    any::<[bool; 5]>().prop_map(|[event_idx, packed, indirect, in_order, notification_data]| RingFeatures {
        event_idx,
        packed,
        indirect,
        in_order,
        notification_data,
        ..RingFeatures::NONE
    })
}

fn setup() -> impl Strategy<Value = Setup> {
    let start = prop_oneof![Just(0), (0..40u16).prop_map(|back| 0u16.wrapping_sub(back)), any::<u16>()];
    (features(), 1..24u16, start, any::<bool>(), 0..5u16, 0..10u16)
        .prop_map(|(features, slots, start, framed, over, table)| Setup { features, slots, start, framed, over, table })
}

fn step() -> impl Strategy<Value = Step> {
    let lens = || prop::collection::vec(1..9u8, 0..4);
    let index = any::<u16>;
    prop_oneof![
        6 => (lens(), lens()).prop_map(|(readable, writable)| Step::Add { readable, writable }),
        1 => (0..4u8, lens(), lens())
            .prop_map(|(shared, readable, writable)| Step::AddUnshared { shared, readable, writable }),
        3 => Just(Step::Publish),
        3 => (1..8u8).prop_map(Step::Poll),
        2 => (1..6u8).prop_map(Step::Arm),
        1 => Just(Step::Disarm),
        4 => (1..6u8).prop_map(Step::Take),
        1 => Just(Step::Want),
        1 => Just(Step::Refuse),
        4 => (index(), index()).prop_map(|(pick, written)| Step::Use { pick, written }),
        2 => (1..6u8, index()).prop_map(|(chains, written)| Step::UseBatch { chains, written }),
        4 => Just(Step::Show),
    ]
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
        setup in setup(), steps in prop::collection::vec(step(), 1..300), finish: bool
    ) {
        run(setup, &steps, finish);
    }
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn whatever_a_device_does_is_an_error_at_most(
        seed: u64, features in features(), slots in 1..24u16, back in 0..40u16, steps in 1..400usize
    ) {
        anything(seed, features, slots, 0u16.wrapping_sub(back), steps);
    }
}
