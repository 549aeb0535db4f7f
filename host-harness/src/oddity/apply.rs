//! Where oddities act: questions that the transport asks at each place.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{
    ADMIN_VQ, Features, IN_ORDER, NOTIF_CONFIG_DATA, RING_PACKED, SR_IOV, VERSION_1, is_device_independent,
};

use super::{Needs, Oddity, OddityKind as K};
use crate::transport::device::slot::Resetting;

/// Reads that still show the old state, with [`K::ResetSlow`] and its like.
const SLOW_READS: u32 = 5;
/// Times that the configuration changes under the driver's hands, with [`K::ConfigChangesBetweenReads`]; even, so that it ends as it was.
const TORN_READS: u32 = 4;

/// The oddities of one device, and how far they are.
#[derive(Clone, Debug, Default)]
pub struct Oddities {
    list: Vec<Oddity>,
    completions: u32,
    torn_left: u32,
    once: Vec<K>,
}

/// How a completion departs from the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departure {
    /// Hold it back for ever.
    Never,
    /// Write this used entry instead.
    Entry(EntryFault),
    /// Complete it, then do this to the ring.
    Then(RingFault),
}

/// A used entry that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryFault {
    IdOutOfRange,
    IdNotInFlight,
    Twice,
    LenTooLong,
    LenShort,
    OtherRound,
}

/// What is done to the ring after a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RingFault {
    IdxJump,
    IdxBackwards,
    ScribbleDescriptors,
    ScribbleAvail,
    NeedsReset,
    CapacityShrinks,
}

impl Oddities {
    /// These oddities, from the beginning.
    #[must_use]
    pub fn new(list: &[Oddity]) -> Self {
        Self { list: list.to_vec(), completions: 0, torn_left: TORN_READS, once: Vec::new() }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether `kind` is one of them.
    #[must_use]
    pub fn has(&self, kind: K) -> bool {
        self.list.iter().any(|o| o.kind == kind)
    }

    /// Those that show before any driver does anything.
    pub(crate) fn at_rest(&self) -> impl Iterator<Item = K> {
        self.list.iter().map(|o| o.kind).filter(|kind| {
            matches!(
                kind,
                K::WrongMagic
                    | K::WrongVersion
                    | K::DeviceIdZero
                    | K::Version1Missing
                    | K::UnknownFeaturesOffered
                    | K::QueueMaxZero
                    | K::QueueMaxSmall
                    | K::QueueMaxOdd
                    | K::CapacityZero
                    | K::CapacityHuge
                    | K::LargerConfigSpace
                    | K::OffersInOrderAlone
                    | K::OffersPackedAlone
                    | K::OffersNotifConfigData
                    | K::NoMsix
                    | K::MsixOneVector
                    | K::MsixTwoVectors
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
                    | K::CapCommonMissing
                    | K::StructureTooShort
                    | K::StructureOutsideBar
                    | K::StructureBarMissing
                    | K::NotifyOffsetOutside
            )
        })
    }

    /// Whether `kind` is one of them and this is the first time that anyone asks.
    pub(crate) fn first(&mut self, kind: K) -> bool {
        let first = self.has(kind) && !self.once.contains(&kind);
        if first {
            self.once.push(kind);
        }
        first
    }

    pub(crate) fn features(&self, plain: Features, device: DeviceType) -> Features {
        let mut offered = plain;
        if self.has(K::UnknownFeaturesOffered) {
            // Reserved for future extensions, another transport's, beyond every device type of today, and a bit that the type does not define.
            offered = offered.with(Features::of(&[ADMIN_VQ, SR_IOV, 44, 49, 63, 100, 127]));
            let defined = device.defined_features().unwrap_or_default();
            if let Some(foreign) = (0..24).find(|&bit| !defined.has(bit)) {
                offered = offered.with(Features::bit(foreign));
            }
        }
        for (kind, bit) in [(K::OffersInOrderAlone, IN_ORDER), (K::OffersPackedAlone, RING_PACKED)] {
            if self.has(kind) {
                let general = Features::of(&[VERSION_1, bit]);
                let own: Vec<u32> = offered.iter().filter(|bit| !is_device_independent(*bit)).collect();
                offered = Features::of(&own).with(general);
            }
        }
        if self.has(K::OffersNotifConfigData) {
            offered = offered.with(Features::bit(NOTIF_CONFIG_DATA));
        }
        if self.has(K::Version1Missing) { offered.without(Features::bit(VERSION_1)) } else { offered }
    }

    pub(crate) fn queue_max(&self, plain: u16) -> u16 {
        if self.has(K::QueueMaxZero) {
            0
        } else if self.has(K::QueueMaxSmall) {
            plain.min(4)
        } else if self.has(K::QueueMaxOdd) {
            plain.saturating_sub(1).min(24)
        } else {
            plain
        }
    }

    pub(crate) fn config(&self, mut plain: Vec<u8>, device: DeviceType) -> Vec<u8> {
        if device == DeviceType::BLOCK && plain.len() >= 8 {
            if self.has(K::CapacityZero) {
                plain[..8].fill(0);
            } else if self.has(K::CapacityHuge) {
                plain[..8].fill(0xff);
            }
        }
        // An odd number of changes so far: the other value shows.
        if self.has(K::ConfigChangesBetweenReads) && (TORN_READS - self.torn_left) % 2 == 1 {
            let (low, high) = (0, if plain.len() > 4 { 4 } else { 2 });
            for at in [low, high] {
                if let Some(byte) = plain.get_mut(at) {
                    *byte ^= 1;
                }
            }
        }
        if self.has(K::LargerConfigSpace) {
            plain.extend([0xa5; 64]);
        }
        plain
    }

    /// Whether the configuration changes after a read at `offset`.
    pub(crate) fn tears_config(&mut self, offset: u64) -> bool {
        let torn = self.has(K::ConfigChangesBetweenReads) && offset == 0 && self.torn_left > 0;
        if torn {
            self.torn_left -= 1;
        }
        torn
    }

    /// Status reads that lie after a reset; `None`: all of them.
    pub(crate) fn reset_reads(&self) -> Option<u32> {
        if self.has(K::ResetNever) {
            None
        } else if self.has(K::ResetSlow) {
            Some(SLOW_READS)
        } else {
            Some(0)
        }
    }

    /// How long the reset of a queue is shown as going on, when it is not complete at once.
    pub(crate) fn queue_reset(&self) -> Option<(Resetting, K)> {
        self.slow_or_never(K::QueueResetSlow, K::QueueResetNever)
    }

    /// How long a request to suspend is not heard, when it is not at once.
    pub(crate) fn suspend(&self) -> Option<(Resetting, K)> {
        self.slow_or_never(K::SuspendSlow, K::SuspendNever)
    }

    fn slow_or_never(&self, slow: K, never: K) -> Option<(Resetting, K)> {
        if self.has(never) {
            Some((Resetting::Forever, never))
        } else {
            self.has(slow).then_some((Resetting::Reads(SLOW_READS), slow))
        }
    }

    /// Whether completions are collected before they are given back.
    pub(crate) fn holds(&self) -> bool {
        self.has(K::CompleteOutOfOrder) || self.has(K::CompleteLate) || self.has(K::BatchCompletions)
    }

    /// Whether completions depart from the plain ones at some time.
    pub(crate) fn departs(&self) -> bool {
        self.list.iter().any(|oddity| departure(oddity.kind).is_some())
    }

    /// How many collected completions are given back when no more work is there; `None`: none before the device had a pause.
    pub(crate) fn release(&self, held: usize) -> Option<usize> {
        if self.has(K::CompleteLate) {
            None
        } else if self.has(K::BatchCompletions) {
            (held >= 4).then_some(held - held % 4)
        } else {
            Some(held)
        }
    }

    /// Takes the next completion, in a packed ring or not, and says how it departs from the plain one.
    pub(crate) fn completion(&mut self, packed: bool) -> Option<(Departure, K)> {
        let number = self.completions;
        self.completions = self.completions.saturating_add(1);
        let fits = |kind: K| packed || kind.needs() != Needs::Packed;
        let due = self.list.iter().find(|o| number >= o.after && fits(o.kind) && departure(o.kind).is_some())?;
        let (kind, departure) = (due.kind, departure(due.kind)?);
        let once = matches!(
            departure,
            Departure::Then(
                RingFault::IdxBackwards | RingFault::NeedsReset | RingFault::CapacityShrinks | RingFault::IdxJump
            )
        );
        if once && !self.first(kind) {
            return None;
        }
        Some((departure, kind))
    }
}

fn departure(kind: K) -> Option<Departure> {
    Some(match kind {
        K::NeverComplete => Departure::Never,
        K::UsedIdOutOfRange => Departure::Entry(EntryFault::IdOutOfRange),
        K::UsedIdNotInFlight => Departure::Entry(EntryFault::IdNotInFlight),
        K::UsedIdTwice => Departure::Entry(EntryFault::Twice),
        K::UsedLenTooLong => Departure::Entry(EntryFault::LenTooLong),
        K::ShortRead => Departure::Entry(EntryFault::LenShort),
        K::PackedWrongWrap => Departure::Entry(EntryFault::OtherRound),
        K::UsedIdxJump => Departure::Then(RingFault::IdxJump),
        K::UsedIdxBackwards => Departure::Then(RingFault::IdxBackwards),
        K::ScribbleDescriptors => Departure::Then(RingFault::ScribbleDescriptors),
        K::ScribbleAvail => Departure::Then(RingFault::ScribbleAvail),
        K::NeedsResetMidway => Departure::Then(RingFault::NeedsReset),
        K::ConfigCapacityShrinks => Departure::Then(RingFault::CapacityShrinks),
        _ => return None,
    })
}
