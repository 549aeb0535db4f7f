//! Builds the guest kernel and the harness, and hands over to the harness.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Failure, cargo, shown};
use crate::subject::{self, Subject};
use crate::target::{self, Arch};
use crate::tools;

/// Whether these arguments of the harness lead to a run that boots a kernel of this tree, whose subject was `named` or not.
pub(crate) fn needs_kernel(arguments: &[String], named: bool) -> bool {
    let loopback = subject::is_loopback(arguments);
    let given = arguments.iter().any(|a| a == "--kernel" || a.starts_with("--kernel="));
    let informs = arguments.iter().any(|a| matches!(a.as_str(), "--help" | "-h" | "--list" | "--version" | "-V"));
    let in_environment = !named && std::env::var_os("PARAKIT_KERNEL").is_some_and(|path| !path.is_empty());
    let no_run = arguments.first().is_some_and(|a| matches!(a.as_str(), "replay" | "probe" | "help"));
    !(loopback || given || informs || in_environment || no_run)
}

/// Builds the guest kernel, adding its target where it is missing; its path.
pub(crate) fn kernel(root: &Path) -> Result<PathBuf, Failure> {
    kernel_of(root, &subject::PARAKIT)
}

/// The same for another architecture.
pub(crate) fn kernel_for(root: &Path, arch: &Arch) -> Result<PathBuf, Failure> {
    build_kernel(root, &subject::PARAKIT, arch)
}

/// The same for the kernel of a subject.
pub(crate) fn kernel_of(root: &Path, subject: &Subject) -> Result<PathBuf, Failure> {
    build_kernel(root, subject, &target::X86_64)
}

fn build_kernel(root: &Path, subject: &Subject, arch: &Arch) -> Result<PathBuf, Failure> {
    target::ensure(arch.target)?;
    let mut command = cargo(root);
    command.args(["build", "--release", "--package", subject.package, "--target", arch.target]);
    executable(&mut command, subject.package)
}

/// Builds the small kernels that tests have the harness judge; the directory that they are in.
pub(crate) fn test_kernels(root: &Path) -> Result<PathBuf, Failure> {
    target::ensure(target::X86_64.target)?;
    let mut command = cargo(root);
    command.args(["build", "--release", "--package", "parakit-test-kernels", "--target", target::X86_64.target]);
    let one = executable(&mut command, "conforming")?;
    Ok(one.parent().map_or_else(PathBuf::new, Path::to_path_buf))
}

/// Builds the harness; its path.
pub(crate) fn harness(root: &Path) -> Result<PathBuf, Failure> {
    on_host(root, "parakit-harness")
}

/// The same as one static program, which runs wherever there is a Linux.
pub(crate) fn static_harness(root: &Path) -> Result<PathBuf, Failure> {
    target::ensure_static()?;
    let mut command = cargo(root);
    command.args(["build", "--release", "--package", "parakit-harness", "--bin", "parakit-harness"]);
    command.args(["--target", target::STATIC]);
    executable(&mut command, "parakit-harness")
}

/// Builds what proves the judge; its path.
pub(crate) fn proof(root: &Path) -> Result<PathBuf, Failure> {
    on_host(root, "proof")
}

/// Builds one of the two programs. Both packages are named, so that what the two have in common gets the same features and is built once.
fn on_host(root: &Path, name: &str) -> Result<PathBuf, Failure> {
    let mut command = cargo(root);
    command.args(["build", "--release", "--package", "parakit-harness", "--package", "parakit-tests", "--bin", name]);
    executable(&mut command, name)
}

/// Runs a build, under Cargo's own progress, since the first one takes minutes; finds the executable that it made. Cargo itself
/// says where it is, so that any target directory will do.
fn executable(command: &mut Command, name: &str) -> Result<PathBuf, Failure> {
    command.args(["--message-format", "json-render-diagnostics"]).stdout(Stdio::piped());
    let mut child =
        command.spawn().map_err(|e| Failure::CannotRun(format!("cannot start `{}`: {e}", shown(command))))?;
    let mut found = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let Ok(message) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
            if message["target"]["name"] == name {
                found = message["executable"].as_str().map(PathBuf::from).or(found);
            }
        }
    }
    let status = child.wait().map_err(|e| Failure::CannotRun(format!("cannot wait for `{}`: {e}", shown(command))))?;
    match found {
        Some(path) if status.success() => Ok(path),
        _ => Err(Failure::CannotRun(format!("`{}` failed ({status}); its messages are above", shown(command)))),
    }
}

/// Becomes the harness; returns only if that fails.
pub(crate) fn exec(harness: &Path, kernel: Option<&Path>, arguments: &[String]) -> Failure {
    let mut command = Command::new(harness);
    // By variable rather than by argument, so that a `--kernel` of the user's comes first.
    if let Some(kernel) = kernel {
        command.env("PARAKIT_KERNEL", kernel);
    }
    command.envs(tools::environment(&crate::root()));
    let error = command.args(arguments).exec();
    Failure::CannotRun(format!("cannot start {}: {error}", harness.display()))
}
