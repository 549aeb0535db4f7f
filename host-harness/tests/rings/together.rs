//! Properties of both ends of both rings, against the model.

use parakit::queue::RingFeatures;
use proptest::prelude::*;

use crate::run::{Case, Counts, run};

/// All combinations of features that change how a ring works.
fn all_features() -> impl Iterator<Item = RingFeatures> {
    (0..32_u32).map(|bits| RingFeatures {
        event_idx: bits & 1 != 0,
        packed: bits & 2 != 0,
        indirect: bits & 4 != 0,
        in_order: bits & 8 != 0,
        notification_data: bits & 16 != 0,
        ..RingFeatures::NONE
    })
}

fn sizes(features: RingFeatures) -> &'static [u16] {
    if features.packed { &[1, 2, 3, 4, 7, 8, 100, 256] } else { &[1, 2, 4, 8, 256] }
}

#[test]
fn every_combination_of_features_agrees_with_the_model_in_every_size() {
    for features in all_features() {
        let runs = sizes(features)
            .iter()
            .map(|&size| run(Case { seed: u64::from(size) + 1, size, features, before: 0, steps: 1500 }));
        let reached = runs.fold(Counts::default(), Counts::with);
        // A run that does not come to what it is about shows nothing.
        let Counts { completed, notified, silent, interrupted, undisturbed, out_of_order, in_batches, in_tables, full } =
            reached;
        assert!(completed > 300 && full > 100, "{features:?}: {reached:?}");
        assert!(notified > 50 && silent > 50, "{features:?}: {reached:?}");
        assert!(interrupted > 50 && undisturbed > 5, "{features:?}: {reached:?}");
        assert_eq!(in_tables > 50, features.indirect, "{features:?}: {reached:?}");
        assert_eq!(out_of_order > 50, !features.in_order, "{features:?}: {reached:?}");
        assert_eq!(in_batches > 50, features.in_order, "{features:?}: {reached:?}");
    }
}

#[test]
fn indices_wrap_in_the_middle_of_everything() {
    for (i, features) in all_features().filter(|f| !f.notification_data && !f.indirect).enumerate() {
        // The schedule begins a little before index 65535, and ends long after 0.
        let before = 65_536 - 10 - i as u32;
        let size = if features.packed { 3 } else { 4 };
        let counts = run(Case { seed: 77 + i as u64, size, features, before, steps: 4000 });
        assert!(counts.completed > 65_536 + 50, "{counts:?}");
    }
}

/// Schedules that showed a fault once.
#[test]
fn schedules_of_former_faults() {
    let packed = RingFeatures { event_idx: true, packed: true, ..RingFeatures::NONE };
    // A driver that waits for the next buffer: it came out of turn, with fewer descriptors than those in flight had.
    for (seed, size, before) in
        [(16_779_853_782_106_554_063, 3, 3), (12_330_678_143_172_199_615, 7, 1), (10_605_457_732_315_441_839, 8, 4)]
    {
        run(Case { seed, size, features: packed, before, steps: 250 });
    }
    // A device that decided late, after more than one round of the ring.
    let features = RingFeatures { indirect: true, ..packed };
    run(Case { seed: 7_023_681_173_323_034_547, size: 8, features, before: 6, steps: 250 });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_schedule_agrees_with_the_model(
        seed in any::<u64>(),
        features in (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        pick in any::<proptest::sample::Index>(),
        before in prop_oneof![2 => 0..70_u32, 1 => 0..600_u32],
        steps in 50..900_u64,
    ) {
        let (event_idx, packed, indirect, in_order, notification_data) = features;
        let features = RingFeatures { event_idx, packed, indirect, in_order, notification_data, ..RingFeatures::NONE };
        let size = *pick.get(sizes(features));
        run(Case { seed, size, features, before, steps });
    }
}
