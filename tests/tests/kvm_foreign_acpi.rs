//! The ACPI tables of a foreign kernel's machine: the static ones as a parser by others reads them, of the definitions the descriptors of
//! resources, byte by byte.

use std::ptr::NonNull;
use std::sync::Arc;
use std::time::Duration;

use acpi::fadt::Fadt;
use acpi::madt::{Madt, MadtEntry};
use acpi::mcfg::Mcfg;
use acpi::{AcpiHandler, AcpiTables, PhysicalMapping};
use parakit_harness::vmm::{Boot, Discovery, ForeignBus, ForeignConfig, Kernel, KvmHost, KvmOptions, Machine};
use parakit_tests::images::Image;
use vm_memory::{Bytes, GuestAddress};

const LOW: usize = 1 << 20;

/// Memory that is looked at: somewhat more, since who searches maps somewhat more.
const SEEN: usize = LOW + 0x1000;

/// The first MiB of a machine that was built and has not run.
#[derive(Clone)]
struct Low(Arc<[u8]>);

impl Low {
    fn of(transport: ForeignBus, devices: usize, cpus: u16) -> Option<Self> {
        let host = match KvmHost::open(&KvmOptions::from_env()) {
            Ok(host) => host,
            Err(e) => {
                assert!(std::env::var_os("PARAKIT_REQUIRE_KVM").is_none(), "{e}");
                eprintln!("LEFT OUT: {e}");
                return None;
            }
        };
        let kernel = Kernel::parse("a test's kernel", Image::at(LOW as u64, vec![0xf4]).pvh().elf64()).unwrap();
        let config = ForeignConfig {
            memory_bytes: 64 << 20,
            cpus,
            kernel,
            boot: Boot::Pvh,
            initrd: None,
            command_line: String::new(),
            transport,
            devices,
            discovery: Discovery::default(),
            run_for: Duration::from_secs(1),
        };
        let machine = Machine::foreign(&host, config).expect("the machine is built");
        let mut bytes = vec![0; SEEN];
        machine.memory().read_slice(&mut bytes, GuestAddress(0)).unwrap();
        Some(Self(bytes.into()))
    }

    fn tables(&self) -> AcpiTables<Self> {
        // SAFETY: the handler checks that what it is asked for lies in the memory that it has.
        unsafe { AcpiTables::search_for_rsdp_bios(self.clone()) }.expect("tables, found by searching")
    }

    fn definitions(&self) -> Vec<u8> {
        let dsdt = self.tables().dsdt().expect("a DSDT");
        self.0[dsdt.address..dsdt.address + dsdt.length as usize].to_vec()
    }
}

impl AcpiHandler for Low {
    unsafe fn map_physical_region<T>(&self, address: usize, size: usize) -> PhysicalMapping<Self, T> {
        assert!(address.checked_add(size).is_some_and(|end| end <= self.0.len()), "{address:#x}, {size:#x} bytes");
        // SAFETY: checked just now, and the mapping keeps the bytes alive with the handler that it holds.
        unsafe {
            let start = NonNull::new_unchecked(self.0.as_ptr().add(address).cast_mut().cast());
            PhysicalMapping::new(address, start, size, size, self.clone())
        }
    }

    fn unmap_physical_region<T>(_region: &PhysicalMapping<Self, T>) {}
}

#[test]
fn kvm_static_tables() {
    let Some(low) = Low::of(ForeignBus::Pci, 3, 4) else { return };
    let tables = low.tables();
    let fadt = tables.find_table::<Fadt>().expect("an FADT");
    fadt.validate().expect("a checksum");
    assert_eq!(fadt.pm1a_control_block().unwrap().address, 0x604);
    assert_eq!(fadt.pm1a_event_block().unwrap().address, 0x600);
    assert_eq!(fadt.pm_timer_block().unwrap().expect("a timer").address, 0x608);
    let flags = fadt.flags;
    assert!(flags.supports_system_reset_via_fadt() && flags.pm_timer_is_32_bit() && !flags.system_is_hw_reduced_acpi());
    assert_eq!((fadt.reset_register().unwrap().address, fadt.reset_value), (0xcf9, 6));

    let madt = tables.find_table::<Madt>().expect("an MADT");
    assert!(madt.get().supports_8259());
    let (mut cpus, mut io_apics, mut overrides) = (Vec::new(), 0, Vec::new());
    for entry in madt.get().entries() {
        match entry {
            MadtEntry::LocalApic(cpu) => cpus.push((cpu.apic_id, { cpu.flags } & 1)),
            MadtEntry::IoApic(io_apic) => {
                assert_eq!(({ io_apic.io_apic_address }, { io_apic.global_system_interrupt_base }), (0xfec0_0000, 0));
                io_apics += 1;
            }
            MadtEntry::InterruptSourceOverride(entry) => overrides.push((entry.irq, { entry.global_system_interrupt })),
            MadtEntry::LocalApicNmi(nmi) => assert_eq!((nmi.processor_id, nmi.nmi_line), (0xff, 1)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((cpus, io_apics, overrides), (vec![(0, 1), (1, 1), (2, 1), (3, 1)], 1, vec![(9, 9)]));

    let mcfg = tables.find_table::<Mcfg>().expect("an MCFG");
    let [region] = mcfg.entries() else { panic!("one region") };
    assert_eq!(({ region.base_address }, region.bus_number_start, region.bus_number_end), (0xe000_0000, 0, 255));
}

/// How often the bytes are among the others.
fn count(all: &[u8], bytes: &[u8]) -> usize {
    all.windows(bytes.len()).filter(|window| *window == bytes).count()
}

#[test]
fn kvm_definitions_of_register_blocks() {
    let Some(low) = Low::of(ForeignBus::Mmio, 16, 1) else { return };
    assert!(low.tables().find_table::<Mcfg>().is_err());
    let definitions = low.definitions();
    assert_eq!(count(&definitions, b"_HID\x0dLNRO0005\0"), 16);
    let pins = [5, 10, 11, 12, 14, 15, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
    for (i, pin) in (0_u32..).zip(pins) {
        // Fixed memory of 32 bits, writable; then an extended interrupt of a consumer, edge-triggered and active high.
        let mut resources = vec![0x86, 9, 0, 1];
        resources.extend((0xd000_0000 + 0x1000 * i).to_le_bytes());
        resources.extend(512_u32.to_le_bytes());
        resources.extend([0x89, 6, 0, 0b11, 1, pin, 0, 0, 0]);
        assert_eq!(count(&definitions, &resources), 1, "device {i}");
    }
    // Package of four zeroes.
    assert_eq!(count(&definitions, b"_S5_\x12\x06\x04\0\0\0\0"), 1);
}

#[test]
fn kvm_definitions_of_the_pci_bus() {
    let Some(low) = Low::of(ForeignBus::Pci, 3, 1) else { return };
    let definitions = low.definitions();
    // Address spaces of memory: 32 bits, and 64 bits prefetchable, both with fixed ends; granularity, range, translation, length.
    let mut window = vec![0x87, 23, 0, 0, 0b1100, 0b001];
    window.extend([0, 0xc000_0000, 0xcfff_ffff, 0, 0x1000_0000_u32].iter().flat_map(|word| word.to_le_bytes()));
    assert_eq!(count(&definitions, &window), 1);
    let mut window = vec![0x8a, 43, 0, 0, 0b1100, 0b111];
    window.extend([0, 0x40_0000_0000, 0x40_3fff_ffff, 0, 0x4000_0000_u64].iter().flat_map(|word| word.to_le_bytes()));
    assert_eq!(count(&definitions, &window), 1);
    for device in 1..32_u32 {
        // Of four elements: the address as a double word, pin A, no link, the interrupt as a number.
        let mut route = vec![4, 0x0c];
        route.extend((device << 16 | 0xffff).to_le_bytes());
        let at = definitions.windows(route.len()).position(|window| window == route).expect("a route");
        let rest = &definitions[at + route.len()..];
        let pin = [5, 10, 11, 15][(device as usize - 1) % 4];
        assert_eq!(rest[..4], [0, 0, 0x0a, pin], "device {device}");
    }
}
