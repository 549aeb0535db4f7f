//! Scenarios that test the kernel and the harness rather than drivers.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hint::spin_loop;
use core::sync::atomic::{AtomicU32, Ordering};

use parakit::Device;
use parakit::device::entropy::Entropy;
use parakit::transport::pci::InterruptMode;
use parakit::transport::{AnyTransport, Transport};
use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::{Value, signal};
use parakit_exercise::{Cpu, Env, Failure};

use crate::arch::{fault, interrupts as arch};
use crate::env::KernelEnv;
use crate::pci::Pci;
use crate::{time, vectors, wait};

/// Names of the self-tests.
pub const NAMES: &[&str] = &[
    "panic",
    "exception",
    "hang",
    "idle",
    "triple-fault",
    "interrupt-self-test",
    "cpus",
    "pci",
    "level",
    "message",
    "log-flood",
];

/// Runs the self-test `name`. `None` if there is none of that name.
///
/// | name | what happens |
/// |---|---|
/// | `panic` | panics |
/// | `exception` | takes the exception that parameter 0 names: 0 invalid opcode, 1 page fault at a null pointer, 2 stack overflow, 3 divide error, 4 breakpoint, 5 general protection, 6 jump to a page that is not present |
/// | `hang` | loops for ever, with interrupts on |
/// | `idle` | sleeps for ever |
/// | `triple-fault` | faults with empty interrupt tables |
/// | `interrupt-self-test` | interrupts of timer, itself and every device, awake and asleep; parameter 0: rounds, 100 if 0 |
/// | `cpus` | jobs on every CPU, interrupts from one to another and back; parameter 0: rounds, 100 if 0 |
/// | `pci` | finds the same functions through memory and through ports, and each virtio device behind its BARs; drives sources of random bytes through configuration space alone, both ways |
/// | `level` | a line interrupts again and again while the harness asserts it; parameter 0: the pin of the I/O APIC |
/// | `message` | messages that the harness sends for the guest, to each CPU in turn; parameter 0: rounds, 100 if 0 |
/// | `log-flood` | logs as many lines as parameter 0 says |
///
/// The first five happen on the CPU that parameter 1 names.
pub fn run(env: &KernelEnv, name: &str) -> Option<Result<(), Failure>> {
    let result = match name {
        "panic" | "exception" | "hang" | "idle" | "triple-fault" => {
            let (end, kind) = (End::of(name), env.param(0));
            let job = env.run_on(env.param(1) as usize, move |_| end.come(kind));
            job.and_then(|job| env.join(job)).and_then(|result| result.map_err(Failure::new))
        }
        "interrupt-self-test" => interrupts(env).map_err(Failure::new),
        "cpus" => processors(env),
        "pci" => pci(env),
        "level" => level(env),
        "message" => message(env),
        "log-flood" => {
            for line in 0..env.param(0) {
                log::info!("line {line} of the flood");
            }
            Ok(())
        }
        _ => return None,
    };
    Some(result)
}

const SURVIVED: &str = "the exception did not arrive; parameter 0 says which";

/// Ways to end a run badly.
#[derive(Clone, Copy)]
enum End {
    Panic,
    Exception,
    Hang,
    Idle,
    TripleFault,
}

impl End {
    fn of(name: &str) -> Self {
        match name {
            "panic" => Self::Panic,
            "exception" => Self::Exception,
            "hang" => Self::Hang,
            "idle" => Self::Idle,
            _ => Self::TripleFault,
        }
    }

    #[inline(never)]
    fn come(self, kind: u64) -> Result<(), &'static str> {
        match self {
            Self::Panic => panic!("the scenario asked for a panic"),
            Self::Exception => {
                fault::take(kind);
                Err(SURVIVED)
            }
            Self::Hang => loop {
                spin_loop();
            },
            Self::Idle => loop {
                arch::sleep(vectors::total());
            },
            Self::TripleFault => {
                fault::unhandled();
                Err(SURVIVED)
            }
        }
    }
}

/// A line, asserted and let go of by the harness: signal [`signal::PHASE`], with the level as its argument.
fn level(env: &KernelEnv) -> Result<(), Failure> {
    const PATIENCE: u64 = 5000;
    let vector = arch::route_level(env.param(0) as u32);
    let count = || vectors::count_here(vector);
    let fail = |what: &str| Failure::new(format!("{what}; {} interrupts", count()));
    env.signal(signal::PHASE, 1);
    // Each wait ends the interrupt that was taken before it, and the line is still asserted: it comes again.
    for expected in 1..=3 {
        if !wait::until(PATIENCE, || count() >= expected) {
            return Err(fail("a line that is asserted did not interrupt again"));
        }
    }
    env.signal(signal::PHASE, 0);
    // Ended by the wait, and the line is no longer asserted. One more may have been on its way.
    let last = count();
    wait::until(20, || false);
    if count().wrapping_sub(last) > 1 {
        return Err(fail("a line that is no longer asserted interrupted again"));
    }
    Ok(())
}

/// Messages to each CPU: the harness sends one for each signal [`signal::PHASE`], whose argument is data, and address from bit 32 on.
fn message(env: &KernelEnv) -> Result<(), Failure> {
    const PATIENCE: u64 = 10_000;
    const FIRST: u8 = 0xd0;
    let rounds = match env.param(0) {
        0 => 100,
        rounds => rounds as u32,
    };
    for round in 0..rounds {
        let (cpu, vector) = (round as usize % env.cpus(), FIRST + (round % 16) as u8);
        let before = vectors::count(vector);
        let Some((address, data)) = arch::message(cpu, vector) else {
            return Err(Failure::new("this machine takes no messages"));
        };
        let sent = Arc::new(AtomicU32::new(0));
        let theirs = Arc::clone(&sent);
        let expected = vectors::count_at(cpu, vector);
        // CPU 0 sends; the CPU that is meant waits, and sees it as its own.
        let wait = move || {
            let came = wait::until(PATIENCE, || vectors::count_here(vector) == expected.wrapping_add(1));
            (came, theirs.load(Ordering::Acquire))
        };
        let waiting = if cpu == 0 {
            None
        } else {
            Some(env.run_on(cpu, {
                let wait = wait.clone();
                move |_| wait()
            })?)
        };
        sent.store(1, Ordering::Release);
        env.signal(signal::PHASE, address << 32 | u64::from(data));
        let (came, sent) = match waiting {
            Some(job) => env.join(job)?,
            None => wait(),
        };
        if !came || sent != 1 || vectors::count(vector) != before.wrapping_add(1) {
            let count = vectors::count(vector).wrapping_sub(before);
            return Err(Failure::new(format!("round {round}: {count} messages arrived, at CPU {cpu}: {came}")));
        }
    }
    Ok(())
}

/// The PCI bus, both ways; and what the kit makes of it.
fn pci(env: &KernelEnv) -> Result<(), Failure> {
    let (memory, ports) = (Pci::list(false), Pci::list(true));
    if memory != ports {
        return Err(Failure::new(format!("through memory: {memory:?}, through ports: {ports:?}")));
    }
    env.record("functions", Value::U64(memory.len() as u64));
    for device in 0..env.devices().len() {
        let transport = env.transport(device).map_err(|e| Failure::of("transport", e))?;
        let Some(AnyTransport::Pci(transport)) = transport else {
            return Err(Failure::new(format!("device {device} is not on the PCI bus")));
        };
        let vectors = match transport.interrupt_mode() {
            InterruptMode::Intx => 0,
            InterruptMode::Msix { vectors } => vectors,
        };
        env.record("vectors", Value::U64(vectors.into()));
        let device_type = transport.device_type();
        check(device_type.0 == env.devices()[device].device_type, "a function has another type")
            .map_err(Failure::new)?;
        // The transport is not used any more.
        if device_type == DeviceType::ENTROPY {
            for ports in [false, true] {
                through_config(env, &Pci::find(ports, 0), device)?;
            }
        }
    }
    Ok(())
}

/// Takes random bytes through configuration space alone: no BAR decodes meanwhile.
fn through_config(env: &KernelEnv, bus: &Pci, device: usize) -> Result<(), Failure> {
    let transport = bus.transport_through_config(device).map_err(|e| Failure::of("transport", e))?;
    check(transport.interrupt_mode() == InterruptMode::Intx, "messages without a BAR").map_err(Failure::new)?;
    let device = Device::start(env.platform(), transport).map_err(|e| Failure::of("start", e))?;
    let mut source = Entropy::new(device).map_err(|e| Failure::of("entropy device", e))?;
    for len in [64, 1000] {
        let mut bytes = alloc::vec![0; len];
        source.fill(&mut bytes).map_err(|e| Failure::of("fill", e))?;
        let written = bytes.chunks(16).all(|part| part.iter().any(|&b| b != 0) || part.len() < 8);
        check(written, "bytes that were not written").map_err(Failure::new)?;
    }
    env.record("config_only", Value::U64(1));
    Ok(())
}

/// Jobs on every CPU, beside each other and one after another; interrupts from CPU 0 to another one and back.
fn processors(env: &KernelEnv) -> Result<(), Failure> {
    const PATIENCE: u64 = 10_000;
    let rounds = match env.param(0) {
        0 => 100,
        rounds => rounds,
    } as u32;
    env.record("cpus", Value::U64(env.cpus() as u64));

    for _ in 0..rounds {
        let jobs =
            (0..env.cpus()).map(|index| env.run_on(index, move |cpu| (cpu.index(), index, crate::arch::cpu::index())));
        for job in jobs.collect::<Result<Vec<_>, _>>()? {
            let (said, wanted, is) = env.join(job)?;
            check(said == wanted && is == wanted, "a job ran on another CPU").map_err(Failure::new)?;
        }
    }

    // Two jobs that need each other run beside each other.
    for other in 1..env.cpus() {
        let turn = Arc::new(AtomicU32::new(0));
        let theirs = Arc::clone(&turn);
        let job = env.run_on(other, move |_| {
            (0..rounds).all(|round| {
                let came = wait::until(PATIENCE, || vectors::count_here(vectors::PING) > round);
                theirs.fetch_add(1, Ordering::AcqRel);
                arch::interrupt(0, vectors::PING);
                came
            })
        })?;
        let before = vectors::count_here(vectors::PING);
        let start = time::ticks();
        for round in 0..rounds {
            arch::interrupt(other, vectors::PING);
            let back = wait::until(PATIENCE, || vectors::count_here(vectors::PING).wrapping_sub(before) > round);
            check(back, "an interrupt from another CPU did not arrive").map_err(Failure::new)?;
            check(turn.load(Ordering::Acquire) == round + 1, "an interrupt came before its time")
                .map_err(Failure::new)?;
        }
        env.record("ping_pong_ns", Value::U64(time::ns_of(time::ticks() - start) / u64::from(rounds)));
        check(env.join(job)?, "an interrupt of CPU 0 did not arrive").map_err(Failure::new)?;
    }

    let none = env.run_on(env.cpus(), |_| ());
    if none.is_ok() { Err(Failure::new("a CPU took a job that is not there")) } else { Ok(()) }
}

fn check(condition: bool, otherwise: &'static str) -> Result<(), &'static str> {
    condition.then_some(()).ok_or(otherwise)
}

fn interrupts(env: &KernelEnv) -> Result<(), &'static str> {
    /// Far longer than any interrupt takes, in milliseconds.
    const PATIENCE: u64 = 5000;
    let rounds = match env.param(0) {
        0 => 100,
        rounds => rounds,
    };

    // A timeout ends, and not before its time.
    let start = time::ticks();
    check(!wait::until(3, || false), "a wait for nothing came to an end")?;
    check(time::ticks() - start >= time::ticks_in_ms(3), "a timeout came early")?;
    check(vectors::count(vectors::TIMER) != 0, "the timer has not interrupted")?;

    // To itself, awake: taken before the next look at the latest.
    let before = vectors::count(vectors::OWN);
    for round in 1..=rounds as u32 {
        arch::interrupt_self(vectors::OWN);
        check(
            wait::until(PATIENCE, || vectors::count(vectors::OWN) == before.wrapping_add(round)),
            "an interrupt to itself did not arrive exactly once",
        )?;
    }

    // An interrupt that came after the look, but before the halt, ends the sleep.
    for _ in 0..rounds {
        let seen = vectors::total();
        arch::interrupt_self(vectors::OWN);
        arch::sleep(seen);
        check(vectors::total() != seen, "a sleep ended without an interrupt")?;
    }

    // Asleep: the timer interrupts inside the halt.
    let start = time::ticks();
    for _ in 0..rounds {
        let seen = vectors::count(vectors::TIMER);
        let total = vectors::total();
        arch::set_timer(20_000);
        while vectors::count(vectors::TIMER) == seen {
            arch::sleep(total);
            check(vectors::total() != total, "a sleep ended without an interrupt")?;
        }
    }
    let slept = time::ns_of(time::ticks() - start) / rounds;
    env.record("timer_wake_ns", Value::U64(slept));

    // Every device, through the harness. Where there is none, nobody could raise them.
    let devices = if env.has_harness() { env.devices().len() } else { 0 };
    for device in 0..devices {
        for _ in 0..rounds.min(100) {
            let seen = env.interrupts(device);
            env.signal(signal::SPURIOUS_INTERRUPT, device as u64);
            check(env.wait_interrupt(device, seen, PATIENCE), "a device's interrupt did not arrive")?;
        }
    }
    Ok(())
}
