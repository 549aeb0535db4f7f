//! Workloads on a block device.

use alloc::{format, vec::Vec};

use parakit_abi::mailbox::Value;
use parakit_exercise::pattern::{Random, fill, first_wrong};
use parakit_exercise::{Env, Outcome, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use sha2::{Digest, Sha256};

use super::disk::{Disk, NotDone, Request};

/// `blk-read`: reads the disk in order, as many requests in flight as the queue takes, and reports its SHA-256.
///
/// Parameter 0: most sectors to read; 0 for all. Records `sectors` and `sha256`.
pub(crate) fn whole(env: &KernelEnv) -> Result<(), Failure> {
    const SECTORS: u64 = 128;
    let mut disk = Disk::open(env)?;
    let sectors = if env.param(0) == 0 { disk.capacity } else { env.param(0).min(disk.capacity) };
    let (mut next, mut wanted, mut sha) = (0, 0, Sha256::new());
    let mut early: Vec<_> = Vec::new();
    while wanted < sectors {
        while next < sectors {
            let count = (sectors - next).min(SECTORS);
            if disk.submit(Request::new(next, count as usize * 512, false)).is_some() {
                break;
            }
            next += count;
        }
        early.push(disk.next_done()?);
        while let Some(place) = early.iter().position(|done| done.sector == wanted) {
            let done = early.swap_remove(place);
            sha.update(&done.data);
            wanted += (done.data.len() / 512) as u64;
        }
    }
    env.record("sha256", Value::Bytes(sha.finalize().into()));
    record(env, "sectors", sectors);
    Ok(())
}

/// `blk-rw`: writes blocks of 8 KiB at random places, several in flight, and reads each back.
///
/// Parameter 0: blocks; 0 for 1000. Writes to the disk. Records `writes`.
pub(crate) fn random(env: &KernelEnv) -> Result<(), Failure> {
    const BLOCK: u64 = 16;
    let mut disk = Disk::open(env)?;
    let blocks = disk.capacity / BLOCK;
    ensure(blocks > 8, || format!("a disk of {} sectors is too small", disk.capacity))?;
    let (writes, mut chance) = (if env.param(0) == 0 { 1000 } else { env.param(0) }, Random::new(env.seed()));
    for round in 0..writes.div_ceil(4) {
        // Four blocks that differ, all of them written and then all of them read.
        let first = chance.below(blocks / 4);
        let places = [0, 1, 2, 3].map(|i| (first + i * (blocks / 4)) * BLOCK);
        for write in [true, false] {
            for sector in places {
                let mut request = Request::new(sector, BLOCK as usize * 512, write);
                if write {
                    fill(env.seed(), sector, round as u32 + 1, &mut request.data);
                }
                while let Some(back) = disk.submit(request) {
                    request = back;
                    check(env, &*disk.next_done()?, round as u32 + 1)?;
                }
            }
            while disk.in_flight() > 0 {
                check(env, &*disk.next_done()?, round as u32 + 1)?;
            }
        }
    }
    record(env, "writes", writes);
    Ok(())
}

fn check(env: &KernelEnv, done: &Request, version: u32) -> Result<(), Failure> {
    match first_wrong(env.seed(), done.sector, version, &done.data).filter(|_| !done.write) {
        Some(sector) => Err(Failure::new(format!("sector {sector} does not hold what was written there last"))),
        None => Ok(()),
    }
}

/// `blk-readonly`: a disk that is read-only says so, and is read.
pub(crate) fn read_only(env: &KernelEnv) -> Result<(), Failure> {
    let mut disk = Disk::open(env)?;
    ensure(disk.read_only(), || "the disk is not read-only")?;
    ensure(disk.submit(Request::new(0, 512, false)).is_none(), || "the queue is full")?;
    disk.next_done().map(drop)
}

/// `many-inits`: brings the first block device up and down: idle, after a read, and with a read in flight.
///
/// Parameter 0: rounds; 0 for 60. Records `rounds`.
pub(crate) fn many(env: &KernelEnv) -> Result<(), Failure> {
    let rounds = if env.param(0) == 0 { 60 } else { env.param(0) };
    for round in 0..rounds {
        let mut disk = Disk::open(env)?;
        if !round.is_multiple_of(3) {
            ensure(disk.submit(Request::new(0, 4096, false)).is_none(), || "the queue is full")?;
        }
        if round % 3 == 1 {
            disk.next_done()?;
        }
    }
    record(env, "rounds", rounds);
    Ok(())
}

/// `hostile`: brings up the first block device and uses it, whatever it does. Passes when this ends at all.
///
/// Parameter 0: milliseconds that the device gets for a request; 0 for 500. Records `outcome` (an [`Outcome`]).
pub(crate) fn hostile(env: &KernelEnv) -> Result<(), Failure> {
    let outcome = match Disk::open(env) {
        Err(_) => Outcome::Refused,
        Ok(disk) => exercise(env, disk),
    };
    record(env, "outcome", outcome as u64);
    Ok(())
}

/// Times that the device is given work, which comes back each time. A driver that has heard of a change goes on twice at least after that,
/// whenever it comes.
const ROUNDS: usize = 4;

fn exercise(env: &KernelEnv, mut disk: Disk<'_>) -> Outcome {
    let patience = if env.param(0) == 0 { 500 } else { env.param(0) };
    let (mut worst, capacity) = (Outcome::Worked, disk.capacity);
    for _ in 0..ROUNDS {
        for sector in [0, 8, capacity / 2].into_iter().filter(|s| s.saturating_add(8) <= capacity) {
            for write in [false, true] {
                // Six requests of three descriptors have room in every queue but the smallest, which takes fewer.
                if disk.submit(Request::new(sector, 4096, write)).is_some() {
                    break;
                }
            }
        }
        while disk.in_flight() > 0 {
            match disk.next(patience) {
                Ok(_) => {}
                Err(NotDone::Failed) => worst = Outcome::RequestFailed,
                Err(NotDone::Fault) => return Outcome::Fault,
                Err(NotDone::TimedOut) => return Outcome::TimedOut,
            }
        }
        disk.device.acknowledge();
    }
    worst
}
