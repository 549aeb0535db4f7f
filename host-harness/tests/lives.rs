//! Chains from being made available to being used or taken back, and what is counted of them.

use parakit_harness::observe::event::{Chain, QueueInfo};
use parakit_harness::observe::lives::{ChainLives, Change};
use parakit_harness::observe::{Event, EventKind, Traffic};

const IN_ORDER: EventKind = EventKind::DriverFeaturesWrite { word: 1, value: 1 << 3 };

fn available(queue: u16, head: u16) -> EventKind {
    EventKind::Available(Chain { queue, slot: 0, head, links: Vec::new(), broken: None, readable: Vec::new() })
}

fn used(queue: u16, id: u32) -> EventKind {
    EventKind::Used { queue, slot: 0, id, len: 0 }
}

fn enabled(queue: u16) -> EventKind {
    EventKind::QueueEnabled(QueueInfo {
        queue,
        size: 4,
        desc: 0,
        driver: 0,
        device: 0,
        packed: false,
        avail_flags: None,
        avail_idx: None,
        used_flags: None,
        used_idx: None,
    })
}

fn events(kinds: Vec<EventKind>) -> Vec<Event> {
    (0..).zip(kinds).map(|(seq, kind)| Event { seq, time_ns: seq, device: 0, kind }).collect()
}

fn changes(kinds: Vec<EventKind>) -> (Vec<Change>, Vec<u64>) {
    let mut lives = ChainLives::default();
    let changes = events(kinds).iter().map(|event| lives.event(event)).filter(|c| *c != Change::None).collect();
    (changes, lives.in_flight())
}

#[test]
fn chains_are_used_in_any_order_and_queues_are_apart() {
    let (changes, in_flight) =
        changes(vec![available(0, 3), available(0, 1), available(1, 3), used(0, 1), used(1, 3), used(0, 7)]);
    let expected = [Change::Began(0), Change::Began(1), Change::Began(2), Change::Used(vec![1]), Change::Used(vec![2])];
    assert_eq!(changes, expected);
    assert_eq!(in_flight, [0]);
}

#[test]
fn with_in_order_one_used_element_stands_for_a_batch() {
    let (changes, in_flight) = changes(vec![IN_ORDER, available(0, 3), available(0, 1), available(0, 2), used(0, 1)]);
    assert_eq!(changes.last(), Some(&Change::Used(vec![0, 1])));
    assert_eq!(in_flight, [2]);
}

#[test]
fn resets_take_chains_back() {
    for reset in [
        EventKind::StatusWrite { value: 0 },
        EventKind::QueueResetWrite { queue: 0, value: 1 },
        EventKind::QueueReadyWrite { queue: 0, value: 0 },
        enabled(0),
    ] {
        let (changes, in_flight) = changes(vec![enabled(0), available(0, 1), reset, used(0, 1)]);
        assert_eq!(changes, [Change::Began(0), Change::TakenBack(vec![0])]);
        assert_eq!(in_flight, [0; 0]);
    }
    let (_, in_flight) = changes(vec![available(0, 1), EventKind::QueueResetWrite { queue: 1, value: 1 }]);
    assert_eq!(in_flight, [0], "the reset of another queue takes nothing back");
}

#[test]
fn a_used_id_beyond_16_bits_is_of_no_chain() {
    let (changes, in_flight) = changes(vec![available(0, 1), used(0, 0x1_0001)]);
    assert_eq!((changes, in_flight), (vec![Change::Began(0)], vec![0]));
}

#[test]
fn traffic_is_notifications_interrupts_and_used_chains() {
    let kinds = vec![
        available(0, 0),
        available(0, 1),
        EventKind::Notify { queue: 0, count: 2 },
        EventKind::Notify { queue: 0, count: 1 },
        used(0, 0),
        EventKind::Interrupt { reasons: 1, spurious: false },
        used(0, 9),
    ];
    assert_eq!(Traffic::of(&events(kinds)), Traffic { doorbells: 3, interrupts: 1, requests: 1 });
}
