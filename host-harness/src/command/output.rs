//! Standard output and standard error, which may be pipes that nobody reads any more, or files on a full disk.

use std::fmt::Display;
use std::io::{self, Write as _};

use anyhow::Context as _;

/// Writes to standard output.
///
/// # Errors
/// It cannot be written to; `println!` would panic.
pub(crate) fn put(text: impl Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).context(
        "the report cannot be written to standard output; send it to where there is room, or read it to its end",
    )
}

/// Writes to standard error. Where nobody takes it there is nobody to tell, so that is no error of the run;
/// `eprintln!` would panic.
pub(crate) fn tell(text: impl Display) {
    let _ = write!(io::stderr().lock(), "{text}");
}
