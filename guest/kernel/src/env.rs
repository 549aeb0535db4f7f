//! Where workloads run: this kernel.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};

use parakit::transport::raw::{RawMmio, RawRegisters, RawWindow};
use parakit::transport::{AnyTransport, VolatileWindow};
use parakit_abi::feature::Features;
use parakit_abi::mailbox::{self as layout, DeviceEntry, Record, Value, bus};
use parakit_abi::requirement::RequirementId;
use parakit_exercise::{Env, Failure, Tally};

use crate::arch::cpu;
use crate::interrupts::{Interrupts, KernelCpu};
use crate::mailbox::Mailbox;
use crate::pci::{self, NoTransport, Pci};
use crate::platform::KernelPlatform;
use crate::smp::Job;
use crate::{time, vectors};

/// The kernel as a workload sees it.
pub struct KernelEnv {
    mailbox: Mailbox,
    devices: Vec<DeviceEntry>,
    /// `None`: the devices are on MMIO.
    pci: Option<Pci>,
    cpu: KernelCpu,
    queue_used: Cell<bool>,
    /// What was agreed on with each device type, the last time.
    agreed: RefCell<BTreeMap<u32, Features>>,
    tally: Tally,
}

impl KernelEnv {
    /// Reads the device table, looks for PCI functions if that is where the devices are, and gives interrupts to devices.
    pub(crate) fn new(mailbox: Mailbox) -> Self {
        let pci = match mailbox.u32(layout::OFF_BUS) {
            bus::PCI => Some(Pci::find(false, mailbox.u64(layout::OFF_ECAM))),
            bus::PCI_PORTS => Some(Pci::find(true, 0)),
            _ => None,
        };
        let devices: Vec<_> = match &pci {
            // Nobody said what there is to be.
            Some(pci) if mailbox.is_own() => pci.entries().take(layout::MAX_DEVICES).collect(),
            _ => (0..mailbox.device_count()).map(|i| mailbox.device(i)).collect(),
        };
        let cpus = (mailbox.u32(layout::OFF_CPUS) as usize).clamp(1, cpu::MAX);
        let interrupts = match &pci {
            Some(pci) => Interrupts::on_pci((0..devices.len()).map(|i| pci.line(i)), cpus),
            None => Interrupts::on_mmio(&devices, cpus),
        };
        let cpu = KernelCpu::new(0, interrupts);
        let agreed = RefCell::default();
        Self { mailbox, devices, pci, cpu, queue_used: Cell::new(false), agreed, tally: Tally::default() }
    }

    /// Warns of interrupts on vectors that belong to nobody.
    ///
    /// # Errors
    /// Interrupts came to another CPU than the one that they are for.
    pub(crate) fn check_strays(&self) -> Result<(), Failure> {
        for vector in 0x20..=0xff {
            let count = vectors::count(vector);
            if count == 0 || vectors::KERNEL.contains(&vector) {
                continue;
            }
            match self.cpu.interrupts.cpu_with(vector) {
                None => log::warn!("{count} interrupts on vector {vector:#x}, which no device has"),
                Some(cpu) => {
                    // Read later, so that one that has just come makes it the larger one.
                    let there = vectors::count_at(cpu, vector);
                    if there < count {
                        return Err(Failure::new(format!(
                            "{there} of {count} interrupts on vector {vector:#x} came to CPU {cpu}, which they are for"
                        )));
                    }
                }
            }
        }
        Ok(())
    }

    /// Reports what was agreed on, and what probes found.
    pub(crate) fn report_verdicts(&self) {
        self.agreed.borrow().iter().for_each(|(&device_type, &features)| self.mailbox.agreed(device_type, features));
        self.tally.records(|name, value| self.record(name, value));
        self.mailbox.set_evidence(&self.tally.evidence());
    }

    /// Where the devices are: one of [`bus`].
    #[must_use]
    pub fn bus(&self) -> u32 {
        self.mailbox.u32(layout::OFF_BUS)
    }

    /// Whether there is a harness that shares the mailbox and acts on signals.
    pub(crate) fn has_harness(&self) -> bool {
        !self.mailbox.is_own()
    }
}

impl Env for KernelEnv {
    type Platform = KernelPlatform;
    type Window = VolatileWindow;
    type Transport = AnyTransport<VolatileWindow>;
    type ProbeError = NoTransport;
    type Cpu = KernelCpu;
    type Job<T: Send + 'static> = Job<T>;

    fn platform(&self) -> KernelPlatform {
        KernelPlatform
    }

    fn devices(&self) -> &[DeviceEntry] {
        &self.devices
    }

    fn transport(&self, device: usize) -> Result<Option<Self::Transport>, NoTransport> {
        match &self.pci {
            Some(pci) => Ok(Some(pci.transport(device, &self.cpu.interrupts.messages(device))?.into())),
            None => pci::on_mmio(self.window(device)),
        }
    }

    fn window(&self, device: usize) -> VolatileWindow {
        let DeviceEntry { base, size, .. } = self.devices[device];
        // SAFETY: the harness put a register block there, and workloads have one window on a device at a time.
        match unsafe { VolatileWindow::map(&KernelPlatform, base, size as usize) } {
            Ok(window) => window,
            Err(error) => panic!("device {device}: {error}"),
        }
    }

    fn raw(&self, device: usize) -> RawRegisters<'_> {
        let Some(pci) = &self.pci else {
            return RawRegisters::Mmio(RawMmio::new(Box::new(RawWindow(self.window(device)))));
        };
        // Gives the BARs addresses and the vectors messages, as far as the device lets it: what it does not let is for the probe to see.
        if let Err(error) = self.transport(device) {
            log::warn!("device {device}: {error}");
        }
        match pci.raw(device) {
            Some(raw) => RawRegisters::Pci(raw),
            None => panic!("there is no PCI function for device {device}"),
        }
    }

    fn param(&self, index: usize) -> u64 {
        self.mailbox.param(index)
    }

    fn seed(&self) -> u64 {
        self.mailbox.u64(layout::OFF_SEED)
    }

    fn cpus(&self) -> usize {
        self.cpu.interrupts.cpus()
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
        let there = KernelCpu::new(cpu, self.cpu.interrupts.clone());
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

    fn agreed(&self, device: usize, features: Features) {
        if let Some(entry) = self.devices.get(device) {
            self.agreed.borrow_mut().insert(entry.device_type, features);
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
