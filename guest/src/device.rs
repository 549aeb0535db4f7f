//! Drivers, one a device type, on the public interface of [`transport`](crate::transport) and
//! [`queue`](crate::queue): a driver for another type can be written outside of this crate in the same way, as
//! `examples/own_driver.rs` shows.

pub mod block;
pub mod console;
pub mod entropy;
mod phase;
mod share;
mod table;

pub use share::Share;
