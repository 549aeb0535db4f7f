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

mod env;
mod failure;

pub use env::Env;
pub use failure::Failure;

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
            let _ = env;
            match name {
                $($name => $function(env),)*
                _ => Err(Failure::Unknown),
            }
        }
    };
}

workloads! {}
