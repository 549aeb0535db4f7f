//! The start information of PVH.

use linux_loader::loader::elf::start_info::{
    XEN_HVM_MEMMAP_TYPE_RAM, XEN_HVM_MEMMAP_TYPE_RESERVED, XEN_HVM_START_MAGIC_VALUE, hvm_memmap_table_entry,
    hvm_modlist_entry, hvm_start_info,
};
use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use crate::vmm::GuestMemory;
use crate::vmm::foreign::load::Loaded;
use crate::vmm::foreign::{ForeignConfig, map};

/// Writes the start information, with the initial RAM disk as the first module.
pub(super) fn write(config: &ForeignConfig, loaded: &Loaded, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    let areas = map::areas(config.memory_bytes, config.transport);
    for (place, area) in (map::MEMORY_MAP..).step_by(size_of::<hvm_memmap_table_entry>()).zip(&areas) {
        let type_ = if area.usable { XEN_HVM_MEMMAP_TYPE_RAM } else { XEN_HVM_MEMMAP_TYPE_RESERVED };
        let entry = hvm_memmap_table_entry { addr: area.start, size: area.size, type_, reserved: 0 };
        memory.write_obj(entry, GuestAddress(place))?;
    }
    if let Some((paddr, size)) = loaded.initrd {
        memory.write_obj(hvm_modlist_entry { paddr, size, ..Default::default() }, GuestAddress(map::MODULES))?;
    }
    let info = hvm_start_info {
        magic: XEN_HVM_START_MAGIC_VALUE,
        version: 1,
        nr_modules: loaded.initrd.is_some().into(),
        modlist_paddr: if loaded.initrd.is_some() { map::MODULES } else { 0 },
        cmdline_paddr: map::COMMAND_LINE,
        memmap_paddr: map::MEMORY_MAP,
        memmap_entries: u32::try_from(areas.len()).unwrap_or(0),
        ..Default::default()
    };
    memory.write_obj(info, GuestAddress(map::START_INFO))
}
