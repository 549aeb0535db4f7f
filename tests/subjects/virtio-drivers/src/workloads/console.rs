//! Workloads on a console.

use alloc::{format, vec::Vec};

use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::signal;
use parakit_exercise::{Env, PATIENCE_MS, ensure, record};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::device::console::{Size, VirtIOConsole};

use super::hal::KernelHal;
use super::transport::{Transport, first};

type Console = VirtIOConsole<KernelHal, Transport>;

fn open(env: &KernelEnv) -> Result<(usize, Console), Failure> {
    let (device, transport) = first(env, DeviceType::CONSOLE)?;
    env.first_queue_operation();
    Ok((device, VirtIOConsole::new(transport).map_err(|e| Failure::of("console", e))?))
}

/// `console-echo`: takes input from the harness, checks it, and sends it back; by interrupt for input, and by looking at the ring
/// for output, as the crate does it.
///
/// Parameter 0: bytes; 0 for 6000. The input is the pattern of [`signal::CONSOLE_INPUT`]. Records `bytes` and `ns`.
pub(crate) fn echo(env: &KernelEnv) -> Result<(), Failure> {
    let (device, mut console) = open(env)?;
    let began = env.now_ns();
    let bytes = if env.param(0) == 0 { 6000 } else { env.param(0) };
    env.signal(signal::CONSOLE_INPUT, bytes);
    let (mut got, mut chunk) = (0u64, Vec::with_capacity(200));
    while got < bytes {
        let seen = env.interrupts(device);
        chunk.clear();
        while chunk.len() < 200 {
            let Some(byte) = console.recv(true).map_err(|e| Failure::of("receive", e))? else { break };
            ensure(byte == got as u8, || format!("byte {got} of the input is {byte:#04x}"))?;
            chunk.push(byte);
            got += 1;
        }
        if !chunk.is_empty() {
            console.send_bytes(&chunk).map_err(|e| Failure::of("send", e))?;
        } else if env.wait_interrupt(device, seen, PATIENCE_MS) {
            console.ack_interrupt().map_err(|e| Failure::of("interrupt", e))?;
        } else {
            return Err(Failure::new(format!("{got} of {bytes} bytes of input came")));
        }
    }
    for byte in b"aaabbbcccddd" {
        console.send(*byte).map_err(|e| Failure::of("send", e))?;
    }
    record(env, "bytes", bytes);
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}

/// `console-size`: reads the console's size, has the harness change it, and sees the change.
///
/// Parameter 0: the new size, columns and rows << 16; 0 for 132 by 50. Records `before`, `after` in the same form.
pub(crate) fn size(env: &KernelEnv) -> Result<(), Failure> {
    let (device, mut console) = open(env)?;
    let wanted = if env.param(0) == 0 { 132 | 50 << 16 } else { env.param(0) };
    let encode = |size: Size| u64::from(size.columns) | u64::from(size.rows) << 16;
    let read = |console: &Console| {
        let size = console.size().map_err(|e| Failure::of("size", e))?;
        size.map(encode).ok_or_else(|| Failure::new("the console does not tell its size"))
    };
    record(env, "before", read(&console)?);
    let mut seen = env.interrupts(device);
    env.signal(signal::CONSOLE_RESIZE, wanted);
    while read(&console)? != wanted {
        if !env.wait_interrupt(device, seen, PATIENCE_MS) {
            return Err(Failure::new("no interrupt announced the new size"));
        }
        seen = env.interrupts(device);
        console.ack_interrupt().map_err(|e| Failure::of("interrupt", e))?;
    }
    record(env, "after", wanted);
    Ok(())
}

/// `console-emergency`: writes through the emergency port. The crate offers that only once the device is live, so that both lines are
/// written then.
///
/// Records `bytes`.
pub(crate) fn emergency(env: &KernelEnv) -> Result<(), Failure> {
    let (_, mut console) = open(env)?;
    for byte in b"early\nlate\n" {
        console.emergency_write(*byte).map_err(|e| Failure::of("emergency write", e))?;
    }
    record(env, "bytes", 11);
    Ok(())
}
