//! The device tree: the same machine once more, for kernels that read no AML.

use parakit_abi::boot::{
    MMIO_BASE, MMIO_STRIDE, PCI_ECAM, PCI_ECAM_SIZE, PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE,
};
use vm_fdt::{Error, FdtWriter};

use crate::vmm::foreign::load::{BLOCK, Loaded};
use crate::vmm::foreign::{ForeignBus, ForeignConfig, map};
use crate::vmm::interrupts::{Layout, gsi, intx_gsi};
use crate::vmm::pc::{PORT_SERIAL, SERIAL_IRQ};

/// The I/O APIC, by which others name it.
const IO_APIC: u32 = 1;
/// Senses in the binding of the I/O APIC.
const EDGE_RISING: u32 = 0;
const LEVEL_LOW: u32 = 1;
/// Kinds of addresses in the binding of PCI: 32 bits, and 64 bits prefetchable.
const PCI_32: u32 = 0x0200_0000;
const PCI_64: u32 = 0x4300_0000;
/// An address of the ISA bus that is a port.
const ISA_PORT: u32 = 1;

/// The tree, flattened.
pub(super) fn blob(config: &ForeignConfig, loaded: &Loaded) -> Result<Vec<u8>, Error> {
    let mut tree = FdtWriter::new()?;
    let root = tree.begin_node("")?;
    tree.property_string("model", "parakit")?;
    tree.property_string("compatible", "parakit,pc")?;
    tree.property_u32("#address-cells", 2)?;
    tree.property_u32("#size-cells", 2)?;
    tree.property_u32("interrupt-parent", IO_APIC)?;
    chosen(&mut tree, loaded)?;
    memory(&mut tree, config)?;
    cpus(&mut tree, config.cpus)?;
    interrupt_controllers(&mut tree)?;
    serial(&mut tree)?;
    match config.transport {
        ForeignBus::Mmio | ForeignBus::MmioLegacy => {
            (0..config.devices).try_for_each(|i| register_block(&mut tree, i))?;
        }
        ForeignBus::Pci => host_bridge(&mut tree)?,
    }
    tree.end_node(root)?;
    tree.finish()
}

fn chosen(tree: &mut FdtWriter, loaded: &Loaded) -> Result<(), Error> {
    let node = tree.begin_node("chosen")?;
    tree.property_string("bootargs", &loaded.command_line)?;
    tree.property_string("stdout-path", "/isa/serial")?;
    if let Some((start, size)) = loaded.initrd {
        tree.property_u64("linux,initrd-start", start)?;
        tree.property_u64("linux,initrd-end", start + size)?;
    }
    tree.end_node(node)
}

fn memory(tree: &mut FdtWriter, config: &ForeignConfig) -> Result<(), Error> {
    let node = tree.begin_node("memory@0")?;
    tree.property_string("device_type", "memory")?;
    tree.property_array_u64("reg", &[0, map::EBDA, map::HIGH_MEMORY, config.memory_bytes - map::HIGH_MEMORY])?;
    tree.end_node(node)
}

fn cpus(tree: &mut FdtWriter, count: u16) -> Result<(), Error> {
    let node = tree.begin_node("cpus")?;
    tree.property_u32("#address-cells", 1)?;
    tree.property_u32("#size-cells", 0)?;
    for i in 0..u32::from(count) {
        let cpu = tree.begin_node(&format!("cpu@{i:x}"))?;
        tree.property_string("device_type", "cpu")?;
        tree.property_string("compatible", "x86-64")?;
        tree.property_u32("reg", i)?;
        tree.end_node(cpu)?;
    }
    tree.end_node(node)
}

fn interrupt_controllers(tree: &mut FdtWriter) -> Result<(), Error> {
    let node = tree.begin_node("interrupt-controller@fec00000")?;
    tree.property_string("compatible", "intel,ce4100-ioapic")?;
    tree.property_null("interrupt-controller")?;
    tree.property_u32("#address-cells", 0)?;
    tree.property_u32("#interrupt-cells", 2)?;
    tree.property_array_u64("reg", &[0xfec0_0000, 0x1000])?;
    tree.property_phandle(IO_APIC)?;
    tree.end_node(node)?;
    let node = tree.begin_node("local-apic@fee00000")?;
    tree.property_string("compatible", "intel,ce4100-lapic")?;
    tree.property_array_u64("reg", &[0xfee0_0000, 0x1000])?;
    tree.end_node(node)
}

fn serial(tree: &mut FdtWriter) -> Result<(), Error> {
    let bus = tree.begin_node("isa")?;
    tree.property_string("compatible", "isa")?;
    tree.property_u32("#address-cells", 2)?;
    tree.property_u32("#size-cells", 1)?;
    tree.property_null("ranges")?;
    let node = tree.begin_node("serial")?;
    tree.property_string("compatible", "ns16550a")?;
    tree.property_array_u32("reg", &[ISA_PORT, PORT_SERIAL.into(), 8])?;
    tree.property_u32("interrupt-parent", IO_APIC)?;
    tree.property_array_u32("interrupts", &[SERIAL_IRQ, EDGE_RISING])?;
    tree.property_u32("clock-frequency", 1_843_200)?;
    tree.end_node(node)?;
    tree.end_node(bus)
}

fn register_block(tree: &mut FdtWriter, i: usize) -> Result<(), Error> {
    let base = MMIO_BASE + i as u64 * MMIO_STRIDE;
    let node = tree.begin_node(&format!("virtio_mmio@{base:x}"))?;
    tree.property_string("compatible", "virtio,mmio")?;
    tree.property_array_u64("reg", &[base, BLOCK])?;
    // Said here too: small parsers do not look further up.
    tree.property_u32("interrupt-parent", IO_APIC)?;
    tree.property_array_u32("interrupts", &[gsi(Layout::Pc, i), EDGE_RISING])?;
    tree.property_null("dma-coherent")?;
    tree.end_node(node)
}

fn host_bridge(tree: &mut FdtWriter) -> Result<(), Error> {
    let halves = |value: u64| [(value >> 32) as u32, value as u32];
    let range = |kind: u32, start: u64, size: u64| {
        let ([high, low], [size_high, size_low]) = (halves(start), halves(size));
        [kind, high, low, high, low, size_high, size_low]
    };
    let node = tree.begin_node("pci@e0000000")?;
    tree.property_string("compatible", "pci-host-ecam-generic")?;
    tree.property_string("device_type", "pci")?;
    tree.property_u32("#address-cells", 3)?;
    tree.property_u32("#size-cells", 2)?;
    tree.property_u32("#interrupt-cells", 1)?;
    tree.property_array_u64("reg", &[PCI_ECAM, PCI_ECAM_SIZE])?;
    tree.property_array_u32("bus-range", &[0, 255])?;
    let ranges =
        [range(PCI_32, PCI_MEMORY32, PCI_MEMORY32_SIZE), range(PCI_64, PCI_MEMORY64, PCI_MEMORY64_SIZE)].concat();
    tree.property_array_u32("ranges", &ranges)?;
    // By device number and pin: each function has pin A.
    tree.property_array_u32("interrupt-map-mask", &[0xf800, 0, 0, 7])?;
    let route = |slot: u32| {
        let pin = u32::from(intx_gsi(Layout::Pc, slot as usize - 1));
        [slot << 11, 0, 0, 1, IO_APIC, pin, LEVEL_LOW]
    };
    let routes: Vec<u32> = (1..32).flat_map(route).collect();
    tree.property_array_u32("interrupt-map", &routes)?;
    tree.property_null("dma-coherent")?;
    tree.end_node(node)
}
