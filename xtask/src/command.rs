//! Commands that are shown as they would be typed, and failures that are one sentence.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Output, Stdio};

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

/// Runs the command to its end, with the tools where it finds them; the error names it, and has its last word if that passed through here.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = shown(command);
    let cannot = |e: io::Error| Failure::CannotRun(format!("cannot start `{shown}`: {e}"));
    command.envs(tools::environment(&crate::root()));
    // A terminal has colours and progress from the command itself.
    if io::stderr().is_terminal() {
        return ended(&shown, command.status().map_err(cannot)?, None);
    }
    let mut child = command.stderr(Stdio::piped()).spawn().map_err(cannot)?;
    let word = child.stderr.take().and_then(|stderr| passed_on(stderr, io::stderr().lock()));
    ended(&shown, child.wait().map_err(cannot)?, word)
}

fn ended(shown: &str, status: ExitStatus, word: Option<String>) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    let word = word.map_or_else(String::new, |word| format!(": {word}"));
    Err(Failure::Failed(format!("`{shown}` failed ({status}){word}")))
}

/// Passes all of it on. The last line that tells of an error, without the word `error`.
fn passed_on(from: impl Read, mut to: impl Write) -> Option<String> {
    let mut last = None;
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        // Whoever reads there may have gone; the command goes on.
        let _gone = to.write_all(&[&line[..], b"\n"].concat());
        if let Some(error) = String::from_utf8_lossy(&line).strip_prefix("error: ") {
            last = Some(error.trim_end().to_owned());
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_what_failed_is_kept_and_all_is_passed_on() {
        let said = b"building\nerror: one\nerror: two \nlast\n";
        let mut passed = Vec::new();
        assert_eq!(passed_on(&said[..], &mut passed).as_deref(), Some("two"));
        assert_eq!(passed, said);
        assert_eq!(passed_on(&b"all is well\n"[..], &mut passed), None);
    }

    #[test]
    fn a_command_that_fails_is_named_with_its_status() {
        let failed = run(Command::new("sh").args(["-c", "echo 'error: no luck' >&2; exit 3"])).unwrap_err();
        assert!(failed.sentence().starts_with("`sh -c "), "{}", failed.sentence());
        assert!(failed.sentence().contains("failed (exit status: 3)"), "{}", failed.sentence());
        run(Command::new("true").arg("well")).unwrap();
    }
}
