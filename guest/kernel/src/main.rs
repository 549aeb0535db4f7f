//! The guest that exercises Parakit's drivers.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
use parakit_kernel::{Failure, KernelEnv, selftest};

#[cfg(target_os = "none")]
parakit_kernel::kernel! {
    subject: concat!("parakit ", env!("CARGO_PKG_VERSION")),
    workloads: [parakit_exercise::NAMES, selftest::NAMES],
    run: run,
}

#[cfg(target_os = "none")]
fn run(env: &KernelEnv, name: &str) -> Result<(), Failure> {
    match selftest::run(env, name) {
        Some(outcome) => outcome,
        None => parakit_exercise::run(env, name),
    }
}

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    eprintln!(
        "This is a kernel, not a program: build it for a bare target such as x86_64-unknown-none, or let `cargo xtask harness` do it."
    );
    std::process::ExitCode::from(2)
}
