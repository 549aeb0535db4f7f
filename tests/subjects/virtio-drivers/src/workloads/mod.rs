//! The workloads, by the names that the scenarios know.

mod block;
mod change;
mod console;
mod disk;
mod entropy;
mod gpu;
mod hal;
mod hostile;
mod input;
mod net;
mod packet;
mod pci;
mod transport;
mod vsock;

use parakit_kernel::{Failure, KernelEnv};

/// Declares the workloads once: their names, and the function that runs each.
macro_rules! workloads {
    ($($name:literal => $function:path,)*) => {
        /// Names of the workloads.
        pub(crate) const NAMES: &[&str] = &[$($name,)*];

        /// Runs the workload `name`.
        pub(crate) fn run(env: &KernelEnv, name: &str) -> Result<(), Failure> {
            match name {
                $($name => $function(env),)*
                _ => Err(Failure::Unknown),
            }
        }
    };
}

workloads! {
    "blk-read" => block::whole,
    "blk-rw" => block::random,
    "blk-flush-discard" => block::requests,
    "blk-readonly" => block::read_only,
    "blk-timeout-reset" => change::reset,
    "many-inits" => change::many,
    "console-echo" => console::echo,
    "console-size" => console::size,
    "console-emergency" => console::emergency,
    "entropy" => entropy::entropy,
    "net-echo" => net::echo,
    "input-keys" => input::keys,
    "gpu-draw" => gpu::draw,
    "vsock-echo" => vsock::echo,
    "hostile" => hostile::hostile,
}
