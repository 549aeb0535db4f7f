//! Doorbells: notifications of a queue that the kernel turns into a signal on an eventfd, without an exit.

use std::io;
use std::sync::Arc;

use kvm_ioctls::{IoEventAddress, NoDatamatch, VmFd};
use vmm_sys_util::eventfd::EventFd;

use crate::transport::{Doorbell, DoorbellBinder};

/// Doorbells of a machine.
pub(super) struct Doorbells {
    pub(super) vm: Arc<VmFd>,
}

impl DoorbellBinder for Doorbells {
    fn arm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()> {
        let at = IoEventAddress::Mmio(doorbell.address);
        match (doorbell.width, doorbell.value) {
            (2, Some(value)) => self.vm.register_ioevent(signal, &at, value as u16)?,
            (4, Some(value)) => self.vm.register_ioevent(signal, &at, value)?,
            (_, None) => self.vm.register_ioevent(signal, &at, NoDatamatch)?,
            _ => return Err(no_such_width()),
        }
        Ok(())
    }

    fn disarm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()> {
        let at = IoEventAddress::Mmio(doorbell.address);
        match (doorbell.width, doorbell.value) {
            (2, Some(value)) => self.vm.unregister_ioevent(signal, &at, value as u16)?,
            (4, Some(value)) => self.vm.unregister_ioevent(signal, &at, value)?,
            (_, None) => self.vm.unregister_ioevent(signal, &at, NoDatamatch)?,
            _ => return Err(no_such_width()),
        }
        Ok(())
    }
}

/// Notifications are 16 or 32 bits wide.
fn no_such_width() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidInput)
}
