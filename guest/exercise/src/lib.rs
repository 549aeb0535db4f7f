//! The driver-side half of Parakit's scenarios.
//!
//! A *workload* drives devices with the kit's drivers, verifies what it does, and records figures. The same code
//! runs in the minimal guest on KVM and in loopback, in one process with the device models: what differs is
//! the [`Env`].
//!
//! Workloads are chosen by name ([`run`]); what their parameters mean is said at each of them.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod block;
mod common;
mod console;
mod entropy;
mod env;
mod failure;
mod hostile;
pub mod pattern;
mod probe;
mod tally;

pub use block::write::written;
pub use common::{PATIENCE_MS, ensure, find, record};
pub use env::{Cpu, Env};
pub use failure::Failure;
pub use hostile::Outcome;
pub use tally::Tally;

/// Declares the workloads once: their names in [`NAMES`], and the function that [`run`] calls for each.
macro_rules! workloads {
    ($($name:literal => $function:path,)*) => {
        /// Names of the workloads.
        pub const NAMES: &[&str] = &[$($name,)*];

        /// Runs the workload `name`.
        ///
        /// # Errors
        /// [`Failure::Unknown`] when there is none of that name; [`Failure::Failed`] when it did not go as it should.
        pub fn run<E: Env>(env: &E, name: &str) -> Result<(), Failure> {
            match name {
                $($name => $function(env),)*
                _ => Err(Failure::Unknown),
            }
        }
    };
}

workloads! {
    "blk-read" => block::read::whole,
    "blk-rw" => block::write::random,
    "blk-sg" => block::write::scatter,
    "blk-flush-discard" => block::basics::requests,
    "blk-readonly" => block::basics::read_only,
    "blk-resize" => block::change::resize,
    "blk-qd32" => block::read::depth32,
    "blk-timeout-reset" => block::change::reset,
    "many-inits" => block::change::many,
    "blk-mq" => block::queues::several,
    "smp-share" => block::queues::share,
    "blk-queue-reset" => block::rings::queue_reset,
    "blk-suspend" => block::rings::suspend,
    "blk-indirect" => block::rings::indirect,
    "blk-wce" => block::rings::cache,
    "fat-touch" => block::write::touch,
    "console-echo" => console::echo,
    "console-size" => console::size,
    "console-emergency" => console::emergency,
    "console-terminal" => console::terminal,
    "entropy" => entropy::entropy,
    "hostile" => hostile::hostile,
    "probe-core" => probe::core,
    "probe-config" => probe::config,
    "probe-mmio" => probe::mmio,
    "probe-pci" => probe::pci,
    "probe-split" => probe::split,
    "probe-packed" => probe::packed,
    "probe-queue-reset" => probe::queue_reset,
    "probe-suspend" => probe::suspend,
    "probe-console" => probe::console,
    "probe-entropy" => probe::entropy,
    "probe-net" => probe::net,
    "probe-input" => probe::input,
    "probe-gpu" => probe::gpu,
    "probe-vsock" => probe::vsock,
}
