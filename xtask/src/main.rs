//! `cargo xtask`: build, run, judge, prove.
//!
//! Exit status: 0 all well; 1 something that was run failed; 2 it could not run, with one sentence that says why.

mod build;
mod catalogue;
mod command;
mod fuzz;
mod nested;
mod prove;
mod subject;
mod target;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::command::Failure;

/// Parakit's commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the guest kernel and the harness, boot every scenario, judge driver and device.
    #[command(disable_help_flag = true)]
    Harness {
        /// Arguments of the harness; `cargo xtask harness --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run everything that proves the project, and say what was left out and why.
    Test {
        /// Run only the steps of these names.
        #[arg(long, value_name = "STEP")]
        only: Vec<String>,
        /// List the steps and run none.
        #[arg(long)]
        list: bool,
    },
    /// Run the benches.
    Bench {
        /// Arguments of Criterion, such as a filter.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Per area of the catalogue: requirements, checked, exercised in the default run; and what is not checked, with the reason.
    Coverage {
        /// Arguments of the harness's `coverage` command.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Explain a requirement: what it says, how it is checked, which mutants prove the check, which scenarios exercise it.
    Explain {
        /// Its id, such as VQ-SPLIT-DRV-AVAIL-1, in any case.
        id: String,
    },
    /// Run every mutant, broken drivers and broken devices, and show what caught them; exit status 1 if one is missed.
    #[command(disable_help_flag = true)]
    Mutants {
        /// A part of ids or names, `--verbose`, `--json FILE`; `cargo xtask mutants --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Judge a recorded trace again.
    Replay {
        /// A file written by `cargo xtask harness --trace FILE`, and options of the harness's `replay` command, such as `--json FILE`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<String>,
    },
    /// Serve devices over vhost-user to a VMM that is not ours, and judge the drivers of its guest (docs/serve.md).
    #[command(disable_help_flag = true)]
    Serve {
        /// Arguments of the harness's `serve` command; `cargo xtask serve --help` lists them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Fuzz what takes bytes from a guest or from a file by somebody else.
    Fuzz {
        /// One of `tests/fuzz/targets`; all of them, one after the other, if none is given.
        target: Option<String>,
        /// How long each of them runs.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        minutes: u32,
    },
    /// What continuous integration runs by itself.
    Ci {
        #[command(subcommand)]
        command: CiCommand,
    },
    /// Generate the typed requirement ids from the catalogue.
    Catalogue {
        /// Change nothing; fail if the generated file is out of date.
        #[arg(long)]
        check: bool,
    },
}

#[derive(Subcommand)]
enum CiCommand {
    /// Fetch QEMU, a Linux kernel and busybox into target/tools, where the other commands find them; nothing is installed.
    Tools {
        /// Fetch them again although they are there.
        #[arg(long)]
        force: bool,
    },
    /// Run the harness on the KVM of an emulated machine with SVM, compare with this machine's KVM, and boot Linux there.
    Nested(nested::Options),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {}", failure.sentence());
            failure.status()
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    let root = root();
    match command {
        Command::Harness { mut arguments } => {
            let kernel = kernel_for(&root, &mut arguments)?;
            let harness = build::harness(&root)?;
            Err(build::exec(&harness, kernel.as_deref(), &arguments))
        }
        Command::Test { only, list } => prove::run(&root, &only, list),
        Command::Bench { arguments } => prove::bench(&root, &arguments),
        Command::Coverage { mut arguments } => {
            let kernel = kernel_for(&root, &mut arguments)?;
            let harness = build::harness(&root)?;
            let mut all = vec!["coverage".to_owned()];
            all.extend(arguments);
            Err(build::exec(&harness, kernel.as_deref(), &all))
        }
        Command::Explain { id } => {
            let proof = build::proof(&root)?;
            Err(build::exec(&proof, None, &["explain".to_owned(), id]))
        }
        Command::Mutants { arguments } => {
            let proof = build::proof(&root)?;
            let mut all = vec!["mutants".to_owned()];
            all.extend(arguments);
            Err(build::exec(&proof, None, &all))
        }
        Command::Replay { arguments } => {
            let harness = build::harness(&root)?;
            let mut all = vec!["replay".to_owned()];
            all.extend(arguments);
            Err(build::exec(&harness, None, &all))
        }
        Command::Serve { arguments } => {
            let harness = build::harness(&root)?;
            let mut all = vec!["serve".to_owned()];
            all.extend(arguments);
            Err(build::exec(&harness, None, &all))
        }
        Command::Fuzz { target, minutes } => fuzz::fuzz(&root, target.as_deref(), minutes),
        Command::Ci { command: CiCommand::Tools { force } } => tools::fetch(&root, force),
        Command::Ci { command: CiCommand::Nested(options) } => nested::run(&root, &options),
        Command::Catalogue { check } => {
            catalogue::run(&root, check).map_err(|e| Failure::Failed(format!("{e:#}")))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Builds the kernel that these arguments of the harness lead to, if it is one of this tree; takes the subject out of them.
fn kernel_for(root: &Path, arguments: &mut Vec<String>) -> Result<Option<PathBuf>, Failure> {
    let named = arguments.iter().any(|a| a == "--subject" || a.starts_with("--subject="));
    let subject = subject::take(arguments)?;
    // A subject that was named comes before a kernel in the environment.
    if !build::needs_kernel(arguments, named) {
        return Ok(None);
    }
    match target::named(arguments) {
        Some(arch) if *arch == target::X86_64 => build::kernel_of(root, subject).map(Some),
        Some(arch) if subject.name == subject::PARAKIT.name => build::kernel_for(root, arch).map(Some),
        Some(arch) => Err(Failure::CannotRun(format!(
            "the kernel of {} is for x86_64 only, not for {}; leave out --subject or --arch",
            subject.name, arch.name
        ))),
        None => Ok(None),
    }
}

/// The workspace root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
