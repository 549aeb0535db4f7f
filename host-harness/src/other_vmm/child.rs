//! A VMM as a child process: what it says is read as it comes, it is ended at the deadline, and it never outlives the harness.

use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::vmm::printable;

/// How often a silent child is looked after.
const TICK: Duration = Duration::from_millis(5);
/// How long a VMM may go on after the guest has said how its scenario ended, or after it has closed its output.
const GRACE: Duration = Duration::from_secs(2);
/// Bytes of standard error that are kept, the last ones.
const LAST: usize = 2048;
/// Bytes that are read at a time.
const PIECE: usize = 16 << 10;
/// Pieces that wait; the child waits when there are more.
const WAITING: usize = 16;

/// What the output of a child goes to.
pub(super) trait Listener {
    /// The child wrote this to standard output.
    fn output(&mut self, bytes: &[u8]);
    /// Time passes.
    fn tick(&mut self);
    /// Nothing more is expected of the child.
    fn done(&self) -> bool;
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself.
    Exited(ExitStatus),
    /// It did not within its time.
    Deadline,
    /// It did not although nothing more was expected of it; it was ended.
    Lingered,
    /// The user wanted it.
    Cancelled,
}

/// A child that was run to its end.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) ended: Ended,
    pub(super) elapsed: Duration,
    /// The end of what it wrote to standard error.
    pub(super) last_words: String,
}

/// Runs `command` until it ends, or `deadline` is over, or `cancelled` is set.
///
/// # Errors
/// It does not start.
pub(super) fn run(
    mut command: Command,
    deadline: Duration,
    cancelled: &AtomicBool,
    listener: &mut dyn Listener,
) -> io::Result<Watched> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, so that what it starts ends with it, and ctrl-C reaches it through the harness alone.
    command.process_group(0);
    // SAFETY: between fork and exec only `prctl` is called, which is safe to call there.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        });
    }
    let started = Instant::now();
    let mut running = Running(command.spawn()?);
    let (sender, pieces) = sync_channel(WAITING);
    let last = Arc::new(Mutex::new(Vec::new()));
    if let Some(out) = running.0.stdout.take() {
        thread::Builder::new().name("vmm-out".into()).spawn(move || pass_on(out, &sender))?;
    }
    let errors = match running.0.stderr.take() {
        Some(errors) => {
            let last = Arc::clone(&last);
            Some(thread::Builder::new().name("vmm-err".into()).spawn(move || keep_last(errors, &last))?)
        }
        None => None,
    };
    let ended = follow(&running, &pieces, started + deadline, cancelled, listener)?;
    let elapsed = started.elapsed();
    let status = running.end()?;
    let ended = ended.unwrap_or(Ended::Exited(status));
    drain(&pieces, listener);
    // The rest of its words is on its way, unless somebody else holds the other end.
    let until = Instant::now() + GRACE;
    while errors.as_ref().is_some_and(|thread| !thread.is_finished()) && Instant::now() < until {
        thread::sleep(TICK);
    }
    let last_words = printable(&last.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Watched { ended, elapsed, last_words: last_words.trim().to_owned() })
}

/// Follows the child to its end; `None` when it has ended by itself.
fn follow(
    running: &Running,
    pieces: &Receiver<Vec<u8>>,
    deadline: Instant,
    cancelled: &AtomicBool,
    listener: &mut dyn Listener,
) -> io::Result<Option<Ended>> {
    let mut closed = false;
    let mut over: Option<Instant> = None;
    loop {
        if closed {
            thread::sleep(TICK);
        } else {
            match pieces.recv_timeout(TICK) {
                Ok(piece) => listener.output(&piece),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => closed = true,
            }
        }
        listener.tick();
        if running.has_ended()? {
            return Ok(None);
        }
        if cancelled.load(Ordering::Relaxed) {
            return Ok(Some(Ended::Cancelled));
        }
        let now = Instant::now();
        if listener.done() && now >= *over.get_or_insert(now) + GRACE {
            return Ok(Some(Ended::Lingered));
        }
        if now >= deadline {
            return Ok(Some(if listener.done() { Ended::Lingered } else { Ended::Deadline }));
        }
    }
}

/// Takes what the child had written when it ended; not for long, since somebody else may hold the other end, too.
fn drain(pieces: &Receiver<Vec<u8>>, listener: &mut dyn Listener) {
    let until = Instant::now() + GRACE;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        match pieces.recv_timeout(left) {
            Ok(piece) => listener.output(&piece),
            Err(_) => return,
        }
    }
}

/// Passes on what comes, a piece at a time.
fn pass_on(mut from: impl Read, to: &SyncSender<Vec<u8>>) {
    loop {
        let mut piece = vec![0; PIECE];
        match from.read(&mut piece) {
            Ok(0) => return,
            Ok(count) => {
                piece.truncate(count);
                if to.send(piece).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Keeps the end of what comes.
fn keep_last(mut from: impl Read, last: &Mutex<Vec<u8>>) {
    let mut piece = [0; 1024];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return,
            Ok(count) => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                last.extend_from_slice(&piece[..count]);
                let surplus = last.len().saturating_sub(LAST);
                last.drain(..surplus);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// A child that is ended, with all that it started, when this is dropped.
struct Running(Child);

impl Running {
    /// Whether it has ended by itself. It keeps its number until [`Running::end`].
    fn has_ended(&self) -> io::Result<bool> {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: the call writes to `info` at most, which has room for it.
        if unsafe { libc::waitid(libc::P_PID, self.0.id(), info.as_mut_ptr(), options) } != 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the structure is of integers, and was zeroed; the call leaves the process 0 where none has ended.
        Ok(unsafe { info.assume_init().si_pid() } != 0)
    }

    /// Ends it, and whatever is left of its group; its status.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Ok(pid) = i32::try_from(self.0.id()) {
            // SAFETY: a signal to the group of a child that was not waited for yet, so that nobody else has its number.
            unsafe { libc::kill(-pid, libc::SIGKILL) };
        }
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once it was waited for, its number may be another's, and `wait` only repeats the status.
        if self.has_ended().is_ok() {
            // Nothing is left to do about a child that cannot be waited for.
            let _ = self.end();
        }
    }
}

/// How a process ended, in words: its exit status, or the signal that ended it.
pub(super) fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Keeps {
        bytes: usize,
        end: Vec<u8>,
        until: Option<&'static [u8]>,
    }

    impl Listener for Keeps {
        fn output(&mut self, bytes: &[u8]) {
            self.bytes += bytes.len();
            self.end = bytes.to_vec();
        }

        fn tick(&mut self) {}

        fn done(&self) -> bool {
            self.until.is_some_and(|text| self.end.ends_with(text))
        }
    }

    fn shell(script: &str, deadline: Duration, keeps: &mut Keeps) -> Watched {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        run(command, deadline, &AtomicBool::new(false), keeps).unwrap()
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn an_end_of_its_own_is_told_with_its_last_words() {
        let mut keeps = Keeps::default();
        let watched = shell("echo out; echo 'no such\x1b device' >&2; exit 3", LONG, &mut keeps);
        assert!(matches!(watched.ended, Ended::Exited(status) if words(status) == "exit status 3"));
        assert_eq!((watched.last_words.as_str(), &*keeps.end), ("no such\u{fffd} device", &b"out\n"[..]));
    }

    #[test]
    fn the_deadline_is_kept_whatever_the_child_writes() {
        for script in
            ["sleep 1000", "while :; do echo flood; done", "exec >&- 2>&-; sleep 1000", "trap '' TERM INT; sleep 1000"]
        {
            let before = Instant::now();
            let watched = shell(script, Duration::from_millis(300), &mut Keeps::default());
            assert_eq!(watched.ended, Ended::Deadline, "{script}");
            assert!(before.elapsed() < LONG, "{script}");
        }
    }

    #[test]
    fn what_the_child_started_ends_with_it() {
        let mut keeps = Keeps { until: Some(b"done\n"), ..Keeps::default() };
        let watched = shell("sleep 1000 & echo $! done; wait", LONG, &mut keeps);
        assert_eq!(watched.ended, Ended::Lingered);
        let pid: i32 = String::from_utf8(keeps.end).unwrap().split(' ').next().unwrap().parse().unwrap();
        // Gone, or dead and not yet waited for.
        let gone = || match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat) => stat.contains(") Z "),
            Err(_) => true,
        };
        let until = Instant::now() + LONG;
        while !gone() {
            assert!(Instant::now() < until, "process {pid} is alive");
            thread::sleep(TICK);
        }
    }

    #[test]
    fn the_user_ends_it() {
        let mut command = Command::new("/bin/sleep");
        command.arg("1000");
        let watched = run(command, LONG, &AtomicBool::new(true), &mut Keeps::default()).unwrap();
        assert_eq!(watched.ended, Ended::Cancelled);
    }

    #[test]
    fn a_program_that_is_not_there_does_not_start() {
        let error = run(Command::new("/nonexistent/vmm"), LONG, &AtomicBool::new(false), &mut Keeps::default());
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
