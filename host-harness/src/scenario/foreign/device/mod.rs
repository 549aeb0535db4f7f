//! A device of a foreign run.

mod text;

use std::path::{Path, PathBuf};

use parakit_abi::device::block::SECTOR_SIZE;

use crate::oddity::Oddity;
use crate::scenario::{DeviceKind, DeviceSpec, Image, Medium};

pub use text::DeviceSyntax;

/// A device of a foreign run: what it is, and the disk image behind it if there is one.
///
/// ```
/// use parakit_harness::scenario::foreign::Device;
/// let disk: Device = "block=disk.img,ro,queue-size=64".parse().unwrap();
/// assert_eq!(disk.image().unwrap().path.to_str(), Some("disk.img"));
/// assert_eq!(disk, Device::image_file("disk.img").read_only().queue_size(64));
/// let error = "blok".parse::<Device>().unwrap_err();
/// assert!(error.to_string().contains("did you mean `block`?"));
/// ```
#[derive(Clone, Debug)]
pub struct Device {
    pub(super) spec: DeviceSpec,
    pub(super) image: Option<Image>,
}

/// Descriptors of a queue for front ends: as many as their devices have at most over MMIO.
const FRONT_END_SIZE: u16 = 1024;
/// Request queues for front ends, which ask for one a CPU of the guest.
const FRONT_END_QUEUES: u16 = 64;
/// Most pairs of queues of a network device.
const MOST_PAIRS: u16 = 16;
/// Sectors of a disk in memory unless the user says otherwise: 8 MiB.
const SECTORS: u64 = (8 << 20) / SECTOR_SIZE as u64;

impl Device {
    /// A disk in memory: 8 MiB of bytes that follow from the seed.
    #[must_use]
    pub fn block() -> Self {
        DeviceSpec::block("", SECTORS).into()
    }

    /// A disk in a file. Writes go to an overlay in memory, unless [`Device::write_through`] says otherwise.
    #[must_use]
    pub fn image_file(path: impl Into<PathBuf>) -> Self {
        Self { image: Some(Image { path: path.into(), write: false }), ..Self::block() }
    }

    /// A console of 80 columns and 25 rows.
    #[must_use]
    pub fn console() -> Self {
        DeviceSpec::console("").into()
    }

    /// A source of entropy.
    #[must_use]
    pub fn entropy() -> Self {
        DeviceSpec::entropy("").into()
    }

    /// A network device, on a link with a host that answers at 10.0.2.2.
    #[must_use]
    pub fn net() -> Self {
        DeviceSpec::net("").into()
    }

    /// A keyboard.
    #[must_use]
    pub fn input() -> Self {
        DeviceSpec::input("").into()
    }

    /// A GPU with a display of 1024 by 768 pixels.
    #[must_use]
    pub fn gpu() -> Self {
        DeviceSpec::gpu("").into()
    }

    /// A socket device, for a guest with context id 3.
    #[must_use]
    pub fn vsock() -> Self {
        DeviceSpec::vsock("").into()
    }

    /// Where the picture goes that a GPU shows last, as a PNG; no other device changes.
    #[must_use]
    pub fn picture(mut self, path: impl Into<PathBuf>) -> Self {
        if let DeviceKind::Gpu(gpu) = &mut self.spec.kind {
            gpu.png = Some(path.into());
        }
        self
    }

    /// Its name in the run; by default its type and a number, such as `block0`.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.spec.name = name.to_owned();
        self
    }

    /// The largest size of its queues, in descriptors.
    #[must_use]
    pub fn queue_size(mut self, size: u16) -> Self {
        self.spec.queue_size = size;
        self
    }

    /// A block device that is read-only; no other device changes.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        if let DeviceKind::Block(block) = &mut self.spec.kind {
            block.read_only = true;
        }
        self
    }

    /// What the guest writes reaches the disk image; without one nothing changes.
    #[must_use]
    pub fn write_through(mut self) -> Self {
        if let Some(image) = &mut self.image {
            image.write = true;
        }
        self
    }

    /// The size of a disk in memory, in sectors of 512 bytes; no other device changes.
    #[must_use]
    pub fn sectors(mut self, sectors: u64) -> Self {
        if let DeviceKind::Block(block) = &mut self.spec.kind {
            block.medium = Medium::Memory { sectors };
        }
        self
    }

    /// Request queues of a block device; no other device changes.
    #[must_use]
    pub fn queues(mut self, queues: u16) -> Self {
        if let DeviceKind::Block(block) = &mut self.spec.kind {
            block.queues = queues;
        }
        self
    }

    /// A departure from the plain device; several may be added.
    #[must_use]
    pub fn oddity(mut self, oddity: impl Into<Oddity>) -> Self {
        self.spec.oddities.push(oddity.into());
        self
    }

    /// The disk image behind it.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// Where the last picture of a GPU goes, if anywhere.
    #[must_use]
    pub fn picture_file(&self) -> Option<&Path> {
        match &self.spec.kind {
            DeviceKind::Gpu(gpu) => gpu.png.as_deref(),
            _ => None,
        }
    }

    /// The device as a scenario has it.
    #[must_use]
    pub fn spec(&self) -> &DeviceSpec {
        &self.spec
    }

    /// A device in the form of [`Device::from_str`](std::str::FromStr::from_str), for front ends of vhost-user, which refuse to start queues that are larger or more than the
    /// back end's: unless the text says otherwise there are as many as any of them asks for by itself.
    ///
    /// # Errors
    /// [`DeviceSyntax`].
    pub fn for_front_end(text: &str) -> Result<Self, DeviceSyntax> {
        Self::parse(text, |device| {
            let mut device = device.queue_size(FRONT_END_SIZE).queues(FRONT_END_QUEUES);
            if let DeviceKind::Net(net) = &mut device.spec.kind {
                net.pairs = MOST_PAIRS;
            }
            device
        })
    }

    /// What its default name begins with.
    pub(super) fn stem(&self) -> &'static str {
        match self.spec.kind {
            DeviceKind::Block(_) => "block",
            DeviceKind::Console { .. } => "console",
            DeviceKind::Entropy => "entropy",
            DeviceKind::Net(_) => "net",
            DeviceKind::Input(_) => "input",
            DeviceKind::Gpu(_) => "gpu",
            DeviceKind::Vsock(_) => "vsock",
        }
    }
}

impl PartialEq for Device {
    /// Whether they are described alike.
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

impl From<DeviceSpec> for Device {
    fn from(spec: DeviceSpec) -> Self {
        Self { spec, image: None }
    }
}
