//! The paravirtual driver kit: virtio front ends that an OS embeds.
//!
//! `no_std`; works without `alloc` (feature `alloc`, on by default, adds buffers and slots on the heap).
//!
//! - [`platform`]: what the OS provides. One unsafe trait to implement.
//! - [`transport`]: finding a device and bringing it up, as types that follow one another.
//! - [`queue`]: virtqueues that own the buffers in flight.
//! - [`device`]: drivers for block devices, consoles and entropy sources.
//! - [`adapter`]: what an OS has for other crates already, made use of here.
//!
//! No device can corrupt, hang or panic a driver built on these: every value that comes from one is checked where it
//! enters and turned into an error that says what the device did. (A device that can write anywhere in memory is for
//! an IOMMU to stop.)
//!
//! # Where `unsafe` is
//!
//! `platform` (the contract with the OS, and what it hands out), `queue::memory` (rings, and ownership of the buffers that
//! they point to), `transport::registers` (device registers, and what a device is given through them), and `adapter`
//! (platforms made of what other crates have). Everywhere else the compiler refuses it: drivers, bring-up and the logic
//! of queues are safe code.
#![no_std]
#![deny(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub use parakit_abi as abi;

pub mod adapter;
pub mod device;
pub mod platform;
pub mod queue;
pub mod transport;

pub use platform::Platform;
pub use queue::{Queue, SplitQueue};
pub use transport::{AnyTransport, Device, MmioTransport, Notify, PciTransport, RegisterWindow, Transport};

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
