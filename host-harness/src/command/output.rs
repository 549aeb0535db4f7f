//! Standard output and standard error, which may be pipes that nobody reads any more, or files on a full disk, or closed.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, anyhow};

/// Standard output was closed when the process began. Rust opens `/dev/null` in its place before `main`, where what is written would be lost
/// without a word.
static CLOSED: AtomicBool = AtomicBool::new(false);

extern "C" fn look() {
    // SAFETY: the call takes a number and touches no memory.
    let closed = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) } == -1;
    // There is one thread yet, and those to come are started after it.
    CLOSED.store(closed, Ordering::Relaxed);
}

// SAFETY: the section holds functions of this type, which the C runtime calls before `main`; this one needs nothing of Rust's runtime.
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

/// Writes to standard output.
///
/// # Errors
/// It cannot be written to; `println!` would panic.
pub(crate) fn put(text: impl Display) -> anyhow::Result<()> {
    put_with("report", |out| write!(out, "{text}"))
}

/// Writes to standard output what `name` calls it.
///
/// # Errors
/// It cannot be written to.
pub(crate) fn put_with(name: &str, work: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    if CLOSED.load(Ordering::Relaxed) {
        return Err(anyhow!("the {name} cannot be written to standard output, which is closed; send it somewhere"));
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    work(&mut out).and_then(|()| out.flush()).with_context(|| {
        format!(
            "the {name} cannot be written to standard output; send it to where there is room, or read it to its end"
        )
    })
}

/// Writes to standard error. Where nobody takes it there is nobody to tell, so that is no error of the run;
/// `eprintln!` would panic.
pub(crate) fn tell(text: impl Display) {
    let _ = write!(io::stderr().lock(), "{text}");
}

/// An error with its causes in one sentence, each cause once.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !sentence.contains(&cause) {
            sentence = format!("{sentence}: {cause}");
        }
    }
    sentence
}

/// What went wrong while something else could still be done.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Vec<String>);

impl Troubles {
    /// Keeps the error, if it is one; what came of it otherwise.
    pub(crate) fn keep<T>(&mut self, result: Result<T, impl Into<anyhow::Error>>) -> Option<T> {
        result.map_err(|error| self.0.push(sentence(&error.into()))).ok()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These, and then the others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// All of them in one sentence.
    ///
    /// # Errors
    /// There are some.
    pub(crate) fn result(self) -> anyhow::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(anyhow!(self.0.join("; and "))) }
    }
}
