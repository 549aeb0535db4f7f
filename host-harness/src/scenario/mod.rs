//! Scenarios: what is run, on which devices, and what has to come of it.
//!
//! A scenario pairs a workload of the guest ([`parakit_exercise`]) with devices, what these offer, and their
//! oddities. The same scenario runs on KVM and in loopback.

mod builtin;
mod devices;
mod filter;
pub mod foreign;
mod hooks;
mod hostile;
mod kvm;
mod loopback;
mod matrix;
mod others;
mod pairwise;
mod probes;
mod record;
mod select;
pub mod serve;
mod session;
mod under_vmm;
mod vmm;

use std::path::PathBuf;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::mailbox::PARAMS;

use crate::device::{InputKind, NetOptions};
use crate::observe::event::TransportKind;
use crate::oddity::Oddity;
use crate::transport::device::DeviceOptions;
use crate::vmm::Boot;

pub use builtin::{all, full, interactive, on_request};
pub use devices::{DeviceError, Image};
pub use filter::{Filter, FilterError};
pub use hostile::odd;
pub use others::all as others;
pub use record::{Backend, Outcome, RunRecord};
pub use select::{UnknownScenario, select};
pub use session::{Fit, Ground, Session, SessionError, dropped, hex};
pub use under_vmm::{as_offered, beyond, under_vmm};

/// One thing to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Unique name, as users write it.
    pub name: String,
    /// What it shows, in a few words.
    pub summary: String,
    /// The workload that the guest runs.
    pub workload: &'static str,
    /// Parameters of the workload.
    pub params: [u64; PARAMS],
    /// The devices, in the order of their register blocks, or of their device numbers on the bus.
    pub devices: Vec<DeviceSpec>,
    /// How the guest reaches them.
    pub bus: Bus,
    /// CPUs of the guest.
    pub cpus: u8,
    /// How the kernel is started (KVM only).
    pub boot: Boot,
    /// Time that the run gets; many times what it needs, since machines differ.
    pub deadline: Duration,
    /// What must hold besides the workload's own verdict.
    pub checks: Vec<Check>,
    /// Where it can run.
    pub place: Place,
}

/// Where a scenario can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On KVM and in loopback.
    Anywhere,
    /// On KVM only: it is about the machine or the kernel.
    Kvm,
}

/// How the guest reaches the devices of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bus {
    /// Virtio over MMIO, version 2.
    Mmio,
    /// Virtio over MMIO, version 1: the legacy interface.
    MmioLegacy,
    /// Virtio over PCI.
    Pci(Pci),
}

impl Bus {
    /// The transport that it stands for.
    #[must_use]
    pub const fn transport(self) -> TransportKind {
        match self {
            Self::Mmio => TransportKind::Mmio,
            Self::MmioLegacy => TransportKind::MmioLegacy,
            Self::Pci(_) => TransportKind::Pci,
        }
    }

    /// `mmio`, `mmio-legacy` or `pci`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.transport().name()
    }
}

/// What the PCI functions of a scenario are like, and how the guest reaches their configuration space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pci {
    /// Entries of each MSI-X table; 0 for functions without MSI-X, which interrupt through INTx.
    pub vectors: u16,
    /// How the guest reaches configuration space.
    pub mechanism: Mechanism,
}

impl Pci {
    /// A vector for each queue and more, configuration space in memory.
    pub const PLAIN: Self = Self { vectors: 8, mechanism: Mechanism::Ecam };
}

/// How a guest reaches PCI configuration space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// In memory ([`parakit_abi::boot::PCI_ECAM`]).
    Ecam,
    /// Through the ports 0xcf8 and 0xcfc.
    Ports,
}

/// A device of a scenario.
#[derive(Clone, Debug)]
pub struct DeviceSpec {
    /// Name within the run, such as `block0`.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// The device-independent features that it offers; `VIRTIO_F_VERSION_1` always is.
    pub features: Features,
    /// Largest size of its request queue (or queues).
    pub queue_size: u16,
    /// How it departs from the plain device.
    pub oddities: Vec<Oddity>,
}

/// What a device of a scenario is.
#[derive(Clone, Debug)]
pub enum DeviceKind {
    /// A block device.
    Block(BlockSpec),
    /// A console of this many columns and rows.
    Console {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// An entropy source.
    Entropy,
    /// A network device.
    Net(NetSpec),
    /// An input device.
    Input(InputSpec),
    /// A GPU.
    Gpu(GpuSpec),
    /// A socket device.
    Vsock(VsockSpec),
}

impl DeviceKind {
    /// The device type.
    #[must_use]
    pub const fn device_type(&self) -> DeviceType {
        match self {
            Self::Block(_) => DeviceType::BLOCK,
            Self::Console { .. } => DeviceType::CONSOLE,
            Self::Entropy => DeviceType::ENTROPY,
            Self::Net(_) => DeviceType::NET,
            Self::Input(_) => DeviceType::INPUT,
            Self::Gpu(_) => DeviceType::GPU,
            Self::Vsock(_) => DeviceType::VSOCK,
        }
    }
}

/// A network device of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetSpec {
    /// Its address.
    pub mac: [u8; 6],
    /// Largest payload of a frame in bytes; offered as `VIRTIO_NET_F_MTU` when given.
    pub mtu: Option<u16>,
    /// Pairs of queues, 1 to 16; with more than one, `VIRTIO_NET_F_MQ` is offered.
    pub pairs: u16,
}

/// An input device of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputSpec {
    /// What it is.
    pub kind: InputKind,
}

/// A GPU of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GpuSpec {
    /// Pixels of its display.
    pub width: u32,
    /// Pixels of its display.
    pub height: u32,
    /// Where the picture that it shows in the end goes, as a PNG.
    pub png: Option<PathBuf>,
}

/// A socket device of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VsockSpec {
    /// The guest's context id.
    pub guest_cid: u32,
}

/// A block device of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSpec {
    /// Where its bytes are.
    pub medium: Medium,
    /// Whether it is offered as read-only.
    pub read_only: bool,
    /// Request queues; with more than one, `VIRTIO_BLK_F_MQ` is offered.
    pub queues: u16,
    /// Whether `VIRTIO_BLK_F_CONFIG_WCE` is offered: the driver may switch the cache's mode.
    pub config_wce: bool,
}

impl BlockSpec {
    /// A disk in memory, with one queue.
    #[must_use]
    pub const fn plain(sectors: u64) -> Self {
        Self { medium: Medium::Memory { sectors }, read_only: false, queues: 1, config_wce: false }
    }
}

/// Where the bytes of a block device are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// In memory, this many sectors of pseudo-random bytes.
    Memory {
        /// Its size.
        sectors: u64,
    },
    /// In a temporary file of this many sectors, under a copy-on-write overlay.
    File {
        /// Its size.
        sectors: u64,
    },
}

impl Medium {
    /// Its size in sectors of 512 bytes.
    #[must_use]
    pub const fn sectors(self) -> u64 {
        match self {
            Self::Memory { sectors } | Self::File { sectors } => sectors,
        }
    }
}

/// What must hold after a run, besides the workload's own verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Check {
    /// The record `outcome` of the workload `hostile` is one of these.
    Outcome(&'static [u64]),
    /// There is a record `outcome`.
    AnyOutcome,
    /// The record `sha256` is the SHA-256 of the bytes of the first block device as they were before the run.
    Sha256,
    /// The record `sha256` is the SHA-256 of the picture on the first GPU's display ([`crate::device::Picture::sha256`]).
    Picture,
    /// An oddity came to act: a scenario in which nothing odd happened shows nothing.
    Provoked,
    /// The first console printed this.
    Prints(&'static str),
    /// The first console printed the pattern of [`parakit_abi::mailbox::signal::CONSOLE_INPUT`], as many bytes of it as the record `bytes` says, and
    /// this after it.
    Echoes(&'static str),
    /// At most this many exits to the harness for each of the record `requests` (KVM only; exits of the boot included).
    ExitsPerRequest(f64),
    /// Each notification was one access, and in operation the driver accessed no register besides.
    OneAccessPerNotification,
    /// At most this many of the record `doorbells` for each of the record `requests`.
    DoorbellsPerRequest(f64),
}

impl Scenario {
    /// Whether a device of the scenario does what the specification forbids, so that rules for devices are broken on purpose.
    #[must_use]
    pub fn is_hostile(&self) -> bool {
        self.devices.iter().flat_map(|d| &d.oddities).any(|o| !o.kind.is_legal())
    }

    /// Whether the guest drives its device by hand to see what that does about it. The device is judged then, and no driver.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        self.workload.starts_with("probe-")
    }

    /// The scenario with the time that a disk of this many bytes takes, however slow the machine.
    #[must_use]
    pub fn for_image(mut self, bytes: u64) -> Self {
        const BYTES_A_SECOND: u64 = 10 << 20;
        self.deadline += Duration::from_secs(bytes / BYTES_A_SECOND);
        self
    }

    /// Whether the scenario makes sense on a disk image of the user's: its first device is a plain block device.
    #[must_use]
    pub fn takes_image(&self) -> bool {
        self.devices
            .first()
            .is_some_and(|d| d.oddities.is_empty() && matches!(&d.kind, DeviceKind::Block(spec) if !spec.read_only))
    }

    /// Bytes that a disk image needs for the scenario: reading takes any, the other workloads work on some sectors side by side.
    #[must_use]
    pub fn least_image(&self) -> u64 {
        if self.workload == "blk-read" { 512 } else { 64 * 512 }
    }
}

impl DeviceSpec {
    /// A plain block device in memory.
    #[must_use]
    pub fn block(name: &str, sectors: u64) -> Self {
        Self::plain(name, DeviceKind::Block(BlockSpec::plain(sectors)), 256)
    }

    /// A plain console.
    #[must_use]
    pub fn console(name: &str) -> Self {
        Self::plain(name, DeviceKind::Console { cols: 80, rows: 25 }, 64)
    }

    /// A plain entropy source.
    #[must_use]
    pub fn entropy(name: &str) -> Self {
        Self::plain(name, DeviceKind::Entropy, 64)
    }

    /// A plain network device, address 52:54:00:12:34:56, MTU 1500.
    #[must_use]
    pub fn net(name: &str) -> Self {
        let NetOptions { mac, mtu, pairs, .. } = NetOptions::default();
        Self::plain(name, DeviceKind::Net(NetSpec { mac, mtu, pairs }), 256)
    }

    /// A keyboard.
    #[must_use]
    pub fn input(name: &str) -> Self {
        Self::plain(name, DeviceKind::Input(InputSpec { kind: InputKind::Keyboard }), 64)
    }

    /// A GPU with one display of 1024 by 768 pixels.
    #[must_use]
    pub fn gpu(name: &str) -> Self {
        Self::plain(name, DeviceKind::Gpu(GpuSpec { width: 1024, height: 768, png: None }), 64)
    }

    /// A socket device for a guest with context id 3.
    #[must_use]
    pub fn vsock(name: &str) -> Self {
        Self::plain(name, DeviceKind::Vsock(VsockSpec { guest_cid: 3 }), 64)
    }

    fn plain(name: &str, kind: DeviceKind, queue_size: u16) -> Self {
        Self { name: name.to_owned(), kind, features: DeviceOptions::FEATURES, queue_size, oddities: Vec::new() }
    }
}
