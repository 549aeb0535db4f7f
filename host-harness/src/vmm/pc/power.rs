//! The ports that restart a machine or switch it off: ACPI's fixed hardware, and what PCs had before it.

use std::time::Instant;

use super::{PcEnd, Written, little_endian};

/// PM1a event block: status and enable, 16 bits each.
pub(in crate::vmm) const PM_EVENT: u16 = 0x600;
/// PM1a control, 16 bits.
pub(in crate::vmm) const PM_CONTROL: u16 = 0x604;
/// The power management timer, 32 bits.
pub(in crate::vmm) const PM_TIMER: u16 = 0x608;
const PM_END: u16 = PM_TIMER + 4;
/// Its frequency by the ACPI specification, in Hz.
const TIMER_HZ: u128 = 3_579_545;

/// PM1 control: ACPI is on, as it always is here.
const SCI_EN: u16 = 1;
const SLP_TYP: u16 = 7 << 10;
const SLP_EN: u16 = 1 << 13;

/// The reset control register.
pub(in crate::vmm) const PORT_RESET: u16 = 0xcf9;
/// What to write there.
pub(in crate::vmm) const RESET_VALUE: u8 = 6;
const RESET_CPU: u8 = 4;
/// System control port A: the fast way to a reset, and the A20 gate, which is open.
const PORT_A: u16 = 0x92;
const A20: u8 = 2;

pub(super) struct Power {
    started: Instant,
    enable: u16,
    control: u16,
}

impl Power {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), enable: 0, control: SCI_EN }
    }

    /// Whether the port is one of these, and then `data` is what it reads.
    pub(super) fn read(&self, port: u16, data: &mut [u8]) -> bool {
        match (port, data.len()) {
            (PORT_RESET, 1) => data.fill(0),
            (PORT_A, 1) => data.fill(A20),
            (PM_EVENT..PM_END, width) if usize::from(port) + width <= usize::from(PM_END) => {
                let registers = self.registers();
                let at = usize::from(port - PM_EVENT);
                data.copy_from_slice(&registers[at..at + width]);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn write(&mut self, port: u16, data: &[u8]) -> Written {
        let value = little_endian(data);
        match (port, data.len()) {
            (PORT_RESET, 1) if value as u8 & RESET_CPU != 0 => Written::End(PcEnd::Reset),
            (PORT_A, 1) if value & 1 != 0 => Written::End(PcEnd::Reset),
            (PORT_RESET | PORT_A, 1) => Written::Taken,
            (PM_EVENT..PM_END, width) if usize::from(port) + width <= usize::from(PM_END) => {
                let mut registers = self.registers();
                let at = usize::from(port - PM_EVENT);
                registers[at..at + width].copy_from_slice(data);
                let half = |at: usize| u16::from_le_bytes([registers[at], registers[at + 1]]);
                self.enable = half(2);
                let control = half(4);
                // The write that enables starts the transition; the bit reads as zero. Sleep type 0 is S5 here, and there is no other.
                self.control = control & !SLP_EN | SCI_EN;
                let off = control & SLP_EN != 0 && control & SLP_TYP == 0;
                if off { Written::End(PcEnd::PowerOff) } else { Written::Taken }
            }
            _ => Written::Nobody,
        }
    }

    fn registers(&self) -> [u8; (PM_END - PM_EVENT) as usize] {
        let ticks = self.started.elapsed().as_nanos() * TIMER_HZ / 1_000_000_000;
        let mut registers = [0; (PM_END - PM_EVENT) as usize];
        // No status is ever set: nothing here causes a system control interrupt.
        registers[2..4].copy_from_slice(&self.enable.to_le_bytes());
        registers[4..6].copy_from_slice(&self.control.to_le_bytes());
        registers[8..12].copy_from_slice(&(ticks as u32).to_le_bytes());
        registers
    }
}
