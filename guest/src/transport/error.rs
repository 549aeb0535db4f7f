//! What can go wrong while a device is brought up.

use core::fmt;

use parakit_abi::{feature::Features, status::DeviceStatus};

use super::pci::VectorError;
use crate::platform::DmaError;

/// The device did not finish its reset while the platform was willing to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitError {
    /// What the status field read last, instead of 0.
    pub status: DeviceStatus,
    /// How often it was read.
    pub polls: u64,
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status still reads {} after a reset and {} looks", self.status, self.polls)
    }
}

impl core::error::Error for WaitError {}

/// Why a device cannot be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// It does not reset.
    Reset(WaitError),
    /// As many devices were started as `usize` can count.
    InstancesExhausted,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reset(e) => e.fmt(f),
            Self::InstancesExhausted => f.write_str("device instances cannot be numbered any further"),
        }
    }
}

impl core::error::Error for StartError {}

/// Why negotiation ended; FAILED was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FeatureError {
    /// The device does not offer `VIRTIO_F_VERSION_1`: a legacy device.
    Legacy {
        /// What it offers.
        offered: Features,
    },
    /// Features that the driver cannot do without cannot be accepted.
    Missing {
        /// Those features.
        missing: Features,
        /// What the device offers.
        offered: Features,
    },
    /// Interrupts for configuration changes cannot be mapped.
    Vector(VectorError),
    /// The device did not keep FEATURES_OK: it refuses this subset.
    Refused {
        /// The subset.
        accepted: Features,
        /// What the status field read.
        status: DeviceStatus,
    },
}

impl fmt::Display for FeatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Legacy { offered } => {
                write!(f, "the device does not offer VERSION_1 (it offers {:#x}): a legacy device", offered.0)
            }
            Self::Missing { missing, offered } => {
                write!(f, "required features {:#x} are not to be had (offered: {:#x})", missing.0, offered.0)
            }
            Self::Refused { accepted, status } => {
                write!(f, "the device refused features {:#x}: status reads {status} without FEATURES_OK", accepted.0)
            }
            Self::Vector(e) => e.fmt(f),
        }
    }
}

impl core::error::Error for FeatureError {}

/// Why a queue cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueueSetupError {
    /// The device has no such queue.
    Absent {
        /// Its index.
        queue: u16,
    },
    /// It is said to be in use already.
    InUse {
        /// Its index.
        queue: u16,
    },
    /// No queue can be of the size that the device names: more than 32768, or, for a split ring over PCI, no power of two
    /// (§4.1.4.3.1).
    Size {
        /// Its index.
        queue: u16,
        /// The size.
        size: u16,
    },
    /// The place where it is notified is not aligned, or not inside the notification structure.
    NotifyOffset {
        /// Its index.
        queue: u16,
        /// Offset of the place in the structure, in bytes.
        offset: u64,
        /// Bytes of the structure.
        len: u64,
    },
    /// A legacy device cannot be given a queue at this address: only a page from 1 to 2^32 - 1.
    Address {
        /// Its index.
        queue: u16,
        /// Where the device sees the queue's memory.
        address: u64,
    },
    /// Its interrupts cannot be mapped.
    Vector(VectorError),
    /// What was given as the proof of its reset is not about one queue of this device.
    NotReset,
    /// There are no slots, or a queue of size 0 was asked for.
    NoSlots,
    /// No memory for the ring.
    Dma(DmaError),
    /// The platform's memory is not aligned as asked for.
    Misaligned {
        /// Where the device sees it.
        address: u64,
        /// The alignment asked for.
        align: usize,
    },
    /// As many queues or device instances were made as can be numbered.
    Exhausted,
    /// The room asked for at both ends of each chain is more than the ring's memory can have.
    TooMuchRoom,
}

impl fmt::Display for QueueSetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent { queue } => write!(f, "the device has no queue {queue}"),
            Self::InUse { queue } => write!(f, "queue {queue} is in use before it was set up"),
            Self::Size { queue, size } => write!(f, "the device says that queue {queue} has {size} entries"),
            Self::NotifyOffset { queue, offset, len } => {
                write!(f, "queue {queue} is notified at {offset:#x} of a structure of {len:#x} bytes")
            }
            Self::Address { queue, address } => {
                write!(f, "queue {queue} at {address:#x} is out of the reach of a legacy device")
            }
            Self::Vector(e) => e.fmt(f),
            Self::NotReset => f.write_str("the proof of a reset is not about one queue of this device"),
            Self::NoSlots => f.write_str("a queue needs at least one slot"),
            Self::Dma(e) => write!(f, "no memory for the ring: {e}"),
            Self::Misaligned { address, align } => {
                write!(f, "the platform's memory at {address:#x} is not aligned to {align}")
            }
            Self::Exhausted => f.write_str("queues cannot be numbered any further"),
            Self::TooMuchRoom => f.write_str("header and trailer room of all chains exceed the address space"),
        }
    }
}

impl core::error::Error for QueueSetupError {}

impl From<DmaError> for QueueSetupError {
    fn from(e: DmaError) -> Self {
        Self::Dma(e)
    }
}

impl From<VectorError> for QueueSetupError {
    fn from(e: VectorError) -> Self {
        Self::Vector(e)
    }
}

/// Why a single queue was not reset (VIRTIO 1.4 §2.6.1). The device may still use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueueResetError {
    /// `VIRTIO_F_RING_RESET` was not negotiated.
    NotNegotiated,
    /// No queue of that index is in use.
    NoQueue {
        /// The index.
        queue: u16,
    },
    /// The device did not finish while the platform was willing to wait.
    Stuck {
        /// Index of the queue.
        queue: u16,
        /// What the reset register reads, instead of 0.
        reads: u32,
        /// How often it was read.
        polls: u64,
    },
    /// The device says that the reset is done, and that the queue is in use.
    StillEnabled {
        /// Index of the queue.
        queue: u16,
    },
}

impl fmt::Display for QueueResetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotNegotiated => f.write_str("VIRTIO_F_RING_RESET was not negotiated"),
            Self::NoQueue { queue } => write!(f, "queue {queue} is not in use"),
            Self::Stuck { queue, reads, polls } => {
                write!(f, "the reset of queue {queue} still reads {reads} after {polls} looks")
            }
            Self::StillEnabled { queue } => write!(f, "queue {queue} was reset, and is still in use"),
        }
    }
}

impl core::error::Error for QueueResetError {}

/// Why a device is not suspended, or not resumed (VIRTIO 1.4 §3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuspendError {
    /// `VIRTIO_F_SUSPEND` was not negotiated; nothing was done.
    NotNegotiated,
    /// The device asks for a reset instead.
    NeedsReset {
        /// What the status field reads.
        status: DeviceStatus,
    },
    /// The device did not finish while the platform was willing to wait.
    Stuck {
        /// What the status field read last.
        status: DeviceStatus,
        /// How often it was read.
        polls: u64,
    },
}

impl fmt::Display for SuspendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotNegotiated => f.write_str("VIRTIO_F_SUSPEND was not negotiated"),
            Self::NeedsReset { status } => write!(f, "the device asks for a reset: status reads {status}"),
            Self::Stuck { status, polls } => write!(f, "status still reads {status} after {polls} looks"),
        }
    }
}

impl core::error::Error for SuspendError {}
