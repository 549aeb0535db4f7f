//! Chains that go back at once: the driver sees none of them used before all are.

use parakit_abi::ring::packed::{DESC_F_WRITE, Position, is_used};
use parakit_harness::queue::{Done, Request};

use crate::hand::{DATA, Hand};

/// What a hand gives back together: each chain with `lens` bytes.
fn give_back(hand: &mut Hand, lens: &[u32]) {
    let chains = hand.take();
    assert_eq!(chains.len(), lens.len());
    let done: Vec<_> = chains
        .iter()
        .zip(lens)
        .map(|(chain, len)| Done {
            token: chain.token(),
            len: *len,
            writable: Request::new(chain, &hand.memory).writable_len(),
        })
        .collect();
    hand.ring.complete_together(&done).expect("in memory");
}

#[test]
fn packed_lists_of_several_descriptors_round_the_end_of_the_ring() {
    let mut hand = Hand::packed(4, &[]);
    let buffer = (DATA, 100, DESC_F_WRITE);
    hand.publish(5, &[buffer]);
    give_back(&mut hand, &[7]);
    hand.publish(1, &[buffer, buffer]);
    hand.publish(2, &[buffer]);
    hand.publish(3, &[buffer]);
    hand.ring.forget_written();
    give_back(&mut hand, &[200, 100, 9]);
    // The first takes places 1 and 2, the second 3, the third 0 of the next round.
    let expected = [
        (Position { index: 1, wrap: true }, 1, 200),
        (Position { index: 3, wrap: true }, 2, 100),
        (Position { index: 0, wrap: false }, 3, 9),
    ];
    for (position, id, len) in expected {
        let desc = hand.desc(position.index);
        assert!(is_used(desc.flags, position.wrap), "{position:?}: {desc:?}");
        assert_eq!((desc.id, desc.len), (id, len));
    }
    // The observer hears of them in the order of the ring.
    let told: Vec<_> =
        hand.ring.written().iter().map(|used| (Position::from_bits(used.position), used.id, used.len)).collect();
    assert_eq!(told, expected);
    assert_eq!(Position::from_bits(hand.ring.next_used()), Position { index: 1, wrap: false });
}
