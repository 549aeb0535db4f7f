//! Loopback: drivers and devices in one process, over memory that both see. No KVM.
//!
//! The workload runs on the caller's thread. The devices run either on threads of their own ([`Scheduler::Threads`]) or step by
//! step on the caller's ([`Scheduler::Stepped`]): then they move only when the driver touches a register or waits, by as much
//! as the seed decides, and the same seed gives the same run. Time is then counted, not measured.
//!
//! Buffers of a driver that are not DMA memory are bounced: copied in when they are shared and out when they are taken back, so
//! that a wrong direction or a buffer used too early shows.

mod arena;
mod cpu;
mod env;
mod line;
mod pace;
mod pci;
mod platform;
mod window;

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parakit_abi::mailbox::{DeviceEntry, PARAMS, Record, state};
use parakit_abi::transport::pci::FunctionAddress;
use parakit_exercise::Failure;
use vm_memory::{GuestAddress, GuestMemoryMmap};

pub use cpu::{Job, LoopbackCpu};
pub use env::LoopbackEnv;
pub use pci::LoopbackProbeError;
pub use platform::LoopbackPlatform;
pub use window::{LoopbackNotifier, LoopbackWindow};

use self::arena::Arena;
use self::line::Line;
use self::pace::Pace;
use crate::scenario::{Bus, Mechanism};
use crate::transport::InterruptLine;
use crate::transport::device::{TransportOptions, VirtioDevice, Worker};
use crate::transport::pci::{BusFull, PciOptions, PciRoot};
use crate::vmm::{End, Evidence, Hooks, placement};

/// Device address of the first byte of memory: above 4 GiB, so that the high halves of addresses matter.
const BASE: u64 = 1 << 32;

/// When devices move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduler {
    /// At any time, on threads of their own.
    Threads,
    /// When the driver touches a register or waits, by as much as the seed of the run decides.
    Stepped,
}

/// What is run.
#[derive(Clone, Debug)]
pub struct LoopbackConfig {
    /// Name of the workload ([`parakit_exercise::NAMES`]).
    pub workload: String,
    /// Its parameters.
    pub params: [u64; PARAMS],
    /// Seed of the run's random choices, the stepper's included.
    pub seed: u64,
    /// When devices move.
    pub scheduler: Scheduler,
    /// CPUs: the caller's thread, and one for each further one. One where devices are stepped.
    pub cpus: usize,
    /// Bytes of memory for rings and buffers, a multiple of 4096.
    pub memory_bytes: usize,
    /// Waits give up when this much time has passed since the workload began. Code that waits for nothing cannot be stopped.
    pub deadline: Duration,
}

impl LoopbackConfig {
    /// 64 MiB, a minute, devices on threads.
    #[must_use]
    pub fn new(workload: impl Into<String>) -> Self {
        Self {
            workload: workload.into(),
            params: [0; PARAMS],
            seed: 1,
            scheduler: Scheduler::Threads,
            cpus: 1,
            memory_bytes: 64 << 20,
            deadline: Duration::from_secs(60),
        }
    }
}

/// What a run was.
#[derive(Clone, Debug)]
pub struct LoopbackReport {
    /// How it ended.
    pub end: End,
    /// Values that the workload reported, in its order.
    pub records: Vec<Record>,
    /// What its probes saw of rules that a device broke.
    pub evidence: Vec<Evidence>,
    /// From the beginning of the workload to its first virtqueue operation; `None` if there was none.
    pub start_to_first_queue: Option<Duration>,
    /// What the workload took.
    pub elapsed: Duration,
}

/// What driver and devices share.
struct World {
    memory: GuestMemoryMmap,
    arena: Arena,
    pace: Pace,
}

/// A place where one workload runs with its devices.
pub struct Loopback {
    config: LoopbackConfig,
    world: Arc<World>,
    devices: Vec<VirtioDevice>,
    lines: Vec<Arc<Line>>,
    root: PciRoot,
    /// Where the devices are that are on the bus.
    functions: Vec<Option<FunctionAddress>>,
    mechanism: Mechanism,
}

impl Loopback {
    /// A place without devices.
    ///
    /// # Errors
    /// The memory cannot be had.
    pub fn new(config: LoopbackConfig) -> io::Result<Self> {
        let memory =
            GuestMemoryMmap::from_ranges(&[(GuestAddress(BASE), config.memory_bytes)]).map_err(io::Error::other)?;
        let arena = Arena::new(&memory, BASE, config.memory_bytes as u64).map_err(io::Error::other)?;
        let stepped = (config.scheduler == Scheduler::Stepped).then_some(config.seed);
        let world = World { memory, arena, pace: Pace::new(stepped, config.deadline) };
        Ok(Self {
            config,
            world: Arc::new(world),
            devices: Vec::new(),
            lines: Vec::new(),
            root: PciRoot::new(),
            functions: Vec::new(),
            mechanism: Mechanism::Ecam,
        })
    }

    /// The memory that devices work on.
    #[must_use]
    pub fn memory(&self) -> &GuestMemoryMmap {
        &self.world.memory
    }

    fn next_line(&mut self) -> Arc<Line> {
        self.lines.truncate(self.devices.len());
        let line = Arc::new(Line::default());
        self.lines.push(Arc::clone(&line));
        line
    }

    /// The interrupt of the next device that is attached, for one over MMIO.
    #[must_use]
    pub fn interrupt_line(&mut self) -> Arc<dyn InterruptLine> {
        self.next_line()
    }

    /// How the next device that is attached is reached, and how it interrupts. The driver reaches the configuration space of all functions as
    /// the last one that came over PCI has it.
    #[must_use]
    pub fn transport(&mut self, bus: Bus) -> TransportOptions {
        let line = self.next_line();
        let base = placement(self.devices.len(), 0).base;
        match bus {
            Bus::Mmio => TransportOptions::Mmio { base, interrupt: line },
            Bus::MmioLegacy => TransportOptions::MmioLegacy { base, interrupt: line },
            Bus::Pci(pci) => {
                self.mechanism = pci.mechanism;
                TransportOptions::Pci(PciOptions { vectors: pci.vectors, ..PciOptions::new(line.clone(), line) })
            }
        }
    }

    /// Adds a device, made with the last [`Loopback::interrupt_line`] or [`Loopback::transport`] and [`Loopback::memory`].
    ///
    /// # Errors
    /// There is no place left on the PCI bus.
    pub fn attach(&mut self, device: VirtioDevice) -> Result<(), BusFull> {
        let at = match device.pci_info() {
            Some(_) => Some(self.root.attach(Arc::new(device.clone()))?),
            None => None,
        };
        self.functions.push(at);
        self.lines.resize_with(self.devices.len() + 1, Arc::default);
        self.world.pace.add(device.clone());
        self.devices.push(device);
        Ok(())
    }

    /// Runs the workload to its end. A panic of a driver or workload is caught and reported as [`End::Panicked`].
    ///
    /// # Errors
    /// The device threads cannot be started.
    pub fn run(self, hooks: &mut dyn Hooks) -> io::Result<LoopbackReport> {
        let workload = self.config.workload.clone();
        self.run_with(hooks, |env| parakit_exercise::run(env, &workload))
    }

    /// Runs `guest` in place of a workload of the exercises.
    ///
    /// # Errors
    /// As for [`Loopback::run`].
    pub fn run_with(
        self,
        hooks: &mut dyn Hooks,
        guest: impl FnOnce(&LoopbackEnv<'_>) -> Result<(), Failure>,
    ) -> io::Result<LoopbackReport> {
        let workers: Vec<Worker> = match self.config.scheduler {
            Scheduler::Threads => self.devices.iter().map(VirtioDevice::start).collect::<io::Result<_>>()?,
            Scheduler::Stepped => Vec::new(),
        };
        let entry = |(i, device): (usize, &VirtioDevice)| match self.functions[i] {
            None => placement(i, device.device_type().0),
            // It is for the driver to find.
            Some(_) => DeviceEntry { device_type: device.device_type().0, ..DeviceEntry::default() },
        };
        let entries = self.devices.iter().enumerate().map(entry).collect::<Vec<_>>();
        let bus = pci::Bus { root: Arc::new(self.root), world: Arc::clone(&self.world), mechanism: self.mechanism };
        let began = Instant::now();
        self.world.pace.begin();
        let env = LoopbackEnv::new(
            &self.config,
            bus,
            env::Devices { devices: self.devices, lines: self.lines, functions: self.functions, entries },
            hooks,
        )?;
        // The workload's state is gone after a panic; what it shares with the devices is memory that anything may be in.
        let result = catch_unwind(AssertUnwindSafe(|| guest(&env)));
        let elapsed = began.elapsed();
        let end = match result {
            Err(panic) => End::Panicked(message(panic.as_ref())),
            Ok(Ok(())) => End::Passed,
            Ok(Err(_)) if env.was_cancelled() => End::Cancelled,
            Ok(Err(_)) if self.world.pace.is_over() => {
                End::Deadline { after: self.config.deadline, state: state::RUNNING, registers: Vec::new() }
            }
            Ok(Err(Failure::Unknown)) => End::UnknownScenario,
            Ok(Err(Failure::Failed(why))) => End::Failed(why),
        };
        drop(workers);
        let env::Results { records, evidence, start_to_first_queue } = env.into_results();
        Ok(LoopbackReport { end, records, evidence, start_to_first_queue, elapsed })
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
