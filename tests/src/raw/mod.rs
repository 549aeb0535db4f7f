//! The raw driver: written straight from the specification, register write by register write, with nothing of the kit in it.
//!
//! It is deterministic (no threads; the device is stepped by hand) and made of named steps, so that a *mutant* is the same
//! script with one step broken.

mod chance;
mod driver;
mod liberties;
pub mod loose;
mod machine;
mod models;
mod ring;
mod script;

pub use chance::Chance;
pub use driver::Driver;
pub use machine::Machine;
pub use ring::{Buffer, Ring, indirect_table};
pub use script::{Script, Setting, Step};
