//! The device side of a packed ring, from VIRTIO 1.4 §2.8.

use std::sync::atomic::{
    AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
    fence,
};

use super::{
    device::{Segment, Taken, read_segments, write_segments},
    platform::Memory,
};

/// A place in the ring and the wrap counter there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: u16,
    wrap: bool,
}

impl Place {
    /// As event suppression and notification data have it: the counter in the highest bit.
    fn bits(self) -> u16 {
        self.at + if self.wrap { 0x8000 } else { 0 }
    }

    fn step(&mut self, size: u16) {
        self.at += 1;
        if self.at == size {
            *self = Self { at: 0, wrap: !self.wrap };
        }
    }

    fn skip(&mut self, count: u16, size: u16) {
        (0..count).for_each(|_| self.step(size));
    }
}

pub struct Packed<M> {
    memory: M,
    ring: u64,
    driver_event: u64,
    device_event: u64,
    size: u16,
    event_idx: bool,
    /// Where the next available descriptor is looked for.
    avail: Place,
    /// Where the next used descriptor goes.
    used: Place,
    /// Up to where used descriptors were shown.
    shown: Place,
    /// Used and not shown: where, id, length, whether anything was written.
    pending: Vec<(Place, u16, u32, bool)>,
    /// It has overwritten descriptors that were not its to write, so that it makes no sense of them any more.
    lied: bool,
}

impl<M: Memory> Packed<M> {
    pub fn new(memory: M, [ring, driver_event, device_event]: [u64; 3], size: u16, event_idx: bool) -> Self {
        assert!(ring.is_multiple_of(16) && driver_event.is_multiple_of(4) && device_event.is_multiple_of(4));
        let start = Place { at: 0, wrap: true };
        let (avail, used, shown) = (start, start, start);
        let (pending, lied) = (Vec::new(), false);
        Self { memory, ring, driver_event, device_event, size, event_idx, avail, used, shown, pending, lied }
    }

    fn u16_at(&self, address: u64) -> &AtomicU16 {
        let ptr = self.memory.at(address, 2, true).expect("ring memory");
        // SAFETY: aligned ring memory, which the driver keeps while the device lives.
        unsafe { AtomicU16::from_ptr(ptr.cast()) }
    }

    fn u32_at(&self, address: u64) -> &AtomicU32 {
        let ptr = self.memory.at(address, 4, true).expect("ring memory");
        // SAFETY: as for `u16_at`.
        unsafe { AtomicU32::from_ptr(ptr.cast()) }
    }

    fn u64_at(&self, address: u64) -> &AtomicU64 {
        let ptr = self.memory.at(address, 8, true).expect("ring memory");
        // SAFETY: as for `u16_at`.
        unsafe { AtomicU64::from_ptr(ptr.cast()) }
    }

    fn slot(&self, at: u16) -> u64 {
        assert!(at < self.size);
        self.ring + 16 * u64::from(at)
    }

    /// The flags there, if they say "available" in that round.
    fn available_at(&self, place: Place) -> Option<u16> {
        let flags = self.u16_at(self.slot(place.at) + 14).load(Acquire);
        let (avail, used) = (flags & 0x80 != 0, flags & 0x8000 != 0);
        (avail == place.wrap && used != place.wrap).then_some(flags)
    }

    /// Whether a chain is available and not taken.
    pub fn available(&self) -> bool {
        self.available_at(self.avail).is_some()
    }

    /// Takes the next available chain.
    pub fn take(&mut self) -> Option<Taken> {
        if self.lied {
            return None;
        }
        let mut flags = self.available_at(self.avail)?;
        let (mut at, mut count, mut segments) = (self.avail, 0, Vec::new());
        loop {
            let slot = self.slot(at.at);
            let address = self.u64_at(slot).load(Relaxed);
            let len = self.u32_at(slot + 8).load(Relaxed);
            let id = self.u16_at(slot + 12).load(Relaxed);
            assert_eq!(flags & !(1 | 2 | 4 | 0x8080), 0, "flags {flags:#x}");
            assert!(len > 0, "an empty element");
            count += 1;
            at.step(self.size);
            if flags & 4 != 0 {
                assert!(count == 1 && flags & 1 == 0, "an indirect descriptor in a list");
                self.read_table(address, len, &mut segments);
            } else {
                segments.push(Segment { address, len, writable: flags & 2 != 0 });
            }
            if flags & 1 == 0 {
                let ordered = segments.windows(2).all(|pair| !pair[0].writable || pair[1].writable);
                assert!(ordered, "a readable element behind a writable one");
                self.avail = at;
                return Some(Taken { head: id, count, segments });
            }
            assert!(count < self.size, "a list longer than the ring");
            // The rest of a list is there before its first descriptor is.
            flags = self.available_at(at).expect("the rest of a list is available");
        }
    }

    /// The elements of an indirect table: in order, and with no flag but WRITE (§2.8.19).
    fn read_table(&self, address: u64, len: u32, segments: &mut Vec<Segment>) {
        assert!(len.is_multiple_of(16), "a table of {len} bytes");
        let table = self.memory.at(address, len as usize, false).expect("a table that the device may read");
        for i in 0..len as usize / 16 {
            let mut bytes = [0; 16];
            // SAFETY: within the table, which the driver does not write while the device has the chain.
            unsafe { std::ptr::copy_nonoverlapping(table.add(16 * i), bytes.as_mut_ptr(), 16) };
            let len = u32::from_le_bytes(bytes[8..12].try_into().unwrap());
            let flags = u16::from_le_bytes(bytes[14..16].try_into().unwrap());
            assert_eq!(flags & !2, 0, "flags {flags:#x} in a table");
            assert!(len > 0, "an empty element in a table");
            let address = u64::from_le_bytes(bytes[..8].try_into().unwrap());
            segments.push(Segment { address, len, writable: flags & 2 != 0 });
        }
    }

    pub fn read(&self, taken: &Taken) -> Vec<u8> {
        read_segments(&self.memory, taken)
    }

    pub fn write(&self, taken: &Taken, bytes: &[u8]) {
        write_segments(&self.memory, taken, bytes);
    }

    /// Uses a chain under `id`, without showing it to the driver yet. With in-order use, `skipped` chains taken before it
    /// are used along with it.
    pub fn use_chain(&mut self, taken: &Taken, skipped: &[Taken], id: u16, len: u32) {
        let wrote = taken.segments.iter().any(|s| s.writable);
        self.pending.push((self.used, id, len, wrote));
        let count = skipped.iter().map(|t| t.count).sum::<u16>() + taken.count;
        self.used.skip(count, self.size);
    }

    /// Shows the driver all used descriptors, the first of them last. Returns whether to interrupt.
    pub fn show(&mut self) -> bool {
        let pending = std::mem::take(&mut self.pending);
        for (place, id, len, wrote) in pending.iter().rev() {
            let slot = self.slot(place.at);
            self.u16_at(slot + 12).store(*id, Relaxed);
            self.u32_at(slot + 8).store(*len, Relaxed);
            let flags = if place.wrap { 0x8080 } else { 0 } | if *wrote { 2 } else { 0 };
            self.u16_at(slot + 14).store(flags, Release);
        }
        fence(SeqCst);
        let (mut place, end) = (self.shown, self.used);
        self.shown = end;
        if pending.is_empty() {
            return false;
        }
        match self.u16_at(self.driver_event + 2).load(Relaxed) {
            0 => true,
            1 => false,
            2 => {
                assert!(self.event_idx, "an event for a descriptor without EVENT_IDX");
                let wanted = self.u16_at(self.driver_event).load(Relaxed);
                assert!(wanted & 0x7fff < self.size, "an event for descriptor {}", wanted & 0x7fff);
                // The definition itself: is one of the descriptors just passed the one asked for?
                loop {
                    if place.bits() == wanted {
                        return true;
                    }
                    place.step(self.size);
                    if place == end {
                        return false;
                    }
                }
            }
            flags => panic!("event suppression flags {flags:#x}"),
        }
    }

    fn set_device_event(&mut self, place: Place, flags: u16) {
        self.u16_at(self.device_event).store(place.bits(), Relaxed);
        self.u16_at(self.device_event + 2).store(flags, Relaxed);
        fence(SeqCst);
    }

    /// Asks for a notification at the next available chain; returns whether there is one already.
    pub fn want_notification(&mut self) -> bool {
        if self.event_idx {
            self.set_device_event(self.avail, 2);
        } else {
            self.set_device_event(Place { at: 0, wrap: false }, 0);
        }
        self.available()
    }

    /// Asks for a notification `ahead` descriptors further than the next one to take. Only with EVENT_IDX.
    pub fn want_notification_ahead(&mut self, ahead: u16) {
        assert!(self.event_idx && ahead < self.size);
        let mut place = self.avail;
        place.skip(ahead, self.size);
        self.set_device_event(place, 2);
    }

    /// Asks for no notifications.
    pub fn refuse_notifications(&mut self) {
        self.set_device_event(Place { at: 0, wrap: false }, 1);
    }

    /// What the driver gives as notification data if it has made available all that it shows.
    pub fn next_avail_bits(&self) -> u16 {
        let mut place = self.avail;
        for _ in 0..self.size {
            if self.available_at(place).is_none() {
                break;
            }
            place.step(self.size);
        }
        place.bits()
    }

    // What a hostile device may do.

    /// Marks as used, in this round, a descriptor that may not be.
    pub fn poke_used(&mut self, ahead: u16, id: u16, len: u32) {
        self.lied = true;
        let mut place = self.used;
        place.skip(ahead % self.size, self.size);
        let slot = self.slot(place.at);
        self.u16_at(slot + 12).store(id, Relaxed);
        self.u32_at(slot + 8).store(len, Relaxed);
        self.u16_at(slot + 14).store(if place.wrap { 0x8082 } else { 2 }, Release);
    }

    /// Overwrites the flags of a descriptor.
    pub fn poke_flags(&mut self, at: u16, flags: u16) {
        self.lied = true;
        self.u16_at(self.slot(at) + 14).store(flags, Release);
    }

    /// Overwrites the device's event suppression structure.
    pub fn poke_event(&mut self, bits: u16, flags: u16) {
        self.u16_at(self.device_event).store(bits, Relaxed);
        self.u16_at(self.device_event + 2).store(flags, Relaxed);
    }

    /// Bytes of the ring areas: descriptors, driver event suppression, device event suppression.
    pub fn areas(&self) -> [(u64, u64); 3] {
        [(self.ring, 16 * u64::from(self.size)), (self.driver_event, 4), (self.device_event, 4)]
    }

    /// Overwrites one byte of ring memory.
    pub fn poke(&mut self, address: u64, value: u8) {
        self.lied |= (self.ring..self.ring + 16 * u64::from(self.size)).contains(&address);
        let ptr = self.memory.at(address, 1, true).expect("ring memory");
        // SAFETY: ring memory.
        unsafe { AtomicU8::from_ptr(ptr) }.store(value, Relaxed);
    }
}
