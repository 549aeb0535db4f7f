//! Virtqueues: ownership of buffers in flight, and the rings underneath.
//!
//! A buffer is *moved* into a queue as part of a [`Chain`] and comes back with its [`Completion`]; until then nobody but
//! the device can touch it. What the device says is checked where it enters and never changes what the driver
//! remembers: that is kept in private memory, one [`Slot`] an entry.

mod any;
mod error;
mod memory;
mod options;
mod packed;
mod split;

pub use any::{Drain, Queue};
pub use error::{AddError, AddErrorKind, QueueError, WrongInstance};
#[cfg(parakit_mutate_no_barrier)]
pub use memory::MUTATED;
pub use memory::{
    Buffer, Buffers, Chain, Directed, Either, Prefix, ReadWrite, Readable, Slot, Slots, Tagged, WithTables, Writable,
};
pub use options::{Completion, Notification, QueueOptions, RingFeatures, Token};
pub use packed::{PackedDrain, PackedQueue};
pub use split::{SplitDrain, SplitQueue};
