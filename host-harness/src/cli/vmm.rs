//! The part of the command line that is about other VMMs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use parakit_harness::other_vmm::{Arch, Template};

/// Running the guest under another VMM, on that one's devices.
#[derive(Args, Debug)]
#[command(next_help_heading = "Other VMMs")]
pub(crate) struct VmmArguments {
    /// Run the guest under this VMM and judge its devices by what probes in the guest see of them.
    #[arg(long, value_enum, conflicts_with_all = ["vmm_command", "disk", "disk_write", "console", "backend"])]
    pub(crate) vmm: Option<VmmChoice>,
    /// The QEMU to run; by default the one on the path.
    #[arg(long, value_name = "PATH")]
    pub(crate) qemu: Option<PathBuf>,
    /// Run the guest under any other VMM: its command line, with {kernel}, {cmdline}, {disk}, {console} and {file:PATH} where these go; see
    /// docs/other-vmms.md.
    #[arg(long, value_name = "TEMPLATE", value_parser = |text: &str| text.parse::<Template>(), conflicts_with_all = ["disk", "disk_write", "console", "backend", "full"])]
    pub(crate) vmm_command: Option<Template>,
    /// How the guest finds the devices of `--vmm-command`.
    #[arg(long, value_enum, default_value_t = BusChoice::Mmio)]
    pub(crate) vmm_bus: BusChoice,
    /// The devices that `--vmm-command` gives the guest.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "block")]
    pub(crate) vmm_devices: Vec<DeviceChoice>,
    /// The processor of the guest.
    #[arg(long, value_parser = arch, default_value = "x86_64")]
    pub(crate) arch: Arch,
    /// Seconds that each run under another VMM gets, instead of what a slow machine needs.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) deadline: Option<u32>,
}

/// VMMs whose command lines the harness knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VmmChoice {
    /// QEMU, without KVM.
    Qemu,
}

/// How a guest finds its devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BusChoice {
    /// On MMIO, as the VMM says on the command line in Linux's words.
    Mmio,
    /// On the PCI bus, configuration space in memory at the place that the template's command line says.
    Pci,
    /// On the PCI bus, configuration space through ports.
    PciPorts,
}

/// Devices that the kit drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeviceChoice {
    /// A disk.
    Block,
    /// A console.
    Console,
    /// A source of random bytes.
    Entropy,
}

impl VmmArguments {
    /// Whether another VMM is asked for.
    pub(crate) const fn asked_for(&self) -> bool {
        self.vmm.is_some() || self.vmm_command.is_some()
    }
}

fn arch(text: &str) -> Result<Arch, String> {
    let names = || Arch::ALL.map(Arch::name).join(", ");
    Arch::ALL.into_iter().find(|arch| arch.name() == text).ok_or_else(|| format!("there are {}", names()))
}
