//! MMIO: interrupts (VIRTIO 1.4 §4.2.2.2, §4.2.3.4.1).
//!
//! A driver may poll and leave interrupts alone, and the events do not show when a guest takes one. The rules are about a driver that handles
//! an interrupt, and bind nobody else: who polls may write to InterruptACK what it likes of the defined bits, whenever it likes. So what is judged
//! is what shows that interrupts are handled: reasons that are read and then acknowledged; reasons that are read again and again and not
//! acknowledged; and acknowledgements that follow interrupts which announce nothing, as those of a driver do that takes the interrupt and does not
//! look at its reasons. No ring and no configuration could have led a driver that polls to these.

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{INTERRUPT_CONFIG_CHANGE, INTERRUPT_USED_BUFFER};

use super::progress::finished;
use super::transport::is_mmio;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "mmio_interrupt::acknowledge",
        requirements: &[id::MMIO_DRV_REGS_19, id::MMIO_DRV_REGS_20, id::MMIO_DRV_IRQ_1, id::MMIO_DRV_IRQ_3],
        make: |info| is_mmio(info).then(|| Box::new(Acknowledge::default()) as _),
    },
    CheckerKind {
        name: "mmio_interrupt::undefined_bits",
        requirements: &[id::MMIO_DRV_REGS_18],
        make: |info| is_mmio(info).then(|| Box::new(Undefined::default()) as _),
    },
];

const DEFINED: u32 = INTERRUPT_USED_BUFFER | INTERRUPT_CONFIG_CHANGE;

/// Reasons are read, then acknowledged: all that was read, and nothing that was not.
#[derive(Default)]
struct Acknowledge {
    /// The device interrupted, and InterruptStatus was neither read since nor anything acknowledged.
    unread: bool,
    /// Reasons that were read and not acknowledged.
    open: u32,
    /// Reasons that were read since the last acknowledgement, or before it when none was read since: what an acknowledgement may name.
    known: u32,
    /// A reason was read since the last acknowledgement: the next one is about what was read.
    read_since_ack: bool,
    /// Buffers that were used and not acknowledged: who looks at the ring by itself handles them without having read a reason.
    used: u32,
    /// An interrupt that announces nothing came since InterruptStatus was read or anything acknowledged.
    empty: bool,
    /// One came with another interrupt: it may be the reason for an acknowledgement more.
    more: bool,
    /// Something was acknowledged for which there was no interrupt at all: it polls.
    unprompted: bool,
    /// Acknowledgements that can only be for an interrupt that announced nothing.
    unseen: u8,
    /// For each reason: readings that showed it, with an interrupt before each, since it was last acknowledged.
    ignored: [u8; 2],
}

impl Acknowledge {
    /// Readings of the same reason that no handler needs which acknowledges it in the end: one to see it, one more when it came in
    /// again. Some reasons are handled much later than they are read, so this is told when the device goes out of use.
    const PATIENCE: u8 = 3;
    /// Acknowledgements of interrupts that announce nothing. A driver that polls may come just then now and then, never without an interrupt,
    /// and three times of it were seen once in some ten thousand runs of drivers that leave all to chance.
    const UNSEEN: u8 = 6;

    fn read(&mut self, value: u32, verdicts: &mut Verdicts) {
        let interrupted = std::mem::take(&mut self.unread);
        (self.empty, self.more) = (false, false);
        if interrupted {
            verdicts.pass(id::MMIO_DRV_IRQ_1);
        }
        let value = value & DEFINED;
        self.open |= value;
        self.known = if self.read_since_ack { self.known | value } else { value };
        // Where there is no reason, there is nothing to handle.
        self.read_since_ack |= value != 0;
        for (bit, count) in self.ignored.iter_mut().enumerate() {
            if value >> bit & 1 != 0 && interrupted {
                *count = count.saturating_add(1);
            }
        }
    }

    /// The device goes out of use.
    fn over(&self, event: &Event, verdicts: &mut Verdicts) {
        for (bit, count) in self.ignored.iter().enumerate().filter(|(_, count)| **count >= Self::PATIENCE) {
            let most = if *count == u8::MAX { " or more" } else { "" };
            let seen =
                format!("reason {bit} was read {count}{most} times, each after an interrupt, and not acknowledged");
            let expected = "handled reasons are acknowledged through InterruptACK";
            verdicts.violate(id::MMIO_DRV_IRQ_3, event, expected, seen);
        }
    }

    /// The reasons that the driver may have handled.
    fn handled(&self) -> u32 {
        self.known | if self.used > 0 { INTERRUPT_USED_BUFFER } else { 0 }
    }

    fn acknowledge(&mut self, value: u32, event: &Event, verdicts: &mut Verdicts) {
        if value & !DEFINED != 0 {
            let seen = format!("{value:#x} written to InterruptACK");
            verdicts.violate(id::MMIO_DRV_REGS_20, event, "only bits 0 and 1 are acknowledged", seen);
        } else {
            verdicts.pass(id::MMIO_DRV_REGS_20);
        }
        let named = value & DEFINED;
        if named & !self.handled() == 0 {
            if named != 0 {
                verdicts.pass(id::MMIO_DRV_REGS_19);
            }
        } else if self.read_since_ack {
            let seen = format!("{value:#x} acknowledged; read were {:#x}", self.known);
            verdicts.violate(
                id::MMIO_DRV_REGS_19,
                event,
                "what is acknowledged are the reasons that were handled",
                seen,
            );
        }
        if named & self.open != 0 {
            verdicts.pass(id::MMIO_DRV_IRQ_3);
        } else if named != 0 && !self.read_since_ack {
            self.without_reading(event, verdicts);
        }
        self.open &= !named;
        self.used = if self.read_since_ack { 0 } else { self.used.saturating_sub(1) };
        (self.unread, self.empty) = (false, false);
        self.read_since_ack = false;
        for (bit, count) in self.ignored.iter_mut().enumerate() {
            if named >> bit & 1 != 0 {
                *count = 0;
            }
        }
    }

    /// Something was acknowledged that was not read.
    fn without_reading(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let more = std::mem::take(&mut self.more);
        if self.used > 0 || self.unread {
            // It may have been found in the ring or in the configuration.
            self.more = self.empty;
        } else if self.empty {
            self.unseen = self.unseen.saturating_add(1);
            if self.unseen >= Self::UNSEEN && !self.unprompted {
                let seen = format!(
                    "InterruptStatus was not read after {} interrupts that announce nothing, and reasons were acknowledged after each",
                    self.unseen
                );
                verdicts.violate(id::MMIO_DRV_IRQ_1, event, "InterruptStatus is read after an interrupt", seen);
            }
        } else if !more {
            self.unprompted = true;
        }
    }
}

impl Checker for Acknowledge {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::Interrupt { spurious: false, .. } => self.unread = true,
            EventKind::Interrupt { .. } => self.empty = true,
            EventKind::Used { .. } => self.used = self.used.saturating_add(1),
            EventKind::InterruptStatusRead { value } => self.read(value, verdicts),
            EventKind::InterruptAck { value } => self.acknowledge(value, event, verdicts),
            // A reset takes all reasons back (§4.2.2.1).
            EventKind::StatusWrite { value: 0 } => {
                self.over(event, verdicts);
                *self = Self::default();
            }
            ref kind if finished(kind) => self.over(event, verdicts),
            _ => {}
        }
    }
}

/// Bits of InterruptStatus that mean nothing are ignored: they are neither acknowledged nor a reason to give up.
#[derive(Default)]
struct Undefined {
    bits: u32,
}

impl Checker for Undefined {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        const EXPECTED: &str = "undefined bits of InterruptStatus are ignored";
        match event.kind {
            EventKind::InterruptStatusRead { value } => self.bits |= value & !DEFINED,
            EventKind::InterruptAck { value } if self.bits != 0 => {
                let taken = value & self.bits;
                if taken == 0 {
                    verdicts.pass(id::MMIO_DRV_REGS_18);
                } else {
                    let seen =
                        format!("InterruptStatus showed the undefined bits {:#x}; {taken:#x} acknowledged", self.bits);
                    verdicts.violate(id::MMIO_DRV_REGS_18, event, EXPECTED, seen);
                }
                self.bits = 0;
            }
            EventKind::StatusWrite { value } if self.bits != 0 => {
                if DeviceStatus(value).contains(DeviceStatus::FAILED) {
                    let seen =
                        format!("FAILED written after InterruptStatus showed the undefined bits {:#x}", self.bits);
                    verdicts.violate(id::MMIO_DRV_REGS_18, event, EXPECTED, seen);
                }
                self.bits = 0;
            }
            ref kind if finished(kind) && self.bits != 0 => verdicts.pass(id::MMIO_DRV_REGS_18),
            _ => {}
        }
    }
}
