//! Transports: how a driver reaches a device's registers, and the order in which a device is brought up.
//!
//! [`Transport`] is what MMIO (and PCI, later) have in common; [`Device`] is the bring-up of VIRTIO 1.4 §3.1.1 as types
//! that follow one another, the same for each transport:
//!
//! ```text
//! MmioTransport::probe(window) -> Device::start(platform, transport)      reset, waited for; ACKNOWLEDGE; DRIVER
//!   -> Device<Negotiating>     .offered()  .negotiate(supported, required)   FEATURES_OK, read back
//!   -> Device<FeaturesOk>      .queue(..)  .config_read(..)  .driver_ok()    DRIVER_OK
//!   -> Device<Live>            .notifier(..)  .acknowledge_interrupt()  .reset()
//! ```
//!
//! A whole driver for the entropy device (VIRTIO 1.4 §5.4), outside of the kit:
//!
//! ```
//! use parakit::{
//!     Device, MmioTransport, Notify, Platform, SplitQueue,
//!     abi::{device::DeviceType, feature::Features},
//!     queue::{QueueOptions, Slot, Writable},
//!     transport::{Live, SUPPORTED, VolatileWindow},
//! };
//!
//! type Request = Writable<Vec<u8>>;
//!
//! struct Entropy<P: Platform> {
//!     device: Device<P, MmioTransport<VolatileWindow>, Live>,
//!     queue: SplitQueue<P, Request, [Slot<Request>; 8]>,
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
//!         if self.queue.publish() {
//!             self.device.notifier(0).notify(); // a real driver keeps the notifier
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
//!     device.notifier(0).notify();
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
pub mod mmio;
mod register;

use parakit_abi::{
    device::DeviceType,
    feature::{self, Features},
    status::DeviceStatus,
};

pub use config::{ConfigError, ConfigReader, ConfigValue};
pub use device::{
    Device, FeaturesOk, InstanceId, Live, Negotiating, Reset, ResetProof, ResetResult, Resetting, Started,
};
pub use error::{FeatureError, QueueSetupError, StartError, WaitError};
pub use mmio::{MmioTransport, ProbeError};
pub use register::{Notify, RegisterWindow, VolatileNotifier, VolatileWindow};

use crate::platform::DeviceAddress;

/// Device-independent features that the kit implements. A driver adds its device's to make what it passes to
/// [`Device::negotiate`], or leaves some out.
///
/// `ACCESS_PLATFORM` is among them because every address the kit gives to a device comes from
/// [`Platform`](crate::platform::Platform); `ORDER_PLATFORM` where the order between processors is also the one that
/// hardware sees (x86).
pub const SUPPORTED: Features = {
    let always = Features::of(&[feature::VERSION_1, feature::EVENT_IDX, feature::ACCESS_PLATFORM]);
    let x86 = cfg!(any(target_arch = "x86", target_arch = "x86_64"));
    if x86 { always.with(Features::bit(feature::ORDER_PLATFORM)) } else { always }
};

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

/// The registers of one device, whatever they lie behind. Drivers use [`Device`] instead, which gets the order right.
///
/// Values that come from the device are passed on unchecked.
///
/// # Safety
/// A value is the only way to its device while it exists. `enable_queue` gives the device exactly these addresses;
/// `status` and `set_status` reach the device and not a copy; nothing but `enable_queue` gives a device memory.
#[allow(unsafe_code)] // A contract; nothing unsafe is done here.
pub unsafe trait Transport {
    /// What [`notifier`](Self::notifier) returns.
    type Notifier: Notify;

    /// The device type; never 0.
    fn device_type(&self) -> DeviceType;
    /// Reads the status field.
    fn status(&self) -> DeviceStatus;
    /// Writes the status field; 0 asks for a reset.
    fn set_status(&mut self, status: DeviceStatus);
    /// Reads all 128 offered feature bits.
    fn offered_features(&mut self) -> Features;
    /// Writes all 128 accepted feature bits.
    fn accept_features(&mut self, features: Features);

    /// Reads the generation of the configuration space.
    fn config_generation(&self) -> u32;
    /// Bytes of configuration space that can be reached.
    fn config_len(&self) -> u32;
    /// Reads one byte at `offset` of the configuration space; all ones outside of it.
    fn config_read8(&self, offset: u32) -> u8;
    /// Reads an aligned little-endian 16-bit value.
    fn config_read16(&self, offset: u32) -> u16;
    /// Reads an aligned little-endian 32-bit value.
    fn config_read32(&self, offset: u32) -> u32;
    /// Writes one byte; nothing happens outside of the configuration space.
    fn config_write8(&mut self, offset: u32, value: u8);
    /// Writes an aligned 16-bit value as little-endian.
    fn config_write16(&mut self, offset: u32, value: u16);
    /// Writes an aligned 32-bit value as little-endian.
    fn config_write32(&mut self, offset: u32, value: u32);

    /// Selects queue `queue` and reads whether it is in use; if it is not, reads its largest size, which is 0 when there
    /// is no such queue. `None` when it is in use.
    fn queue_max_size(&mut self, queue: u16) -> Option<u32>;
    /// Sets up queue `queue`, which was not in use, and lets the device use it.
    ///
    /// # Safety
    /// The addresses are those of a virtqueue of `size` entries that stays valid until the device was reset, and the
    /// device may access what its descriptors point to.
    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses);
    /// What notifies the device that queue `queue` has new buffers. The offset is looked up here, once.
    fn notifier(&self, queue: u16) -> Self::Notifier;

    /// Reads why the device interrupts and acknowledges that, before any ring is looked at (so that a buffer used
    /// afterwards interrupts again).
    fn acknowledge_interrupt(&self) -> Interrupt;
}
