//! The KVM machine, with guests made of a few bytes of machine code, and with Parakit's own kernel.
//!
//! What needs a usable /dev/kvm, or the kernel (`PARAKIT_KERNEL`, which `cargo xtask test` sets), says so when it is left out.

mod guest;
mod image;
mod interrupts;
mod kernel_errors;
mod kernel_runs;
mod kvm_errors;
mod mailbox;
mod outcomes;
mod support;
