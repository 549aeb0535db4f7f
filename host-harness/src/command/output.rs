//! Standard output, which may be a pipe that nobody reads any more, or a file on a full disk.

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
