//! With MSI-X the ISR status has no part in interrupts of queues (§4.1.4.5.2).

use parakit_abi::requirement::id;
use parakit_abi::transport::pci::{ISR_CONFIG, ISR_QUEUE};

use crate::judge::progress::finished;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: isr status with msi-x",
    requirements: &[id::PCI_DRV_ISR_1],
    make: |info| info.pci.as_ref().map(|_| Box::new(Isr::default()) as _),
};

/// A driver may read the status for reasons of its own. Told is one that does so again and again, each time after the interrupt of a queue
/// that came by a vector of its own.
#[derive(Default)]
struct Isr {
    enabled: bool,
    /// The vector of configuration changes.
    config: Option<u16>,
    /// The reasons of the interrupt just told were a queue's alone.
    queue: bool,
    /// An interrupt of a queue came, and nothing else since.
    pending: bool,
    interrupts: u64,
    reads: u64,
    told: bool,
}

impl Isr {
    /// Readings after which it is no coincidence.
    const ENOUGH: u64 = 2;

    /// The device goes out of use.
    fn over(&mut self, verdicts: &mut Verdicts) {
        if self.interrupts > 0 && self.reads == 0 {
            verdicts.pass(id::PCI_DRV_ISR_1);
        }
        (self.interrupts, self.reads, self.pending, self.told) = (0, 0, false, false);
    }
}

impl Checker for Isr {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::MsixControl { enabled, .. } => self.enabled = enabled,
            EventKind::VectorWrite { queue: None, value } => self.config = Some(value),
            EventKind::Interrupt { reasons, spurious } => {
                self.queue = !spurious && reasons & u32::from(ISR_QUEUE | ISR_CONFIG) == u32::from(ISR_QUEUE);
                self.pending &= self.queue;
            }
            EventKind::Vector { vector: Some(vector) } if self.enabled && self.queue && self.config != Some(vector) => {
                self.pending = true;
                self.interrupts += 1;
            }
            EventKind::InterruptStatusRead { value } if self.enabled && std::mem::take(&mut self.pending) => {
                self.reads += 1;
                if self.reads >= Self::ENOUGH && !std::mem::replace(&mut self.told, true) {
                    let seen =
                        format!("it was read {} times after the interrupt of a queue, now as {value:#x}", self.reads);
                    verdicts.violate(id::PCI_DRV_ISR_1, event, "with MSI-X the ISR status is left alone", seen);
                }
            }
            EventKind::StatusWrite { value: 0 } => self.over(verdicts),
            ref kind if finished(kind) => self.over(verdicts),
            _ => {}
        }
    }
}
