//! The information of multiboot 1: 32-bit words, and what they lead to.

use vm_memory::{Bytes, GuestAddress, GuestMemoryError};

use super::Told;
use crate::vmm::GuestMemory;
use crate::vmm::foreign::map;

/// What is told: memory, command line, modules, memory map, and the loader's name.
const FLAGS: u32 = 1 << 0 | 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9;
const LOADER: &[u8] = b"parakit\0";
const MODULE: &[u8] = b"initrd\0";
/// Bytes of an entry of the memory map, the word of its size not counted.
const ENTRY: u32 = 20;
const RAM: u32 = 1;
const RESERVED: u32 = 2;
const KIB: u64 = 1 << 10;
/// The end of the words in use, in bytes: those from here on are of flags that are not set.
const INFO_WORDS: usize = 17;

/// Writes the information.
pub(super) fn write(told: &Told<'_>, memory: &GuestMemory) -> Result<(), GuestMemoryError> {
    let mut entries = Vec::new();
    for area in &told.areas {
        let kind = if area.usable { RAM } else { RESERVED };
        entries.extend(ENTRY.to_le_bytes());
        entries.extend(area.start.to_le_bytes());
        entries.extend(area.size.to_le_bytes());
        entries.extend(kind.to_le_bytes());
    }
    memory.write_slice(&entries, GuestAddress(map::MULTIBOOT_MAP))?;

    let strings = map::MULTIBOOT_STRINGS;
    memory.write_slice(&[LOADER, MODULE].concat(), GuestAddress(strings))?;
    let name = (strings as u32) + LOADER.len() as u32;
    if let Some((start, size)) = told.loaded.initrd {
        let module = [start as u32, (start + size) as u32, name, 0];
        memory.write_slice(&bytes(&module), GuestAddress(map::MULTIBOOT_MODULES))?;
    }

    let mut info = [0; INFO_WORDS];
    info[0] = FLAGS;
    info[1] = (map::EBDA / KIB) as u32;
    info[2] = ((told.config.memory_bytes - map::HIGH_MEMORY) / KIB) as u32;
    info[4] = map::COMMAND_LINE as u32;
    info[5] = told.loaded.initrd.is_some().into();
    info[6] = map::MULTIBOOT_MODULES as u32;
    info[11] = entries.len() as u32;
    info[12] = map::MULTIBOOT_MAP as u32;
    info[16] = strings as u32;
    memory.write_slice(&bytes(&info), GuestAddress(map::MULTIBOOT))
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
