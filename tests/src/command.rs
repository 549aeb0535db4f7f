//! The built command, run as a user runs it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use xtask::programs::on_path;

/// Where the harness is that `cargo xtask test` has built.
///
/// # Panics
/// If nobody said: run the tests with `cargo xtask test`, or build the harness and set `PARAKIT_HARNESS`.
#[must_use]
pub fn harness_path() -> PathBuf {
    std::env::var_os("PARAKIT_HARNESS")
        .expect("PARAKIT_HARNESS does not name the built harness: run this test with `cargo xtask test --only tests`")
        .into()
}

/// A kernel of `tests/kernels`, by its name.
///
/// # Panics
/// If nobody said where they are: run the tests with `cargo xtask test`, or build the package `parakit-test-kernels` for `x86_64-unknown-none`
/// and set `PARAKIT_TEST_KERNELS`.
#[must_use]
pub fn test_kernel(name: &str) -> PathBuf {
    let directory = std::env::var_os("PARAKIT_TEST_KERNELS").expect(
        "PARAKIT_TEST_KERNELS does not name the directory of the built test kernels: run this test with `cargo xtask test --only kvm`",
    );
    PathBuf::from(directory).join(name)
}

/// The harness with these arguments. `PARAKIT_KERNEL` is passed on; backtraces are asked for, since none may be shown.
#[must_use]
pub fn harness<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(harness_path());
    command.args(arguments).env("RUST_BACKTRACE", "1").stdin(Stdio::null());
    command
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// Exit status; `None` after a signal.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs a command to its end.
///
/// # Panics
/// If it cannot be started.
#[must_use]
pub fn run(command: &mut Command) -> Ran {
    command.output().expect("the command starts").into()
}

impl Ran {
    /// Holds that the command refused: exit status 2, one sentence that begins with `error: ` as the last line, and all of `parts` in it.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn assert_refused(&self, parts: &[&str]) {
        assert_eq!(self.status, Some(2), "exit status; {self:#?}");
        let errors: Vec<_> = self.stderr.lines().filter(|l| l.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "one sentence; {self:#?}");
        assert_eq!(self.stderr.lines().last(), Some(errors[0]), "nothing after the sentence; {self:#?}");
        for part in parts {
            assert!(errors[0].contains(part), "`{part}` in `{}`", errors[0]);
        }
    }

    /// Holds that the command succeeded.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn assert_success(&self) {
        assert_eq!(self.status, Some(0), "exit status; {self:#?}");
    }
}

/// Whether KVM can be used here. Where it cannot, says on standard error, past the capture of the test runner, that `test` is left out.
///
/// # Panics
/// If the harness cannot be started, or if KVM has to be there since `PARAKIT_REQUIRE_KVM` is set.
#[must_use]
pub fn kvm_or_left_out(test: &str) -> bool {
    let probe = run(&mut harness(&["probe"]));
    let usable = probe.status == Some(0);
    if !usable {
        assert!(std::env::var_os("PARAKIT_REQUIRE_KVM").is_none(), "KVM has to be usable here: {probe:#?}");
        use std::io::Write as _;
        let text = format!("LEFT OUT: {test}: {}", probe.stderr);
        // Where even that cannot be written, the summary of `cargo xtask test` still tells.
        let _ =
            std::fs::OpenOptions::new().write(true).open("/dev/stderr").and_then(|mut f| f.write_all(text.as_bytes()));
    }
    usable
}

/// Whether there is a QEMU for x86-64 on the path. Where there is none, says on standard error, past the capture of the test runner, that `test` is
/// left out.
///
/// # Panics
/// If QEMU has to be there since `PARAKIT_REQUIRE_QEMU` is 1.
#[must_use]
pub fn qemu_or_left_out(test: &str) -> bool {
    qemu_for_or_left_out("x86_64", test)
}

/// The same for the processor `arch`.
///
/// # Panics
/// As above.
#[must_use]
pub fn qemu_for_or_left_out(arch: &str, test: &str) -> bool {
    let program = format!("qemu-system-{arch}");
    let there = on_path(&program).is_some();
    if !there {
        let needed = std::env::var_os("PARAKIT_REQUIRE_QEMU").is_some_and(|value| value == "1");
        assert!(!needed, "QEMU has to be on the path here");
        use std::io::Write as _;
        let text = format!("LEFT OUT: {test}: there is no {program} on PATH\n");
        // Where even that cannot be written, the summary of `cargo xtask test` still tells.
        let _ =
            std::fs::OpenOptions::new().write(true).open("/dev/stderr").and_then(|mut f| f.write_all(text.as_bytes()));
    }
    there
}

/// SHA-256 of a file, in hexadecimal digits.
///
/// # Panics
/// If it cannot be read.
#[must_use]
pub fn sha256(path: &Path) -> String {
    use sha2::Digest as _;
    let bytes = std::fs::read(path).expect("the file can be read");
    parakit_harness::scenario::hex(&sha2::Sha256::digest(bytes))
}
