//! Transports: how a driver reaches a device's registers, and the order in which a device is brought up.
//!
//! [`Transport`] is what MMIO ([`MmioTransport`], and [`MmioLegacyTransport`] for version 1) and [PCI](pci) have in common;
//! [`AnyTransport`] is one of them, chosen at run time. [`Device`] is the bring-up of VIRTIO 1.4 §3.1.1 as types that follow one
//! another, the same for each transport:
//!
//! ```text
//! MmioTransport::probe(window) -> Device::start(platform, transport)      reset, waited for; ACKNOWLEDGE; DRIVER
//!   -> Device<Negotiating>     .offered()  .negotiate(supported, required)   FEATURES_OK, read back
//!   -> Device<FeaturesOk>      .queue(..)  .config_read(..)  .driver_ok()    DRIVER_OK
//!   -> Device<Live>            .notifier(..)  .acknowledge_interrupt()  .reset_queue(..)  .suspend()  .reset()
//! ```
//!
//! A whole driver for the entropy device (VIRTIO 1.4 §5.4), outside of the kit:
//!
//! ```
//! use parakit::{
//!     Device, MmioTransport, Notify, Platform, Queue,
//!     abi::{device::DeviceType, feature::Features},
//!     queue::{QueueOptions, Slot, Writable},
//!     transport::{Live, SUPPORTED, VolatileWindow},
//! };
//!
//! type Request = Writable<Vec<u8>>;
//!
//! struct Entropy<P: Platform> {
//!     device: Device<P, MmioTransport<VolatileWindow>, Live>,
//!     queue: Queue<P, Request, [Slot<Request>; 8]>,
//! }
//!
//! impl<P: Platform + Clone> Entropy<P> {
//!     fn new(platform: P, window: VolatileWindow) -> Result<Option<Self>, Box<dyn std::error::Error>> {
//!         let Some(transport) = MmioTransport::probe(window)? else { return Ok(None) };
//!         let device = Device::start(platform, transport)?;
//!         if device.device_type() != DeviceType::ENTROPY {
//!             device.fail();
//!             return Ok(None);
//!         }
//!         let mut device = device.negotiate(SUPPORTED, Features::NONE)?;
//!         let queue = device.queue(0, [const { Slot::EMPTY }; 8], QueueOptions::default())?;
//!         Ok(Some(Self { device: device.driver_ok(), queue }))
//!     }
//!
//!     fn request(&mut self, buffer: Vec<u8>) -> Result<(), Vec<u8>> {
//!         self.queue.add(Writable(buffer)).map_err(|e| e.chain.0)?;
//!         if let Some(notification) = self.queue.publish() {
//!             self.device.notifier(0).notify(notification); // a real driver keeps the notifier
//!         }
//!         Ok(())
//!     }
//!
//!     fn poll(&mut self) -> Result<Option<Vec<u8>>, parakit::queue::QueueError> {
//!         Ok(self.queue.poll()?.map(|done| {
//!             let mut bytes = done.chain.0;
//!             bytes.truncate(done.written as usize); // never longer than the buffer: the queue has checked it
//!             bytes
//!         }))
//!     }
//! }
//!
//! impl<P: Platform> Drop for Entropy<P> {
//!     fn drop(&mut self) {
//!         // Without this the queue leaks its memory, which is safe: the device might still write to it.
//!         if let Ok(proof) = self.device.quiesce() {
//!             let _ = self.queue.retire(&proof);
//!         }
//!     }
//! }
//! ```
//!
//! What is out of order does not compile: no queue before the device has confirmed the features,
//!
//! ```compile_fail,E0599
//! # use parakit::{*, queue::*, transport::*};
//! fn early<P: Platform + Clone, T: Transport>(mut device: Device<P, T, Negotiating>) {
//!     let _ = device.queue::<Writable<Vec<u8>>, _>(0, [Slot::EMPTY], QueueOptions::default());
//! }
//! ```
//!
//! no notification before DRIVER_OK,
//!
//! ```compile_fail,E0599
//! # use parakit::{*, transport::*};
//! fn early<P: Platform, T: Transport>(device: &Device<P, T, FeaturesOk>) {
//!     device.notifier(0).notify(Default::default());
//! }
//! ```
//!
//! and no writing of the configuration while features are negotiated:
//!
//! ```compile_fail,E0599
//! # use parakit::{*, transport::*, abi::device::ConfigField};
//! fn early<P: Platform, T: Transport>(device: &mut Device<P, T, Negotiating>, field: &ConfigField) {
//!     let _ = device.config_write(field, 0u8);
//! }
//! ```

pub mod config;
mod device;
mod error;
mod features;
mod live;
mod registers;
mod shared_memory;

use parakit_abi::feature::Features;

pub use config::{ConfigError, ConfigReader, ConfigValue};
pub use device::{Device, FeaturesOk, Negotiating, Reset, ResetResult, Resetting, Started};
pub use error::{FeatureError, QueueResetError, QueueSetupError, StartError, SuspendError, WaitError};
pub use features::{FEATURE_TABLE, FeatureSupport, LEGACY_FEATURES, MMIO_FEATURES, PCI_FEATURES, SUPPORTED};
pub use live::{Live, SuspendResult, Suspended};
pub use mmio::{MmioTransport, ProbeError};
pub use pci::PciTransport;
pub use registers::{
    AnyTransport, InstanceId, MmioLegacyTransport, Notify, NotifyWidth, QueueId, RegisterWindow, ResetProof, Transport,
    VolatileNotifier, VolatileWindow, mmio, pci,
};
pub use shared_memory::{SharedMemory, SharedMemoryError};

#[cfg(feature = "probe")]
pub use registers::raw;

use crate::platform::DeviceAddress;

/// Bits that belong to the device type (VIRTIO 1.4 §2.2): 0 to 23, 41, 42 and 50 to 127.
pub(crate) const DEVICE_SPECIFIC: Features = {
    let low = (1 << 24) - 1;
    let high = !((1 << 50) - 1);
    Features(low | high | 1 << 41 | 1 << 42)
};

/// Where the three areas of a queue are, as the device sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueAddresses {
    /// Descriptor area: the descriptor table.
    pub descriptor: DeviceAddress,
    /// Driver area: the available ring.
    pub driver: DeviceAddress,
    /// Device area: the used ring.
    pub device: DeviceAddress,
}

/// Why a device interrupted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interrupt {
    /// Buffers may have been used, in any of its queues.
    pub used_buffer: bool,
    /// The configuration space changed (or the device needs a reset: see [`Device::needs_reset`]).
    pub config_change: bool,
}
