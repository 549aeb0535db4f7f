//! Putting a kernel into guest memory.

use parakit_abi::{boot, mailbox};
use vm_memory::{Bytes, GuestAddress, GuestMemoryBackend};

use super::GuestMemory;
use super::error::KernelError;
use super::kernel::Kernel;

/// Kernels start here or above: boot data and the mailbox are below.
pub(super) const KERNEL_FLOOR: u64 = boot::MAILBOX_ADDRESS + mailbox::SIZE as u64;

impl Kernel {
    /// Puts the kernel into `memory`, which is still all zero, where it wants to be.
    ///
    /// # Errors
    /// It does not fit, or wants to be where the harness has data of its own ([`KernelError`]).
    pub fn load_into(&self, memory: &GuestMemory) -> Result<(), KernelError> {
        load(self, memory, memory.last_addr().0.saturating_add(1))
    }
}

/// Copies the kernel's segments into `memory`, which has `available` bytes and is still all zero.
pub(super) fn load(kernel: &Kernel, memory: &GuestMemory, available: u64) -> Result<(), KernelError> {
    let name = || kernel.name().to_string();
    for segment in kernel.segments() {
        if segment.start < KERNEL_FLOOR {
            return Err(KernelError::TooLow { name: name(), start: segment.start, limit: KERNEL_FLOOR });
        }
        if segment.end > available {
            return Err(KernelError::TooLarge { name: name(), needed: segment.end, available });
        }
        memory
            .write_slice(&kernel.bytes()[segment.file.clone()], GuestAddress(segment.start))
            .map_err(|e| KernelError::Malformed { name: name(), what: e.to_string() })?;
    }
    Ok(())
}
