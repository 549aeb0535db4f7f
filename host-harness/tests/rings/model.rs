//! A queue as the specification means it: plain counts and lists, without rings, wrap counters or modulo arithmetic in what passes.
//!
//! Whether a notification or an interrupt is called for is found by going through all that was passed, one by one, and asking of each whether it is
//! the one that the other side waits for. What the other side waits for is read from guest memory.

use std::collections::VecDeque;

use parakit::queue::RingFeatures;
use parakit::transport::QueueAddresses;
use parakit_abi::ring::packed::{EVENT_FLAGS_DESC, EVENT_FLAGS_DISABLE, Position};
use parakit_abi::ring::split::{AVAIL_F_NO_INTERRUPT, SplitLayout, USED_F_NO_NOTIFY};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

/// A chain, by its number since the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) number: u64,
    /// Places of the ring that it takes: 1 in a split ring.
    pub(crate) places: u64,
    pub(crate) readable: Vec<u8>,
    pub(crate) writable: u32,
    /// What the device wrote.
    pub(crate) written: Vec<u8>,
}

/// The queue. A chain goes through the lists from top to bottom.
pub(crate) struct Model {
    size: u16,
    features: RingFeatures,
    layout: Option<SplitLayout>,
    driver_area: u64,
    device_area: u64,
    pub(crate) added: VecDeque<Chain>,
    pub(crate) published: VecDeque<Chain>,
    /// With `VIRTIO_F_IN_ORDER`: done, and not told yet.
    pub(crate) untold: VecDeque<Chain>,
    pub(crate) used: VecDeque<Chain>,
    /// Places published, fetched, used and decided about, since the beginning.
    pub(crate) made: u64,
    pub(crate) fetched: u64,
    pub(crate) passed: u64,
    decided: u64,
}

impl Model {
    pub(crate) fn new(size: u16, features: RingFeatures, addresses: QueueAddresses) -> Self {
        Self {
            size,
            features,
            layout: (!features.packed).then(|| SplitLayout::new(size).expect("a power of two")),
            driver_area: addresses.driver,
            device_area: addresses.device,
            added: VecDeque::new(),
            published: VecDeque::new(),
            untold: VecDeque::new(),
            used: VecDeque::new(),
            made: 0,
            fetched: 0,
            passed: 0,
            decided: 0,
        }
    }

    /// The place with this number, as rings write it.
    pub(crate) fn position(&self, number: u64) -> u16 {
        if !self.features.packed {
            return number as u16;
        }
        let size = u64::from(self.size);
        Position { index: (number % size) as u16, wrap: (number / size).is_multiple_of(2) }.to_bits()
    }

    /// The driver publishes what it has added. Returns whether the device is to be notified.
    pub(crate) fn publish(&mut self, memory: &GuestMemoryMmap) -> bool {
        let old = self.made;
        self.made += self.added.iter().map(|chain| chain.places).sum::<u64>();
        self.published.append(&mut self.added);
        let word = |offset: usize| word(memory, self.device_area, offset);
        match &self.layout {
            _ if self.made == old => false,
            Some(layout) if self.features.event_idx => self.passes(old, self.made, word(layout.avail_event())),
            Some(_) => word(0) & USED_F_NO_NOTIFY == 0,
            None => self.packed_event(old, self.made, word(0), word(2)),
        }
    }

    /// The device has done a chain and gives it back.
    pub(crate) fn complete(&mut self, chain: Chain) {
        let whole = chain.written.len() == chain.writable as usize;
        self.untold.push_back(chain);
        if !self.features.in_order || !whole {
            self.flush();
        }
    }

    /// What was given back is the driver's.
    pub(crate) fn flush(&mut self) {
        self.passed += self.untold.iter().map(|chain| chain.places).sum::<u64>();
        self.used.append(&mut self.untold);
    }

    /// Whether something was used that no decision was made about.
    pub(crate) fn is_undecided(&self) -> bool {
        self.passed > self.decided || !self.untold.is_empty()
    }

    /// Whether the driver is to be interrupted for what was used since the last decision.
    pub(crate) fn decide(&mut self, memory: &GuestMemoryMmap) -> bool {
        self.flush();
        let old = std::mem::replace(&mut self.decided, self.passed);
        let word = |offset: usize| word(memory, self.driver_area, offset);
        match &self.layout {
            Some(layout) if self.features.event_idx => self.passes(old, self.passed, word(layout.used_event())),
            Some(_) => word(0) & AVAIL_F_NO_INTERRUPT == 0,
            None => self.packed_event(old, self.passed, word(0), word(2)),
        }
    }

    fn passes(&self, from: u64, to: u64, event: u16) -> bool {
        (from..to).any(|number| self.position(number) == event)
    }

    fn packed_event(&self, from: u64, to: u64, off_wrap: u16, flags: u16) -> bool {
        match flags {
            EVENT_FLAGS_DISABLE => false,
            EVENT_FLAGS_DESC => {
                assert!(self.features.event_idx, "a descriptor's event without EVENT_IDX");
                self.passes(from, to, off_wrap)
            }
            flags => {
                assert_eq!(flags, 0, "reserved flags");
                true
            }
        }
    }
}

fn word(memory: &GuestMemoryMmap, area: u64, offset: usize) -> u16 {
    u16::from_le(memory.read_obj(GuestAddress(area + offset as u64)).expect("in memory"))
}
