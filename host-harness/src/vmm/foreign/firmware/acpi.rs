//! The static ACPI tables. The hardware is ACPI's fixed one, not the reduced: kernels of all ages switch such a machine off.

use acpi_tables::Aml;
use acpi_tables::facs::FACS;
use acpi_tables::fadt::{FADTBuilder, Flags};
use acpi_tables::gas::{AccessSize, AddressSpace, GAS};
use acpi_tables::madt::{EnabledStatus, IoApic, ProcessorLocalApic};
use acpi_tables::mcfg::MCFG;
use acpi_tables::rsdp::Rsdp;
use acpi_tables::sdt::Sdt;
use acpi_tables::xsdt::XSDT;
use parakit_abi::boot::PCI_ECAM;

use super::aml;
use crate::vmm::foreign::{ForeignBus, ForeignConfig};
use crate::vmm::pc::{PM_CONTROL, PM_EVENT, PM_TIMER, PORT_RESET, RESET_VALUE};

const OEM: [u8; 6] = *b"PARKIT";
const TABLE: [u8; 8] = *b"PARAKIT ";
const REVISION: u32 = 1;
/// Bytes of a table's header.
const HEADER: u32 = 36;
/// Tables begin at multiples of this; the FACS asks for it.
const ALIGNMENT: usize = 64;

/// The interrupt of ACPI itself, which never comes.
const SCI: u8 = 9;
const LOCAL_APIC: u32 = 0xfee0_0000;
const IO_APIC: u32 = 0xfec0_0000;
/// MADT flag: there are the old interrupt controllers too.
const PCAT_COMPAT: u32 = 1;
/// Interrupt source override: active high, level-triggered.
const HIGH_LEVEL: u16 = 0xd;
/// Boot architecture flags of x86: devices on the ISA bus, no VGA. There is no keyboard controller to look for, though its ports answer.
const LEGACY_DEVICES: u16 = 1 << 0;
const NO_VGA: u16 = 1 << 2;
/// CMOS register of the century.
const CENTURY: u8 = 0x32;

/// The root pointer and all tables, for a place at `base`.
pub(super) fn image(config: &ForeignConfig, base: u64) -> Vec<u8> {
    let mut image = Image { base, bytes: Vec::new() };
    // The root pointer is first, as kernels search for it from there on, and known last.
    image.put(&[0; 36]);
    let facs = image.table(&FACS::new());
    let dsdt = image.put(&dsdt(config));
    let fadt = image.table(&fadt(facs, dsdt).finalize());
    let madt = image.put(&madt(config.cpus));
    let mut tables = vec![fadt, madt];
    if config.transport == ForeignBus::Pci {
        let mut mcfg = MCFG::new(OEM, TABLE, REVISION);
        mcfg.add_ecam(PCI_ECAM, 0, 0, 255);
        tables.push(image.table(&mcfg));
    }
    let mut xsdt = XSDT::new(OEM, TABLE, REVISION);
    let mut rsdt = Sdt::new(*b"RSDT", HEADER, 1, OEM, TABLE, REVISION);
    for table in tables {
        xsdt.add_entry(table);
        rsdt.append_slice(&(table as u32).to_le_bytes());
    }
    let xsdt = image.table(&xsdt);
    let rsdt = image.put(rsdt.as_slice());
    let root = root_pointer(rsdt, xsdt);
    image.bytes[..root.len()].copy_from_slice(&root);
    image.bytes
}

/// Tables one after the other.
struct Image {
    base: u64,
    bytes: Vec<u8>,
}

impl Image {
    fn put(&mut self, table: &[u8]) -> u64 {
        self.bytes.resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
        let address = self.base + self.bytes.len() as u64;
        self.bytes.extend_from_slice(table);
        address
    }

    fn table(&mut self, table: &dyn Aml) -> u64 {
        let mut bytes = Vec::new();
        table.to_aml_bytes(&mut bytes);
        self.put(&bytes)
    }
}

/// With the address of the 32-bit table too, which many a small kernel takes whatever the revision.
fn root_pointer(rsdt: u64, xsdt: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    Rsdp::new(OEM, xsdt).to_aml_bytes(&mut bytes);
    bytes[16..20].copy_from_slice(&(rsdt as u32).to_le_bytes());
    for (place, len) in [(8, 20), (32, 36)] {
        bytes[place] = 0;
        bytes[place] = bytes[..len].iter().fold(0, |sum: u8, byte| sum.wrapping_sub(*byte));
    }
    bytes
}

fn dsdt(config: &ForeignConfig) -> Vec<u8> {
    let mut table = Sdt::new(*b"DSDT", HEADER, 2, OEM, TABLE, REVISION);
    table.append_slice(&aml::definitions(config));
    table.as_slice().to_vec()
}

fn fadt(facs: u64, dsdt: u64) -> FADTBuilder {
    let mut fadt = FADTBuilder::new(OEM, TABLE, REVISION);
    // All tables lie below 1 MiB.
    fadt.firmware_ctrl = (facs as u32).into();
    fadt.dsdt = (dsdt as u32).into();
    fadt.x_dsdt = dsdt.into();
    fadt.sci_int = u16::from(SCI).into();
    fadt.pm1a_evt_blk = u32::from(PM_EVENT).into();
    fadt.pm1_evt_len = 4;
    fadt.pm1a_cnt_blk = u32::from(PM_CONTROL).into();
    fadt.pm1_cnt_len = 2;
    fadt.pm_tmr_blk = u32::from(PM_TIMER).into();
    fadt.pm_tmr_len = 4;
    fadt.century = CENTURY;
    fadt.iapc_boot_arch = (LEGACY_DEVICES | NO_VGA).into();
    fadt.reset_reg = GAS::new(AddressSpace::SystemIo, 8, 0, AccessSize::ByteAccess, PORT_RESET.into());
    fadt.reset_value = RESET_VALUE;
    // Neither power nor sleep button, and no alarm that wakes.
    [
        Flags::Wbinvd,
        Flags::ProcC1,
        Flags::PwrButton,
        Flags::SlpButton,
        Flags::FixRtc,
        Flags::TmrValExt,
        Flags::ResetRegSup,
        Flags::Headless,
    ]
    .into_iter()
    .fold(fadt, FADTBuilder::flag)
}

fn madt(cpus: u16) -> Vec<u8> {
    let mut table = Sdt::new(*b"APIC", HEADER, 4, OEM, TABLE, REVISION);
    let mut body = [LOCAL_APIC.to_le_bytes(), PCAT_COMPAT.to_le_bytes()].concat();
    // A machine has at most 254 CPUs.
    for cpu in 0..cpus as u8 {
        ProcessorLocalApic::new(cpu, cpu, EnabledStatus::Enabled).to_aml_bytes(&mut body);
    }
    IoApic::new(0, IO_APIC, 0).to_aml_bytes(&mut body);
    // Interrupt source override: bus, source, global interrupt, how.
    body.extend([2, 10, 0, SCI, SCI, 0, 0, 0]);
    body.extend(HIGH_LEVEL.to_le_bytes());
    // Non-maskable interrupts of all CPUs come at their second pin.
    body.extend([4, 6, 0xff, 0, 0, 1]);
    table.append_slice(&body);
    table.as_slice().to_vec()
}
