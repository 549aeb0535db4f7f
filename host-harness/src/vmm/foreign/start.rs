//! What the first CPU starts with, and what a kernel finds in memory then, by boot protocol.

mod linux;
mod multiboot;
mod pvh;

use kvm_ioctls::VcpuFd;
use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use super::firmware::Tables;
use super::load::Loaded;
use super::{ForeignConfig, map};
use crate::vmm::GuestMemory;
use crate::vmm::boot::{self, LongMode};
use crate::vmm::error::{KernelError, StartError};
use crate::vmm::kernel::Boot;

/// `eax` at the entry of a multiboot kernel.
const MULTIBOOT_MAGIC: u64 = 0x2bad_b002;

/// What a kernel is told, whatever the protocol.
pub(super) struct Told<'a> {
    pub(super) config: &'a ForeignConfig,
    pub(super) loaded: &'a Loaded,
    pub(super) tables: &'a Tables,
    pub(super) areas: Vec<map::Area>,
}

/// The registers with which the first CPU starts.
enum Entry {
    /// 32-bit protected mode without paging.
    Protected { rip: u64, rbx: u64, rax: u64 },
    /// 64-bit mode, the first 4 GiB mapped as they are.
    Long(LongMode),
}

/// Writes what the kernel looks for, and sets the registers of the first CPU.
pub(super) fn start(told: &Told<'_>, memory: &GuestMemory, vcpu: &VcpuFd) -> Result<(), StartError> {
    let bytes = told.config.memory_bytes;
    let entry = entry(told.config)?;
    write(told, &entry, memory).map_err(|e| StartError::Memory { bytes, why: e.to_string() })?;
    match entry {
        Entry::Protected { rip, rbx, rax } => boot::protected_mode(vcpu, map::GDT, rip, rbx, rax)?,
        Entry::Long(long) => boot::long_mode(vcpu, &long)?,
    }
    Ok(())
}

fn entry(config: &ForeignConfig) -> Result<Entry, KernelError> {
    let long = |rip: u64| {
        Entry::Long(LongMode {
            rip,
            rsp: map::STACK,
            rdi: map::START_INFO,
            rsi: map::ZERO_PAGE,
            gdt: map::GDT,
            page_tables: map::PAGE_TABLES,
        })
    };
    let kernel = &config.kernel;
    Ok(match config.boot {
        Boot::Direct => return Err(KernelError::NotForeign { name: kernel.name().to_string() }),
        Boot::Pvh => Entry::Protected { rip: kernel.pvh_entry()?.into(), rbx: map::START_INFO, rax: 0 },
        Boot::Multiboot => {
            let rip = kernel.multiboot_entry()?.into();
            Entry::Protected { rip, rbx: map::MULTIBOOT, rax: MULTIBOOT_MAGIC }
        }
        Boot::Elf64 => long(kernel.elf64_entry()?),
        Boot::Linux => long(kernel.linux()?.entry()),
    })
}

fn write(told: &Told<'_>, entry: &Entry, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    let mut line = told.loaded.command_line.clone().into_bytes();
    line.push(0);
    memory.write_slice(&line, GuestAddress(map::COMMAND_LINE))?;
    match entry {
        Entry::Protected { .. } => boot::write_words(memory, map::GDT, &boot::FLAT_GDT)?,
        Entry::Long(_) => {
            boot::write_words(memory, map::GDT, &boot::LONG_GDT)?;
            boot::write_page_tables(memory, map::PAGE_TABLES)?;
        }
    }
    match told.config.boot {
        Boot::Direct | Boot::Pvh => pvh::write(told, memory),
        Boot::Multiboot => multiboot::write(told, memory),
        Boot::Linux => linux::write(told, memory),
        // It may be a Linux all the same, without a PVH note.
        Boot::Elf64 => {
            pvh::write(told, memory)?;
            linux::write(told, memory)
        }
    }
}
