//! Devices that lie. Whatever they do to the rings, the driver gets an error value or right data: no panic, no endless
//! loop, no buffer handed out that the device was not given, nothing handed out twice, nothing freed.

mod support;

use std::collections::HashSet;

use parakit::{
    queue::{AddErrorKind, QueueError, ReadWrite},
    transport::ResetProof,
};
use proptest::prelude::*;
use support::{
    Random,
    device::Device,
    platform::Tracked,
    stepper::{self, Queue, Request, areas},
};

const SIZE: u16 = 8;

fn request(id: u8, readable: usize, writable: usize) -> Request {
    ReadWrite {
        readable: vec![vec![id; 4].into_boxed_slice(); readable],
        writable: vec![vec![id; 4].into_boxed_slice(); writable],
    }
}

struct Pair {
    platform: Tracked,
    queue: Queue<Tracked>,
    device: Device<Tracked>,
}

fn pair(event_idx: bool) -> Pair {
    let platform = Tracked::direct();
    let queue = stepper::queue(platform.clone(), SIZE, event_idx);
    let device = Device::new(platform.clone(), areas(queue.addresses()), SIZE, event_idx);
    Pair { platform, queue, device }
}

impl Pair {
    /// Makes `n` chains of one readable and one writable segment available; the device takes them.
    fn with_chains(n: u8) -> (Self, Vec<u16>) {
        let mut pair = pair(false);
        for id in 0..n {
            pair.queue.add(request(id, 1, 1)).unwrap();
        }
        assert!(pair.queue.publish().is_some());
        let heads = (0..n).map(|_| pair.device.take().unwrap().head).collect();
        (pair, heads)
    }

    /// The device is reset; every chain comes back, and all memory is freed.
    fn end(mut self, chains: usize) {
        assert_eq!(usize::from(self.queue.in_flight()), chains);
        // SAFETY: the device is not stepped any more.
        let proof = unsafe { ResetProof::assume(self.queue.instance()) };
        assert_eq!(self.queue.retire(&proof).unwrap().count(), chains);
        drop(self.queue);
        assert_eq!((self.platform.shared(), self.platform.allocated()), (0, 0));
    }

    /// The device's lie is reported, once and for all, and nothing works any more.
    fn expect(&mut self, error: QueueError) {
        let shared = self.platform.shared();
        assert_eq!(self.queue.poll().unwrap_err(), error);
        assert_eq!(self.queue.poll().unwrap_err(), error);
        assert_eq!(self.queue.add(request(9, 1, 0)).unwrap_err().kind, AddErrorKind::Queue(error));
        assert_eq!((self.queue.error(), self.queue.free()), (Some(error), 0));
        assert!(self.queue.publish().is_none());
        assert!(self.queue.enable_interrupts(), "a driver that waited would never see the error");
        assert_eq!(self.platform.shared(), shared, "a buffer that the device may use was unshared");
    }
}

#[test]
fn used_id_outside_of_the_queue() {
    for id in [u32::from(SIZE), 700, 0x1_0000, u32::MAX] {
        let (mut pair, _) = Pair::with_chains(2);
        pair.device.use_chain(id, 0);
        pair.device.show();
        pair.expect(QueueError::UsedIdOutOfRange { id, size: SIZE });
        pair.end(2);
    }
    assert_eq!(QueueError::UsedIdOutOfRange { id: 700, size: 256 }.to_string(), "used id 700 outside the queue of 256");
}

#[test]
fn used_id_that_is_no_head_or_not_in_flight() {
    let (mut pair, heads) = Pair::with_chains(2);
    let second = (heads[0] + 1) % SIZE; // the other descriptor of the first chain
    assert!(!heads.contains(&second));
    for id in [second, SIZE - 1] {
        let (mut pair, _) = Pair::with_chains(2);
        pair.device.use_chain(id.into(), 0);
        pair.device.show();
        pair.expect(QueueError::UsedIdNotInFlight { id: id.into() });
        pair.end(2);
    }
    // The same id twice.
    pair.device.use_chain(heads[0].into(), 0);
    pair.device.use_chain(heads[0].into(), 0);
    pair.device.show();
    assert_eq!(pair.queue.poll().unwrap().unwrap().chain.readable[0][0], 0);
    pair.expect(QueueError::UsedIdNotInFlight { id: heads[0].into() });
    pair.end(1);
}

#[test]
fn a_chain_that_was_not_published_cannot_be_used() {
    let (mut pair, heads) = Pair::with_chains(2);
    let unpublished = pair.queue.add(request(7, 1, 1)).unwrap();
    pair.device.use_chain(unpublished.index() as u32, 0);
    pair.device.show();
    // Taken, its descriptors would be free while the available ring still names them.
    pair.expect(QueueError::UsedIdNotInFlight { id: unpublished.index() as u32 });
    assert!(!heads.contains(&(unpublished.index() as u16)));
    pair.end(3);
}

#[test]
fn used_length_beyond_the_writable_part() {
    let (mut pair, heads) = Pair::with_chains(1);
    pair.device.use_chain(heads[0].into(), 4);
    pair.device.show();
    assert_eq!(pair.queue.poll().unwrap().unwrap().written, 4);
    pair.end(0);
    for len in [5, 8, u32::MAX] {
        let (mut pair, heads) = Pair::with_chains(1);
        let id = heads[0].into();
        pair.device.use_chain(id, len);
        pair.device.show();
        pair.expect(QueueError::UsedLength { id, len, writable: 4 });
        pair.end(1);
    }
}

#[test]
fn used_index_that_jumps_or_goes_back() {
    for idx in [3, SIZE, SIZE + 1, 0x7fff, 0x8000, 0xffff] {
        let (mut pair, _) = Pair::with_chains(2);
        pair.device.poke_used_idx(idx);
        pair.expect(QueueError::UsedIndex { idx, seen: 0, in_flight: 2 });
        pair.end(2);
    }
    let (mut pair, heads) = Pair::with_chains(2);
    pair.device.use_chain(heads[0].into(), 0);
    pair.device.show();
    assert!(pair.queue.poll().unwrap().is_some());
    pair.device.poke_used_idx(0);
    pair.expect(QueueError::UsedIndex { idx: 0, seen: 1, in_flight: 1 });
    pair.end(1);
}

#[test]
fn scribbles_in_the_descriptor_table_and_the_available_ring_change_nothing() {
    let (mut pair, heads) = Pair::with_chains(3);
    let [(desc, desc_len), (avail, avail_len), _] = pair.device.areas();
    let addresses = (desc..desc + desc_len).chain(avail..avail + avail_len);
    for address in addresses {
        pair.device.poke(address, 0xff);
    }
    for &head in heads.iter().rev() {
        pair.device.use_chain(head.into(), 1);
    }
    pair.device.show();
    for id in [2, 1, 0] {
        let done = pair.queue.poll().unwrap().unwrap();
        assert_eq!(*done.chain.readable[0], [id; 4]);
    }
    // The free list was not in the table: all descriptors are there, once each.
    for id in 0..SIZE as u8 {
        pair.queue.add(request(id, 1, 0)).unwrap();
    }
    assert!(pair.queue.add(request(0, 1, 0)).is_err());
    let _ = pair.queue.publish();
    pair.end(SIZE.into());
}

#[test]
fn a_device_that_never_answers_is_not_waited_for() {
    let (mut pair, _) = Pair::with_chains(2);
    for _ in 0..100 {
        assert_eq!(pair.queue.poll().unwrap(), None);
    }
    pair.end(2);
}

#[test]
fn shares_that_fail_midway_are_undone() {
    let mut pair = pair(false);
    for shared in 0..4 {
        pair.platform.fail_share_after(Some(shared));
        let error = pair.queue.add(request(1, 2, 2)).unwrap_err();
        assert!(matches!(error.kind, AddErrorKind::Share(_)), "{error}");
        assert_eq!(error.chain, request(1, 2, 2));
        assert_eq!((pair.platform.shared(), pair.queue.free(), pair.queue.in_flight()), (0, SIZE, 0));
    }
    pair.platform.fail_share_after(None);
    let mut bad = request(1, 2, 1);
    bad.writable.push(Box::from([]));
    let error = pair.queue.add(bad).unwrap_err();
    assert_eq!(error.kind, AddErrorKind::BadSegment { index: 3, len: 0 });
    assert_eq!((pair.platform.shared(), pair.queue.free()), (0, SIZE));
    assert_eq!(pair.queue.add(request(1, 0, 0)).unwrap_err().kind, AddErrorKind::NoSegments);
    let needed = usize::from(SIZE) + 1;
    assert_eq!(pair.queue.add(request(1, needed, 0)).unwrap_err().kind, AddErrorKind::TooLong { needed, size: SIZE });
    assert!(pair.queue.publish().is_none(), "nothing was added");
    pair.queue.add(request(1, 4, 4)).unwrap();
    assert_eq!(pair.queue.add(request(1, 1, 0)).unwrap_err().kind, AddErrorKind::Full { needed: 1, free: 0 });
    pair.end(1);
}

/// A device that does anything at all to its rings, at any time.
fn anything(seed: u64, event_idx: bool, steps: usize) {
    let mut random = Random::new(seed);
    let mut pair = pair(event_idx);
    let mut given = HashSet::new();
    let mut next = 0u8;
    let mut heads: Vec<u16> = Vec::new();
    for _ in 0..steps {
        match random.below(12) {
            0..=2 => {
                let (r, w) = (random.below(3) as usize, random.below(3) as usize);
                if pair.queue.add(request(next, r, w)).is_ok() {
                    assert!(given.insert(next), "more than 256 chains in flight");
                    next = next.wrapping_add(1);
                }
            }
            3 | 4 => {
                let _ = pair.queue.publish();
                if pair.device.available() <= SIZE && random.chance(2) {
                    heads.push(random.below(SIZE.into()) as u16);
                }
            }
            5 | 6 => {
                if let Ok(Some(done)) = pair.queue.poll() {
                    let bytes = done.chain.readable.iter().chain(&done.chain.writable).flatten();
                    let ids: HashSet<u8> = bytes.copied().collect();
                    assert_eq!(ids.len(), 1, "bytes of several chains, or none");
                    assert!(given.remove(ids.iter().next().unwrap()), "a chain came back twice");
                    let writable: usize = done.chain.writable.iter().map(|s| s.len()).sum();
                    assert!(done.written as usize <= writable);
                }
            }
            7 => {
                let id = if random.chance(4) { random.next() as u32 } else { random.below(SIZE.into()) as u32 };
                let len = if random.chance(4) { random.next() as u32 } else { random.below(9) as u32 };
                pair.device.use_chain(id, len);
            }
            8 => {
                pair.device.show();
            }
            9 if random.chance(8) => pair.device.poke_used_idx(random.next() as u16),
            9 => pair.device.poke_used_flags(random.next() as u16),
            10 => {
                let (start, len) = pair.device.areas()[random.below(3) as usize];
                pair.device.poke(start + random.below(len), random.next() as u8);
            }
            _ => {
                if random.chance(2) {
                    let _ = pair.queue.enable_interrupts_after(random.next() as u16);
                } else {
                    pair.queue.disable_interrupts();
                }
            }
        }
        assert_eq!(usize::from(pair.queue.in_flight()), given.len());
    }
    let chains = given.len();
    pair.end(chains);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn nothing_a_device_does_breaks_the_queue(seed: u64, event_idx: bool, steps in 1usize..400) {
        anything(seed, event_idx, steps);
    }

    #[test]
    fn any_schedule_of_any_size_is_served(
        seed: u64, event_idx: bool, size in 0u32..8, steps in 1u64..3000, longest_chain in 1u64..6
    ) {
        let size = 1 << size;
        stepper::run(seed, &stepper::Options { size, event_idx, steps, longest_chain: longest_chain.min(size.into()) });
    }
}
