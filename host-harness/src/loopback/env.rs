//! What a workload finds in loopback.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use parakit::transport::AnyTransport;
use parakit::transport::pci::AddressRanges;
use parakit::transport::raw::{RawMmio, RawRegisters, RawWindow};
use parakit_abi::mailbox::{DeviceEntry, MAX_RECORDS, PARAMS, Record, Value};
use parakit_abi::requirement::RequirementId;
use parakit_abi::transport::pci::FunctionAddress;
use parakit_exercise::{Env, Failure, Tally};

use super::cpu::{Common, Job, LoopbackCpu, Threads};
use super::line::Line;
use super::pci::Bus;
use super::{LoopbackConfig, LoopbackPlatform, LoopbackProbeError, LoopbackWindow, Scheduler, World};
use crate::transport::device::VirtioDevice;
use crate::vmm::{Evidence, Hooks};

/// Loopback as a workload sees it.
pub struct LoopbackEnv<'h> {
    params: [u64; PARAMS],
    seed: u64,
    world: Arc<World>,
    devices: Vec<VirtioDevice>,
    functions: Vec<Option<FunctionAddress>>,
    bus: Bus,
    /// Addresses that BARs may still have.
    ranges: RefCell<AddressRanges>,
    entries: Vec<DeviceEntry>,
    platform: LoopbackPlatform,
    cpu: LoopbackCpu<'h>,
    threads: Threads,
    records: RefCell<Vec<Record>>,
    tally: Tally,
    first_queue: Cell<Option<Duration>>,
}

/// The devices of a run.
pub(super) struct Devices {
    pub(super) devices: Vec<VirtioDevice>,
    pub(super) lines: Vec<Arc<Line>>,
    /// Where they are, if they are on the bus.
    pub(super) functions: Vec<Option<FunctionAddress>>,
    pub(super) entries: Vec<DeviceEntry>,
}

/// What a workload left behind.
pub(super) struct Results {
    pub(super) records: Vec<Record>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) start_to_first_queue: Option<Duration>,
}

impl<'h> LoopbackEnv<'h> {
    pub(super) fn new(
        config: &LoopbackConfig,
        bus: Bus,
        devices: Devices,
        hooks: &'h mut dyn Hooks,
    ) -> std::io::Result<Self> {
        let Devices { devices, lines, functions, entries } = devices;
        let world = Arc::clone(&bus.world);
        let common = Common { world: Arc::clone(&world), lines: lines.into(), cancelled: Arc::default() };
        // Where time is counted, there is one thread.
        let cpus = if config.scheduler == Scheduler::Stepped { 1 } else { config.cpus };
        Ok(Self {
            params: config.params,
            seed: config.seed,
            platform: LoopbackPlatform::new(Arc::clone(&world)),
            world,
            devices,
            functions,
            bus,
            ranges: RefCell::new(Bus::ranges()),
            entries,
            cpu: LoopbackCpu::first(common.clone(), hooks),
            threads: Threads::start(common, cpus)?,
            records: RefCell::default(),
            tally: Tally::default(),
            first_queue: Cell::new(None),
        })
    }

    pub(super) fn was_cancelled(&self) -> bool {
        self.cpu.is_cancelled()
    }

    pub(super) fn into_results(self) -> Results {
        self.tally.records(|name, value| self.record(name, value));
        Results {
            evidence: Evidence::parse(&self.tally.evidence()),
            records: self.records.into_inner(),
            start_to_first_queue: self.first_queue.get(),
        }
    }
}

impl<'h> Env for LoopbackEnv<'h> {
    type Platform = LoopbackPlatform;
    type Window = LoopbackWindow;
    type Transport = AnyTransport<LoopbackWindow>;
    type ProbeError = LoopbackProbeError;
    type Cpu = LoopbackCpu<'h>;
    type Job<T: Send + 'static> = Job<T>;

    fn platform(&self) -> LoopbackPlatform {
        self.platform.clone()
    }

    fn devices(&self) -> &[DeviceEntry] {
        &self.entries
    }

    fn transport(&self, device: usize) -> Result<Option<Self::Transport>, LoopbackProbeError> {
        if let Some(at) = self.functions[device] {
            return Ok(self.bus.open(at, &mut self.ranges.borrow_mut())?.map(Into::into));
        }
        AnyTransport::probe_mmio(self.window(device)).map_err(LoopbackProbeError::Mmio)
    }

    fn raw(&self, device: usize) -> RawRegisters<'_> {
        match (self.functions[device], self.devices[device].pci_info()) {
            (Some(at), Some(info)) => {
                // Gives the BARs addresses and the vectors messages, as far as the device lets it: what it does not let is for the probe to see.
                if let Err(error) = self.transport(device) {
                    log::debug!("device {device}: {error}");
                }
                self.bus.raw(at, &info, &mut self.ranges.borrow_mut())
            }
            _ => RawRegisters::Mmio(RawMmio::new(Box::new(RawWindow(self.window(device))))),
        }
    }

    fn window(&self, device: usize) -> LoopbackWindow {
        LoopbackWindow::new(self.devices[device].clone(), Arc::clone(&self.world))
    }

    fn param(&self, index: usize) -> u64 {
        self.params.get(index).copied().unwrap_or(0)
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn cpus(&self) -> usize {
        self.threads.count()
    }

    fn cpu(&self) -> &LoopbackCpu<'h> {
        &self.cpu
    }

    fn run_on<T: Send + 'static>(
        &self,
        cpu: usize,
        job: impl FnOnce(&LoopbackCpu<'h>) -> T + Send + 'static,
    ) -> Result<Job<T>, Failure> {
        if cpu == 0 {
            return Ok(Job::done(job(&self.cpu)));
        }
        let none = || Failure::new(format!("there is no CPU {cpu}: the run has {}", self.cpus()));
        self.threads.run(cpu, job).ok_or_else(none)
    }

    fn join<T: Send + 'static>(&self, job: Job<T>) -> Result<T, Failure> {
        job.join(&self.cpu)
    }

    fn first_queue_operation(&self) {
        if self.first_queue.get().is_none() {
            self.first_queue.set(Some(self.world.pace.now()));
        }
    }

    fn signal(&self, code: u32, argument: u64) -> u64 {
        self.cpu.signal(code, argument)
    }

    fn record(&self, name: &str, value: Value) {
        let mut records = self.records.borrow_mut();
        if records.len() < MAX_RECORDS {
            records.push(Record::new(name, value));
        }
    }

    fn verdict(&self, requirement: RequirementId, violation: Option<(&str, &str)>) {
        self.tally.add(requirement, violation);
    }
}
