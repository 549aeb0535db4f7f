//! What must be true of a queue and a well-behaved device.

use std::collections::{HashMap, VecDeque};

use parakit::{
    queue::{AddErrorKind, Queue, QueueOptions, ReadWrite, RingFeatures, Slot, Token},
    transport::ResetProof,
};

use crate::{
    step::Step,
    support::{
        device::Taken,
        platform::Tracked,
        ring::{EVENT_IDX, RING_PACKED, Ring},
        stepper::{Request, areas},
    },
};

/// What the queue provides at both ends of each chain, if it does.
const HEADER: [u8; 5] = [0xa1, 0xa2, 0xa3, 0xa4, 0xa5];
const TRAILER: [u8; 2] = [0xb1, 0xb2];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) features: RingFeatures,
    pub(crate) slots: u16,
    pub(crate) start: u16,
    pub(crate) framed: bool,
    pub(crate) over: u16,
    pub(crate) table: u16,
}

/// A chain that the driver gave away.
struct Chain {
    token: Token,
    /// Descriptors of the ring.
    descriptors: u16,
    /// What the device must find.
    readable: Vec<u8>,
    /// Bytes of the writable part, trailer included.
    writable: usize,
    segments: usize,
    /// Once it is used: what the device wrote, and the length that the driver must be told.
    used: Option<(Vec<u8>, u32)>,
}

/// When the device wants to be notified. Places count entries of a split ring, descriptors of a packed one.
enum Arm {
    Always,
    Never,
    At(u64),
}

pub(crate) struct Model {
    setup: Setup,
    size: u16,
    platform: Tracked,
    queue: Queue<Tracked, Request, Box<[Slot<Request>]>>,
    ring: Ring<Tracked>,
    chains: HashMap<u64, Chain>,
    next_id: u64,
    /// Chains by what has become of them, in order.
    added: Vec<u64>,
    published: VecDeque<u64>,
    taken: Vec<(u64, Taken)>,
    used: Vec<u64>,
    shown: VecDeque<u64>,
    /// Places published so far, and taken.
    place_published: u64,
    place_taken: u64,
    arm: Arm,
    /// Chains to be used until the device must have interrupted; `None` when the driver did not ask.
    waiting: Option<i64>,
    /// Whether it asked for no interrupts.
    quiet: bool,
    completed: u64,
}

impl Model {
    pub(crate) fn new(setup: Setup) -> Self {
        let Setup { features, slots, start, framed, over, table } = setup;
        let platform = Tracked::new();
        let options = QueueOptions {
            header: if framed { HEADER.len() as u16 } else { 0 },
            trailer: if framed { TRAILER.len() as u16 } else { 0 },
            indirect_over: over,
            indirect_table: table,
            ..QueueOptions::default()
        };
        let queue = Queue::detached_at(platform.clone(), Slot::boxed(slots.into()), options, features, start).unwrap();
        let size = if features.packed { slots } else { 1 << slots.ilog2() };
        assert_eq!((queue.size(), queue.features()), (size, features));
        let bits = if features.packed { RING_PACKED } else { 0 } | if features.event_idx { EVENT_IDX } else { 0 };
        let ring = Ring::new(platform.clone(), areas(queue.addresses()), size, bits).starting_at(start);
        let place = if features.packed { 0 } else { start.into() };
        Self {
            setup,
            size,
            platform,
            queue,
            ring,
            chains: HashMap::new(),
            next_id: 0,
            added: Vec::new(),
            published: VecDeque::new(),
            taken: Vec::new(),
            used: Vec::new(),
            shown: VecDeque::new(),
            place_published: place,
            place_taken: place,
            // Zeroed memory says so.
            arm: if features.event_idx && !features.packed { Arm::At(0) } else { Arm::Always },
            waiting: None,
            quiet: false,
            completed: 0,
        }
    }

    pub(crate) fn completed(&self) -> u64 {
        self.completed
    }

    /// Places after which they look the same.
    fn period(&self) -> u64 {
        if self.setup.features.packed { 2 * u64::from(self.size) } else { 1 << 16 }
    }

    fn framing(&self) -> usize {
        if self.setup.framed { 2 } else { 0 }
    }

    fn descriptors(&self) -> u16 {
        self.chains.values().map(|c| c.descriptors).sum()
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match step {
            Step::Add { readable, writable } => self.add(readable, writable, None),
            Step::AddUnshared { shared, readable, writable } => self.add(readable, writable, Some(*shared)),
            Step::Publish => self.publish(),
            Step::Poll(most) => (0..*most).for_each(|_| self.poll()),
            Step::Arm(chains) => self.arm_driver((*chains).into()),
            Step::Disarm => {
                self.queue.disable_interrupts();
                (self.waiting, self.quiet) = (None, true);
            }
            Step::Take(most) => (0..*most).for_each(|_| self.take()),
            Step::Want => self.want(),
            Step::Refuse => self.refuse(),
            Step::Use { pick, written } => {
                if !self.taken.is_empty() {
                    let pick = if self.setup.features.in_order { 0 } else { usize::from(*pick) % self.taken.len() };
                    self.use_one(pick, |writable| usize::from(*written) % (writable + 1));
                }
            }
            Step::UseBatch { chains, written } => {
                self.use_batch((*chains).into(), |writable| usize::from(*written) % (writable + 1));
            }
            Step::Show => self.show(),
        }
        assert_eq!(self.queue.free() + self.descriptors(), self.size);
        assert_eq!(usize::from(self.queue.in_flight()), self.chains.len());
        let shared: usize = self.chains.values().map(|c| c.segments).sum();
        assert_eq!(self.platform.shared(), shared);
    }

    fn add(&mut self, readable: &[u8], writable: &[u8], shared: Option<u8>) {
        let id = self.next_id;
        let request: Request = ReadWrite {
            readable: readable.iter().map(|&len| vec![id as u8; len.into()].into_boxed_slice()).collect(),
            writable: writable.iter().map(|&len| vec![0xee; len.into()].into_boxed_slice()).collect(),
        };
        let segments = readable.len() + writable.len();
        let needed = segments + self.framing();
        let free = self.size - self.descriptors();
        let entries = usize::from(self.setup.table.min(self.size));
        let in_table =
            self.setup.features.indirect && needed > self.setup.over.max(1).into() && needed <= entries && free > 0;
        let takes = if in_table { 1 } else { needed };

        self.platform.fail_share_after(shared.map(usize::from));
        let added =
            if self.setup.framed { self.queue.add_framed(&HEADER, request, &TRAILER) } else { self.queue.add(request) };
        self.platform.fail_share_after(None);
        let fails = shared.is_some_and(|shared| usize::from(shared) < segments);
        match added {
            Ok(token) => {
                assert!(needed > 0 && takes <= free.into() && !fails);
                assert!(token.index() < self.size.into() && self.chains.values().all(|c| c.token != token));
                let mut bytes = if self.setup.framed { HEADER.to_vec() } else { Vec::new() };
                bytes.extend(readable.iter().flat_map(|&len| vec![id as u8; len.into()]));
                let writable = writable.iter().map(|&len| usize::from(len)).sum::<usize>()
                    + if self.setup.framed { TRAILER.len() } else { 0 };
                let chain = Chain { token, descriptors: takes as u16, readable: bytes, writable, segments, used: None };
                self.chains.insert(id, chain);
                self.added.push(id);
                self.next_id += 1;
            }
            Err(e) => {
                assert!(e.chain.readable.iter().flatten().all(|&b| b == id as u8), "the chain, as it was");
                let size = self.size;
                match e.kind {
                    AddErrorKind::NoSegments => assert_eq!(needed, 0),
                    AddErrorKind::TooLong { .. } => assert!(!in_table && needed > size.into()),
                    AddErrorKind::Full { free: f, .. } => assert!(f == free && takes > free.into()),
                    AddErrorKind::Share(_) => assert!(fails),
                    kind => panic!("{kind}"),
                }
            }
        }
    }

    fn publish(&mut self) {
        let features = self.setup.features;
        let places: u64 = if features.packed {
            self.added.iter().map(|id| u64::from(self.chains[id].descriptors)).sum()
        } else {
            self.added.len() as u64
        };
        let (old, new) = (self.place_published, self.place_published + places);
        let period = self.period();
        let due = places > 0
            && match self.arm {
                Arm::Always => true,
                Arm::Never => false,
                Arm::At(place) => (old..new).any(|p| p % period == place % period),
            };
        let said = self.queue.publish();
        assert_eq!(said.is_some(), due, "notified");
        self.place_published = new;
        self.published.extend(self.added.drain(..));
        if let Some(notification) = said {
            let wheel = new % period;
            let size = u64::from(self.size);
            let bits = match (features.notification_data, features.packed) {
                (false, _) => 0,
                (true, false) => wheel,
                (true, true) => (wheel % size) | u64::from(wheel < size) << 15,
            };
            assert_eq!(u64::from(notification.0), bits);
        }
    }

    fn take(&mut self) {
        let taken = self.ring.take();
        assert_eq!(taken.is_some(), !self.published.is_empty(), "chains that were published are there, and no others");
        let Some(taken) = taken else { return };
        let id = self.published.pop_front().unwrap();
        let chain = &self.chains[&id];
        assert_eq!((usize::from(taken.head), taken.count), (chain.token.index(), chain.descriptors));
        assert_eq!(taken.segments.len(), chain.segments + self.framing());
        assert_eq!(self.ring.read(&taken), chain.readable);
        assert_eq!(taken.writable_len(), chain.writable as u64);
        self.place_taken += if self.setup.features.packed { taken.count.into() } else { 1 };
        self.taken.push((id, taken));
    }

    fn want(&mut self) {
        let there = self.ring.want_notification();
        assert_eq!(there, !self.published.is_empty());
        self.arm = if self.setup.features.event_idx { Arm::At(self.place_taken) } else { Arm::Always };
    }

    fn refuse(&mut self) {
        self.ring.refuse_notifications();
        self.arm = match self.setup.features {
            RingFeatures { event_idx: true, packed: false, .. } => Arm::At(self.place_taken + self.period() - 1),
            _ => Arm::Never,
        };
    }

    /// Writes `written` bytes into the chain at `taken`, which differ from what was there.
    fn write(&mut self, taken: usize, written: usize) -> Vec<u8> {
        let (id, chain) = &self.taken[taken];
        let bytes: Vec<u8> = (0..written).map(|i| (*id as u8).wrapping_add(i as u8) & 0x7f).collect();
        self.ring.write(chain, &bytes);
        bytes
    }

    fn use_one(&mut self, taken: usize, written: impl FnOnce(usize) -> usize) {
        let written = written(self.chains[&self.taken[taken].0].writable);
        let bytes = self.write(taken, written);
        let (id, chain) = self.taken.remove(taken);
        self.ring.use_chain(&chain, chain.head.into(), written as u32);
        self.chains.get_mut(&id).unwrap().used = Some((bytes, written as u32));
        self.used.push(id);
    }

    /// Uses the oldest chains with one used element; all but the last are written completely (§2.7.9, §2.8.8).
    fn use_batch(&mut self, chains: usize, written: impl FnOnce(usize) -> usize) {
        let chains = chains.min(self.taken.len());
        if !self.setup.features.in_order || chains == 0 {
            return;
        }
        let last = written(self.chains[&self.taken[chains - 1].0].writable);
        for i in 0..chains {
            let id = self.taken[i].0;
            let len = if i == chains - 1 { last } else { self.chains[&id].writable };
            let bytes = self.write(i, len);
            self.chains.get_mut(&id).unwrap().used = Some((bytes, len as u32));
            self.used.push(id);
        }
        let batch: Vec<Taken> = self.taken.drain(..chains).map(|(_, taken)| taken).collect();
        self.ring.use_batch(&batch, last as u32);
    }

    fn show(&mut self) {
        let interrupt = self.ring.show();
        let shown = self.used.len() as i64;
        self.shown.extend(self.used.drain(..));
        assert!(!(self.quiet && interrupt), "an interrupt that the driver does not want");
        if let Some(left) = &mut self.waiting {
            *left -= shown;
            assert!(interrupt || *left > 0, "the driver waits and is not interrupted");
            let exact = !self.setup.features.packed && self.setup.features.event_idx;
            assert!(!(exact && interrupt) || *left <= 0, "an interrupt {left} chains early");
        }
        if interrupt {
            self.waiting = None;
        }
    }

    fn arm_driver(&mut self, chains: u16) {
        let RingFeatures { event_idx, packed, .. } = self.setup.features;
        let in_flight = self.chains.len() - self.added.len();
        let wanted = if event_idx { usize::from(chains).min(in_flight).max(1) } else { 1 };
        let there = self.queue.enable_interrupts_after(chains);
        let ready = self.shown.len();
        if packed {
            assert!(if there { ready > 0 } else { ready < wanted });
        } else {
            assert_eq!(there, ready >= wanted);
        }
        self.quiet = false;
        self.waiting = (!there).then(|| wanted as i64 - ready as i64);
    }

    fn poll(&mut self) {
        let mut trailer = TRAILER;
        let done =
            if self.setup.framed { self.queue.poll_framed(&mut trailer) } else { self.queue.poll() }.expect("no fault");
        let Some(done) = done else {
            assert!(self.shown.is_empty(), "a chain that was used is not there");
            return;
        };
        let id = self.shown.pop_front().expect("a chain that was not shown");
        let chain = self.chains.remove(&id).unwrap();
        let (bytes, written) = chain.used.unwrap();
        assert_eq!((done.token, done.written), (chain.token, written));
        assert!(done.chain.readable.iter().flatten().all(|&b| b == id as u8));
        let mut found = done.chain.writable.concat();
        if self.setup.framed {
            // What the device did not write of it is what the driver put there.
            let from = bytes.len().saturating_sub(found.len());
            assert_eq!(trailer[from..], TRAILER[from..]);
            found.extend(trailer);
        }
        assert_eq!(found.len(), chain.writable);
        assert_eq!(found[..bytes.len()], bytes);
        self.completed += 1;
    }

    /// Gets everything through.
    pub(crate) fn finish(&mut self) {
        self.publish();
        while !self.published.is_empty() {
            self.take();
        }
        while !self.taken.is_empty() {
            self.use_one(0, |writable| writable);
        }
        self.show();
        while !self.chains.is_empty() {
            self.poll();
        }
        self.poll();
        assert_eq!(self.queue.free(), self.size);
    }

    /// Takes back what is in flight, after a reset.
    pub(crate) fn end(mut self) {
        // SAFETY: the device does nothing any more.
        let proof = unsafe { ResetProof::assume_queue(self.queue.id()) };
        let mut tokens: Vec<Token> = self.queue.retire(&proof).unwrap().map(|(token, _)| token).collect();
        let mut expected: Vec<Token> = self.chains.values().map(|c| c.token).collect();
        tokens.sort_unstable();
        expected.sort_unstable();
        assert_eq!(tokens, expected);
        drop(self.queue);
        assert_eq!((self.platform.shared(), self.platform.allocated()), (0, 0));
    }
}
