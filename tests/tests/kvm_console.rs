//! `--console`: a guest whose console is the user's terminal, which is given back whatever happens. On KVM, through the built command.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Stdio};

use parakit_tests::command::{Ran, harness, kvm_or_left_out};

#[test]
fn kvm_lines_typed_into_a_pipe_come_back() {
    if !kvm_or_left_out("kvm_lines_typed_into_a_pipe_come_back") {
        return;
    }
    let mut child = harness(&["--backend", "kvm", "--console"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The end of the input ends the guest.
    child.stdin.take().unwrap().write_all(b"good morning\n").unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    ran.assert_success();
    assert_eq!(ran.stdout.matches("good morning").count(), 2, "typed, and said again: {ran:#?}");
}

/// A terminal: the side that a user sits at, and the harness at the other side of it.
struct Terminal {
    user: File,
    child: Child,
    /// Kept open, so that the settings outlive the harness.
    program: OwnedFd,
}

fn terminal() -> Terminal {
    let (mut user, mut program) = (-1, -1);
    let null = std::ptr::null_mut();
    // SAFETY: both descriptors have a place to go to; the rest may be null.
    let made = unsafe { libc::openpty(&mut user, &mut program, null, null.cast(), null.cast()) };
    assert_eq!(made, 0, "a terminal can be made");
    // SAFETY: the call succeeded, so both are open and nobody else's.
    let (user, program) = unsafe { (File::from_raw_fd(user), OwnedFd::from_raw_fd(program)) };
    let mut command = harness(&["--backend", "kvm", "--console"]);
    command.stdin(program.try_clone().unwrap()).stdout(program.try_clone().unwrap()).stderr(Stdio::piped());
    let own_session = || {
        // SAFETY: both calls are safe between fork and exec; standard input is the terminal by now.
        unsafe {
            libc::setsid();
            libc::ioctl(0, libc::TIOCSCTTY, 0);
        }
        Ok(())
    };
    // SAFETY: the closure calls nothing but what may be called between fork and exec.
    unsafe { command.pre_exec(own_session) };
    let child = command.spawn().unwrap();
    Terminal { user, child, program }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a test that failed; one that passed has waited for it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Terminal {
    /// Input and local modes: what raw mode changes.
    fn modes(&self) -> (libc::tcflag_t, libc::tcflag_t) {
        let mut state = MaybeUninit::<libc::termios>::uninit();
        // SAFETY: `state` has room for what the call fills in.
        assert_eq!(unsafe { libc::tcgetattr(self.program.as_raw_fd(), state.as_mut_ptr()) }, 0);
        // SAFETY: the call succeeded.
        let state = unsafe { state.assume_init() };
        (state.c_iflag, state.c_lflag)
    }

    /// Reads what the guest prints until it has printed `text`.
    fn read_until(&mut self, text: &str) {
        let mut seen = String::new();
        let mut byte = [0];
        while !seen.contains(text) {
            let mut poll = libc::pollfd { fd: self.user.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: one structure is given, and one is said to be.
            let ready = unsafe { libc::poll(&mut poll, 1, 60_000) };
            assert_eq!(ready, 1, "`{text}` does not come after {seen:?}");
            assert_eq!(self.user.read(&mut byte).unwrap(), 1, "`{text}` after {seen:?}");
            seen.push(byte[0].into());
        }
    }
}

#[test]
fn kvm_the_terminal_is_given_back_after_ctrl_c() {
    if !kvm_or_left_out("kvm_the_terminal_is_given_back_after_ctrl_c") {
        return;
    }
    let mut terminal = terminal();
    terminal.read_until("> ");
    let raw = terminal.modes();
    assert_eq!(raw.1 & (libc::ICANON | libc::ECHO), 0, "the guest has every key");
    terminal.user.write_all(b"hello\r").unwrap();
    terminal.read_until("hello\r\nhello\r\n> ");
    terminal.user.write_all(b"\x03").unwrap();
    terminal.read_until("| total: ");
    let mut stderr = String::new();
    terminal.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(terminal.child.wait().unwrap().code(), Some(2), "{stderr}");
    assert!(stderr.contains("error: ended by the user"), "{stderr}");
    let (input, local) = terminal.modes();
    let wanted = (libc::ICANON | libc::ECHO, libc::ICRNL);
    assert_eq!((local & wanted.0, input & wanted.1), wanted, "the terminal is as it was");
}

#[test]
fn kvm_the_terminal_is_given_back_after_exit() {
    if !kvm_or_left_out("kvm_the_terminal_is_given_back_after_exit") {
        return;
    }
    let mut terminal = terminal();
    terminal.read_until("> ");
    terminal.user.write_all(b"exit\r").unwrap();
    terminal.read_until("total");
    assert_eq!(terminal.child.wait().unwrap().code(), Some(0));
    assert_eq!(terminal.modes().1 & (libc::ICANON | libc::ECHO), libc::ICANON | libc::ECHO);
}
