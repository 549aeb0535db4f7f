//! The ring observer and the event log, on memory that holds anything.

use parakit_abi::feature::{EVENT_IDX, Features};
use parakit_abi::ring::split::{DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc, SplitLayout, UsedElem};
use parakit_harness::observe::event::{Alteration, Chain, ChainFault, EventKind, QueueInfo};
use parakit_harness::observe::{EventLog, LogOptions, RingObserver};
use parakit_harness::queue::Setup;
use proptest::prelude::*;
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const BASE: u64 = 0x1_0000;
const DATA: u64 = 0x20_0000;
const MEMORY: usize = 0x40_0000;

/// A queue in guest memory, written by hand, and its observer.
struct Bench {
    memory: GuestMemoryMmap,
    layout: SplitLayout,
    log: EventLog,
    observer: RingObserver,
}

impl Bench {
    fn new(size: u16, features: Features) -> Self {
        Self::with(size, features, |_| {})
    }

    fn with(size: u16, features: Features, prepare: impl FnOnce(&GuestMemoryMmap)) -> Self {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory");
        prepare(&memory);
        let layout = SplitLayout::new(size).expect("a power of two");
        let (driver, device) = (BASE + layout.avail_offset() as u64, BASE + layout.used_offset() as u64);
        let log = EventLog::new(LogOptions::default());
        let info = QueueInfo::read(3, Setup { size: size.into(), desc: BASE, driver, device }, features, &memory);
        let observer = RingObserver::enabled(0, info, memory.clone(), log.clone(), features);
        assert_eq!(log.take().len(), 1);
        Self { memory, layout, log, observer }
    }

    fn put(&self, offset: usize, word: u16) {
        self.memory.write_obj(word.to_le(), GuestAddress(BASE + offset as u64)).expect("in memory");
    }

    fn desc(&self, table: u64, index: u16, desc: Desc) {
        self.memory.write_slice(&desc.to_le_bytes(), GuestAddress(table + 16 * u64::from(index))).expect("in memory");
    }

    /// Publishes `head` at the free-running index `at`.
    fn publish(&self, at: u16, head: u16) {
        self.put(self.layout.avail_offset() + self.layout.avail_slot(at), head);
        self.put(self.layout.avail_offset() + 2, at.wrapping_add(1));
    }

    fn use_(&self, at: u16, id: u32, len: u32) {
        let offset = self.layout.used_offset() + self.layout.used_slot(at);
        let bytes = UsedElem { id, len }.to_le_bytes();
        self.memory.write_slice(&bytes, GuestAddress(BASE + offset as u64)).expect("in memory");
        self.put(self.layout.used_offset() + 2, at.wrapping_add(1));
    }

    fn look(&mut self) -> Vec<EventKind> {
        self.observer.look();
        self.log.take().into_iter().map(|e| e.kind).collect()
    }

    fn after(&mut self) -> Vec<EventKind> {
        self.observer.after(&[]);
        self.log.take().into_iter().map(|e| e.kind).collect()
    }

    /// The chains that a look finds.
    fn chains(&mut self) -> Vec<Chain> {
        let found = self.look().into_iter();
        found.filter_map(|kind| if let EventKind::Available(chain) = kind { Some(chain) } else { None }).collect()
    }
}

fn desc(addr: u64, len: u32, flags: u16, next: u16) -> Desc {
    Desc { addr, len, flags, next }
}

#[test]
fn a_chain_is_seen_with_its_readable_bytes() {
    let mut bench = Bench::new(8, Features::NONE);
    bench.memory.write_slice(b"header", GuestAddress(DATA)).expect("in memory");
    bench.desc(BASE, 5, desc(DATA, 6, DESC_F_NEXT, 2));
    bench.desc(BASE, 2, desc(DATA + 0x1000, 512, DESC_F_WRITE, 0));
    bench.publish(0, 5);
    let events = bench.look();
    assert_eq!(
        events[0],
        EventKind::Suppression { queue: 3, avail_flags: 0, used_event: 0, used_flags: 0, avail_event: 0 }
    );
    assert_eq!(events[1], EventKind::AvailIdx { queue: 3, old: 0, new: 1 });
    let EventKind::Available(chain) = &events[2] else { panic!("{events:?}") };
    assert_eq!((chain.queue, chain.slot, chain.head, chain.broken), (3, 0, 5, None));
    assert_eq!(chain.links.iter().map(|l| l.index).collect::<Vec<_>>(), [5, 2]);
    assert_eq!(chain.readable, b"header");
    assert_eq!((chain.readable_len(), chain.writable_len()), (6, 512));
    assert_eq!(bench.look(), [], "nothing new is nothing to tell");
}

#[test]
fn an_indirect_table_is_walked() {
    let mut bench = Bench::new(8, Features::NONE);
    let table = DATA + 0x8000;
    bench.desc(table, 0, desc(DATA, 16, DESC_F_NEXT, 1));
    bench.desc(table, 1, desc(DATA + 64, 1, DESC_F_WRITE, 0));
    bench.desc(BASE, 0, desc(table, 32, DESC_F_INDIRECT, 0));
    bench.publish(0, 0);
    let chain = &bench.chains()[0];
    assert_eq!(
        chain.links.iter().map(|l| (l.indirect, l.index)).collect::<Vec<_>>(),
        [(false, 0), (true, 0), (true, 1)]
    );
    assert_eq!((chain.readable_len(), chain.writable_len(), chain.broken), (16, 1, None));
    // A change within the table is a change of the chain.
    bench.desc(table, 1, desc(DATA + 64, 2, DESC_F_WRITE, 0));
    let events = bench.look();
    let [EventKind::Altered { head: 0, what: Alteration::Descriptor { was, is }, .. }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((was.len, is.len, was.indirect), (1, 2, true));
}

#[test]
fn suppression_words_are_told_when_they_change() {
    let mut bench = Bench::new(8, Features::bit(EVENT_IDX));
    bench.look();
    bench.put(bench.layout.avail_offset() + bench.layout.used_event(), 7);
    assert_eq!(
        bench.look(),
        [EventKind::Suppression { queue: 3, avail_flags: 0, used_event: 7, used_flags: 0, avail_event: 0 }]
    );
    bench.put(bench.layout.used_offset() + bench.layout.avail_event(), 9);
    assert_eq!(
        bench.after(),
        [EventKind::Suppression { queue: 3, avail_flags: 0, used_event: 7, used_flags: 0, avail_event: 9 }]
    );
    // Without EVENT_IDX the words do not exist.
    let mut plain = Bench::new(8, Features::NONE);
    plain.look();
    plain.put(plain.layout.avail_offset() + plain.layout.used_event(), 7);
    assert_eq!(plain.look(), []);
}

#[test]
fn an_index_that_jumps_publishes_nothing() {
    let mut bench = Bench::new(8, Features::NONE);
    bench.look();
    bench.put(bench.layout.avail_offset() + 2, 9);
    assert_eq!(bench.look(), [EventKind::AvailIdx { queue: 3, old: 0, new: 9 }]);
    bench.put(bench.layout.avail_offset() + 2, 8);
    assert_eq!(bench.look(), [EventKind::AvailIdx { queue: 3, old: 9, new: 8 }]);
}

#[test]
fn broken_chains_say_why() {
    let mut bench = Bench::new(8, Features::NONE);
    bench.desc(BASE, 0, desc(DATA, 1, DESC_F_NEXT, 1));
    bench.desc(BASE, 1, desc(DATA, 1, DESC_F_NEXT, 0));
    bench.desc(BASE, 2, desc(DATA, 1, DESC_F_NEXT, 8));
    bench.desc(BASE, 3, desc(MEMORY as u64 - 1, 2, 0, 0));
    bench.desc(BASE, 4, desc(u64::MAX - 3, 8, 0, 0));
    bench.desc(BASE, 5, desc(DATA, 24, DESC_F_INDIRECT, 0));
    bench.desc(BASE, 6, desc(MEMORY as u64, 16, DESC_F_INDIRECT, 0));
    for (at, head) in [0, 2, 3, 4, 5, 6, 700].into_iter().enumerate() {
        bench.publish(at as u16, head);
    }
    let why: Vec<_> = bench.chains().into_iter().map(|c| c.broken).collect();
    assert_eq!(
        why,
        [
            Some(ChainFault::Loop { index: 0 }),
            Some(ChainFault::IndexOutside { index: 8, entries: 8 }),
            Some(ChainFault::Unmapped { addr: MEMORY as u64 - 1, len: 2 }),
            Some(ChainFault::Unmapped { addr: u64::MAX - 3, len: 8 }),
            Some(ChainFault::BadIndirectLength { len: 24 }),
            Some(ChainFault::Unmapped { addr: MEMORY as u64, len: 16 }),
            Some(ChainFault::IndexOutside { index: 700, entries: 8 }),
        ]
    );
}

#[test]
fn a_chain_in_flight_is_compared_until_it_is_used() {
    let mut bench = Bench::new(4, Features::NONE);
    bench.desc(BASE, 0, desc(DATA, 1, 0, 0));
    bench.desc(BASE, 1, desc(DATA, 1, 0, 0));
    bench.publish(0, 0);
    bench.publish(1, 1);
    bench.look();
    assert_eq!(bench.observer.in_flight(), 2);
    bench.desc(BASE, 1, desc(DATA, 9, 0, 0));
    assert!(matches!(
        bench.look()[..],
        [EventKind::Altered { queue: 3, head: 1, what: Alteration::Descriptor { .. } }]
    ));
    assert_eq!(bench.look(), [], "told once");
    bench.use_(0, 1, 0);
    assert_eq!(bench.after(), [EventKind::Used { queue: 3, slot: 0, id: 1, len: 0 }]);
    // Head 1 is the driver's again; head 0 is not.
    bench.desc(BASE, 1, desc(DATA, 10, 0, 0));
    assert_eq!(bench.look(), []);
    bench.desc(BASE, 0, desc(DATA, 10, 0, 0));
    assert_eq!(bench.look().len(), 1);
    assert_eq!(bench.observer.in_flight(), 1);
}

#[test]
fn chains_take_turns_in_a_large_queue() {
    let mut bench = Bench::new(32768, Features::NONE);
    for head in 0..30_000 {
        bench.desc(BASE, head, desc(DATA, 16, DESC_F_WRITE, 0));
        bench.publish(head, head);
    }
    assert_eq!(bench.chains().len(), 30_000);
    bench.desc(BASE, 3, desc(DATA, 15, DESC_F_WRITE, 0));
    bench.desc(BASE, 29_999, desc(DATA, 17, DESC_F_WRITE, 0));
    let told: Vec<u16> = (0..10)
        .flat_map(|_| bench.look())
        .map(|kind| if let EventKind::Altered { head, .. } = kind { head } else { panic!("{kind:?}") })
        .collect();
    assert_eq!(told, [3, 29_999], "each is told once, when its turn comes");
}

#[test]
fn an_entry_stays_until_the_device_has_taken_it() {
    let mut bench = Bench::new(4, Features::NONE);
    for head in 0..2 {
        bench.desc(BASE, head, desc(DATA, 1, 0, 0));
        bench.publish(head, head);
    }
    bench.look();
    let entry = |bench: &Bench, at, head| bench.put(bench.layout.avail_offset() + bench.layout.avail_slot(at), head);
    entry(&bench, 0, 3);
    let what = Alteration::AvailableEntry { slot: 0, was: 0, is: 3 };
    assert_eq!(bench.look(), [EventKind::Altered { queue: 3, head: 0, what }]);
    // The device used the later one, so it has taken the earlier one too: the driver may fill both entries anew.
    let mut bench = Bench::new(4, Features::NONE);
    for head in 0..2 {
        bench.desc(BASE, head, desc(DATA, 1, 0, 0));
        bench.publish(head, head);
    }
    bench.look();
    bench.use_(0, 1, 0);
    bench.after();
    entry(&bench, 0, 3);
    assert_eq!(bench.look(), []);
}

#[test]
fn what_was_left_in_the_used_ring_is_not_used() {
    let layout = SplitLayout::new(8).expect("a power of two");
    let mut bench = Bench::with(8, Features::NONE, |memory| {
        memory.write_obj(5_u16.to_le(), GuestAddress(BASE + layout.used_offset() as u64 + 2)).expect("in memory");
    });
    bench.look();
    assert_eq!(bench.after(), []);
    bench.use_(0, 2, 1);
    assert_eq!(bench.after(), [EventKind::Used { queue: 3, slot: 0, id: 2, len: 1 }]);
}

#[test]
fn a_driver_is_not_blamed_for_what_the_device_wrote() {
    let mut bench = Bench::new(4, Features::NONE);
    bench.desc(BASE, 0, desc(DATA, 1, 0, 0));
    bench.desc(BASE, 1, desc(DATA, 1, 0, 0));
    bench.publish(0, 0);
    bench.publish(1, 1);
    bench.look();
    bench.memory.write_slice(&[0xa5; 4 * 16 + 6], GuestAddress(BASE)).expect("in memory");
    bench.observer.overwritten();
    bench.use_(0, 1, 7);
    assert_eq!(bench.after(), [EventKind::Used { queue: 3, slot: 0, id: 1, len: 7 }]);
    assert_eq!(bench.look(), []);
}

#[test]
fn indices_wrap() {
    let mut bench = Bench::new(4, Features::NONE);
    bench.desc(BASE, 0, desc(DATA, 1, 0, 0));
    for at in (0..=u16::MAX).chain(0..3) {
        bench.publish(at, 0);
        bench.observer.look();
        bench.use_(at, 0, 0);
        bench.observer.after(&[]);
    }
    let used = bench.log.take().iter().filter(|e| matches!(e.kind, EventKind::Used { .. })).count();
    assert_eq!(used, 65539);
    assert_eq!(bench.observer.in_flight(), 0);
}

#[test]
fn work_is_bounded() {
    // Every entry publishes the same chain of 32768 descriptors: a thousand million descriptors, if they were all walked.
    let size = 32768;
    let mut bench = Bench::new(size, Features::NONE);
    for index in 0..size {
        bench.desc(BASE, index, desc(DATA, 1, if index + 1 < size { DESC_F_NEXT } else { 0 }, index + 1));
        bench.put(bench.layout.avail_offset() + bench.layout.avail_slot(index), 0);
    }
    bench.put(bench.layout.avail_offset() + 2, size);
    let chains = bench.chains();
    assert_eq!(chains.len(), usize::from(size));
    assert!(chains.iter().any(|c| c.broken == Some(ChainFault::NotWalked)));
    assert!(chains.iter().map(|c| c.links.len()).sum::<usize>() < 300_000);
    assert!(bench.observer.in_flight() <= usize::from(size) + 1);
}

#[test]
fn a_log_that_is_off_observes_nothing() {
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory");
    let info = QueueInfo::read(
        0,
        Setup { size: 8, desc: BASE, driver: BASE + 0x1000, device: BASE + 0x2000 },
        Features::NONE,
        &memory,
    );
    let log = EventLog::off();
    let mut observer = RingObserver::enabled(0, info, memory, log.clone(), Features::NONE);
    observer.look();
    observer.after(&[]);
    assert_eq!(log.take(), []);
    assert!(!log.is_on());
}

#[test]
fn a_full_log_keeps_the_beginning_and_counts_the_rest() {
    let log = EventLog::new(LogOptions { max_events: 3, ..LogOptions::default() });
    for value in 0..10 {
        log.emit(0, EventKind::StatusRead { value });
    }
    let events = log.snapshot();
    assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(events[2].kind, EventKind::StatusRead { value: 2 });
    assert_eq!(events[3].kind, EventKind::Dropped { events: 7 });
    assert_eq!(parakit_harness::judge::judge(&events).dropped, 7);
    assert_eq!(log.take()[..3], events[..3]);
    // The order goes on.
    log.emit(0, EventKind::ResetDone);
    assert_eq!(log.take()[0].seq, 4);
    // By bytes, too.
    let log = EventLog::new(LogOptions { max_bytes: 10_000, ..LogOptions::default() });
    for _ in 0..100 {
        log.emit(0, EventKind::ConfigChanged { generation: 0, bytes: vec![0; 1000] });
    }
    let kept = log.take().len();
    assert!((2..11).contains(&kept), "{kept}");
}

#[test]
fn order_is_global_over_threads() {
    let log = EventLog::new(LogOptions::default());
    std::thread::scope(|scope| {
        for device in 0..4 {
            let log = log.clone();
            scope.spawn(move || (0..1000).for_each(|_| log.emit(device, EventKind::ResetDone)));
        }
    });
    let events = log.take();
    assert!(events.iter().enumerate().all(|(i, e)| e.seq == i as u64));
    assert!(events.windows(2).all(|w| w[0].time_ns <= w[1].time_ns));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_memory_is_survived(
        seed in any::<u64>(),
        size in prop_oneof![Just(0_u16), Just(1), Just(3), Just(8), Just(256), any::<u16>()],
        places in proptest::collection::vec(prop_oneof![0..0x1_0000_u64, any::<u64>()], 3),
        event_idx in any::<bool>(),
    ) {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x1_0000)]).expect("memory");
        let mut state = seed | 1;
        let mut fill = || {
            // Small and large words alike, so that indices, lengths and addresses are sometimes plausible.
            let words: Vec<u8> = (0..0x8000_u32).flat_map(|i| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let word = (state >> 40) as u16;
                (if i % 3 == 0 { word % 16 } else { word }).to_le_bytes()
            }).collect();
            memory.write_slice(&words, GuestAddress(0)).expect("in memory");
        };
        fill();
        let log = EventLog::new(LogOptions { max_bytes: 64 << 20, ..LogOptions::default() });
        let features = if event_idx { Features::bit(EVENT_IDX) } else { Features::NONE };
        let setup = Setup { size: size.into(), desc: places[0], driver: places[1], device: places[2] };
        let info = QueueInfo::read(0, setup, features, &memory);
        let mut observer = RingObserver::enabled(0, info, memory.clone(), log.clone(), features);
        for _ in 0..4 {
            observer.look();
            fill();
            observer.after(&[]);
        }
    }
}
