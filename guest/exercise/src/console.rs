//! Workloads on a console.

use alloc::{format, vec};

use parakit::device::console::{Console, ConsoleOptions, ConsoleSize, EarlyConsole, HeapConsoleStorage};
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::signal;

use crate::common::{PATIENCE_MS, ensure, find, record, start};
use crate::{Env, Failure};

type Buffer = alloc::vec::Vec<u8>;
type Port<E> =
    Console<<E as Env>::Transport, <E as Env>::Platform, Buffer, HeapConsoleStorage<<E as Env>::Platform, Buffer>>;

/// Brings up the first console, writing `early` through its emergency port before it is live.
fn open<E: Env>(env: &E, early: &[u8]) -> Result<(usize, Port<E>), Failure> {
    let device = find(env, DeviceType::CONSOLE)?;
    let mut console = EarlyConsole::new(start(env, device)?).map_err(|e| Failure::of("console", e))?;
    if !early.is_empty() {
        console.emergency_write(early).map_err(|e| Failure::of("emergency write before DRIVER_OK", e))?;
    }
    let options = ConsoleOptions::default();
    let console = console.start(HeapConsoleStorage::new(&options), options).map_err(|e| Failure::of("console", e))?;
    env.first_queue_operation();
    env.agreed(device, console.accepted());
    Ok((device, console))
}

/// What was acknowledged. A line that nobody has acknowledged stays asserted, and where it is an edge that interrupts, none comes any
/// more: whoever waits looks first whether one came since.
struct Handled {
    /// Interrupts on all vectors.
    all: u32,
    /// Interrupts on the vector of configuration changes.
    changes: u32,
}

impl Handled {
    /// Nothing yet, of device `device`.
    fn new<E: Env>(env: &E, device: usize, console: &mut Port<E>) -> Self {
        let mut handled = Self { all: 0, changes: 0 };
        handled.acknowledge(env, device, console);
        handled
    }

    /// Waits for an interrupt, unless one came since the last that was acknowledged, and acknowledges it. Whether there was one.
    fn wait<E: Env>(&mut self, env: &E, device: usize, console: &mut Port<E>) -> bool {
        let came = env.wait_interrupt(device, self.all, PATIENCE_MS);
        if came {
            self.acknowledge(env, device, console);
        }
        came
    }

    /// What to do on an interrupt. With vectors, the device is accessed only if that of configuration changes has interrupted.
    fn acknowledge<E: Env>(&mut self, env: &E, device: usize, console: &mut Port<E>) {
        // Read first: one that comes in between is then seen to have come.
        self.all = env.interrupts(device);
        match console.vectors() {
            None => {
                console.handle_interrupt();
            }
            Some([.., config]) => {
                let count = env.vector_interrupts(device, config);
                if core::mem::replace(&mut self.changes, count) != count {
                    console.handle_vector(config);
                }
            }
        }
    }
}

/// `console-echo`: takes input from the harness, checks it, and sends it back.
///
/// Parameter 0: bytes; 0 for 6000. The input is the pattern of [`signal::CONSOLE_INPUT`]. Records `bytes` and `ns`.
pub(crate) fn echo<E: Env>(env: &E) -> Result<(), Failure> {
    let (device, mut console) = open(env, &[])?;
    let began = env.now_ns();
    let bytes = if env.param(0) == 0 { 6000 } else { env.param(0) };
    env.signal(signal::CONSOLE_INPUT, bytes);
    let mut chunk = [0; 200];
    let mut handled = Handled::new(env, device, &mut console);
    let mut got = 0u64;
    while got < bytes {
        let len = console.receive(&mut chunk).map_err(|e| Failure::of("receive", e))?;
        if len == 0 {
            if !console.arm() && !handled.wait(env, device, &mut console) {
                return Err(Failure::new(format!("{got} of {bytes} bytes of input came")));
            }
            continue;
        }
        for &byte in &chunk[..len] {
            ensure(byte == got as u8, || format!("byte {got} of the input is {byte:#04x}"))?;
            got += 1;
        }
        console.write_all(&chunk[..len]).map_err(|e| Failure::of("transmit", e))?;
    }
    ensure(got == bytes, || format!("{got} bytes of input came, {bytes} were asked for"))?;
    // Owned buffers, several in flight.
    for i in 0..4u8 {
        console.send(vec![b'a' + i; 3]).map_err(|rejected| Failure::of("send", rejected.error))?;
    }
    let mut back = 0;
    while back < 4 {
        match console.poll_sent() {
            Some(sent) => {
                sent.result.map_err(|e| Failure::of("send", e))?;
                ensure(sent.buffer.is_some_and(|b| b.len() == 3), || "a sent buffer did not come back")?;
                back += 1;
            }
            None if console.arm() => {}
            None if handled.wait(env, device, &mut console) => {}
            None => return Err(Failure::new(format!("{back} of 4 buffers were sent"))),
        }
    }
    record(env, "bytes", bytes);
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}

/// `console-size`: reads the console's size, has the harness change it, and sees the change.
///
/// Parameter 0: the new size, columns and rows << 16; 0 for 132 by 50. Records `before`, `after` in the same form.
pub(crate) fn size<E: Env>(env: &E) -> Result<(), Failure> {
    let (device, mut console) = open(env, &[])?;
    let wanted = if env.param(0) == 0 { 132 | 50 << 16 } else { env.param(0) };
    let encode = |size: ConsoleSize| u64::from(size.columns) | u64::from(size.rows) << 16;
    let read = |console: &Port<E>| {
        let size = console.size().map_err(|e| Failure::of("size", e))?;
        size.map(encode).ok_or_else(|| Failure::new("the console does not tell its size"))
    };
    record(env, "before", read(&console)?);
    let mut seen = env.interrupts(device);
    env.signal(signal::CONSOLE_RESIZE, wanted);
    loop {
        if !env.wait_interrupt(device, seen, PATIENCE_MS) {
            return Err(Failure::new("no interrupt announced the new size"));
        }
        seen = env.interrupts(device);
        if console.handle_interrupt().config_change && read(&console)? == wanted {
            break;
        }
    }
    record(env, "after", wanted);
    Ok(())
}

/// `console-emergency`: writes through the emergency port before the device is live, and when it is.
///
/// The text is `early` and a newline, then `late` and a newline. Records `bytes`.
pub(crate) fn emergency<E: Env>(env: &E) -> Result<(), Failure> {
    let (_, mut console) = open(env, b"early\n")?;
    console.emergency_write(b"late\n").map_err(|e| Failure::of("emergency write", e))?;
    record(env, "bytes", 11);
    Ok(())
}

/// `console-terminal`: a guest to type at. Every line comes back; `exit`, or the end of the input (ctrl-D), ends it.
///
/// Records `lines`.
pub(crate) fn terminal<E: Env>(env: &E) -> Result<(), Failure> {
    /// What ctrl-D sends.
    const END_OF_TRANSMISSION: u8 = 4;
    /// Longest line that is kept; what is longer comes back in parts.
    const LINE: usize = 240;
    let (device, mut console) = open(env, &[])?;
    let say = |console: &mut Port<E>, text: &[u8]| console.write_all(text).map_err(|e| Failure::of("transmit", e));
    say(&mut console, b"Parakit's guest, on a virtio console. Every line comes back; `exit` or ctrl-D ends it.\r\n> ")?;
    let (mut line, mut chunk, mut lines) = (alloc::vec::Vec::with_capacity(LINE), [0; 64], 0u64);
    let mut handled = Handled::new(env, device, &mut console);
    loop {
        let len = console.receive(&mut chunk).map_err(|e| Failure::of("receive", e))?;
        if len == 0 {
            // Nobody may type for as long as he likes; the run has a deadline of its own.
            if !console.arm() {
                handled.wait(env, device, &mut console);
            }
            continue;
        }
        for &byte in &chunk[..len] {
            let ended = matches!(byte, b'\r' | b'\n') || line.len() == LINE;
            match byte {
                END_OF_TRANSMISSION => line = b"exit".to_vec(),
                0x08 | 0x7f if line.pop().is_some() => say(&mut console, b"\x08 \x08")?,
                b' '..=0x7e => {
                    line.push(byte);
                    say(&mut console, &[byte])?;
                }
                _ => {}
            }
            if byte == END_OF_TRANSMISSION || ended && line == b"exit" {
                say(&mut console, b"\r\n")?;
                record(env, "lines", lines);
                return Ok(());
            }
            if ended {
                lines += 1;
                say(&mut console, b"\r\n")?;
                say(&mut console, &line)?;
                say(&mut console, b"\r\n> ")?;
                line.clear();
            }
        }
    }
}
