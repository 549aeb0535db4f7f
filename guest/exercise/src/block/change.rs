//! A disk that changes its size, resets with requests in flight, and bring-up again and again.

use alloc::{format, vec::Vec};

use parakit::device::block::{BadRequest, BlockOptions, Operation, RequestError, SubmitError};
use parakit_abi::mailbox::signal;

use crate::common::{Drive, PATIENCE_MS, ensure, record};
use crate::pattern::Random;
use crate::{Env, Failure};

/// `blk-resize`: the harness changes the capacity; the driver hears of it by interrupt and keeps to it.
///
/// Parameter 0: the new capacity in sectors; 0 for half. The old one is restored at the end. Records `before`,
/// `after` and the counts.
pub(crate) fn resize<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let before = drive.disk.capacity();
    let after = if env.param(0) == 0 { before / 2 } else { env.param(0) };
    ensure(after > 0 && after != before, || format!("a disk of {before} sectors cannot change to {after}"))?;
    record(env, "before", before);
    for wanted in [after, before] {
        let seen = env.interrupts(drive.device);
        drive.acknowledge();
        env.signal(signal::BLOCK_RESIZE, wanted);
        await_capacity(&mut drive, seen, wanted)?;
        let mut sector = [0; 512];
        drive.disk.read(wanted - 1, &mut sector).map_err(|e| Failure::of("read of the last sector", e))?;
        let buffer = drive.buffer(512)?;
        let beyond = drive.disk.submit(Operation::Read { sector: wanted, buffer });
        let refused = matches!(&beyond, Err(r) if matches!(r.error, SubmitError::Bad(BadRequest::OutOfRange { .. })));
        ensure(refused, || format!("a read past the new end, sector {wanted}, was not refused"))?;
    }
    record(env, "after", after);
    drive.report(began, 1024);
    Ok(())
}

/// Waits for the interrupt that announces a new configuration, until the driver's capacity is `wanted`.
fn await_capacity<E: Env>(drive: &mut Drive<'_, E>, mut seen: u32, wanted: u64) -> Result<(), Failure> {
    loop {
        if !drive.env.wait_interrupt(drive.device, seen, PATIENCE_MS) {
            return Err(Failure::new(format!("no interrupt announced the new capacity of {wanted} sectors")));
        }
        seen = drive.env.interrupts(drive.device);
        // An interrupt may be about something else, or early.
        if drive.disk.handle_interrupt().config_change && drive.disk.capacity() == wanted {
            return Ok(());
        }
    }
}

/// `blk-timeout-reset`: resets the device with requests in flight; every buffer comes back, and the device works after
/// it was brought up again.
///
/// Parameter 0: rounds; 0 for 20. Records `finished`, `reset` (requests that came back done, and that the reset
/// ended).
pub(crate) fn reset<E: Env>(env: &E) -> Result<(), Failure> {
    let rounds = if env.param(0) == 0 { 20 } else { env.param(0) };
    let mut chance = Random::new(env.seed());
    let (mut finished, mut ended) = (0u64, 0u64);
    for round in 0..rounds {
        let mut drive = Drive::open(env, BlockOptions::default())?;
        let sectors = drive.disk.capacity();
        ensure(sectors >= 8, || format!("a disk of {sectors} sectors is too small"))?;
        let requests = usize::from(drive.disk.depth()).min(12);
        let first = round as usize % 4 % requests;
        let mut buffers = Vec::new();
        for _ in 0..requests {
            buffers.push(drive.buffer(4096)?);
        }
        for buffer in buffers {
            drive.submit(Operation::Read { sector: chance.below(sectors - 7), buffer })?;
        }
        drive.disk.kick();
        // Some rounds let a few requests through first.
        for _ in 0..first {
            drive.next_done()?;
            finished += 1;
        }
        drive.disk.reset().map_err(|e| Failure::of("reset", e))?;
        let mut back = first;
        while let Some(request) = drive.disk.poll() {
            ensure(request.buffer.is_some_and(|b| b.len() == 1 && b[0].len() == 4096), || {
                format!("round {round}: a request came back without its buffer")
            })?;
            match request.result {
                Ok(_) => finished += 1,
                Err(RequestError::Reset) => ended += 1,
                Err(e) => return Err(Failure::of("request", e)),
            }
            back += 1;
        }
        ensure(back == requests, || format!("round {round}: {back} of {requests} requests came back after a reset"))?;
        let mut sector = [0; 512];
        let down = drive.disk.read(0, &mut sector);
        ensure(down.is_err(), || format!("round {round}: a device that was reset answered a read"))?;
    }
    record(env, "finished", finished);
    record(env, "reset", ended);
    Ok(())
}

/// `many-inits`: brings the first block device up and down again and again: idle, after a read, and with reads in flight.
///
/// Parameter 0: rounds; 0 for 60. Records `rounds` and `ns`.
pub(crate) fn many<E: Env>(env: &E) -> Result<(), Failure> {
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 60 } else { env.param(0) };
    for round in 0..rounds {
        let queue_size = 4 << (round % 6);
        let mut drive = Drive::open(env, BlockOptions { queue_size, ..BlockOptions::default() })?;
        ensure(drive.disk.capacity() >= 8, || "the disk is too small")?;
        match round % 3 {
            0 => {}
            1 => {
                let mut data = [0; 4096];
                drive.disk.read(0, &mut data).map_err(|e| Failure::of("read", e))?;
            }
            _ => {
                let buffer = drive.buffer(4096)?;
                drive.submit(Operation::Read { sector: 0, buffer })?;
                drive.disk.kick();
            }
        }
    }
    record(env, "rounds", rounds);
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}
