//! A transport that is known at run time only.

use parakit_abi::{device::DeviceType, feature::Features, status::DeviceStatus};

use super::{
    RegisterWindow, Transport,
    mmio::{MmioTransport, ProbeError},
    mmio_legacy::{self, MmioLegacyTransport},
    pci::{Event, PciTransport, VectorError},
};
use crate::transport::{Interrupt, QueueAddresses, QueueSetupError, SharedMemory, SharedMemoryError};

/// Any of the kit's transports: for an OS whose drivers are compiled once for all of them.
///
/// ```
/// # use parakit::{device::entropy::Entropy, platform::Platform, transport::*};
/// # fn demo<P: Platform + Clone>(platform: P, window: VolatileWindow) -> Result<(), Box<dyn core::error::Error>> {
/// let transport = MmioTransport::probe(window)?.ok_or("no device")?;
/// let device = Device::start(platform, AnyTransport::from(transport))?;
/// let source = Entropy::new(device)?; // the same type, whatever the transport is
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "one value a device; there may be no heap to put the larger one on")]
pub enum AnyTransport<W: RegisterWindow> {
    /// Virtio over MMIO, version 2.
    Mmio(MmioTransport<W>),
    /// Virtio over MMIO, version 1.
    MmioLegacy(MmioLegacyTransport<W>),
    /// Virtio over PCI.
    Pci(PciTransport<W>),
}

impl<W: RegisterWindow> AnyTransport<W> {
    /// Looks for a device in an MMIO register block, of either version; see [`MmioTransport::probe`].
    ///
    /// # Errors
    /// As for [`MmioTransport::probe`].
    pub fn probe_mmio(window: W) -> Result<Option<Self>, ProbeError> {
        if mmio_legacy::is_legacy(&window) {
            return Ok(MmioLegacyTransport::probe(window)?.map(Self::MmioLegacy));
        }
        Ok(MmioTransport::probe(window)?.map(Self::Mmio))
    }
}

impl<W: RegisterWindow> From<MmioTransport<W>> for AnyTransport<W> {
    fn from(transport: MmioTransport<W>) -> Self {
        Self::Mmio(transport)
    }
}

impl<W: RegisterWindow> From<MmioLegacyTransport<W>> for AnyTransport<W> {
    fn from(transport: MmioLegacyTransport<W>) -> Self {
        Self::MmioLegacy(transport)
    }
}

impl<W: RegisterWindow> From<PciTransport<W>> for AnyTransport<W> {
    fn from(transport: PciTransport<W>) -> Self {
        Self::Pci(transport)
    }
}

macro_rules! each {
    ($self:ident, $transport:ident => $call:expr) => {
        match $self {
            AnyTransport::Mmio($transport) => $call,
            AnyTransport::MmioLegacy($transport) => $call,
            AnyTransport::Pci($transport) => $call,
        }
    };
}

// SAFETY: every method goes to the one transport inside.
unsafe impl<W: RegisterWindow> Transport for AnyTransport<W> {
    type Notifier = W::Notifier;

    fn device_type(&self) -> DeviceType {
        each!(self, t => t.device_type())
    }
    fn supported(&self) -> Features {
        each!(self, t => t.supported())
    }
    fn is_legacy(&self) -> bool {
        each!(self, t => t.is_legacy())
    }
    fn status(&self) -> DeviceStatus {
        each!(self, t => t.status())
    }
    fn set_status(&mut self, status: DeviceStatus) {
        each!(self, t => t.set_status(status))
    }
    fn offered_features(&mut self) -> Features {
        each!(self, t => t.offered_features())
    }
    fn accept_features(&mut self, features: Features) {
        each!(self, t => t.accept_features(features))
    }
    fn map_config_interrupt(&mut self) -> Result<(), VectorError> {
        each!(self, t => t.map_config_interrupt())
    }
    fn config_generation(&self) -> Option<u32> {
        each!(self, t => t.config_generation())
    }
    fn config_len(&self) -> u32 {
        each!(self, t => t.config_len())
    }
    fn config_read8(&self, offset: u32) -> u8 {
        each!(self, t => t.config_read8(offset))
    }
    fn config_read16(&self, offset: u32) -> u16 {
        each!(self, t => t.config_read16(offset))
    }
    fn config_read32(&self, offset: u32) -> u32 {
        each!(self, t => t.config_read32(offset))
    }
    fn config_write8(&mut self, offset: u32, value: u8) {
        each!(self, t => t.config_write8(offset, value))
    }
    fn config_write16(&mut self, offset: u32, value: u16) {
        each!(self, t => t.config_write16(offset, value))
    }
    fn config_write32(&mut self, offset: u32, value: u32) {
        each!(self, t => t.config_write32(offset, value))
    }
    fn queue_max_size(&mut self, queue: u16) -> Result<u16, QueueSetupError> {
        each!(self, t => t.queue_max_size(queue))
    }
    unsafe fn enable_queue(&mut self, queue: u16, size: u16, addresses: QueueAddresses) -> Result<(), QueueSetupError> {
        // SAFETY: the caller's promise is about the same device.
        each!(self, t => unsafe { t.enable_queue(queue, size, addresses) })
    }
    fn start_queue_reset(&mut self, queue: u16) {
        each!(self, t => t.start_queue_reset(queue))
    }
    fn queue_reset_reads(&self) -> u32 {
        each!(self, t => t.queue_reset_reads())
    }
    fn queue_enabled_reads(&self) -> u32 {
        each!(self, t => t.queue_enabled_reads())
    }
    fn notifier(&self, queue: u16) -> W::Notifier {
        each!(self, t => t.notifier(queue))
    }
    fn vector_of(&self, event: Event) -> Option<u16> {
        each!(self, t => t.vector_of(event))
    }
    fn acknowledge_interrupt(&self) -> Interrupt {
        each!(self, t => t.acknowledge_interrupt())
    }
    fn acknowledge_vector(&self, vector: u16) -> Interrupt {
        each!(self, t => t.acknowledge_vector(vector))
    }
    fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
        each!(self, t => t.shared_memory(id))
    }
}
