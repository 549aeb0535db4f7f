//! Devices that do anything to the memory of a ring.

use std::collections::HashMap;

use parakit::{
    queue::{Queue, QueueError, QueueOptions, ReadWrite, RingFeatures, Slot, Token},
    transport::ResetProof,
};

use crate::support::{
    Random,
    device::Device,
    packed::Packed,
    platform::Tracked,
    ring::Ring,
    stepper::{Request, areas},
};

fn request(id: u8, readable: u64, writable: u64) -> Request {
    let segment = |_| Box::from([id; 3]);
    ReadWrite { readable: (0..readable).map(segment).collect(), writable: (0..writable).map(segment).collect() }
}

/// One thing that a device can do to its ring, likely ones more often.
fn misbehave(ring: &mut Ring<Tracked>, size: u16, random: &mut Random) {
    let near = |random: &mut Random, n: u16| {
        if random.chance(5) { random.next() as u16 } else { random.below(u64::from(n) + 1) as u16 }
    };
    match ring {
        Ring::Split(ring) => match random.below(6) {
            0..=2 => {
                let id = if random.chance(6) { random.next() as u32 } else { near(random, size).into() };
                ring.use_chain(id, near(random, 7).into());
                if random.chance(2) {
                    ring.show();
                }
            }
            3 => {
                let idx = ring.used_idx().wrapping_add(near(random, size));
                ring.poke_used_idx(idx);
            }
            4 => ring.poke_used_flags(random.next() as u16),
            _ => {
                ring.show();
            }
        },
        Ring::Packed(ring) => match random.below(5) {
            0..=2 => {
                let (id, len) = (near(random, size), near(random, 7));
                ring.poke_used(random.below(size.into()) as u16, id, len.into());
            }
            _ => ring.poke_event(random.next() as u16, near(random, 3)),
        },
    }
    // An interpreter takes no accesses to parts of words that others access as a whole.
    if !cfg!(miri) && random.chance(8) {
        let (start, len) = ring.areas()[random.below(3) as usize];
        ring.poke(start + random.below(len), random.next() as u8);
    }
}

pub(crate) fn anything(seed: u64, features: RingFeatures, slots: u16, start: u16, steps: usize) -> Option<QueueError> {
    let (mut random, platform) = (Random::new(seed), Tracked::new());
    let options =
        QueueOptions { indirect_over: 2, indirect_table: 5, trailer: (seed % 2) as u16, ..Default::default() };
    let mut queue = Queue::detached_at(platform.clone(), Slot::boxed(slots.into()), options, features, start).unwrap();
    let size = queue.size();
    let areas = areas(queue.addresses());
    let mut ring = if features.packed {
        Ring::Packed(Packed::new(platform.clone(), areas, size, features.event_idx))
    } else {
        Ring::Split(Device::new(platform.clone(), areas, size, features.event_idx).starting_at(start))
    };
    let mut given: HashMap<Token, u8> = HashMap::new();
    let mut next = 0u8;
    for _ in 0..steps {
        match random.below(9) {
            0..=2 => {
                let request = request(next, random.below(3), 1 + random.below(2));
                if let Ok(token) = queue.add_framed(&[], request, &[0x55][..options.trailer.into()]) {
                    assert!(given.insert(token, next).is_none(), "a token names two chains");
                    next = next.wrapping_add(1);
                }
            }
            3 => drop(queue.publish()),
            4 | 5 => match queue.poll() {
                Ok(Some(done)) => {
                    let id = given.remove(&done.token).expect("a chain in flight");
                    assert!(done.chain.readable.iter().flatten().all(|&b| b == id));
                    let writable = 3 * done.chain.writable.len() as u32 + u32::from(options.trailer);
                    assert!(done.written <= writable);
                }
                Ok(None) => assert!(queue.error().is_none()),
                Err(e) => {
                    assert_eq!(queue.error(), Some(e));
                    assert!(queue.add_framed(&[], request(0, 1, 1), &[0x55][..options.trailer.into()]).is_err());
                    assert!(queue.publish().is_none() && queue.enable_interrupts());
                }
            },
            6 if random.chance(2) => drop(queue.enable_interrupts_after(random.next() as u16)),
            6 => queue.disable_interrupts(),
            _ => misbehave(&mut ring, size, &mut random),
        }
        assert_eq!(usize::from(queue.in_flight()), given.len());
    }
    let end = queue.error();
    // SAFETY: the device does nothing any more.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    for (token, chain) in queue.retire(&proof).unwrap() {
        let id = given.remove(&token).expect("a chain in flight");
        assert!(chain.readable.iter().flatten().all(|&b| b == id));
    }
    assert!(given.is_empty());
    drop(queue);
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
    end
}

/// The devices above do reach what they are about.
#[test]
fn every_misbehaviour_is_met() {
    let mut seen = [false; 5];
    for seed in 0..if cfg!(miri) { 16 } else { 1500 } {
        let bit = |i: u32| seed >> i & 1 != 0;
        let features = RingFeatures {
            event_idx: bit(0),
            packed: bit(1),
            indirect: bit(2),
            in_order: bit(3),
            notification_data: false,
            ..RingFeatures::NONE
        };
        match anything(seed, features, 8, 0, if cfg!(miri) { 30 } else { 200 }) {
            Some(QueueError::UsedIdOutOfRange { .. }) => seen[0] = true,
            Some(QueueError::UsedIdNotInFlight { .. }) => seen[1] = true,
            Some(QueueError::UsedLength { .. }) => seen[2] = true,
            Some(QueueError::UsedIndex { .. }) => seen[3] = true,
            Some(QueueError::UsedBatch { .. }) => seen[4] = true,
            _ => {}
        }
    }
    assert!(cfg!(miri) || seen == [true; 5], "{seen:?}");
}
