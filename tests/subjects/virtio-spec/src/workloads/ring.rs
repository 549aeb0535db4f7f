//! A split virtqueue on the crate's ring types.

use alloc::alloc::{alloc_zeroed, dealloc};
use alloc::{vec, vec::Vec};
use core::alloc::Layout;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU16, Ordering, fence};

use virtio_spec::virtq::{Avail, Desc, DescF, Used, UsedElem, UsedF};
use virtio_spec::{le16, le32, le64};

/// A piece of a chain.
pub(crate) struct Piece {
    pub(crate) address: u64,
    pub(crate) len: u32,
    pub(crate) writable: bool,
}

/// The device named a chain that is not in flight.
#[derive(Debug)]
pub(crate) struct NotInFlight(pub(crate) u32);

/// A queue. Its memory stays when it is dropped: [`Ring::free`] gives it back.
pub(crate) struct Ring {
    size: u16,
    event_idx: bool,
    desc: NonNull<Desc>,
    avail: NonNull<Avail>,
    used: NonNull<Used>,
    free: Vec<u16>,
    /// The descriptors of each chain in flight, by its head.
    chains: Vec<Option<Vec<u16>>>,
    available: u16,
    /// Where the device was told of chains last.
    notified: u16,
    seen: u16,
}

fn desc_layout(size: u16) -> Layout {
    // Never too large: a queue has 32768 entries at most.
    Layout::from_size_align(usize::from(size) * size_of::<Desc>(), 16).unwrap_or_else(|_| unreachable!())
}

fn zeroed(layout: Layout) -> NonNull<[u8]> {
    // SAFETY: no part of a queue is empty.
    let memory = NonNull::new(unsafe { alloc_zeroed(layout) });
    NonNull::slice_from_raw_parts(memory.unwrap_or_else(|| panic!("no memory for a queue")), layout.size())
}

impl Ring {
    pub(crate) fn new(size: u16, event_idx: bool) -> Self {
        let avail = Avail::from_ptr(zeroed(Avail::layout(size, event_idx)));
        let used = Used::from_ptr(zeroed(Used::layout(size, event_idx)), event_idx);
        Self {
            size,
            event_idx,
            desc: zeroed(desc_layout(size)).cast(),
            avail: avail.unwrap_or_else(|| panic!("the crate's layout does not fit its ring")),
            used: used.unwrap_or_else(|| panic!("the crate's layout does not fit its ring")),
            free: (0..size).rev().collect(),
            chains: vec![None; size.into()],
            available: 0,
            notified: 0,
            seen: 0,
        }
    }

    /// Addresses of descriptor table, available ring and used ring.
    pub(crate) fn addresses(&self) -> [u64; 3] {
        let at = |p: NonNull<u8>| p.addr().get() as u64;
        [at(self.desc.cast()), at(self.avail.cast()), at(self.used.cast())]
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// The device does not use the queue any more.
    pub(crate) unsafe fn free(self) {
        // SAFETY: these are the pieces of `new` with their layouts; the caller's promise.
        unsafe {
            dealloc(self.desc.cast().as_ptr(), desc_layout(self.size));
            dealloc(self.avail.cast().as_ptr(), Avail::layout(self.size, self.event_idx));
            dealloc(self.used.cast().as_ptr(), Used::layout(self.size, self.event_idx));
        }
    }

    fn avail_idx(&self) -> &AtomicU16 {
        // SAFETY: the field is 16 aligned bits, which stay as long as the queue; the device reads them alone.
        unsafe { AtomicU16::from_ptr((&raw mut (*self.avail.as_ptr()).idx).cast()) }
    }

    fn used_idx(&self) -> &AtomicU16 {
        // SAFETY: as above; the device writes them, whole.
        unsafe { AtomicU16::from_ptr((&raw mut (*self.used.as_ptr()).idx).cast()) }
    }

    /// Makes a chain available; its head. `None` if there are too few descriptors.
    pub(crate) fn add(&mut self, pieces: &[Piece]) -> Option<u16> {
        let rest = self.free.len().checked_sub(pieces.len())?;
        let chain: Vec<u16> = self.free.drain(rest..).rev().collect();
        for (i, (piece, &index)) in pieces.iter().zip(&chain).enumerate() {
            let mut flags = DescF::empty();
            flags.set(DescF::WRITE, piece.writable);
            let next = chain.get(i + 1).copied();
            flags.set(DescF::NEXT, next.is_some());
            let desc = Desc {
                addr: le64::from_ne(piece.address),
                len: le32::from_ne(piece.len),
                flags,
                next: le16::from_ne(next.unwrap_or(0)),
            };
            // SAFETY: the index is below the size of the table, and the descriptor is the driver's until it is available.
            unsafe { self.desc.add(index.into()).write_volatile(desc) };
        }
        let head = *chain.first()?;
        self.chains[usize::from(head)] = Some(chain);
        let slots = Avail::ring_ptr(self.avail, self.event_idx).cast::<le16>();
        // SAFETY: the slot is inside of the ring.
        unsafe { slots.add(usize::from(self.available % self.size)).write_volatile(le16::from_ne(head)) };
        self.available = self.available.wrapping_add(1);
        // Release: the device sees descriptors and slot before the index.
        self.avail_idx().store(self.available.to_le(), Ordering::Release);
        Some(head)
    }

    /// Whether the device wants to be told of what was made available since it was told last.
    pub(crate) fn wants_notification(&mut self) -> bool {
        // The index is seen before the suppression word is read: the device writes the one and reads the other the other way round.
        fence(Ordering::SeqCst);
        let (new, old) = (self.available, core::mem::replace(&mut self.notified, self.available));
        match Used::avail_event_ptr(self.used).filter(|_| self.event_idx) {
            Some(event) => {
                // SAFETY: the word is in the ring, which stays.
                let event = unsafe { event.read_volatile() }.to_ne();
                new.wrapping_sub(event).wrapping_sub(1) < new.wrapping_sub(old)
            }
            // SAFETY: as above.
            None => !unsafe { (&raw const (*self.used.as_ptr()).flags).read_volatile() }.contains(UsedF::NO_NOTIFY),
        }
    }

    /// The next used chain: its head and the bytes that were written.
    pub(crate) fn take(&mut self) -> Option<Result<(u16, u32), NotInFlight>> {
        // Acquire: what the device wrote before is seen with the index.
        if u16::from_le(self.used_idx().load(Ordering::Acquire)) == self.seen {
            return None;
        }
        let slots = Used::ring_ptr(self.used).cast::<UsedElem>();
        // SAFETY: the slot is inside of the ring.
        let elem = unsafe { slots.add(usize::from(self.seen % self.size)).read_volatile() };
        let id = elem.id.to_ne();
        let head = u16::try_from(id).ok().filter(|head| *head < self.size);
        let Some((head, chain)) = head.and_then(|h| Some((h, self.chains[usize::from(h)].take()?))) else {
            return Some(Err(NotInFlight(id)));
        };
        self.free.extend(chain);
        self.seen = self.seen.wrapping_add(1);
        Some(Ok((head, elem.len.to_ne())))
    }

    /// Asks for an interrupt for the next used chain; whether there is one already.
    pub(crate) fn arm(&mut self) -> bool {
        if let Some(event) = Avail::used_event_ptr(self.avail, self.event_idx) {
            // SAFETY: the word is in the ring, which stays.
            unsafe { event.write_volatile(le16::from_ne(self.seen)) };
        }
        // The word is seen before the index is read again.
        fence(Ordering::SeqCst);
        u16::from_le(self.used_idx().load(Ordering::Acquire)) != self.seen
    }
}
