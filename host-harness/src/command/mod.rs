//! What the command does.

mod foreign;
mod ground;
mod interrupt;
mod output;
mod outputs;
mod progress;
mod replay;
mod run;
mod screen;
mod serve;
mod terminal;
mod vmm;

pub(crate) use output::{sentence, tell};

use std::process::ExitCode;

use parakit_harness::vmm::{KvmHost, KvmOptions};

use crate::cli::{Arguments, Command};

/// Performs the command. An error is one sentence, and exit status 2.
pub(crate) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        None if arguments.vmm.asked_for() => vmm::run(&arguments),
        None => match foreign::asked_for(&arguments)? {
            Some((kernel, asked)) => foreign::run(&arguments, kernel, &asked),
            None => run::run(&arguments.run),
        },
        Some(Command::Replay { file, output }) => replay::replay(&file, &output),
        Some(Command::Coverage(run)) => run::coverage(&run),
        Some(Command::Serve(arguments)) => serve::serve(&arguments),
        Some(Command::Probe) => {
            KvmHost::open(&KvmOptions::from_env())?;
            output::put("KVM can be used here\n")?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
