//! The command line for kernels that know nothing of Parakit.
//!
//! Values are taken as texts: what is wrong with one is said in one sentence by the command, and not in several lines by the parser.

use std::path::PathBuf;

use clap::Args;

/// A run of a kernel of one's own (`--kernel FILE`); docs/testing-your-kernel.md has examples.
#[derive(Args, Debug)]
#[command(next_help_heading = "Kernels of your own")]
pub(crate) struct ForeignArguments {
    /// A device, such as `block`, `block=disk.img,ro`, `console,queue-size=64` or `net`; may be given again. Without any: block, console and
    /// entropy.
    #[arg(long = "device", value_name = "SPEC", allow_hyphen_values = true)]
    pub(crate) devices: Vec<String>,
    /// How the kernel reaches its devices: pci (the default), mmio or mmio-legacy.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) transport: Option<String>,
    /// Entries of the MSI-X table of each PCI function; 0 for functions without MSI-X.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) vectors: Option<String>,
    /// Features that the devices are to offer or to leave out, such as `+packed,-event_idx,-blk.flush`.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) offer: Option<String>,
    /// The ring: split (the default) or packed; short for `--offer -packed` or `+packed`.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(crate) ring: Option<String>,
    /// How long the kernel runs unless it ends by itself, such as `30s` (the default) or `2m`.
    #[arg(long = "for", value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) run_for: Option<String>,
    /// Its memory, such as `256M` (the default).
    #[arg(long, value_name = "BYTES", allow_hyphen_values = true)]
    pub(crate) memory: Option<String>,
    /// Its CPUs; 1 by default.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) cpus: Option<String>,
    /// Its initial RAM disk, or first module.
    #[arg(long, value_name = "FILE")]
    pub(crate) initrd: Option<PathBuf>,
    /// Its command line.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) cmdline: Option<String>,
    /// A script of what is sent to it, and when.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// The value that it has to write to the exit port.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) expect_exit: Option<String>,
}

impl ForeignArguments {
    /// The first of these options that was given.
    pub(crate) fn first(&self) -> Option<&'static str> {
        let given = [
            ("--device", !self.devices.is_empty()),
            ("--transport", self.transport.is_some()),
            ("--vectors", self.vectors.is_some()),
            ("--offer", self.offer.is_some()),
            ("--ring", self.ring.is_some()),
            ("--for", self.run_for.is_some()),
            ("--memory", self.memory.is_some()),
            ("--cpus", self.cpus.is_some()),
            ("--initrd", self.initrd.is_some()),
            ("--cmdline", self.cmdline.is_some()),
            ("--input", self.input.is_some()),
            ("--expect-exit", self.expect_exit.is_some()),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }
}
