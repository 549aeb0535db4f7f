//! The device side of a transport, and what it needs from the machine around it.
//!
//! A machine (the KVM one, or loopback) hands register accesses to a [`RegisterBlock`] and gives each device an
//! [`InterruptLine`] and a [`DoorbellBinder`]; nothing else passes between them.

pub mod mmio;

use std::io;

use vmm_sys_util::eventfd::EventFd;

/// A block of registers that a guest reaches by memory accesses.
///
/// Any offset and width may come: what the device does not define reads as zero and ignores writes.
pub trait RegisterBlock: Send + Sync {
    /// The guest reads `data.len()` bytes at `offset`; little-endian, as the CPU will see them.
    fn read(&self, offset: u64, data: &mut [u8]);
    /// The guest writes `data` at `offset`.
    fn write(&self, offset: u64, data: &[u8]);
}

/// The interrupt of a device, edge-triggered: each call delivers one.
pub trait InterruptLine: Send + Sync {
    /// Delivers an interrupt. Never blocks.
    fn raise(&self);
}

/// Lets the machine take notifications of a queue without an exit.
pub trait DoorbellBinder: Send + Sync {
    /// From now on a notification of `queue` signals `doorbell` instead of reaching [`RegisterBlock::write`].
    ///
    /// # Errors
    /// Whatever the machine says; notifications then keep coming through the register block, which is slower and just as right.
    fn arm(&self, queue: u16, doorbell: &EventFd) -> io::Result<()>;
    /// Undoes [`DoorbellBinder::arm`].
    ///
    /// # Errors
    /// Whatever the machine says.
    fn disarm(&self, queue: u16, doorbell: &EventFd) -> io::Result<()>;
}
