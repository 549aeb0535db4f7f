//! `parakit-harness`: runs scenarios, judges driver and device, says what it saw.
//!
//! Exit status: 0 no MUST was violated and nothing failed; 1 something was; 2 it could not run, or was ended by the user.

mod cli;
mod command;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match command::perform(cli::Arguments::parse()) {
        Ok(status) => status,
        Err(error) => {
            // One sentence, the causes in it; no backtrace, whatever the environment says.
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
