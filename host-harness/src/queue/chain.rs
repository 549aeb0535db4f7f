//! Chains on their way through the device.

use std::sync::Arc;

use virtio_queue::DescriptorChain;
use vm_memory::GuestMemoryMmap;

/// What a chain is given back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the driver knows the chain by: its head descriptor in a split ring, its buffer id in a packed one.
    pub id: u16,
    /// Entries of the ring that it takes: 1 in a split one, in a packed one as many as it has descriptors there.
    pub(super) entries: u16,
}

/// A chain that the device is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Which.
    pub token: Token,
    /// Bytes written, as the driver is told.
    pub len: u32,
    /// Bytes of its device-writable part.
    pub writable: u64,
}

impl Done {
    /// Whether the driver knows the length without being told: what lies before the last chain of a batch counts as used completely
    /// (VIRTIO 1.4 §2.7.9, §2.8.8).
    pub(super) fn is_whole(self) -> bool {
        u64::from(self.len) == self.writable
    }
}

/// A chain that the driver made available, not yet looked into.
#[derive(Clone)]
pub struct Chain(pub(super) Links);

#[derive(Clone)]
pub(super) enum Links {
    /// Descriptors in guest memory, walked as they are needed.
    Split(DescriptorChain<Arc<GuestMemoryMmap>>),
}

impl Chain {
    /// What it is given back with.
    #[must_use]
    pub fn token(&self) -> Token {
        match &self.0 {
            Links::Split(chain) => Token { id: chain.head_index(), entries: 1 },
        }
    }
}
