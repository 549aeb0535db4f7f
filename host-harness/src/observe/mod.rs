//! What the harness sees: events, the ring observer, trace recording and replay.

pub mod accesses;
mod chain;
pub mod decode;
pub mod event;
mod flights;
mod hex;
pub mod lapses;
pub mod lives;
pub mod log;
pub mod negotiated;
mod packed;
pub mod replay;
pub mod ring;
mod split;
pub mod trace;
pub mod traffic;
mod unnotified;
mod unusable;

pub use event::{Event, EventKind};
pub use lapses::Lapses;
pub use log::{EventLog, LogOptions};
pub use replay::{Replayed, replay};
pub use ring::RingObserver;
pub use trace::{RunHeader, TraceError, TraceWriter};
pub use traffic::Traffic;
