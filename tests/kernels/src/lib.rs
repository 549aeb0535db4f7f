//! What the test kernels share: they boot through PVH into 64-bit ring 0, print on the serial port, find virtio block devices over MMIO
//! (on the command line) or PCI, and drive them with a driver written straight from the specification, one step after the other, polling.
//!
//! Nothing here is Parakit's: the harness is to judge what it does not know.
#![cfg_attr(target_os = "none", no_std)]

#[cfg(target_os = "none")]
mod boot;
#[cfg(target_os = "none")]
pub mod console;
#[cfg(target_os = "none")]
pub mod driver;
#[cfg(target_os = "none")]
mod mmio;
#[cfg(target_os = "none")]
mod pci;
#[cfg(target_os = "none")]
pub mod port;

#[cfg(target_os = "none")]
pub use boot::command_line;

/// A kernel, or on the host a sentence.
#[macro_export]
macro_rules! test_kernel {
    ($main:path) => {
        #[cfg(target_os = "none")]
        #[unsafe(no_mangle)]
        extern "C" fn kernel_main() -> ! {
            $main()
        }

        #[cfg(not(target_os = "none"))]
        fn main() -> std::process::ExitCode {
            eprintln!(
                "This is a kernel, not a program: build it for x86_64-unknown-none, or let `cargo xtask test` do it."
            );
            std::process::ExitCode::from(2)
        }
    };
}
