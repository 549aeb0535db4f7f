//! A device of which anything may be expected, except that it makes the driver panic, hang or touch what it must not.

use alloc::{format, string::String, string::ToString, vec::Vec};

use parakit::device::block::{Block, BlockOptions, HeapStorage, Operation, SectorRange, SubmitError};
use parakit::transport::Device;
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::Value;

use crate::common::{Disk, Drive, Pieces, find, record};
use crate::{Env, Failure};

/// How far the driver came with the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Outcome {
    /// Everything asked of the device succeeded.
    Worked = 0,
    /// The driver declined to bring the device up.
    Refused = 1,
    /// The device was brought up, and a request ended with an error.
    RequestFailed = 2,
    /// The device broke the rules of the transport or the queue, and the driver stopped using it.
    Fault = 3,
    /// The device did not finish a request in time; the driver reset it and has its memory back.
    TimedOut = 4,
    /// The device did not finish a request in time, nor its reset; the driver gave the memory up.
    Stuck = 5,
}

/// `hostile`: brings up the first block device and uses it, whatever it does. Passes when this ends at all.
///
/// Parameter 0: milliseconds that the device gets for a request; 0 for 500. Records `outcome` (an [`Outcome`]) and
/// `error` (the first 32 bytes of the reason). May write to the first sectors of the disk.
pub(crate) fn hostile<E: Env>(env: &E) -> Result<(), Failure> {
    let device = find(env, DeviceType::BLOCK)?;
    let (outcome, reason) = match open(env, device) {
        Err(reason) => (Outcome::Refused, reason),
        Ok(disk) => exercise(env, device, disk),
    };
    log::info!("hostile device: {outcome:?}: {reason}");
    record(env, "outcome", outcome as u64);
    let mut text = [0; 32];
    let len = reason.len().min(32);
    text[..len].copy_from_slice(&reason.as_bytes()[..len]);
    env.record("error", Value::Bytes(text));
    Ok(())
}

/// Brings the device up, or says why not.
fn open<E: Env>(env: &E, device: usize) -> Result<Disk<E>, String> {
    let found = env.transport(device).map_err(|e| e.to_string())?;
    let transport = found.ok_or("no device there")?;
    let started = Device::start(env.platform(), transport).map_err(|e| e.to_string())?;
    let options = BlockOptions::default();
    let disk = Block::new(started, HeapStorage::new(options.queue_size), options).map_err(|e| e.to_string())?;
    env.first_queue_operation();
    Ok(disk)
}

/// Times that a device which works is given work: it has to come back from idling to the next one.
const ROUNDS: usize = 2;

/// The worst of what came of a device, and why.
struct Worst(Outcome, String);

impl Worst {
    fn note(&mut self, outcome: Outcome, reason: String) {
        if outcome as u64 > self.0 as u64 {
            *self = Self(outcome, reason);
        }
    }
}

/// Uses the device. The worst of what came of it.
fn exercise<E: Env>(env: &E, device: usize, disk: Disk<E>) -> (Outcome, String) {
    let mut drive = Drive::adopt(env, device, disk);
    let mut worst = Worst(Outcome::Worked, String::new());
    let mut late = false;
    for _ in 0..ROUNDS {
        if worst.0 == Outcome::Worked && !late {
            late = round(env, device, &mut drive, &mut worst);
        }
    }
    // A device may have asked for a reset while nobody was looking.
    drive.disk.handle_interrupt();
    if let Some(fault) = drive.disk.fault() {
        worst.note(Outcome::Fault, fault.to_string());
    } else if late {
        let flying = drive.disk.in_flight();
        match drive.disk.reset() {
            Ok(()) => worst.note(Outcome::TimedOut, format!("{flying} requests never came back")),
            Err(e) => worst.note(Outcome::Stuck, e.to_string()),
        }
    }
    while drive.disk.poll().is_some() {}
    (worst.0, worst.1)
}

/// Requests of every type, as many at once as the queue takes, and their ends; whether one did not come back in time.
fn round<E: Env>(env: &E, device: usize, drive: &mut Drive<'_, E>, worst: &mut Worst) -> bool {
    let patience = if env.param(0) == 0 { 500 } else { env.param(0) };
    let capacity = drive.disk.capacity();
    let mut operations: Vec<Operation<Pieces<E>>> = Vec::new();
    for sector in [0, 1, capacity / 2, capacity.saturating_sub(8)] {
        for write in [false, true] {
            let Ok(buffer) = drive.buffer(4096) else { continue };
            operations.push(if write {
                Operation::Write { sector, buffer }
            } else {
                Operation::Read { sector, buffer }
            });
        }
    }
    operations.push(Operation::Flush);
    operations.push(Operation::DeviceId);
    operations.push(Operation::write_zeroes(&[SectorRange { sector: 0, sectors: 1 }], false));
    operations.push(Operation::discard(&[SectorRange { sector: 1, sectors: 1 }]));

    // Read before the reasons of an interrupt are: one that comes later is then seen to have come, whatever its reason.
    let mut seen = env.interrupts(device);
    drive.disk.handle_interrupt();
    let mut late = false;
    while (drive.disk.in_flight() > 0 || !operations.is_empty()) && !late {
        while let Some(operation) = operations.pop() {
            match drive.disk.submit(operation) {
                Ok(_) => {}
                Err(rejected) if rejected.error == SubmitError::Full && drive.disk.in_flight() > 0 => {
                    operations.push(rejected.operation);
                    break;
                }
                // What the driver declines by itself, the device has no part in.
                Err(rejected) => log::debug!("hostile device: not submitted: {}", rejected.error),
            }
        }
        drive.disk.kick();
        if drive.disk.in_flight() > 0 && !drive.disk.arm() {
            // The deadline is for progress: a device that finishes something now and then may go on.
            late = !env.wait_interrupt(device, seen, patience);
            seen = env.interrupts(device);
            drive.disk.handle_interrupt();
        }
        while let Some(finished) = drive.disk.poll() {
            late = false;
            if let Err(e) = finished.result {
                worst.note(Outcome::RequestFailed, e.to_string());
            }
        }
        if let Some(fault) = drive.disk.fault() {
            worst.note(Outcome::Fault, fault.to_string());
            break;
        }
    }
    late
}
