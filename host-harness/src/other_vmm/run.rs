//! A run of a guest under another VMM.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use parakit_abi::mailbox::{command_line, signal};

use super::child::{self, Ended, Listener, words};
use super::places::ConsoleEnd;
use super::{Arch, GuestImage, OtherVmm, Parts, Places, Said, VmmError};
use crate::scenario::{DeviceKind, Scenario};
use crate::vmm::End;

/// Most bytes of console input that a guest may ask for.
const MAX_INPUT: u64 = 1 << 20;
/// Lines of the debug console that stand for the VMM's last words where it wrote none of its own.
const LAST_LINES: usize = 3;

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) end: End,
    pub(crate) elapsed: Duration,
    pub(crate) said: Parts,
    /// What the guest printed on its virtio console.
    pub(crate) console: Vec<u8>,
}

/// Runs the scenario's workload with devices whose files are in `places`.
///
/// # Errors
/// [`VmmError`]: the VMM cannot be started.
pub(crate) fn run(
    vmm: &OtherVmm,
    guest: &GuestImage,
    scenario: &Scenario,
    seed: u64,
    places: &Places,
    cancelled: &AtomicBool,
    log: fn(&str),
) -> Result<Ran, VmmError> {
    let has_console = scenario.devices.iter().any(|device| matches!(device.kind, DeviceKind::Console { .. }));
    let console = has_console.then(|| ConsoleEnd::listen(&places.console())).transpose()?;
    let cmdline = cmdline(vmm, scenario, seed);
    let command = vmm.command(guest.path(), &cmdline, scenario, places)?;
    let program = command.get_program().into();
    let mut ears = Ears { said: Said::default(), console, log };
    let watched = child::run(command, scenario.deadline, cancelled, &mut ears)
        .map_err(|source| VmmError::NotStarted { program, source })?;
    let Ears { mut said, console, .. } = ears;
    said.finish(&mut |text| log(text));
    let console = console.map(ConsoleEnd::finish).unwrap_or_default();
    let (state, guests_end) = (said.state(), said.end());
    let said = said.into_parts();
    let end = match (guests_end, watched.ended) {
        (_, Ended::Cancelled) => End::Cancelled,
        (Some(end), _) => end,
        (None, Ended::Exited(status)) => {
            let words_of = if watched.last_words.is_empty() { last_lines(&said.log) } else { watched.last_words };
            End::VmmEnded { vmm: vmm.name(), how: words(status), words: words_of, state }
        }
        (None, Ended::Deadline | Ended::Lingered) => {
            End::Deadline { after: scenario.deadline, state, registers: Vec::new() }
        }
    };
    Ok(Ran { end, elapsed: watched.elapsed, said, console })
}

/// What the guest is told.
fn cmdline(vmm: &OtherVmm, scenario: &Scenario, seed: u64) -> String {
    use command_line::{PARAMS, SCENARIO, SEED, TSC_KHZ};
    let params: Vec<_> = scenario.params.iter().map(u64::to_string).collect();
    let mut text = format!("{SCENARIO}={} {PARAMS}={} {SEED}={seed:#x}", scenario.workload, params.join(","));
    if let (Arch::X86_64, Some(khz)) = (vmm.arch(), tsc_khz()) {
        text.push_str(&format!(" {TSC_KHZ}={khz}"));
    }
    let words = vmm.guest_words(scenario.bus);
    if !words.is_empty() {
        text.push(' ');
        text.push_str(words);
    }
    text
}

/// The frequency of this machine's time stamp counter in kHz, which guests see too; `None` where there is none. Measured once.
#[cfg(target_arch = "x86_64")]
fn tsc_khz() -> Option<u64> {
    static KHZ: OnceLock<Option<u64>> = OnceLock::new();
    // SAFETY: user programs may read the counter on Linux, and every x86-64 processor has it.
    let ticks = || unsafe { std::arch::x86_64::_rdtsc() };
    *KHZ.get_or_init(|| {
        let (began, before) = (Instant::now(), ticks());
        std::thread::sleep(Duration::from_millis(20));
        let (after, elapsed) = (ticks(), began.elapsed());
        let khz = u128::from(after.checked_sub(before)?) * 1_000_000 / elapsed.as_nanos();
        u64::try_from(khz).ok().filter(|khz| *khz != 0)
    })
}

/// Guests of other machines' processors are told nothing.
#[cfg(not(target_arch = "x86_64"))]
fn tsc_khz() -> Option<u64> {
    None
}

/// What hears the guest, and types at it.
struct Ears {
    said: Said,
    console: Option<ConsoleEnd>,
    log: fn(&str),
}

impl Listener for Ears {
    fn output(&mut self, bytes: &[u8]) {
        self.said.push(bytes, &mut |text| (self.log)(text));
        for (code, argument) in self.said.take_signals() {
            if let (signal::CONSOLE_INPUT, Some(console)) = (code, &mut self.console) {
                console.type_in((0..argument.min(MAX_INPUT)).map(|i| i as u8).collect());
            }
        }
    }

    fn tick(&mut self) {
        if let Some(console) = &mut self.console {
            console.tick();
        }
    }

    fn done(&self) -> bool {
        self.said.ended()
    }
}

/// The end of a log.
fn last_lines(log: &str) -> String {
    let lines: Vec<_> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join(" / ")
}
