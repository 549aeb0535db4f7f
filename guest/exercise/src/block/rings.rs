//! Queues that are reset alone, devices that are suspended, long chains, and the cache mode.

use alloc::collections::VecDeque;
use alloc::{format, vec, vec::Vec};

use parakit::device::block::{BlockOptions, Operation, RequestError, SubmitError};
use parakit::queue::Slot;
use parakit::transport::{QueueResetError, SuspendError};

use crate::common::{Drive, Pieces, ensure, record};
use crate::pattern::{Random, fill};
use crate::{Env, Failure};

use super::write::check;

/// Buffers of requests that were ended that are kept, the youngest: those of some rounds.
const GIVEN_UP: usize = 64;

/// `blk-queue-reset`: resets the queue with requests in flight, enables it again with another size, and goes on; the device stays
/// live all the time. Without RING_RESET it checks that the driver refuses.
///
/// Parameter 0: rounds; 0 for 20. Writes to the first sectors of the disk. Records `negotiated`, `finished`, `reset` (requests
/// that came back done, and that the reset ended) and the counts.
pub(crate) fn queue_reset<E: Env>(env: &E) -> Result<(), Failure> {
    let options = BlockOptions { queue_size: 64, ..BlockOptions::default() };
    let mut drive = Drive::open(env, options)?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 20 } else { env.param(0) };
    let sectors = drive.disk.capacity();
    ensure(sectors >= 64, || format!("a disk of {sectors} sectors is too small"))?;
    let (mut finished, mut ended) = (0u64, 0u64);
    // A device that goes on for a while with what a reset has ended, as it may not, writes where nobody else is.
    let mut given_up = VecDeque::new();
    let mut chance = Random::new(env.seed());
    let mut negotiated = true;
    for round in 0..rounds {
        let version = round as u32 + 1;
        let mut data = vec![0; 8 * 512];
        fill(env.seed(), 0, version, &mut data);
        drive.disk.write(0, &data).map_err(|e| Failure::of("write", e))?;
        let requests = usize::from(drive.disk.depth()).clamp(1, 10);
        for _ in 0..requests {
            let buffer = drive.buffer(4096)?;
            drive.submit(Operation::Read { sector: chance.below(sectors - 7), buffer })?;
        }
        // In some rounds the device is told of them and has begun, in others not.
        if round % 3 != 0 {
            drive.disk.kick();
        }
        let mut back = 0;
        for _ in 0..round as usize % 3 {
            if back < requests {
                drive.next_done()?;
                back += 1;
                finished += 1;
            }
        }
        match drive.disk.reset_queue() {
            Ok(()) => {}
            Err(QueueResetError::NotNegotiated) => {
                negotiated = false;
                while back < requests {
                    drive.next_done()?;
                    back += 1;
                }
                break;
            }
            Err(e) => return Err(Failure::of("queue reset", e)),
        }
        while let Some(request) = drive.disk.poll() {
            let buffer = request.buffer.filter(|b| b.len() == 1 && b[0].len() == 4096);
            let buffer =
                buffer.ok_or_else(|| Failure::new(format!("round {round}: a request came back without its buffer")))?;
            match request.result {
                Ok(_) => finished += 1,
                Err(RequestError::QueueReset) => {
                    ended += 1;
                    given_up.truncate(GIVEN_UP - 1);
                    given_up.push_front(buffer);
                }
                Err(e) => return Err(Failure::of("request", e)),
            }
            back += 1;
        }
        ensure(back == requests, || format!("round {round}: {back} of {requests} requests came back"))?;
        let buffer = drive.buffer(512)?;
        let refused = drive.disk.submit(Operation::Read { sector: 0, buffer }).map(drop);
        ensure(matches!(&refused, Err(r) if r.error == SubmitError::Halted), || {
            format!("round {round}: a queue that was reset took a request")
        })?;
        let size = 4u16 << chance.below(5);
        drive.disk.enable_queue(Slot::boxed(size.into()), size).map_err(|e| Failure::of("queue", e))?;
        let now = drive.disk.queue_size();
        ensure((3..=size).contains(&now), || format!("a queue of {size} entries has {now}"))?;
        let mut read = vec![0; data.len()];
        drive.disk.read(0, &mut read).map_err(|e| Failure::of("read", e))?;
        check(env.seed(), 0, version, &read)?;
    }
    record(env, "negotiated", negotiated.into());
    record(env, "finished", finished);
    record(env, "reset", ended);
    drive.report(began, 0);
    Ok(())
}

/// `blk-suspend`: suspends the device with requests in flight and resumes it; everything finishes, and every read holds what was
/// written. Without SUSPEND it checks that the driver refuses.
///
/// Parameter 0: rounds; 0 for 30. Writes to the first sectors of the disk. Records `negotiated`, `suspensions`, `before` (requests
/// that the device finished before it was suspended) and the counts.
pub(crate) fn suspend<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions { queue_size: 64, ..BlockOptions::default() })?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 30 } else { env.param(0) };
    let sectors = drive.disk.capacity().min(64);
    ensure(sectors >= 64, || "the disk is too small")?;
    let (mut suspensions, mut before, mut negotiated) = (0, 0, true);
    for round in 0..rounds {
        let version = round as u32 + 1;
        let requests = u64::from(drive.disk.depth()).clamp(1, 8);
        for i in 0..requests {
            let mut buffer = drive.buffer(512)?;
            fill(env.seed(), i, version, &mut buffer[0]);
            drive.submit(Operation::Write { sector: i, buffer })?;
        }
        if round % 2 == 0 {
            drive.disk.kick();
        }
        match drive.disk.suspend() {
            Ok(()) => suspensions += 1,
            Err(SuspendError::NotNegotiated) => negotiated = false,
            Err(e) => return Err(Failure::of("suspend", e)),
        }
        let mut left = requests;
        if negotiated {
            let buffer = drive.buffer(512)?;
            let refused = drive.disk.submit(Operation::Read { sector: 0, buffer }).map(drop);
            ensure(matches!(&refused, Err(r) if r.error == SubmitError::Suspended), || {
                format!("round {round}: a request was taken for a device that is suspended")
            })?;
            drive.disk.kick();
            while let Some(request) = drive.disk.poll() {
                request.result.map_err(|e| Failure::of("request", e))?;
                left -= 1;
                before += 1;
            }
            drive.disk.resume().map_err(|e| Failure::of("resume", e))?;
        }
        for _ in 0..left {
            drive.next_done()?;
        }
        for i in 0..requests {
            let mut sector = [0; 512];
            drive.disk.read(i, &mut sector).map_err(|e| Failure::of("read", e))?;
            check(env.seed(), i, version, &sector)?;
        }
    }
    record(env, "negotiated", negotiated.into());
    record(env, "suspensions", suspensions);
    record(env, "before", before);
    drive.report(began, 0);
    Ok(())
}

/// `blk-indirect`: many requests of many pieces at a time: together they have more pieces than the queue has entries, which only
/// indirect tables make possible. Without INDIRECT_DESC there are fewer at a time.
///
/// Parameter 0: rounds; 0 for 24. Writes to the disk. Records `negotiated`, `at-once` (most requests in flight), `pieces` (of each)
/// and the counts.
pub(crate) fn indirect<E: Env>(env: &E) -> Result<(), Failure> {
    let options = BlockOptions { queue_size: 16, ..BlockOptions::default() };
    let mut drive = Drive::open(env, options)?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 6 } else { env.param(0) };
    let size = usize::from(drive.disk.queue_size());
    let pieces = drive.disk.max_segments().min(usize::from(options.indirect_table).saturating_sub(2)).min(12);
    ensure(pieces >= 2, || format!("a queue of {size} entries has no room for chains of pieces"))?;
    let negotiated = drive.disk.accepted().has(parakit_abi::feature::INDIRECT_DESC);
    let bytes = pieces * 512;
    let per_request = pieces as u64;
    let blocks = (drive.disk.capacity() / per_request).min(64);
    ensure(blocks > 0, || "the disk is too small")?;
    let mut most = 0u64;
    let mut moved = 0;
    for round in 0..rounds {
        let version = round as u32 + 1;
        for write in [true, false] {
            // (id, block) of what is in flight.
            let mut flights = Vec::new();
            for block in 0..blocks {
                let sector = block * per_request;
                let mut data = vec![0; bytes];
                fill(env.seed(), sector, version, &mut data);
                let mut buffer: Pieces<E> = Vec::with_capacity(pieces);
                for part in data.chunks_exact(512) {
                    let mut piece = drive.piece(512)?;
                    if write {
                        piece.copy_from_slice(part);
                    }
                    buffer.push(piece);
                }
                let mut operation =
                    if write { Operation::Write { sector, buffer } } else { Operation::Read { sector, buffer } };
                loop {
                    match drive.disk.submit(operation) {
                        Ok(id) => {
                            flights.push((id, sector));
                            break;
                        }
                        Err(rejected) if rejected.error == SubmitError::Full && !flights.is_empty() => {
                            operation = rejected.operation;
                            finish(&mut drive, &mut flights, version, write)?;
                        }
                        Err(rejected) => return Err(Failure::of("submit", rejected.error)),
                    }
                }
                most = most.max(flights.len() as u64);
                moved += bytes as u64;
            }
            while !flights.is_empty() {
                finish(&mut drive, &mut flights, version, write)?;
            }
        }
    }
    ensure(!negotiated || most as usize * pieces > size, || {
        format!("{most} requests of {pieces} pieces at once in a queue of {size}: indirect tables would take more")
    })?;
    record(env, "negotiated", negotiated.into());
    record(env, "at-once", most);
    record(env, "pieces", pieces as u64);
    drive.report(began, moved);
    Ok(())
}

/// Fetches one request, and checks it if it is a read.
fn finish<E: Env>(
    drive: &mut Drive<'_, E>,
    flights: &mut Vec<(parakit::device::block::RequestId, u64)>,
    version: u32,
    write: bool,
) -> Result<(), Failure> {
    let (id, buffer) = drive.next_done()?;
    let at = flights.iter().position(|(flight, _)| *flight == id);
    let (_, sector) = flights.swap_remove(at.ok_or_else(|| Failure::new("an unknown request came back"))?);
    if !write {
        let data: Vec<u8> = buffer.iter().flat_map(|piece| piece.iter().copied()).collect();
        check(drive.env.seed(), sector, version, &data)?;
    }
    Ok(())
}

/// `blk-wce`: switches the cache between writeback and writethrough, with writes and flushes in either mode (§5.2.5).
///
/// Parameter 0: rounds; 0 for 8. Writes to the first sectors of the disk. Records `negotiated`, `initially` (1: writeback) and the
/// counts.
pub(crate) fn cache<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 8 } else { env.param(0) };
    let read = |drive: &mut Drive<'_, E>| drive.disk.writeback().map_err(|e| Failure::of("writeback", e));
    let initially = read(&mut drive)?;
    record(env, "negotiated", initially.is_some().into());
    record(env, "initially", initially.unwrap_or(false).into());
    if initially.is_none() {
        let refused = drive.disk.set_writeback(true);
        ensure(refused.is_err(), || "the cache mode was changed without CONFIG_WCE")?;
    }
    for round in 0..rounds {
        let (version, mode) = (round as u32 + 1, round % 2 == 0);
        if initially.is_some() {
            drive.disk.set_writeback(mode).map_err(|e| Failure::of("writeback", e))?;
            let now = read(&mut drive)?;
            ensure(now == Some(mode), || format!("writeback reads {now:?} after it was set to {mode}"))?;
        }
        let mut data = vec![0; 2048];
        fill(env.seed(), 4, version, &mut data);
        drive.disk.write(4, &data).map_err(|e| Failure::of("write", e))?;
        if drive.disk.accepted().has(parakit_abi::device::block::feature::FLUSH) {
            drive.disk.flush().map_err(|e| Failure::of("flush", e))?;
        }
        let mut back = vec![0; 2048];
        drive.disk.read(4, &mut back).map_err(|e| Failure::of("read", e))?;
        check(env.seed(), 4, version, &back)?;
    }
    drive.report(began, rounds * 4096);
    Ok(())
}
