//! `parakit-harness`: runs scenarios, judges driver and device, says what it saw.
//!
//! Exit status: 0 no MUST was violated and nothing failed; 1 something was; 2 it could not run, or was ended by the user.

mod cli;
mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse().and_then(command::perform) {
        Ok(status) => status,
        Err(error) => {
            // One sentence; no backtrace, whatever the environment says.
            command::tell(format_args!("error: {}\n", command::sentence(&error)));
            ExitCode::from(2)
        }
    }
}
