//! How a run ended, and what it cost.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parakit_abi::mailbox::Record;

use super::fault::InternalError;
use super::mailbox::Evidence;
use super::registers::Registers;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The scenario finished as it should.
    Passed,
    /// The scenario failed; why, in the guest's words.
    Failed(String),
    /// The guest knows no scenario of that name.
    UnknownScenario,
    /// The kernel panicked; its message.
    Panicked(String),
    /// The kernel took an exception; its report.
    Exception(String),
    /// The guest ended the run and left no verdict in the mailbox.
    NoVerdict {
        /// What it wrote to the exit port.
        code: u32,
        /// What the mailbox says about the state of the scenario ([`parakit_abi::mailbox::state`]).
        state: u32,
    },
    /// A triple fault: the guest could not even report its exception.
    TripleFault(Option<Registers>),
    /// KVM gave up.
    InternalError(InternalError),
    /// The CPU refused to enter the guest.
    FailedEntry {
        /// The hardware's reason.
        reason: u64,
        /// The host CPU.
        cpu: u32,
        /// What the vCPU held.
        registers: Option<Registers>,
    },
    /// The guest did not finish in time.
    Deadline {
        /// The time it was given.
        after: Duration,
        /// What the mailbox says about the state of the scenario.
        state: u32,
        /// Where its CPUs were, as far as that could be had.
        registers: Vec<Registers>,
    },
    /// The user ended the run.
    Cancelled,
    /// The time that a foreign kernel was to run is over: how a kernel that never ends by itself ends.
    TimeUp,
    /// The VMM that drove the devices over vhost-user has closed its connections.
    Disconnected {
        /// Queues that it had not stopped, as in `queue 0 of block0`.
        running: Vec<String>,
    },
    /// A foreign kernel wrote this value to the exit port.
    Exited(u32),
    /// A foreign kernel restarted its machine, which ends the run.
    Reset,
    /// A foreign kernel switched its machine off.
    PowerOff,
    /// Another VMM ended before the guest had said how its scenario went.
    VmmEnded {
        /// Its name.
        vmm: String,
        /// How its process ended.
        how: String,
        /// The last that it said, or what came last on the debug console; empty if there was nothing.
        words: String,
        /// How far the guest had come ([`parakit_abi::mailbox::state`]).
        state: u32,
    },
    /// An exit that the harness has no use for.
    UnexpectedExit {
        /// Its name and values.
        what: String,
        /// Where.
        registers: Option<Registers>,
    },
    /// Something in the harness went wrong, and not in the guest.
    HarnessFault(String),
}

impl End {
    /// Whether the scenario finished as it should.
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self, Self::Passed)
    }

    /// Whether a foreign kernel or VMM came to an end that is no fault of its own: its time was up, it ended, restarted or switched off its
    /// machine, closed its connections, or the user ended the run.
    #[must_use]
    pub fn orderly(&self) -> bool {
        matches!(
            self,
            Self::TimeUp | Self::Disconnected { .. } | Self::Exited(_) | Self::Reset | Self::PowerOff | Self::Cancelled
        )
    }

    /// What the vCPU held at the end, where the harness looked; the first of several.
    #[must_use]
    pub fn registers(&self) -> Option<&Registers> {
        match self {
            Self::TripleFault(registers)
            | Self::FailedEntry { registers, .. }
            | Self::UnexpectedExit { registers, .. } => registers.as_ref(),
            Self::Deadline { registers, .. } => registers.first(),
            Self::InternalError(error) => error.registers.as_ref(),
            _ => None,
        }
    }

    pub(super) fn registers_mut(&mut self) -> &mut [Registers] {
        match self {
            Self::TripleFault(registers)
            | Self::FailedEntry { registers, .. }
            | Self::UnexpectedExit { registers, .. } => registers.as_mut_slice(),
            Self::Deadline { registers, .. } => registers,
            Self::InternalError(error) => error.registers.as_mut_slice(),
            _ => &mut [],
        }
    }

    /// One or two words for a table.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::UnknownScenario => "unknown scenario",
            Self::Panicked(_) => "panic",
            Self::Exception(_) => "exception",
            Self::NoVerdict { .. } => "no verdict",
            Self::TripleFault(_) => "triple fault",
            Self::InternalError(_) => "internal error",
            Self::FailedEntry { .. } => "failed entry",
            Self::Deadline { .. } => "deadline",
            Self::Cancelled => "cancelled",
            Self::TimeUp => "time up",
            Self::Disconnected { .. } => "disconnected",
            Self::Exited(_) => "exited",
            Self::Reset => "reset",
            Self::PowerOff => "power off",
            Self::VmmEnded { .. } => "VMM ended",
            Self::UnexpectedExit { .. } => "unexpected exit",
            Self::HarnessFault(_) => "harness fault",
        }
    }
}

impl fmt::Display for End {
    /// The first line says what happened; registers follow where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let registers: &[Registers] = match self {
            Self::Passed => return write!(f, "passed"),
            Self::Failed(why) => return write!(f, "the scenario failed: {why}"),
            Self::UnknownScenario => return write!(f, "the guest knows no scenario of that name"),
            Self::Panicked(message) => return write!(f, "the guest kernel panicked: {message}"),
            Self::Exception(report) => return write!(f, "the guest kernel took an exception: {report}"),
            Self::InternalError(error) => return write!(f, "{error}"),
            Self::Cancelled => return write!(f, "cancelled"),
            Self::TimeUp => return write!(f, "the guest ran for its time"),
            Self::Disconnected { running } => {
                write!(f, "the front end disconnected")?;
                return match running.as_slice() {
                    [] => Ok(()),
                    running => write!(
                        f,
                        " and left {} running: it was killed, or did not stop what it had started",
                        running.join(", ")
                    ),
                };
            }
            Self::Exited(value) => return write!(f, "the guest ended the run by writing {value} to the exit port"),
            Self::Reset => return write!(f, "the guest restarted its machine"),
            Self::PowerOff => return write!(f, "the guest switched its machine off"),
            Self::HarnessFault(what) => return write!(f, "fault in the harness: {what}"),
            Self::VmmEnded { vmm, how, words, state } => {
                let reached = state_name(*state);
                write!(f, "{vmm} ended with {how} before the guest said how the scenario went ({reached}); ")?;
                return match words.as_str() {
                    "" => write!(f, "it said nothing"),
                    words => write!(f, "its last words: {words}"),
                };
            }
            Self::NoVerdict { code, state } => {
                return write!(
                    f,
                    "the guest ended the run with exit code {code} and no verdict ({})",
                    state_name(*state)
                );
            }
            Self::TripleFault(registers) => {
                write!(f, "the guest triple-faulted")?;
                registers.as_slice()
            }
            Self::FailedEntry { reason, cpu, registers } => {
                write!(f, "CPU {cpu} refused to enter the guest, hardware reason {reason:#x}")?;
                registers.as_slice()
            }
            Self::Deadline { after, state, registers } => {
                write!(f, "the guest did not finish within {after:?} ({})", state_name(*state))?;
                registers
            }
            Self::UnexpectedExit { what, registers } => {
                write!(f, "KVM left the guest in a way that the harness does not know: {what}")?;
                registers.as_slice()
            }
        };
        registers.iter().try_for_each(|r| write!(f, "\n{r}"))
    }
}

fn state_name(state: u32) -> String {
    use parakit_abi::mailbox::state;
    match state {
        state::STARTING => "it had not reached the scenario".into(),
        state::RUNNING => "the scenario was running".into(),
        state::PASSED => "the scenario had passed".into(),
        state::FAILED => "the scenario had failed".into(),
        state::PANICKED => "it had panicked".into(),
        state::EXCEPTION => "it had taken an exception".into(),
        other => format!("the mailbox says state {other}"),
    }
}

/// Exits to the harness, by kind. A notification that a doorbell took is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitCounts {
    /// Reads from a device's registers.
    pub mmio_read: u64,
    /// Writes to a device's registers.
    pub mmio_write: u64,
    /// Accesses to addresses where nothing is.
    pub unclaimed: u64,
    /// Port accesses, signals and the debug console apart.
    pub io: u64,
    /// Signals to the harness.
    pub signal: u64,
    /// Writes to the debug console.
    pub debug: u64,
    /// The CPU halted and the harness was told (only without an in-kernel interrupt controller).
    pub hlt: u64,
    /// KVM returned because a host signal came; the guest did nothing to cause it.
    pub interrupted: u64,
    /// Everything else.
    pub other: u64,
}

impl ExitCounts {
    /// All exits that the guest caused (all but [`ExitCounts::interrupted`]).
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { mmio_read, mmio_write, unclaimed, io, signal, debug, hlt, interrupted: _, other } = self;
        mmio_read + mmio_write + unclaimed + io + signal + debug + hlt + other
    }
}

/// Kinds of exits, as [`ExitCounter`] counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExitKind {
    MmioRead,
    MmioWrite,
    Unclaimed,
    Io,
    Signal,
    Debug,
    Hlt,
    Interrupted,
    Other,
}

/// Counts exits while a machine runs; a hook can look at any time, so that a part of a run can be counted.
#[derive(Clone, Debug, Default)]
pub struct ExitCounter(Arc<[AtomicU64; 9]>);

impl ExitCounter {
    pub(super) fn count(&self, kind: ExitKind) {
        // Statistics: nothing is ordered by them. A signal's answer comes through a channel, which orders the counts before it.
        self.0[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// The counts up to now.
    #[must_use]
    pub fn snapshot(&self) -> ExitCounts {
        let at = |kind: ExitKind| self.0[kind as usize].load(Ordering::Relaxed);
        ExitCounts {
            mmio_read: at(ExitKind::MmioRead),
            mmio_write: at(ExitKind::MmioWrite),
            unclaimed: at(ExitKind::Unclaimed),
            io: at(ExitKind::Io),
            signal: at(ExitKind::Signal),
            debug: at(ExitKind::Debug),
            hlt: at(ExitKind::Hlt),
            interrupted: at(ExitKind::Interrupted),
            other: at(ExitKind::Other),
        }
    }
}

/// What a run was.
#[derive(Clone, Debug)]
pub struct MachineReport {
    /// How it ended.
    pub end: End,
    /// Exits to the harness.
    pub exits: ExitCounts,
    /// Values that the guest reported, in its order.
    pub records: Vec<Record>,
    /// Records that made no sense and were left out.
    pub bad_records: u32,
    /// What its probes saw of rules that a device broke.
    pub evidence: Vec<Evidence>,
    /// All that the guest logged, up to 1 MiB; control characters are replaced.
    pub log: String,
    /// From the first entry into the guest to its first virtqueue operation; `None` if there was none.
    pub boot_to_first_queue: Option<Duration>,
    /// From the first entry into the guest to its end.
    pub elapsed: Duration,
    /// What building the machine took before that.
    pub setup: Duration,
}
