//! Counting what a notification costs, from events that were written by hand.

use parakit_harness::observe::accesses::LiveAccesses;
use parakit_harness::observe::{Event, EventKind};

fn count(kinds: &[EventKind]) -> LiveAccesses {
    let events: Vec<Event> =
        (0..).zip(kinds).map(|(seq, kind)| Event { seq, time_ns: seq, device: 0, kind: kind.clone() }).collect();
    LiveAccesses::of(&events)
}

fn bar(write: bool, offset: u64) -> EventKind {
    EventKind::PciBar { write, bar: 0, offset, width: 2, value: 0 }
}

const NOTIFY: EventKind = EventKind::Notify { queue: 0, count: 1 };

fn live() -> [EventKind; 2] {
    [bar(true, 0x14), EventKind::StatusWrite { value: 15 }]
}

#[test]
fn one_write_a_notification_is_as_cheap_as_it_gets() {
    let mut kinds = live().to_vec();
    for _ in 0..3 {
        kinds.extend([bar(true, 0x3004), NOTIFY]);
    }
    assert_eq!(count(&kinds), LiveAccesses { notifications: 3, notifying: 3, reads: 0, writes: 0 });
    assert!(count(&kinds).one_each());
    // Doorbells that were counted are told together.
    kinds.extend([bar(true, 0x3004), EventKind::Notify { queue: 0, count: 5 }]);
    assert!(count(&kinds).one_each());
    assert_eq!(count(&kinds).notifications, 8);
}

#[test]
fn what_is_looked_up_each_time_shows() {
    let mut kinds = live().to_vec();
    kinds.extend([bar(true, 0x16), bar(false, 0x1e), bar(true, 0x3004), NOTIFY]);
    assert!(count(&kinds).one_each(), "once, before the first notification");
    kinds.extend([
        bar(true, 0x16),
        bar(false, 0x1e),
        EventKind::NotifyOffRead { queue: 0, value: 1 },
        bar(true, 0x3004),
        NOTIFY,
    ]);
    assert_eq!(count(&kinds), LiveAccesses { notifications: 2, notifying: 2, reads: 1, writes: 1 });
    assert!(!count(&kinds).one_each());
}

#[test]
fn bring_up_and_reset_are_not_counted() {
    let mut kinds = vec![bar(false, 0x1e), bar(true, 0x18)];
    kinds.extend(live());
    kinds.extend([bar(true, 0x3004), NOTIFY, bar(true, 0x14), EventKind::StatusWrite { value: 0 }, bar(false, 0x14)]);
    assert!(count(&kinds).one_each());
    assert!(!count(&[]).one_each(), "nothing shows nothing");
    assert!(!count(&live()).one_each());
}

#[test]
fn a_notification_without_an_access_is_none() {
    let mut kinds = live().to_vec();
    kinds.push(NOTIFY);
    assert!(!count(&kinds).one_each());
}
