//! MMIO: interrupts (VIRTIO 1.4 §4.2.2.2, §4.2.3.4.1).
//!
//! A driver may poll and leave interrupts alone, and the events do not show when a guest takes one. So what is judged is what the driver does:
//! it acknowledges, or it reads the reasons again and again without acknowledging.

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
    /// The device interrupted, and InterruptStatus was not read since.
    unread: bool,
    /// Reasons that were read and not acknowledged.
    open: u32,
    /// Reasons that were read since the last acknowledgement, or before it when none was read since: what an acknowledgement may name.
    known: u32,
    read_since_ack: bool,
    /// A buffer was used since that was last acknowledged: who looks at the ring by itself handles it without having read a reason.
    used: bool,
    /// For each reason: readings that showed it, with an interrupt before each, since it was last acknowledged.
    ignored: [u8; 2],
}

impl Acknowledge {
    /// Readings of the same reason that no handler needs which acknowledges it in the end: one to see it, one more when it came in
    /// again. Some reasons are handled much later than they are read, so this is told when the device goes out of use.
    const PATIENCE: u8 = 3;

    fn read(&mut self, value: u32, verdicts: &mut Verdicts) {
        let interrupted = std::mem::take(&mut self.unread);
        if interrupted {
            verdicts.pass(id::MMIO_DRV_IRQ_1);
        }
        let value = value & DEFINED;
        self.open |= value;
        self.known = if self.read_since_ack { self.known | value } else { value };
        self.read_since_ack = true;
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
        self.known | if self.used { INTERRUPT_USED_BUFFER } else { 0 }
    }

    fn acknowledge(&mut self, value: u32, event: &Event, verdicts: &mut Verdicts) {
        if value & !DEFINED != 0 {
            let seen = format!("{value:#x} written to InterruptACK");
            verdicts.violate(id::MMIO_DRV_REGS_20, event, "only bits 0 and 1 are acknowledged", seen);
        } else {
            verdicts.pass(id::MMIO_DRV_REGS_20);
        }
        let named = value & DEFINED;
        if self.unread && named & !self.open != 0 && !self.read_since_ack {
            let seen = format!("{value:#x} acknowledged, and InterruptStatus was not read since the interrupt");
            verdicts.violate(id::MMIO_DRV_IRQ_1, event, "InterruptStatus is read after an interrupt", seen);
        } else if named & !self.handled() != 0 {
            let seen = format!("{value:#x} acknowledged; read were {:#x}", self.known);
            verdicts.violate(
                id::MMIO_DRV_REGS_19,
                event,
                "what is acknowledged are the reasons that were handled",
                seen,
            );
        } else if named != 0 {
            verdicts.pass(id::MMIO_DRV_REGS_19);
        }
        if named & self.open != 0 {
            verdicts.pass(id::MMIO_DRV_IRQ_3);
        }
        self.open &= !named;
        self.used &= named & INTERRUPT_USED_BUFFER == 0;
        self.read_since_ack = false;
        for (bit, count) in self.ignored.iter_mut().enumerate() {
            if named >> bit & 1 != 0 {
                *count = 0;
            }
        }
    }
}

impl Checker for Acknowledge {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            // An interrupt without a reason proves nothing.
            EventKind::Interrupt { spurious: false, .. } => self.unread = true,
            EventKind::Used { .. } => self.used = true,
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
