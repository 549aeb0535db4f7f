//! What lies between the device's core and its transport.

use std::sync::Arc;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::transport::mmio;

use super::core::Core;
use crate::observe::EventKind;
use crate::observe::event::{PciInfo, TransportKind};
use crate::oddity::{Oddities, OddityKind};
use crate::transport::mmio::{Legacy, MmioPort};
use crate::transport::pci::{PciOptions, PciPort};
use crate::transport::vhost_user::{self, VhostUserPort};
use crate::transport::{Doorbell, InterruptLine};

/// How a device is reached, and how it interrupts.
#[derive(Clone)]
pub enum TransportOptions {
    /// Virtio over MMIO, version 2.
    Mmio {
        /// Guest-physical address of the register block, for doorbells.
        base: u64,
        /// Its interrupt.
        interrupt: Arc<dyn InterruptLine>,
    },
    /// Virtio over MMIO, version 1: a legacy device, without the features from bit 32 on.
    MmioLegacy {
        /// Guest-physical address of the register block, for doorbells.
        base: u64,
        /// Its interrupt.
        interrupt: Arc<dyn InterruptLine>,
    },
    /// Virtio over PCI.
    Pci(PciOptions),
    /// vhost-user: behind a VMM of somebody else's.
    VhostUser,
}

/// A transport's own state.
pub(crate) enum Port {
    Mmio(MmioPort),
    Pci(Box<PciPort>),
    VhostUser(VhostUserPort),
}

/// Why a device interrupts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Buffers of this queue were used.
    Queue(usize),
    /// The configuration changed, or the device needs a reset.
    Config,
}

impl Port {
    /// `config`: bytes of the device's configuration space.
    pub(crate) fn new(
        options: TransportOptions,
        oddities: &Oddities,
        device_type: DeviceType,
        queues: usize,
        config: usize,
    ) -> Self {
        match options {
            TransportOptions::Mmio { base, interrupt } => Self::Mmio(MmioPort { base, interrupt, legacy: None }),
            TransportOptions::MmioLegacy { base, interrupt } => {
                Self::Mmio(MmioPort { base, interrupt, legacy: Some(Legacy::new(queues)) })
            }
            TransportOptions::Pci(options) => {
                Self::Pci(Box::new(PciPort::new(options, oddities, device_type, queues, config)))
            }
            TransportOptions::VhostUser => Self::VhostUser(VhostUserPort::new(queues)),
        }
    }

    pub(crate) fn kind(&self) -> TransportKind {
        match self {
            Self::Mmio(port) if port.legacy.is_some() => TransportKind::MmioLegacy,
            Self::Mmio(_) => TransportKind::Mmio,
            Self::Pci(_) => TransportKind::Pci,
            Self::VhostUser(_) => TransportKind::VhostUser,
        }
    }

    /// The features that the device can have here, of those that it has.
    pub(crate) fn features(&self, all: Features) -> Features {
        match self {
            Self::Mmio(port) if port.legacy.is_some() => all.and(Legacy::FEATURES),
            Self::Mmio(_) => all.without(Features::bit(feature::NOTIF_CONFIG_DATA)),
            Self::Pci(_) => all,
            Self::VhostUser(_) => all.and(vhost_user::POSSIBLE),
        }
    }

    /// The function, over PCI.
    pub(crate) fn pci_info(&self) -> Option<PciInfo> {
        match self {
            Self::Mmio(_) | Self::VhostUser(_) => None,
            Self::Pci(port) => Some(port.info()),
        }
    }

    /// The write that notifies `queue`, where the machine could take it.
    pub(crate) fn doorbell(&self, queue: u16, accepted: Features) -> Option<Doorbell> {
        match self {
            Self::Mmio(port) => Some(port.doorbell(queue)),
            Self::Pci(port) => port.doorbell(queue, accepted),
            // It brings one with it.
            Self::VhostUser(_) => None,
        }
    }
}

impl Core {
    /// The raw event of a notification that a doorbell took.
    pub(crate) fn raw_doorbell(&self, queue: u16) {
        let raw = match &self.port {
            Port::Mmio(port) => Some(port.raw_doorbell(queue)),
            Port::Pci(port) => port.raw_doorbell(queue, self.accepted),
            Port::VhostUser(_) => None,
        };
        if let Some(raw) = raw {
            self.emit(raw);
        }
    }

    /// Whether the device may reach memory at all.
    pub(crate) fn is_master(&self) -> bool {
        match &self.port {
            Port::Mmio(_) | Port::VhostUser(_) => true,
            Port::Pci(port) => port.is_master(),
        }
    }

    /// Sets the reason and interrupts.
    pub(crate) fn raise(&mut self, cause: Cause) {
        match &self.port {
            Port::Mmio(_) => self.interrupt_status |= cause.reason(),
            Port::Pci(_) => self.note_reason(cause),
            Port::VhostUser(_) => {}
        }
        if self.oddities.has(OddityKind::NoInterrupts) {
            if self.oddities.first(OddityKind::NoInterrupts) {
                self.provoke(OddityKind::NoInterrupts);
            }
            return;
        }
        self.interrupt(cause, false);
    }

    /// The reasons in `value` are done with.
    pub(crate) fn acknowledge(&mut self, value: u32) {
        self.interrupt_status &= !value;
        if let Port::Mmio(port) = &self.port
            && self.interrupt_status == 0
        {
            port.interrupt.acknowledged();
        }
    }

    /// Interrupts with nothing to announce.
    pub(crate) fn raise_spurious(&mut self) {
        self.interrupt(Cause::Config, true);
    }

    fn interrupt(&mut self, cause: Cause, spurious: bool) {
        match &self.port {
            Port::Mmio(port) => {
                let line = Arc::clone(&port.interrupt);
                let reasons = if spurious { 0 } else { cause.reason() };
                self.emit(EventKind::Interrupt { reasons, spurious });
                self.interrupts += 1;
                line.raise();
            }
            Port::Pci(_) => self.pci_interrupt(cause, spurious),
            Port::VhostUser(port) => {
                let queue = match cause {
                    Cause::Queue(queue) => queue,
                    Cause::Config if spurious => 0,
                    // The front end answers for the configuration, and is told nothing.
                    Cause::Config => return,
                };
                port.call(queue);
                let reasons = if spurious { 0 } else { cause.reason() };
                self.emit(EventKind::Interrupt { reasons, spurious });
                self.interrupts += 1;
            }
        }
    }
}

impl Cause {
    /// Its bit in the interrupt status, which is the same for MMIO (§4.2.2) and in the ISR of PCI (§4.1.4.5).
    pub(crate) fn reason(self) -> u32 {
        match self {
            Self::Queue(_) => mmio::INTERRUPT_USED_BUFFER,
            Self::Config => mmio::INTERRUPT_CONFIG_CHANGE,
        }
    }
}
