//! The back end of vhost-user: a VMM that is not ours (the *front end*) has the driver's end of a device, and passes on over a socket what of
//! it concerns the rings: memory, addresses, notifications.
//!
//! Status, registers and interrupts stay with the front end. What its driver does with them is not seen here; features, configuration and
//! rings are, as far as the front end passes them on. `judge::vhost_user` says of each rule whether that is enough.
//!
//! Messages are read by the crate `vhost`. (`vhost-user-backend`, the layer above it, keeps a `virtio-queue` of its own for each ring: it
//! is for split rings only, cuts the base of a ring to 16 bits, where a packed one has 32, and sets ring addresses by what lies in a used
//! ring.) The front end is not trusted: what it says is checked here, and becomes a [`FrontEndError`].

mod connection;
mod early;
mod handler;
mod memory;
mod port;
mod shrunk;
mod socket;
mod vrings;

pub use connection::{Connection, Ended};
pub(crate) use port::VhostUserPort;
pub use socket::{Listener, SocketError};

use parakit_abi::feature::{self, Features};

/// What a front end did that the harness cannot go on with: the rest of a sentence that begins with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrontEndError {
    /// A region that reaches beyond its file, or beyond the end of all addresses.
    #[error("gave memory region {region}, {size:#x} bytes at {address:#x}, that cannot be mapped: {why}")]
    Region {
        /// Which of the table.
        region: usize,
        /// Guest-physical address.
        address: u64,
        /// Bytes.
        size: u64,
        /// Why.
        why: String,
    },
    /// Regions that do not fit together.
    #[error("gave memory regions that overlap or are out of order ({why})")]
    Table {
        /// Why.
        why: String,
    },
    /// Rings whose memory is taken away while they run.
    #[error("took away the memory of queue {queue} while it runs")]
    MemoryOfRing {
        /// The queue.
        queue: usize,
    },
    /// Memory that went away while it was in use.
    #[error("took back guest memory that it had shared: an access to it failed")]
    Shrunk,
    /// No such queue.
    #[error("named queue {queue}, and the device has {queues}")]
    Queue {
        /// As named.
        queue: u32,
        /// How many there are.
        queues: usize,
    },
    /// A size that no queue has.
    #[error("chose {size} entries for queue {queue}, which has {max} at most")]
    Size {
        /// The queue.
        queue: usize,
        /// As chosen.
        size: u32,
        /// As offered.
        max: u16,
    },
    /// A ring at an address of its own that no region has.
    #[error("put a part of queue {queue} at its address {address:#x}, which is in no memory region")]
    Address {
        /// The queue.
        queue: usize,
        /// The front end's own virtual address.
        address: u64,
    },
    /// A ring that the device cannot work with.
    #[error("started queue {queue} with a ring that cannot be used: {why}")]
    Ring {
        /// The queue.
        queue: usize,
        /// Why.
        why: String,
    },
    /// A ring in the middle.
    #[error(
        "started queue {queue} at {base:#x}: at buffers that were made available before this run, as after a migration or a reconnection; start the guest anew"
    )]
    Base {
        /// The queue.
        queue: usize,
        /// Where.
        base: u32,
    },
    /// Features that were not offered.
    #[error("accepted features that were not offered: {features:#x}")]
    NotOffered {
        /// The bits.
        features: u64,
    },
    /// Features that the device cannot work with.
    #[error("started the device with features that do not go together: {features:#x}")]
    Features {
        /// The bits.
        features: u64,
    },
    /// A legacy driver.
    #[error(
        "started the device for a driver that did not accept VERSION_1, and rules for legacy drivers are others; have the front end offer no legacy interface (QEMU: disable-legacy=on)"
    )]
    Legacy,
    /// A queue without notifications.
    #[error("wants queue {queue} to be polled; the harness is to see notifications, so give it an eventfd")]
    Polling {
        /// The queue.
        queue: usize,
    },
    /// A notification that is none.
    #[error("gave something that is no eventfd to {what} queue {queue}")]
    NotAnEventFd {
        /// What it is for.
        what: &'static str,
        /// The queue.
        queue: usize,
    },
    /// A message that this back end did not say that it knows.
    #[error("sent the message {name}, which this back end did not say that it takes")]
    Message {
        /// Its name.
        name: &'static str,
    },
    /// The operating system.
    #[error("gave what this system has no room for: {why}")]
    System {
        /// Why.
        why: String,
    },
}

/// The features that a device can have behind a front end: not those that need its registers, nor any that the messages have no bits for.
pub(crate) const POSSIBLE: Features = Features(
    u64::MAX as u128
        & !(1 << feature::NOTIFICATION_DATA
            | 1 << feature::NOTIF_CONFIG_DATA
            | 1 << feature::RING_RESET
            | 1 << feature::SUSPEND
            | 1 << PROTOCOL_FEATURES),
);

/// The bit by which both sides say that they have protocol features. It is no feature of the device.
pub(crate) const PROTOCOL_FEATURES: u32 = 30;
