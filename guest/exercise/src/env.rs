//! What a workload needs from where it runs.

use parakit::{Platform, RegisterWindow};
use parakit_abi::mailbox::{DeviceEntry, Value};

/// Where a workload runs: the guest kernel, or loopback.
///
/// Everything a workload does to the world outside its drivers goes through here, so that it cannot tell the two apart.
pub trait Env {
    /// Memory and waiting, as the kit's drivers want them.
    type Platform: Platform + Clone + 'static;
    /// A device's registers.
    type Window: RegisterWindow + 'static;

    /// The platform. Clones stand for the same platform.
    fn platform(&self) -> Self::Platform;

    /// The devices of the run; a device is named by its index here.
    fn devices(&self) -> &[DeviceEntry];

    /// The registers of device `device`, an index into [`Env::devices`]. Several windows on one device may exist,
    /// one after the other.
    fn window(&self, device: usize) -> Self::Window;

    /// Parameter `index` of the scenario, below [`parakit_abi::mailbox::PARAMS`]; 0 when it was not given.
    fn param(&self, index: usize) -> u64;

    /// Seed of the run's random choices.
    fn seed(&self) -> u64;

    /// Interrupts of device `device` delivered so far, wrapping.
    fn interrupts(&self, device: usize) -> u32;

    /// Waits until [`Env::interrupts`] of `device` differs from `seen`, or `timeout_ms` milliseconds have passed.
    /// Whether it differs.
    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool;

    /// Nanoseconds since some fixed moment; never runs backwards.
    fn now_ns(&self) -> u64;

    /// The workload is about to make its first chain available: stamps the end of "boot". Later calls change nothing.
    fn first_queue_operation(&self);

    /// Asks the harness to do something ([`parakit_abi::mailbox::signal`]); it has acted when this returns. Its answer.
    fn signal(&self, code: u32, argument: u64) -> u64;

    /// Reports a named value; of two values with one name, both are reported.
    fn record(&self, name: &str, value: Value);
}
