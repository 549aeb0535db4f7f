//! Writing, and reading back what was written.

use alloc::{format, vec, vec::Vec};

use parakit::device::block::{BlockOptions, Operation, RequestId};

use crate::common::{Drive, Pieces, ensure, record};
use crate::pattern::{Random, fill, first_wrong};
use crate::{Env, Failure};

/// Sectors of a block of [`random`], the unit in which it remembers what the disk holds.
const BLOCK: u64 = 16;
/// Requests of [`random`] in flight.
const IN_FLIGHT: u64 = 24;

/// A block to read or to write.
#[derive(Clone, Copy)]
struct Job {
    block: u64,
    read: bool,
}

/// What [`random`] knows of the disk, and its requests in flight.
struct Model<'e, E: Env> {
    drive: Drive<'e, E>,
    /// Version of each block's contents; 0: not written yet, so that a read of it checks nothing.
    versions: Vec<u32>,
    flights: Vec<(RequestId, Job)>,
    spare: Vec<Pieces<E>>,
    reads: u64,
    writes: u64,
}

/// `blk-rw`: writes and reads 8 KiB blocks at random places, many in flight, and checks every read against what was
/// written there last; at the end reads everything that was written once more.
///
/// Parameter 0: requests; 0 for 2000. Parameter 1: sectors of the disk to use; 0 for 32 MiB. Writes to the disk.
/// Records `reads`, `writes` and the counts.
pub(crate) fn random<E: Env>(env: &E) -> Result<(), Failure> {
    let drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let (requests, blocks) = extent(env.param(0), env.param(1), drive.disk.capacity());
    ensure(blocks > 0, || format!("a disk of {} sectors is too small", drive.disk.capacity()))?;
    let mut spare = Vec::new();
    for _ in 0..IN_FLIGHT.min(blocks).min(drive.disk.depth().into()) {
        spare.push(drive.buffer(BLOCK as usize * 512)?);
    }
    let versions = vec![0; blocks as usize];
    let mut model = Model { drive, versions, flights: Vec::new(), spare, reads: 0, writes: 0 };
    let mut chance = Random::new(env.seed());
    for _ in 0..requests {
        model.run(Job::any(&mut chance, blocks))?;
    }
    for block in 0..blocks {
        if model.versions[block as usize] > 0 {
            model.run(Job { block, read: true })?;
        }
    }
    while !model.flights.is_empty() {
        model.fetch()?;
    }
    record(env, "reads", model.reads);
    record(env, "writes", model.writes);
    model.drive.report(began, (model.reads + model.writes) * BLOCK * 512);
    Ok(())
}

/// Requests of [`random`], and blocks of a disk of `capacity` sectors that they go to, by its parameters.
fn extent(requests: u64, area: u64, capacity: u64) -> (u64, u64) {
    let requests = if requests == 0 { 2000 } else { requests };
    let area = if area == 0 { 65536 } else { area };
    (requests, area.min(capacity) / BLOCK)
}

/// Makes of a disk what `blk-rw` makes of it with this seed and these parameters: for whoever can look at it from the other side.
pub fn written(seed: u64, params: &[u64], disk: &mut [u8]) {
    let param = |index: usize| params.get(index).copied().unwrap_or(0);
    let (requests, blocks) = extent(param(0), param(1), disk.len() as u64 / 512);
    if blocks == 0 {
        return;
    }
    let mut versions = vec![0; blocks as usize];
    let mut chance = Random::new(seed);
    for _ in 0..requests {
        let job = Job::any(&mut chance, blocks);
        versions[job.block as usize] += u32::from(!job.read);
    }
    let pieces = disk.chunks_exact_mut(BLOCK as usize * 512).zip(0..);
    for ((piece, block), version) in pieces.zip(versions).filter(|(_, version)| *version > 0) {
        fill(seed, block * BLOCK, version, piece);
    }
}

impl Job {
    fn any(chance: &mut Random, blocks: u64) -> Self {
        Self { block: chance.below(blocks), read: chance.below(2) == 0 }
    }
}

impl<E: Env> Model<'_, E> {
    /// Submits a job, after making room for it.
    fn run(&mut self, job: Job) -> Result<(), Failure> {
        // Two requests for one block at a time may finish in any order, so there is never a second one.
        while self.spare.is_empty() || self.flights.iter().any(|(_, other)| other.block == job.block) {
            self.fetch()?;
        }
        let Some(mut buffer) = self.spare.pop() else { return Ok(()) };
        let sector = job.block * BLOCK;
        let operation = if job.read {
            self.reads += 1;
            Operation::Read { sector, buffer }
        } else {
            self.writes += 1;
            let version = &mut self.versions[job.block as usize];
            *version += 1;
            fill(self.drive.env.seed(), sector, *version, &mut buffer[0]);
            Operation::Write { sector, buffer }
        };
        let id = self.drive.submit(operation)?;
        self.flights.push((id, job));
        Ok(())
    }

    /// Fetches a finished request and checks what it read.
    fn fetch(&mut self) -> Result<(), Failure> {
        let (id, buffer) = self.drive.next_done()?;
        let at = self.flights.iter().position(|(flight, _)| *flight == id);
        let (_, job) = self.flights.swap_remove(at.ok_or_else(|| Failure::new("an unknown request came back"))?);
        let version = self.versions[job.block as usize];
        if job.read && version > 0 {
            check(self.drive.env.seed(), job.block * BLOCK, version, &buffer[0])?;
        }
        self.spare.push(buffer);
        Ok(())
    }
}

/// An error when `data`, from `sector` on, is not what `version` of it should be.
pub(crate) fn check(seed: u64, sector: u64, version: u32, data: &[u8]) -> Result<(), Failure> {
    match first_wrong(seed, sector, version, data) {
        Some(sector) => Err(Failure::new(format!("sector {sector} does not hold what write {version} put there"))),
        None => Ok(()),
    }
}

/// `blk-sg`: writes from, and reads into, many pieces of uneven length, and checks that nothing went astray.
///
/// Parameter 0: rounds; 0 for 64. Writes to the first 64 sectors of the disk. Records the counts.
pub(crate) fn scatter<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 64 } else { env.param(0) };
    let sectors = drive.disk.capacity().min(64);
    ensure(sectors > 0, || "the disk is empty")?;
    let most = drive.disk.max_segments().min(17);
    let (seed, mut chance, mut bytes) = (env.seed(), Random::new(env.seed()), 0u64);
    for round in 0..rounds {
        let sector = chance.below(sectors);
        let len = (1 + chance.below(sectors - sector)) as usize * 512;
        let mut data = vec![0; len];
        let version = round as u32 + 1;
        fill(seed, sector, version, &mut data);
        let mut pieces = cut(&drive, &mut chance, len, most)?;
        let mut rest = &data[..];
        for piece in &mut pieces {
            let (now, later) = rest.split_at(piece.len());
            piece.copy_from_slice(now);
            rest = later;
        }
        drive.submit(Operation::Write { sector, buffer: pieces })?;
        let (_, written) = drive.next_done()?;
        ensure(written.iter().flat_map(|piece| piece.iter()).eq(&data), || {
            format!("round {round}: a write changed its own buffer")
        })?;
        let pieces = cut(&drive, &mut chance, len, most)?;
        drive.submit(Operation::Read { sector, buffer: pieces })?;
        let (_, pieces) = drive.next_done()?;
        let read: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
        check(seed, sector, version, &read)?;
        bytes += 2 * len as u64;
    }
    drive.report(began, bytes);
    Ok(())
}

/// `len` bytes in 1 to `most` pieces of random length.
fn cut<E: Env>(drive: &Drive<'_, E>, chance: &mut Random, len: usize, most: usize) -> Result<Pieces<E>, Failure> {
    let count = 1 + chance.below(most.max(1) as u64) as usize;
    let mut pieces = Vec::with_capacity(count);
    let mut left = len;
    for i in 0..count {
        // Each piece that follows needs a byte at least.
        let room = left.saturating_sub(count - 1 - i).max(1);
        let size = if i + 1 == count { left } else { 1 + chance.below(room as u64) as usize };
        let size = drive.disk.config().size_max.map_or(size, |max| size.min(max as usize));
        pieces.push(drive.piece(size)?);
        left -= size;
        if left == 0 {
            break;
        }
    }
    ensure(left == 0, || format!("{len} bytes do not fit {most} segments of this device"))?;
    Ok(pieces)
}

/// `fat-touch`: finds the sector that starts with a marker and overwrites the rest of it, as the host put it there
/// inside a file; the file system around it is not understood and must come out intact.
///
/// Parameters 0 and 1: the marker's 16 bytes, as two little-endian numbers. The other bytes of the sector become
/// `0x50 + index % 37`. Records `sector` and the counts.
pub(crate) fn touch<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let mut marker = [0; 16];
    marker[..8].copy_from_slice(&env.param(0).to_le_bytes());
    marker[8..].copy_from_slice(&env.param(1).to_le_bytes());
    let capacity = drive.disk.capacity();
    let mut buffer = vec![0; 64 * 1024];
    let (mut sector, mut found) = (0, None);
    while sector < capacity && found.is_none() {
        let count = (capacity - sector).min(buffer.len() as u64 / 512);
        let part = &mut buffer[..count as usize * 512];
        drive.disk.read(sector, part).map_err(|e| Failure::of("read", e))?;
        found = part.chunks_exact(512).position(|s| s[..16] == marker).map(|i| sector + i as u64);
        sector += count;
    }
    let sector = found.ok_or_else(|| Failure::new("no sector of the disk starts with the marker"))?;
    let mut data = [0; 512];
    data[..16].copy_from_slice(&marker);
    for (i, byte) in data.iter_mut().enumerate().skip(16) {
        *byte = 0x50 + (i % 37) as u8;
    }
    drive.disk.write(sector, &data).map_err(|e| Failure::of("write", e))?;
    drive.disk.flush().map_err(|e| Failure::of("flush", e))?;
    let mut back = [0; 512];
    drive.disk.read(sector, &mut back).map_err(|e| Failure::of("read back", e))?;
    ensure(back == data, || format!("sector {sector} does not hold what was written to it"))?;
    record(env, "sector", sector);
    drive.report(began, 512);
    Ok(())
}
