//! Devices that are closed with requests in flight, and brought up again and again.

use alloc::format;

use parakit_abi::device::DeviceType;
use parakit_exercise::pattern::Random;
use parakit_exercise::{Env, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::device::console::VirtIOConsole;
use virtio_drivers::device::rng::VirtIORng;

use super::disk::{Disk, Request};
use super::hal::KernelHal;
use super::transport::{Transport, open};

/// `blk-timeout-reset`: closes the device with requests in flight, and it works after it was brought up again.
///
/// Parameter 0: rounds; 0 for 20. Records `finished`, `reset` (requests that came back, and that did not).
pub(crate) fn reset(env: &KernelEnv) -> Result<(), Failure> {
    let rounds = if env.param(0) == 0 { 20 } else { env.param(0) };
    let mut chance = Random::new(env.seed());
    let (mut finished, mut ended) = (0u64, 0u64);
    for round in 0..rounds {
        let mut disk = Disk::open(env)?;
        let sectors = disk.capacity();
        ensure(sectors >= 8, || format!("a disk of {sectors} sectors is too small"))?;
        while disk.submit(Request::read(chance.below(sectors - 7), 4096))?.is_none() {}
        // Some rounds let a few requests through first.
        for _ in 0..round % 4 {
            disk.next_done()?;
            finished += 1;
        }
        ended += disk.abandon() as u64;
    }
    record(env, "finished", finished);
    record(env, "reset", ended);
    Ok(())
}

/// `many-inits`: brings every device of the scenario up and down again and again: idle, after some use, and with requests in flight.
///
/// Parameter 0: rounds; 0 for 60. Records `rounds` and `ns`.
pub(crate) fn many(env: &KernelEnv) -> Result<(), Failure> {
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 60 } else { env.param(0) };
    for round in 0..rounds {
        for (device, entry) in env.devices().iter().enumerate() {
            match DeviceType(entry.device_type) {
                DeviceType::BLOCK => block(env, round)?,
                DeviceType::CONSOLE => {
                    let console = VirtIOConsole::<KernelHal, Transport>::new(open(env, device)?);
                    let mut console = console.map_err(|e| Failure::of("console", e))?;
                    if round % 3 == 1 {
                        console.send_bytes(b"once more\n").map_err(|e| Failure::of("send", e))?;
                    }
                }
                DeviceType::ENTROPY => {
                    let source = VirtIORng::<KernelHal, Transport>::new(open(env, device)?);
                    let mut source = source.map_err(|e| Failure::of("entropy device", e))?;
                    if round % 3 == 1 {
                        source.request_entropy(&mut [0; 64]).map_err(|e| Failure::of("request", e))?;
                    }
                }
                _ => {}
            }
        }
    }
    record(env, "rounds", rounds);
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}

fn block(env: &KernelEnv, round: u64) -> Result<(), Failure> {
    let mut disk = Disk::open(env)?;
    if !round.is_multiple_of(3) {
        disk.submit(Request::read(0, 4096))?;
    }
    if round % 3 == 1 {
        disk.next_done()?;
    }
    disk.abandon();
    Ok(())
}
