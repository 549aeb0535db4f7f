//! `proof`: explains a requirement, and runs the mutants. `cargo xtask explain` and `cargo xtask mutants` build and run it.
//!
//! Exit status: 0 all well; 1 a mutant was missed, or too few were caught by the right requirement; 2 it could not run.

use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use parakit_harness::placed::PlacedFile;
use parakit_tests::proof::{Totals, explain, json, matrix, run};

/// What proves the judge.
#[derive(Parser)]
#[command(name = "proof", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Explain a requirement: what it says, how it is checked, which mutants prove the check, where it is exercised.
    Explain {
        /// Its id, such as VQ-SPLIT-DRV-AVAIL-1, in any case.
        id: String,
    },
    /// Run the mutants and show what caught them.
    Mutants {
        /// Run only those with this in the requirement's id or in their name.
        filter: Option<String>,
        /// Show every mutant and where it ran.
        #[arg(long, short)]
        verbose: bool,
        /// Write the matrix to this file, as JSON.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().command) {
        Ok(status) => status,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn perform(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Explain { id } => {
            let id = explain::find(&id).map_err(|e| e.to_string())?;
            put(&explain::explain(id).map_err(|e| e.to_string())?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Mutants { filter, verbose, json: file } => {
            let rows = run(filter.as_deref());
            if rows.is_empty() {
                let filter = filter.unwrap_or_default();
                return Err(format!(
                    "no mutant has `{filter}` in its name or in the id of its requirement; leave the filter out to see all"
                ));
            }
            if let Some(file) = file {
                write(&file, &format!("{:#}\n", json(&rows)))?;
            }
            put(&matrix(&rows, verbose))?;
            Ok(ExitCode::from(u8::from(!Totals::of(&rows).is_enough())))
        }
    }
}

/// Writes the whole file or leaves what was there.
fn write(file: &std::path::Path, text: &str) -> Result<(), String> {
    let cannot = |e: &std::io::Error| format!("cannot write {}: {e}; choose another place with --json", file.display());
    let mut placed = PlacedFile::create(file).map_err(|e| cannot(&e))?;
    placed.write_all(text.as_bytes()).and_then(|()| placed.finish()).map_err(|e| cannot(&e))
}

/// Prints; whoever has read enough may stop.
fn put(text: &str) -> Result<(), String> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write the result: {e}")),
        _ => Ok(()),
    }
}
