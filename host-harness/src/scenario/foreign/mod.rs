//! The run of somebody else's kernel: the devices that it is given, what these offer, what is sent to it, and for how long it runs.

mod device;
mod offer;
mod player;
mod run;
mod script;
pub mod size;

use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::time::Duration;

pub use device::{Device, DeviceSyntax};
pub use offer::{Offer, OfferError};
pub use script::{Script, ScriptError};

use super::Image;
use crate::observe::event::TransportKind;
use crate::vmm::Kernel;

/// A run of a kernel that knows nothing of Parakit.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// What reports call it.
    pub name: String,
    /// Bytes of guest memory.
    pub memory_bytes: u64,
    /// CPUs of the guest.
    pub cpus: u16,
    /// The initial RAM disk, or first module.
    pub initrd: Option<Vec<u8>>,
    /// The command line; over MMIO the harness adds where the devices are.
    pub command_line: String,
    /// How the kernel reaches its devices.
    pub transport: TransportKind,
    /// Entries of the MSI-X table of each PCI function, 0 for none; by default one for each queue and one more, 8 at least.
    pub vectors: Option<u16>,
    /// Its devices, in their order on the bus; none stands for [`Foreign::default_devices`].
    pub devices: Vec<Device>,
    /// What the devices offer besides, or leave out.
    pub offer: Offer,
    /// How long it runs, unless it ends before.
    pub run_for: Duration,
    /// What it is sent.
    pub script: Script,
    /// The value that it has to write to the exit port.
    pub expect_exit: Option<u32>,
}

/// A run that makes no sense: one sentence, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum ForeignError {
    /// What devices are to offer.
    #[error(transparent)]
    Offer(#[from] OfferError),
    /// The input script.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// Two devices of one name.
    #[error("two devices are called `{name}`; give one of them another name")]
    SameName {
        /// The name.
        name: String,
    },
    /// Two devices on one disk image, of which one writes.
    #[error("{first} and {second} are on one file, {}, and writes would reach it; give each a file of its own, or leave out `write`", path.display())]
    SameImage {
        /// A device.
        first: String,
        /// The other one.
        second: String,
        /// The image.
        path: PathBuf,
    },
    /// Vectors without PCI.
    #[error(
        "MSI-X vectors are of PCI, and the transport is {transport}; leave out the number of vectors, or choose pci"
    )]
    VectorsWithoutPci {
        /// The transport.
        transport: &'static str,
    },
    /// More vectors than a table has.
    #[error("an MSI-X table of {vectors} vectors is not possible; it has up to 2048")]
    Vectors {
        /// Asked for.
        vectors: u16,
    },
    /// No time to run.
    #[error("a kernel that runs for no time does nothing; give it a second at least")]
    NoTime,
    /// A kernel that runs scenarios.
    #[error("{kernel} speaks Parakit's mailbox and runs scenarios; leave out what is for other kernels")]
    Mailbox {
        /// The kernel.
        kernel: String,
    },
    /// A transport that needs a VMM of somebody else's.
    #[error(
        "over vhost-user the kernel runs in a VMM of your own; serve it its devices with `cargo xtask serve`, or choose another transport"
    )]
    VhostUser,
    /// No guest in loopback.
    #[error("loopback has no guest, and a kernel needs one; run it on KVM")]
    Loopback,
}

impl Foreign {
    /// Time that a kernel runs unless the user says otherwise.
    pub const RUN_FOR: Duration = Duration::from_secs(30);
    /// Memory that a kernel has unless the user says otherwise: 256 MiB.
    pub const MEMORY: u64 = 256 << 20;

    /// A run of this kernel with the default devices over PCI.
    #[must_use]
    pub fn new(kernel: &Kernel) -> Self {
        Self {
            name: run::name_of(kernel),
            memory_bytes: Self::MEMORY,
            cpus: 1,
            initrd: None,
            command_line: String::new(),
            transport: TransportKind::Pci,
            vectors: None,
            devices: Vec::new(),
            offer: Offer::default(),
            run_for: Self::RUN_FOR,
            script: Script::default(),
            expect_exit: None,
        }
    }

    /// A disk in memory, a console, a source of entropy.
    #[must_use]
    pub fn default_devices() -> Vec<Device> {
        vec![Device::block(), Device::console(), Device::entropy()]
    }

    /// Whether the run makes sense for this kernel, as far as can be told before it.
    ///
    /// # Errors
    /// The first thing that makes none.
    pub fn check(&self, kernel: &Kernel) -> Result<(), ForeignError> {
        self.prepared(kernel).map(|_| ())
    }

    /// The devices with their names and offers.
    fn prepared(&self, kernel: &Kernel) -> Result<Vec<Device>, ForeignError> {
        let name = || kernel.name().to_owned();
        if kernel.speaks_mailbox() {
            return Err(ForeignError::Mailbox { kernel: name() });
        }
        if self.run_for.is_zero() {
            return Err(ForeignError::NoTime);
        }
        match (self.vectors, self.transport) {
            (Some(vectors), TransportKind::Pci) if vectors > 2048 => return Err(ForeignError::Vectors { vectors }),
            (_, TransportKind::VhostUser) => return Err(ForeignError::VhostUser),
            (None, _) | (_, TransportKind::Pci) => {}
            (_, TransportKind::Mmio) => return Err(ForeignError::VectorsWithoutPci { transport: "mmio" }),
            (_, TransportKind::MmioLegacy) => return Err(ForeignError::VectorsWithoutPci { transport: "mmio-legacy" }),
        }
        let mut devices = if self.devices.is_empty() { Self::default_devices() } else { self.devices.clone() };
        self.offer.check(&devices, self.transport)?;
        devices.iter_mut().for_each(|device| self.offer.apply(device, self.transport));
        name_all(&mut devices)?;
        images_apart(&devices)?;
        self.script.check(&devices)?;
        Ok(devices)
    }
}

/// Holds that what a device writes to its disk image is not under another device. By whatever name or link: the file counts.
fn images_apart(devices: &[Device]) -> Result<(), ForeignError> {
    // One that is not there is told of when it is opened.
    let file = |image: &Image| image.path.metadata().ok().map(|file| (file.dev(), file.ino()));
    let images = devices.iter().filter_map(|device| Some((device, device.image()?, file(device.image()?)?)));
    let images: Vec<_> = images.collect();
    for (i, (second, image, at)) in images.iter().enumerate() {
        let shared = images[..i].iter().find(|(_, other, there)| at == there && (image.write || other.write));
        if let Some((first, ..)) = shared {
            let name = |device: &Device| device.spec.name.clone();
            return Err(ForeignError::SameImage { first: name(first), second: name(second), path: image.path.clone() });
        }
    }
    Ok(())
}

/// Gives names to the devices that have none.
pub(super) fn name_all(devices: &mut [Device]) -> Result<(), ForeignError> {
    for i in 0..devices.len() {
        if devices[i].spec.name.is_empty() {
            let stem = devices[i].stem();
            let number = devices[..i].iter().filter(|d| d.stem() == stem).count();
            devices[i].spec.name = format!("{stem}{number}");
        }
        let name = &devices[i].spec.name;
        if devices.iter().enumerate().any(|(k, other)| k != i && other.spec.name == *name) {
            return Err(ForeignError::SameName { name: name.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_names_and_no_two_the_same() {
        let mut devices = vec![Device::block(), Device::console(), Device::block(), Device::entropy().name("seed")];
        name_all(&mut devices).unwrap();
        let names: Vec<_> = devices.iter().map(|d| d.spec.name.as_str()).collect();
        assert_eq!(names, ["block0", "console0", "block1", "seed"]);
        let mut devices = vec![Device::block().name("x"), Device::console().name("x")];
        assert_eq!(
            name_all(&mut devices).unwrap_err().to_string(),
            "two devices are called `x`; give one of them another name"
        );
        let mut devices = vec![Device::block(), Device::console().name("block0")];
        assert!(name_all(&mut devices).is_err());
    }
}
