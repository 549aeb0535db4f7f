//! Commands that are shown as they would be typed, and failures that are one sentence.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};

use crate::tools;

/// Why an xtask ends without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that was run failed: exit status 1.
    Failed(String),
    /// It could not run: exit status 2.
    CannotRun(String),
}

impl Failure {
    /// The one sentence.
    pub(crate) fn sentence(&self) -> &str {
        match self {
            Self::Failed(s) | Self::CannotRun(s) => s,
        }
    }

    /// The exit status.
    pub(crate) fn status(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::CannotRun(_) => ExitCode::from(2),
        }
    }
}

/// The cargo that runs this xtask, in the workspace root.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// A cargo of another toolchain, free of what the running cargo put into the environment.
pub(crate) fn nightly_cargo(root: &Path) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST") || text == "CARGO" || text == "RUSTC" {
            command.env_remove(&name);
        }
    }
    command.env_remove("RUSTUP_TOOLCHAIN");
    command
}

/// The command as it would be typed in the workspace root, with the variables that were set for it.
pub(crate) fn shown(command: &Command) -> String {
    let mut text = String::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            let _ = write!(text, "{}={} ", name.to_string_lossy(), quoted(value));
        }
    }
    text.push_str(&shown_without_variables(command));
    text
}

/// The same without the variables.
pub(crate) fn shown_without_variables(command: &Command) -> String {
    let mut text = String::new();
    let program = Path::new(command.get_program());
    text.push_str(&program.file_name().unwrap_or(program.as_os_str()).to_string_lossy());
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&quoted(argument));
    }
    text
}

/// Runs the program to its end, with nothing to read; what it printed.
pub(crate) fn output(command: &mut Command) -> Result<Output, Failure> {
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|e| Failure::CannotRun(format!("cannot start {}: {e}", Path::new(command.get_program()).display())))
}

/// What the harness said when it could not run.
pub(crate) fn sentence(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("error: ").to_owned()
}

fn quoted(text: &OsStr) -> String {
    let text = text.to_string_lossy();
    if text.is_empty() || text.contains([' ', '"', '$', '*']) { format!("'{text}'") } else { text.into_owned() }
}

/// Runs the command to its end, with the tools where it finds them; the error names it.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = shown(command);
    match command.envs(tools::environment(&crate::root())).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Failed(format!("`{shown}` failed ({status})"))),
        Err(e) => Err(Failure::CannotRun(format!("cannot start `{shown}`: {e}"))),
    }
}
