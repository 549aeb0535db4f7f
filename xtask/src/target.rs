//! Rustup targets: that of the guest kernel, and that of the harness as one static program.

use std::path::PathBuf;
use std::process::Command;

use crate::command::Failure;

/// The bare-metal target of the guest kernel.
pub(crate) const TARGET: &str = "x86_64-unknown-none";

/// The target of a harness that needs no libraries of the machine that it runs on.
pub(crate) const STATIC: &str = "x86_64-unknown-linux-musl";

/// Makes sure that the guest kernel's target is installed; adds it through rustup, and says so, where it is not.
pub(crate) fn ensure() -> Result<(), Failure> {
    ensure_target(TARGET, "the guest kernel", ", or use `--backend loopback`, which needs no kernel")
}

/// The same for [`STATIC`].
pub(crate) fn ensure_static() -> Result<(), Failure> {
    ensure_target(STATIC, "the static harness", "")
}

fn ensure_target(target: &str, what: &str, instead: &str) -> Result<(), Failure> {
    if installed(target)? {
        return Ok(());
    }
    eprintln!("the target {target} is not installed; adding it with `rustup target add {target}`");
    let output = Command::new("rustup").args(["target", "add", target]).output();
    let why = match output {
        Ok(output) if output.status.success() && installed(target)? => return Ok(()),
        Ok(output) => last_line(&output.stderr),
        Err(e) => format!("rustup cannot be started: {e}"),
    };
    Err(Failure::CannotRun(format!(
        "{what} needs the Rust target {target}, which is not installed and could not be added ({why}); \
         with a network connection run `rustup target add {target}`{instead}"
    )))
}

/// Whether the compiler in use has the target's libraries.
fn installed(target: &str) -> Result<bool, Failure> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc).args(["--print", "sysroot"]).output().map_err(|e| {
        Failure::CannotRun(format!("cannot start {}: {e}; install Rust with rustup", rustc.to_string_lossy()))
    })?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(sysroot.join("lib/rustlib").join(target).join("lib").is_dir())
}

/// The last line that says something, for a one-sentence error.
fn last_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().rev().map(str::trim).find(|l| !l.is_empty()).unwrap_or("rustup gave no reason");
    line.trim_start_matches("error: ").trim_end_matches('.').to_owned()
}
