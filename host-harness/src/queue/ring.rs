//! One interface over the rings that a queue may have.

use std::sync::Arc;

use parakit_abi::feature::{Features, RING_PACKED};
use parakit_abi::ring::packed::Position;
use vm_memory::GuestMemoryMmap;

use super::{Chain, Done, PackedRing, RingError, Setup, SplitRing};

/// A used descriptor of a packed ring, as the device wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedDesc {
    /// Where: offset and wrap counter as in [`Position`](parakit_abi::ring::packed::Position).
    pub position: u16,
    /// Buffer id.
    pub id: u16,
    /// Bytes written.
    pub len: u32,
    /// Flags.
    pub flags: u16,
}

/// A live ring of the format that was negotiated.
///
/// The device goes round: [`suppress`](Self::suppress), [`available`](Self::available), (the observer looks), [`fetch`](Self::fetch),
/// [`take`](Self::take) and [`complete`](Self::complete) for each chain, [`flush`](Self::flush), (the observer looks),
/// [`needs_interrupt`](Self::needs_interrupt), [`rearm`](Self::rearm).
///
/// Positions are free-running indices in a split ring; in a packed one, offset and wrap counter as in
/// [`Position`](parakit_abi::ring::packed::Position).
pub enum DeviceRing {
    /// A split ring.
    Split(SplitRing),
    /// A packed ring.
    Packed(PackedRing),
}

impl DeviceRing {
    /// Takes over the ring that the driver described; `accepted` are the features that it accepted.
    ///
    /// # Errors
    /// [`RingError::Size`], [`RingError::PackedSize`] or [`RingError::Areas`].
    pub fn new(setup: Setup, max: u16, accepted: Features, memory: &Arc<GuestMemoryMmap>) -> Result<Self, RingError> {
        if accepted.has(RING_PACKED) {
            PackedRing::new(setup, max, accepted, memory).map(Self::Packed)
        } else {
            SplitRing::new(setup, max, accepted, memory).map(Self::Split)
        }
    }

    /// What the driver wrote.
    #[must_use]
    pub fn setup(&self) -> Setup {
        match self {
            Self::Split(ring) => ring.setup(),
            Self::Packed(ring) => ring.setup(),
        }
    }

    /// Entries.
    #[must_use]
    pub fn size(&self) -> u16 {
        match self {
            Self::Split(ring) => ring.size(),
            Self::Packed(ring) => ring.size(),
        }
    }

    /// Guest memory.
    #[must_use]
    pub fn memory(&self) -> &Arc<GuestMemoryMmap> {
        match self {
            Self::Split(ring) => ring.memory(),
            Self::Packed(ring) => ring.memory(),
        }
    }

    /// Goes on in `memory`, where the parts of the ring have the same addresses.
    pub fn move_to(&mut self, memory: &Arc<GuestMemoryMmap>) {
        match self {
            Self::Split(ring) => ring.move_to(memory),
            Self::Packed(ring) => ring.move_to(memory),
        }
    }

    /// Where another device would go on with this ring: behind the chains that this one has used. In a split ring the index of the next available
    /// entry; in a packed one the position of the next available descriptor, and above it, from bit 16 on, that of the next used one.
    #[must_use]
    pub fn resume_at(&self) -> u32 {
        match self {
            Self::Split(ring) => ring.resume_at().into(),
            Self::Packed(ring) => ring.resume_at(),
        }
    }

    /// The position behind the last chain that is available now. Nothing is taken; [`fetch`](Self::fetch) does that.
    ///
    /// # Errors
    /// What the driver did wrong; the ring is unusable then.
    pub fn available(&mut self) -> Result<u16, RingError> {
        match self {
            Self::Split(ring) => ring.avail_idx(),
            Self::Packed(ring) => ring.available().map(Position::to_bits),
        }
    }

    /// The position of the next chain that the device has not fetched.
    #[must_use]
    pub fn next_avail(&self) -> u16 {
        match self {
            Self::Split(ring) => ring.next_avail(),
            Self::Packed(ring) => ring.next_avail().to_bits(),
        }
    }

    /// The position that the device uses next.
    #[must_use]
    pub fn next_used(&self) -> u16 {
        match self {
            Self::Split(ring) => ring.next_used(),
            Self::Packed(ring) => ring.next_used().to_bits(),
        }
    }

    /// Takes the chains up to `upto`, which [`available`](Self::available) returned before. Returns how many came.
    ///
    /// # Errors
    /// What the driver did wrong; the ring is unusable then.
    pub fn fetch(&mut self, upto: u16) -> Result<usize, RingError> {
        match self {
            Self::Split(ring) => ring.fetch(upto),
            Self::Packed(ring) => Ok(ring.fetch(Position::from_bits(upto))),
        }
    }

    /// The next chain to work on.
    pub fn take(&mut self) -> Option<Chain> {
        match self {
            Self::Split(ring) => ring.take(),
            Self::Packed(ring) => ring.take(),
        }
    }

    /// Puts a chain back that cannot be worked on yet; it will be the next one.
    pub fn put_back(&mut self, chain: Chain) {
        match self {
            Self::Split(ring) => ring.put_back(chain),
            Self::Packed(ring) => ring.put_back(chain),
        }
    }

    /// Whether chains wait to be worked on.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        match self {
            Self::Split(ring) => ring.has_pending(),
            Self::Packed(ring) => ring.has_pending(),
        }
    }

    /// Gives a chain back to the driver. With `VIRTIO_F_IN_ORDER` chains may be collected until [`flush`](Self::flush), and then go back
    /// with one used element.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete(&mut self, done: Done) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.complete(done),
            Self::Packed(ring) => ring.complete(done),
        }
    }

    /// Gives several chains back at once: the driver sees none of them used before all are. All but the last have to be written to
    /// their ends (§5.1.9.4.1).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete_together(&mut self, done: &[Done]) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.complete_together(done),
            Self::Packed(ring) => ring.complete_together(done),
        }
    }

    /// Ends a batch: what was completed up to here is the driver's from now on.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn flush(&mut self) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.flush(),
            Self::Packed(ring) => ring.flush(),
        }
    }

    /// The used descriptors written since [`forget_written`](Self::forget_written), for the observer: a fast driver may fill their places
    /// again before it looks. None in split rings, where drivers do not write what the device has used.
    pub fn written(&mut self) -> &[UsedDesc] {
        match self {
            Self::Split(_) => &[],
            Self::Packed(ring) => ring.written(),
        }
    }

    /// The observer has seen what was [`written`](Self::written).
    pub fn forget_written(&mut self) {
        match self {
            Self::Split(_) => {}
            Self::Packed(ring) => ring.forget_written(),
        }
    }

    /// Whether the driver wants to hear of what was used since the last call (§2.7.7.2, §2.8.10).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn needs_interrupt(&mut self) -> Result<bool, RingError> {
        match self {
            Self::Split(ring) => ring.needs_interrupt(),
            Self::Packed(ring) => ring.needs_interrupt(),
        }
    }

    /// Tells the driver that notifications are not needed for now.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn suppress(&mut self) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.suppress(),
            Self::Packed(ring) => ring.suppress(),
        }
    }

    /// Asks for notifications again; true when something came in the meantime and has to be fetched.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn rearm(&mut self) -> Result<bool, RingError> {
        match self {
            Self::Split(ring) => ring.rearm(),
            Self::Packed(ring) => ring.rearm(),
        }
    }

    /// Oddities: writes a used element as it is, whatever it says; in a packed ring as one descriptor, with the low half of `id`.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn write_used(&mut self, id: u32, len: u32) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.write_used(id, len),
            Self::Packed(ring) => ring.write_used(id as u16, len),
        }
    }

    /// Oddities: claims progress that there was not. In a split ring `idx` of the used ring moves on by `by` (wrapping); a packed one has no
    /// such index, and every descriptor of the ring becomes a used one instead.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn jump_used(&mut self, by: u16) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.move_used(ring.next_used().wrapping_add(by)),
            Self::Packed(ring) => ring.use_everything(),
        }
    }

    /// Oddities: overwrites the whole of `flags` of the used ring. In a packed ring the bits that mean something stay as they are.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn set_used_flags(&mut self, flags: u16) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.set_used_flags(flags),
            Self::Packed(ring) => ring.set_undefined_flags(flags),
        }
    }

    /// Oddities of packed rings: gives a chain back with a used descriptor of the other round. In a split ring, where there are no rounds, it
    /// goes back as ever.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete_other_round(&mut self, done: Done) -> Result<(), RingError> {
        match self {
            Self::Split(ring) => ring.complete(done),
            Self::Packed(ring) => ring.complete_other_round(done),
        }
    }

    /// Oddities of packed rings: makes the device's event suppression structure one that means nothing. Split rings have none.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn spoil_event(&mut self) -> Result<(), RingError> {
        match self {
            Self::Split(_) => Ok(()),
            Self::Packed(ring) => ring.spoil_event(),
        }
    }

    /// Whether it is a packed ring.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        matches!(self, Self::Packed(_))
    }

    /// Oddities: an id in the range of the ring that no chain in the device's hands has, nor one of `others`.
    #[must_use]
    pub fn idle_head(&self, others: &[u16]) -> Option<u16> {
        match self {
            Self::Split(ring) => ring.idle_head(others),
            Self::Packed(ring) => ring.idle_id(others),
        }
    }

    /// Oddities: fills the descriptor area with `byte`.
    pub fn scribble_descriptors(&self, byte: u8) {
        match self {
            Self::Split(ring) => ring.scribble_descriptors(byte),
            Self::Packed(ring) => ring.scribble_descriptors(byte),
        }
    }

    /// Oddities: fills the driver area (the available ring, the driver's event suppression) with `byte`.
    pub fn scribble_avail(&self, byte: u8) {
        match self {
            Self::Split(ring) => ring.scribble_avail(byte),
            Self::Packed(ring) => ring.scribble_driver(byte),
        }
    }
}
