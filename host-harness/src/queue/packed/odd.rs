//! What odd devices do to a packed ring.

use std::sync::atomic::Ordering;

use parakit_abi::ring::packed::{DESC_SIZE, EVENT_FLAGS_MASK, EVENT_SIZE, Position, used_bits};
use vm_memory::{Bytes, GuestAddress};

use super::{FLAGS, PackedRing, store};
use crate::queue::{Done, RingError};

impl PackedRing {
    /// Overwrites the undefined bits of the flags in the device's event suppression structure.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn set_undefined_flags(&mut self, flags: u16) -> Result<(), RingError> {
        self.put_event_flags(flags & !EVENT_FLAGS_MASK | self.event_flags & EVENT_FLAGS_MASK)
    }

    /// Gives a chain back with a used descriptor of the other round: to the driver it is none.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete_other_round(&mut self, done: Done) -> Result<(), RingError> {
        self.flush()?;
        self.put(done.token.id, done.len, used_bits(!self.next_used.wrap), done.token.entries)
    }

    /// Writes a used descriptor as it is, whatever it says.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn write_used(&mut self, id: u16, len: u32) -> Result<(), RingError> {
        self.flush()?;
        self.put_used(id, len, 1)
    }

    /// Makes the device's event suppression structure one that means nothing: reserved flags, and a place outside the ring.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn spoil_event(&mut self) -> Result<(), RingError> {
        self.event_flags = EVENT_FLAGS_MASK;
        let event = u32::from(EVENT_FLAGS_MASK) << 16 | 0x7fff;
        self.memory
            .store(event.to_le(), GuestAddress(self.setup.device), Ordering::Relaxed)
            .map_err(|_| RingError::Memory)
    }

    /// Turns every descriptor of the ring into a used one, as of the round that its place is in.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn use_everything(&mut self) -> Result<(), RingError> {
        self.flush()?;
        let ring = self.ring(&self.memory)?;
        for ahead in 0..self.size {
            let Position { index, wrap } = self.next_used.after(ahead, self.size);
            store(ring, index, FLAGS, used_bits(wrap).to_le(), Ordering::Release)?;
        }
        Ok(())
    }

    /// A buffer id below the queue size that no chain in the device's hands has, nor one of `others`.
    #[must_use]
    pub fn idle_id(&self, others: &[u16]) -> Option<u16> {
        let mut held: Vec<u16> =
            self.pending.iter().chain(self.read.iter().map(|(chain, _)| chain)).map(|c| c.token().id).collect();
        held.extend_from_slice(others);
        (0..self.size).rev().find(|id| !held.contains(id))
    }

    /// Fills the descriptor ring with `byte`.
    pub fn scribble_descriptors(&self, byte: u8) {
        let garbage = vec![byte; DESC_SIZE * usize::from(self.size)];
        let _outside = self.memory.write_slice(&garbage, GuestAddress(self.setup.desc));
    }

    /// Fills the driver's event suppression structure with `byte`.
    pub fn scribble_driver(&self, byte: u8) {
        let _outside = self.memory.write_slice(&[byte; EVENT_SIZE], GuestAddress(self.setup.driver));
    }
}
