//! Probes: workloads that put the rules for devices to the test.
//!
//! A probe drives a device by hand, written from the specification and not from the kit's drivers, looks at what it does, and
//! reports under the ids of the rules ([`Env::verdict`]). To see what a device does about it, some probes do what no driver may: what
//! the judge says of the driver in such a run means nothing.
//!
//! They drive the first block device of the run, which any VMM has. A rule about a feature that the device does not offer is
//! not exercised.

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

use crate::{Env, Failure};

use subject::Subject;

/// Looks at some rules. An error ends this look, not those that follow.
type Look<E> = fn(&Subject<'_, E>) -> Result<(), Failure>;

/// Makes the looks of a probe, one after the other, each from a reset on.
fn run<E: Env>(env: &E, looks: &[Look<E>]) -> Result<(), Failure> {
    let subject = Subject::open(env)?;
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
