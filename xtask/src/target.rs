//! The rustup target that the guest kernel is built for.

use std::path::PathBuf;
use std::process::Command;

use crate::command::Failure;

/// The bare-metal target of the guest kernel.
pub(crate) const TARGET: &str = "x86_64-unknown-none";

/// Makes sure that the target is installed; adds it through rustup, and says so, where it is not.
pub(crate) fn ensure() -> Result<(), Failure> {
    if installed()? {
        return Ok(());
    }
    eprintln!("the target {TARGET} is not installed; adding it with `rustup target add {TARGET}`");
    let output = Command::new("rustup").args(["target", "add", TARGET]).output();
    let why = match output {
        Ok(output) if output.status.success() && installed()? => return Ok(()),
        Ok(output) => last_line(&output.stderr),
        Err(e) => format!("rustup cannot be started: {e}"),
    };
    Err(Failure::CannotRun(format!(
        "the guest kernel needs the Rust target {TARGET}, which is not installed and could not be added ({why}); \
         with a network connection run `rustup target add {TARGET}`, or use `--backend loopback`, which needs no kernel"
    )))
}

/// Whether the compiler in use has the target's libraries.
fn installed() -> Result<bool, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc).args(["--print", "sysroot"]).output().map_err(|e| {
        Failure::CannotRun(format!("cannot start {}: {e}; install Rust with rustup", rustc.to_string_lossy()))
    })?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// The last line that says something, for a one-sentence error.
fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().map(str::trim).find(|l| !l.is_empty()).unwrap_or("rustup gave no reason");
    line.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}
