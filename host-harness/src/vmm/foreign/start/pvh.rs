//! The start information of PVH.

use linux_loader::loader::elf::start_info::{
    XEN_HVM_MEMMAP_TYPE_RAM, XEN_HVM_MEMMAP_TYPE_RESERVED, XEN_HVM_START_MAGIC_VALUE, hvm_memmap_table_entry,
    hvm_modlist_entry, hvm_start_info,
};
use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use super::Told;
use crate::vmm::GuestMemory;
use crate::vmm::foreign::map;

/// Writes the start information, with the initial RAM disk as the first module.
pub(super) fn write(told: &Told<'_>, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    for (place, area) in (map::MEMORY_MAP..).step_by(size_of::<hvm_memmap_table_entry>()).zip(&told.areas) {
        let type_ = if area.usable { XEN_HVM_MEMMAP_TYPE_RAM } else { XEN_HVM_MEMMAP_TYPE_RESERVED };
        let entry = hvm_memmap_table_entry { addr: area.start, size: area.size, type_, reserved: 0 };
        memory.write_obj(entry, GuestAddress(place))?;
    }
    let initrd = told.loaded.initrd;
    if let Some((paddr, size)) = initrd {
        memory.write_obj(hvm_modlist_entry { paddr, size, ..Default::default() }, GuestAddress(map::MODULES))?;
    }
    let info = hvm_start_info {
        magic: XEN_HVM_START_MAGIC_VALUE,
        version: 1,
        nr_modules: initrd.is_some().into(),
        modlist_paddr: if initrd.is_some() { map::MODULES } else { 0 },
        cmdline_paddr: map::COMMAND_LINE,
        rsdp_paddr: told.tables.rsdp.unwrap_or(0),
        memmap_paddr: map::MEMORY_MAP,
        memmap_entries: told.areas.len() as u32,
        ..Default::default()
    };
    memory.write_obj(info, GuestAddress(map::START_INFO))
}
