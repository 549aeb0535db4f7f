//! A scenario for every oddity: the driver has to work with the legal ones, and to fail cleanly on the others.

use std::time::Duration;

use super::builtin::plain;
use super::{Check, DeviceSpec, Scenario};
use crate::oddity::{Oddity, OddityKind};

/// Deadline of a scenario whose driver may have to wait until it gives up.
const DEADLINE: Duration = Duration::from_secs(60);

/// Sectors of the disks: 256 KiB.
const SECTORS: u64 = 512;

/// Each oddity on a block device.
pub(super) fn all() -> Vec<Scenario> {
    OddityKind::ALL.iter().map(|&kind| odd(kind)).collect()
}

fn odd(kind: OddityKind) -> Scenario {
    let mut device = DeviceSpec::block("block0", SECTORS);
    device.oddities = vec![Oddity::from(kind)];
    let (legality, check) = if kind.is_legal() { ("odd but legal", expected(kind)) } else { ("hostile", &ANY[..]) };
    let mut scenario = plain(&format!("odd-{kind}"), &format!("{legality}: {kind}"), "hostile", vec![device]);
    scenario.deadline = DEADLINE;
    scenario.checks = vec![Check::Outcome(check), Check::Provoked];
    scenario
}

/// Everything succeeded.
const WORKED: u64 = 0;
/// The driver declined to bring the device up.
const REFUSED: u64 = 1;
/// A request ended with an error.
const REQUEST_FAILED: u64 = 2;
/// The driver stopped using the device.
const FAULT: u64 = 3;
/// A request did not come back, and the reset gave its memory back.
const TIMED_OUT: u64 = 4;
/// Nor did the reset end.
const STUCK: u64 = 5;
/// Against a hostile device every end is a good one, as long as it is one.
const ANY: [u64; 6] = [WORKED, REFUSED, REQUEST_FAILED, FAULT, TIMED_OUT, STUCK];

/// What a driver makes of a device that is odd within the rules.
const fn expected(kind: OddityKind) -> &'static [u64] {
    match kind {
        OddityKind::NeverComplete => &[TIMED_OUT],
        OddityKind::FeaturesOkRefused | OddityKind::DeviceIdZero | OddityKind::QueueMaxZero => &[REFUSED],
        // All requests may be back before it comes to that.
        OddityKind::NeedsResetMidway => &[WORKED, REQUEST_FAILED, FAULT, TIMED_OUT],
        OddityKind::ConfigCapacityShrinks | OddityKind::CapacityZero => &[WORKED, REQUEST_FAILED],
        // No disk has that many bytes, so a driver may well say so.
        OddityKind::CapacityHuge => &[WORKED, REFUSED, REQUEST_FAILED],
        OddityKind::ShortRead => &[WORKED, REQUEST_FAILED, FAULT],
        _ => &[WORKED],
    }
}
