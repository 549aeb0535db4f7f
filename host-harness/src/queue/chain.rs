//! Chains on their way through the device.

use std::sync::Arc;

use parakit_abi::ring::packed::Desc;
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
    /// Descriptors of the ring as they were read, once.
    Packed(List),
}

/// The descriptors that a chain has in a packed ring: at least one.
#[derive(Clone)]
pub(super) enum List {
    /// What most drivers need, without a heap.
    Short([Desc; List::SHORT], u16),
    Long(Vec<Desc>),
}

impl List {
    const SHORT: usize = 3;

    pub(super) fn new(first: Desc) -> Self {
        Self::Short([first; Self::SHORT], 1)
    }

    pub(super) fn push(&mut self, desc: Desc) {
        match self {
            Self::Short(list, count) if usize::from(*count) < Self::SHORT => {
                list[usize::from(*count)] = desc;
                *count += 1;
            }
            Self::Short(list, _) => {
                let mut long = Vec::with_capacity(4 * Self::SHORT);
                long.extend_from_slice(list);
                long.push(desc);
                *self = Self::Long(long);
            }
            Self::Long(list) => list.push(desc),
        }
    }

    pub(super) fn descs(&self) -> &[Desc] {
        match self {
            Self::Short(list, count) => &list[..usize::from(*count)],
            Self::Long(list) => list,
        }
    }

    /// Buffer id and number of descriptors; a list is never longer than a ring.
    fn token(&self) -> Token {
        let descs = self.descs();
        Token { id: descs.last().map_or(0, |last| last.id), entries: descs.len() as u16 }
    }
}

impl Chain {
    /// A chain of these descriptors, as in a packed ring, with the buffer id `id`; `None` without any. For working on a request without a ring.
    #[must_use]
    pub fn of(descs: &[Desc], id: u16) -> Option<Self> {
        let (first, rest) = descs.split_first()?;
        let mut list = List::new(Desc { id, ..*first });
        rest.iter().for_each(|desc| list.push(Desc { id, ..*desc }));
        Some(Self(Links::Packed(list)))
    }

    /// What it is given back with.
    #[must_use]
    pub fn token(&self) -> Token {
        match &self.0 {
            Links::Split(chain) => Token { id: chain.head_index(), entries: 1 },
            Links::Packed(list) => list.token(),
        }
    }
}
