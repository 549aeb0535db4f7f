//! Oddities: one named departure from the plain device each, so that a rule, or a driver's patience, is put to the test.
//!
//! Some are legal and rare (a slow reset, completions out of order), some are what a broken or hostile device does. A device
//! takes any number of them; each tells the event log when it acts ([`EventKind::Provoke`](crate::observe::EventKind)).

mod apply;
mod function;

use std::fmt;
use std::str::FromStr;

use crate::likeness;
use crate::observe::event::TransportKind;

pub use apply::Oddities;
pub(crate) use apply::{Departure, EntryFault, RingFault};

macro_rules! oddities {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $legal:literal, $needs:ident;)*) => {
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

            /// Without what it has nothing to act on.
            #[must_use]
            pub const fn needs(self) -> Needs {
                match self { $(Self::$name => Needs::$needs,)* }
            }
        }
    };
}

/// What an oddity needs to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any device of its type.
    Anything,
    /// A device over MMIO.
    Mmio,
    /// A device that is not a legacy one.
    Modern,
    /// A device whose driver reads why it interrupts: not one with MSI-X.
    Reasons,
    /// A device over PCI.
    Pci,
    /// A device over PCI with MSI-X.
    MsiX,
    /// Packed rings, of device and driver.
    Packed,
    /// A driver that resets a queue.
    QueueReset,
    /// A driver that suspends the device.
    Suspend,
}

impl Needs {
    /// Whether a device over `transport` has that, with `vectors` entries of its MSI-X table. (That its rings are packed, or that
    /// its driver does what is needed, is another matter.)
    #[must_use]
    pub fn is_met(self, transport: TransportKind, vectors: u16) -> bool {
        let (pci, legacy) = (transport == TransportKind::Pci, transport == TransportKind::MmioLegacy);
        match self {
            Self::Anything => true,
            Self::Mmio => !pci,
            Self::Modern | Self::Packed | Self::QueueReset | Self::Suspend => !legacy,
            Self::Reasons => !pci || vectors == 0,
            Self::Pci => pci,
            Self::MsiX => pci && vectors > 0,
        }
    }
}

oddities! {
    /// The used ring names a descriptor outside the table.
    UsedIdOutOfRange = "used-id-out-of-range", false, Anything;
    /// The used ring names a descriptor that heads no chain in flight.
    UsedIdNotInFlight = "used-id-not-in-flight", false, Anything;
    /// A chain is used twice.
    UsedIdTwice = "used-id-twice", false, Anything;
    /// The used length is larger than the writable part of the chain.
    UsedLenTooLong = "used-len-too-long", false, Anything;
    /// `idx` of the used ring jumps by half of the wheel.
    UsedIdxJump = "used-idx-jump", false, Anything;
    /// `idx` of the used ring goes back, further than a whole queue, so that no driver can take it for progress.
    UsedIdxBackwards = "used-idx-backwards", false, Anything;
    /// Chains are taken and never come back.
    NeverComplete = "never-complete", true, Anything;
    /// Chains come back in reverse order of each batch (§2.7.9 only promises order with `VIRTIO_F_IN_ORDER`).
    CompleteOutOfOrder = "complete-out-of-order", true, Anything;
    /// Chains come back a while after they were worked on.
    CompleteLate = "complete-late", true, Anything;
    /// Chains come back four at a time, or when nothing else came for a while.
    BatchCompletions = "batch-completions", true, Anything;
    /// An interrupt without a reason after every batch (§2.7.7.2 has drivers handle it).
    SpuriousInterrupts = "spurious-interrupts", true, Anything;
    /// `InterruptStatus` shows bits that mean nothing (§4.2.2.2 has drivers ignore them).
    InterruptStatusUndefinedBits = "interrupt-status-undefined-bits", false, Reasons;
    /// No interrupt is ever delivered.
    NoInterrupts = "no-interrupts", false, Anything;
    /// `FEATURES_OK` never sticks.
    FeaturesOkRefused = "features-ok-refused", true, Modern;
    /// Bits are offered that are undefined, reserved, another transport's or another device type's (§2.2.1 has drivers ignore them).
    UnknownFeaturesOffered = "unknown-features-offered", false, Anything;
    /// `VIRTIO_F_VERSION_1` is not offered.
    Version1Missing = "version-1-missing", false, Modern;
    /// `MagicValue` is not "virt".
    WrongMagic = "wrong-magic", false, Mmio;
    /// `Version` is 3: a layout that does not exist.
    WrongVersion = "wrong-version", false, Mmio;
    /// `DeviceID` is 0: a placeholder, not a device.
    DeviceIdZero = "device-id-zero", true, Mmio;
    /// The status shows zero only at the sixth read after a reset.
    ResetSlow = "reset-slow", true, Anything;
    /// The status never shows zero.
    ResetNever = "reset-never", false, Anything;
    /// `QueueSizeMax` of every queue is 0.
    QueueMaxZero = "queue-max-zero", true, Anything;
    /// `QueueSizeMax` of every queue is 4.
    QueueMaxSmall = "queue-max-small", true, Anything;
    /// `QueueSizeMax` is no power of two (it is 24, or one less than the model's if that is smaller).
    QueueMaxOdd = "queue-max-odd", false, Anything;
    /// The configuration changes right after its first word was read, four times, with the generation moving: a torn 64-bit field.
    ConfigChangesBetweenReads = "config-changes-between-reads", true, Anything;
    /// The configuration generation is another one at each read.
    ConfigGenerationNeverStable = "config-generation-never-stable", false, Modern;
    /// Block: the capacity becomes half of what it was while requests are in flight, and the driver is told.
    ConfigCapacityShrinks = "config-capacity-shrinks", true, Anything;
    /// Block: the status byte has a value that the specification does not define.
    StatusByteGarbage = "status-byte-garbage", false, Anything;
    /// The used length is half of what was written.
    ShortRead = "short-read", true, Anything;
    /// The device overwrites the whole descriptor table.
    ScribbleDescriptors = "scribble-descriptors", false, Anything;
    /// The device overwrites the whole available ring.
    ScribbleAvail = "scribble-avail", false, Anything;
    /// `DEVICE_NEEDS_RESET` is set in the middle of operation.
    NeedsResetMidway = "needs-reset-midway", true, Anything;
    /// Notifications are never asked for again: `avail_event` (or the used ring's flag) stays where it was, and the device polls.
    AvailEventStale = "avail-event-stale", true, Anything;
    /// `flags` of the used ring has undefined bits set (without asking for silence).
    UsedFlagsGarbage = "used-flags-garbage", false, Anything;
    /// The configuration space is 64 bytes longer than the specification says (§2.5.1 has drivers accept that).
    LargerConfigSpace = "larger-config-space", true, Anything;
    /// Block: the capacity is 0.
    CapacityZero = "capacity-zero", true, Anything;
    /// Block: the capacity is 2^64 - 1 sectors.
    CapacityHuge = "capacity-huge", true, Anything;
    /// The reset of a queue is shown as done only at the sixth look.
    QueueResetSlow = "queue-reset-slow", true, QueueReset;
    /// The reset of a queue is never shown as done.
    QueueResetNever = "queue-reset-never", false, QueueReset;
    /// A suspension is shown only at the sixth read of the status; until then the device goes on.
    SuspendSlow = "suspend-slow", true, Suspend;
    /// The device goes on as if nobody had asked it to suspend.
    SuspendNever = "suspend-never", false, Suspend;
    /// Of the device-independent features, only `VIRTIO_F_VERSION_1` and `VIRTIO_F_IN_ORDER` are offered.
    OffersInOrderAlone = "offers-in-order-alone", true, Modern;
    /// Of the device-independent features, only `VIRTIO_F_VERSION_1` and `VIRTIO_F_RING_PACKED` are offered.
    OffersPackedAlone = "offers-packed-alone", true, Packed;
    /// PCI: `VIRTIO_F_NOTIF_CONFIG_DATA` is offered, whatever else is.
    OffersNotifConfigData = "offers-notif-config-data", true, Pci;
    /// PCI: no MSI-X.
    NoMsix = "no-msix", true, Pci;
    /// PCI: an MSI-X table of one vector.
    MsixOneVector = "msix-one-vector", true, MsiX;
    /// PCI: an MSI-X table of two vectors.
    MsixTwoVectors = "msix-two-vectors", true, MsiX;
    /// PCI: no event can be mapped to a vector; all read back as `NO_VECTOR`.
    VectorsUnmappable = "vectors-unmappable", true, MsiX;
    /// PCI: only vector 0 can be mapped, though the table is larger.
    VectorsScarce = "vectors-scarce", true, MsiX;
    /// PCI: the ids of a transitional device, without its legacy interface.
    TransitionalIds = "transitional-ids", false, Pci;
    /// PCI: revision 0 with the ids of a modern device.
    RevisionZero = "revision-zero", true, Pci;
    /// PCI: all queues are notified at one address.
    NotifyAddressShared = "notify-address-shared", true, Pci;
    /// PCI: each capability is longer than what it has to say.
    CapTooLong = "cap-too-long", true, Pci;
    /// PCI: the structures are in 32-bit BARs.
    NarrowBars = "narrow-bars", true, Pci;
    /// PCI: the last capability leads to the first one again.
    CapListLoop = "cap-list-loop", false, Pci;
    /// PCI: capabilities of reserved types are in the list, and one of an unknown id.
    CapReservedType = "cap-reserved-type", false, Pci;
    /// PCI: the first capability of each structure is in a reserved BAR; another one follows that is right.
    CapReservedBar = "cap-reserved-bar", false, Pci;
    /// PCI: the first capability of each structure points behind the end of its BAR; another one follows that is right.
    CapFirstBroken = "cap-first-broken", false, Pci;
    /// PCI: the first capability of each structure is shorter than a capability is; another one follows that is right.
    CapTooShort = "cap-too-short", false, Pci;
    /// PCI: each structure is there twice, the second one behind a capability of its own further down the list.
    CapSecondInstance = "cap-second-instance", true, Pci;
    /// PCI: common configuration, ISR status and device-specific configuration are 64 KiB long each (§4.1.4.1 has drivers accept that).
    StructuresLarge = "structures-large", true, Pci;
    /// PCI: there is no capability for the common configuration.
    CapCommonMissing = "cap-common-missing", false, Pci;
    /// PCI: the common configuration is shorter than its fields.
    StructureTooShort = "structure-too-short", false, Pci;
    /// PCI: the common configuration lies behind the end of its BAR.
    StructureOutsideBar = "structure-outside-bar", false, Pci;
    /// PCI: the common configuration is in a BAR that does not exist.
    StructureBarMissing = "structure-bar-missing", false, Pci;
    /// PCI: `queue_notify_off` leads behind the end of the notification structure.
    NotifyOffsetOutside = "notify-offset-outside", false, Pci;
    /// Packed rings: a used descriptor has the wrap counter of the other round, so that it looks like an available one.
    PackedWrongWrap = "packed-wrong-wrap", false, Packed;
    /// Packed rings: the device's event suppression has flags that are reserved and a position outside the ring while it is idle.
    PackedEventGarbage = "packed-event-garbage", false, Packed;
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
    "there is no oddity `{text}`;{} there are {}; a completion count may follow, as in used-id-twice@5",
    likeness::hint(*nearest),
    OddityKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
)]
pub struct UnknownOddity {
    /// The text.
    pub text: String,
    /// The name that is most like it, if one is.
    pub nearest: Option<&'static str>,
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
                nearest: likeness::nearest(name, OddityKind::ALL.iter().map(|k| k.name())),
            }),
        }
    }
}
