//! How a queue is set up, and what can be wrong with one.

/// What the driver wrote about a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Entries, as written (any 32-bit value).
    pub size: u32,
    /// Device address of the descriptor area.
    pub desc: u64,
    /// Device address of the driver area.
    pub driver: u64,
    /// Device address of the device area.
    pub device: u64,
}

/// Why a ring cannot be used, or not any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// The driver chose a size that no split queue has, or a larger one than offered.
    #[error("queue size {size} is not a power of two between 1 and {max}")]
    Size {
        /// As written.
        size: u32,
        /// As offered.
        max: u16,
    },
    /// The driver chose a size that no packed queue has, or a larger one than offered.
    #[error("queue size {size} is not between 1 and {max}")]
    PackedSize {
        /// As written.
        size: u32,
        /// As offered.
        max: u16,
    },
    /// A part of the ring is misaligned or not in guest memory.
    #[error("queue areas {desc:#x}, {driver:#x}, {device:#x} of {size} entries are misaligned or outside guest memory")]
    Areas {
        /// Entries.
        size: u16,
        /// Descriptor area.
        desc: u64,
        /// Driver area.
        driver: u64,
        /// Device area.
        device: u64,
    },
    /// `idx` moved further than the queue has entries, or came back.
    #[error("available index {idx} is more than {size} entries ahead of {next}")]
    AvailIdx {
        /// As found.
        idx: u16,
        /// The first entry that was not taken.
        next: u16,
        /// Entries of the queue.
        size: u16,
    },
    /// More chains in flight than entries: the driver published one that the device still has.
    #[error("{pending} chains in flight in a queue of {size} entries")]
    TooMany {
        /// Chains.
        pending: usize,
        /// Entries of the queue.
        size: u16,
    },
    /// Packed: more descriptors in flight than the ring has: the driver wrote over one that the device still has.
    #[error("{descriptors} descriptors in flight in a queue of {size}")]
    Overrun {
        /// Descriptors.
        descriptors: usize,
        /// Entries of the queue.
        size: u16,
    },
    /// Packed: a list of descriptors that goes on through the whole ring.
    #[error("the list that begins at descriptor {first} has no end within a queue of {size}")]
    Endless {
        /// Index of its first descriptor.
        first: u16,
        /// Entries of the queue.
        size: u16,
    },
    /// Ring memory went away.
    #[error("ring memory cannot be accessed")]
    Memory,
}
