//! Rings in memory that holds anything.

use std::sync::Arc;

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER, RING_PACKED};
use parakit_harness::queue::{DeviceRing, Done, Request, Setup};
use proptest::prelude::*;
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const MEMORY: usize = 0x1_0000;

/// Words that are indices, lengths or addresses of this memory often enough, and descriptors that are available.
fn fill(memory: &GuestMemoryMmap, state: &mut u64) {
    let words: Vec<u8> = (0..MEMORY / 2)
        .flat_map(|i| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let word = (*state >> 40) as u16;
            let word = match i % 8 {
                // High part of an address, high part of a length.
                1..=3 | 5 if word % 16 < 14 => 0,
                // Length or id.
                4 | 6 if !word.is_multiple_of(4) => word % 64,
                // Flags of a packed descriptor: of one round or the other, now and then a list or a table.
                7 if !word.is_multiple_of(8) => {
                    (if word & 8 == 0 { 0x80 } else { 0x8000 }) | [0, 0, 1, 2, 4][usize::from(word >> 8) % 5]
                }
                _ => word,
            };
            word.to_le_bytes()
        })
        .collect();
    memory.write_slice(&words, GuestAddress(0)).expect("in memory");
}

/// What a run came to.
#[derive(Default)]
struct Reached {
    chains: usize,
    faults: usize,
    refused: bool,
}

/// A device goes through its rounds over memory that changes between them; nothing may panic, and nothing may grow.
fn survive(seed: u64, setup: Setup, features: Features) -> Reached {
    let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory"));
    let (mut state, mut reached) = (seed | 1, Reached::default());
    fill(&memory, &mut state);
    let Ok(mut ring) = DeviceRing::new(setup, 32_768, features, &memory) else { return reached };
    let mut held = Vec::new();
    for round in 0..24_u64 {
        if round % 3 == 0 {
            fill(&memory, &mut state);
        }
        ring.suppress().expect("the areas are in memory");
        let Ok(came) = ring.available().and_then(|upto| ring.fetch(upto)) else {
            reached.refused = true;
            break;
        };
        reached.chains += came;
        while let Some(chain) = ring.take() {
            let request = Request::new(&chain, &memory);
            assert!(request.descriptors() <= 0xffff * usize::from(ring.size()));
            reached.faults += usize::from(request.fault().is_some());
            let writable = request.writable_len();
            held.push(Done { token: request.token(), len: writable as u32, writable });
        }
        assert!(held.len() <= usize::from(ring.size()), "never more in the device's hands than entries");
        // Some now, from either end, and some later.
        for _ in 0..held.len().div_ceil(2) {
            let at = if seed >> round & 1 == 0 { 0 } else { held.len() - 1 };
            ring.complete(held.remove(at)).expect("the areas are in memory");
        }
        ring.flush().expect("the areas are in memory");
        assert!(ring.written().len() <= usize::from(ring.size()));
        ring.needs_interrupt().expect("the areas are in memory");
        ring.rearm().expect("the areas are in memory");
        let _none_idle = ring.idle_head(&[0, 1]);
    }
    reached
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_memory_is_survived(
        seed in any::<u64>(),
        size in prop_oneof![1..9_u32, Just(64), Just(256), Just(2048), any::<u32>()],
        places in proptest::collection::vec(prop_oneof![8 => (0..0xfff_u64).prop_map(|at| at * 16), 1 => any::<u64>()], 3),
        features in proptest::collection::vec(prop_oneof![Just(EVENT_IDX), Just(IN_ORDER), Just(RING_PACKED), Just(RING_PACKED)], 0..4),
    ) {
        let setup = Setup { size, desc: places[0], driver: places[1], device: places[2] };
        survive(seed, setup, Features::of(&features));
    }
}

#[test]
fn such_memory_holds_chains_of_all_sorts() {
    let setup = |size| Setup { size, desc: 0x1000, driver: 0x2000, device: 0x3000 };
    let run = |seed: u64| survive(seed << 32, setup(if seed & 1 == 0 { 64 } else { 2 }), Features::bit(RING_PACKED));
    let runs: Vec<_> = (0..64).map(run).collect();
    let count = |what: fn(&Reached) -> bool| runs.iter().filter(|run| what(run)).count();
    let counts = [
        count(|run| run.chains > 0),
        count(|run| run.faults < run.chains),
        count(|run| run.faults > 0),
        count(|run| run.refused),
    ];
    assert!(counts.iter().all(|count| *count > 3), "runs with chains, good ones, bad ones, and an end: {counts:?}");
}
