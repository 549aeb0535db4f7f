//! The device side of a split ring, from VIRTIO 1.4 §2.7.

use std::sync::atomic::{
    AtomicU8, AtomicU16, AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release, SeqCst},
    fence,
};

use super::platform::Memory;

/// One descriptor as the device finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub address: u64,
    pub len: u32,
    pub writable: bool,
}

/// A chain that the device has taken and not yet used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Index of the first descriptor; the buffer id in a packed ring.
    pub head: u16,
    /// Descriptors of the ring that it takes.
    pub count: u16,
    pub segments: Vec<Segment>,
}

impl Taken {
    pub fn writable_len(&self) -> u64 {
        self.segments.iter().filter(|s| s.writable).map(|s| u64::from(s.len)).sum()
    }
}

pub struct Device<M> {
    memory: M,
    desc: u64,
    avail: u64,
    used: u64,
    size: u16,
    event_idx: bool,
    /// Next available entry to take.
    next_avail: u16,
    /// Next used entry to write.
    used_idx: u16,
    /// The used index that the driver was shown last.
    shown: u16,
}

impl<M: Memory> Device<M> {
    pub fn new(memory: M, [desc, avail, used]: [u64; 3], size: u16, event_idx: bool) -> Self {
        assert!(desc.is_multiple_of(16) && avail.is_multiple_of(2) && used.is_multiple_of(4));
        Self { memory, desc, avail, used, size, event_idx, next_avail: 0, used_idx: 0, shown: 0 }
    }

    /// The device of a queue that was made as if `start` chains had been used.
    pub fn starting_at(self, start: u16) -> Self {
        Self { next_avail: start, used_idx: start, shown: start, ..self }
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

    pub fn avail_idx(&self) -> u16 {
        self.u16_at(self.avail + 2).load(Acquire)
    }

    pub fn avail_flags(&self) -> u16 {
        self.u16_at(self.avail).load(Relaxed)
    }

    pub fn used_event(&self) -> u16 {
        self.u16_at(self.avail + 4 + 2 * u64::from(self.size)).load(Relaxed)
    }

    /// How many chains are available and not taken.
    pub fn available(&self) -> u16 {
        self.avail_idx().wrapping_sub(self.next_avail)
    }

    /// Takes the next available chain.
    pub fn take(&mut self) -> Option<Taken> {
        let available = self.available();
        if available == 0 {
            return None;
        }
        assert!(available <= self.size, "{available} available chains in a ring of {}", self.size);
        let slot = u64::from(self.next_avail % self.size);
        let head = self.u16_at(self.avail + 4 + 2 * slot).load(Relaxed);
        self.next_avail = self.next_avail.wrapping_add(1);
        let mut segments: Vec<Segment> = Vec::new();
        let (mut at, mut count) = (head, 0);
        loop {
            assert!(at < self.size, "descriptor {at} of {}", self.size);
            assert!(count < self.size, "a chain with a loop");
            let (address, rest) = self.descriptor(at);
            let (len, flags) = (rest as u32, (rest >> 32) as u16);
            assert_eq!(flags & !7, 0, "flags {flags:#x}");
            assert!(len > 0, "an empty descriptor");
            count += 1;
            if flags & 4 != 0 {
                assert_eq!(flags & 1, 0, "an indirect descriptor with a next one");
                self.read_table(address, len, &mut segments);
            } else {
                segments.push(Segment { address, len, writable: flags & 2 != 0 });
            }
            if flags & 1 == 0 {
                let ordered = segments.windows(2).all(|pair| !pair[0].writable || pair[1].writable);
                assert!(ordered, "a readable descriptor behind a writable one");
                return Some(Taken { head, count, segments });
            }
            at = (rest >> 48) as u16;
        }
    }

    /// The chain in an indirect table (§2.7.5.3).
    fn read_table(&self, address: u64, len: u32, segments: &mut Vec<Segment>) {
        assert!(len.is_multiple_of(16), "a table of {len} bytes");
        let entries = len as usize / 16;
        let table = self.memory.at(address, len as usize, false).expect("a table that the device may read");
        let mut at = 0;
        for _ in 0..entries {
            let mut bytes = [0; 16];
            // SAFETY: within the table, which the driver does not write while the device has the chain.
            unsafe { std::ptr::copy_nonoverlapping(table.add(16 * at), bytes.as_mut_ptr(), 16) };
            let flags = u16::from_le_bytes(bytes[12..14].try_into().unwrap());
            let len = u32::from_le_bytes(bytes[8..12].try_into().unwrap());
            assert_eq!(flags & !3, 0, "flags {flags:#x} in a table");
            assert!(len > 0, "an empty descriptor in a table");
            let address = u64::from_le_bytes(bytes[..8].try_into().unwrap());
            segments.push(Segment { address, len, writable: flags & 2 != 0 });
            if flags & 1 == 0 {
                return;
            }
            at = usize::from(u16::from_le_bytes(bytes[14..16].try_into().unwrap()));
            assert!(at < entries, "entry {at} of a table of {entries}");
        }
        panic!("a table with a loop");
    }

    fn descriptor(&self, i: u16) -> (u64, u64) {
        let at = self.desc + 16 * u64::from(i);
        (self.u64_at(at).load(Relaxed), self.u64_at(at + 8).load(Relaxed))
    }

    /// Reads the readable segments.
    pub fn read(&self, taken: &Taken) -> Vec<u8> {
        read_segments(&self.memory, taken)
    }

    /// Writes to the writable segments, from their start.
    pub fn write(&self, taken: &Taken, bytes: &[u8]) {
        write_segments(&self.memory, taken, bytes);
    }

    /// Writes a used entry that the driver is not shown yet.
    pub fn use_chain(&mut self, id: u32, len: u32) {
        let slot = u64::from(self.used_idx % self.size);
        self.u32_at(self.used + 4 + 8 * slot).store(id, Relaxed);
        self.u32_at(self.used + 8 + 8 * slot).store(len, Relaxed);
        self.used_idx = self.used_idx.wrapping_add(1);
    }

    /// One used entry, not shown yet, for `chains` chains of which `id` is the last (§2.7.9): the index moves on by all.
    pub fn use_batch(&mut self, id: u32, len: u32, chains: u16) {
        self.use_chain(id, len);
        self.used_idx = self.used_idx.wrapping_add(chains - 1);
    }

    /// Shows the driver all used entries. Returns whether to interrupt.
    pub fn show(&mut self) -> bool {
        let (old, new) = (self.shown, self.used_idx);
        self.u16_at(self.used + 2).store(new, Release);
        self.shown = new;
        fence(SeqCst);
        if old == new {
            false
        } else if self.event_idx {
            // The definition itself: does one of the entries just shown have the index asked for?
            let event = self.used_event();
            let mut i = old;
            while i != new {
                if i == event {
                    return true;
                }
                i = i.wrapping_add(1);
            }
            false
        } else {
            self.avail_flags() & 1 == 0
        }
    }

    /// Asks for a notification at the next available chain; returns whether there is one already.
    pub fn want_notification(&mut self) -> bool {
        if self.event_idx {
            self.u16_at(self.used + 4 + 8 * u64::from(self.size)).store(self.next_avail, Relaxed);
        } else {
            self.u16_at(self.used).store(0, Relaxed);
        }
        fence(SeqCst);
        self.available() != 0
    }

    /// Asks for a notification when the driver fills available entry `idx`. Only with EVENT_IDX.
    pub fn want_notification_at(&mut self, idx: u16) {
        assert!(self.event_idx);
        self.u16_at(self.used + 4 + 8 * u64::from(self.size)).store(idx, Relaxed);
        fence(SeqCst);
    }

    /// Asks for no notifications.
    pub fn refuse_notifications(&mut self) {
        if self.event_idx {
            self.u16_at(self.used + 4 + 8 * u64::from(self.size)).store(self.next_avail.wrapping_sub(1), Relaxed);
        } else {
            self.u16_at(self.used).store(1, Relaxed);
        }
    }

    pub fn next_avail(&self) -> u16 {
        self.next_avail
    }

    // What a hostile device may do.

    /// Sets the used index to anything.
    pub fn poke_used_idx(&mut self, idx: u16) {
        self.u16_at(self.used + 2).store(idx, Release);
    }

    pub fn poke_used_flags(&mut self, flags: u16) {
        self.u16_at(self.used).store(flags, Relaxed);
    }

    pub fn used_idx(&self) -> u16 {
        self.used_idx
    }

    /// Bytes of the ring areas, as offsets for [`poke`](Self::poke): descriptors, available ring, used ring.
    pub fn areas(&self) -> [(u64, u64); 3] {
        let n = u64::from(self.size);
        [(self.desc, 16 * n), (self.avail, 6 + 2 * n), (self.used, 6 + 8 * n)]
    }

    /// Overwrites one byte of ring memory.
    pub fn poke(&mut self, address: u64, value: u8) {
        let ptr = self.memory.at(address, 1, true).expect("ring memory");
        // SAFETY: ring memory.
        unsafe { AtomicU8::from_ptr(ptr) }.store(value, Relaxed);
    }
}

/// Reads what `taken` gives the device to read.
pub fn read_segments(memory: &impl Memory, taken: &Taken) -> Vec<u8> {
    let mut bytes = Vec::new();
    for s in taken.segments.iter().filter(|s| !s.writable) {
        let ptr = memory.at(s.address, s.len as usize, false).expect("a shared, readable buffer");
        // SAFETY: the driver shares that many bytes and does not write them while the device has the chain.
        bytes.extend_from_slice(unsafe { std::slice::from_raw_parts(ptr, s.len as usize) });
    }
    bytes
}

/// Writes to what `taken` gives the device to write, from its start.
pub fn write_segments(memory: &impl Memory, taken: &Taken, mut bytes: &[u8]) {
    for s in taken.segments.iter().filter(|s| s.writable) {
        let n = bytes.len().min(s.len as usize);
        let ptr = memory.at(s.address, s.len as usize, true).expect("a shared, writable buffer");
        // SAFETY: the driver shares that many bytes and does not access them while the device has the chain.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), ptr, n) };
        bytes = &bytes[n..];
    }
    assert!(bytes.is_empty(), "more to write than room");
}
