//! Suspending a device (VIRTIO 1.4 §3.4), with `VIRTIO_F_SUSPEND`.

use alloc::{format, string::String, vec::Vec};

use parakit_abi::device::block::feature as block;
use parakit_abi::feature;
use parakit_abi::mailbox::signal;
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::request::POISON;
use super::ring::{Ring, SIZE};
use super::subject::{LIVE, NEGOTIATED, Subject, show};
use crate::{Env, Failure};

/// Requests that are published before the device is suspended.
const IN_FLIGHT: u16 = 4;
/// Bytes of configuration that are compared.
const FIELDS: u32 = 32;
/// Offset of `writeback` in a block device's configuration (§5.2.4).
const WRITEBACK: u32 = 32;

/// A live device that can be suspended; `None` where it does not offer that.
fn live<'s, 'e, E: Env>(s: &'s Subject<'e, E>) -> Result<Option<Ring<'s, 'e, E>>, Failure> {
    let features = s.negotiate(&[feature::SUSPEND, block::CONFIG_WCE])?;
    if !features.has(feature::SUSPEND) {
        return Ok(None);
    }
    let ring = Ring::new(s, 0, SIZE);
    ring.enable()?;
    s.go();
    Ok(Some(ring))
}

fn is_suspended(status: DeviceStatus) -> bool {
    status.contains(DeviceStatus::SUSPEND) && !status.contains(DeviceStatus::DRIVER_OK)
}

fn is_running(status: DeviceStatus) -> bool {
    status.contains(DeviceStatus::DRIVER_OK) && !status.contains(DeviceStatus::SUSPEND)
}

/// Asks for suspension. Whether the device went there; `None`: it needs a reset.
fn suspend<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.raw.set_status(LIVE.with(DeviceStatus::SUSPEND));
    let lost = || s.raw.status().contains(DeviceStatus::DEVICE_NEEDS_RESET);
    let ended = s.wait(|| is_suspended(s.raw.status()) || lost());
    s.check(
        id::CORE_DEV_SUSPEND_6,
        ended,
        "a device that is asked to suspend shows SUSPEND without DRIVER_OK, or DEVICE_NEEDS_RESET",
        || show(s.raw.status()),
    );
    if ended && !lost() { Ok(()) } else { Err(Failure::new("the device does not suspend")) }
}

/// Asks for the return to normal running.
fn resume<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    s.raw.set_status(LIVE);
    let lost = || s.raw.status().contains(DeviceStatus::DEVICE_NEEDS_RESET);
    let ended = s.wait(|| is_running(s.raw.status()) || lost());
    s.check(
        id::CORE_DEV_SUSPEND_7,
        ended,
        "a device that is asked to resume shows DRIVER_OK without SUSPEND, or DEVICE_NEEDS_RESET",
        || show(s.raw.status()),
    );
    if ended && !lost() { Ok(()) } else { Err(Failure::new("the device does not resume")) }
}

fn config<E: Env>(s: &Subject<'_, E>) -> Vec<u32> {
    (0..FIELDS).step_by(4).map(|at| s.raw.registers().config_read(at, 4)).collect()
}

/// The bit means nothing before the device is initialised.
pub(super) fn early<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let features = s.negotiate(&[feature::SUSPEND])?;
    if !features.has(feature::SUSPEND) {
        return Ok(());
    }
    let ring = Ring::new(s, 0, SIZE);
    ring.enable()?;
    s.raw.set_status(NEGOTIATED.with(DeviceStatus::SUSPEND));
    s.pause();
    let status = s.raw.status();
    s.go();
    let works = ring.exchange(&s.read(0, 1)?).is_ok();
    s.check(
        id::CORE_DEV_SUSPEND_1,
        !status.contains(DeviceStatus::SUSPEND) && works,
        "SUSPEND is ignored before DRIVER_OK",
        || format!("{}, and a request after DRIVER_OK is used: {works}", show(status)),
    );
    Ok(())
}

/// Into suspension with requests in flight, and out of it.
pub(super) fn transitions<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s)? else { return Ok(()) };
    let seen = s.interrupts();
    let mut requests = Vec::new();
    for i in 0..IN_FLIGHT {
        let request = s.read(u64::from(i), 1)?;
        ring.offer(ring.chain(&request.pieces()));
        requests.push(request);
    }
    ring.publish();
    s.notify();
    suspend(s)?;
    let used = ring.used_idx();
    // Requests are used in any order: as many as were begun must be among the used entries.
    let begun = requests.iter().filter(|r| s.bytes(r.data).chain(s.bytes(r.status)).any(|byte| byte != POISON)).count();
    s.check(
        id::CORE_DEV_SUSPEND_9,
        usize::from(used) >= begun,
        "what was begun has been used when the device shows that it is suspended",
        || format!("{begun} requests were begun, the used index is {used}"),
    );
    if used != 0 {
        let told = s.interrupted(seen);
        s.check(
            id::CORE_DEV_SUSPEND_10,
            told,
            "what was used has been told when the device shows that it is suspended",
            || format!("no interrupt came for {used} used buffers"),
        );
    }
    resume(s)?;
    s.notify();
    let all = ring.wait_used(IN_FLIGHT) && ring.exchange(&s.read(9, 1)?).is_ok();
    s.check(id::CORE_DEV_SUSPEND_7, all, "a device that has resumed works as before", || {
        format!("{} of {} requests were used", ring.used_idx(), IN_FLIGHT + 1)
    });
    Ok(())
}

/// A suspended device does nothing.
pub(super) fn silence<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s)? else { return Ok(()) };
    ring.exchange_told(&s.read(0, 1)?)?;
    suspend(s)?;
    s.pause();
    let (used, interrupts, before) = (ring.used_idx(), s.interrupts(), config(s));
    ring.add(&s.read(1, 1)?);
    s.notify();
    s.pause();
    let (now, raised, after) = (ring.used_idx(), s.interrupts().wrapping_sub(interrupts), config(s));
    s.check(
        id::CORE_DEV_SUSPEND_3,
        now == used && raised == 0 && before == after,
        "a suspended device uses nothing, tells nothing and changes nothing",
        || {
            let changed = if before == after { "stayed" } else { "changed" };
            format!("used index {used}, then {now}; {raised} interrupts; the configuration {changed}")
        },
    );
    if s.raw.accepted().has(block::CONFIG_WCE) {
        let old = s.raw.registers().config_read(WRITEBACK, 1);
        s.raw.registers().config_write(WRITEBACK, 1, old ^ 1);
        let new = s.raw.registers().config_read(WRITEBACK, 1);
        s.check(id::CORE_DEV_SUSPEND_2, new == old, "a suspended device ignores writes of its configuration", || {
            format!("`writeback` was {old} and is {new}")
        });
    }
    resume(s)?;
    s.notify();
    if ring.wait_used(2) { Ok(()) } else { Err(Failure::new("a request was not used after the device resumed")) }
}

/// A change while suspended is told when the device resumes.
pub(super) fn held_change<E: Env>(s: &Subject<'_, E>) -> Result<(), Failure> {
    let Some(ring) = live(s)? else { return Ok(()) };
    ring.exchange_told(&s.read(0, 1)?)?;
    let reasons = s.raw.registers().interrupt_reasons();
    s.raw.registers().acknowledge(reasons);
    suspend(s)?;
    let capacity =
        u64::from(s.raw.registers().config_read(0, 4)) | u64::from(s.raw.registers().config_read(4, 4)) << 32;
    let seen = s.interrupts();
    if s.env.signal(signal::BLOCK_RESIZE, capacity.saturating_sub(1)) == 0 {
        return Ok(());
    }
    s.pause();
    let early = s.interrupts().wrapping_sub(seen);
    s.check(id::CORE_DEV_SUSPEND_4, early == 0, "a suspended device tells no change of its configuration", || {
        format!("{early} interrupts came")
    });
    let seen = s.interrupts();
    resume(s)?;
    let told = s.interrupted(seen);
    let reasons = s.raw.registers().interrupt_reasons();
    s.check(
        id::CORE_DEV_SUSPEND_5,
        told && reasons & 2 != 0,
        "a change during the suspension is told when the device resumes",
        || {
            if told {
                format!("the reasons of the interrupt are {reasons:#x}")
            } else {
                String::from("no interrupt came")
            }
        },
    );
    s.raw.registers().acknowledge(reasons);
    s.env.signal(signal::BLOCK_RESIZE, capacity);
    Ok(())
}
