//! A guest that exercises the drivers of `virtio-drivers` 0.13, with that crate's own transports, under the scenarios of Parakit's
//! own drivers: workloads of the same names do the same, as far as that crate's interface lets them.
//!
//! Boot, interrupts and memory are the library of the minimal guest; no driver of Parakit runs here.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod workloads;

#[cfg(target_os = "none")]
extern crate alloc;

#[cfg(target_os = "none")]
parakit_kernel::kernel! {
    subject: "virtio-drivers 0.13.0",
    workloads: [workloads::NAMES],
    run: workloads::run,
}

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    eprintln!("This is a kernel: `cargo xtask harness --subject virtio-drivers` builds it and runs it.");
    std::process::ExitCode::from(2)
}
