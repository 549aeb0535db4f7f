//! The registers of MMIO (VIRTIO 1.4 §4.2.2).

use alloc::format;

use parakit::transport::raw::RawMmio;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{INTERRUPT_CONFIG_CHANGE, INTERRUPT_USED_BUFFER, MAGIC, Register, VERSION};

use super::ring::Ring;
use super::subject::Subject;
use crate::{Env, Failure};

/// Queues that are looked at.
const QUEUES: u16 = 8;
/// Reads in which a reason has to stay.
const READS: usize = 8;

fn registers<'s, 'e, E: Env>(s: &'s Subject<'e, E>) -> Result<&'s RawMmio<'e>, Failure> {
    s.raw.registers().mmio().ok_or_else(|| Failure::new("the device is not on MMIO"))
}

/// Magic value and version.
pub(super) fn identity<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let mmio = registers(s)?;
    let (magic, version) = (mmio.read(Register::MagicValue), mmio.read(Register::Version));
    s.check(id::MMIO_DEV_REGS_1, magic == MAGIC, "MagicValue reads 0x74726976", || format!("it reads {magic:#010x}"));
    s.check(id::MMIO_DEV_REGS_2, version == VERSION, "Version reads 2", || format!("it reads {version}"));
    Ok(())
}

/// Reasons of interrupts: there from the event to the acknowledgement, and no others.
pub(super) fn reasons<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let mmio = registers(s)?;
    let ring = Ring::live(s, &[])?;
    let before = mmio.read(Register::InterruptStatus);
    s.check(id::MMIO_DEV_REGS_4, before == 0, "InterruptStatus is 0 while nothing has happened", || {
        format!("it reads {before:#x}")
    });
    ring.exchange_told(&s.read(0, 1)?)?;
    let mut after = mmio.read(Register::InterruptStatus);
    s.check(
        id::MMIO_DEV_REGS_4,
        after & !INTERRUPT_USED_BUFFER == 0,
        "InterruptStatus shows nothing but a used buffer when nothing else has happened",
        || format!("it reads {after:#x}"),
    );
    let stays = (0..READS).all(|_| {
        after = mmio.read(Register::InterruptStatus);
        after & INTERRUPT_USED_BUFFER != 0
    });
    // Another bit is acknowledged: this one stays.
    mmio.write(Register::InterruptACK, INTERRUPT_CONFIG_CHANGE);
    let other = mmio.read(Register::InterruptStatus);
    s.check(
        id::MMIO_DEV_REGS_3,
        stays && other & INTERRUPT_USED_BUFFER != 0,
        "bit 0 of InterruptStatus stays until it is acknowledged",
        || format!("it reads {after:#x}, and {other:#x} after another bit was acknowledged"),
    );
    mmio.write(Register::InterruptACK, INTERRUPT_USED_BUFFER);
    let acknowledged = mmio.read(Register::InterruptStatus);
    s.check(
        id::MMIO_DEV_REGS_4,
        acknowledged & INTERRUPT_USED_BUFFER == 0,
        "InterruptStatus shows no used buffer once that was acknowledged",
        || format!("it reads {acknowledged:#x}"),
    );
    Ok(())
}

/// A reset clears reasons and queues.
pub(super) fn reset<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let mmio = registers(s)?;
    let ring = Ring::live(s, &[])?;
    ring.exchange_told(&s.read(0, 1)?)?;
    s.raw.set_status(DeviceStatus::RESET);
    if !s.wait(|| s.raw.status() == DeviceStatus::RESET) {
        return Err(Failure::new("the device does not come back from a reset"));
    }
    let reasons = mmio.read(Register::InterruptStatus);
    let ready = (0..QUEUES).find(|&queue| s.raw.registers().queue_enabled(queue) != 0);
    s.check(
        id::MMIO_DEV_REGS_5,
        reasons == 0 && ready.is_none(),
        "a reset clears InterruptStatus and QueueReady of every queue",
        || match ready {
            Some(queue) => format!("InterruptStatus is {reasons:#x}, and QueueReady of queue {queue} is set"),
            None => format!("InterruptStatus is {reasons:#x}"),
        },
    );
    Ok(())
}

/// A queue that is not ready is left alone.
pub(super) fn stop<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let mmio = registers(s)?;
    let ring = Ring::live(s, &[])?;
    ring.exchange(&s.read(0, 1)?)?;
    mmio.select(0);
    mmio.write(Register::QueueReady, 0);
    if !s.wait(|| mmio.read(Register::QueueReady) == 0) {
        return Err(Failure::new("a queue cannot be stopped: QueueReady stays set"));
    }
    let used = ring.used_idx();
    ring.add(&s.read(1, 1)?);
    s.notify();
    s.pause();
    let now = ring.used_idx();
    s.check(id::MMIO_DEV_REGS_7, now == used, "no memory of a queue is touched while QueueReady is 0", || {
        format!("the used index went from {used} to {now}")
    });
    Ok(())
}
