//! The command line of `serve`.
//!
//! Values are taken as texts: what is wrong with one is said in one sentence by the command, and not in several lines by the parser.

use std::path::PathBuf;

use clap::Args;

use super::OutputArguments;

/// Devices for a VMM that is not ours.
#[derive(Args, Debug)]
pub(crate) struct ServeArguments {
    /// A device, such as `block=disk.img,write`, `entropy` or `net`; may be given again, each with a --socket of its own.
    #[arg(long = "device", value_name = "SPEC", allow_hyphen_values = true)]
    pub(crate) devices: Vec<String>,
    /// Where the VMM connects: that of the first device, then that of the second, and so on.
    #[arg(long = "socket", value_name = "PATH")]
    pub(crate) sockets: Vec<PathBuf>,
    /// Features that the devices are to offer or to leave out, such as `+packed,-event_idx,-blk.flush`.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) offer: Option<String>,
    /// How long the VMM may take to connect, such as `30s` (the default).
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) wait: Option<String>,
    /// How long the devices are served at most, from the first connection on; by default until the VMM disconnects.
    #[arg(long = "for", value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) run_for: Option<String>,
    /// End when the VMM has disconnected (the default).
    #[arg(long, conflicts_with = "again")]
    pub(crate) once: bool,
    /// Wait for another VMM when one has disconnected; ends after --for, or at ctrl-C.
    #[arg(long)]
    pub(crate) again: bool,
    /// Record everything that passes between drivers and devices in this file, for `cargo xtask replay`.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Seed of every random choice; a new one is drawn by default.
    #[arg(long, allow_hyphen_values = true, value_parser = super::seed)]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}
