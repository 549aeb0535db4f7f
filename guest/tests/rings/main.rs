//! Queues of both formats, with every combination of ring features, against a model that says at each step what must come
//! of it; and against devices that do anything.
//!
//! Sizes are small, so that packed rings wrap often; counters and indices begin near the place where they wrap, too.

#[path = "../support/mod.rs"]
mod support;

#[cfg(not(miri))] // Choosing steps takes an interpreter longer than taking them.
mod chosen;
mod hostile;
mod model;
mod step;

use model::{Model, Setup};
use parakit::queue::RingFeatures;
/// Each combination of features, through all wraps: of the ring, of indices of 16 bits and of wrap counters.
#[test]
fn every_combination_of_features_goes_round() {
    let rounds = if cfg!(miri) { 1 } else { 40 };
    for bits in 0..32u8 {
        let has = |i: u8| bits >> i & 1 != 0;
        let features = RingFeatures {
            event_idx: has(0),
            packed: has(1),
            indirect: has(2),
            in_order: has(3),
            notification_data: has(4),
            ..RingFeatures::NONE
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
