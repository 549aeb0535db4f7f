//! Putting a kernel and its initial RAM disk into memory, and its command line together.

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE};
use vm_memory::{Bytes, GuestAddress};

use super::map::{COMMAND_LINE_ROOM, HIGH_MEMORY, LOW_MEMORY};
use super::{ForeignBus, ForeignConfig};
use crate::vmm::GuestMemory;
use crate::vmm::error::{KernelError, StartError};
use crate::vmm::interrupts::{Layout, gsi};
use crate::vmm::kernel::{Boot, Kernel, Linux};

const PAGE: u64 = 4096;
/// Bytes of a register block that a kernel is told of.
pub(super) const BLOCK: u64 = 512;

/// What lies where.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    /// First byte and size of the initial RAM disk.
    pub(super) initrd: Option<(u64, u64)>,
    /// With what was added, without a NUL.
    pub(super) command_line: String,
}

/// Loads what the configuration names into `memory`, which is still all zero.
pub(super) fn load(config: &ForeignConfig, memory: &GuestMemory) -> Result<Loaded, StartError> {
    let ForeignConfig { kernel, boot, memory_bytes, .. } = config;
    // Not the way in that it has: said before anything is looked at that another way would not need.
    if !kernel.supports(*boot) {
        return Err(kernel.wrong_entry(*boot).into());
    }
    let command_line = command_line(config)?;
    let (end, top) = match boot {
        Boot::Linux => {
            let linux = kernel.linux()?;
            (load_linux(kernel, linux, memory, *memory_bytes)?, linux.initrd_top.saturating_add(1).min(*memory_bytes))
        }
        _ => (load_segments(kernel, memory, *memory_bytes)?, *memory_bytes),
    };
    let initrd = match &config.initrd {
        Some(initrd) => Some(load_initrd(kernel, initrd, memory, end, top)?),
        None => None,
    };
    Ok(Loaded { initrd, command_line })
}

fn command_line(config: &ForeignConfig) -> Result<String, KernelError> {
    let mut line = config.command_line.clone();
    if let Some(at) = line.find('\0') {
        return Err(KernelError::CommandLineNul { at });
    }
    if config.transport != ForeignBus::Pci && config.discovery.command_line {
        for i in 0..config.devices {
            let base = MMIO_BASE + i as u64 * MMIO_STRIDE;
            let space = if line.is_empty() { "" } else { " " };
            line += &format!("{space}virtio_mmio.device={BLOCK}@{base:#x}:{}", gsi(Layout::Pc, i));
        }
    }
    let most = match config.boot {
        Boot::Linux => config.kernel.linux()?.command_line.min(COMMAND_LINE_ROOM - 1),
        _ => COMMAND_LINE_ROOM - 1,
    };
    if line.len() > most {
        let name = config.kernel.name().to_string();
        return Err(KernelError::CommandLineTooLong { name, bytes: line.len(), boot: config.boot, most });
    }
    Ok(line)
}

/// The first address above the kernel.
fn load_segments(kernel: &Kernel, memory: &GuestMemory, available: u64) -> Result<u64, KernelError> {
    let name = || kernel.name().to_string();
    let mut highest = HIGH_MEMORY;
    for segment in kernel.segments() {
        let (start, end) = (segment.start, segment.end);
        if end > available {
            return Err(KernelError::TooLarge { name: name(), needed: end, available });
        }
        let low = LOW_MEMORY.contains(&start) && end <= LOW_MEMORY.end;
        if start < HIGH_MEMORY && !low {
            return Err(KernelError::InTheWay { name: name(), start, end });
        }
        copy(kernel, &kernel.bytes()[segment.file.clone()], memory, start)?;
        highest = highest.max(end);
    }
    Ok(highest)
}

fn load_linux(kernel: &Kernel, linux: &Linux, memory: &GuestMemory, available: u64) -> Result<u64, KernelError> {
    if linux.end() > available {
        return Err(KernelError::TooLarge { name: kernel.name().to_string(), needed: linux.end(), available });
    }
    copy(kernel, &kernel.bytes()[linux.payload.clone()], memory, linux.load)?;
    Ok(linux.end())
}

/// As high as it may lie, so that the kernel can grow.
fn load_initrd(
    kernel: &Kernel,
    initrd: &[u8],
    memory: &GuestMemory,
    end: u64,
    top: u64,
) -> Result<(u64, u64), KernelError> {
    let name = || kernel.name().to_string();
    let size = initrd.len() as u64;
    let start = top.checked_sub(size).map(|start| start / PAGE * PAGE).filter(|start| *start >= end);
    let start = start.ok_or_else(|| KernelError::InitrdTooLarge { name: name(), bytes: initrd.len(), top })?;
    copy(kernel, initrd, memory, start)?;
    Ok((start, size))
}

fn copy(kernel: &Kernel, bytes: &[u8], memory: &GuestMemory, start: u64) -> Result<(), KernelError> {
    // Its place was compared with the memory's size.
    let malformed =
        |e: vm_memory::GuestMemoryError| KernelError::Malformed { name: kernel.name().into(), what: e.to_string() };
    memory.write_slice(bytes, GuestAddress(start)).map_err(malformed)
}
