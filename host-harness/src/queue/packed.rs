//! A packed ring as the device sees it (VIRTIO 1.4 §2.8).
//!
//! The driver writes lists of descriptors into the ring, one after the other; the device reads them in that order, and writes used descriptors
//! over them, from the place on where it wrote the last one. Both tell old from new by their wrap counters.
//!
//! Nothing here trusts the driver. A list is read once, into private memory, and the device never has more descriptors than the ring has.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER};
use parakit_abi::ring::packed::{
    DESC_ALIGN, DESC_F_NEXT, DESC_F_WRITE, DESC_SIZE, Desc, EVENT_ALIGN, EVENT_FLAGS, EVENT_FLAGS_DESC,
    EVENT_FLAGS_DISABLE, EVENT_FLAGS_ENABLE, EVENT_FLAGS_MASK, EVENT_SIZE, PackedLayout, Position, event_passed,
    is_available, used_bits,
};
use vm_memory::{AtomicAccess, Bytes, GuestAddress, GuestMemoryBackend, GuestMemoryMmap, VolatileSlice};

use super::chain::{Links, List};
use super::in_order::InOrder;
use super::{Chain, Done, RingError, Setup, UsedDesc};

mod odd;

const LEN: usize = 8;
const ID: usize = 12;
const FLAGS: usize = 14;

/// A live packed ring.
pub struct PackedRing {
    memory: Arc<GuestMemoryMmap>,
    setup: Setup,
    size: u16,
    event_idx: bool,
    /// Where the next list is looked for.
    next_read: Position,
    /// Behind the last list that the device has fetched.
    next_avail: Position,
    /// Where the next used descriptor goes.
    next_used: Position,
    /// Lists that were read and not fetched, and the position behind each.
    read: VecDeque<(Chain, Position)>,
    pending: VecDeque<Chain>,
    /// Descriptors that were read and not used; never more than the ring has.
    held: usize,
    /// With `VIRTIO_F_IN_ORDER`.
    in_order: Option<InOrder>,
    /// Position at the last decision about an interrupt, and how many descriptors were used since.
    signalled: Position,
    moved: u32,
    /// Flags of the device's event suppression structure, as last written.
    event_flags: u16,
    written: VecDeque<UsedDesc>,
}

impl PackedRing {
    /// Takes over the ring that the driver described.
    ///
    /// # Errors
    /// [`RingError::PackedSize`] or [`RingError::Areas`].
    pub fn new(setup: Setup, max: u16, accepted: Features, memory: &Arc<GuestMemoryMmap>) -> Result<Self, RingError> {
        let bad_size = RingError::PackedSize { size: setup.size, max };
        let size = u16::try_from(setup.size).ok().filter(|size| *size <= max).ok_or(bad_size)?;
        let layout = PackedLayout::new(size).map_err(|_| bad_size)?;
        let usable = |address: u64, len: usize, align: usize| {
            // One slice: a part does not span two regions of guest memory.
            address.is_multiple_of(align as u64)
                && GuestMemoryBackend::get_slice(memory.as_ref(), GuestAddress(address), len).is_ok()
        };
        let Setup { desc, driver, device, .. } = setup;
        if !usable(desc, layout.descriptors_size(), DESC_ALIGN)
            || !usable(driver, EVENT_SIZE, EVENT_ALIGN)
            || !usable(device, EVENT_SIZE, EVENT_ALIGN)
        {
            return Err(RingError::Areas { size, desc, driver, device });
        }
        Ok(Self {
            memory: Arc::clone(memory),
            setup,
            size,
            event_idx: accepted.has(EVENT_IDX),
            next_read: Position::START,
            next_avail: Position::START,
            next_used: Position::START,
            read: VecDeque::new(),
            pending: VecDeque::new(),
            held: 0,
            in_order: accepted.has(IN_ORDER).then(InOrder::default),
            signalled: Position::START,
            moved: 0,
            event_flags: EVENT_FLAGS_ENABLE,
            written: VecDeque::new(),
        })
    }

    /// What the driver wrote.
    #[must_use]
    pub fn setup(&self) -> Setup {
        self.setup
    }

    /// Entries.
    #[must_use]
    pub fn size(&self) -> u16 {
        self.size
    }

    /// Guest memory.
    #[must_use]
    pub fn memory(&self) -> &Arc<GuestMemoryMmap> {
        &self.memory
    }

    /// Goes on in `memory`, where the parts of the ring have the same addresses.
    pub fn move_to(&mut self, memory: &Arc<GuestMemoryMmap>) {
        self.memory = Arc::clone(memory);
    }

    /// The positions of the next descriptor to be used (from bit 16 on) and of the first that is available and not used, where descriptors
    /// are used in their order: the same.
    #[must_use]
    pub fn resume_at(&self) -> u32 {
        let next = u32::from(self.next_used.to_bits());
        next << 16 | next
    }

    /// Reads the lists that are available, and returns the position behind the last.
    ///
    /// # Errors
    /// [`RingError::Endless`], [`RingError::Overrun`] or [`RingError::Memory`].
    pub fn available(&mut self) -> Result<Position, RingError> {
        let memory = Arc::clone(&self.memory);
        let ring = self.ring(&memory)?;
        while let Some(list) = self.read_list(ring)? {
            let entries = list.descs().len();
            self.held += entries;
            self.next_read = self.next_read.after(entries as u16, self.size);
            self.read.push_back((Chain(Links::Packed(list)), self.next_read));
        }
        Ok(self.next_read)
    }

    /// The list at the next place, if it is available. Later descriptors belong to it because their predecessors say so: the driver makes the
    /// first one available last (§2.8.6).
    fn read_list(&self, ring: VolatileSlice<'_>) -> Result<Option<List>, RingError> {
        let Position { index: first, wrap } = self.next_read;
        // Acquire: pairs with the driver's release store of the first descriptor's flags (§2.8.13.1.1), so that the rest of that
        // descriptor, the rest of the list and the buffers are there.
        let flags = load_flags(ring, first, Ordering::Acquire)?;
        if !is_available(flags, wrap) {
            return Ok(None);
        }
        let mut desc = descriptor(ring, first, flags)?;
        let mut list = List::new(desc);
        let mut index = first;
        for descriptors in self.held + 1.. {
            if descriptors > usize::from(self.size) {
                // A list that began in a free place and ran into what the device has, or over itself.
                return Err(if list.descs().len() > usize::from(self.size) {
                    RingError::Endless { first, size: self.size }
                } else {
                    RingError::Overrun { descriptors, size: self.size }
                });
            }
            if desc.flags & DESC_F_NEXT == 0 {
                break;
            }
            index = if index + 1 == self.size { 0 } else { index + 1 };
            desc = descriptor(ring, index, load_flags(ring, index, Ordering::Relaxed)?)?;
            list.push(desc);
        }
        Ok(Some(list))
    }

    /// The position of the next list that the device has not fetched.
    #[must_use]
    pub fn next_avail(&self) -> Position {
        self.next_avail
    }

    /// Where the next used descriptor goes.
    #[must_use]
    pub fn next_used(&self) -> Position {
        self.next_used
    }

    /// Takes the lists up to the position `upto`, which [`available`](Self::available) returned before. Returns how many came.
    pub fn fetch(&mut self, upto: Position) -> usize {
        let before = self.pending.len();
        while self.next_avail != upto
            && let Some((chain, behind)) = self.read.pop_front()
        {
            if let Some(in_order) = &mut self.in_order {
                in_order.fetched(chain.token());
            }
            self.pending.push_back(chain);
            self.next_avail = behind;
        }
        self.pending.len() - before
    }

    /// The next chain to work on.
    pub fn take(&mut self) -> Option<Chain> {
        self.pending.pop_front()
    }

    /// Puts a chain back that cannot be worked on yet; it will be the next one.
    pub fn put_back(&mut self, chain: Chain) {
        self.pending.push_front(chain);
    }

    /// Whether chains wait to be worked on.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Gives a chain back to the driver; with `VIRTIO_F_IN_ORDER` it may wait for [`flush`](Self::flush).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete(&mut self, done: Done) -> Result<(), RingError> {
        if let Some(in_order) = &mut self.in_order {
            if in_order.add(done) {
                return if done.is_whole() { Ok(()) } else { self.flush() };
            }
            self.flush()?;
        }
        if let Some(in_order) = &mut self.in_order {
            in_order.forget(done.token);
        }
        self.put_used(done.token.id, done.len, done.token.entries)
    }

    /// With `VIRTIO_F_IN_ORDER`: tells of what is done with one used descriptor. It has the last chain's id and lies where the first
    /// one's would be; the device goes on behind all of them (§2.8.8).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn flush(&mut self) -> Result<(), RingError> {
        let Some(batch) = self.in_order.as_mut().and_then(InOrder::take) else { return Ok(()) };
        self.put_used(batch.id, batch.len, batch.entries)
    }

    /// Writes a used descriptor, and skips `entries` places.
    fn put_used(&mut self, id: u16, len: u32, entries: u16) -> Result<(), RingError> {
        // The length counts only with WRITE (§2.8.5).
        let flags = used_bits(self.next_used.wrap) | if len > 0 { DESC_F_WRITE } else { 0 };
        self.put(id, len, flags, entries)
    }

    /// Gives several lists back at once: the driver, which looks at them in their order, sees none used before all are (§5.1.9.4.1).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn complete_together(&mut self, done: &[Done]) -> Result<(), RingError> {
        if self.in_order.is_some() {
            // All but the last are whole, and wait for it.
            return done.iter().try_for_each(|done| self.complete(*done));
        }
        let Some((first, rest)) = done.split_first() else { return Ok(()) };
        let before = self.next_used;
        self.next_used = before.after(first.token.entries, self.size);
        for done in rest {
            self.put_used(done.token.id, done.len, done.token.entries)?;
        }
        let behind = std::mem::replace(&mut self.next_used, before);
        self.put_used(first.token.id, first.len, first.token.entries)?;
        // The observer is told in the order of the ring.
        if self.written.len() >= done.len() {
            let last = self.written.len() - 1;
            let at = last + 1 - done.len();
            if let Some(first) = self.written.remove(last) {
                self.written.insert(at, first);
            }
        }
        self.next_used = behind;
        Ok(())
    }

    fn put(&mut self, id: u16, len: u32, flags: u16, entries: u16) -> Result<(), RingError> {
        let index = self.next_used.index;
        let ring = self.ring(&self.memory)?;
        store(ring, index, LEN, len.to_le(), Ordering::Relaxed)?;
        store(ring, index, ID, id.to_le(), Ordering::Relaxed)?;
        // Release: pairs with the driver's acquire load of the flags, so that it sees id, length and data.
        store(ring, index, FLAGS, flags.to_le(), Ordering::Release)?;
        if self.written.len() == usize::from(self.size) {
            self.written.pop_front();
        }
        self.written.push_back(UsedDesc { position: self.next_used.to_bits(), id, len, flags });
        self.held = self.held.saturating_sub(usize::from(entries));
        self.next_used = self.next_used.after(entries, self.size);
        self.moved = self.moved.saturating_add(u32::from(entries));
        Ok(())
    }

    /// The descriptors used since [`forget_written`](Self::forget_written), at most a ring full.
    pub fn written(&mut self) -> &[UsedDesc] {
        self.written.make_contiguous()
    }

    /// Begins a new list of used descriptors.
    pub fn forget_written(&mut self) {
        self.written.clear();
    }

    /// Whether the driver wants to hear of what was used since the last call (§2.8.10).
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn needs_interrupt(&mut self) -> Result<bool, RingError> {
        self.flush()?;
        let old = std::mem::replace(&mut self.signalled, self.next_used);
        let moved = std::mem::take(&mut self.moved);
        // Partner: the driver writes its event suppression structure, fences, and then looks at the next used descriptor again.
        // Without this fence both could miss the other.
        fence(Ordering::SeqCst);
        let event: u32 =
            self.memory.load(GuestAddress(self.setup.driver), Ordering::Relaxed).map_err(|_| RingError::Memory)?;
        let event = u32::from_le(event);
        let (off_wrap, flags) = (event as u16, (event >> 16) as u16);
        Ok(moved > 0
            && match flags & EVENT_FLAGS_MASK {
                EVENT_FLAGS_DISABLE => false,
                EVENT_FLAGS_DESC if self.event_idx => {
                    let event = Position::from_bits(off_wrap);
                    // Two rounds pass everything; what is less is a window on the wheel of both.
                    u16::try_from(moved)
                        .ok()
                        .filter(|_| moved < 2 * u32::from(self.size))
                        .map_or(event.index < self.size, |moved| event_passed(event, old, moved, self.size))
                }
                // What means nothing asks for no silence.
                _ => true,
            })
    }

    /// Tells the driver that notifications are not needed for now.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn suppress(&mut self) -> Result<(), RingError> {
        self.put_event_flags(EVENT_FLAGS_DISABLE)
    }

    /// Asks for notifications again; true when something came in the meantime and has to be fetched.
    ///
    /// # Errors
    /// [`RingError::Memory`].
    pub fn rearm(&mut self) -> Result<bool, RingError> {
        if self.event_idx {
            let event = u32::from(EVENT_FLAGS_DESC) << 16 | u32::from(self.next_avail.to_bits());
            self.event_flags = EVENT_FLAGS_DESC;
            // One store, so that the driver never reads the new flags with an old offset.
            self.memory
                .store(event.to_le(), GuestAddress(self.setup.device), Ordering::Relaxed)
                .map_err(|_| RingError::Memory)?;
        } else {
            self.put_event_flags(EVENT_FLAGS_ENABLE)?;
        }
        // Partner: the driver makes descriptors available, fences, and then reads the structure just written (§2.8.13.2). Without this
        // fence both could miss the other.
        fence(Ordering::SeqCst);
        if !self.read.is_empty() {
            return Ok(true);
        }
        let Position { index, wrap } = self.next_read;
        Ok(is_available(load_flags(self.ring(&self.memory)?, index, Ordering::Relaxed)?, wrap))
    }

    fn put_event_flags(&mut self, flags: u16) -> Result<(), RingError> {
        self.event_flags = flags;
        self.memory
            .store(flags.to_le(), GuestAddress(self.setup.device + EVENT_FLAGS as u64), Ordering::Relaxed)
            .map_err(|_| RingError::Memory)
    }

    fn ring<'m>(&self, memory: &'m GuestMemoryMmap) -> Result<VolatileSlice<'m>, RingError> {
        GuestMemoryBackend::get_slice(memory, GuestAddress(self.setup.desc), DESC_SIZE * usize::from(self.size))
            .map_err(|_| RingError::Memory)
    }
}

fn load<T: AtomicAccess>(ring: VolatileSlice<'_>, index: u16, field: usize, order: Ordering) -> Result<T, RingError> {
    ring.load(DESC_SIZE * usize::from(index) + field, order).map_err(|_| RingError::Memory)
}

fn store<T: AtomicAccess>(
    ring: VolatileSlice<'_>,
    index: u16,
    field: usize,
    value: T,
    order: Ordering,
) -> Result<(), RingError> {
    ring.store(value, DESC_SIZE * usize::from(index) + field, order).map_err(|_| RingError::Memory)
}

fn load_flags(ring: VolatileSlice<'_>, index: u16, order: Ordering) -> Result<u16, RingError> {
    load(ring, index, FLAGS, order).map(u16::from_le)
}

/// The rest of a descriptor whose flags were read before.
fn descriptor(ring: VolatileSlice<'_>, index: u16, flags: u16) -> Result<Desc, RingError> {
    let addr: u64 = load(ring, index, 0, Ordering::Relaxed)?;
    let len: u32 = load(ring, index, LEN, Ordering::Relaxed)?;
    let id: u16 = load(ring, index, ID, Ordering::Relaxed)?;
    Ok(Desc { addr: u64::from_le(addr), len: u32::from_le(len), id: u16::from_le(id), flags })
}
