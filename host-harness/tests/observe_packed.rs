//! The ring observer on packed rings, and on split rings in order.

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER, RING_PACKED};
use parakit_abi::ring::packed::{
    DESC_F_AVAIL, DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_WRITE, Desc, Position, available_bits, used_bits,
};
use parakit_abi::ring::split::{self, SplitLayout, UsedElem};
use parakit_harness::observe::event::{Alteration, Chain, ChainFault, EventKind, QueueInfo};
use parakit_harness::observe::{EventLog, LogOptions, RingObserver};
use parakit_harness::queue::{Setup, UsedDesc};
use proptest::prelude::*;
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const RING: u64 = 0x1_0000;
const DRIVER: u64 = 0xa_0000;
const DEVICE: u64 = 0xb_0000;
const DATA: u64 = 0x20_0000;
const MEMORY: usize = 0x40_0000;

/// A packed ring in guest memory, written by hand by both sides, and its observer.
struct Bench {
    memory: GuestMemoryMmap,
    size: u16,
    log: EventLog,
    observer: RingObserver,
    /// Where the driver goes on, and the device.
    avail: Position,
    used: Position,
}

const fn at(index: u16, wrap: bool) -> Position {
    Position { index, wrap }
}

impl Bench {
    fn new(size: u16, features: &[u32]) -> Self {
        Self::with(size, features, |_| {})
    }

    fn with(size: u16, features: &[u32], prepare: impl FnOnce(&GuestMemoryMmap)) -> Self {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory");
        prepare(&memory);
        let features = Features::of(features).with(Features::bit(RING_PACKED));
        let log = EventLog::new(LogOptions::default());
        let setup = Setup { size: size.into(), desc: RING, driver: DRIVER, device: DEVICE };
        let info = QueueInfo::read(3, setup, features, &memory);
        assert_eq!((info.packed, info.avail_idx, info.used_flags), (true, None, None));
        let mut observer = RingObserver::enabled(0, info, memory.clone(), log.clone(), features);
        observer.look();
        assert_eq!(log.take().len(), 2, "enabled, and how suppression stands");
        Self { memory, size, log, observer, avail: Position::START, used: Position::START }
    }

    fn put(&self, address: u64, word: u16) {
        self.memory.write_obj(word.to_le(), GuestAddress(address)).expect("in memory");
    }

    fn desc(&self, table: u64, index: u16, desc: Desc) {
        self.memory.write_slice(&desc.to_le_bytes(), GuestAddress(table + 16 * u64::from(index))).expect("in memory");
    }

    /// The driver makes a list available.
    fn publish(&mut self, id: u16, list: &[(u64, u32, u16)]) {
        for (i, &(addr, len, flags)) in list.iter().enumerate() {
            let next = if i + 1 < list.len() { DESC_F_NEXT } else { 0 };
            let flags = flags | next | available_bits(self.avail.wrap);
            self.desc(RING, self.avail.index, Desc { addr, len, id, flags });
            self.avail = self.avail.after(1, self.size);
        }
    }

    /// The device uses it, and skips `places`.
    fn use_(&mut self, id: u16, len: u32, places: u16) -> UsedDesc {
        let used = UsedDesc { position: self.used.to_bits(), id, len, flags: used_bits(self.used.wrap) };
        self.desc(RING, self.used.index, Desc { addr: 0, len, id, flags: used.flags });
        self.used = self.used.after(places, self.size);
        used
    }

    fn look(&mut self) -> Vec<EventKind> {
        self.observer.look();
        self.log.take().into_iter().map(|e| e.kind).collect()
    }

    fn chains(&mut self) -> Vec<Chain> {
        let found = self.look().into_iter();
        found.map(|kind| if let EventKind::Available(chain) = kind { chain } else { panic!("{kind:?}") }).collect()
    }

    /// Position, id and length of what was used since.
    fn after(&mut self, written: &[UsedDesc]) -> Vec<(Position, u16, u32)> {
        self.observer.after(written);
        let events: Vec<_> = self.log.take().into_iter().map(|e| e.kind).collect();
        let pairs = events.chunks(2).map(|pair| {
            let [EventKind::PackedUsed { queue: 3, position, id, len, .. }, EventKind::Used { queue: 3, slot, .. }] =
                pair
            else {
                panic!("{events:?}")
            };
            assert_eq!(pair[1], EventKind::Used { queue: 3, slot: *slot, id: u32::from(*id), len: *len });
            assert_eq!(position, slot);
            (Position::from_bits(*position), *id, *len)
        });
        pairs.collect()
    }
}

#[test]
fn a_list_is_seen_with_its_readable_bytes() {
    let mut bench = Bench::new(5, &[]);
    bench.memory.write_slice(b"header", GuestAddress(DATA)).expect("in memory");
    bench.publish(9, &[(DATA, 6, 0), (DATA + 0x1000, 512, DESC_F_WRITE)]);
    bench.publish(4, &[(DATA, 6, 0)]);
    let chains = bench.chains();
    assert_eq!(chains.len(), 2);
    let chain = &chains[0];
    assert_eq!((chain.queue, chain.slot, chain.head, chain.broken), (3, at(0, true).to_bits(), 9, None));
    assert_eq!(
        chain.links.iter().map(|l| (l.indirect, l.index, l.next)).collect::<Vec<_>>(),
        [(false, 0, 9), (false, 1, 9)]
    );
    assert_eq!((chain.readable.as_slice(), chain.readable_len(), chain.writable_len()), (&b"header"[..], 6, 512));
    assert_eq!((chains[1].slot, chains[1].head), (at(2, true).to_bits(), 4));
    assert_eq!(bench.look(), [], "nothing new is nothing to tell");
    assert_eq!(bench.observer.in_flight(), 2);
}

#[test]
fn rounds_are_told_apart() {
    let mut bench = Bench::new(3, &[]);
    for round in 0..100_u16 {
        let wrap = round % 2 == 0;
        bench.publish(1, &[(DATA, 1, 0), (DATA, 1, DESC_F_WRITE)]);
        bench.publish(2, &[(DATA, 1, DESC_F_WRITE)]);
        assert_eq!(
            bench.chains().iter().map(|c| c.slot).collect::<Vec<_>>(),
            [at(0, wrap), at(2, wrap)].map(Position::to_bits)
        );
        assert_eq!(bench.after(&[]), [], "nothing was used yet");
        bench.use_(2, 1, 1);
        bench.use_(1, 0, 2);
        assert_eq!(bench.after(&[]), [(at(0, wrap), 2, 1), (at(1, wrap), 1, 0)]);
        assert_eq!(bench.observer.in_flight(), 0);
    }
}

#[test]
fn a_table_is_walked_in_its_order() {
    let mut bench = Bench::new(4, &[]);
    let table = DATA + 0x8000;
    bench.desc(table, 0, Desc { addr: DATA, len: 16, id: 7, flags: 0 });
    bench.desc(table, 1, Desc { addr: DATA + 64, len: 1, id: 8, flags: DESC_F_WRITE | DESC_F_NEXT });
    bench.publish(5, &[(table, 32, DESC_F_INDIRECT)]);
    let chain = &bench.chains()[0];
    assert_eq!(
        chain.links.iter().map(|l| (l.indirect, l.index)).collect::<Vec<_>>(),
        [(false, 0), (true, 0), (true, 1)]
    );
    assert_eq!((chain.head, chain.readable_len(), chain.writable_len(), chain.broken), (5, 16, 1, None));
    assert_eq!(chain.links[2].flags, DESC_F_WRITE | DESC_F_NEXT, "as found, for a checker to tell");
    bench.desc(table, 1, Desc { addr: DATA + 64, len: 2, id: 8, flags: DESC_F_WRITE | DESC_F_NEXT });
    let events = bench.look();
    let [EventKind::Altered { queue: 3, head: 5, what: Alteration::Descriptor { was, is } }] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((was.len, is.len, is.indirect), (1, 2, true));
    assert_eq!(bench.look(), [], "told once");
    bench.use_(5, 1, 1);
    assert_eq!(bench.after(&[]), [(at(0, true), 5, 1)]);
    bench.desc(table, 1, Desc::default());
    assert_eq!(bench.look(), [], "the table is the driver's again");
}

#[test]
fn a_place_is_the_devices_until_it_has_gone_past_it() {
    let mut bench = Bench::new(4, &[]);
    bench.publish(1, &[(DATA, 1, 0), (DATA, 1, 0)]);
    bench.publish(2, &[(DATA, 1, 0)]);
    assert_eq!(bench.chains().len(), 2);
    bench.use_(2, 0, 1);
    assert_eq!(bench.after(&[]), [(at(0, true), 2, 0)]);
    assert_eq!(bench.look(), [], "what the device wrote is no fault of the driver's");
    // Place 0 is the driver's, though list 1 is in flight; places 1 and 2 are not.
    let altered = Desc { addr: DATA, len: 9, id: 0, flags: 0 };
    bench.desc(RING, 0, altered);
    assert_eq!(bench.look(), []);
    bench.desc(RING, 1, altered);
    bench.desc(RING, 2, altered);
    let heads: Vec<_> = bench
        .look()
        .into_iter()
        .map(|kind| if let EventKind::Altered { head, .. } = kind { head } else { panic!("{kind:?}") })
        .collect();
    assert_eq!(heads, [1, 2]);
    assert_eq!(bench.look(), [], "told once");
}

#[test]
fn a_driver_that_is_faster_than_the_observer_hides_nothing() {
    let mut bench = Bench::new(1, &[]);
    for round in 0..9_u16 {
        bench.publish(round, &[(DATA, 1, DESC_F_WRITE)]);
        let chains = bench.chains();
        assert_eq!((chains.len(), chains[0].head), (1, round));
        let used = bench.use_(round, 1, 1);
        // Before the observer looks, the driver has filled the only place again.
        if round % 2 == 0 {
            let avail = bench.avail;
            bench.publish(round + 1, &[(DATA, 1, DESC_F_WRITE)]);
            assert_eq!(bench.after(&[used]), [(at(0, round % 2 == 0), round, 1)]);
            bench.avail = avail;
        } else {
            assert_eq!(bench.after(&[used]), [(at(0, round % 2 == 0), round, 1)]);
        }
    }
}

#[test]
fn a_place_that_the_driver_fills_again_is_told_as_the_device_wrote_it() {
    let mut bench = Bench::new(4, &[]);
    bench.publish(1, &[(DATA, 8, DESC_F_WRITE)]);
    bench.look();
    let said = bench.use_(1, 5, 1);
    // The driver has taken it, and writes the next list: all but the flags, which come last.
    bench.desc(RING, 0, Desc { addr: DATA, len: 512, id: 3, flags: said.flags });
    assert_eq!(bench.after(&[said]), [(at(0, true), 1, 5)]);
    assert_eq!(bench.after(&[said]), [], "of a place that was passed");
    // A device that does not say what it wrote is followed in memory.
    bench.publish(2, &[(DATA, 8, DESC_F_WRITE)]);
    bench.look();
    bench.use_(2, 6, 1);
    assert_eq!(bench.after(&[]), [(at(1, true), 2, 6)]);
}

#[test]
fn a_batch_in_order_is_told_once() {
    let mut bench = Bench::new(8, &[IN_ORDER]);
    for id in 0..3 {
        bench.publish(id, &[(DATA, 1, 0), (DATA, 1, DESC_F_WRITE)]);
    }
    bench.publish(3, &[(DATA, 1, 0)]);
    assert_eq!(bench.chains().len(), 4);
    bench.use_(1, 1, 4);
    bench.use_(3, 0, 3);
    assert_eq!(bench.after(&[]), [(at(0, true), 1, 1), (at(4, true), 3, 0)]);
    assert_eq!(bench.observer.in_flight(), 0);
    bench.publish(3, &[(DATA, 1, 0); 3]);
    assert_eq!(bench.chains()[0].slot, at(7, true).to_bits());
    assert_eq!(bench.look(), [], "all places before are the driver's");
}

#[test]
fn suppression_structures_are_told_when_they_change() {
    let mut bench = Bench::new(4, &[EVENT_IDX]);
    bench.put(DRIVER, 0x8002);
    bench.put(DRIVER + 2, 2);
    let told = EventKind::PackedSuppression {
        queue: 3,
        driver_off_wrap: 0x8002,
        driver_flags: 2,
        device_off_wrap: 0,
        device_flags: 0,
    };
    assert_eq!(bench.look(), [told]);
    bench.put(DEVICE + 2, 1);
    bench.observer.after(&[]);
    let [event] = &bench.log.take()[..] else { panic!("one event") };
    assert!(matches!(event.kind, EventKind::PackedSuppression { driver_flags: 2, device_flags: 1, .. }));
    assert_eq!(bench.look(), []);
}

#[test]
fn broken_lists_say_why() {
    let mut bench = Bench::new(4, &[]);
    bench.publish(1, &[(DATA, 24, DESC_F_INDIRECT)]);
    bench.publish(2, &[(MEMORY as u64, 16, DESC_F_INDIRECT)]);
    bench.publish(3, &[(MEMORY as u64 - 1, 2, 0)]);
    let chains = bench.chains();
    assert_eq!(
        chains.iter().map(|c| c.broken).collect::<Vec<_>>(),
        [
            Some(ChainFault::BadIndirectLength { len: 24 }),
            Some(ChainFault::Unmapped { addr: MEMORY as u64, len: 16 }),
            Some(ChainFault::Unmapped { addr: MEMORY as u64 - 1, len: 2 }),
        ]
    );
    assert_eq!(chains.iter().map(|c| c.slot & 0x7fff).collect::<Vec<_>>(), [0, 1, 2], "each is found all the same");

    // A later descriptor that is not available; the list goes on behind it.
    let mut bench = Bench::new(4, &[]);
    bench.publish(1, &[(DATA, 1, 0), (DATA, 1, 0), (DATA, 1, DESC_F_WRITE)]);
    bench.desc(RING, 1, Desc { addr: DATA, len: 1, id: 1, flags: DESC_F_NEXT });
    let chain = &bench.chains()[0];
    assert_eq!((chain.broken, chain.links.len()), (Some(ChainFault::NotAvailable { index: 1 }), 3));

    // A list without an end, and one that runs into what the device has.
    let mut bench = Bench::new(3, &[]);
    bench.publish(1, &[(DATA, 1, DESC_F_NEXT), (DATA, 1, 0), (DATA, 1, DESC_F_NEXT)]);
    let chain = &bench.chains()[0];
    assert_eq!((chain.broken, chain.links.len()), (Some(ChainFault::Loop { index: 0 }), 3));
    let mut bench = Bench::new(3, &[]);
    bench.publish(1, &[(DATA, 1, 0)]);
    bench.publish(2, &[(DATA, 1, 0), (DATA, 1, DESC_F_NEXT)]);
    let chain = &bench.chains()[1];
    assert_eq!((chain.broken, chain.links.len()), (Some(ChainFault::NotFree { index: 0 }), 2));
    assert_eq!(bench.look(), []);
}

#[test]
fn a_ring_that_is_full_has_nothing_new() {
    let mut bench = Bench::new(2, &[]);
    bench.publish(1, &[(DATA, 1, 0)]);
    bench.publish(2, &[(DATA, 1, 0)]);
    assert_eq!(bench.chains().len(), 2);
    // A driver that goes on all the same alters what the device has.
    bench.publish(3, &[(DATA, 1, 0)]);
    assert!(matches!(bench.look()[..], [EventKind::Altered { queue: 3, head: 1, .. }]));
}

#[test]
fn what_was_left_in_the_ring_is_not_used() {
    let stale = |index: u64| GuestAddress(RING + 16 * index);
    let mut bench = Bench::with(2, &[], |memory| {
        for index in 0..2 {
            let desc = Desc { addr: 1, len: 2, id: 3, flags: used_bits(true) };
            memory.write_slice(&desc.to_le_bytes(), stale(index)).expect("in memory");
        }
    });
    assert_eq!(bench.after(&[]), []);
    for wrap in [true, false, true] {
        for index in 0..2 {
            bench.publish(index, &[(DATA, 1, 0)]);
            assert_eq!(bench.chains().len(), 1);
            assert_eq!(bench.after(&[]), []);
            bench.use_(index, 0, 1);
            assert_eq!(bench.after(&[]), [(at(index, wrap), index, 0)]);
        }
    }
}

#[test]
fn a_device_that_uses_what_nobody_made_available_is_followed() {
    let mut bench = Bench::new(4, &[]);
    bench.publish(1, &[(DATA, 1, 0)]);
    bench.look();
    bench.use_(1, 0, 1);
    bench.use_(1, 0, 1);
    bench.use_(77, 0, 1);
    assert_eq!(bench.after(&[]), [(at(0, true), 1, 0), (at(1, true), 1, 0), (at(2, true), 77, 0)]);
    // The driver overtakes it; both are followed.
    for id in 2..5 {
        bench.publish(id, &[(DATA, 1, 0)]);
    }
    assert_eq!(bench.chains().len(), 3);
    bench.use_(4, 0, 1);
    assert_eq!(bench.after(&[]), [(at(3, true), 4, 0)]);
}

#[test]
fn a_driver_is_not_blamed_for_what_the_device_wrote() {
    let mut bench = Bench::new(4, &[]);
    bench.publish(0, &[(DATA, 1, 0)]);
    bench.publish(1, &[(DATA, 1, 0)]);
    bench.look();
    bench.memory.write_slice(&[0xa5; 4 * 16], GuestAddress(RING)).expect("in memory");
    bench.observer.overwritten();
    let said = UsedDesc { position: bench.used.to_bits(), id: 1, len: 7, flags: used_bits(true) };
    assert_eq!(bench.after(&[said]), [(at(0, true), 1, 7)], "of the garbage nothing is believed");
    assert_eq!(bench.look(), []);
    assert_eq!(bench.after(&[]), []);
}

#[test]
fn places_take_turns_in_a_large_ring() {
    let mut bench = Bench::new(32_768, &[]);
    for id in 0..30_000 {
        bench.publish(id, &[(DATA, 16, DESC_F_WRITE)]);
    }
    assert_eq!(bench.chains().len(), 30_000);
    bench.desc(RING, 3, Desc { addr: DATA, len: 15, id: 3, flags: DESC_F_WRITE | DESC_F_AVAIL });
    bench.desc(RING, 29_999, Desc { addr: DATA, len: 17, id: 29_999, flags: DESC_F_WRITE | DESC_F_AVAIL });
    let told: Vec<u16> = (0..10)
        .flat_map(|_| bench.look())
        .map(|kind| if let EventKind::Altered { head, .. } = kind { head } else { panic!("{kind:?}") })
        .collect();
    assert_eq!(told, [3, 29_999], "each is told once, when its turn comes");
}

#[test]
fn work_is_bounded() {
    // Each of 32768 lists refers to one table of 65535 entries.
    let mut bench = Bench::new(32_768, &[]);
    for id in 0..=32_767 {
        bench.publish(id, &[(DATA, 0xffff * 16, DESC_F_INDIRECT)]);
    }
    let chains = bench.chains();
    assert_eq!(chains.len(), 32_768);
    assert!(chains.iter().any(|c| c.broken == Some(ChainFault::NotWalked)));
    assert!(chains.iter().map(|c| c.links.len()).sum::<usize>() < 400_000);
    assert_eq!(bench.observer.in_flight(), 32_768);
}

/// The same promise on a split ring: the used ring has one entry a batch, at the place of the first chain.
#[test]
fn a_batch_in_order_of_a_split_ring_is_told_once() {
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory");
    let layout = SplitLayout::new(8).expect("a power of two");
    let (features, log) = (Features::bit(IN_ORDER), EventLog::new(LogOptions::default()));
    let setup = Setup { size: 8, desc: RING, driver: DRIVER, device: DEVICE };
    let info = QueueInfo::read(0, setup, features, &memory);
    let mut observer = RingObserver::enabled(0, info, memory.clone(), log.clone(), features);
    let put = |address: u64, word: u16| memory.write_obj(word.to_le(), GuestAddress(address)).expect("in memory");
    let mut made = 0_u16;
    let mut publish = |heads: &[u16]| {
        for &head in heads {
            let desc = split::Desc { addr: DATA, len: 1, flags: 0, next: 0 };
            memory.write_slice(&desc.to_le_bytes(), GuestAddress(RING + 16 * u64::from(head))).expect("in memory");
            put(DRIVER + layout.avail_slot(made) as u64, head);
            made = made.wrapping_add(1);
        }
        put(DRIVER + 2, made);
    };
    let use_ = |at: u16, id: u32, count: u16| {
        let place = GuestAddress(DEVICE + layout.used_slot(at) as u64);
        memory.write_slice(&UsedElem { id, len: 0 }.to_le_bytes(), place).expect("in memory");
        put(DEVICE + 2, at.wrapping_add(count));
    };
    let told = || {
        let used = |e: parakit_harness::observe::Event| match e.kind {
            EventKind::Used { slot, id, .. } => Some((slot, id)),
            _ => None,
        };
        log.take().into_iter().filter_map(used).collect::<Vec<_>>()
    };
    publish(&[5, 1, 3, 2, 7]);
    observer.look();
    use_(0, 3, 3);
    use_(3, 7, 2);
    observer.after(&[]);
    assert_eq!(told(), [(0, 3), (3, 7)]);
    assert_eq!(observer.in_flight(), 0);
    // An id of no chain in flight: nobody knows how far the batch goes.
    publish(&[5, 1, 3]);
    observer.look();
    use_(5, 6, 2);
    observer.after(&[]);
    assert_eq!(told(), [(5, 6)]);
    assert_eq!(observer.in_flight(), 3);
    // One entry each is allowed as well, over the end of the ring.
    use_(7, 5, 1);
    use_(8, 1, 1);
    observer.after(&[]);
    assert_eq!(told(), [(7, 5), (8, 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_memory_is_survived(
        seed in any::<u64>(),
        size in prop_oneof![Just(0_u32), Just(1), Just(3), Just(8), Just(256), any::<u32>()],
        places in proptest::collection::vec(prop_oneof![0..0x1_0000_u64, any::<u64>()], 3),
        in_order in any::<bool>(),
        said in proptest::collection::vec((any::<u16>(), 0..9_u16), 0..9),
    ) {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), 0x1_0000)]).expect("memory");
        let mut state = seed | 1;
        let mut fill = || {
            let words: Vec<u8> = (0..0x8000_u32).flat_map(|i| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let word = (state >> 40) as u16;
                (if i % 3 == 0 { word % 16 } else if word.is_multiple_of(4) { word & 0x8087 } else { word }).to_le_bytes()
            }).collect();
            memory.write_slice(&words, GuestAddress(0)).expect("in memory");
        };
        fill();
        let log = EventLog::new(LogOptions { max_bytes: 64 << 20, ..LogOptions::default() });
        let mut features = Features::bit(RING_PACKED);
        if in_order {
            features = features.with(Features::bit(IN_ORDER));
        }
        let setup = Setup { size, desc: places[0], driver: places[1], device: places[2] };
        let info = QueueInfo::read(0, setup, features, &memory);
        let mut observer = RingObserver::enabled(0, info, memory.clone(), log.clone(), features);
        let said: Vec<_> =
            said.into_iter().map(|(position, id)| UsedDesc { position, id, len: 1, flags: 0 }).collect();
        for _ in 0..6 {
            observer.look();
            fill();
            observer.after(&said);
        }
        prop_assert!(observer.in_flight() <= 0x1_0000);
    }
}
