//! The definitions in the DSDT: what there is beside CPUs and interrupt controllers.

use acpi_tables::Aml;
use acpi_tables::aml::{
    AddressSpace, AddressSpaceCacheable, Device, EISAName, IO, Interrupt, Memory32Fixed, Name, Package, PackageBuilder,
    Path, ResourceTemplate, Scope, ZERO,
};
use parakit_abi::boot::{
    MMIO_BASE, MMIO_STRIDE, PCI_ECAM, PCI_ECAM_SIZE, PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE,
};

use crate::vmm::foreign::load::BLOCK;
use crate::vmm::foreign::{ForeignBus, ForeignConfig};
use crate::vmm::interrupts::{Layout, gsi, intx_gsi};
use crate::vmm::pc::{PORT_SERIAL, SERIAL_IRQ};

/// Device numbers of a bus.
const SLOTS: u32 = 32;

/// The definitions, as bytes.
pub(super) fn definitions(config: &ForeignConfig) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Sleep type 0 in PM1 control switches the machine off.
    let off = Package::new(vec![&ZERO, &ZERO, &ZERO, &ZERO]);
    Name::new(Path::new("_S5_"), &off).to_aml_bytes(&mut bytes);
    serial(&mut bytes);
    match config.transport {
        ForeignBus::Mmio | ForeignBus::MmioLegacy => (0..config.devices).for_each(|i| register_block(&mut bytes, i)),
        ForeignBus::Pci => {
            reserved(&mut bytes);
            host_bridge(&mut bytes);
        }
    }
    bytes
}

/// Puts a device under `\_SB_`.
fn device(bytes: &mut Vec<u8>, name: &str, children: Vec<&dyn Aml>) {
    let device = Device::new(Path::new(name), children);
    Scope::new(Path::new("_SB_"), vec![&device]).to_aml_bytes(bytes);
}

fn serial(bytes: &mut Vec<u8>) {
    let ports = IO::new(PORT_SERIAL, PORT_SERIAL, 1, 8);
    let interrupt = Interrupt::new(true, true, false, false, SERIAL_IRQ);
    let resources = ResourceTemplate::new(vec![&ports, &interrupt]);
    device(
        bytes,
        "COM1",
        vec![
            &Name::new(Path::new("_HID"), &EISAName::new("PNP0501")),
            &Name::new(Path::new("_UID"), &1_u8),
            &Name::new(Path::new("_CRS"), &resources),
        ],
    );
}

fn register_block(bytes: &mut Vec<u8>, i: usize) {
    // Below 4 GiB, all of them.
    let base = (MMIO_BASE + i as u64 * MMIO_STRIDE) as u32;
    let registers = Memory32Fixed::new(true, base, BLOCK as u32);
    let interrupt = Interrupt::new(true, true, false, false, gsi(Layout::Pc, i));
    let resources = ResourceTemplate::new(vec![&registers, &interrupt]);
    device(
        bytes,
        &format!("VM{i:02X}"),
        vec![
            &Name::new(Path::new("_HID"), &"LNRO0005"),
            &Name::new(Path::new("_UID"), &(i as u8)),
            &Name::new(Path::new("_CCA"), &1_u8),
            &Name::new(Path::new("_CRS"), &resources),
        ],
    );
}

/// Configuration space, which no device may be put over.
fn reserved(bytes: &mut Vec<u8>) {
    let ecam = Memory32Fixed::new(true, PCI_ECAM as u32, PCI_ECAM_SIZE as u32);
    let resources = ResourceTemplate::new(vec![&ecam]);
    device(
        bytes,
        "MBRD",
        vec![
            &Name::new(Path::new("_HID"), &EISAName::new("PNP0C02")),
            &Name::new(Path::new("_UID"), &1_u8),
            &Name::new(Path::new("_CRS"), &resources),
        ],
    );
}

fn host_bridge(bytes: &mut Vec<u8>) {
    let low = PCI_MEMORY32 as u32;
    let buses = AddressSpace::new_bus_number(0_u16, 255);
    let configuration = IO::new(0xcf8, 0xcf8, 1, 8);
    let below = AddressSpace::new_io(0_u16, 0x0cf7, None);
    let above = AddressSpace::new_io(0x0d00_u16, 0xffff, None);
    let memory = AddressSpace::new_memory(
        AddressSpaceCacheable::NotCacheable,
        true,
        low,
        low + (PCI_MEMORY32_SIZE as u32 - 1),
        None,
    );
    let wide = AddressSpace::new_memory(
        AddressSpaceCacheable::PreFetchable,
        true,
        PCI_MEMORY64,
        PCI_MEMORY64 + (PCI_MEMORY64_SIZE - 1),
        None,
    );
    let resources = ResourceTemplate::new(vec![&buses, &configuration, &below, &above, &memory, &wide]);
    // Functions interrupt by their pin A; the place after the host bridge is that of the first one.
    let mut routes = PackageBuilder::new();
    for slot in 1..SLOTS {
        let pin = u32::from(intx_gsi(Layout::Pc, slot as usize - 1));
        routes.add_element(&Package::new(vec![&(slot << 16 | 0xffff), &0_u8, &0_u8, &pin]));
    }
    device(
        bytes,
        "PCI0",
        vec![
            &Name::new(Path::new("_HID"), &EISAName::new("PNP0A08")),
            &Name::new(Path::new("_CID"), &EISAName::new("PNP0A03")),
            &Name::new(Path::new("_SEG"), &0_u8),
            &Name::new(Path::new("_BBN"), &0_u8),
            &Name::new(Path::new("_UID"), &0_u8),
            &Name::new(Path::new("_CRS"), &resources),
            &Name::new(Path::new("_PRT"), &routes),
        ],
    );
}
