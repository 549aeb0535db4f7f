//! The device side of virtio over MMIO, version 2 and the legacy one (VIRTIO 1.4 §4.2): the registers, and what this transport keeps beside
//! the device's core.

mod legacy;
mod registers;

use std::sync::Arc;

use parakit_abi::transport::mmio::Register;

pub(crate) use self::legacy::Legacy;
use super::{Doorbell, InterruptLine};
use crate::observe::EventKind;

/// What a device over MMIO has beside its core.
pub(crate) struct MmioPort {
    /// Guest-physical address of the register block.
    pub(crate) base: u64,
    pub(crate) interrupt: Arc<dyn InterruptLine>,
    /// For a legacy device.
    pub(crate) legacy: Option<Legacy>,
}

impl MmioPort {
    /// The write that notifies `queue`.
    pub(crate) fn doorbell(&self, queue: u16) -> Doorbell {
        Doorbell { address: self.base + Register::QueueNotify.offset(), width: 4, value: Some(u32::from(queue)) }
    }

    /// The raw event of a notification that a doorbell took.
    pub(crate) fn raw_doorbell(&self, queue: u16) -> EventKind {
        let offset = Register::QueueNotify.offset();
        EventKind::Register { write: true, offset, width: 4, value: u64::from(queue) }
    }
}
