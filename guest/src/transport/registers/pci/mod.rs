//! Virtio over PCI, its modern interface (VIRTIO 1.4 §4.1).
//!
//! An OS finds functions with [`scan`], through whatever [`ConfigAccess`] its machine has, and makes a [`PciTransport`] of
//! each that is a virtio device:
//!
//! ```
//! use parakit::{Device, Platform, RegisterWindow, transport::{StartError, Transport, VolatileWindow, pci::*}};
//!
//! # use parakit::transport::Negotiating;
//! /// # Safety
//! /// `ecam` is the configuration space of a host bridge whose functions nobody else uses, and `ranges` are addresses that it
//! /// gives to BARs.
//! unsafe fn find<P: Platform + Clone>(
//!     platform: P,
//!     ecam: VolatileWindow,
//!     ranges: &mut AddressRanges,
//!     messages: &[Message],
//! ) -> Result<Vec<Device<P, PciTransport<VolatileWindow>, Negotiating>>, Box<dyn std::error::Error>> {
//!     let config = Ecam::new(ecam);
//!     let windows = MapBars(platform.clone());
//!     let mut devices = Vec::new();
//!     for function in scan(&config).filter(|function| function.device_type().is_some()) {
//!         // SAFETY: promised by the caller; there is one transport for each function.
//!         let transport = unsafe { PciTransport::new(&config, &function, ranges, &windows, messages) }?;
//!         devices.push(Device::start(platform.clone(), transport)?);
//!     }
//!     Ok(devices)
//! }
//! ```
//!
//! # Interrupts
//!
//! With MSI-X, the OS gives the transport [`Message`]s, one a vector, and routes each where it likes: to the CPU that works
//! with that queue. Vector 0 is for configuration changes and vector 1 + `i` for queue `i`; where there are fewer, queues share
//! what there is, in turn. What the device made of it, [`Device::vector_of`](crate::Device::vector_of) says.
//! The handler of vector `v` calls the driver's `handle_vector(v)`, or [`Device::acknowledge_vector`](crate::Device::acknowledge_vector),
//! which accesses no register. `handle_interrupt`, which does not know the vector, is right too; it takes each interrupt for
//! both a used buffer and a change of the configuration.
//!
//! Without messages, or without MSI-X, the function asserts its pin: route it as a level-triggered interrupt, and call
//! `handle_interrupt`, whose read of the ISR status lets go of the pin. Several functions may share one.

mod access;
mod bar;
mod capability;
mod cfg_window;
mod common;
mod error;
mod msix;
mod port_window;
mod ranges;
mod scan;
mod transport;
mod window;

pub use access::{ConfigAccess, Ecam, Mechanism1, Ports};
pub use bar::{BarFault, reserve_bars};
pub use capability::CapabilityFault;
pub use cfg_window::{CfgNotifier, CfgWindow, CfgWindows};
pub use error::PciError;
pub use msix::{Event, Message, MsixFault, VectorError};
pub use parakit_abi::transport::pci::FunctionAddress;
pub use port_window::{BarNotifier, BarWindow, MapBarsAndPorts, PortNotifier, PortWindow};
pub use ranges::AddressRanges;
pub use scan::{Function, Scan, scan};
pub use transport::{InterruptMode, PciTransport};
pub use window::{BarRegion, BarWindows, MapBars, Space};
