//! The workloads, by the names that the scenarios know; all of them over MMIO alone.

mod block;
mod device;
mod disk;
mod entropy;
mod ring;

use parakit_kernel::{Failure, KernelEnv};

/// Names of the workloads.
pub(crate) const NAMES: &[&str] =
    &["blk-read@mmio", "blk-rw@mmio", "blk-readonly@mmio", "many-inits@mmio", "entropy@mmio", "hostile@mmio"];

/// Runs the workload `name`.
pub(crate) fn run(env: &KernelEnv, name: &str) -> Result<(), Failure> {
    match name {
        "blk-read" => block::whole(env),
        "blk-rw" => block::random(env),
        "blk-readonly" => block::read_only(env),
        "many-inits" => block::many(env),
        "entropy" => entropy::entropy(env),
        "hostile" => block::hostile(env),
        _ => Err(Failure::Unknown),
    }
}
