//! The reset of a single queue (VIRTIO 1.4 §2.6.1), with `VIRTIO_F_RING_RESET`.

use alloc::format;

use parakit_abi::feature;
use parakit_abi::requirement::{RequirementId, id};

use super::ring::{Ring, SIZE};
use super::subject::Subject;
use crate::{Env, Failure};

/// Entries of the queue after its size was changed.
const SMALL: u16 = 16;

/// The rules that each transport has of its own.
struct Rules {
    zero_after_device_reset: RequirementId,
    zero_after_enable: RequirementId,
    resets: RequirementId,
    both_zero: RequirementId,
}

const MMIO: Rules = Rules {
    zero_after_device_reset: id::MMIO_DEV_REGS_8,
    zero_after_enable: id::MMIO_DEV_REGS_9,
    resets: id::MMIO_DEV_REGS_10,
    both_zero: id::MMIO_DEV_REGS_12,
};

const PCI: Rules = Rules {
    zero_after_device_reset: id::PCI_DEV_COMMON_9,
    zero_after_enable: id::PCI_DEV_COMMON_10,
    resets: id::PCI_DEV_COMMON_11,
    both_zero: id::PCI_DEV_COMMON_13,
};

fn rules<E: Env>(s: &Subject<'_, E>) -> &'static Rules {
    if s.raw.registers().pci().is_some() { &PCI } else { &MMIO }
}

/// A live queue that can be reset; `None` where the device does not offer that.
fn live<'s, 'e, E: Env>(s: &'s Subject<'e, E>) -> Result<Option<Ring<'s, 'e, E>>, Failure> {
    let features = s.negotiate(&[feature::RING_RESET])?;
    if !features.has(feature::RING_RESET) {
        return Ok(None);
    }
    let ring = Ring::new(s, 0, SIZE);
    ring.enable()?;
    s.go();
    Ok(Some(ring))
}

/// Resets queue 0, and waits until that is done.
fn reset<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.raw.registers().reset_queue(0);
    if s.wait(|| s.raw.registers().queue_reset(0) == 0) {
        return Ok(());
    }
    s.check(rules(s).both_zero, false, "the queue reset is finished some time", || "the register stays 1");
    Err(Failure::new("the reset of a queue is never finished"))
}

/// What the registers show.
pub(super) fn registers<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let rules = rules(s);
    let Some(ring) = live(s)? else { return Ok(()) };
    let enabled = s.raw.registers().queue_reset(0);
    s.check(rules.zero_after_enable, enabled == 0, "the queue reset register is 0 once the queue is enabled", || {
        format!("it reads {enabled}")
    });
    ring.exchange(&s.read(0, 1)?)?;
    reset(s)?;
    let (resetting, ready) = (s.raw.registers().queue_reset(0), s.raw.registers().queue_enabled(0));
    s.check(
        rules.both_zero,
        resetting == 0 && ready == 0,
        "once the reset is finished the queue is neither enabled nor being reset",
        || format!("the queue reset register reads {resetting}, the queue enable register {ready}"),
    );
    s.reset()?;
    let fresh = s.raw.registers().queue_reset(0);
    s.check(rules.zero_after_device_reset, fresh == 0, "the queue reset register is 0 after a device reset", || {
        format!("it reads {fresh}")
    });
    Ok(())
}

/// Nothing happens on a queue that was reset.
pub(super) fn silence<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s)? else { return Ok(()) };
    ring.exchange_told(&s.read(0, 1)?)?;
    reset(s)?;
    let (used, interrupts) = (ring.used_idx(), s.interrupts());
    ring.add(&s.read(1, 1)?);
    s.notify();
    s.pause();
    let (now, raised) = (ring.used_idx(), s.interrupts().wrapping_sub(interrupts));
    let seen = || format!("the used index went from {used} to {now}, and {raised} interrupts came");
    let silent = now == used && raised == 0;
    s.check(id::CORE_DEV_QRESET_1, silent, "a queue that was reset executes nothing and tells nothing", seen);
    s.check(rules(s).resets, silent, "writing 1 to the queue reset register resets the queue", seen);
    Ok(())
}

/// A queue that was reset begins anew, with the size that it is given then.
pub(super) fn anew<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s)? else { return Ok(()) };
    for sector in 0..3 {
        ring.exchange(&s.read(sector, 1)?)?;
    }
    reset(s)?;
    let max = s.raw.registers().queue_max(0);
    let again = Ring::new(s, 1, SIZE);
    again.enable()?;
    let served = again.exchange(&s.read(0, 1)?).is_ok() && again.used_idx() == 1 && again.is_written(0);
    s.check(
        id::CORE_DEV_QRESET_2,
        served && max != 0,
        "a queue that was reset begins with the first entries of both rings",
        || format!("a request in entry 0 is served: {served}, used index {}, largest size {max}", again.used_idx()),
    );
    reset(s)?;
    let small = Ring::new(s, 2, SMALL);
    small.enable()?;
    let mut served = 0;
    while served < SMALL + 4 {
        small.forget(served);
        let request = s.read(u64::from(served), 1)?;
        let done = small.exchange(&request).is_ok() && small.is_written(served) && s.succeeded(&request);
        if !done {
            break;
        }
        served += 1;
    }
    s.check(
        id::CORE_DEV_QREENABLE_1,
        served == SMALL + 4,
        "a queue that is enabled again has the size that it was given then",
        || format!("{served} of {} requests were served by a queue of {SMALL} entries", SMALL + 4),
    );
    Ok(())
}
