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
            // One sentence, the causes in it, each once; no backtrace, whatever the environment says.
            let mut sentence = error.to_string();
            for cause in error.chain().skip(1).map(ToString::to_string) {
                if !sentence.contains(&cause) {
                    sentence = format!("{sentence}: {cause}");
                }
            }
            command::tell(format_args!("error: {sentence}\n"));
            ExitCode::from(2)
        }
    }
}
