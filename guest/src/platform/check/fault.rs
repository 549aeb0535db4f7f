//! What is wrong with a platform, or with how it is used.

use core::fmt;

use crate::platform::{DeviceAddress, Direction};

/// What [`Checked`](super::Checked) found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Asked for 0 bytes, or an alignment that is no power of two: the caller's fault.
    BadRequest {
        /// Bytes asked for.
        len: usize,
        /// Alignment asked for.
        align: usize,
    },
    /// `dma_alloc` returned another length than it was asked for.
    Length {
        /// Bytes asked for.
        asked: usize,
        /// Bytes returned.
        got: usize,
    },
    /// An address, the driver's or the device's, is not aligned as asked for.
    Misaligned {
        /// The address.
        address: u64,
        /// The alignment asked for.
        align: usize,
    },
    /// Memory wraps around the end of an address space.
    Wraps {
        /// Where the device sees it.
        device: DeviceAddress,
        /// Its length.
        len: usize,
    },
    /// Memory is handed out that is handed out or shared already, as the driver or as the device sees it.
    Overlap {
        /// Where the device sees the new memory.
        device: DeviceAddress,
        /// Its length.
        len: usize,
        /// Where the device sees the old memory.
        other: DeviceAddress,
        /// Its length.
        other_len: usize,
    },
    /// DMA memory is not zero.
    NotZeroed {
        /// Where the device sees it.
        device: DeviceAddress,
        /// Offset of the first byte that is not 0.
        offset: usize,
    },
    /// Memory was freed twice: the caller's fault.
    DoubleFree {
        /// Where the device sees it.
        device: DeviceAddress,
    },
    /// Memory was freed that was never allocated: the caller's fault.
    UnknownFree {
        /// Where the device sees it.
        device: DeviceAddress,
    },
    /// Memory was freed with another address, length or alignment than it was allocated with: the caller's fault.
    FreeMismatch {
        /// Where the device sees it.
        device: DeviceAddress,
    },
    /// An empty buffer was shared: the caller's fault.
    EmptyShare,
    /// `share` took a buffer that the device writes and whose cache lines are not its own, as `share_align` says.
    SharesLine {
        /// Its address.
        device: DeviceAddress,
        /// Bytes of the buffer.
        len: usize,
        /// What `share_align` returned.
        line: usize,
    },
    /// `share` returned an address at which something else is shared or allocated.
    SharedTwice {
        /// The address.
        device: DeviceAddress,
        /// Bytes of the buffer.
        len: usize,
    },
    /// A buffer was unshared that is not shared: the caller's fault.
    UnknownUnshare {
        /// Its address.
        device: DeviceAddress,
    },
    /// Another buffer was unshared than the one that was shared there: the caller's fault.
    UnshareMismatch {
        /// The address.
        device: DeviceAddress,
        /// Bytes of the buffer unshared.
        len: usize,
        /// Bytes of the buffer shared.
        shared: usize,
    },
    /// A buffer was unshared in another direction than it was shared in: the caller's fault.
    Direction {
        /// The address.
        device: DeviceAddress,
        /// The direction of `unshare`.
        direction: Direction,
    },
    /// The platform changed a buffer that the device only reads, or while sharing it.
    BufferChanged {
        /// The address.
        device: DeviceAddress,
        /// Bytes of the buffer.
        len: usize,
    },
    /// More is live than the wrapper can remember: from here on it cannot tell what is unknown.
    TableFull {
        /// Entries of the table.
        entries: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::BadRequest { len, align } => write!(f, "dma_alloc was asked for {len} bytes aligned to {align}"),
            Self::Length { asked, got } => write!(f, "dma_alloc returned {got} bytes for {asked}"),
            Self::Misaligned { address, align } => write!(f, "{address:#x} is not aligned to {align}"),
            Self::Wraps { device, len } => write!(f, "{len} bytes at {device:#x} wrap around"),
            Self::Overlap { device, len, other, other_len } => write!(
                f,
                "dma_alloc returned {len} bytes at {device:#x}, but {other_len} bytes at {other:#x} were not freed or unshared"
            ),
            Self::NotZeroed { device, offset } => {
                write!(f, "dma_alloc returned memory at {device:#x} that is not zero at offset {offset}")
            }
            Self::DoubleFree { device } => write!(f, "memory at {device:#x} was freed twice"),
            Self::UnknownFree { device } => write!(f, "memory at {device:#x} was freed but never allocated"),
            Self::FreeMismatch { device } => {
                write!(f, "memory at {device:#x} was freed with another address, length or alignment than allocated")
            }
            Self::EmptyShare => f.write_str("an empty buffer was shared"),
            Self::SharesLine { device, len, line } => {
                write!(
                    f,
                    "share took {len} bytes at {device:#x} for the device to write, not whole cache lines of {line}"
                )
            }
            Self::SharedTwice { device, len } => {
                write!(f, "share returned {device:#x} for {len} bytes, where something else is shared or allocated")
            }
            Self::UnknownUnshare { device } => write!(f, "{device:#x} was unshared but is not shared"),
            Self::UnshareMismatch { device, len, shared } => {
                write!(f, "another buffer ({len} bytes) was unshared at {device:#x} than was shared ({shared} bytes)")
            }
            Self::Direction { device, direction } => {
                write!(f, "{device:#x} was unshared as {direction:?} but shared in another direction")
            }
            Self::BufferChanged { device, len } => {
                write!(f, "the platform changed a buffer of {len} bytes at {device:#x} that it must not change")
            }
            Self::TableFull { entries } => write!(f, "more than {entries} allocations or buffers are live"),
        }
    }
}

impl core::error::Error for Fault {}
