//! Device registers, and what a device is given through them.
//!
//! All `unsafe` code of the transports is here: access to registers in memory, the contracts of what lies behind
//! [`Transport`], and who may say that a device has let go of its memory.
#![allow(unsafe_code)]

mod any;
mod contract;
mod life;
pub mod mmio;
mod mmio_legacy;
pub mod pci;
#[cfg(feature = "probe")]
pub mod raw;
mod window;

pub use any::AnyTransport;
pub use contract::Transport;
pub(super) use life::Life;
pub use life::{InstanceId, QueueId, ResetProof};
pub use mmio_legacy::MmioLegacyTransport;
pub use window::{Notify, NotifyWidth, RegisterWindow, VolatileNotifier, VolatileWindow};
