//! The guest under another VMM: its devices meet the kit's drivers and the probes, without anything of ours between.
//!
//! The same kernel image boots there, through PVH on x86-64. What the mailbox would say goes onto the kernel's command line, and what
//! the guest would write into the mailbox comes as lines on its debug console ([`parakit_abi::mailbox::line`]). So the
//! harness sees what the guest reports, and nothing of registers and rings: devices are judged by what probes find, and
//! drivers are not judged at all.
//!
//! A VMM is not trusted: it runs as a child of its own, in a group of its own, with a deadline; what is kept of its words is
//! bounded, and it does not outlive the harness.

mod arch;
mod asked;
mod child;
mod error;
mod image;
mod machine;
mod places;
mod qemu;
mod run;
mod said;
mod template;

pub use arch::Arch;
pub use error::{TemplateError, VmmError};
pub use image::GuestImage;
pub use machine::{Machine, Way};
pub use places::Places;
pub use qemu::Qemu;
pub(crate) use run::{Ran, run};
pub use said::{Parts, Said};
pub use template::Template;

use std::path::Path;
use std::process::Command;

use crate::scenario::{Bus, DeviceKind, Mechanism, Scenario};

/// Another VMM.
#[derive(Clone, Debug)]
pub enum OtherVmm {
    /// QEMU, which is asked what it can do.
    Qemu(Qemu),
    /// Any other one. What its devices offer is its own affair.
    Template {
        /// Its command line.
        template: Template,
        /// The processor of its guests.
        arch: Arch,
    },
}

impl OtherVmm {
    /// Name, and version where it is known.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Qemu(qemu) => format!("QEMU {}", qemu.version()),
            Self::Template { template, .. } => template.program(),
        }
    }

    /// The processor of its guests.
    #[must_use]
    pub const fn arch(&self) -> Arch {
        match self {
            Self::Qemu(qemu) => qemu.arch(),
            Self::Template { arch, .. } => *arch,
        }
    }

    /// Reads the guest kernel, which has to be for the VMM's processor.
    ///
    /// # Errors
    /// [`VmmError::Kernel`], [`VmmError::WrongArch`].
    pub fn guest(&self, path: &Path) -> Result<GuestImage, VmmError> {
        let image = GuestImage::read(path)?;
        if image.arch() == self.arch() {
            return Ok(image);
        }
        Err(VmmError::WrongArch { path: path.to_owned(), is: image.arch(), wanted: self.arch() })
    }

    /// What the scenario asks for and the VMM does not have, as a part of a sentence; `None` if it can run.
    #[must_use]
    pub fn lacks(&self, scenario: &Scenario) -> Option<String> {
        let template = match self {
            Self::Qemu(qemu) => return qemu.lacks(scenario),
            Self::Template { template, .. } => template,
        };
        scenario.devices.iter().find_map(|device| match device.kind {
            DeviceKind::Block(_) if !template.takes_disk() => Some("the template has no {disk}".to_owned()),
            DeviceKind::Console { .. } if !template.takes_console() => Some("the template has no {console}".to_owned()),
            _ => None,
        })
    }

    /// The words that the guest needs on its command line to find its devices.
    fn guest_words(&self, bus: Bus) -> &'static str {
        match (self, bus) {
            (Self::Qemu(qemu), _) => qemu.guest_words(bus),
            (Self::Template { .. }, Bus::Mmio | Bus::MmioLegacy) => "",
            (Self::Template { .. }, Bus::Pci(pci)) => match pci.mechanism {
                Mechanism::Ecam => "parakit.bus=pci",
                Mechanism::Ports => "parakit.bus=pci-ports",
            },
        }
    }

    /// The command that boots `kernel` with the scenario's devices.
    fn command(&self, kernel: &Path, cmdline: &str, scenario: &Scenario, places: &Places) -> Result<Command, VmmError> {
        match self {
            Self::Qemu(qemu) => Ok(qemu.command(kernel, cmdline, scenario, places)),
            Self::Template { template, .. } => template.command(kernel, cmdline, places),
        }
    }
}
