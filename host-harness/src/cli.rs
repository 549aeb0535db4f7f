//! The command line.

mod foreign;
mod refused;
mod serve;
mod useless;
mod vmm;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use parakit_abi::mailbox::PARAMS;
use parakit_harness::scenario::Filter;

pub(crate) use self::foreign::ForeignArguments;
pub(crate) use self::refused::parse;
pub(crate) use self::serve::ServeArguments;
pub(crate) use self::vmm::{BusChoice, DeviceChoice, VmmArguments};

/// Runs a guest, watches the virtqueue from both ends, and judges driver and device against VIRTIO 1.4.
#[derive(Debug, Parser)]
#[command(name = "parakit-harness", bin_name = "cargo xtask harness", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    #[command(flatten)]
    pub(crate) vmm: VmmArguments,
    #[command(flatten)]
    pub(crate) foreign: ForeignArguments,
}

/// Everything but running scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge a recorded trace again.
    Replay {
        /// A file written with `--trace`.
        file: PathBuf,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Run every scenario and show, per area of the specification: requirements, checked, exercised; and what is not checked, with the reason.
    Coverage(RunArguments),
    /// Serve devices over vhost-user to a VMM that is not ours, and judge the drivers of its guest; docs/serve.md has examples.
    Serve(ServeArguments),
    /// Say whether KVM can be used here; exit status 0 if so, 2 if not.
    Probe,
}

/// Running scenarios.
#[derive(Args, Debug)]
pub(crate) struct RunArguments {
    /// Scenarios to run, all of them by default; `blk-*` stands for all that begin so.
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    /// Run only those that fit: terms joined by commas, `!` for not, such as `transport:pci,ring:packed,!name~resize`; docs/report.md lists them.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true, value_parser = |text: &str| text.parse::<Filter>().map(|filter| (filter, text.to_owned())))]
    pub(crate) filter: Option<(Filter, String)>,
    /// Run every combination of transport, ring and features; by default each two of them meet in some scenario.
    #[arg(long)]
    pub(crate) full: bool,
    /// Where to run them.
    #[arg(long, value_enum, default_value_t = BackendChoice::Auto)]
    pub(crate) backend: BackendChoice,
    /// The guest kernel: an ELF file for x86-64 or a Linux bzImage. One that knows nothing of Parakit is run once, with the devices of
    /// `--device`. In place of it, `cargo xtask harness --subject NAME` builds and boots a kernel of this tree:
    /// the subjects are `parakit`, the default, `virtio-drivers` and `virtio-spec`.
    #[arg(long, value_name = "FILE", env = "PARAKIT_KERNEL")]
    pub(crate) kernel: Option<PathBuf>,
    /// Run the block scenarios on this disk image; writes go to an overlay in memory.
    #[arg(long, value_name = "IMAGE")]
    pub(crate) disk: Option<PathBuf>,
    /// Let writes reach the disk image; the scenarios that may write to it have to be named.
    #[arg(long)]
    pub(crate) disk_write: bool,
    /// Record everything that passes between driver and devices in this file, for `cargo xtask replay`.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Boot a guest whose console is this terminal; it ends at `exit`, ctrl-D or ctrl-C.
    #[arg(long)]
    pub(crate) console: bool,
    /// List the scenarios and run none.
    #[arg(long)]
    pub(crate) list: bool,
    /// Seed of every random choice, for running the same again; a new one is drawn by default.
    #[arg(long, allow_hyphen_values = true, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Multiply the deadlines of scenarios by this, on a machine that is slow.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) patience: u32,
    /// A parameter of the workload, such as `0=1000`; what it means is the workload's.
    #[arg(long = "param", value_name = "INDEX=VALUE", allow_hyphen_values = true, value_parser = parameter)]
    pub(crate) params: Vec<(usize, u64)>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// What the user gets to see of runs, on the terminal and in files.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct OutputArguments {
    /// Write the report as JSON; `-` for standard output, which then takes nothing else.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the report as JUnit XML, for the viewers of continuous integration.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write what passed between drivers and devices as trace events, for Perfetto and `chrome://tracing`.
    #[arg(long, value_name = "FILE")]
    pub(crate) perfetto: Option<PathBuf>,
    /// Write the report as one HTML file: violations, requirements, runs, and a timeline of the virtqueues of each run.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write, per area of the specification, what is checked and what the runs exercised of it, as `coverage` shows it.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Option<PathBuf>,
    /// Show the table and what went wrong, without progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Show the guest's log and what it reports.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl OutputArguments {
    /// Every option that asks for a file, and where it was asked for.
    pub(crate) fn files(&self) -> [(&'static str, Option<&Path>); 5] {
        [
            ("--json", self.json.as_deref()),
            ("--junit", self.junit.as_deref()),
            ("--coverage", self.coverage.as_deref()),
            ("--perfetto", self.perfetto.as_deref()),
            ("--html", self.html.as_deref()),
        ]
    }
}

/// Where scenarios are to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BackendChoice {
    /// On KVM where it works, else in loopback.
    Auto,
    /// A guest on KVM.
    Kvm,
    /// Driver and devices in one process, without KVM.
    Loopback,
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("it is a whole number from 0 to {}", u64::MAX))
}

fn parameter(text: &str) -> Result<(usize, u64), String> {
    let (index, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form INDEX=VALUE"))?;
    let index: usize = index.parse().map_err(|_| format!("`{index}` is no number"))?;
    let value = match value.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => value.parse(),
    };
    match value {
        Ok(value) if index < PARAMS => Ok((index, value)),
        Ok(_) => Err(format!("there are {PARAMS} parameters, from 0 to {}", PARAMS - 1)),
        Err(_) => Err(format!("`{text}` has no 64-bit number after the `=`")),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn parameters_are_index_and_number() {
        assert_eq!(parameter("1=0x10"), Ok((1, 16)));
        assert_eq!(parameter("7=9"), Ok((7, 9)));
        for bad in ["8=1", "x=1", "1", "1=", "1=-1"] {
            assert!(parameter(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn scenario_names_are_not_taken_for_commands() {
        let arguments = Arguments::try_parse_from(["x", "blk-read", "entropy"]).unwrap();
        assert_eq!(arguments.run.scenarios, ["blk-read", "entropy"]);
        assert!(arguments.command.is_none());
        assert!(matches!(Arguments::try_parse_from(["x", "probe"]).unwrap().command, Some(Command::Probe)));
    }
}
