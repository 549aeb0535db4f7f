//! Ring memory, and the memory that a ring points to: who owns it, and who may access it when.
//!
//! All `unsafe` code of the queues is here. It relies on two things that [`SplitQueue`](super::SplitQueue) sees to: only
//! entries that were written are published, and a chain is reclaimed when the device has used it or was reset.
#![allow(unsafe_code)]

mod chain;
mod compose;
mod flight;
mod ring;
mod slots;
#[cfg(test)]
mod tests;

pub use chain::{Buffer, Buffers, Chain, Directed, ReadWrite, Readable, Writable};
pub use compose::{Either, Prefix, Tagged};
pub(super) use flight::Flight;
pub use slots::{Slot, Slots};
