//! Oddities: one named departure from the plain device each, so that a rule, or a driver's patience, is put to the test.
//!
//! Some are legal and rare (a slow reset, completions out of order), some are what a broken or hostile device does. A device
//! takes any number of them; each tells the event log when it acts ([`EventKind::Provoke`](crate::observe::EventKind)).

mod apply;

use std::fmt;
use std::str::FromStr;

pub use apply::Oddities;
pub(crate) use apply::{Departure, EntryFault, RingFault};

macro_rules! oddities {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $legal:literal;)*) => {
        /// Which oddity.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum OddityKind { $($(#[$doc])* $name,)* }

        impl OddityKind {
            /// All of them.
            pub const ALL: &[OddityKind] = &[$(OddityKind::$name,)*];

            /// Its name, as users write it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether the specification lets a device do this.
            #[must_use]
            pub const fn is_legal(self) -> bool {
                match self { $(Self::$name => $legal,)* }
            }
        }
    };
}

oddities! {
    /// The used ring names a descriptor outside the table.
    UsedIdOutOfRange = "used-id-out-of-range", false;
    /// The used ring names a descriptor that heads no chain in flight.
    UsedIdNotInFlight = "used-id-not-in-flight", false;
    /// A chain is used twice.
    UsedIdTwice = "used-id-twice", false;
    /// The used length is larger than the writable part of the chain.
    UsedLenTooLong = "used-len-too-long", false;
    /// `idx` of the used ring jumps by half of the wheel.
    UsedIdxJump = "used-idx-jump", false;
    /// `idx` of the used ring goes back, further than a whole queue, so that no driver can take it for progress.
    UsedIdxBackwards = "used-idx-backwards", false;
    /// Chains are taken and never come back.
    NeverComplete = "never-complete", true;
    /// Chains come back in reverse order of each batch (§2.7.9 only promises order with `VIRTIO_F_IN_ORDER`).
    CompleteOutOfOrder = "complete-out-of-order", true;
    /// Chains come back a while after they were worked on.
    CompleteLate = "complete-late", true;
    /// Chains come back four at a time, or when nothing else came for a while.
    BatchCompletions = "batch-completions", true;
    /// An interrupt without a reason after every batch (§2.7.7.2 has drivers handle it).
    SpuriousInterrupts = "spurious-interrupts", true;
    /// `InterruptStatus` shows bits that mean nothing (§4.2.2.2 has drivers ignore them).
    InterruptStatusUndefinedBits = "interrupt-status-undefined-bits", false;
    /// No interrupt is ever delivered.
    NoInterrupts = "no-interrupts", false;
    /// `FEATURES_OK` never sticks.
    FeaturesOkRefused = "features-ok-refused", true;
    /// Bits are offered that are undefined, reserved, another transport's or another device type's (§2.2.1 has drivers ignore them).
    UnknownFeaturesOffered = "unknown-features-offered", false;
    /// `VIRTIO_F_VERSION_1` is not offered.
    Version1Missing = "version-1-missing", false;
    /// `MagicValue` is not "virt".
    WrongMagic = "wrong-magic", false;
    /// `Version` is 1, the legacy layout.
    WrongVersion = "wrong-version", false;
    /// `DeviceID` is 0: a placeholder, not a device.
    DeviceIdZero = "device-id-zero", true;
    /// The status shows zero only at the sixth read after a reset.
    ResetSlow = "reset-slow", true;
    /// The status never shows zero.
    ResetNever = "reset-never", false;
    /// `QueueSizeMax` of every queue is 0.
    QueueMaxZero = "queue-max-zero", true;
    /// `QueueSizeMax` of every queue is 4.
    QueueMaxSmall = "queue-max-small", true;
    /// `QueueSizeMax` is no power of two (it is 24, or one less than the model's if that is smaller).
    QueueMaxOdd = "queue-max-odd", false;
    /// The configuration changes right after its first word was read, four times, with the generation moving: a torn 64-bit field.
    ConfigChangesBetweenReads = "config-changes-between-reads", true;
    /// The configuration generation is another one at each read.
    ConfigGenerationNeverStable = "config-generation-never-stable", false;
    /// Block: the capacity becomes half of what it was while requests are in flight, and the driver is told.
    ConfigCapacityShrinks = "config-capacity-shrinks", true;
    /// Block: the status byte has a value that the specification does not define.
    StatusByteGarbage = "status-byte-garbage", false;
    /// The used length is half of what was written.
    ShortRead = "short-read", true;
    /// The device overwrites the whole descriptor table.
    ScribbleDescriptors = "scribble-descriptors", false;
    /// The device overwrites the whole available ring.
    ScribbleAvail = "scribble-avail", false;
    /// `DEVICE_NEEDS_RESET` is set in the middle of operation.
    NeedsResetMidway = "needs-reset-midway", true;
    /// Notifications are never asked for again: `avail_event` (or the used ring's flag) stays where it was, and the device polls.
    AvailEventStale = "avail-event-stale", true;
    /// `flags` of the used ring has undefined bits set (without asking for silence).
    UsedFlagsGarbage = "used-flags-garbage", false;
    /// The configuration space is 64 bytes longer than the specification says (§2.5.1 has drivers accept that).
    LargerConfigSpace = "larger-config-space", true;
    /// Block: the capacity is 0.
    CapacityZero = "capacity-zero", true;
    /// Block: the capacity is 2^64 - 1 sectors.
    CapacityHuge = "capacity-huge", true;
}

/// An oddity, and from where on it acts.
///
/// ```
/// use parakit_harness::oddity::{Oddity, OddityKind};
/// let odd: Oddity = "used-id-twice@5".parse().unwrap();
/// assert_eq!((odd.kind, odd.after), (OddityKind::UsedIdTwice, 5));
/// assert_eq!("reset-slow".parse::<Oddity>().unwrap().to_string(), "reset-slow");
/// assert!("reset-fast".parse::<Oddity>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// Oddities of the ring leave this many completions of the device alone before they act.
    pub after: u32,
}

impl Oddity {
    /// Completions that are left alone unless a user says otherwise.
    pub const DEFAULT_AFTER: u32 = 2;
}

impl From<OddityKind> for Oddity {
    fn from(kind: OddityKind) -> Self {
        Self { kind, after: Self::DEFAULT_AFTER }
    }
}

impl fmt::Display for OddityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.after == Self::DEFAULT_AFTER { self.kind.fmt(f) } else { write!(f, "{}@{}", self.kind, self.after) }
    }
}

/// A text that names no oddity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no oddity {text:?}; did you mean {nearest:?}? (a completion count may follow, as in used-id-twice@5)"
)]
pub struct UnknownOddity {
    /// The text.
    pub text: String,
    /// The name that is most like it.
    pub nearest: &'static str,
}

impl FromStr for Oddity {
    type Err = UnknownOddity;

    fn from_str(text: &str) -> Result<Self, UnknownOddity> {
        let (name, after) = match text.split_once('@') {
            Some((name, count)) => (name, count.parse().ok()),
            None => (text, Some(Self::DEFAULT_AFTER)),
        };
        let kind = OddityKind::ALL.iter().find(|k| k.name() == name);
        match (kind, after) {
            (Some(&kind), Some(after)) => Ok(Self { kind, after }),
            _ => Err(UnknownOddity {
                text: text.to_owned(),
                nearest: OddityKind::ALL
                    .iter()
                    .map(|k| k.name())
                    .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)))
                    .unwrap_or_default(),
            }),
        }
    }
}
