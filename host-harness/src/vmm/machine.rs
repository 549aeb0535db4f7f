//! The machine: built, given its devices, run once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kvm_bindings::{KVM_MP_STATE_RUNNABLE, Msrs, kvm_mp_state, kvm_msr_entry};
use kvm_ioctls::{VcpuFd, VmFd};
use parakit_abi::boot::{BootNote, MMIO_BASE, MMIO_STRIDE};
use parakit_abi::mailbox::{DeviceEntry, MAX_DEVICES, NAME_LEN, bus};
use parakit_abi::transport::pci::FunctionAddress;

use super::GuestMemory;
use super::boot;
use super::bus::Bus;
use super::doorbell::Doorbells;
use super::error::{CpuLimit, KvmError, StartError};
use super::host::KvmHost;
use super::interrupts::{self, Interrupts, Layout};
use super::kernel::{Boot, Kernel};
use super::load;
use super::log::Log;
use super::mailbox::{Evidence, Mailbox, MailboxInit, Reported};
use super::memory;
use super::outcome::{End, ExitCounter, MachineReport};
use super::pc::Pc;
use super::vcpu::VcpuParts;
use super::watchdog::{self, Peer, Vcpus};
use crate::transport::device::{Health, Worker};
use crate::transport::pci::{BarWindows, BusFull, PciFunction};
use crate::transport::{DoorbellBinder, InterruptLine, IntxLine, MsiSink, RegisterBlock};

/// Three pages below the top of the 32-bit space that Intel CPUs need for real mode; no memory and no device is there.
const TSS_ADDRESS: usize = 0xfffb_d000;
/// The guest's view of its time stamp counter.
const MSR_TSC: u32 = 0x10;

/// What a machine is made of.
#[derive(Clone, Debug)]
pub struct MachineConfig {
    /// Bytes of memory from address 0, a multiple of 4096 from 2 MiB to 3328 MiB.
    pub memory_bytes: u64,
    /// Virtual CPUs: 1, or more if it starts directly and the kernel has room for them.
    pub cpus: u16,
    /// What it runs.
    pub kernel: Kernel,
    /// How it starts.
    pub boot: Boot,
    /// What the guest is told.
    pub mailbox: MailboxInit,
    /// The guest is ended this long after its first instruction, at the latest.
    pub deadline: Duration,
}

/// What a machine asks of whoever runs it. All calls come from the thread that called [`Machine::run`].
pub trait Hooks {
    /// The guest sent a signal ([`parakit_abi::mailbox::signal`]) and waits; the answer goes back to it. A signal nobody knows is
    /// to be answered, too: the guest is not trusted.
    fn signal(&mut self, code: u32, argument: u64) -> u64;
    /// The guest logged this, without control characters other than newline and tab: complete lines, but of a foreign kernel whatever has come.
    fn log(&mut self, text: &str);
    /// Whether the run is to end now. Asked every few milliseconds.
    fn cancelled(&self) -> bool;
    /// What is typed on the serial port of a foreign kernel; asked every few milliseconds while it has room for more, and not to wait.
    fn input(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

/// Where device `i` of a machine is, and how it interrupts.
#[must_use]
pub fn placement(i: usize, device_type: u32) -> DeviceEntry {
    DeviceEntry {
        base: MMIO_BASE + i as u64 * MMIO_STRIDE,
        size: MMIO_STRIDE as u32,
        device_type,
        vector: interrupts::vector(i),
        gsi: interrupts::gsi(Layout::Own, i),
    }
}

/// A machine that has not run yet.
pub struct Machine {
    pub(super) guest: Guest,
    pub(super) kernel: Kernel,
    pub(super) vm: Arc<VmFd>,
    pub(super) vcpus: Vec<VcpuFd>,
    pub(super) run_size: usize,
    pub(super) memory: GuestMemory,
    pub(super) bus: Bus,
    pub(super) interrupts: Arc<Interrupts>,
    pub(super) lines: Vec<Arc<dyn InterruptLine>>,
    pub(super) exits: ExitCounter,
    pub(super) deadline: Duration,
    pub(super) tsc_khz: u64,
    pub(super) setup: Duration,
    /// Whether the threads of its devices do their work.
    pub(super) healths: Vec<Health>,
}

/// What the harness has in common with the kernel, beside the devices.
pub(super) enum Guest {
    /// The mailbox.
    Own(Mailbox),
    /// A PC, whose ring 0 may be emulated.
    Foreign {
        pc: Arc<Pc>,
        emulated: bool,
        /// Addresses for the BARs of its functions.
        bars: BarWindows,
    },
}

impl Machine {
    /// Builds the machine: memory with the kernel and the mailbox in it, interrupt controllers, the vCPUs before their first instruction.
    ///
    /// # Errors
    /// One sentence on what is in the way ([`StartError`]).
    pub fn new(host: &KvmHost, config: MachineConfig) -> Result<Self, StartError> {
        let begun = Instant::now();
        let MachineConfig { memory_bytes, cpus, kernel, boot: way, mailbox: init, deadline } = config;
        let devices = init.devices.len();
        if devices > MAX_DEVICES {
            return Err(StartError::TooManyDevices { count: devices });
        }
        if init.scenario.len() > NAME_LEN {
            return Err(StartError::NameTooLong { bytes: init.scenario.len() });
        }

        let memory = memory::allocate(memory_bytes)?;
        load::load(&kernel, &memory, memory_bytes)?;

        let start = Start::of(&kernel, way)?;
        start.check(host, cpus)?;
        let Bare { vm, vcpus, interrupts } = Bare::new(host, &memory, cpus, Layout::Own)?;
        let lines = interrupts.lines(if init.bus == bus::TABLE { devices } else { 0 })?;
        for (index, vcpu) in (0..).zip(&vcpus) {
            vcpu.set_cpuid2(&host.cpuid(index)).map_err(KvmError::operation("tell the guest the CPU's features"))?;
            match start {
                Start::Direct(note) => boot::direct(vcpu, &note, index)?,
                Start::Pvh(entry) => boot::pvh(vcpu, entry)?,
            }
        }

        let tsc_khz = vcpus.first().and_then(|vcpu| vcpu.get_tsc_khz().ok()).map_or(0, u64::from);
        let mailbox = Mailbox::new(memory.clone());
        let entry = |(i, &device_type): (usize, &u32)| match init.bus {
            bus::TABLE => placement(i, device_type),
            // It is for the guest to find.
            _ => DeviceEntry { device_type, ..DeviceEntry::default() },
        };
        let entries: Vec<_> = init.devices.iter().enumerate().map(entry).collect();
        let failed = |e: vm_memory::GuestMemoryError| StartError::Memory { bytes: memory_bytes, why: e.to_string() };
        mailbox.write(&init, &entries, memory_bytes, tsc_khz, cpus).map_err(failed)?;
        if way == Boot::Pvh {
            boot::write_pvh_data(&memory, memory_bytes, lines.len()).map_err(failed)?;
        }

        Ok(Self {
            guest: Guest::Own(mailbox),
            kernel,
            vm,
            vcpus,
            run_size: host.run_size(),
            memory,
            bus: Bus::new(lines.len()),
            interrupts,
            lines,
            exits: ExitCounter::default(),
            deadline,
            tsc_khz,
            setup: begun.elapsed(),
            healths: Vec::new(),
        })
    }

    /// The guest's memory; clones share it.
    #[must_use]
    pub fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    /// The interrupt of device `i`; `None` if the machine was built with fewer devices.
    #[must_use]
    pub fn interrupt_line(&self, i: usize) -> Option<Arc<dyn InterruptLine>> {
        self.lines.get(i).cloned()
    }

    /// The doorbells of the machine's devices.
    #[must_use]
    pub fn doorbells(&self) -> Arc<dyn DoorbellBinder> {
        Arc::new(Doorbells { vm: self.vm.clone() })
    }

    /// Puts a device's registers in place `i`. Returns `false` if the machine was built with fewer devices.
    #[must_use = "a device that is not there answers nobody"]
    pub fn attach(&mut self, i: usize, block: Arc<dyn RegisterBlock>) -> bool {
        self.bus.attach(i, block)
    }

    /// The messages (MSI-X) of a PCI function, one sink for each.
    #[must_use]
    pub fn messages(&self) -> Arc<dyn MsiSink> {
        self.interrupts.messages()
    }

    /// The INTx line of the PCI function that is attached as number `i`, from 0 on.
    #[must_use]
    pub fn intx(&self, i: usize) -> Arc<dyn IntxLine> {
        self.interrupts.line(i)
    }

    /// Where that line goes with Parakit's own kernel: the pin of the I/O APIC, which is to be read in the function's interrupt line register.
    #[must_use]
    pub fn intx_pin(i: usize) -> u8 {
        interrupts::intx_gsi(Layout::Own, i)
    }

    /// Where that line goes on this machine, whoever's kernel it is for.
    #[must_use]
    pub fn interrupt_pin(&self, i: usize) -> u8 {
        self.interrupts.intx_gsi(i)
    }

    /// Puts a function on the machine's PCI bus, and says where it is.
    ///
    /// # Errors
    /// There is no place left.
    pub fn attach_pci(&mut self, function: Arc<dyn PciFunction>) -> Result<FunctionAddress, BusFull> {
        let at = self.bus.attach_pci(Arc::clone(&function))?;
        if let Guest::Foreign { bars, .. } = &mut self.guest {
            // One that finds no room is for the kernel to place, as on any PC.
            function.assign(bars);
        }
        Ok(at)
    }

    /// Ends the run, as a fault of the harness, if the thread of a device comes to its end before the guest does.
    pub fn depend_on(&mut self, device: &Worker) {
        self.healths.push(device.health());
    }

    /// Counts the exits of this machine, before, during and after its run.
    #[must_use]
    pub fn exit_counter(&self) -> ExitCounter {
        self.exits.clone()
    }

    /// Runs the guest to its end, which comes at the deadline at the latest.
    pub fn run(self, hooks: &mut dyn Hooks) -> MachineReport {
        let Self {
            mut guest,
            kernel,
            vm: _vm,
            vcpus,
            run_size,
            memory,
            bus,
            interrupts: _interrupts,
            lines: _lines,
            exits,
            deadline,
            tsc_khz,
            setup,
            healths,
        } = self;
        let started = Instant::now();
        let stamps = start_stamps(&vcpus);
        let bus = Arc::new(bus);
        let parts = (0..).zip(vcpus).map(|(index, vcpu)| {
            let (memory, bus, exits) = (memory.clone(), Arc::clone(&bus), exits.clone());
            VcpuParts { index, vcpu, run_size, memory, bus, pc: guest.pc(), exits }
        });
        let mut log = guest.log();
        let mut end = match Vcpus::start(parts, healths) {
            Ok(vcpus) => watchdog::supervise(vcpus, &mut guest.peer(), &mut log, hooks, started, deadline),
            Err(e) => End::HarnessFault(e.to_string()),
        };
        let elapsed = started.elapsed();
        log.flush(&mut |text| hooks.log(text));
        let told = guest.told(&stamps, tsc_khz, elapsed);
        if let (End::InternalError(error), Guest::Foreign { emulated, .. }) = (&mut end, &guest) {
            error.emulated = *emulated;
        }
        for registers in end.registers_mut() {
            registers.function = kernel.symbol_at(registers.rip).map(|(name, offset)| format!("{name}+{offset:#x}"));
        }
        MachineReport {
            end,
            exits: exits.snapshot(),
            records: told.reported.records,
            bad_records: told.reported.bad,
            evidence: told.evidence,
            log: log.into_text(),
            boot_to_first_queue: told.first_queue,
            elapsed,
            setup,
        }
    }
}

/// What a guest left in the mailbox.
#[derive(Default)]
struct Told {
    reported: Reported,
    evidence: Vec<Evidence>,
    first_queue: Option<Duration>,
}

impl Guest {
    fn pc(&self) -> Option<Arc<Pc>> {
        match self {
            Self::Own(_) => None,
            Self::Foreign { pc, .. } => Some(Arc::clone(pc)),
        }
    }

    fn peer(&mut self) -> Peer<'_> {
        match self {
            Self::Own(mailbox) => Peer::Mailbox(mailbox),
            Self::Foreign { pc, .. } => Peer::Pc(pc),
        }
    }

    fn log(&self) -> Log {
        match self {
            Self::Own(_) => Log::default(),
            Self::Foreign { .. } => Log::at_once(),
        }
    }

    fn told(&self, stamps: &[u64], tsc_khz: u64, elapsed: Duration) -> Told {
        match self {
            Self::Own(mailbox) => Told {
                reported: mailbox.records(),
                evidence: mailbox.evidence(),
                first_queue: mailbox.boot_to_first_queue(stamps, tsc_khz, elapsed),
            },
            Self::Foreign { .. } => Told::default(),
        }
    }
}

/// Where the CPUs begin.
#[derive(Clone, Copy)]
enum Start {
    Direct(BootNote),
    Pvh(u32),
}

impl Start {
    fn of(kernel: &Kernel, boot: Boot) -> Result<Self, StartError> {
        Ok(match boot {
            Boot::Direct => Self::Direct(kernel.boot_note()?),
            Boot::Pvh => Self::Pvh(kernel.pvh_entry()?),
            Boot::Elf64 | Boot::Linux | Boot::Multiboot => return Err(StartError::NoMailbox { boot }),
        })
    }

    /// Whether there can be so many CPUs.
    fn check(self, host: &KvmHost, cpus: u16) -> Result<(), StartError> {
        checked_cpus(host, cpus)?;
        let limit = match self {
            Self::Direct(note) if u64::from(cpus) > note.cpus => CpuLimit::Kernel(note.cpus),
            Self::Pvh(_) if cpus > 1 => CpuLimit::Pvh,
            _ => return Ok(()),
        };
        Err(StartError::Cpus { cpus, limit })
    }
}

/// That KVM lets a machine have so many CPUs.
pub(super) fn checked_cpus(host: &KvmHost, cpus: u16) -> Result<(), StartError> {
    let most = host.most_cpus();
    if u64::from(cpus) > most || cpus == 0 {
        return Err(StartError::Cpus { cpus, limit: CpuLimit::Kvm(most) });
    }
    Ok(())
}

/// A virtual machine with memory, interrupt controllers and vCPUs that are ready to run from their reset state.
pub(super) struct Bare {
    pub(super) vm: Arc<VmFd>,
    pub(super) vcpus: Vec<VcpuFd>,
    pub(super) interrupts: Arc<Interrupts>,
}

impl Bare {
    pub(super) fn new(host: &KvmHost, memory: &GuestMemory, cpus: u16, layout: Layout) -> Result<Self, KvmError> {
        let vm = Arc::new(host.create_vm()?);
        // First, while nothing else of the machine exists: changing memory later waits for a grace period of the kernel's, milliseconds.
        memory::map_into(&vm, memory)?;
        KvmError::uninterrupted("place the task state segment", || vm.set_tss_address(TSS_ADDRESS))?;
        let interrupts = Interrupts::create(&vm, layout)?;
        let create = |index: u16| {
            let vcpu = KvmError::uninterrupted("create a vCPU", || vm.create_vcpu(index.into()))?;
            if index > 0 && layout == Layout::Own {
                // It would wait for a start-up interrupt of another one, as those of a PC do.
                let runnable = kvm_mp_state { mp_state: KVM_MP_STATE_RUNNABLE };
                KvmError::uninterrupted("start a vCPU", || vcpu.set_mp_state(runnable))?;
            }
            Ok(vcpu)
        };
        let vcpus = (0..cpus).map(create).collect::<Result<_, KvmError>>()?;
        Ok(Self { vm, vcpus, interrupts })
    }
}

/// What the guest's time stamp counter may read at its first instruction: as KVM says, and, where the counter is not virtualised,
/// as the host reads it.
fn start_stamps(vcpus: &[VcpuFd]) -> Vec<u64> {
    let entry = kvm_msr_entry { index: MSR_TSC, ..Default::default() };
    let virtualised = Msrs::from_entries(&[entry]).ok().and_then(|mut msrs| {
        let read = vcpus.first()?.get_msrs(&mut msrs).ok()?;
        (read == 1).then(|| msrs.as_slice()[0].data)
    });
    // SAFETY: every CPU that has KVM has this instruction, and Linux lets programs use it.
    let host = unsafe { core::arch::x86_64::_rdtsc() };
    virtualised.into_iter().chain([host]).collect()
}
