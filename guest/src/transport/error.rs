//! What can go wrong while a device is brought up.

use core::fmt;

use parakit_abi::{feature::Features, status::DeviceStatus};

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
    /// QueueReady does not read 0: it is in use already.
    InUse {
        /// Its index.
        queue: u16,
    },
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
