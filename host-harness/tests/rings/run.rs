//! The kit's driver side, a device side and the model, one step at a time in the order that a seed chooses.
//!
//! Both sides sleep as real ones do: the device until it is notified, the driver until it is interrupted. What wakes them is never more and never
//! less than what the model calls for, and while one sleeps there is nothing for it to do.

use std::collections::{HashMap, VecDeque};

use parakit::queue::{Queue, QueueOptions, ReadWrite, RingFeatures, Slot, Token};
use parakit::transport::ResetProof;
use parakit_abi::feature::{self, Features};
use parakit_harness::observe::{EventKind, EventLog, LogOptions, RingObserver, event::QueueInfo};
use parakit_harness::queue::{Chain, DeviceRing, Done, Request, Setup};

use crate::model::{self, Model};
use crate::platform::Guest;

type Buffers = Vec<Box<[u8]>>;
type Driver = Queue<Guest, ReadWrite<Buffers, Buffers>, Box<[Slot<ReadWrite<Buffers, Buffers>>]>>;

/// Chains longer than this use an indirect table, if that was negotiated, unless they are longer than a table.
const INDIRECT_OVER: u16 = 2;
const INDIRECT_TABLE: u16 = 6;
/// Most buffers of a chain.
const LONGEST: u64 = 8;

/// Chains that go through before the schedule begins, at most, when there is an observer.
const MOST_WATCHED: u32 = 1000;

/// What a buffer of the driver's holds before the device has written it.
const UNWRITTEN: u8 = 0xee;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) size: u16,
    pub(crate) features: RingFeatures,
    /// Chains that have gone through before, one by one, without an observer.
    pub(crate) before: u32,
    pub(crate) steps: u64,
}

/// What a run reached.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) completed: u64,
    pub(crate) notified: u64,
    pub(crate) silent: u64,
    pub(crate) interrupted: u64,
    pub(crate) undisturbed: u64,
    pub(crate) out_of_order: u64,
    pub(crate) in_batches: u64,
    pub(crate) in_tables: u64,
    pub(crate) full: u64,
}

impl Counts {
    pub(crate) fn with(self, other: Self) -> Self {
        Self {
            completed: self.completed + other.completed,
            notified: self.notified + other.notified,
            silent: self.silent + other.silent,
            interrupted: self.interrupted + other.interrupted,
            undisturbed: self.undisturbed + other.undisturbed,
            out_of_order: self.out_of_order + other.out_of_order,
            in_batches: self.in_batches + other.in_batches,
            in_tables: self.in_tables + other.in_tables,
            full: self.full + other.full,
        }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % end
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

fn accepted(features: RingFeatures) -> Features {
    let RingFeatures { event_idx, packed, indirect, in_order, notification_data, .. } = features;
    let bits = [
        (event_idx, feature::EVENT_IDX),
        (packed, feature::RING_PACKED),
        (indirect, feature::INDIRECT_DESC),
        (in_order, feature::IN_ORDER),
        (notification_data, feature::NOTIFICATION_DATA),
    ];
    bits.iter().filter(|(on, _)| *on).fold(Features::NONE, |all, (_, bit)| all.with(Features::bit(*bit)))
}

struct Run {
    case: Case,
    random: Random,
    guest: Guest,
    queue: Driver,
    ring: DeviceRing,
    observer: Option<RingObserver>,
    log: EventLog,
    model: Model,
    counts: Counts,
    tokens: HashMap<Token, u64>,
    next_number: u64,
    /// Chains in the device's hands, with the model's account of each.
    held: VecDeque<(Chain, model::Chain)>,
    /// What the observer saw and has not seen used: id and number.
    watched: VecDeque<(u16, u64)>,
    /// What the model says was used, and the observer has not told yet.
    unseen: VecDeque<u64>,
    device_awake: bool,
    driver_awake: bool,
    /// What the driver asked for when it went to sleep: an interrupt after so many more chains. In a packed ring, where the device counts
    /// descriptors, after so many of those in flight then: shorter ones that come later and come back first do not count.
    wanted: usize,
    /// Number of the first chain that had not been added then.
    slept_before: u64,
}

/// Runs a case to its end; panics when anything is not as it must be.
pub(crate) fn run(case: Case) -> Counts {
    let mut run = Run::new(case);
    for _ in 0..case.before {
        run.one_alone();
    }
    let mut step = 0;
    while step < case.steps || !run.is_done() {
        assert!(step < 40 * case.steps + 100_000, "somebody sleeps for ever: {case:?} {:?}", run.counts);
        run.step(step >= case.steps);
        run.check();
        step += 1;
    }
    run.end()
}

impl Run {
    fn new(case: Case) -> Self {
        let guest = Guest::new();
        let options =
            QueueOptions { indirect_over: INDIRECT_OVER, indirect_table: INDIRECT_TABLE, ..QueueOptions::default() };
        let slots = Slot::boxed(case.size.into());
        let queue = Driver::detached(guest.clone(), slots, options, case.features).expect("there is memory");
        let addresses = queue.addresses();
        let setup = Setup {
            size: case.size.into(),
            desc: addresses.descriptor,
            driver: addresses.driver,
            device: addresses.device,
        };
        let accepted = accepted(case.features);
        let ring = DeviceRing::new(setup, case.size, accepted, &guest.memory).expect("a good ring");
        let log = EventLog::new(LogOptions::default());
        let info = QueueInfo::read(0, setup, accepted, &guest.memory);
        // An observer is there from the beginning, or not at all.
        let observe = |info| RingObserver::enabled(0, info, (*guest.memory).clone(), log.clone(), accepted);
        let observer = (case.before < MOST_WATCHED).then(|| observe(info));
        assert!(
            observer.is_none()
                || matches!(log.take()[..], [ref event] if matches!(event.kind, EventKind::QueueEnabled(_)))
        );
        Self {
            case,
            random: Random(case.seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15) | 1),
            model: Model::new(case.size, case.features, addresses),
            guest,
            queue,
            ring,
            observer,
            log,
            counts: Counts::default(),
            tokens: HashMap::new(),
            next_number: 0,
            held: VecDeque::new(),
            watched: VecDeque::new(),
            unseen: VecDeque::new(),
            device_awake: true,
            driver_awake: true,
            wanted: 0,
            slept_before: 0,
        }
    }

    /// One chain there and back, without any choice: this is how indices get to where they wrap.
    fn one_alone(&mut self) {
        self.add_one(1, 0, 1);
        self.publish();
        self.fetch();
        self.complete(0, false);
        self.decide();
        self.poll(u64::MAX);
    }

    fn step(&mut self, ending: bool) {
        match self.random.below(12) {
            0..=2 if !ending => self.add(),
            3 => self.publish(),
            4 if ending => self.publish(),
            4 | 5 if self.driver_awake => self.drain(),
            6 | 7 if self.device_awake => self.look(),
            8 | 9 if !self.held.is_empty() => {
                let last = self.held.len() as u64;
                let batch = 1 + self.random.below(last.min(6));
                for _ in 0..batch {
                    let pick = if self.case.features.in_order { 0 } else { self.random.below(self.held.len() as u64) };
                    let short = self.random.chance(4);
                    self.complete(pick as usize, short);
                }
            }
            10 => {
                self.ring.flush().expect("in memory");
                self.model.flush();
                self.observe_used();
            }
            11 if self.model.is_undecided() => self.decide(),
            _ => {}
        }
    }

    fn add(&mut self) {
        let buffers = 1 + self.random.below(LONGEST.min(2 + u64::from(self.case.size)));
        let readable = self.random.below(buffers + 1);
        let len = 1 + self.random.below(9);
        self.add_one(readable, buffers - readable, len);
    }

    fn add_one(&mut self, readable: u64, writable: u64, len: u64) {
        let number = self.next_number;
        let buffer =
            |i: u64, byte: Option<u8>| vec![byte.unwrap_or((number + i) as u8); len as usize].into_boxed_slice();
        let request = ReadWrite {
            readable: (0..readable).map(|i| buffer(i, None)).collect::<Buffers>(),
            writable: (0..writable).map(|i| buffer(i, Some(UNWRITTEN))).collect::<Buffers>(),
        };
        let buffers = readable + writable;
        let Case { features, .. } = self.case;
        // Nor may a chain have more descriptors than the queue, wherever they are (§2.7.5.3.1, §2.8.12).
        let table = INDIRECT_TABLE.min(self.case.size);
        let in_table = features.indirect && buffers > u64::from(INDIRECT_OVER) && buffers <= u64::from(table);
        let descriptors = if in_table { 1 } else { buffers };
        let bytes = request.readable.concat();
        let free = u64::from(self.queue.free());
        match self.queue.add(request) {
            Ok(token) => {
                assert!(descriptors <= free);
                assert_eq!(u64::from(self.queue.free()), free - descriptors);
                assert!(self.tokens.insert(token, number).is_none(), "a token names two chains");
                self.model.added.push_back(model::Chain {
                    number,
                    places: if features.packed { descriptors } else { 1 },
                    readable: bytes,
                    writable: (writable * len) as u32,
                    written: Vec::new(),
                });
                self.counts.in_tables += u64::from(in_table);
                self.next_number += 1;
            }
            Err(error) => {
                assert!(descriptors > free, "{error}");
                self.counts.full += 1;
            }
        }
    }

    fn publish(&mut self) {
        let expected = self.model.publish(&self.guest.memory);
        let notification = self.queue.publish();
        assert_eq!(notification.is_some(), expected, "whether the device is to be notified");
        if let Some(notification) = notification {
            let next = if self.case.features.notification_data { self.model.position(self.model.made) } else { 0 };
            assert_eq!(notification.0, next);
            self.counts.notified += 1;
            self.device_awake = true;
        } else {
            self.counts.silent += 1;
        }
    }

    /// The driver takes back what is used, and perhaps goes to sleep.
    fn drain(&mut self) {
        if self.random.chance(2) {
            self.queue.disable_interrupts();
            if self.random.chance(2) {
                return;
            }
        }
        let most = if self.random.chance(2) { u64::MAX } else { self.random.below(4) };
        if !self.poll(most) {
            return;
        }
        let in_flight = usize::from(self.queue.in_flight()) - self.model.added.len();
        let (wanted, again) = if self.random.chance(2) {
            (1, self.queue.enable_interrupts())
        } else {
            let chains = 1 + self.random.below(4) as u16;
            (usize::from(chains).min(in_flight).max(1), self.queue.enable_interrupts_after(chains))
        };
        self.wanted = wanted;
        self.slept_before = self.next_number - self.model.added.len() as u64;
        self.driver_awake = again;
    }

    /// Polls at most `most` times; true when there was nothing left.
    fn poll(&mut self, most: u64) -> bool {
        for _ in 0..most {
            let done = self.queue.poll().expect("the device behaves");
            let Some(expected) = self.model.used.pop_front() else {
                assert!(done.is_none(), "nothing was used");
                return true;
            };
            let done = done.expect("something was used");
            assert_eq!(self.tokens.remove(&done.token), Some(expected.number), "in the order in which it was used");
            assert_eq!(done.chain.readable.concat(), expected.readable, "nobody wrote what was to be read");
            assert_eq!(done.written as usize, expected.written.len());
            let bytes = done.chain.writable.concat();
            assert_eq!(bytes[..expected.written.len()], expected.written);
            self.counts.completed += 1;
        }
        false
    }

    /// The device looks for work, and sleeps if there is none.
    fn look(&mut self) {
        if self.random.chance(3) {
            self.ring.suppress().expect("in memory");
        }
        if self.random.chance(4) {
            // It may look and come back later.
            let upto = self.ring.available().expect("the driver behaves");
            assert_eq!(upto, self.model.position(self.model.made));
        } else {
            self.fetch();
        }
        if self.random.chance(2) {
            let more = self.ring.rearm().expect("in memory");
            assert_eq!(more, !self.model.published.is_empty(), "what was published is seen");
            self.device_awake = more;
        }
    }

    fn fetch(&mut self) {
        self.observe_used();
        let upto = self.ring.available().expect("the driver behaves");
        if let Some(observer) = &mut self.observer {
            observer.look();
        }
        assert_eq!(upto, self.model.position(self.model.made), "all that was published, and no more");
        assert_eq!(self.ring.next_avail(), self.model.position(self.model.fetched));
        let count = self.ring.fetch(upto).expect("the driver behaves");
        assert_eq!(count, self.model.published.len());
        assert_eq!(self.ring.has_pending(), count > 0);
        while let Some(chain) = self.ring.take() {
            let expected = self.model.published.pop_front().expect("it was published");
            self.model.fetched += expected.places;
            self.examine(&chain, &expected);
            self.held.push_back((chain, expected));
        }
        assert_eq!(self.ring.next_avail(), upto);
        self.observe_available(count);
    }

    fn examine(&self, chain: &Chain, expected: &model::Chain) {
        let mut request = Request::new(chain, &self.guest.memory);
        assert_eq!((request.fault(), request.writable_len()), (None, expected.writable.into()));
        assert_eq!(request.readable_len(), expected.readable.len() as u64);
        let mut bytes = vec![0; expected.readable.len()];
        assert!(request.read(&mut bytes));
        assert_eq!(bytes, expected.readable);
    }

    /// What the observer saw is what was published.
    fn observe_available(&mut self, count: usize) {
        if self.observer.is_none() {
            return;
        }
        let mut fetched = self.held.iter().skip(self.held.len() - count);
        for event in self.log.take() {
            match event.kind {
                EventKind::Available(chain) => {
                    let (taken, expected) = fetched.next().expect("no more than were published");
                    assert_eq!((chain.head, chain.broken), (taken.token().id, None));
                    assert_eq!(chain.readable, expected.readable);
                    assert_eq!(chain.writable_len(), u64::from(expected.writable));
                    self.watched.push_back((chain.head, expected.number));
                }
                EventKind::AvailIdx { .. } | EventKind::Suppression { .. } | EventKind::PackedSuppression { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(fetched.next().is_none(), "all that were published");
    }

    fn complete(&mut self, pick: usize, short: bool) {
        let Some((chain, mut account)) = self.held.remove(pick) else { return };
        self.counts.out_of_order += u64::from(pick > 0);
        let mut request = Request::new(&chain, &self.guest.memory);
        let len = if short { self.random.below(u64::from(account.writable) + 1) } else { account.writable.into() };
        account.written = (0..len).map(|i| (account.number * 7 + i) as u8).collect();
        assert_eq!(request.write(0, &account.written), account.written.len());
        self.unseen.push_back(account.number);
        let done = Done { token: chain.token(), len: len as u32, writable: account.writable.into() };
        self.counts.in_batches += u64::from(!self.model.untold.is_empty());
        self.model.complete(account);
        self.ring.complete(done).expect("in memory");
        assert_eq!(self.ring.next_used(), self.model.position(self.model.passed));
        // The driver may be faster than the observer, and fill the place again before it looks; the device may not.
        if self.random.chance(2) {
            self.observe_used();
        }
    }

    /// What the observer saw used is what was used, in that order.
    fn observe_used(&mut self) {
        let Some(observer) = &mut self.observer else { return self.unseen.clear() };
        observer.after(self.ring.written());
        self.ring.forget_written();
        for event in self.log.take() {
            match event.kind {
                EventKind::Used { id, .. } => {
                    let at = self.watched.iter().position(|(head, _)| u32::from(*head) == id).expect("in flight");
                    let first = if self.case.features.in_order { 0 } else { at };
                    for (_, number) in self.watched.drain(first..=at) {
                        assert_eq!(self.unseen.pop_front(), Some(number));
                    }
                }
                EventKind::PackedUsed { .. } | EventKind::Suppression { .. } | EventKind::PackedSuppression { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(self.unseen.len(), self.model.untold.len(), "all that was used");
    }

    fn decide(&mut self) {
        let expected = self.model.decide(&self.guest.memory);
        let interrupt = self.ring.needs_interrupt().expect("in memory");
        assert_eq!(interrupt, expected, "whether the driver is to be interrupted");
        assert_eq!(self.ring.next_used(), self.model.position(self.model.passed));
        self.observe_used();
        self.driver_awake |= interrupt;
        if interrupt && self.random.chance(2) {
            // A driver that polls from here on wants no more of them.
            self.queue.disable_interrupts();
        }
        self.counts.interrupted += u64::from(interrupt);
        self.counts.undisturbed += u64::from(!interrupt);
    }

    /// Whoever sleeps has nothing to do.
    fn check(&self) {
        if !self.device_awake {
            assert!(self.model.published.is_empty(), "the device sleeps, and was not notified");
        }
        if !self.driver_awake && !self.model.is_undecided() {
            let by_descriptors = self.case.features.packed && self.wanted > 1;
            let counts = |chain: &&model::Chain| !by_descriptors || chain.number < self.slept_before;
            let used = self.model.used.iter().filter(counts).count();
            assert!(used < self.wanted, "the driver sleeps, and was not interrupted");
        }
        assert_eq!(usize::from(self.queue.in_flight()), self.tokens.len());
    }

    fn is_done(&self) -> bool {
        self.tokens.is_empty()
    }

    fn end(mut self) -> Counts {
        self.observe_used();
        assert_eq!(self.queue.free(), self.queue.size(), "everything is free again");
        assert_eq!(self.observer.as_ref().map_or(0, RingObserver::in_flight), 0);
        assert_eq!(self.unseen.len(), 0);
        // SAFETY: the device side is not asked to do anything from here on.
        let proof = unsafe { ResetProof::assume(self.queue.instance()) };
        assert_eq!(self.queue.retire(&proof).expect("its own proof").count(), 0);
        drop(self.queue);
        assert_eq!(self.guest.taken(), 0, "all memory came back");
        self.counts
    }
}
