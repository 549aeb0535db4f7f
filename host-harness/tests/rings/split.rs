//! The device side of split rings, as far as it is ours: batches in order.

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER};
use parakit_abi::ring::split::{AVAIL_F_NO_INTERRUPT, DESC_F_WRITE, Desc, SplitLayout, UsedElem};
use vm_memory::{Bytes, GuestAddress};

use crate::hand::{DATA, DEVICE, DRIVER, Hand, RING};

/// Publishes a chain of one writable descriptor at each of these heads.
fn publish(hand: &Hand, at: u16, heads: &[u16]) {
    let layout = SplitLayout::new(8).expect("a power of two");
    for (i, &head) in heads.iter().enumerate() {
        let desc = Desc { addr: DATA, len: 8, flags: DESC_F_WRITE, next: 0 };
        let place = GuestAddress(RING + 16 * u64::from(head));
        hand.memory.write_slice(&desc.to_le_bytes(), place).expect("in memory");
        hand.put16(DRIVER + layout.avail_slot(at.wrapping_add(i as u16)) as u64, head);
    }
    hand.put16(DRIVER + 2, at.wrapping_add(heads.len() as u16));
}

fn used(hand: &Hand, at: u16) -> UsedElem {
    let layout = SplitLayout::new(8).expect("a power of two");
    let mut bytes = [0; 8];
    hand.memory.read_slice(&mut bytes, GuestAddress(DEVICE + layout.used_slot(at) as u64)).expect("in memory");
    UsedElem::from_le_bytes(bytes)
}

fn used_idx(hand: &Hand) -> u16 {
    hand.get16(DEVICE + 2)
}

#[test]
fn a_batch_in_order_is_one_used_entry() {
    let mut hand = Hand::new(8, Features::bit(IN_ORDER));
    publish(&hand, 0, &[5, 1, 3, 2]);
    let chains = hand.take();
    for chain in &chains[..3] {
        hand.complete(chain, 8);
    }
    assert_eq!(used_idx(&hand), 0, "nothing is told before the batch ends");
    hand.ring.flush().expect("in memory");
    assert_eq!((used_idx(&hand), used(&hand, 0)), (3, UsedElem { id: 3, len: 8 }), "the last id at the first place");
    assert_eq!(used(&hand, 1), UsedElem::default());
    // One that was not written completely has its length told.
    hand.complete(&chains[3], 1);
    assert_eq!((used_idx(&hand), used(&hand, 3)), (4, UsedElem { id: 2, len: 1 }));
}

#[test]
fn order_is_not_exploited_without_the_feature() {
    let mut hand = Hand::new(8, Features::NONE);
    publish(&hand, 0, &[5, 1]);
    for chain in &hand.take() {
        hand.complete(chain, 8);
    }
    assert_eq!((used_idx(&hand), used(&hand, 0).id, used(&hand, 1).id), (2, 5, 1));
}

#[test]
fn an_interrupt_is_decided_for_the_whole_batch() {
    let layout = SplitLayout::new(8).expect("a power of two");
    for (event, wanted) in [(0, true), (1, true), (2, true), (3, false), (0xffff, false)] {
        let mut hand = Hand::new(8, Features::of(&[IN_ORDER, EVENT_IDX]));
        publish(&hand, 0, &[0, 1, 2]);
        hand.put16(DRIVER + layout.used_event() as u64, event);
        for chain in &hand.take() {
            hand.complete(chain, 8);
        }
        assert_eq!(hand.ring.needs_interrupt(), Ok(wanted), "used_event {event}");
        assert_eq!(used_idx(&hand), 3, "a decision ends the batch");
        assert_eq!(hand.ring.needs_interrupt(), Ok(false), "nothing was used since");
    }
    let mut hand = Hand::new(8, Features::bit(IN_ORDER));
    publish(&hand, 0, &[0]);
    hand.put16(DRIVER, AVAIL_F_NO_INTERRUPT);
    for chain in &hand.take() {
        hand.complete(chain, 8);
    }
    assert_eq!(hand.ring.needs_interrupt(), Ok(false));
}

#[test]
fn an_odd_device_may_break_its_promise_of_order() {
    let mut hand = Hand::new(8, Features::bit(IN_ORDER));
    publish(&hand, 0, &[5, 1, 3]);
    let chains = hand.take();
    hand.complete(&chains[0], 8);
    hand.complete(&chains[2], 8);
    hand.complete(&chains[1], 8);
    hand.ring.write_used(700, 1).expect("in memory");
    let ids: Vec<_> = (0..4).map(|at| used(&hand, at).id).collect();
    assert_eq!((ids, used_idx(&hand)), (vec![5, 3, 1, 700], 4));
}
