//! What the harness sees: events, the ring observer, trace recording and replay.

mod chain;
pub mod event;
mod hex;
pub mod log;
pub mod negotiated;
pub mod replay;
pub mod ring;
pub mod trace;

pub use event::{Event, EventKind};
pub use log::{EventLog, LogOptions};
pub use replay::{Replayed, replay};
pub use ring::RingObserver;
pub use trace::{RunHeader, TraceError, TraceWriter};
