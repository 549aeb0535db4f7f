//! The target of the guest kernel is missing: it is added where that works, and asked for in one sentence where not.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A directory with a compiler that has no targets, and a rustup that does what `rustup` says.
fn toolchain(rustup: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    let sysroot = directory.path().display();
    program(directory.path(), "rustc", &format!("echo {sysroot}"));
    program(directory.path(), "rustup", rustup);
    directory
}

/// Written by a process of its own: were this one to have it open for writing while another test starts something, that
/// something would inherit it, and what somebody has open for writing cannot be started.
fn program(directory: &Path, name: &str, script: &str) {
    let write = r#"printf '#!/bin/sh\n%s\n' "$2" > "$1" && chmod 755 "$1""#;
    let status = Command::new("/bin/sh").args(["-c", write, "sh"]).arg(directory.join(name)).arg(script).status();
    assert!(status.unwrap().success());
}

/// `cargo xtask harness` with that toolchain, and a cargo that only says that it was called.
fn xtask(toolchain: &TempDir) -> Output {
    command(toolchain, &["harness", "blk-read"]).output().unwrap()
}

/// The same with other arguments.
fn command(toolchain: &TempDir, arguments: &[&str]) -> Command {
    program(toolchain.path(), "cargo", "echo the build began >&2; exit 101");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .env("PATH", format!("{}:/usr/bin:/bin", toolchain.path().display()))
        .env("CARGO", toolchain.path().join("cargo"))
        .env_remove("RUSTC")
        .env_remove("PARAKIT_KERNEL")
        .env("RUST_BACKTRACE", "1");
    command
}

#[test]
fn without_target_and_network_there_is_one_sentence() {
    let output = xtask(&toolchain("echo 'error: could not download file from the server' >&2; exit 1"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let errors: Vec<_> = stderr.lines().filter(|l| l.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{stderr}");
    for part in
        ["x86_64-unknown-none", "could not download file from the server", "rustup target add", "--backend loopback"]
    {
        assert!(errors[0].contains(part), "`{part}` in {stderr}");
    }
    assert!(!stderr.contains("the build began"), "{stderr}");
}

#[test]
fn without_rustup_there_is_one_sentence() {
    let directory = toolchain("exit 1");
    std::fs::remove_file(directory.path().join("rustup")).unwrap();
    let output = xtask(&directory);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.lines().any(|l| l.starts_with("error: ") && l.contains("rustup cannot be started")), "{stderr}");
}

/// A kernel of the user's own, and what runs no guest, need no target.
#[test]
fn what_needs_no_kernel_needs_no_target() {
    let directory = toolchain("exit 1");
    for (arguments, kernel) in [
        (&["harness", "entropy"][..], "/some/kernel"),
        (&["harness", "--kernel", "/some/kernel"], ""),
        (&["harness", "--backend", "loopback"], ""),
        (&["harness", "probe"], ""),
        (&["replay", "file"], ""),
        (&["coverage", "--backend", "loopback"], ""),
    ] {
        let output = command(&directory, arguments).env("PARAKIT_KERNEL", kernel).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("the build began") && !stderr.contains("is not installed"), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_missing_target_is_added_and_that_is_said() {
    let directory = toolchain("");
    let library = directory.path().join("lib/rustlib/x86_64-unknown-none/lib");
    program(
        directory.path(),
        "rustup",
        &format!("test \"$*\" = 'target add x86_64-unknown-none' && mkdir -p {}", library.display()),
    );
    let output = xtask(&directory);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("adding it with `rustup target add x86_64-unknown-none`"), "{stderr}");
    assert!(library.is_dir() && stderr.contains("the build began"), "{stderr}");
}
