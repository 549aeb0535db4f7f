//! The raw driver: written straight from the specification, register write by register write, with nothing of the kit in it.
//!
//! It is deterministic (no threads; the device is stepped by hand) and made of named steps, so that a *mutant* is the same
//! script with one step broken.

mod chance;
mod driver;
mod function;
mod liberties;
mod lives;
pub mod loose;
mod loose_rings;
mod machine;
mod models;
mod neutral;
mod packed;
mod ring;
mod script;

pub use chance::Chance;
pub use driver::Driver;
pub use function::{Function, Place};
pub use machine::Machine;
pub use packed::{PackedRing, describe, packed_table};
pub use ring::{Areas, Buffer, Ring, indirect_table};
pub use script::{Script, Setting, Step};
