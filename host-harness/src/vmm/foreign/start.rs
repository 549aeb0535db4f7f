//! What the first CPU starts with, and what a kernel finds in memory then, by boot protocol.

mod pvh;

use kvm_ioctls::VcpuFd;
use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use super::load::Loaded;
use super::{ForeignConfig, map};
use crate::vmm::GuestMemory;
use crate::vmm::boot;
use crate::vmm::error::StartError;
use crate::vmm::kernel::Boot;

/// Writes what the kernel looks for, and sets the registers of the first CPU.
pub(super) fn start(
    config: &ForeignConfig,
    loaded: &Loaded,
    memory: &GuestMemory,
    vcpu: &VcpuFd,
) -> Result<(), StartError> {
    let bytes = config.memory_bytes;
    let failed = |e: GuestMemoryError| StartError::Memory { bytes, why: e.to_string() };
    write_common(loaded, memory).map_err(failed)?;
    pvh::write(config, loaded, memory).map_err(failed)?;
    let entry = config.kernel.pvh_entry()?;
    boot::protected_mode(vcpu, map::GDT, entry.into(), map::START_INFO, 0)?;
    Ok(())
}

/// What all protocols share: descriptor table, command line.
fn write_common(loaded: &Loaded, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    boot::write_words(memory, map::GDT, &boot::FLAT_GDT)?;
    let mut line = loaded.command_line.clone().into_bytes();
    line.push(0);
    memory.write_slice(&line, GuestAddress(map::COMMAND_LINE))
}
