//! Packed rings: missing notifications, and what notifications carry.

use parakit_abi::feature::{EVENT_IDX, NOTIFICATION_DATA};
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::ring::packed::{EVENT_FLAGS_DESC, EVENT_FLAGS_DISABLE, EVENT_FLAGS_ENABLE};
use parakit_harness::observe::EventKind;

use crate::packed_lists::at;
use crate::script::Script;

const KICK: RequirementId = id::VQ_PACKED_DRV_KICK_1;
const DATA: RequirementId = id::VQ_PACKED_DRV_DESC_3;

impl Script {
    /// The device area as it stands.
    fn area(&mut self, flags: u16, place: u16) -> &mut Self {
        self.push(EventKind::PackedSuppression {
            queue: 0,
            driver_off_wrap: 0,
            driver_flags: 0,
            device_off_wrap: at(place).to_bits(),
            device_flags: flags,
        })
    }

    fn one(&mut self, place: u16) -> &mut Self {
        self.list(place, place % 8, &[0])
    }

    fn unannounced(&mut self, place: u16) -> &mut Self {
        let (seen, avail_idx) = (at(place).to_bits(), at(place + 1).to_bits());
        self.one(place).push(EventKind::Quiet { queue: 0, seen, avail_idx, waited_ns: 200_000_000 })
    }

    fn kick(&mut self, next: u16) -> &mut Self {
        self.notify(0).push(EventKind::NotifyData { queue: 0, next })
    }
}

fn asking(flags: u16, place: u16) -> Script {
    let mut script = Script::packed(&[EVENT_IDX]);
    script.area(flags, place);
    script
}

#[test]
fn a_notification_that_came_is_kept() {
    asking(EVENT_FLAGS_ENABLE, 0).notify(0).one(0).one(1).finish().passes(KICK);
    asking(EVENT_FLAGS_DESC, 1).notify(0).one(0).one(1).finish().passes(KICK);
}

#[test]
fn a_notification_that_never_came_is_missed() {
    asking(EVENT_FLAGS_ENABLE, 0).unannounced(0).reset().caught(KICK, &[]);
    asking(EVENT_FLAGS_DESC, 0).unannounced(0).finish().caught(KICK, &[]);
    // Over the end of the ring.
    let mut script = asking(EVENT_FLAGS_DISABLE, 0);
    for place in 0..8 {
        script.one(place).gave_back(place, place);
    }
    script.area(EVENT_FLAGS_DESC, 8).unannounced(8).finish().caught(KICK, &[]);
}

#[test]
fn what_is_not_asked_for_is_not_missed() {
    asking(EVENT_FLAGS_DISABLE, 0).unannounced(0).finish().silent(KICK);
    asking(EVENT_FLAGS_DESC, 3).unannounced(0).finish().silent(KICK);
    asking(EVENT_FLAGS_DESC, 8).unannounced(0).finish().silent(KICK);
    // A reserved value asks for nothing, and so does DESC without EVENT_IDX.
    asking(3, 0).unannounced(0).finish().silent(KICK);
    Script::packed(&[]).area(EVENT_FLAGS_DESC, 0).unannounced(0).finish().silent(KICK);
}

#[test]
fn a_late_notification_is_no_missing_one() {
    asking(EVENT_FLAGS_ENABLE, 0).unannounced(0).notify(0).finish().silent(KICK);
    asking(EVENT_FLAGS_ENABLE, 0).unannounced(0).notify(0).notify(0).one(1).finish().passes(KICK);
}

/// A batch: several publications, however far apart, and one notification for all of them.
#[test]
fn one_notification_may_be_for_many_publications() {
    for flags in [EVENT_FLAGS_ENABLE, EVENT_FLAGS_DESC] {
        for silences in [1, 2, 7] {
            let mut script = asking(flags, 0);
            for place in 0..silences {
                script.unannounced(place).interrupt(1).interrupt_status(1).interrupt_ack(1).gave_back(place, place);
            }
            script.clone().reset().caught(KICK, &[]);
            script.notify(0).one(silences).area(flags, silences + 1).finish();
            assert!(script.violated().is_empty(), "{flags}, {silences} silences: {:?}", script.violated());
        }
    }
    // The device asks for something else before the driver looked.
    asking(EVENT_FLAGS_DESC, 0).unannounced(0).area(EVENT_FLAGS_DESC, 1).finish().silent(KICK);
    asking(EVENT_FLAGS_ENABLE, 0).unannounced(0).area(EVENT_FLAGS_DISABLE, 0).finish().silent(KICK);
}

fn with_data() -> Script {
    Script::packed(&[NOTIFICATION_DATA])
}

#[test]
fn a_notification_names_what_comes_next() {
    let mut script = with_data();
    script.kick(at(2).to_bits()).one(0).one(1).kick(at(3).to_bits()).one(2).finish();
    script.passes(DATA);
    // Twice the same, and one that nobody needs.
    with_data().kick(at(1).to_bits()).kick(at(1).to_bits()).one(0).kick(at(1).to_bits()).finish().passes(DATA);
}

#[test]
fn a_notification_names_nothing_else() {
    with_data().kick(at(2).to_bits()).one(0).finish().caught(DATA, &[]);
    // The wrap counter the wrong way round.
    with_data().kick(1).one(0).finish().caught(DATA, &[]);
    with_data().kick(8 | 0x8000).one(0).finish().caught(DATA, &[]);
    // Always the beginning.
    let mut script = with_data();
    for place in 0..4 {
        script.kick(at(0).to_bits()).one(place).gave_back(place, place);
    }
    script.finish().caught(DATA, &[]);
    // Without the feature there is no such data.
    Script::packed(&[]).kick(at(5).to_bits()).one(0).finish().silent(DATA);
}

#[test]
fn a_notification_that_nobody_needs_may_come_long_after() {
    // Twice around the ring, the same place comes again.
    let mut script = with_data();
    for place in 0..16 {
        script.one(place).gave_back(place, place % 8);
    }
    script.kick(at(0).to_bits()).one(16).finish();
    assert!(script.violated().is_empty());
}

#[test]
fn notifications_of_two_cpus_may_overtake_one_another() {
    with_data().kick(at(2).to_bits()).one(0).one(1).kick(at(1).to_bits()).one(2).finish().passes(DATA);
}

/// A handler publishes and notifies while the CPU that it interrupted is between the two; the device, which is awake, has seen all by itself.
#[test]
fn a_notification_may_be_overtaken_by_two_others() {
    let mut script = with_data();
    script.kick(at(1).to_bits()).one(0);
    // The second list is published and its notification held up; the third and the fourth are notified at once.
    script.one(1).one(2).kick(at(3).to_bits()).one(3).kick(at(4).to_bits());
    script.kick(at(2).to_bits()).kick(at(5).to_bits()).one(4).finish();
    script.passes(DATA);
}

/// Where places have come before, a wrong one might be a late one; a driver that never names another is caught all the same.
#[test]
fn a_place_of_long_ago_again_and_again_is_caught() {
    let go_round = |times: u16| {
        let mut script = with_data();
        for place in 0..16 {
            script.kick(at(place + 1).to_bits()).one(place).gave_back(place, place % 8);
        }
        for place in 16..16 + times {
            script.kick(at(place + 3).to_bits()).one(place).gave_back(place, place % 8);
        }
        script.finish();
        script
    };
    assert!(go_round(2).violated().is_empty());
    go_round(8).caught(DATA, &[]);
}

#[test]
fn a_signal_in_the_middle_of_a_look_does_not_end_it() {
    let mut script = with_data();
    script.kick(at(2).to_bits()).one(0).push(EventKind::Signal { code: 4, argument: 6000 }).one(1).finish();
    script.passes(DATA);
}
