//! The device side of a virtqueue: which chains there are, what they hold, and how they go back.

mod chain;
mod in_order;
mod packed;
mod request;
mod ring;
mod setup;
mod split;

pub use chain::{Chain, Done, Token};
pub use packed::PackedRing;
pub(crate) use request::zero;
pub use request::{Request, RequestFault};
pub use ring::{DeviceRing, UsedDesc};
pub use setup::{RingError, Setup};
pub use split::SplitRing;
