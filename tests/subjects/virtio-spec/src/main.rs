//! A guest whose block and entropy drivers are small, and written on the register, ring and request types of `virtio-spec` 0.4, over
//! MMIO: what is judged is whether these types, used as they offer themselves, make a driver that keeps the rules.
//!
//! Boot, interrupts and memory are the library of the minimal guest; no driver of Parakit runs here.
#![cfg_attr(target_os = "none", no_std, no_main)]

#[cfg(target_os = "none")]
mod workloads;

#[cfg(target_os = "none")]
extern crate alloc;

#[cfg(target_os = "none")]
parakit_kernel::kernel! {
    subject: "virtio-spec 0.4.0",
    workloads: [workloads::NAMES],
    run: workloads::run,
}

#[cfg(not(target_os = "none"))]
fn main() -> std::process::ExitCode {
    eprintln!("This is a kernel: `cargo xtask harness --subject virtio-spec` builds it and runs it.");
    std::process::ExitCode::from(2)
}
