//! Cross-crate tests: a driver written straight from the specification, and the mutants that the judge has to catch.

pub mod browser;
pub mod code;
pub mod device_mutants;
pub mod front_end;
pub mod fuzz;
pub mod images;
pub mod linux;
pub mod mutants;
pub mod proof;
pub mod qemu;
pub mod raw;
pub mod words;

pub mod command;

/// The examples of the guide compile.
#[cfg(doctest)]
#[doc = include_str!("../../docs/testing-your-kernel.md")]
struct TestingYourKernel;

use std::path::PathBuf;

/// Where the guest kernel is that `cargo xtask test` has built.
///
/// # Panics
/// If nobody said: run the tests with `cargo xtask test`, or build the kernel and set `PARAKIT_KERNEL`.
#[must_use]
pub fn kernel_path() -> PathBuf {
    std::env::var_os("PARAKIT_KERNEL")
        .expect("PARAKIT_KERNEL does not name a guest kernel: run this test with `cargo xtask test --only kvm`")
        .into()
}

/// Where the kernel of a subject is that `cargo xtask test` has built: `virtio-drivers` and the like.
///
/// # Panics
/// If nobody said: run the tests with `cargo xtask test`, or build the kernel and set `PARAKIT_SUBJECT_VIRTIO_DRIVERS`, and so on.
#[must_use]
pub fn subject_path(name: &str) -> PathBuf {
    let variable = format!("PARAKIT_SUBJECT_{}", name.to_uppercase().replace('-', "_"));
    std::env::var_os(&variable)
        .unwrap_or_else(|| {
            panic!("{variable} does not name a kernel: run this test with `cargo xtask test --only kvm`")
        })
        .into()
}
