//! What a program says when it is asked something about itself.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::VmmError;
use super::child::{self, Ended, Listener, words};
use crate::vmm::printable;

/// How long QEMU may take for an answer; it takes a fraction of a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of an answer.
const MOST: usize = 1 << 20;

/// What a program said.
pub(super) struct Answer {
    /// Its standard output, or its standard error where that is empty.
    pub(super) text: String,
    /// Its exit status; `None` if a signal ended it, or it was ended because it said too much.
    pub(super) status: Option<i32>,
    /// How it ended, in words.
    how: String,
}

impl Answer {
    /// Whether it had nothing to complain of.
    pub(super) fn is_well(&self) -> bool {
        self.status == Some(0)
    }

    /// How it ended, and its first line.
    pub(super) fn in_short(&self) -> String {
        let first = self.text.lines().find(|line| !line.trim().is_empty());
        match first {
            Some(line) => format!("{}: {}", self.how, line.trim().chars().take(100).collect::<String>()),
            None => format!("{} and no word", self.how),
        }
    }
}

struct Keeps(Vec<u8>);

impl Listener for Keeps {
    fn output(&mut self, bytes: &[u8]) {
        let room = MOST - self.0.len();
        self.0.extend(&bytes[..bytes.len().min(room)]);
    }

    fn tick(&mut self) {}

    fn done(&self) -> bool {
        self.0.len() == MOST
    }
}

/// Asks the program something.
///
/// # Errors
/// [`VmmError`]: it does not start, or does not end within `patience`.
pub(super) fn ask(program: &Path, arguments: &[&str], patience: Duration) -> Result<Answer, VmmError> {
    let mut command = Command::new(program);
    command.args(arguments);
    let mut keeps = Keeps(Vec::new());
    let watched = child::run(command, patience, &AtomicBool::new(false), &mut keeps)
        .map_err(|source| VmmError::NotStarted { program: program.to_owned(), source })?;
    let mut text = printable(&keeps.0);
    if text.trim().is_empty() {
        text = watched.last_words;
    }
    let (status, how) = match watched.ended {
        Ended::Exited(status) => (status.code(), words(status)),
        // Nobody cancels it.
        Ended::Deadline | Ended::Cancelled => {
            let (program, asked) = (program.to_owned(), arguments.join(" "));
            return Err(VmmError::Hangs { program, asked, seconds: patience.as_secs() });
        }
        Ended::Lingered => (None, "too many words".to_owned()),
    };
    Ok(Answer { text, status, how })
}
