//! Rustup targets: those of the guest kernel, and that of the harness as one static program.

use std::path::PathBuf;
use std::process::Command;

use crate::command::Failure;

/// An architecture of the guest kernel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arch {
    /// Its name, for `--arch`.
    pub(crate) name: &'static str,
    /// The bare-metal target.
    pub(crate) target: &'static str,
}

/// That of KVM, and of all other kernels of this tree.
pub(crate) const X86_64: Arch = Arch { name: "x86_64", target: "x86_64-unknown-none" };

/// The others, for which there is QEMU.
pub(crate) const OTHERS: [Arch; 2] = [
    Arch { name: "aarch64", target: "aarch64-unknown-none" },
    Arch { name: "riscv64", target: "riscv64gc-unknown-none-elf" },
];

/// The architecture that `--arch` names in the harness's arguments; [`X86_64`] without one. `None` for a name that there is none of: the
/// harness says so.
pub(crate) fn named(arguments: &[String]) -> Option<&'static Arch> {
    let behind = |pair: &[String]| (pair[0] == "--arch").then(|| pair[1].clone());
    let within = |argument: &String| argument.strip_prefix("--arch=").map(str::to_owned);
    let name = arguments.windows(2).find_map(behind).or_else(|| arguments.iter().find_map(within));
    let Some(name) = name else { return Some(&X86_64) };
    [&X86_64].into_iter().chain(&OTHERS).find(|arch| arch.name == name)
}

/// The target of a harness that needs no libraries of the machine that it runs on.
pub(crate) const STATIC: &str = "x86_64-unknown-linux-musl";

/// Makes sure that a target of the guest kernel is installed; adds it through rustup, and says so, where it is not.
pub(crate) fn ensure(target: &str) -> Result<(), Failure> {
    ensure_target(target, "the guest kernel", ", or use `--backend loopback`, which needs no kernel")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_architecture_is_found_among_the_arguments() {
        let named = |text: &str| {
            let arguments: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            super::named(&arguments).map(|arch| arch.target)
        };
        assert_eq!(named("blk-read -q"), Some("x86_64-unknown-none"));
        assert_eq!(named("--vmm qemu --arch aarch64 blk-read"), Some("aarch64-unknown-none"));
        assert_eq!(named("--arch=riscv64"), Some("riscv64gc-unknown-none-elf"));
        assert_eq!(named("--arch pdp11"), None);
        assert_eq!(named("--arch"), Some(X86_64.target));
    }
}
