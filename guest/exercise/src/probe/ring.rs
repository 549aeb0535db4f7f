//! A split ring, written by hand (VIRTIO 1.4 §2.7).

use core::cell::Cell;

use parakit::transport::raw::{Area, DATA, Piece, RingForm};
use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE, RING_ENTRIES, RING_FLAGS, RING_IDX};

use super::request::Buffers;
use super::subject::Subject;
use crate::{Env, Failure};

/// Entries of a ring, where nothing else is said. More than a probe has in flight.
pub(super) const SIZE: u16 = 64;
/// Bytes between the areas of rings.
const STRIDE: usize = 0x2000;
/// Offset of the device area behind the driver area.
const USED: usize = 0x1000;
/// Descriptors between the tables of rings.
const TABLE: usize = 256;
/// Where indirect tables begin.
pub(super) const INDIRECT: usize = 3 * TABLE;

/// What of the used ring a device has not written.
const UNWRITTEN: u32 = 0xeeee_eeee;

/// Queue 0 as a split ring.
pub(super) struct Ring<'s, 'e, E: Env> {
    pub(super) on: &'s Subject<'e, E>,
    pub(super) size: u16,
    table: usize,
    avail: usize,
    used: usize,
    next_desc: Cell<u16>,
    next_avail: Cell<u16>,
}

impl<'s, 'e, E: Env> Ring<'s, 'e, E> {
    /// A fresh ring of `size` entries at place `place`, 0 to 2, without the device knowing of it. The used ring is filled with what no device writes.
    pub(super) fn new(on: &'s Subject<'e, E>, place: usize, size: u16) -> Self {
        let avail = DATA + place * STRIDE;
        let ring = Self {
            on,
            size,
            table: place * TABLE,
            avail,
            used: avail + USED,
            next_desc: Cell::new(0),
            next_avail: Cell::new(0),
        };
        (0..STRIDE).step_by(8).for_each(|at| on.raw.store64(avail + at, 0));
        (0..usize::from(size)).for_each(|slot| {
            on.raw.store32(ring.entry(slot), UNWRITTEN);
            on.raw.store32(ring.entry(slot) + 4, UNWRITTEN);
        });
        ring
    }

    /// Enables queue 0 with it.
    pub(super) fn enable(&self) -> Result<(), Failure> {
        self.on.map_vectors();
        let done = self.on.raw.enable(0, self.size, self.table, self.avail, self.used);
        if done { Ok(()) } else { Err(Failure::new("the queue could not be enabled: FEATURES_OK is not set")) }
    }

    /// The ring of a device that is live with these features: reset, negotiated, queue 0 enabled, `DRIVER_OK`.
    pub(super) fn live(on: &'s Subject<'e, E>, features: &[u32]) -> Result<Self, Failure> {
        on.negotiate(features)?;
        let ring = Self::new(on, 0, SIZE);
        ring.enable()?;
        on.go();
        Ok(ring)
    }

    /// Where the device sees its areas: descriptors, driver area, device area.
    pub(super) fn addresses(&self) -> [u64; 3] {
        [RingForm::Split.offset(self.table), self.avail, self.used].map(|offset| self.on.raw.address(offset))
    }

    fn entry(&self, slot: usize) -> usize {
        self.used + RING_ENTRIES + 8 * (slot % usize::from(self.size))
    }

    /// Writes the next descriptor of the table. Its index.
    pub(super) fn put(&self, area: Area, flags: u16, more: bool) -> u16 {
        let index = self.next_desc.get();
        let next = (index + 1) % self.size;
        self.next_desc.set(next);
        let flags = if more { flags | DESC_F_NEXT } else { flags };
        self.on.raw.descriptor(self.table + usize::from(index), area, if more { next } else { 0 }, flags);
        index
    }

    /// Writes a chain. Its head.
    pub(super) fn chain(&self, pieces: &[(Piece, bool)]) -> u16 {
        let head = self.next_desc.get();
        for (i, &(piece, writable)) in pieces.iter().enumerate() {
            self.put(Area::Buffer(piece), if writable { DESC_F_WRITE } else { 0 }, i + 1 < pieces.len());
        }
        head
    }

    /// Enters a chain into the available ring, without publishing it.
    pub(super) fn offer(&self, head: u16) {
        let slot = usize::from(self.next_avail.get() % self.size);
        self.on.raw.store16(self.avail + RING_ENTRIES + 2 * slot, head);
        self.next_avail.set(self.next_avail.get().wrapping_add(1));
    }

    /// Publishes what was offered.
    pub(super) fn publish(&self) {
        self.on.raw.store16(self.avail + RING_IDX, self.next_avail.get());
    }

    /// Publishes an index that is not the ring's.
    pub(super) fn publish_idx(&self, idx: u16) {
        self.on.raw.store16(self.avail + RING_IDX, idx);
    }

    /// Offers a request and publishes it. Its head.
    pub(super) fn add(&self, request: &impl Buffers) -> u16 {
        let head = self.chain(&request.list());
        self.offer(head);
        self.publish();
        head
    }

    /// `flags` of the available ring.
    pub(super) fn set_avail_flags(&self, flags: u16) {
        self.on.raw.store16(self.avail + RING_FLAGS, flags);
    }

    /// `used_event`.
    pub(super) fn set_used_event(&self, idx: u16) {
        self.on.raw.store16(self.avail + RING_ENTRIES + 2 * usize::from(self.size), idx);
    }

    /// `flags` of the used ring.
    pub(super) fn used_flags(&self) -> u16 {
        self.on.raw.load16(self.used + RING_FLAGS)
    }

    /// `idx` of the used ring.
    pub(super) fn used_idx(&self) -> u16 {
        self.on.raw.load16(self.used + RING_IDX)
    }

    /// Entry `slot` (free-running) of the used ring: id and length.
    pub(super) fn used(&self, slot: u16) -> (u32, u32) {
        let at = self.entry(slot.into());
        (self.on.raw.load32(at), self.on.raw.load32(at + 4))
    }

    /// Whether entry `slot` was written.
    pub(super) fn is_written(&self, slot: u16) -> bool {
        let (id, len) = self.used(slot);
        id != UNWRITTEN && len != UNWRITTEN
    }

    /// Fills entry `slot` of the used ring with what no device writes.
    pub(super) fn forget(&self, slot: u16) {
        let at = self.entry(slot.into());
        self.on.raw.store32(at, UNWRITTEN);
        self.on.raw.store32(at + 4, UNWRITTEN);
    }

    /// Waits until the used index is `idx`, or one beyond. Whether it is.
    pub(super) fn wait_used(&self, idx: u16) -> bool {
        self.on.wait(|| (self.used_idx().wrapping_sub(idx) as i16) >= 0)
    }

    /// Offers a request, notifies, and waits until it is used. Its used entry.
    pub(super) fn exchange(&self, request: &impl Buffers) -> Result<(u32, u32), Failure> {
        let slot = self.used_idx();
        self.add(request);
        self.on.notify();
        if self.wait_used(slot.wrapping_add(1)) {
            return Ok(self.used(slot));
        }
        Err(Failure::new("a request was not used"))
    }

    /// As [`exchange`](Self::exchange), and waits for the interrupt too, where one is due: what comes later is about something else.
    pub(super) fn exchange_told(&self, request: &impl Buffers) -> Result<(u32, u32), Failure> {
        let seen = self.on.interrupts();
        let entry = self.exchange(request)?;
        if self.on.interrupted(seen) { Ok(entry) } else { Err(Failure::new("a used buffer raises no interrupt")) }
    }

    /// The descriptor table, as it stands.
    pub(super) fn table(&self) -> impl Iterator<Item = u8> + '_ {
        let at = RingForm::Split.offset(self.table);
        self.on.bytes(Piece { offset: at, len: 16 * usize::from(self.size) })
    }
}
