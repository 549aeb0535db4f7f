//! The device side of a ring of either layout, for devices that serve whatever was negotiated.

use super::{
    device::{Device, Taken},
    packed::Packed,
    platform::Memory,
};

pub enum Ring<M> {
    Split(Device<M>),
    Packed(Packed<M>),
}

/// Ring features as bits, from VIRTIO 1.4 §6.
pub const INDIRECT_DESC: u128 = 1 << 28;
pub const EVENT_IDX: u128 = 1 << 29;
pub const RING_PACKED: u128 = 1 << 34;
pub const IN_ORDER: u128 = 1 << 35;

macro_rules! both {
    ($self:ident, $ring:ident => $body:expr) => {
        match $self {
            Self::Split($ring) => $body,
            Self::Packed($ring) => $body,
        }
    };
}

impl<M: Memory> Ring<M> {
    /// A ring of the layout that the accepted features ask for.
    pub fn new(memory: M, areas: [u64; 3], size: u16, features: u128) -> Self {
        let event_idx = features & EVENT_IDX != 0;
        if features & RING_PACKED != 0 {
            Self::Packed(Packed::new(memory, areas, size, event_idx))
        } else {
            Self::Split(Device::new(memory, areas, size, event_idx))
        }
    }

    /// The ring of a queue that was made as if `start` chains had been used.
    pub fn starting_at(self, start: u16) -> Self {
        match self {
            Self::Split(ring) => Self::Split(ring.starting_at(start)),
            // Its positions begin where they always do.
            Self::Packed(ring) => Self::Packed(ring),
        }
    }

    /// Takes the next available chain.
    pub fn take(&mut self) -> Option<Taken> {
        both!(self, ring => ring.take())
    }

    /// Reads the readable segments.
    pub fn read(&self, taken: &Taken) -> Vec<u8> {
        both!(self, ring => ring.read(taken))
    }

    /// Writes to the writable segments, from their start.
    pub fn write(&self, taken: &Taken, bytes: &[u8]) {
        both!(self, ring => ring.write(taken, bytes))
    }

    /// Uses a chain under `id`, which should be its own, without showing it yet.
    pub fn use_chain(&mut self, taken: &Taken, id: u32, len: u32) {
        match self {
            Self::Split(ring) => ring.use_chain(id, len),
            Self::Packed(ring) => ring.use_chain(taken, &[], id as u16, len),
        }
    }

    /// Uses the last of `batch` in place of all of them, as IN_ORDER allows.
    pub fn use_batch(&mut self, batch: &[Taken], len: u32) {
        let Some((last, before)) = batch.split_last() else { return };
        match self {
            Self::Split(ring) => ring.use_batch(last.head.into(), len, batch.len() as u16),
            Self::Packed(ring) => ring.use_chain(last, before, last.head, len),
        }
    }

    /// Shows the driver what was used. Returns whether to interrupt.
    pub fn show(&mut self) -> bool {
        both!(self, ring => ring.show())
    }

    /// Asks for a notification at the next available chain; returns whether there is one already.
    pub fn want_notification(&mut self) -> bool {
        both!(self, ring => ring.want_notification())
    }

    /// Asks for no notifications.
    pub fn refuse_notifications(&mut self) {
        both!(self, ring => ring.refuse_notifications())
    }

    /// What notification data should say now (§2.9.1): the next available index, or the next descriptor and its round.
    pub fn next_avail_bits(&self) -> u16 {
        match self {
            Self::Split(ring) => ring.avail_idx(),
            Self::Packed(ring) => ring.next_avail_bits(),
        }
    }

    /// Bytes of the ring areas: descriptor, driver and device area.
    pub fn areas(&self) -> [(u64, u64); 3] {
        both!(self, ring => ring.areas())
    }

    /// Overwrites one byte of ring memory.
    pub fn poke(&mut self, address: u64, value: u8) {
        both!(self, ring => ring.poke(address, value))
    }
}
