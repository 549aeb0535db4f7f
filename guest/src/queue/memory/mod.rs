//! Ring memory, and the memory that a ring points to: who owns it, and who may access it when.
//!
//! All `unsafe` code of the queues is here. It relies on two things that the queues see to: only
//! entries that were written are published, and a chain is reclaimed when the device has used it or was reset.
#![allow(unsafe_code)]

mod chain;
mod compose;
mod fence;
mod flight;
mod format;
mod packed;
mod room;
mod slots;
mod split;
#[cfg(test)]
mod tests;

pub use chain::{Buffer, Buffers, Chain, Directed, ReadWrite, Readable, Writable};
pub use compose::{Either, Prefix, Tagged};
#[cfg(parakit_mutate_no_barrier)]
pub use fence::MUTATED;
pub(super) use flight::Flight;
pub(super) use format::Format;
pub(super) use packed::{Event, PackedRing, Used, UsedPlace};
pub use slots::{Slot, Slots, WithTables};
pub(super) use split::SplitRing;
