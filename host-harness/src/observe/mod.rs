//! What the harness sees: events, the ring observer, trace recording and replay.

pub mod event;

pub use event::{Event, EventKind};
