//! Flush, discard, write zeroes, device id, and a disk that refuses writes.

use alloc::{format, vec};

use parakit::device::block::{BadRequest, BlockError, BlockOptions, Operation, RequestError, SectorRange, SubmitError};
use parakit_abi::mailbox::Value;

use crate::common::{Drive, ensure, record};
use crate::pattern::fill;
use crate::{Env, Failure};

/// `blk-flush-discard`: each request type that is neither read nor write, and requests that must not reach the device.
///
/// Writes to the first 64 sectors of the disk. Records `id` (padded with zeroes to 32 bytes), `discard`,
/// `write_zeroes`, `flush` (1 when offered) and the counts.
pub(crate) fn requests<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    let disk = &mut drive.disk;
    let capacity = disk.capacity();
    ensure(capacity >= 64, || format!("a disk of {capacity} sectors is too small"))?;
    let mut data = vec![0; 64 * 512];
    fill(env.seed(), 0, 1, &mut data);
    disk.write(0, &data).map_err(|e| Failure::of("write", e))?;

    let flush = disk.flush();
    record(env, "flush", flush.is_ok().into());
    optional("flush", flush, "FLUSH")?;

    let mut id = [0; 32];
    match disk.device_id() {
        Ok(name) => id[..20].copy_from_slice(&name),
        Err(BlockError::Request(RequestError::Unsupported)) => {}
        Err(e) => return Err(Failure::of("device id", e)),
    }
    env.record("id", Value::Bytes(id));

    let zeroes = disk.write_zeroes(&[SectorRange { sector: 8, sectors: 8 }], false);
    record(env, "write_zeroes", zeroes.is_ok().into());
    if optional("write zeroes", zeroes, "WRITE_ZEROES")? {
        data[8 * 512..16 * 512].fill(0);
        let mut back = vec![1; 64 * 512];
        disk.read(0, &mut back).map_err(|e| Failure::of("read", e))?;
        ensure(back == data, || "write zeroes of sectors 8 to 15 left other contents than zeroes there")?;
        let unmap = disk.write_zeroes(&[SectorRange { sector: 32, sectors: 4 }], true);
        optional("write zeroes with unmap", unmap, "WRITE_ZEROES")?;
    }
    let discard = disk.discard(&[SectorRange { sector: 48, sectors: 8 }]);
    record(env, "discard", discard.is_ok().into());
    if optional("discard", discard, "DISCARD")? {
        // What the discarded sectors hold is anyone's guess; their neighbours must be as before.
        let mut back = vec![0; 8 * 512];
        disk.read(40, &mut back).map_err(|e| Failure::of("read", e))?;
        ensure(back[..] == data[40 * 512..48 * 512], || "discard of sectors 48 to 55 changed those before")?;
        disk.read(56, &mut back).map_err(|e| Failure::of("read", e))?;
        ensure(back[..] == data[56 * 512..], || "discard of sectors 48 to 55 changed those after")?;
    }
    refused(&mut drive)?;
    drive.report(began, data.len() as u64);
    Ok(())
}

/// Whether a request that needs a feature was done; an error unless it was, or the feature is not there.
fn optional(what: &str, result: Result<(), BlockError>, needed: &str) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(BlockError::Submit(SubmitError::Bad(BadRequest::NotOffered { feature }))) if feature == needed => Ok(false),
        Err(e) => Err(Failure::of(what, e)),
    }
}

/// Requests that the driver has to refuse by itself: the judge sees whether one reached the device.
fn refused<E: Env>(drive: &mut Drive<'_, E>) -> Result<(), Failure> {
    let capacity = drive.disk.capacity();
    let cases = [(capacity, 512), (capacity - 1, 1024), (u64::MAX, 512), (0, 100), (0, 513)];
    for (sector, len) in cases {
        let before = drive.disk.counters().requests;
        let buffer = drive.buffer(len)?;
        let result = drive.disk.submit(Operation::Read { sector, buffer });
        ensure(result.is_err() && drive.disk.counters().requests == before, || {
            format!("a read of {len} bytes from sector {sector} of {capacity} was not refused")
        })?;
    }
    let empty = drive.disk.submit(Operation::Read { sector: 0, buffer: vec![] });
    ensure(empty.is_err(), || "a read of no bytes was not refused")?;
    let beyond = drive.disk.discard(&[SectorRange { sector: capacity, sectors: 1 }]);
    ensure(beyond.is_err(), || "a discard past the end was not refused")?;
    let none = drive.disk.write_zeroes(&[], false);
    ensure(none.is_err(), || "a write-zeroes request without a range was not refused")
}

/// `blk-readonly`: a disk that is read-only is read, and refuses writes without the device being asked.
pub(crate) fn read_only<E: Env>(env: &E) -> Result<(), Failure> {
    let mut drive = Drive::open(env, BlockOptions::default())?;
    let began = env.now_ns();
    ensure(drive.disk.is_read_only(), || "the disk is not read-only")?;
    let (mut before, mut after) = ([0; 512], [0; 512]);
    drive.disk.read(0, &mut before).map_err(|e| Failure::of("read", e))?;
    let write = drive.disk.write(0, &[0xa5; 512]);
    ensure(matches!(write, Err(BlockError::Submit(SubmitError::Bad(BadRequest::ReadOnly)))), || {
        format!("a write to a read-only disk ended as {write:?}")
    })?;
    drive.disk.read(0, &mut after).map_err(|e| Failure::of("read", e))?;
    ensure(before == after, || "a read-only disk changed")?;
    drive.report(began, 1024);
    Ok(())
}
