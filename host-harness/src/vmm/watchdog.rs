//! The supervisor of a running vCPU: passes on its signals and its log, and ends it at the deadline or when the user says so.
//!
//! It runs on the thread that called [`super::Machine::run`], so that hooks need not be shared between threads; the vCPU has a
//! thread of its own and cannot keep this one from looking at the clock.

use std::sync::PoisonError;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use parakit_abi::boot::exit;
use parakit_abi::mailbox::state;

use super::log::Log;
use super::machine::Hooks;
use super::mailbox::Mailbox;
use super::outcome::End;
use super::vcpu::{Message, RawEnd, VcpuThread};

/// How often the log is drained and the user's wish looked at.
const TICK: Duration = Duration::from_millis(5);
/// Between two attempts to stop a vCPU.
const KICK: Duration = Duration::from_millis(2);
/// A vCPU that was kicked for so long and did not stop never will.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why the supervisor wants the vCPU to stop.
#[derive(Clone, Copy)]
enum Reason {
    Deadline,
    Cancelled,
}

/// Sees the vCPU to its end.
pub(super) fn supervise(
    thread: VcpuThread,
    mailbox: &mut Mailbox,
    log: &mut Log,
    hooks: &mut dyn Hooks,
    started: Instant,
    limit: Duration,
) -> End {
    let mut stopping: Option<(Reason, Instant)> = None;
    let raw = loop {
        if stopping.is_none() {
            let reason = if hooks.cancelled() {
                Some(Reason::Cancelled)
            } else if started.elapsed() >= limit {
                Some(Reason::Deadline)
            } else {
                None
            };
            stopping = reason.map(|r| (r, Instant::now()));
        }
        let wait = match stopping {
            Some((_, since)) if since.elapsed() > PATIENCE => break None,
            Some(_) => {
                thread.kick();
                KICK
            }
            None => TICK.min(limit.saturating_sub(started.elapsed())),
        };
        let message = thread.messages.recv_timeout(wait);
        drain(&thread, mailbox, log, hooks);
        match message {
            Ok(Message::Ended(raw)) => break Some(raw),
            Ok(Message::Signal(code)) => {
                mailbox.answer_signal(hooks.signal(code, mailbox.signal_argument()));
                // The thread is gone only if it panicked; the next receive says so.
                let _ = thread.replies.send(0);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // It went without a word: it panicked, in a device's code.
            Err(RecvTimeoutError::Disconnected) => {
                let what = thread.join().err().unwrap_or_else(|| "the vCPU's thread ended without a report".into());
                return End::HarnessFault(what);
            }
        }
    };
    let Some(raw) = raw else {
        // The thread is left behind, with all that it uses.
        return End::HarnessFault(format!(
            "the vCPU could not be stopped within {PATIENCE:?}; its thread was left behind"
        ));
    };
    if let Err(what) = thread.join() {
        return End::HarnessFault(what);
    }
    conclude(*raw, stopping.map(|(reason, _)| reason), mailbox, limit)
}

/// Passes on what the guest logged.
fn drain(thread: &VcpuThread, mailbox: &mut Mailbox, log: &mut Log, hooks: &mut dyn Hooks) {
    let debug = std::mem::take(&mut *thread.debug.lock().unwrap_or_else(PoisonError::into_inner));
    for bytes in [debug, mailbox.take_log()] {
        if !bytes.is_empty() {
            log.push(&bytes, &mut |text| hooks.log(text));
        }
    }
}

/// The verdict: how the vCPU ended, and what the mailbox says.
fn conclude(raw: RawEnd, reason: Option<Reason>, mailbox: &Mailbox, limit: Duration) -> End {
    let state = mailbox.state();
    match raw {
        RawEnd::Stopped(registers) => match reason {
            Some(Reason::Deadline) => End::Deadline { after: limit, state, registers },
            Some(Reason::Cancelled) => End::Cancelled,
            None => End::HarnessFault("the vCPU stopped and nobody had told it to".into()),
        },
        RawEnd::ExitPort(code) => match (u8::try_from(code), state) {
            (Ok(exit::DONE), state::PASSED) => End::Passed,
            (Ok(exit::DONE), state::FAILED) => End::Failed(mailbox.message()),
            (Ok(exit::DONE), state::UNKNOWN_SCENARIO) => End::UnknownScenario,
            (Ok(exit::PANIC), _) => End::Panicked(mailbox.message()),
            (Ok(exit::EXCEPTION), _) => End::Exception(mailbox.message()),
            _ => End::NoVerdict { code, state },
        },
        RawEnd::Shutdown(registers) => End::TripleFault(registers),
        RawEnd::Internal(error) => End::InternalError(error),
        RawEnd::FailEntry { reason, cpu, registers } => End::FailedEntry { reason, cpu, registers },
        RawEnd::Other { what, registers } => End::UnexpectedExit { what, registers },
    }
}
