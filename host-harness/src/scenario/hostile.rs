//! A scenario for every oddity, with what the driver has to make of it.

use std::time::Duration;

use super::builtin::plain;
use super::{Check, DeviceSpec, Scenario};
use crate::oddity::{Needs, Oddity, OddityKind};

/// Deadline of a scenario whose driver may have to wait until it gives up.
const DEADLINE: Duration = Duration::from_secs(60);

/// Sectors of the disks: 256 KiB.
const SECTORS: u64 = 512;

/// Each oddity on a block device over MMIO with a split ring.
pub(super) fn all() -> Vec<Scenario> {
    let here = |kind: &&OddityKind| matches!(kind.needs(), Needs::Anything | Needs::Mmio);
    OddityKind::ALL.iter().filter(here).map(|&kind| odd(kind)).collect()
}

fn odd(kind: OddityKind) -> Scenario {
    let mut device = DeviceSpec::block("block0", SECTORS);
    device.oddities = vec![Oddity::from(kind)];
    let legality = if kind.is_legal() { "odd but legal" } else { "hostile" };
    let mut scenario = plain(&format!("odd-{kind}"), &format!("{legality}: {kind}"), "hostile", vec![device]);
    scenario.params[0] = patience(kind);
    scenario.deadline = DEADLINE;
    scenario.checks = vec![Check::Outcome(expected(kind)), Check::Provoked];
    scenario
}

/// Milliseconds that the driver gives a request. Few where it waits in vain, and otherwise more than a busy machine needs.
const fn patience(kind: OddityKind) -> u64 {
    match kind {
        OddityKind::NeverComplete | OddityKind::NoInterrupts | OddityKind::PackedWrongWrap => 1_000,
        _ => 10_000,
    }
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

/// What the driver has to make of a device. The requests are all submitted before the device is told of the first, so that an oddity
/// that acts from some completion on hits the same one each time: one outcome is right, but for one oddity.
const fn expected(kind: OddityKind) -> &'static [u64] {
    use OddityKind as K;
    match kind {
        // What legal devices do, what drivers are told to ignore, and late interrupts: the driver looks when it has waited enough.
        K::CompleteOutOfOrder
        | K::CompleteLate
        | K::BatchCompletions
        | K::SpuriousInterrupts
        | K::InterruptStatusUndefinedBits
        | K::NoInterrupts
        | K::UnknownFeaturesOffered
        | K::ResetSlow
        | K::QueueMaxSmall
        // Sixteen of the entries are taken.
        | K::QueueMaxOdd
        | K::ConfigChangesBetweenReads
        | K::AvailEventStale
        | K::UsedFlagsGarbage
        | K::LargerConfigSpace
        // There is nothing to read or to write, but the device can be flushed and asked for its name.
        | K::CapacityZero => &[WORKED],
        K::QueueResetSlow
        | K::SuspendSlow
        | K::OffersInOrderAlone
        | K::OffersPackedAlone
        | K::OffersNotifConfigData
        | K::NoMsix
        | K::MsixOneVector
        | K::MsixTwoVectors
        | K::VectorsScarce
        | K::VectorsUnmappable
        | K::TransitionalIds
        | K::RevisionZero
        | K::NotifyAddressShared
        | K::CapTooLong
        | K::NarrowBars
        | K::CapListLoop
        | K::CapReservedType
        | K::CapReservedBar
        | K::CapFirstBroken
        | K::CapTooShort
        | K::CapSecondInstance
        | K::StructuresLarge
        | K::PackedEventGarbage => &[WORKED],
        // The queue is given up, the device is not.
        K::QueueResetNever | K::SuspendNever => &[FAULT],
        K::CapCommonMissing
        | K::StructureTooShort
        | K::StructureOutsideBar
        | K::StructureBarMissing
        | K::NotifyOffsetOutside
        | K::FeaturesOkRefused
        | K::Version1Missing
        | K::WrongMagic
        | K::WrongVersion
        | K::DeviceIdZero
        | K::ResetNever
        | K::QueueMaxZero
        | K::ConfigGenerationNeverStable => &[REFUSED],
        // The requests behind the end of the disk, where its model has none, or where it shrank after they were submitted; a status or
        // a length that says less than all; a chain that the device cannot read any more.
        K::CapacityHuge
        | K::ConfigCapacityShrinks
        | K::StatusByteGarbage
        | K::ShortRead
        | K::ScribbleDescriptors => &[REQUEST_FAILED],
        K::UsedIdOutOfRange
        | K::UsedIdNotInFlight
        | K::UsedIdTwice
        | K::UsedLenTooLong
        | K::UsedIdxJump
        | K::UsedIdxBackwards
        | K::NeedsResetMidway => &[FAULT],
        // A used descriptor that is none.
        K::NeverComplete | K::PackedWrongWrap => &[TIMED_OUT],
        // The driver does not read that ring, and repairs what it writes there. Whether the device looks before that, and asks for a
        // reset because it finds its own garbage, is a matter of time.
        K::ScribbleAvail => &[WORKED, FAULT],
    }
}
