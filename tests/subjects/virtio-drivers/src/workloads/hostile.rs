//! A device of which anything may be expected.

use alloc::{format, string::String, string::ToString};

use parakit_abi::mailbox::Value;
use parakit_exercise::{Env, Outcome, record};
use parakit_kernel::{Failure, KernelEnv};

use super::disk::{Disk, NotDone, Request};

/// `hostile`: brings up the first block device and uses it, whatever it does. Passes when this ends at all.
///
/// Parameter 0: milliseconds that the device gets for a request; 0 for 500. Records `outcome` (an [`Outcome`]) and `error` (the
/// first 32 bytes of the reason). Writes to the first sectors of the disk.
pub(crate) fn hostile(env: &KernelEnv) -> Result<(), Failure> {
    let (outcome, reason) = match Disk::open(env) {
        Err(reason) => (Outcome::Refused, reason.to_string()),
        Ok(disk) => exercise(env, disk),
    };
    log::info!("hostile device: {outcome:?}: {reason}");
    record(env, "outcome", outcome as u64);
    let mut text = [0; 32];
    let len = reason.len().min(32);
    text[..len].copy_from_slice(&reason.as_bytes()[..len]);
    env.record("error", Value::Bytes(text));
    Ok(())
}

/// Times that the device is given work, which comes back each time. A driver that has heard of a change goes on twice at least after that,
/// whenever it comes.
const ROUNDS: usize = 4;

/// Uses the device; the first thing that goes wrong with it.
fn exercise(env: &KernelEnv, mut disk: Disk<'_>) -> (Outcome, String) {
    let patience = if env.param(0) == 0 { 500 } else { env.param(0) };
    let capacity = disk.capacity();
    let mut first = (Outcome::Worked, String::new());
    for _ in 0..ROUNDS {
        // The crate leaves it to its caller to stay on the disk.
        for sector in [0, 8, capacity / 2, capacity.saturating_sub(8)].into_iter().filter(|s| s + 8 <= capacity) {
            for write in [false, true] {
                let mut request = Request::read(sector, 4096);
                request.write = write;
                loop {
                    match disk.submit(request) {
                        Ok(None) => break,
                        Ok(Some(back)) => request = back,
                        Err(error) => {
                            disk.abandon();
                            return (Outcome::Fault, error.to_string());
                        }
                    }
                    if let Err(end) = fetch(&mut disk, patience, &mut first) {
                        disk.abandon();
                        return end;
                    }
                }
            }
        }
        while disk.in_flight() > 0 {
            if let Err(end) = fetch(&mut disk, patience, &mut first) {
                disk.abandon();
                return end;
            }
        }
        // The ring may have shown everything before an interrupt was waited for.
        disk.blk.ack_interrupt();
    }
    first
}

/// Takes one request back; `Err` when the device is not to be used any more.
fn fetch(disk: &mut Disk<'_>, patience: u64, first: &mut (Outcome, String)) -> Result<(), (Outcome, String)> {
    match disk.next(patience) {
        Ok(_) => {}
        Err(NotDone::Failed(error)) => {
            if first.0 == Outcome::Worked {
                *first = (Outcome::RequestFailed, error.to_string());
            }
        }
        Err(why @ (NotDone::Fault(_) | NotDone::NotInFlight(_))) => return Err((Outcome::Fault, why.to_string())),
        Err(NotDone::TimedOut) => {
            return Err((Outcome::TimedOut, format!("{} requests never came back", disk.in_flight())));
        }
    }
    Ok(())
}
