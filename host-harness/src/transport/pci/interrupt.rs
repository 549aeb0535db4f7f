//! How a function interrupts: by the messages of MSI-X, or on its INTx line with the ISR status.

use std::sync::Arc;

use parakit_abi::transport::pci::{NO_VECTOR, command, msix};

use crate::observe::EventKind;
use crate::oddity::OddityKind;
use crate::transport::device::Cause;
use crate::transport::device::core::Core;

/// Bits that [`OddityKind::InterruptStatusUndefinedBits`] adds to the ISR status.
const UNDEFINED_REASONS: u8 = 0xe0;

impl Core {
    /// Whether the driver hears of `cause` by a message; else it is INTx.
    fn by_message(&self) -> bool {
        self.pci().is_some_and(|p| p.msix.enabled)
    }

    /// Notes the reason of an interrupt (§4.1.4.5.1).
    pub(crate) fn note_reason(&mut self, cause: Cause) {
        // With MSI-X, nobody looks at the queue bit; the one for configuration changes is set all the same.
        if cause == Cause::Config || !self.by_message() {
            self.interrupt_status |= cause.reason();
        }
    }

    /// Interrupts for `cause`.
    pub(crate) fn pci_interrupt(&mut self, cause: Cause, spurious: bool) {
        let reasons = if spurious { 0 } else { cause.reason() };
        if self.by_message() {
            let own = match cause {
                Cause::Queue(queue) => self.queues.get(queue).map_or(NO_VECTOR, |slot| slot.vector),
                Cause::Config => self.pci().map_or(NO_VECTOR, |p| p.config_vector),
            };
            // An interrupt without a reason may come on any vector that is in use.
            let any = self.queues.iter().map(|slot| slot.vector).find(|v| *v != NO_VECTOR);
            let vector = if own == NO_VECTOR && spurious { any.unwrap_or(NO_VECTOR) } else { own };
            return self.send(vector, reasons, spurious);
        }
        let Some(port) = self.pci() else { return };
        if port.space.command() & command::INTX_DISABLE != 0 {
            // The status register tells; nothing is sent.
            return;
        }
        let intx = Arc::clone(&port.intx);
        self.emit(EventKind::Interrupt { reasons, spurious });
        self.emit(EventKind::Vector { vector: None });
        self.interrupts += 1;
        if spurious && self.interrupt_status == 0 {
            intx.set(true);
            intx.set(false);
        } else {
            self.level();
        }
    }

    /// Sends the message of `vector`, or keeps it until the vector can send.
    fn send(&mut self, vector: u16, reasons: u32, spurious: bool) {
        // Not mapped: there is no interrupt for it (§4.1.5.3.1, §4.1.5.4.1).
        if vector == NO_VECTOR {
            return;
        }
        let Some(port) = self.pci_mut() else { return };
        if port.msix.message(vector).is_none() || !port.is_master() {
            return port.msix.owe(vector, reasons);
        }
        let msi = Arc::clone(&port.msi);
        self.emit(EventKind::Interrupt { reasons, spurious });
        self.emit(EventKind::Vector { vector: Some(vector) });
        self.interrupts += 1;
        msi.raise(vector);
    }

    /// The line follows the ISR status, unless the function is to use messages, or not to interrupt.
    fn level(&mut self) {
        let silent = self.oddities.has(OddityKind::NoInterrupts);
        let reasons = self.interrupt_status;
        let Some(port) = self.pci_mut() else { return };
        let disabled = port.msix.enabled || port.space.command() & command::INTX_DISABLE != 0;
        let wanted = reasons != 0 && !disabled && !silent;
        if std::mem::replace(&mut port.asserted, wanted) != wanted {
            port.intx.set(wanted);
        }
    }

    /// The line goes down if the ISR status no longer asks for it.
    pub(crate) fn deassert(&mut self) {
        if self.interrupt_status == 0 && self.pci().is_some_and(|p| p.asserted) {
            self.level();
        }
    }

    /// The ISR status, which a read clears.
    pub(super) fn take_isr(&mut self) -> u8 {
        let value = std::mem::take(&mut self.interrupt_status) as u8;
        if !self.oddities.has(OddityKind::InterruptStatusUndefinedBits) {
            return value;
        }
        if self.oddities.first(OddityKind::InterruptStatusUndefinedBits) {
            self.provoke(OddityKind::InterruptStatusUndefinedBits);
        }
        value | UNDEFINED_REASONS
    }

    /// The control register of MSI-X was written.
    pub(super) fn msix_switched(&mut self) {
        let Some(port) = self.pci_mut() else { return };
        let Some(at) = port.space.msix else { return };
        let control = port.space.word16(at + msix::CONTROL);
        let (enabled, masked) = (control & msix::CONTROL_ENABLE != 0, control & msix::CONTROL_MASKED != 0);
        let changed = (port.msix.enabled, port.msix.masked) != (enabled, masked);
        (port.msix.enabled, port.msix.masked) = (enabled, masked);
        let vectors = port.msix.len();
        self.emit(EventKind::MsixControl { enabled, masked });
        if changed {
            self.level();
            (0..vectors).for_each(|vector| self.vector_changed(vector));
        }
    }

    /// A vector may send now, or no longer, or something else.
    pub(super) fn vector_changed(&mut self, vector: u16) {
        let Some(port) = self.pci_mut() else { return };
        if let Some(message) = port.msix.news(vector) {
            port.msi.configure(vector, message);
        }
        if port.msix.message(vector).is_some()
            && port.is_master()
            && let Some(reasons) = port.msix.take_pending(vector)
        {
            self.send(vector, reasons, reasons == 0);
        }
    }

    /// The command register was written: INTx, and the right to access memory.
    pub(super) fn command_written(&mut self) {
        let before = self.pci().is_some_and(|p| p.asserted);
        self.level();
        if !before && self.pci().is_some_and(|p| p.asserted) {
            let reasons = self.interrupt_status;
            self.emit(EventKind::Interrupt { reasons, spurious: false });
            self.emit(EventKind::Vector { vector: None });
            self.interrupts += 1;
        }
        if self.pci().is_some_and(super::PciPort::is_master) {
            let vectors = self.pci().map_or(0, |p| p.msix.len());
            (0..vectors).for_each(|vector| self.vector_changed(vector));
            self.wake();
        }
    }
}
