//! `cargo xtask fuzz`: the fuzzers of `tests/fuzz`, through cargo-fuzz.

use std::path::Path;
use std::process::{ExitCode, Stdio};

use crate::command::{Failure, nightly_cargo, run};

/// Most bytes of resident memory that a fuzzer may have, in MiB.
const MEMORY: u32 = 1024;
/// Most seconds that one input may take.
const TIMEOUT: u32 = 20;

/// Runs one fuzzer, or all of them one after the other, for so many minutes each; a finding ends it.
pub(crate) fn fuzz(root: &Path, target: Option<&str>, minutes: u32) -> Result<ExitCode, Failure> {
    let targets = targets(root)?;
    let chosen: Vec<&str> = match target {
        Some(name) => targets.iter().map(String::as_str).filter(|t| *t == name).collect(),
        None => targets.iter().map(String::as_str).collect(),
    };
    if let (Some(name), true) = (target, chosen.is_empty()) {
        let all = targets.join(", ");
        return Err(Failure::CannotRun(format!("there is no fuzzer {name}; there are {all}")));
    }
    check_installed(root)?;
    for target in chosen {
        let mut command = nightly_cargo(root);
        command.args([
            "fuzz",
            "run",
            "--fuzz-dir",
            "tests/fuzz",
            "--sanitizer",
            "none",
            "--codegen-units",
            "16",
            target,
        ]);
        command.args(["--", &format!("-max_total_time={}", minutes * 60)]);
        command.args([&format!("-rss_limit_mb={MEMORY}"), &format!("-timeout={TIMEOUT}"), "-print_final_stats=1"]);
        run(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The fuzzers that there are, sorted.
fn targets(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = root.join("tests/fuzz/targets");
    let failed = |e: std::io::Error| Failure::CannotRun(format!("cannot read {}: {e}", folder.display()));
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// A nightly toolchain, and cargo-fuzz.
fn check_installed(root: &Path) -> Result<(), Failure> {
    let answers = |arguments: &[&str]| {
        let output = nightly_cargo(root).args(arguments).stdin(Stdio::null()).output();
        output.is_ok_and(|output| output.status.success())
    };
    if answers(&["--version"]) && answers(&["fuzz", "--version"]) {
        return Ok(());
    }
    Err(Failure::CannotRun(
        "fuzzing needs a nightly toolchain and cargo-fuzz; install them with `rustup toolchain install nightly` and `cargo install cargo-fuzz`"
            .to_owned(),
    ))
}
