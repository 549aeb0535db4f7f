//! The device side of the transports, and what it needs from the machine around it.
//!
//! A [`VirtioDevice`](device::VirtioDevice) is a device behind one of them. A machine (the KVM one, or loopback) hands it register
//! accesses, as a [`RegisterBlock`] (MMIO) or as a [`PciFunction`](pci::PciFunction) behind a [`PciRoot`](pci::PciRoot), and gives it ways to
//! interrupt ([`InterruptLine`], or [`MsiSink`] and [`IntxLine`]) and a [`DoorbellBinder`]; nothing else passes between them.

pub mod device;
mod mmio;
pub mod pci;
pub mod vhost_user;

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

/// The interrupt of a device over MMIO, edge-triggered: each call delivers one.
pub trait InterruptLine: Send + Sync {
    /// Delivers an interrupt. Never blocks.
    fn raise(&self);
    /// The driver has acknowledged all that was delivered, or the device was reset: for lines that are also level-triggered. Never blocks.
    fn acknowledged(&self) {}
}

/// What a message-signalled interrupt writes, as the guest put it into the MSI-X table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Guest-physical address.
    pub address: u64,
    /// The 32 bits written there.
    pub data: u32,
}

/// The message-signalled interrupts of a PCI function. Masks and pending bits are the function's own business.
pub trait MsiSink: Send + Sync {
    /// `vector` sends `message` from now on; `None`: it is not to be raised.
    fn configure(&self, vector: u16, message: Option<Message>);
    /// Sends the message of `vector`, which was configured. Never blocks.
    fn raise(&self, vector: u16);
}

/// The INTx interrupt of a PCI function, level-triggered.
pub trait IntxLine: Send + Sync {
    /// The function asserts its line, or no longer does. Never blocks.
    fn set(&self, asserted: bool);
}

/// A write that notifies a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doorbell {
    /// Guest-physical address.
    pub address: u64,
    /// Bytes of the write.
    pub width: u8,
    /// The value written; `None`: any.
    pub value: Option<u32>,
}

/// Lets the machine take notifications of a queue without an exit.
pub trait DoorbellBinder: Send + Sync {
    /// From now on such a write signals `signal` instead of reaching the device.
    ///
    /// # Errors
    /// Whatever the machine says; notifications then keep coming as register accesses, which is slower and just as right.
    fn arm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()>;
    /// Undoes [`DoorbellBinder::arm`].
    ///
    /// # Errors
    /// Whatever the machine says.
    fn disarm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()>;
}

/// The first eight bytes of an access as a number.
fn little_endian(data: &[u8]) -> u64 {
    let mut word = [0; 8];
    let count = data.len().min(8);
    word[..count].copy_from_slice(&data[..count]);
    u64::from_le_bytes(word)
}
