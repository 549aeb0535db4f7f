//! Doorbells: notifications of a queue that the kernel turns into a signal on an eventfd, without an exit.

use std::io;
use std::sync::Arc;

use kvm_ioctls::{IoEventAddress, VmFd};
use vmm_sys_util::eventfd::EventFd;

use crate::transport::DoorbellBinder;

/// Offset of `QueueNotify` in the register block (§4.2.2).
const QUEUE_NOTIFY: u64 = 0x50;

/// Doorbells of the register block at `base`: a 32-bit write of the queue's index to `QueueNotify`.
pub(super) struct Doorbells {
    pub(super) vm: Arc<VmFd>,
    pub(super) base: u64,
}

impl Doorbells {
    fn address(&self) -> IoEventAddress {
        IoEventAddress::Mmio(self.base + QUEUE_NOTIFY)
    }
}

impl DoorbellBinder for Doorbells {
    fn arm(&self, queue: u16, doorbell: &EventFd) -> io::Result<()> {
        Ok(self.vm.register_ioevent(doorbell, &self.address(), u32::from(queue))?)
    }

    fn disarm(&self, queue: u16, doorbell: &EventFd) -> io::Result<()> {
        Ok(self.vm.unregister_ioevent(doorbell, &self.address(), u32::from(queue))?)
    }
}
