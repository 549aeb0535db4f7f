//! A scenario for every oddity, with what the driver has to make of it.

use std::time::Duration;

use parakit_abi::feature::{self, Features};

use super::builtin::plain;
use super::{Bus, Check, DeviceSpec, Pci, Scenario};
use crate::oddity::{Needs, Oddity, OddityKind};

/// Deadline of a scenario whose driver may have to wait until it gives up.
const DEADLINE: Duration = Duration::from_secs(60);

/// Sectors of the disks: 256 KiB.
const SECTORS: u64 = 512;

/// Each oddity on a block device that it has something to act on: over MMIO, or over PCI if it is about that; with a split ring,
/// or with a packed one if it is about that.
pub(super) fn all() -> Vec<Scenario> {
    let place = |kind: OddityKind| match kind.needs() {
        Needs::Anything | Needs::Mmio | Needs::Modern | Needs::Reasons => Some((Bus::Mmio, Features::NONE)),
        Needs::Packed => Some((Bus::Mmio, Features::bit(feature::RING_PACKED))),
        Needs::Pci | Needs::MsiX => Some((Bus::Pci(Pci::PLAIN), Features::NONE)),
        Needs::QueueReset if kind.is_legal() => Some((Bus::Pci(Pci::PLAIN), Features::bit(feature::RING_RESET))),
        Needs::Suspend if kind.is_legal() => Some((Bus::Pci(Pci::PLAIN), Features::bit(feature::SUSPEND))),
        // What never ends has no workload that is to come to an end.
        Needs::QueueReset | Needs::Suspend => None,
    };
    let first = OddityKind::ALL.iter().filter_map(|&kind| place(kind).map(|(bus, more)| odd(kind, bus, more)));
    first.chain(elsewhere()).collect()
}

/// What is about no transport and no ring, once more over PCI and with a packed ring; but for what the driver waits for in vain.
fn elsewhere() -> impl Iterator<Item = Scenario> {
    let general = |kind: &OddityKind| {
        matches!(kind.needs(), Needs::Anything | Needs::Modern)
            && *kind != OddityKind::ResetNever
            && patience(*kind, true) > IN_VAIN
    };
    OddityKind::ALL.iter().copied().filter(general).map(|kind| {
        let mut scenario = odd(kind, Bus::Pci(Pci::PLAIN), Features::bit(feature::RING_PACKED));
        scenario.name.push_str(".pci");
        scenario
    })
}

/// Milliseconds that a driver gives a request that will not come back.
const IN_VAIN: u64 = 1_000;

/// A driver that meets an oddity over this bus, where these features are offered beside the usual ones.
#[must_use]
pub fn odd(kind: OddityKind, bus: Bus, more: Features) -> Scenario {
    let mut device = DeviceSpec::block("block0", SECTORS);
    device.oddities = vec![Oddity::from(kind)];
    device.features = device.features.with(more);
    let packed = device.features.has(feature::RING_PACKED);
    let legality = if kind.is_legal() { "odd but legal" } else { "hostile" };
    let workload = match kind.needs() {
        Needs::QueueReset => "blk-queue-reset",
        Needs::Suspend => "blk-suspend",
        _ => "hostile",
    };
    let mut scenario = plain(&format!("odd-{kind}"), &format!("{legality}: {kind}"), workload, vec![device]);
    scenario.bus = bus;
    scenario.deadline = DEADLINE;
    scenario.checks = vec![Check::Provoked];
    if workload == "hostile" {
        scenario.params[0] = patience(kind, packed);
        scenario.checks.push(Check::Outcome(expected(kind, bus, packed)));
    }
    scenario
}

/// Milliseconds that the driver gives a request. Few where it waits in vain, and otherwise more than a busy machine needs.
const fn patience(kind: OddityKind, packed: bool) -> u64 {
    match kind {
        OddityKind::UsedIdxJump | OddityKind::UsedIdxBackwards if packed => IN_VAIN,
        OddityKind::NeverComplete | OddityKind::NoInterrupts | OddityKind::PackedWrongWrap => IN_VAIN,
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
const fn expected(kind: OddityKind, bus: Bus, packed: bool) -> &'static [u64] {
    use OddityKind as K;
    match kind {
        // Such a register is for packed rings alone there (§4.1.4.3.1).
        K::QueueMaxOdd if matches!(bus, Bus::Pci(_)) && !packed => &[REFUSED],
        // Descriptors that look like used ones, of chains that are in flight or of none; what the device does later is not seen.
        K::UsedIdxJump | K::UsedIdxBackwards if packed => &[FAULT, TIMED_OUT],
        // Garbage in the place of the next used descriptor.
        K::ScribbleDescriptors if packed => &[FAULT],
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
        | K::VectorsUnmappable
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
