//! What firmware leaves in memory for a kernel: ACPI tables, a device tree, and the few words by which old kernels find the rest.

mod acpi;
mod aml;
mod bars;
mod device_tree;

use vm_memory::{Bytes, GuestAddress};

use super::load::Loaded;
use super::{ForeignConfig, map};
use crate::vmm::GuestMemory;
use crate::vmm::error::StartError;

pub(in crate::vmm) use self::bars::windows;

/// BIOS data area: the first serial port, the segment of the extended area, and KiB of memory below 640 KiB.
const BDA_SERIAL: u64 = 0x400;
const BDA_EBDA: u64 = 0x40e;
const BDA_MEMORY: u64 = 0x413;

/// What was written, and where.
pub(super) struct Tables {
    /// Address of the root pointer of the ACPI tables.
    pub(super) rsdp: Option<u64>,
    /// Bytes of the device tree.
    pub(super) device_tree: Option<usize>,
}

/// Writes all that the configuration asks for.
pub(super) fn write(config: &ForeignConfig, loaded: &Loaded, memory: &GuestMemory) -> Result<Tables, StartError> {
    let bytes = config.memory_bytes;
    let put = |data: &[u8], address: u64| {
        let failed = |e: vm_memory::GuestMemoryError| StartError::Memory { bytes, why: e.to_string() };
        memory.write_slice(data, GuestAddress(address)).map_err(failed)
    };
    put(&crate::vmm::pc::PORT_SERIAL.to_le_bytes(), BDA_SERIAL)?;
    put(&((map::EBDA >> 4) as u16).to_le_bytes(), BDA_EBDA)?;
    put(&((map::EBDA >> 10) as u16).to_le_bytes(), BDA_MEMORY)?;

    let mut tables = Tables { rsdp: None, device_tree: None };
    if config.discovery.acpi {
        let image = acpi::image(config, map::BIOS.start);
        if image.len() as u64 > map::BIOS.end - map::BIOS.start {
            return Err(StartError::Description { what: format!("its ACPI tables have {} bytes", image.len()) });
        }
        put(&image, map::BIOS.start)?;
        tables.rsdp = Some(map::BIOS.start);
    }
    if config.discovery.device_tree {
        let tree = device_tree::blob(config, loaded).map_err(|e| StartError::Description { what: e.to_string() })?;
        if tree.len() > map::DEVICE_TREE_ROOM {
            return Err(StartError::Description { what: format!("its device tree has {} bytes", tree.len()) });
        }
        put(&tree, map::DEVICE_TREE)?;
        tables.device_tree = Some(tree.len());
    }
    Ok(tables)
}
