//! Where things are in the memory of a foreign kernel's machine. What is below 640 KiB is the kernel's once it has read it.

use std::ops::Range;

use parakit_abi::boot::{MMIO_BASE, MMIO_STRIDE, PCI_ECAM, PCI_ECAM_SIZE};
use parakit_abi::mailbox::MAX_DEVICES;

use super::ForeignBus;

/// Memory below boot data: a kernel's, if it wants it, but for what is in the way of a BIOS data area.
pub(in crate::vmm) const LOW_MEMORY: Range<u64> = 0x1000..0x8_0000;
/// Where kernels usually lie.
pub(super) const HIGH_MEMORY: u64 = 0x10_0000;

/// The descriptor table that the first CPU starts with.
pub(super) const GDT: u64 = 0x8_0000;
/// PVH: start information, list of modules, memory map.
pub(super) const START_INFO: u64 = 0x8_1000;
pub(super) const MODULES: u64 = 0x8_1100;
pub(super) const MEMORY_MAP: u64 = 0x8_2000;
/// Linux: the zero page.
pub(super) const ZERO_PAGE: u64 = 0x8_3000;
/// Multiboot: information, memory map, modules, and the strings that belong to them.
pub(super) const MULTIBOOT: u64 = 0x8_4000;
pub(super) const MULTIBOOT_MAP: u64 = 0x8_4100;
pub(super) const MULTIBOOT_MODULES: u64 = 0x8_4800;
pub(super) const MULTIBOOT_STRINGS: u64 = 0x8_4900;
/// Page tables that map the first 4 GiB as they are: a top table, one below it, and four of 2 MiB pages.
pub(super) const PAGE_TABLES: u64 = 0x8_5000;
/// The stack's first address above it.
pub(super) const STACK: u64 = 0x8_c000;
/// The device tree, and before it what announces it to Linux.
pub(super) const DEVICE_TREE: u64 = 0x9_0000;
pub(super) const DEVICE_TREE_ROOM: usize = 0x8000;
/// The command line.
pub(super) const COMMAND_LINE: u64 = 0x9_8000;
/// Its NUL included.
pub(super) const COMMAND_LINE_ROOM: usize = 0x4000;
/// The end of memory below 640 KiB: the extended BIOS data area, which is empty.
pub(super) const EBDA: u64 = 0x9_fc00;
/// What a BIOS would leave of itself; the ACPI tables are at its beginning.
pub(super) const BIOS: Range<u64> = 0xe_0000..0x10_0000;

/// A part of the address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) start: u64,
    pub(super) size: u64,
    pub(super) usable: bool,
}

/// The memory map that a kernel is told.
pub(super) fn areas(memory_bytes: u64, bus: ForeignBus) -> Vec<Area> {
    let area = |range: Range<u64>, usable| Area { start: range.start, size: range.end - range.start, usable };
    let devices = match bus {
        ForeignBus::Mmio | ForeignBus::MmioLegacy => MMIO_BASE..MMIO_BASE + MAX_DEVICES as u64 * MMIO_STRIDE,
        ForeignBus::Pci => PCI_ECAM..PCI_ECAM + PCI_ECAM_SIZE,
    };
    vec![
        area(0..EBDA, true),
        area(EBDA..0xa_0000, false),
        area(BIOS, false),
        area(HIGH_MEMORY..memory_bytes, true),
        area(devices, false),
    ]
}
