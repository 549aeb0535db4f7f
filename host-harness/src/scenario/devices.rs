//! Devices of a scenario, made.

use std::fs::{File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use parakit_abi::device::block::{SECTOR_SIZE, feature as block_feature};
use parakit_abi::feature::{self, Features};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::{BlockSpec, Check, DeviceKind, DeviceSpec, Medium, Scenario};
use crate::device::{
    Block, BlockOptions, Console, ConsoleBuffer, ConsoleOptions, DeviceModel, Disk as _, DiskError, DiskTrouble,
    Entropy, FileDisk, Gpu, GpuOptions, Input, InputOptions, MemoryDisk, Net, NetOptions, Recorder, Screen, Vsock,
    VsockOptions, WriteMode,
};
use crate::oddity::Oddities;

/// A disk image of the user's, in place of the disks of scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The file.
    pub path: PathBuf,
    /// Whether writes reach the file.
    pub write: bool,
}

impl Image {
    /// Checks, before anything runs, that the image can be used as it is meant to be. Its size in bytes.
    ///
    /// # Errors
    /// [`DiskError`], with what to do about it.
    pub fn check(&self) -> Result<u64, DiskError> {
        match FileDisk::open(&self.path, self.mode(), DiskTrouble::new())?.len() {
            0 => Err(DiskError::Empty { path: self.path.clone() }),
            bytes => Ok(bytes),
        }
    }

    fn mode(&self) -> WriteMode {
        if self.write { WriteMode::Through } else { WriteMode::Overlay }
    }
}

/// A device of a scenario could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The disk image.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// A temporary file.
    #[error(
        "a temporary disk of {bytes} bytes could not be made ({source}); free some space in the temporary directory, or set TMPDIR"
    )]
    Temporary {
        /// Its size.
        bytes: u64,
        /// Why.
        source: io::Error,
    },
    /// The picture of a display.
    #[error("the picture {} cannot be written ({source}); name a file in a directory that you may write to", path.display())]
    Picture {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Reading an image.
    #[error("disk image {} cannot be read ({source}); check the medium it is on", path.display())]
    Read {
        /// The image.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A picture to be: the file is made before the run, and takes its place when the picture is whole.
pub(super) struct Png {
    device: String,
    path: PathBuf,
    file: NamedTempFile,
    screen: Screen,
}

impl Png {
    fn begin(device: &str, path: &Path, screen: Screen) -> Result<Self, DeviceError> {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new()
            .prefix(".parakit-")
            // As the user's own files are, not as temporary ones.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(directory)
            .map_err(|source| DeviceError::Picture { path: path.to_owned(), source })?;
        Ok(Self { device: device.to_owned(), path: path.to_owned(), file, screen })
    }

    /// Writes the picture. When there is none, says so.
    pub(super) fn finish(self) -> Result<Option<String>, DeviceError> {
        let Some(picture) = self.screen.picture() else {
            let Self { device, path, .. } = self;
            return Ok(Some(format!("{device} showed no picture, so {} was not written", path.display())));
        };
        let fail = |source| DeviceError::Picture { path: self.path.clone(), source };
        picture.write_png(io::BufWriter::new(self.file.as_file())).map_err(fail)?;
        self.file.persist(&self.path).map_err(|error| fail(error.error))?;
        Ok(None)
    }
}

/// A device, ready to be put behind a transport.
pub(super) struct Built {
    pub(super) name: String,
    pub(super) model: Box<dyn DeviceModel>,
    pub(super) oddities: Oddities,
    pub(super) features: Features,
    /// Of the features that the model has, those that it does not offer.
    pub(super) withheld: Features,
    /// What a console printed.
    pub(super) output: ConsoleBuffer,
    /// Trouble with the disk that the user has to know of.
    pub(super) trouble: DiskTrouble,
    /// What a GPU shows.
    pub(super) screen: Option<Screen>,
    /// What is made of what a GPU shows in the end.
    pub(super) png: Option<Png>,
    /// SHA-256 of the disk before the run, where the scenario asks for it.
    pub(super) before: Option<[u8; 32]>,
    /// Removed when the run is over.
    _temporary: Option<NamedTempFile>,
}

/// Makes the devices of a scenario; `image` takes the place of its first disk.
pub(super) fn build(
    scenario: &Scenario,
    image: Option<&Image>,
    seed: u64,
    terminal: bool,
    cancelled: &AtomicBool,
) -> Result<Vec<Built>, DeviceError> {
    let hash = scenario.checks.contains(&Check::Sha256);
    let mut image = image;
    scenario.devices.iter().map(|spec| one(spec, image.take(), seed, hash, terminal, cancelled)).collect()
}

/// Makes a device. `hash`: the disk's contents are hashed first; `terminal`: consoles print on standard output.
pub(super) fn one(
    spec: &DeviceSpec,
    image: Option<&Image>,
    seed: u64,
    hash: bool,
    terminal: bool,
    cancelled: &AtomicBool,
) -> Result<Built, DeviceError> {
    let output = ConsoleBuffer::default();
    let trouble = DiskTrouble::new();
    let (mut before, mut temporary, mut png) = (None, None, None);
    let mut shown = None;
    let model: Box<dyn DeviceModel> = match &spec.kind {
        DeviceKind::Console { cols, rows } => {
            let writer: Box<dyn io::Write + Send> =
                if terminal { Box::new(io::stdout()) } else { Box::new(output.clone()) };
            let size = Some((*cols, *rows));
            Box::new(Console::new(
                ConsoleOptions { queue_size: spec.queue_size, size, ..ConsoleOptions::default() },
                writer,
            ))
        }
        DeviceKind::Entropy => Box::new(Entropy::new(spec.queue_size, ENTROPY_LIMIT)),
        DeviceKind::Net(net) => {
            let options = NetOptions {
                mac: net.mac,
                mtu: net.mtu,
                pairs: net.pairs,
                queue_size: spec.queue_size,
                ..NetOptions::default()
            };
            Box::new(Net::new(options, Recorder::default()))
        }
        DeviceKind::Input(input) => {
            let options = InputOptions { queue_size: spec.queue_size, ..InputOptions::new(input.kind) };
            Box::new(Input::new(options, Recorder::default()))
        }
        DeviceKind::Gpu(gpu) => {
            let options = GpuOptions {
                width: gpu.width,
                height: gpu.height,
                queue_size: spec.queue_size,
                ..GpuOptions::default()
            };
            let screen = Screen::default();
            if let Some(path) = &gpu.png {
                png = Some(Png::begin(&spec.name, path, screen.clone())?);
            }
            shown = Some(screen.clone());
            Box::new(Gpu::new(options, screen))
        }
        DeviceKind::Vsock(vsock) => {
            Box::new(Vsock::new(VsockOptions { guest_cid: vsock.guest_cid, queue_size: spec.queue_size }))
        }
        DeviceKind::Block(block) => {
            let options = block_options(spec, block);
            match (image, block.medium) {
                (Some(image), _) => {
                    let disk = FileDisk::open(&image.path, image.mode(), trouble.clone())?;
                    if hash {
                        before = hash_of(&image.path, cancelled)?;
                    }
                    Box::new(Block::new(Box::new(disk), options))
                }
                (None, Medium::Memory { sectors }) => {
                    let bytes = contents(seed, sectors);
                    before = hash.then(|| Sha256::digest(&bytes).into());
                    Box::new(Block::new(Box::new(MemoryDisk::new(bytes)), options))
                }
                (None, Medium::File { sectors }) => {
                    let bytes = contents(seed, sectors);
                    before = hash.then(|| Sha256::digest(&bytes).into());
                    let file = temporary_disk(&bytes)?;
                    let disk = FileDisk::open(file.path(), WriteMode::Overlay, trouble.clone())?;
                    temporary = Some(file);
                    Box::new(Block::new(Box::new(disk), options))
                }
            }
        }
    };
    let features = spec.features.with(Features::bit(feature::VERSION_1));
    Ok(Built {
        name: spec.name.clone(),
        model,
        oddities: Oddities::new(&spec.oddities),
        features,
        withheld: Features::NONE,
        output,
        trouble,
        screen: shown,
        png,
        before,
        _temporary: temporary,
    })
}

/// Most bytes that the entropy source gives at a time: fewer than drivers ask for, which they have to expect.
const ENTROPY_LIMIT: usize = 1024;

fn block_options(spec: &DeviceSpec, block: &BlockSpec) -> BlockOptions {
    let mut options = BlockOptions { queue_size: spec.queue_size, queues: block.queues, ..BlockOptions::default() };
    if block.queues > 1 {
        options.features = options.features.with(Features::bit(block_feature::MQ));
    }
    if block.config_wce {
        options.features = options.features.with(Features::bit(block_feature::CONFIG_WCE));
    }
    if block.read_only {
        options.features = options.features.with(Features::bit(block_feature::RO));
    }
    options
}

/// Bytes that differ everywhere and follow from the seed.
pub(super) fn contents(seed: u64, sectors: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let words = sectors as usize * SECTOR_SIZE / 8;
    let mut bytes = Vec::with_capacity(words * 8);
    for _ in 0..words {
        // xorshift64: what matters is only that no two sectors are alike.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes
}

fn temporary_disk(bytes: &[u8]) -> Result<NamedTempFile, DeviceError> {
    let fail = |source| DeviceError::Temporary { bytes: bytes.len() as u64, source };
    let mut file = NamedTempFile::with_prefix("parakit-disk-").map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    Ok(file)
}

/// SHA-256 of a file; `None` if the user ended the run before it was known.
fn hash_of(path: &Path, cancelled: &AtomicBool) -> Result<Option<[u8; 32]>, DeviceError> {
    let fail = |source| DeviceError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(fail)?;
    let mut sha = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    while !cancelled.load(Ordering::Relaxed) {
        match file.read(&mut piece).map_err(fail)? {
            0 => return Ok(Some(sha.finalize().into())),
            count => sha.update(&piece[..count]),
        }
    }
    Ok(None)
}
