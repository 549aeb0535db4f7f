//! Machines for kernels that know nothing of Parakit: what such a kernel expects of a PC, of its boot protocol, and of how it is told
//! where its virtio devices are. `docs/kernels.md` says all of it from the kernel's side.

mod firmware;
mod load;
mod map;
mod start;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parakit_abi::mailbox::MAX_DEVICES;

use super::error::{KernelError, KvmError, StartError};
use super::host::KvmHost;
use super::interrupts::Layout;
use super::kernel::{Boot, Kernel};
use super::machine::{Bare, Guest, Machine, checked_cpus};
use super::memory;
use super::outcome::ExitCounter;
use super::pc::{Pc, SERIAL_IRQ};
use crate::vmm::bus::Bus;

pub(super) use self::firmware::windows;
pub(super) use self::map::LOW_MEMORY;

/// Places of a PCI bus beside the host bridge.
const PCI_PLACES: usize = 31;

/// How a foreign kernel reaches its devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ForeignBus {
    /// virtio over MMIO, version 2.
    Mmio,
    /// virtio over MMIO, version 1: the legacy interface.
    MmioLegacy,
    /// virtio over PCI.
    Pci,
}

impl fmt::Display for ForeignBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mmio => "mmio",
            Self::MmioLegacy => "mmio-legacy",
            Self::Pci => "pci",
        })
    }
}

/// What a foreign kernel is told about its machine, beside its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// ACPI tables.
    pub acpi: bool,
    /// A device tree. Linux is given one only where there are no ACPI tables, since it takes both for different devices.
    pub device_tree: bool,
    /// `virtio_mmio.device=` for each device on the command line, where devices are reached over MMIO.
    pub command_line: bool,
}

impl Default for Discovery {
    /// All of it.
    fn default() -> Self {
        Self { acpi: true, device_tree: true, command_line: true }
    }
}

/// What a foreign kernel's machine is made of.
#[derive(Clone, Debug)]
pub struct ForeignConfig {
    /// Bytes of memory from address 0, a multiple of 4096 from 2 MiB to 3328 MiB: all of it lies below the devices.
    pub memory_bytes: u64,
    /// Virtual CPUs. The first one runs; it starts the others, which wait for INIT and SIPI as on any PC.
    pub cpus: u16,
    /// What it runs.
    pub kernel: Kernel,
    /// How it starts: any way that [`Kernel::supports`] but [`Boot::Direct`].
    pub boot: Boot,
    /// The initial RAM disk (Linux, PVH) or first module (multiboot).
    pub initrd: Option<Vec<u8>>,
    /// The command line, to which [`ForeignConfig::discovery`] may add.
    pub command_line: String,
    /// How it reaches its devices.
    pub transport: ForeignBus,
    /// How many it has: at most 16 over MMIO, 31 over PCI.
    pub devices: usize,
    /// What it is told about them.
    pub discovery: Discovery,
    /// The guest is ended this long after its first instruction, which is no fault of its own ([`super::End::TimeUp`]).
    pub run_for: Duration,
}

impl Machine {
    /// Builds a machine for a kernel that does not know Parakit: there is no mailbox, but a PC with firmware's tables, and
    /// [`Hooks::signal`](super::Hooks::signal) is never called. What the kernel prints on the first serial port and on the debug port
    /// comes through [`Hooks::log`](super::Hooks::log) as it is printed, what [`Hooks::input`](super::Hooks::input) gives can be read from
    /// the serial port.
    ///
    /// # Errors
    /// One sentence on what is in the way ([`StartError`]).
    pub fn foreign(host: &KvmHost, config: ForeignConfig) -> Result<Self, StartError> {
        let begun = Instant::now();
        let emulated = host.ring0_speed()?.emulated();
        let most = match config.transport {
            ForeignBus::Mmio | ForeignBus::MmioLegacy => MAX_DEVICES,
            ForeignBus::Pci => PCI_PLACES,
        };
        if config.devices > most {
            return Err(StartError::BusFull { count: config.devices, bus: config.transport, most });
        }
        if config.boot == Boot::Direct {
            return Err(KernelError::NotForeign { name: config.kernel.name().to_string() }.into());
        }
        checked_cpus(host, config.cpus)?;

        let memory = memory::allocate(config.memory_bytes)?;
        let loaded = load::load(&config, &memory)?;
        let Bare { vm, vcpus, interrupts } = Bare::new(host, &memory, config.cpus, Layout::Pc)?;
        for (index, vcpu) in (0..).zip(&vcpus) {
            let cpuid = host.pc_cpuid(index);
            vcpu.set_cpuid2(&cpuid).map_err(KvmError::operation("tell the guest the CPU's features"))?;
        }
        let tables = firmware::write(&config, &loaded, &memory)?;
        let areas = map::areas(config.memory_bytes, config.transport);
        let told = start::Told { config: &config, loaded: &loaded, tables: &tables, areas };
        if let Some(first) = vcpus.first() {
            start::start(&told, &memory, first)?;
        }
        let registers = config.transport != ForeignBus::Pci;
        let lines = if registers { interrupts.wires(config.devices) } else { Vec::new() };
        let serial = interrupts.edge(SERIAL_IRQ).map_err(KvmError::operation("bind an interrupt to an eventfd"))?;
        let bus = if registers { Bus::new(config.devices) } else { Bus::with_pci() };

        Ok(Self {
            guest: Guest::Foreign { pc: Arc::new(Pc::new(config.memory_bytes, serial)), emulated, bars: windows() },
            kernel: config.kernel,
            vm,
            vcpus,
            run_size: host.run_size(),
            memory,
            bus,
            interrupts,
            lines,
            exits: ExitCounter::default(),
            deadline: config.run_for,
            tsc_khz: 0,
            setup: begun.elapsed(),
            healths: Vec::new(),
        })
    }
}
