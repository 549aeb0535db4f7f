//! Virtqueues: ownership of buffers in flight, and the rings underneath.
//!
//! A buffer is *moved* into a queue as part of a [`Chain`] and comes back with its [`Completion`]; until then nobody but
//! the device can touch it. What the device says is checked where it enters and never changes what the driver
//! remembers: that is kept in private memory, one [`Slot`] an entry.

mod chain;
mod compose;
mod error;
mod flight;
mod ring;
mod slots;
mod split;

pub use chain::{Buffer, Buffers, Chain, Directed, ReadWrite, Readable, Writable};
pub use compose::{Either, Prefix, Tagged};
pub use error::{AddError, AddErrorKind, QueueError, WrongInstance};
pub use slots::{Slot, Slots};
pub use split::{Completion, Drain, QueueOptions, SplitQueue, Token};
