//! The KVM machine, with guests made of a few bytes of machine code.
//!
//! A test that needs a usable /dev/kvm has a name that begins with `kvm`, and says so when it is left out.

mod foreign;
mod guest;
mod image;
mod interrupts;
mod kernel_errors;
mod mailbox;
mod opening;
mod outcomes;
mod pci;
mod random;
mod support;
