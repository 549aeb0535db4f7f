//! What a workload needs from where it runs.

use alloc::boxed::Box;

use parakit::transport::raw::{RawMmio, RawRegisters, RawWindow};
use parakit::{Platform, RegisterWindow, transport::Transport};
use parakit_abi::feature::Features;
use parakit_abi::mailbox::{DeviceEntry, Value};
use parakit_abi::requirement::RequirementId;

use crate::Failure;

/// Where a workload runs: the guest kernel, or loopback.
///
/// Everything a workload does to the world outside its drivers goes through here, so that it cannot tell the two apart.
pub trait Env {
    /// Memory and waiting, as the kit's drivers want them.
    type Platform: Platform + Clone + Send + Sync + 'static;
    /// A device's registers.
    type Window: RegisterWindow + Send + 'static;
    /// A device as the run has it: on MMIO or on PCI.
    type Transport: Transport<Notifier: Send> + Send + 'static;
    /// Why there is no transport.
    type ProbeError: core::error::Error;
    /// What a workload can use on each of the CPUs.
    type Cpu: Cpu;
    /// What runs on a CPU and comes to a value.
    type Job<T: Send + 'static>;

    /// The platform. Clones stand for the same platform.
    fn platform(&self) -> Self::Platform;

    /// The devices of the run; a device is named by its index here.
    fn devices(&self) -> &[DeviceEntry];

    /// Device `device`, found and ready to be started. `None` if there is no device after all. One transport of a device exists
    /// at a time, and no window on it beside.
    ///
    /// # Errors
    /// What is there is no device that the kit can drive.
    fn transport(&self, device: usize) -> Result<Option<Self::Transport>, Self::ProbeError>;

    /// The registers of device `device`, an index into [`Env::devices`], in a run whose devices are on MMIO. Several windows on one
    /// device may exist, one after the other.
    fn window(&self, device: usize) -> Self::Window;

    /// The registers of device `device` for a probe that plays the driver by hand: over PCI, in a run whose devices are there; its BARs then
    /// have addresses, and as many of its vectors as [`Env::vector_interrupts`] counts have messages and are not masked. No transport
    /// of the device exists beside.
    fn raw(&self, device: usize) -> RawRegisters<'_> {
        RawRegisters::Mmio(RawMmio::new(Box::new(RawWindow(self.window(device)))))
    }

    /// Parameter `index` of the scenario, below [`parakit_abi::mailbox::PARAMS`]; 0 when it was not given.
    fn param(&self, index: usize) -> u64;

    /// Seed of the run's random choices.
    fn seed(&self) -> u64;

    /// CPUs of the run. A workload begins on CPU 0.
    fn cpus(&self) -> usize;

    /// What a workload can use on the CPU that it runs on itself.
    fn cpu(&self) -> &Self::Cpu;

    /// Runs `job` on CPU `cpu`, below [`Env::cpus`], beside the caller; on CPU 0, which is the caller's, at once. A CPU runs one job at
    /// a time: a second one waits for the first.
    ///
    /// # Errors
    /// There is no such CPU, or it does not answer.
    fn run_on<T: Send + 'static>(
        &self,
        cpu: usize,
        job: impl FnOnce(&Self::Cpu) -> T + Send + 'static,
    ) -> Result<Self::Job<T>, Failure>;

    /// Waits for the end of a job.
    ///
    /// # Errors
    /// It did not end in time.
    fn join<T: Send + 'static>(&self, job: Self::Job<T>) -> Result<T, Failure>;

    /// Interrupts of device `device` delivered so far, over all its vectors, wrapping.
    fn interrupts(&self, device: usize) -> u32 {
        self.cpu().interrupts(device)
    }

    /// Interrupts of device `device` delivered so far on its vector `vector`, wrapping; without MSI-X, all of them are on vector 0. 0 for
    /// a vector that the device was not given.
    fn vector_interrupts(&self, device: usize, vector: u16) -> u32 {
        self.cpu().vector_interrupts(device, vector)
    }

    /// Waits until [`Env::interrupts`] of `device` differs from `seen`, or `timeout_ms` milliseconds have passed.
    /// Whether it differs.
    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        self.cpu().wait_interrupt(device, seen, timeout_ms)
    }

    /// Nanoseconds since some fixed moment; never runs backwards.
    fn now_ns(&self) -> u64 {
        self.cpu().now_ns()
    }

    /// The workload is about to make its first chain available: stamps the end of "boot". Later calls change nothing.
    fn first_queue_operation(&self);

    /// The driver of device `device` and the device agreed on these features, and the device went live. Of several times, the last
    /// one counts. A harness that sees the registers has no use for it.
    fn agreed(&self, _device: usize, _features: Features) {}

    /// Asks the harness to do something ([`parakit_abi::mailbox::signal`]); it has acted when this returns. Its answer.
    fn signal(&self, code: u32, argument: u64) -> u64;

    /// Reports a named value; of two values with one name, both are reported.
    fn record(&self, name: &str, value: Value);

    /// A probe looked at the device: it kept `requirement`, or it broke it, and then what was expected and what was seen. Counted
    /// per requirement, and reported at the end of the run ([`Value::Verdict`]).
    fn verdict(&self, requirement: RequirementId, violation: Option<(&str, &str)>);
}

/// What a workload can use on each CPU.
pub trait Cpu {
    /// Which CPU this is.
    fn index(&self) -> usize;

    /// As [`Env::interrupts`].
    fn interrupts(&self, device: usize) -> u32;

    /// As [`Env::vector_interrupts`].
    fn vector_interrupts(&self, device: usize, vector: u16) -> u32;

    /// As [`Env::wait_interrupt`].
    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool;

    /// As [`Env::wait_interrupt`], for one vector of the device.
    fn wait_vector(&self, device: usize, vector: u16, seen: u32, timeout_ms: u64) -> bool;

    /// As [`Env::now_ns`].
    fn now_ns(&self) -> u64;
}
