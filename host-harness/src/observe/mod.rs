//! What the harness sees: events, the ring observer, trace recording and replay.

mod chain;
pub mod event;
pub mod log;
pub mod ring;

pub use event::{Event, EventKind};
pub use log::{EventLog, LogOptions};
pub use ring::RingObserver;
