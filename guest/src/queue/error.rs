//! What can go wrong with a queue that is set up.

use core::fmt;

use crate::{
    platform::ShareError,
    transport::{QueueId, ResetProof},
};

/// What a device did to its used ring that it must not do. The queue is of no use afterwards: reset the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueueError {
    /// It used a chain that the queue cannot have.
    UsedIdOutOfRange {
        /// The id it gave.
        id: u32,
        /// Entries of the queue.
        size: u16,
    },
    /// It used a chain that it does not have: not the head of one, used already, or not made available yet.
    UsedIdNotInFlight {
        /// The id it gave.
        id: u32,
    },
    /// It claims to have written more than the writable part of the chain holds.
    UsedLength {
        /// The chain.
        id: u32,
        /// Bytes it claims.
        len: u32,
        /// Bytes of the writable part.
        writable: u64,
    },
    /// Its used index says that it used more chains than it has, or went backwards.
    UsedIndex {
        /// The index.
        idx: u16,
        /// Up to where the driver has looked.
        seen: u16,
        /// Chains that the device has.
        in_flight: u16,
    },
    /// With IN_ORDER, the used entry of a batch names a last chain that lies beyond what the used index shows.
    UsedBatch {
        /// The id it gave.
        id: u32,
        /// Chains up to and with that one.
        chains: u16,
        /// Chains that the used index shows.
        shown: u16,
    },
    /// It took back a descriptor of a packed ring that it had used.
    UsedTakenBack {
        /// The descriptor.
        index: u16,
    },
    /// Nothing: the queue was retired after a reset.
    Retired,
}

impl fmt::Display for QueueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UsedIdOutOfRange { id, size } => write!(f, "used id {id} outside the queue of {size}"),
            Self::UsedIdNotInFlight { id } => write!(f, "used id {id} is no chain that the device has"),
            Self::UsedLength { id, len, writable } => {
                write!(f, "used length {len} of chain {id} exceeds its {writable} writable bytes")
            }
            Self::UsedIndex { idx, seen, in_flight } => {
                write!(f, "used index {idx} is not within {in_flight} chains in flight after {seen}")
            }
            Self::UsedBatch { id, chains, shown } => {
                write!(f, "used id {id} ends a batch of {chains} chains, of which the used index shows {shown}")
            }
            Self::UsedTakenBack { index } => write!(f, "descriptor {index} was used, and is not any more"),
            Self::Retired => f.write_str("the queue was retired after a reset"),
        }
    }
}

impl core::error::Error for QueueError {}

/// Why a chain was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddErrorKind {
    /// Not enough descriptors are free now.
    Full {
        /// Descriptors needed.
        needed: usize,
        /// Descriptors free.
        free: u16,
    },
    /// The chain needs more descriptors than the queue has (VIRTIO 1.4 §2.7.5.3.1).
    TooLong {
        /// Descriptors needed.
        needed: usize,
        /// Entries of the queue.
        size: u16,
    },
    /// The chain has no segments.
    NoSegments,
    /// A segment is empty, longer than a descriptor can say, or makes the chain longer than 2^32 - 1 bytes (§2.7.5.2).
    BadSegment {
        /// Its index in the chain.
        index: usize,
        /// Its length in bytes.
        len: usize,
    },
    /// The platform could not share a segment.
    Share(
        /// Why.
        ShareError,
    ),
    /// Header or trailer are not as long as the room that the queue was set up with.
    Room {
        /// Header bytes given, and the queue's.
        header: (usize, u16),
        /// Trailer bytes given, and the queue's.
        trailer: (usize, u16),
    },
    /// The device misbehaved earlier, or the queue was retired.
    Queue(
        /// How.
        QueueError,
    ),
}

impl fmt::Display for AddErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Full { needed, free } => write!(f, "{needed} descriptors needed, {free} free"),
            Self::TooLong { needed, size } => write!(f, "{needed} descriptors needed, the queue has {size}"),
            Self::NoSegments => f.write_str("a chain needs at least one segment"),
            Self::BadSegment { index, len } => write!(f, "segment {index} of {len} bytes cannot be described"),
            Self::Share(e) => e.fmt(f),
            Self::Room { header, trailer } => write!(
                f,
                "header of {} bytes for room of {}, trailer of {} bytes for room of {}",
                header.0, header.1, trailer.0, trailer.1
            ),
            Self::Queue(e) => e.fmt(f),
        }
    }
}

/// A chain that was not added, and why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AddError<C> {
    /// The chain, as it was.
    pub chain: C,
    /// Why.
    pub kind: AddErrorKind,
}

impl<C> fmt::Debug for AddError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddError").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<C> fmt::Display for AddError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl<C> core::error::Error for AddError<C> {}

/// The proof is about another device instance, or another queue of the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongInstance {
    /// The queue.
    pub queue: QueueId,
    /// What was reset.
    pub proof: ResetProof,
}

impl fmt::Display for WrongInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} was not reset, but {:?}", self.queue, self.proof)
    }
}

impl core::error::Error for WrongInstance {}
