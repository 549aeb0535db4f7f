//! Where workloads run: this kernel.

use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;

use parakit::transport::{MmioTransport, ProbeError, VolatileWindow};
use parakit_abi::mailbox::{self as layout, DeviceEntry, Record, Value};
use parakit_abi::requirement::RequirementId;
use parakit_exercise::{Cpu, Env, Failure, Tally};

use crate::mailbox::Mailbox;
use crate::platform::KernelPlatform;
use crate::smp::Job;
use crate::{apic, cpu, time, trap, wait};

/// The kernel as a workload sees it.
pub(crate) struct KernelEnv {
    mailbox: Mailbox,
    devices: Vec<DeviceEntry>,
    cpu: KernelCpu,
    queue_used: Cell<bool>,
    tally: Tally,
}

/// A processor as a workload sees it.
pub(crate) struct KernelCpu {
    index: usize,
    /// Interrupt vectors of each device.
    vectors: Arc<[Box<[u8]>]>,
}

impl KernelEnv {
    /// Reads the device table, and routes the interrupts of devices that do not send messages.
    pub(crate) fn new(mailbox: Mailbox) -> Self {
        let devices: Vec<_> = (0..mailbox.device_count()).map(|i| mailbox.device(i)).collect();
        let vectors = devices.iter().enumerate().map(|(i, device)| match device.vector {
            0 => Box::from([apic::route(device.gsi, i)]),
            vector @ 0x20..0xff => Box::from([vector as u8]),
            vector => panic!("device {i} has vector {vector:#x}, which is none for interrupts"),
        });
        let cpu = KernelCpu { index: 0, vectors: vectors.collect() };
        Self { mailbox, devices, cpu, queue_used: Cell::new(false), tally: Tally::default() }
    }

    /// Warns of interrupts on vectors that belong to nobody: a device that interrupts in the wrong place.
    pub(crate) fn warn_of_strays(&self) {
        for vector in 0x20..=0xff {
            let count = trap::count(vector);
            let known = self.cpu.vectors.iter().any(|vectors| vectors.contains(&vector));
            if count != 0 && !trap::OWN_VECTORS.contains(&vector) && !known {
                log::warn!("{count} interrupts on vector {vector:#x}, which no device has");
            }
        }
    }

    /// Reports what probes found.
    pub(crate) fn report_verdicts(&self) {
        self.tally.records(|name, value| self.record(name, value));
        self.mailbox.set_evidence(&self.tally.evidence());
    }

    /// Whether there is a harness that shares the mailbox and acts on signals.
    pub(crate) fn has_harness(&self) -> bool {
        !self.mailbox.is_own()
    }
}

impl Cpu for KernelCpu {
    fn index(&self) -> usize {
        self.index
    }

    fn interrupts(&self, device: usize) -> u32 {
        self.vectors[device].iter().fold(0, |sum, &vector| sum.wrapping_add(trap::count(vector)))
    }

    fn vector_interrupts(&self, device: usize, vector: u16) -> u32 {
        self.vectors[device].get(usize::from(vector)).map_or(0, |&vector| trap::count(vector))
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        wait::until(timeout_ms, || self.interrupts(device) != seen)
    }

    fn wait_vector(&self, device: usize, vector: u16, seen: u32, timeout_ms: u64) -> bool {
        wait::until(timeout_ms, || self.vector_interrupts(device, vector) != seen)
    }

    fn now_ns(&self) -> u64 {
        time::ns_of(time::ticks())
    }
}

impl Env for KernelEnv {
    type Platform = KernelPlatform;
    type Window = VolatileWindow;
    type Transport = MmioTransport<VolatileWindow>;
    type ProbeError = ProbeError;
    type Cpu = KernelCpu;
    type Job<T: Send + 'static> = Job<T>;

    fn platform(&self) -> KernelPlatform {
        KernelPlatform
    }

    fn devices(&self) -> &[DeviceEntry] {
        &self.devices
    }

    fn transport(&self, device: usize) -> Result<Option<Self::Transport>, ProbeError> {
        MmioTransport::probe(self.window(device))
    }

    fn window(&self, device: usize) -> VolatileWindow {
        let DeviceEntry { base, size, .. } = self.devices[device];
        // SAFETY: the harness put a register block there, and workloads have one window on a device at a time.
        match unsafe { VolatileWindow::map(&KernelPlatform, base, size as usize) } {
            Ok(window) => window,
            Err(error) => panic!("device {device}: {error}"),
        }
    }

    fn param(&self, index: usize) -> u64 {
        self.mailbox.param(index)
    }

    fn seed(&self) -> u64 {
        self.mailbox.u64(layout::OFF_SEED)
    }

    fn cpus(&self) -> usize {
        (self.mailbox.u32(layout::OFF_CPUS) as usize).clamp(1, cpu::MAX)
    }

    fn cpu(&self) -> &KernelCpu {
        &self.cpu
    }

    fn run_on<T: Send + 'static>(
        &self,
        cpu: usize,
        job: impl FnOnce(&KernelCpu) -> T + Send + 'static,
    ) -> Result<Job<T>, Failure> {
        if cpu == 0 {
            return Ok(Job::Done(job(&self.cpu)));
        }
        if cpu >= self.cpus() {
            return Err(Failure::new(format!("there is no CPU {cpu}: the run has {}", self.cpus())));
        }
        let there = KernelCpu { index: cpu, vectors: Arc::clone(&self.cpu.vectors) };
        Job::start(cpu, move || job(&there))
    }

    fn join<T: Send + 'static>(&self, job: Job<T>) -> Result<T, Failure> {
        job.join()
    }

    fn first_queue_operation(&self) {
        if !self.queue_used.replace(true) {
            self.mailbox.set_u64(layout::OFF_TSC_FIRST_QUEUE, time::ticks());
        }
    }

    fn signal(&self, code: u32, argument: u64) -> u64 {
        self.mailbox.signal(code, argument)
    }

    fn record(&self, name: &str, value: Value) {
        if !self.mailbox.record(&Record::new(name, value)) {
            log::warn!("no room for the record \"{name}\": the mailbox holds {}", layout::MAX_RECORDS);
        }
    }

    fn verdict(&self, requirement: RequirementId, violation: Option<(&str, &str)>) {
        self.tally.add(requirement, violation);
    }
}
