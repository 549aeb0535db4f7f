//! Probes: workloads that put the rules for devices to the test.
//!
//! A probe drives a device by hand, written from the specification and not from the kit's drivers, looks at what it does, and
//! reports under the ids of the rules ([`Env::verdict`]). To see what a device does about it, some probes do what no driver may: what
//! the judge says of the driver in such a run means nothing.
//!
//! Most drive the first block device of the run, which any VMM has; each other type has a probe of its own, for what all devices owe and
//! what the type does. A rule about a feature that the device does not offer is not exercised.

mod config;
mod core;
mod mmio;
mod packed;
mod packed_ring;
mod pci;
mod queue_reset;
mod request;
mod ring;
mod split;
mod subject;
mod suspend;
mod types;

use parakit_abi::device::DeviceType;

use crate::{Env, Failure};

use subject::Subject;

/// Looks at some rules. An error ends this look, not those that follow.
type Look<E> = fn(&Subject<'_, E>) -> Result<(), Failure>;

/// Makes the looks of a probe of block devices.
fn run<E: Env>(env: &E, looks: &[Look<E>]) -> Result<(), Failure> {
    run_on(env, DeviceType::BLOCK, looks)
}

/// Makes the looks of a probe at the first device of a type, one after the other, each from a reset on.
fn run_on<E: Env>(env: &E, device_type: DeviceType, looks: &[Look<E>]) -> Result<(), Failure> {
    let subject = Subject::open(env, device_type)?;
    let mut first = None;
    for look in looks {
        if let Err(error) = look(&subject) {
            first.get_or_insert(error);
        }
    }
    match (first, subject.raw.refused()) {
        (Some(error), _) => Err(error),
        (None, 0) => Ok(()),
        (None, count) => Err(Failure::new(alloc::format!("the probe was refused {count} accesses"))),
    }
}

/// `probe-core`: offer, negotiation, status, reset, configuration.
pub(crate) fn core<E: Env>(env: &E) -> Result<(), Failure> {
    run(
        env,
        &[core::offer, core::subsets, core::refusal, core::before_driver_ok, core::after_reset, core::unrecoverable],
    )
}

/// `probe-config`: the configuration space, as it stands and as it changes.
pub(crate) fn config<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[config::readable, config::changes])
}

/// `probe-mmio`: what only the registers of MMIO have.
pub(crate) fn mmio<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[mmio::identity, mmio::reasons, mmio::reset, mmio::stop])
}

/// `probe-pci`: what only PCI functions have.
pub(crate) fn pci<E: Env>(env: &E) -> Result<(), Failure> {
    run(
        env,
        &[
            pci::identity,
            pci::capabilities,
            pci::notification,
            pci::features,
            pci::after_reset,
            pci::queues,
            pci::halves,
            pci::window,
            pci::intx,
            pci::change,
            pci::mapping,
            pci::delivery,
            pci::unmapped,
        ],
    )
}

/// `probe-split`: the split ring.
pub(crate) fn split<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[split::memory, split::framing, split::indirect, split::by_flags, split::by_index, split::in_order])
}

/// `probe-packed`: the packed ring.
pub(crate) fn packed<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[packed::memory, packed::order, packed::availability])
}

/// `probe-queue-reset`: the reset of a single queue.
pub(crate) fn queue_reset<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[queue_reset::registers, queue_reset::silence, queue_reset::anew])
}

/// `probe-suspend`: suspending and resuming.
pub(crate) fn suspend<E: Env>(env: &E) -> Result<(), Failure> {
    run(env, &[suspend::early, suspend::transitions, suspend::silence, suspend::held_change])
}

/// `probe-console`: a console.
pub(crate) fn console<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(env, DeviceType::CONSOLE, &[core::offer, core::subsets, core::refusal, types::emergency_write])
}

/// `probe-entropy`: an entropy device.
pub(crate) fn entropy<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(
        env,
        DeviceType::ENTROPY,
        &[
            core::offer,
            core::subsets,
            core::refusal,
            core::before_driver_ok,
            core::after_reset,
            core::unrecoverable,
            types::random,
        ],
    )
}

/// `probe-net`: a network device.
pub(crate) fn net<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(env, DeviceType::NET, &[core::offer, core::subsets, core::refusal, types::network])
}

/// `probe-input`: an input device.
pub(crate) fn input<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(env, DeviceType::INPUT, &[core::offer, core::subsets, core::refusal, types::unsupported_queries])
}

/// `probe-gpu`: a GPU.
pub(crate) fn gpu<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(
        env,
        DeviceType::GPU,
        &[
            core::offer,
            core::subsets,
            core::refusal,
            core::before_driver_ok,
            core::after_reset,
            core::unrecoverable,
            types::fences,
        ],
    )
}

/// `probe-vsock`: a socket device.
pub(crate) fn vsock<E: Env>(env: &E) -> Result<(), Failure> {
    run_on(env, DeviceType::VSOCK, &[core::offer, core::subsets, core::refusal, types::socket])
}
