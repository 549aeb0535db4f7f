//! The ring observer: reads the memory of a queue for itself and says what happened in it.
//!
//! The worker of a device calls [`RingObserver::look`] before the device looks for buffers and [`RingObserver::after`]
//! after it used some; the observer trusts neither side. All of its work is bounded: a guest can make it give up on a chain
//! ([`NotWalked`](super::event::ChainFault::NotWalked)), never hang it or make it grow without end.

use std::sync::atomic::Ordering;

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER, RING_PACKED};
use parakit_abi::ring::split::{RING_FLAGS, RING_IDX};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::event::{EventKind, QueueInfo};
use super::log::EventLog;
use super::packed::PackedWatch;
use super::split::SplitWatch;
use crate::queue::{Setup, UsedDesc};

/// Descriptors that one look may read: more than any honest driver publishes between two looks.
pub(super) const LINKS_PER_LOOK: usize = 1 << 18;
/// Descriptors that one look compares with what they were. With more than that in flight, the chains take turns, so that a look at a
/// large queue does not take longer the more buffers wait in it.
pub(super) const LINKS_COMPARED: usize = 1 << 13;
/// Descriptors of chains in flight that are kept for comparison, per queue.
pub(super) const LINKS_KEPT: usize = 1 << 18;

impl QueueInfo {
    /// Describes a queue that is being enabled, with what its rings hold now. `features` are the ones the driver accepted. A size that no
    /// queue has counts as 0.
    #[must_use]
    pub fn read(queue: u16, setup: Setup, features: Features, memory: &GuestMemoryMmap) -> Self {
        let Setup { size, desc, driver, device } = setup;
        let packed = features.has(RING_PACKED);
        let word = |base, offset| if packed { None } else { read_u16(memory, base, offset) };
        Self {
            queue,
            size: u16::try_from(size).unwrap_or(0),
            desc,
            driver,
            device,
            packed,
            avail_flags: word(driver, RING_FLAGS),
            avail_idx: word(driver, RING_IDX),
            used_flags: word(device, RING_FLAGS),
            used_idx: word(device, RING_IDX),
        }
    }
}

/// Watches one enabled queue. Dropped when the queue is disabled or the device reset.
#[derive(Debug)]
pub struct RingObserver {
    watched: Watched,
    format: Format,
    /// The device has overwritten memory of the driver's: what lies there says nothing about the driver any more.
    overwritten: bool,
}

#[derive(Debug)]
enum Format {
    Split(SplitWatch),
    Packed(PackedWatch),
}

/// The queue that is watched, and where it is told.
#[derive(Debug)]
pub(super) struct Watched {
    device: u16,
    pub(super) info: QueueInfo,
    pub(super) memory: GuestMemoryMmap,
    log: EventLog,
    pub(super) event_idx: bool,
    pub(super) in_order: bool,
}

impl Watched {
    pub(super) fn emit(&self, kind: EventKind) {
        self.log.emit(self.device, kind);
    }

    /// A word of one of the queue's areas; `None` outside guest memory.
    pub(super) fn word(&self, base: u64, offset: usize) -> Option<u16> {
        read_u16(&self.memory, base, offset)
    }
}

impl RingObserver {
    /// Starts to watch a queue that has just been enabled, and tells so ([`EventKind::QueueEnabled`]).
    /// `features` are the ones the driver accepted. With a log that is off the observer does nothing.
    #[must_use]
    pub fn enabled(device: u16, info: QueueInfo, memory: GuestMemoryMmap, log: EventLog, features: Features) -> Self {
        log.emit(device, EventKind::QueueEnabled(info.clone()));
        let (event_idx, in_order) = (features.has(EVENT_IDX), features.has(IN_ORDER));
        let on = log.is_on();
        let watched = Watched { device, info, memory, log, event_idx, in_order };
        let format = match watched.info.packed {
            false => Format::Split(SplitWatch::new(&watched)),
            true => Format::Packed(PackedWatch::new(&watched, on)),
        };
        Self { watched, format, overwritten: false }
    }

    /// Looks at what the driver did since the last look. Call it before the device looks for buffers, on the thread that
    /// uses them.
    pub fn look(&mut self) {
        if !self.watched.log.is_on() || self.overwritten {
            return;
        }
        match &mut self.format {
            Format::Split(split) => split.look(&self.watched),
            Format::Packed(packed) => packed.look(&self.watched),
        }
    }

    /// Looks at the suppression words alone: what the driver went by when it last decided about a notification, as far as the device has written
    /// none of them since. Call it before the device goes on by itself.
    pub fn look_at_words(&mut self) {
        if !self.watched.log.is_on() || self.overwritten {
            return;
        }
        match &mut self.format {
            Format::Split(split) => split.suppression(&self.watched),
            Format::Packed(packed) => packed.suppression(&self.watched),
        }
    }

    /// Looks at what the device used since the last look. Call it after the device used buffers, before anything else is
    /// done for the queue.
    ///
    /// `written` are the descriptors that were used in a packed ring, as the device wrote them. They count, where there are any: as soon as a used
    /// descriptor lies in the ring, the driver may take it and write its place again, its flags last, so that what the observer finds there may
    /// be half of one and half of the other. Without them it believes what it finds. Split rings have none.
    pub fn after(&mut self, written: &[UsedDesc]) {
        if !self.watched.log.is_on() {
            return;
        }
        match &mut self.format {
            Format::Split(split) => split.after(&self.watched, self.overwritten),
            Format::Packed(packed) => packed.after(&self.watched, written, self.overwritten),
        }
    }

    /// The device, odd on purpose, has overwritten descriptors or the driver area. From now on only what is used is
    /// followed: the driver is not to be blamed for what it did not write.
    pub const fn overwritten(&mut self) {
        self.overwritten = true;
    }

    /// Goes on in `memory`, where the queue has the same addresses.
    pub fn move_to(&mut self, memory: GuestMemoryMmap) {
        self.watched.memory = memory;
    }

    /// How the queue is set up.
    #[must_use]
    pub const fn info(&self) -> &QueueInfo {
        &self.watched.info
    }

    /// Chains that the driver made available and the device has not used, as far as they are tracked.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        match &self.format {
            Format::Split(split) => split.in_flight(),
            Format::Packed(packed) => packed.in_flight(),
        }
    }
}

/// A ring word; `None` outside guest memory. Acquire, so that what was written before the word was is seen after it is
/// read (§2.7.13.3.1); a misaligned word (the driver's fault) is read without that promise.
pub(super) fn read_u16(memory: &GuestMemoryMmap, base: u64, offset: usize) -> Option<u16> {
    let address = GuestAddress(base.checked_add(offset as u64)?);
    if address.0.is_multiple_of(2) {
        memory.load::<u16>(address, Ordering::Acquire).ok().map(u16::from_le)
    } else {
        let mut bytes = [0; 2];
        memory.read_slice(&mut bytes, address).ok()?;
        Some(u16::from_le_bytes(bytes))
    }
}
