//! What lies between the device's core and its transport.

use std::sync::Arc;

use super::core::Core;
use crate::observe::EventKind;
use crate::observe::event::TransportKind;
use crate::transport::mmio::MmioPort;
use crate::transport::{Doorbell, InterruptLine};

/// How a device is reached, and how it interrupts.
pub enum TransportOptions {
    /// Virtio over MMIO, version 2.
    Mmio {
        /// Guest-physical address of the register block, for doorbells.
        base: u64,
        /// Its interrupt.
        interrupt: Arc<dyn InterruptLine>,
    },
}

/// A transport's own state.
pub(crate) enum Port {
    Mmio(MmioPort),
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
    pub(crate) fn new(options: TransportOptions) -> Self {
        match options {
            TransportOptions::Mmio { base, interrupt } => Self::Mmio(MmioPort { base, interrupt }),
        }
    }

    pub(crate) fn kind(&self) -> TransportKind {
        match self {
            Self::Mmio(_) => TransportKind::Mmio,
        }
    }

    /// The write that notifies `queue`, where the machine could take it.
    pub(crate) fn doorbell(&self, queue: u16) -> Option<Doorbell> {
        match self {
            Self::Mmio(port) => Some(port.doorbell(queue)),
        }
    }
}

impl Core {
    /// The raw event of a notification that a doorbell took.
    pub(crate) fn raw_doorbell(&self, bell: Doorbell) {
        let value = u64::from(bell.value.unwrap_or(0));
        match &self.port {
            Port::Mmio(port) => {
                let offset = bell.address - port.base;
                self.emit(EventKind::Register { write: true, offset, width: bell.width, value });
            }
        }
    }

    /// Tells the driver.
    pub(crate) fn signal_driver(&mut self, cause: Cause, spurious: bool) {
        match &self.port {
            Port::Mmio(port) => {
                let reasons = if spurious { 0 } else { cause.reason() };
                let line = Arc::clone(&port.interrupt);
                self.emit(EventKind::Interrupt { reasons, spurious });
                self.interrupts += 1;
                line.raise();
            }
        }
    }
}

impl Cause {
    /// Its bit in the interrupt status, which is the same for MMIO (§4.2.2) and in the ISR of PCI (§4.1.4.5).
    pub(crate) fn reason(self) -> u32 {
        match self {
            Self::Queue(_) => parakit_abi::transport::mmio::INTERRUPT_USED_BUFFER,
            Self::Config => parakit_abi::transport::mmio::INTERRUPT_CONFIG_CHANGE,
        }
    }
}
