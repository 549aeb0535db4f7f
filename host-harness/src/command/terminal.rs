//! The user's terminal as the console of a guest: raw while the guest has it, and restored whatever happens.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::RawFd;

const STDIN: RawFd = libc::STDIN_FILENO;
/// End of input, as a terminal sends it (ctrl-D).
const END_OF_TRANSMISSION: u8 = 4;

/// A terminal that passes every key on at once, without echo. Signals stay: ctrl-C still ends the run. Dropping it restores what was before.
pub(crate) struct RawTerminal {
    before: Option<libc::termios>,
}

impl RawTerminal {
    /// Takes the terminal on standard input over; does nothing where that is no terminal.
    ///
    /// # Errors
    /// The terminal refuses.
    pub(crate) fn enter() -> io::Result<Self> {
        let mut state = MaybeUninit::<libc::termios>::uninit();
        // SAFETY: `state` has room for the structure that the call fills.
        if unsafe { libc::tcgetattr(STDIN, state.as_mut_ptr()) } != 0 {
            return Ok(Self { before: None });
        }
        // SAFETY: the call succeeded, so the structure is filled.
        let before = unsafe { state.assume_init() };
        let mut raw = before;
        raw.c_lflag &= !(libc::ICANON | libc::ECHO);
        raw.c_iflag &= !(libc::ICRNL | libc::IXON);
        raw.c_oflag &= !libc::OPOST;
        // SAFETY: `raw` is a valid structure, made from the one that the terminal gave.
        if unsafe { libc::tcsetattr(STDIN, libc::TCSANOW, &raw) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self { before: Some(before) })
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // SAFETY: `before` is what the terminal gave. If it is gone by now, there is nothing to restore.
            unsafe { libc::tcsetattr(STDIN, libc::TCSANOW, before) };
        }
    }
}

/// What was typed since the last call, without waiting for more. The end of input is told as ctrl-D.
pub(crate) fn typed() -> Vec<u8> {
    let mut poll = libc::pollfd { fd: STDIN, events: libc::POLLIN, revents: 0 };
    // SAFETY: one structure is given, and one is said to be.
    if unsafe { libc::poll(&mut poll, 1, 0) } <= 0 {
        return Vec::new();
    }
    let mut bytes = vec![0; 4096];
    // SAFETY: the buffer has as many bytes as are said to be there.
    let count = unsafe { libc::read(STDIN, bytes.as_mut_ptr().cast(), bytes.len()) };
    match usize::try_from(count) {
        Ok(0) => vec![END_OF_TRANSMISSION],
        Ok(count) => {
            bytes.truncate(count);
            bytes
        }
        Err(_) => Vec::new(),
    }
}

/// Whether the terminal says of itself that it can do nothing but print.
pub(crate) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Columns and rows of the terminal; 80 by 25 where there is none.
pub(crate) fn size() -> (u16, u16) {
    let mut size = MaybeUninit::<libc::winsize>::zeroed();
    // SAFETY: either call fills the structure, or leaves the zeroes, which are valid in it.
    let size = unsafe {
        // Standard error, where standard output goes into a file.
        if libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, size.as_mut_ptr()) != 0 {
            libc::ioctl(libc::STDERR_FILENO, libc::TIOCGWINSZ, size.as_mut_ptr());
        }
        size.assume_init()
    };
    if size.ws_col == 0 || size.ws_row == 0 { (80, 25) } else { (size.ws_col, size.ws_row) }
}
