//! Workloads on a block device.

use alloc::{boxed::Box, format, vec, vec::Vec};

use parakit_abi::mailbox::Value;
use parakit_exercise::pattern::{Random, fill, first_wrong};
use parakit_exercise::{Env, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use sha2::{Digest, Sha256};

use super::disk::{Disk, Request};

/// Sectors of one request of [`whole`].
const SECTORS: u64 = 128;

/// `blk-read`: reads the whole disk in order, as many requests in flight as the crate's queue takes, and reports its SHA-256.
///
/// Parameter 0: most sectors to read; 0 for all. Records `sectors`, `sha256` and the counts.
pub(crate) fn whole(env: &KernelEnv) -> Result<(), Failure> {
    let mut disk = Disk::open(env)?;
    let began = env.now_ns();
    let sectors = match env.param(0) {
        0 => disk.capacity(),
        most => most.min(disk.capacity()),
    };
    // In the order of the disk; the device may finish them in any other.
    let mut turns: Vec<(u64, Option<Box<Request>>)> = Vec::new();
    let (mut next, mut sha) = (0, Sha256::new());
    while next < sectors || !turns.is_empty() {
        while next < sectors {
            let count = (sectors - next).min(SECTORS);
            let request = Request::read(next, count as usize * 512);
            if disk.submit(request)?.is_some() {
                break;
            }
            turns.push((next, None));
            next += count;
        }
        let done = disk.next_done()?;
        let turn = turns.iter_mut().find(|(sector, _)| *sector == done.sector);
        turn.ok_or_else(|| Failure::new("a request came back that was not in flight"))?.1 = Some(done);
        while let Some((_, Some(done))) = turns.first() {
            sha.update(&done.data);
            turns.remove(0);
        }
    }
    env.record("sha256", Value::Bytes(sha.finalize().into()));
    record(env, "sectors", sectors);
    disk.report(began, sectors * 512);
    Ok(())
}

/// `blk-rw`: writes and reads 8 KiB blocks at random places, several in flight, and checks every read against what was written there
/// last; at the end reads everything that was written once more.
///
/// Parameter 0: requests; 0 for 2000. Parameter 1: sectors of the disk to use; 0 for 32 MiB. Writes to the disk. Records `reads`,
/// `writes` and the counts.
pub(crate) fn random(env: &KernelEnv) -> Result<(), Failure> {
    const BLOCK: u64 = 16;
    let mut disk = Disk::open(env)?;
    let began = env.now_ns();
    let requests = if env.param(0) == 0 { 2000 } else { env.param(0) };
    let area = if env.param(1) == 0 { 65536 } else { env.param(1) };
    let blocks = area.min(disk.capacity()) / BLOCK;
    ensure(blocks > 0, || format!("a disk of {} sectors is too small", disk.capacity()))?;
    let mut versions = vec![0u32; blocks as usize];
    let mut busy = vec![false; blocks as usize];
    let (mut reads, mut writes) = (0, 0);
    let mut chance = Random::new(env.seed());
    let check = |versions: &[u32], busy: &mut [bool], done: &Request| {
        let block = (done.sector / BLOCK) as usize;
        busy[block] = false;
        let wrong = first_wrong(env.seed(), done.sector, versions[block], &done.data);
        match wrong.filter(|_| !done.write && versions[block] > 0) {
            Some(sector) => Err(Failure::new(format!("sector {sector} does not hold what was written there last"))),
            None => Ok(()),
        }
    };
    for turn in 0..requests + blocks {
        // At the end each block that was written is read.
        let (block, read) = match turn.checked_sub(requests) {
            None => (chance.below(blocks), chance.below(2) == 0),
            Some(block) if versions[block as usize] == 0 => continue,
            Some(block) => (block, true),
        };
        // Two requests for one block at a time may finish in any order, so there is never a second one.
        while busy[block as usize] {
            let done = disk.next_done()?;
            check(&versions, &mut busy, &done)?;
        }
        let mut request = Request::read(block * BLOCK, BLOCK as usize * 512);
        if read {
            reads += 1;
        } else {
            writes += 1;
            versions[block as usize] += 1;
            fill(env.seed(), block * BLOCK, versions[block as usize], &mut request.data);
            request.write = true;
        }
        busy[block as usize] = true;
        while let Some(back) = disk.submit(request)? {
            request = back;
            let done = disk.next_done()?;
            check(&versions, &mut busy, &done)?;
        }
    }
    while disk.in_flight() > 0 {
        let done = disk.next_done()?;
        check(&versions, &mut busy, &done)?;
    }
    record(env, "reads", reads);
    record(env, "writes", writes);
    disk.report(began, (reads + writes) * BLOCK * 512);
    Ok(())
}

/// `blk-flush-discard`: flush and device id, which the crate has, and reads past the end, which must not reach the device; it has
/// neither discard nor write zeroes.
///
/// Writes to the first 64 sectors of the disk. Records `id` (padded with zeroes to 32 bytes) and the counts.
pub(crate) fn requests(env: &KernelEnv) -> Result<(), Failure> {
    let mut disk = Disk::open(env)?;
    let began = env.now_ns();
    let capacity = disk.capacity() as usize;
    ensure(capacity >= 64, || format!("a disk of {capacity} sectors is too small"))?;
    let mut data = vec![0; 64 * 512];
    fill(env.seed(), 0, 1, &mut data);
    disk.blk.write_blocks(0, &data).map_err(|e| Failure::of("write", e))?;
    disk.blk.flush().map_err(|e| Failure::of("flush", e))?;
    let (mut name, mut id) = ([0; 20], [0; 32]);
    disk.blk.device_id(&mut name).map_err(|e| Failure::of("device id", e))?;
    id[..20].copy_from_slice(&name);
    env.record("id", Value::Bytes(id));
    let mut back = vec![1; 64 * 512];
    disk.blk.read_blocks(0, &mut back).map_err(|e| Failure::of("read", e))?;
    ensure(back == data, || "a read shows other bytes than were written")?;
    for (sector, len) in [(capacity, 512), (capacity - 1, 1024), (usize::MAX, 512)] {
        let beyond = disk.blk.read_blocks(sector, &mut back[..len]);
        ensure(beyond.is_err(), || format!("a read of {len} bytes from sector {sector} of {capacity} succeeded"))?;
    }
    disk.blk.ack_interrupt();
    disk.report(began, data.len() as u64);
    Ok(())
}

/// `blk-readonly`: a disk that is read-only is read, and a write to it fails; whether the device is asked is the crate's choice.
pub(crate) fn read_only(env: &KernelEnv) -> Result<(), Failure> {
    let mut disk = Disk::open(env)?;
    let began = env.now_ns();
    ensure(disk.blk.readonly(), || "the disk is not read-only")?;
    let (mut before, mut after) = ([0; 512], [0; 512]);
    disk.blk.read_blocks(0, &mut before).map_err(|e| Failure::of("read", e))?;
    let write = disk.blk.write_blocks(0, &[0xa5; 512]);
    ensure(write.is_err(), || "a write to a read-only disk succeeded")?;
    disk.blk.read_blocks(0, &mut after).map_err(|e| Failure::of("read", e))?;
    ensure(before == after, || "a read-only disk changed")?;
    disk.blk.ack_interrupt();
    disk.report(began, 1024);
    Ok(())
}
