//! Sequential reading, and reading as fast as the rings allow.

use alloc::{format, vec::Vec};

use parakit::device::block::{BlockOptions, Operation, RequestId};
use parakit_abi::mailbox::Value;
use sha2::{Digest, Sha256};

use crate::common::{Drive, Pieces, ensure, record};
use crate::{Env, Failure};

/// Bytes of one request.
const REQUEST: u64 = 64 * 1024;
/// Requests in flight.
const DEPTH: usize = 8;

/// `blk-read`: reads the whole disk in order, with several requests in flight, and reports its SHA-256.
///
/// Parameter 0: most sectors to read; 0 for all. Records `sectors`, `sha256` and the counts.
pub(crate) fn whole<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let sectors = match env.param(0) {
        0 => drive.disk.capacity(),
        most => most.min(drive.disk.capacity()),
    };
    let largest = drive.disk.config().size_max.map_or(REQUEST, |max| u64::from(max).min(REQUEST)) / 512 * 512;
    ensure(largest > 0, || "size_max leaves no room for a sector")?;
    let hash = hash(&mut drive, sectors, largest)?;
    env.record("sha256", Value::Bytes(hash));
    record(env, "sectors", sectors);
    drive.report(began, sectors.saturating_mul(512));
    Ok(())
}

/// A request in flight, or one that came back before its turn.
struct Turn<E: Env> {
    id: RequestId,
    len: usize,
    back: Option<Pieces<E>>,
}

/// SHA-256 of the first `sectors` sectors, by requests of `largest` bytes.
pub(crate) fn hash<E: Env>(drive: &mut Drive<'_, E>, sectors: u64, largest: u64) -> Result<[u8; 32], Failure> {
    let depth = DEPTH.min(usize::from(drive.disk.depth()));
    let mut spare = Vec::with_capacity(depth);
    for _ in 0..depth {
        spare.push(drive.buffer(largest as usize)?);
    }
    // Requests in the order of the disk; the device may finish them in any other.
    let mut turns: Vec<Turn<E>> = Vec::with_capacity(depth);
    let mut sha = Sha256::new();
    let mut next = 0;
    while next < sectors || !turns.is_empty() {
        while next < sectors {
            let len = (sectors - next).saturating_mul(512).min(largest) as usize;
            let Some(mut buffer) = spare.pop() else { break };
            if buffer.iter().map(|piece| piece.len()).sum::<usize>() != len {
                // Only the last request is shorter than the others.
                buffer = drive.buffer(len)?;
            }
            let id = drive.submit(Operation::Read { sector: next, buffer })?;
            turns.push(Turn { id, len, back: None });
            next += (len / 512) as u64;
        }
        let (id, buffer) = drive.next_done()?;
        let turn = turns.iter_mut().find(|turn| turn.id == id);
        turn.ok_or_else(|| Failure::new("a request came back that was not in flight"))?.back = Some(buffer);
        while let Some(turn) = turns.first_mut() {
            let Some(buffer) = turn.back.take() else { break };
            let mut left = turn.len;
            for piece in &buffer {
                let part = left.min(piece.len());
                sha.update(&piece[..part]);
                left -= part;
            }
            turns.remove(0);
            spare.push(buffer);
        }
    }
    Ok(sha.finalize().into())
}

/// `blk-qd32`: reads of 4 KiB at random places, 32 in flight, resubmitted in batches.
///
/// Parameter 0: requests; 0 for 16384. Parameter 1: 1 to poll with interrupts off, 0 to let the device interrupt once
/// for half of what is in flight. Records `depth` and the counts.
pub(crate) fn depth32<E: Env>(env: &E) -> Result<(), Failure> {
    const LEN: usize = 4096;
    const IN_FLIGHT: u64 = 32;
    let options = BlockOptions { queue_size: 128, ..BlockOptions::default() };
    let mut drive = Drive::open(env, options)?;
    let requests = match env.param(0) {
        0 => 16384,
        n => n,
    };
    let polling = env.param(1) == 1;
    let sectors = drive.disk.capacity();
    ensure(sectors >= 8, || format!("a disk of {sectors} sectors is too small for 4 KiB reads"))?;
    let depth = u64::from(drive.disk.depth()).min(IN_FLIGHT);
    ensure(depth == IN_FLIGHT, || format!("the device's queue has room for {depth} requests, not {IN_FLIGHT}"))?;
    let mut random = crate::pattern::Random::new(env.seed());
    let mut spare = Vec::new();
    for _ in 0..depth {
        spare.push(drive.buffer(LEN)?);
    }
    drive.disk.disable_interrupts();
    let began = env.now_ns();
    let (mut submitted, mut done) = (0, 0);
    while done < requests {
        while submitted < requests {
            let Some(buffer) = spare.pop() else { break };
            drive.submit(Operation::Read { sector: random.below(sectors / 8) * 8, buffer })?;
            submitted += 1;
        }
        // One notification for the batch.
        drive.disk.kick();
        let batch = (submitted - done).div_ceil(2);
        if polling {
            poll_batch(&mut drive, &mut spare, batch)?
        } else {
            wait_batch(&mut drive, &mut spare, batch)?
        }
        done = submitted - (depth - spare.len() as u64);
    }
    record(env, "depth", depth);
    drive.report(began, requests * LEN as u64);
    Ok(())
}

/// Fetches at least `batch` requests by polling.
fn poll_batch<E: Env>(drive: &mut Drive<'_, E>, spare: &mut Vec<Pieces<E>>, batch: u64) -> Result<(), Failure> {
    let give_up = drive.env.now_ns().saturating_add(crate::common::PATIENCE_MS * 1_000_000);
    let mut got = 0;
    while got < batch {
        match drive.disk.poll() {
            Some(finished) => {
                finished.result.map_err(|e| Failure::of("request", e))?;
                spare.extend(finished.buffer);
                got += 1;
            }
            None => {
                if let Some(fault) = drive.disk.fault() {
                    return Err(Failure::of("block device", fault));
                }
                ensure(drive.env.now_ns() < give_up, || format!("{got} of {batch} requests came back in time"))?;
                core::hint::spin_loop();
            }
        }
    }
    Ok(())
}

/// Fetches at least `batch` requests, with one interrupt for all of them.
fn wait_batch<E: Env>(drive: &mut Drive<'_, E>, spare: &mut Vec<Pieces<E>>, batch: u64) -> Result<(), Failure> {
    let mut got = 0;
    loop {
        while let Some(finished) = drive.disk.poll() {
            finished.result.map_err(|e| Failure::of("request", e))?;
            spare.extend(finished.buffer);
            got += 1;
        }
        if got >= batch {
            return Ok(());
        }
        if let Some(fault) = drive.disk.fault() {
            return Err(Failure::of("block device", fault));
        }
        if drive.disk.arm_after((batch - got) as u16) {
            continue;
        }
        if !drive.wait() {
            return Err(Failure::new(format!("no interrupt came for {} requests in flight", drive.disk.in_flight())));
        }
    }
}
