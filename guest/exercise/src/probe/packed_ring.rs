//! A packed ring, written by hand (VIRTIO 1.4 §2.8).

use core::cell::{Cell, RefCell};

use alloc::vec::Vec;

use parakit::transport::raw::{Area, DATA, Piece, RingForm};
use parakit_abi::ring::packed::{DESC_F_NEXT, DESC_F_WRITE, Position, available_bits, is_used, used_bits};

use super::subject::Subject;
use crate::{Env, Failure};

/// Entries of the ring. Not a multiple of the length of a request, so that lists cross the end of the ring.
pub(super) const SIZE: u16 = 16;
/// Offset of the device area behind the driver area.
const DEVICE: usize = 0x1000;

/// Queue 0 as a packed ring.
pub(super) struct PackedRing<'s, 'e, E: Env> {
    on: &'s Subject<'e, E>,
    /// Where the next descriptor is made available, and where the next used one is looked for.
    next: Cell<Position>,
    used: Cell<Position>,
    next_id: Cell<u16>,
    /// Buffers in flight: id and length of the list.
    flying: RefCell<Vec<(u16, u16)>>,
}

impl<'s, 'e, E: Env> PackedRing<'s, 'e, E> {
    /// A fresh ring, without the device knowing of it. Its descriptors are zero, as after each reset of the device.
    pub(super) fn new(on: &'s Subject<'e, E>) -> Self {
        for area in [DATA, DATA + DEVICE] {
            on.raw.store32(area, 0);
        }
        Self {
            on,
            next: Cell::new(Position::START),
            used: Cell::new(Position::START),
            next_id: Cell::new(0x100),
            flying: RefCell::default(),
        }
    }

    /// Enables queue 0 with it.
    pub(super) fn enable(&self) -> Result<(), Failure> {
        self.on.map_vectors();
        let done = self.on.raw.enable(0, SIZE, 0, DATA, DATA + DEVICE);
        if done { Ok(()) } else { Err(Failure::new("the queue could not be enabled: FEATURES_OK is not set")) }
    }

    /// Index of the descriptor that is made available next.
    pub(super) fn position(&self) -> u16 {
        self.next.get().index
    }

    /// Descriptor `index`, as it stands: address, length, id, flags.
    pub(super) fn descriptor(&self, index: u16) -> (u64, u32, u16, u16) {
        let (at, raw) = (RingForm::Packed.offset(index.into()), &self.on.raw);
        (raw.load64(at), raw.load32(at + 8), raw.load16(at + 12), raw.load16(at + 14))
    }

    /// Writes a list with `bits` of each position in its flags, the head last. Its id, and what comes behind it.
    fn write(&self, pieces: &[(Piece, bool)], bits: impl Fn(bool) -> u16) -> (u16, Position) {
        let (id, start) = (self.next_id.get(), self.next.get());
        for (i, &(piece, writable)) in pieces.iter().enumerate().rev() {
            let at = start.after(i as u16, SIZE);
            let more = if i + 1 < pieces.len() { DESC_F_NEXT } else { 0 };
            let write = if writable { DESC_F_WRITE } else { 0 };
            self.on.raw.descriptor(at.index.into(), Area::Buffer(piece), id, bits(at.wrap) | more | write);
        }
        (id, start.after(pieces.len() as u16, SIZE))
    }

    /// Writes a list, and leaves it unavailable.
    pub(super) fn prepare(&self, pieces: &[(Piece, bool)]) {
        // Both bits as the former round left them: not available in this one.
        self.write(pieces, |wrap| used_bits(!wrap));
    }

    /// Makes a list available. Its id.
    pub(super) fn add(&self, pieces: &[(Piece, bool)]) -> u16 {
        let (id, behind) = self.write(pieces, available_bits);
        self.next.set(behind);
        self.next_id.set(id.wrapping_add(1));
        self.flying.borrow_mut().push((id, pieces.len() as u16));
        id
    }

    /// Whether there is a used descriptor where the next one belongs.
    pub(super) fn is_used(&self) -> bool {
        let at = self.used.get();
        is_used(self.descriptor(at.index).3, at.wrap)
    }

    /// Takes the next used descriptor: the id of its buffer; `None` when no such buffer is in flight.
    pub(super) fn take(&self) -> Option<u16> {
        let at = self.used.get();
        let id = self.descriptor(at.index).2;
        let mut flying = self.flying.borrow_mut();
        let found = flying.iter().position(|&(known, _)| known == id)?;
        let (_, count) = flying.remove(found);
        self.used.set(at.after(count, SIZE));
        Some(id)
    }

    /// Makes a list available, notifies, and waits until it is used. Index of the used descriptor.
    pub(super) fn exchange(&self, pieces: &[(Piece, bool)]) -> Result<u16, Failure> {
        let (id, at) = (self.add(pieces), self.used.get().index);
        self.on.notify();
        if self.on.wait(|| self.is_used()) && self.take() == Some(id) {
            return Ok(at);
        }
        Err(Failure::new("a request was not used"))
    }
}
