//! The device side of a split virtqueue: which chains there are, what they hold, and how they go back.

mod request;
mod ring;

pub(crate) use request::zero;
pub use request::{Request, RequestFault};
pub use ring::{Chain, Ring, RingError, Setup};
