//! The first serial port: a 16550A.

use std::io;

use vm_superio::serial::NoEvents;
use vm_superio::{Serial, Trigger};
use vmm_sys_util::eventfd::EventFd;

use super::Output;

/// Its first port; it has eight.
pub(in crate::vmm) const PORT: u16 = 0x3f8;
/// Its interrupt.
pub(in crate::vmm) const IRQ: u32 = 4;

/// Edge-triggered, through an eventfd.
struct Interrupt(EventFd);

impl Trigger for Interrupt {
    type E = io::Error;

    fn trigger(&self) -> io::Result<()> {
        self.0.write(1)
    }
}

pub(super) struct SerialPort(Serial<Interrupt, NoEvents, Output>);

impl SerialPort {
    pub(super) fn new(interrupt: EventFd, output: Output) -> Self {
        Self(Serial::new(Interrupt(interrupt), output))
    }

    pub(super) fn read(&mut self, port: u16) -> Option<u8> {
        register(port).map(|register| self.0.read(register))
    }

    /// Whether the port is the serial port's.
    pub(super) fn write(&mut self, port: u16, byte: u8) -> bool {
        let Some(register) = register(port) else { return false };
        // The output takes everything; the eventfd is full only if 2^64 interrupts are pending, and then the guest has one coming.
        let _ = self.0.write(register, byte);
        true
    }

    /// Gives the guest input; how much of it had room.
    pub(super) fn enqueue(&mut self, input: &[u8]) -> usize {
        if self.0.fifo_capacity() == 0 {
            return 0;
        }
        let before = self.0.fifo_capacity();
        // Fails for the eventfd alone, when the bytes are in.
        self.0.enqueue_raw_bytes(input).unwrap_or_else(|_| before - self.0.fifo_capacity())
    }
}

fn register(port: u16) -> Option<u8> {
    u8::try_from(port.checked_sub(PORT)?).ok().filter(|register| *register < 8)
}
