//! Linux's zero page, with the setup header of the bzImage where there is one.

use linux_loader::loader::bootparam::{boot_e820_entry, boot_params};
use vm_memory::{ByteValued, Bytes, GuestAddress, GuestMemoryError};

use super::Told;
use crate::vmm::GuestMemory;
use crate::vmm::foreign::map;
use crate::vmm::kernel::LINUX_HEADER;

/// Types of memory in the map.
const E820_RAM: u32 = 1;
const E820_RESERVED: u32 = 2;
/// What is written into the header of a kernel that has none: `HdrS`, and the version that brought the address of the ACPI tables.
const HEADER_MAGIC: u32 = 0x5372_6448;
const VERSION: u16 = 0x20e;
const BOOT_FLAG: u16 = 0xaa55;
/// A boot loader without a number of its own.
const LOADER: u8 = 0xff;
/// The screen mode that asks nobody.
const NORMAL_MODE: u16 = 0xffff;
/// `setup_data` that is a device tree, and the bytes of its header.
const SETUP_DTB: u64 = 2;
const SETUP_DATA: u64 = 16;

/// Writes the zero page, and what it leads to.
pub(super) fn write(told: &Told<'_>, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    let mut page = boot_params::default();
    if let Ok(linux) = told.config.kernel.linux() {
        let header = &told.config.kernel.bytes()[linux.header.clone()];
        page.as_mut_slice()[LINUX_HEADER..LINUX_HEADER + header.len()].copy_from_slice(header);
        page.hdr.code32_start = linux.load as u32;
    } else {
        page.hdr.header = HEADER_MAGIC;
        page.hdr.version = VERSION;
        page.hdr.boot_flag = BOOT_FLAG;
    }
    page.hdr.type_of_loader = LOADER;
    page.hdr.vid_mode = NORMAL_MODE;
    page.hdr.cmd_line_ptr = map::COMMAND_LINE as u32;
    if let Some((start, size)) = told.loaded.initrd {
        // Memory ends below 4 GiB.
        page.hdr.ramdisk_image = start as u32;
        page.hdr.ramdisk_size = size as u32;
    }
    page.acpi_rsdp_addr = told.tables.rsdp.unwrap_or(0);
    for (entry, area) in page.e820_table.iter_mut().zip(&told.areas) {
        let r#type = if area.usable { E820_RAM } else { E820_RESERVED };
        *entry = boot_e820_entry { addr: area.start, size: area.size, r#type };
    }
    page.e820_entries = told.areas.len() as u8;
    // Linux would take what both describe for two devices.
    if let (Some(tree), None) = (told.tables.device_tree, told.tables.rsdp) {
        let header = map::DEVICE_TREE - SETUP_DATA;
        page.hdr.setup_data = header;
        crate::vmm::boot::write_words(memory, header, &[0, SETUP_DTB | (tree as u64) << 32])?;
    }
    memory.write_obj(page, GuestAddress(map::ZERO_PAGE))
}
