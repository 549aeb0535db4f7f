//! The supervisor of running vCPUs: passes on their signals and their log, and ends them when one of them comes to its end, at the
//! deadline, or when the user says so.
//!
//! It runs on the thread that called [`super::Machine::run`], so that hooks need not be shared between threads; each vCPU has a
//! thread of its own and cannot keep this one from looking at the clock.

use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use parakit_abi::boot::exit;
use parakit_abi::mailbox::state;

use super::error::KvmError;
use super::log::Log;
use super::machine::Hooks;
use super::mailbox::Mailbox;
use super::outcome::End;
use super::pc::{Pc, PcEnd};
use super::registers::Registers;
use super::vcpu::{Debug, Message, RawEnd, VcpuParts, VcpuThread};
use crate::transport::device::Health;

/// How often the log is drained and the user's wish looked at.
const TICK: Duration = Duration::from_millis(5);
/// Between two attempts to stop a vCPU.
const KICK: Duration = Duration::from_millis(2);
/// A vCPU that was kicked for so long and did not stop never will.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why the supervisor wants the vCPUs to stop.
enum Reason {
    Deadline,
    Cancelled,
    /// The thread of a device came to its end, for this reason.
    Device(String),
    /// One of them came to its end; without a reason if its thread panicked.
    Ended(Option<Box<RawEnd>>),
}

/// What a guest talks to beside its devices.
pub(super) enum Peer<'a> {
    /// Parakit's own kernel.
    Mailbox(&'a mut Mailbox),
    /// Any other.
    Pc(&'a Pc),
}

impl Peer<'_> {
    fn take_log(&mut self) -> Vec<u8> {
        match self {
            Self::Mailbox(mailbox) => mailbox.take_log(),
            Self::Pc(pc) => pc.take_output(),
        }
    }

    /// Passes on what is typed to a guest that has a serial port.
    fn feed(&self, hooks: &mut dyn Hooks) {
        if let Self::Pc(pc) = self
            && pc.wants_input()
        {
            let input = hooks.input();
            if !input.is_empty() {
                pc.feed(&input);
            }
        }
    }

    /// Answers a signal, which a foreign kernel has no way to send.
    fn signal(&mut self, code: u32, hooks: &mut dyn Hooks) {
        if let Self::Mailbox(mailbox) = self {
            mailbox.answer_signal(hooks.signal(code, mailbox.signal_argument()));
        }
    }
}

/// The running vCPUs of a machine.
pub(super) struct Vcpus {
    threads: Vec<VcpuThread>,
    messages: Receiver<(u16, Message)>,
    debug: Debug,
    devices: Vec<Health>,
}

impl Vcpus {
    /// Starts them, in the order of their numbers, for a machine with such devices.
    pub(super) fn start(parts: impl IntoIterator<Item = VcpuParts>, devices: Vec<Health>) -> Result<Self, KvmError> {
        let (sender, messages) = channel();
        let debug = Debug::default();
        let spawn = |parts| VcpuThread::spawn(parts, sender.clone(), debug.clone());
        let threads = parts.into_iter().map(spawn).collect::<Result<_, _>>()?;
        Ok(Self { threads, messages, debug, devices })
    }

    fn kick(&self) {
        self.threads.iter().for_each(VcpuThread::kick);
    }

    /// Waits for the ends of all threads, which have said that they come; what the first that panicked said.
    fn join(&mut self) -> Result<(), String> {
        self.threads.iter_mut().map(VcpuThread::join).fold(Ok(()), Result::and)
    }

    /// Passes on what the guest logged.
    fn drain(&self, peer: &mut Peer<'_>, log: &mut Log, hooks: &mut dyn Hooks) {
        let debug = std::mem::take(&mut *self.debug.lock().unwrap_or_else(PoisonError::into_inner));
        for bytes in [debug, peer.take_log()] {
            if !bytes.is_empty() {
                log.push(&bytes, &mut |text| hooks.log(text));
            }
        }
    }
}

/// Sees the vCPUs to their end: what ends one of them ends the run.
pub(super) fn supervise(
    mut vcpus: Vcpus,
    peer: &mut Peer<'_>,
    log: &mut Log,
    hooks: &mut dyn Hooks,
    started: Instant,
    limit: Duration,
) -> End {
    let mut stopping: Option<(Reason, Instant)> = None;
    let mut running = vcpus.threads.len();
    // Where those were that stopped because they were told to.
    let mut stopped = Vec::new();
    while running > 0 {
        if stopping.is_none() {
            let reason = if let Some(fault) = vcpus.devices.iter().find_map(Health::fault) {
                Some(Reason::Device(fault.to_owned()))
            } else if hooks.cancelled() {
                Some(Reason::Cancelled)
            } else if started.elapsed() >= limit {
                Some(Reason::Deadline)
            } else {
                None
            };
            stopping = reason.map(|r| (r, Instant::now()));
        }
        let wait = match stopping {
            Some((_, since)) if since.elapsed() > PATIENCE => {
                // Threads are left behind, with all that they use.
                return End::HarnessFault(format!(
                    "{running} of {} vCPUs could not be stopped within {PATIENCE:?}; its thread was left behind",
                    vcpus.threads.len()
                ));
            }
            Some(_) => {
                vcpus.kick();
                KICK
            }
            None => TICK.min(limit.saturating_sub(started.elapsed())),
        };
        let message = vcpus.messages.recv_timeout(wait);
        vcpus.drain(peer, log, hooks);
        peer.feed(hooks);
        match message {
            Ok((_, Message::Ended(end))) => {
                running -= 1;
                if let Some(RawEnd::Stopped(registers)) = end.as_deref() {
                    stopped.extend(registers.clone());
                } else if !matches!(stopping, Some((Reason::Ended(_), _))) {
                    // The first end is the one that counts, also if the run was about to be ended.
                    stopping = Some((Reason::Ended(end), Instant::now()));
                }
            }
            Ok((cpu, Message::Signal(code))) => {
                peer.signal(code, hooks);
                if let Some(thread) = vcpus.threads.get(usize::from(cpu)) {
                    // The thread is gone only if it panicked, and then it said so.
                    let _ = thread.replies.send(0);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            // Each thread has a sender, and says something before it goes.
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    if let Err(what) = vcpus.join() {
        return End::HarnessFault(what);
    }
    stopped.sort_by_key(|registers: &Registers| registers.cpu);
    match stopping.map(|(reason, _)| reason) {
        Some(Reason::Deadline) => match peer {
            Peer::Mailbox(mailbox) => End::Deadline { after: limit, state: mailbox.state(), registers: stopped },
            Peer::Pc(_) => End::TimeUp,
        },
        Some(Reason::Cancelled) => End::Cancelled,
        Some(Reason::Device(fault)) => End::HarnessFault(fault),
        Some(Reason::Ended(Some(raw))) => conclude(*raw, peer),
        Some(Reason::Ended(None)) => End::HarnessFault("a vCPU's thread ended without a report".into()),
        None => End::HarnessFault("the vCPUs stopped and nobody had told them to".into()),
    }
}

/// The verdict: how the vCPU ended, and what the mailbox says.
fn conclude(raw: RawEnd, peer: &Peer<'_>) -> End {
    match raw {
        RawEnd::Stopped(_) => End::HarnessFault("a vCPU stopped and nobody had told it to".into()),
        RawEnd::ExitPort(code) => match peer {
            Peer::Mailbox(mailbox) => verdict(code, mailbox),
            Peer::Pc(_) => End::Exited(code),
        },
        RawEnd::Pc(PcEnd::Exit(code)) => End::Exited(code),
        RawEnd::Pc(PcEnd::Reset) => End::Reset,
        RawEnd::Pc(PcEnd::PowerOff) => End::PowerOff,
        RawEnd::Shutdown(registers) => End::TripleFault(registers),
        RawEnd::Internal(error) => End::InternalError(error),
        RawEnd::FailEntry { reason, cpu, registers } => End::FailedEntry { reason, cpu, registers },
        RawEnd::Fault(what) => End::HarnessFault(what),
        RawEnd::Other { what, registers } => End::UnexpectedExit { what, registers },
    }
}

/// What the exit port and the mailbox say together.
fn verdict(code: u32, mailbox: &Mailbox) -> End {
    let state = mailbox.state();
    match (u8::try_from(code), state) {
        (Ok(exit::DONE), state::PASSED) => End::Passed,
        (Ok(exit::DONE), state::FAILED) => End::Failed(mailbox.message()),
        (Ok(exit::DONE), state::UNKNOWN_SCENARIO) => End::UnknownScenario,
        (Ok(exit::PANIC), _) => End::Panicked(mailbox.message()),
        (Ok(exit::EXCEPTION), _) => End::Exception(mailbox.message()),
        _ => End::NoVerdict { code, state },
    }
}
