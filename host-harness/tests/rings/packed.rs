//! The device side of packed rings, on memory that was written by hand.

use std::sync::Arc;

use parakit_abi::feature::{EVENT_IDX, Features, IN_ORDER, RING_PACKED};
use parakit_abi::ring::packed::{
    DESC_F_AVAIL, DESC_F_INDIRECT, DESC_F_NEXT, DESC_F_USED, DESC_F_WRITE, Desc, EVENT_FLAGS_DESC, EVENT_FLAGS_DISABLE,
    EVENT_FLAGS_ENABLE, Position, used_bits,
};
use parakit_harness::queue::{DeviceRing, Done, Request, RequestFault, RingError, Setup};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use crate::hand::{DATA, DEVICE, DRIVER, Hand, MEMORY, RING, setup};

const fn at(index: u16, wrap: bool) -> Position {
    Position { index, wrap }
}

#[test]
fn a_list_is_seen_when_its_first_descriptor_is_available() {
    let mut hand = Hand::packed(8, &[]);
    assert_eq!(hand.fetch(), Ok(0), "zeroed memory holds nothing");
    hand.memory.write_slice(b"header", GuestAddress(DATA)).expect("in memory");
    let first = Desc { addr: DATA, len: 6, id: 9, flags: DESC_F_NEXT };
    hand.put_desc(RING, 0, first);
    hand.put_desc(RING, 1, Desc { addr: DATA + 64, len: 512, id: 5, flags: DESC_F_WRITE | DESC_F_AVAIL });
    assert_eq!(hand.fetch(), Ok(0), "the rest of a list alone is nothing");
    hand.put_desc(RING, 0, Desc { flags: DESC_F_NEXT | DESC_F_AVAIL, ..first });
    assert_eq!(hand.ring.available(), Ok(at(2, true).to_bits()));
    assert_eq!(hand.ring.next_avail(), at(0, true).to_bits(), "looking takes nothing");
    let chains = hand.take();
    assert_eq!(hand.ring.next_avail(), at(2, true).to_bits());
    let request = Request::new(&chains[0], &hand.memory);
    assert_eq!((chains.len(), request.token().id, request.descriptors(), request.fault()), (1, 5, 2, None));
    assert_eq!((request.readable_len(), request.writable_len()), (6, 512));
    assert_eq!(hand.fetch(), Ok(0), "the place behind is not available");
}

#[test]
fn a_list_is_read_once() {
    let mut hand = Hand::packed(4, &[]);
    hand.publish(1, &[(DATA, 6, 0)]);
    let upto = hand.ring.available().expect("a good driver");
    hand.put_desc(RING, 0, Desc { addr: u64::MAX, len: 7, id: 3, flags: DESC_F_AVAIL | DESC_F_NEXT });
    assert_eq!(hand.ring.fetch(upto), Ok(1));
    let chain = hand.ring.take().expect("it was available");
    let request = Request::new(&chain, &hand.memory);
    assert_eq!((request.token().id, request.readable_len(), request.fault()), (1, 6, None));
}

#[test]
fn a_used_descriptor_has_id_length_and_the_devices_wrap_counter() {
    let mut hand = Hand::packed(3, &[]);
    for (round, wrap) in [true, false, true, false].into_iter().enumerate() {
        // A list of two, then one alone: three places, so that each pair of lists is one round.
        hand.publish(7, &[(DATA, 6, 0), (DATA, 9, DESC_F_WRITE)]);
        hand.publish(1, &[(DATA, 6, 0)]);
        let chains = hand.take();
        assert_eq!(chains.len(), 2, "round {round}");
        hand.complete(&chains[0], 4);
        let used = hand.desc(0);
        assert_eq!((used.addr, used.len, used.id, used.flags), (DATA, 4, 7, used_bits(wrap) | DESC_F_WRITE));
        assert_eq!(hand.ring.next_used(), at(2, wrap).to_bits(), "the whole list is skipped");
        hand.complete(&chains[1], 0);
        let used = hand.desc(2);
        assert_eq!((used.id, used.flags), (1, used_bits(wrap)), "nothing was written");
        assert_eq!(hand.ring.next_used(), at(0, !wrap).to_bits());
        assert_eq!(hand.ring.next_avail(), hand.ring.next_used());
    }
}

#[test]
fn lists_go_back_in_the_order_in_which_they_are_done() {
    let mut hand = Hand::packed(5, &[]);
    hand.publish(0, &[(DATA, 1, 0), (DATA, 1, 0), (DATA, 1, 0)]);
    hand.publish(1, &[(DATA, 8, DESC_F_WRITE)]);
    let chains = hand.take();
    hand.complete(&chains[1], 8);
    assert_eq!((hand.desc(0).id, hand.desc(0).len), (1, 8), "used descriptors begin at the first place");
    assert_eq!(hand.ring.next_used(), at(1, true).to_bits());
    // The driver has one place again, and one that was free all the time.
    hand.publish(2, &[(DATA, 1, 0), (DATA, 2, DESC_F_WRITE)]);
    assert_eq!(hand.next, at(1, false));
    let late = hand.take();
    assert_eq!(late[0].token().id, 2);
    hand.complete(&chains[0], 0);
    assert_eq!((hand.desc(1).id, hand.ring.next_used()), (0, at(4, true).to_bits()));
    hand.complete(&late[0], 2);
    assert_eq!((hand.desc(4).id, hand.desc(4).flags & (DESC_F_AVAIL | DESC_F_USED)), (2, used_bits(true)));
    assert_eq!(hand.ring.next_used(), at(1, false).to_bits());
}

#[test]
fn of_the_flags_in_an_indirect_table_only_write_counts() {
    let mut hand = Hand::packed(4, &[]);
    let table = DATA + 0x8000;
    let odd = DESC_F_NEXT | DESC_F_INDIRECT | DESC_F_AVAIL | DESC_F_USED | 0x7f78;
    hand.put_desc(table, 0, Desc { addr: DATA, len: 16, id: 99, flags: 0 });
    hand.put_desc(table, 1, Desc { addr: DATA + 16, len: 8, id: 98, flags: odd });
    hand.put_desc(table, 2, Desc { addr: DATA + 64, len: 1, id: 97, flags: DESC_F_WRITE });
    // WRITE in the descriptor that refers to the table means nothing.
    hand.publish(3, &[(table, 48, DESC_F_INDIRECT | DESC_F_WRITE)]);
    let chains = hand.take();
    let request = Request::new(&chains[0], &hand.memory);
    assert_eq!((request.token().id, request.descriptors(), request.fault()), (3, 3, None));
    assert_eq!((request.readable_len(), request.writable_len()), (24, 1));
    hand.complete(&chains[0], 1);
    assert_eq!(hand.ring.next_used(), at(1, true).to_bits(), "a table takes one place of the ring");
}

#[test]
fn what_is_wrong_with_buffers_is_told_and_the_rest_stays() {
    let fault = |list: &[(u64, u32, u16)]| {
        let mut hand = Hand::packed(8, &[]);
        let table = DATA + 0x8000;
        for index in 0..64 {
            hand.put_desc(table, index, Desc { addr: DATA, len: u32::MAX / 2, id: 0, flags: 0 });
        }
        hand.publish(0, list);
        let chain = hand.take().remove(0);
        let request = Request::new(&chain, &hand.memory);
        (request.fault(), request.readable_len())
    };
    let table = DATA + 0x8000;
    let unmapped = |addr, len| Some(RequestFault::Unmapped { addr, len });
    assert_eq!(fault(&[(MEMORY as u64, 1, 0), (DATA, 3, 0)]), (unmapped(MEMORY as u64, 1), 3));
    assert_eq!(fault(&[(u64::MAX, 2, 0)]), (unmapped(u64::MAX, 2), 0));
    assert_eq!(fault(&[(DATA, 5, DESC_F_WRITE), (DATA, 3, 0)]), (Some(RequestFault::Misordered), 3));
    let broken = Some(RequestFault::Broken);
    for len in [0, 15, 17, 24, u32::MAX - 15] {
        assert_eq!(fault(&[(table, len, DESC_F_INDIRECT)]).0, broken, "a table of {len} bytes");
    }
    assert_eq!(fault(&[(MEMORY as u64 - 16, 32, DESC_F_INDIRECT)]).0, broken, "a table that leaves memory");
    assert_eq!(fault(&[(u64::MAX - 15, 32, DESC_F_INDIRECT)]).0, broken, "a table at the end of the address space");
}

#[test]
fn more_than_four_gigabytes_is_broken() {
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY), (GuestAddress(1 << 32), 1 << 31)]);
    let memory = Arc::new(memory.expect("address space, not touched"));
    let mut ring = DeviceRing::new(setup(4), 4, Features::bit(RING_PACKED), &memory).expect("a good ring");
    for index in 0..4_u64 {
        let flags = DESC_F_AVAIL | DESC_F_WRITE | if index < 3 { DESC_F_NEXT } else { 0 };
        let desc = Desc { addr: 1 << 32, len: 1 << 31, id: 0, flags };
        memory.write_slice(&desc.to_le_bytes(), GuestAddress(RING + 16 * index)).expect("in memory");
    }
    let upto = ring.available().expect("a list that ends");
    assert_eq!(ring.fetch(upto), Ok(1));
    let chain = ring.take().expect("it is available");
    assert_eq!(Request::new(&chain, &memory).fault(), Some(RequestFault::Broken));
}

#[test]
fn the_device_says_when_it_wants_to_be_told() {
    // Without EVENT_IDX: on and off.
    let mut hand = Hand::packed(4, &[]);
    hand.ring.suppress().expect("in memory");
    assert_eq!(hand.device_event().1, EVENT_FLAGS_DISABLE);
    assert_eq!(hand.ring.rearm(), Ok(false));
    assert_eq!(hand.device_event().1, EVENT_FLAGS_ENABLE);
    // With it: at the place that it looks at next.
    let mut hand = Hand::packed(4, &[EVENT_IDX]);
    for id in 0..3 {
        hand.publish(id, &[(DATA, 1, 0)]);
    }
    hand.ring.suppress().expect("in memory");
    let chains = hand.take();
    assert_eq!(hand.ring.rearm(), Ok(false));
    assert_eq!(hand.device_event(), (at(3, true), EVENT_FLAGS_DESC));
    hand.complete(&chains[0], 0);
    hand.publish(3, &[(DATA, 1, 0)]);
    assert_eq!(hand.ring.rearm(), Ok(true), "what came in between is to be fetched");
    // Also when the device has looked at it and not fetched it.
    hand.ring.available().expect("a good driver");
    assert_eq!(hand.ring.rearm(), Ok(true));
    assert_eq!(hand.fetch(), Ok(1));
    assert_eq!(hand.ring.rearm(), Ok(false));
    assert_eq!(hand.device_event(), (at(0, false), EVENT_FLAGS_DESC), "over the end of the ring");
    // Undefined bits leave the meaning alone.
    hand.ring.set_used_flags(0xffff).expect("in memory");
    assert_eq!(hand.device_event(), (at(0, false), 0xfffc | EVENT_FLAGS_DESC));
}

#[test]
fn the_driver_says_when_it_wants_to_be_told() {
    let used = |features: &[u32], off: Position, flags| {
        let mut hand = Hand::packed(4, features);
        hand.publish(0, &[(DATA, 1, 0), (DATA, 1, 0)]);
        hand.publish(1, &[(DATA, 1, 0)]);
        hand.driver_event(off, flags);
        let chains = hand.take();
        assert_eq!(hand.ring.needs_interrupt(), Ok(false), "nothing was used");
        hand.complete(&chains[0], 0);
        let first = hand.ring.needs_interrupt().expect("in memory");
        hand.complete(&chains[1], 0);
        (first, hand.ring.needs_interrupt().expect("in memory"))
    };
    assert_eq!(used(&[], at(0, true), EVENT_FLAGS_ENABLE), (true, true));
    assert_eq!(used(&[], at(0, true), EVENT_FLAGS_DISABLE), (false, false));
    assert_eq!(used(&[], at(0, true), EVENT_FLAGS_DESC), (true, true), "means nothing without EVENT_IDX: no silence");
    assert_eq!(used(&[EVENT_IDX], at(0, true), 3), (true, true), "reserved: no silence");
    assert_eq!(used(&[EVENT_IDX], at(0, true), 0x7ff4), (true, true), "undefined bits are not looked at");
    assert_eq!(used(&[EVENT_IDX], at(0, true), EVENT_FLAGS_DESC), (true, false));
    assert_eq!(
        used(&[EVENT_IDX], at(1, true), EVENT_FLAGS_DESC),
        (true, false),
        "a place that is skipped is passed too"
    );
    assert_eq!(used(&[EVENT_IDX], at(2, true), EVENT_FLAGS_DESC), (false, true));
    assert_eq!(used(&[EVENT_IDX], at(3, true), EVENT_FLAGS_DESC), (false, false));
    assert_eq!(used(&[EVENT_IDX], at(2, false), EVENT_FLAGS_DESC), (false, false), "of another round");
    assert_eq!(used(&[EVENT_IDX], at(4, true), EVENT_FLAGS_DESC), (false, false), "no place of this ring");
}

#[test]
fn a_batch_in_order_is_one_used_descriptor() {
    let mut hand = Hand::packed(8, &[IN_ORDER, EVENT_IDX]);
    hand.publish(4, &[(DATA, 1, 0), (DATA, 8, DESC_F_WRITE)]);
    hand.publish(2, &[(DATA, 8, DESC_F_WRITE)]);
    hand.publish(6, &[(DATA, 1, 0), (DATA, 9, DESC_F_WRITE)]);
    hand.driver_event(at(4, true), EVENT_FLAGS_DESC);
    let (before, chains) = (hand.desc(0), hand.take());
    hand.complete(&chains[0], 8);
    hand.complete(&chains[1], 8);
    assert_eq!(hand.desc(0), before, "nothing is told before the batch ends");
    // Not written completely: the length has to be told, so the batch ends here.
    hand.complete(&chains[2], 3);
    let used = hand.desc(0);
    assert_eq!((used.id, used.len, used.flags), (6, 3, used_bits(true) | DESC_F_WRITE));
    assert_eq!(hand.ring.next_used(), at(5, true).to_bits());
    assert_eq!(hand.ring.needs_interrupt(), Ok(true), "the batch passes descriptor 4");
    for id in 0..3 {
        hand.publish(id, &[(DATA, 8, DESC_F_WRITE)]);
    }
    let chains = hand.take();
    hand.complete(&chains[0], 1);
    assert_eq!((hand.desc(5).id, hand.ring.next_used()), (0, at(6, true).to_bits()), "one that is not whole is alone");
    hand.complete(&chains[1], 8);
    hand.complete(&chains[2], 8);
    hand.ring.flush().expect("in memory");
    hand.ring.flush().expect("in memory");
    assert_eq!((hand.desc(6).id, hand.desc(6).len, hand.ring.next_used()), (2, 8, at(0, false).to_bits()));
    let written: Vec<_> = hand.ring.written().iter().map(|used| (used.position, used.id)).collect();
    assert_eq!(written, [(at(0, true).to_bits(), 6), (at(5, true).to_bits(), 0), (at(6, true).to_bits(), 2)]);
    hand.ring.forget_written();
    assert_eq!(hand.ring.written(), []);
}

#[test]
fn an_odd_device_may_break_its_promise_of_order() {
    let mut hand = Hand::packed(4, &[IN_ORDER]);
    for id in 0..3 {
        hand.publish(id, &[(DATA, 8, DESC_F_WRITE)]);
    }
    let chains = hand.take();
    hand.complete(&chains[0], 8);
    hand.complete(&chains[2], 8);
    assert_eq!((hand.desc(0).id, hand.desc(1).id), (0, 2), "what was in order goes first");
    hand.complete(&chains[1], 8);
    hand.ring.flush().expect("in memory");
    assert_eq!((hand.desc(2).id, hand.ring.next_used()), (1, at(3, true).to_bits()));
}

#[test]
fn odd_devices_write_what_they_like() {
    let mut hand = Hand::packed(4, &[]);
    hand.publish(0, &[(DATA, 8, DESC_F_WRITE)]);
    hand.publish(2, &[(DATA, 8, DESC_F_WRITE)]);
    assert_eq!(hand.fetch(), Ok(2));
    let chain = hand.ring.take().expect("fetched");
    assert_eq!(hand.ring.idle_head(&[0, 3]), Some(1), "2 waits, 0 and 3 are held elsewhere");
    hand.ring.put_back(chain);
    assert_eq!(hand.ring.idle_head(&[3]), Some(1));
    hand.ring.write_used(0x1_0007, 5).expect("in memory");
    assert_eq!((hand.desc(0).id, hand.desc(0).len, hand.ring.next_used()), (7, 5, at(1, true).to_bits()));
    hand.ring.jump_used(1).expect("in memory");
    for index in 0..4 {
        assert!(hand.desc(index).is_used(index > 0), "descriptor {index}");
    }
    hand.ring.scribble_descriptors(0xa5);
    hand.ring.scribble_avail(0x5a);
    assert_eq!((hand.desc(3).id, hand.get16(DRIVER), hand.get16(DEVICE)), (0xa5a5, 0x5a5a, 0));
}

#[test]
fn sizes_and_places_are_checked() {
    let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).expect("memory"));
    let new =
        |setup: Setup, max| DeviceRing::new(setup, max, Features::bit(RING_PACKED), &memory).map(|ring| ring.size());
    for size in [1, 2, 3, 7, 255, 256, 24_000, 32_768] {
        let at = Setup { desc: DATA, ..setup(size) };
        assert_eq!(new(at, 32_768), Ok(size as u16), "any size up to the largest");
    }
    for size in [0, 9, 65_536, u32::MAX] {
        assert_eq!(new(setup(size), 8), Err(RingError::PackedSize { size, max: 8 }));
    }
    assert_eq!(new(setup(40_000), u16::MAX), Err(RingError::PackedSize { size: 40_000, max: u16::MAX }));
    let good = setup(4);
    let outside = MEMORY as u64;
    for bad in [
        Setup { desc: RING + 8, ..good },
        Setup { driver: DRIVER + 2, ..good },
        Setup { device: DEVICE + 1, ..good },
        Setup { desc: outside - 48, ..good },
        Setup { driver: outside, ..good },
        Setup { device: u64::MAX - 3, ..good },
        Setup { desc: u64::MAX - 15, ..good },
    ] {
        let Setup { desc, driver, device, .. } = bad;
        assert_eq!(new(bad, 8), Err(RingError::Areas { size: 4, desc, driver, device }));
    }
    assert_eq!(new(Setup { desc: outside - 64, driver: outside - 4, ..good }, 8), Ok(4), "up to the last byte");
}

#[test]
fn a_list_has_an_end() {
    let mut hand = Hand::packed(4, &[]);
    for index in 0..4 {
        hand.put_desc(RING, index, Desc { addr: DATA, len: 1, id: 0, flags: DESC_F_NEXT | DESC_F_AVAIL });
    }
    assert_eq!(hand.ring.available(), Err(RingError::Endless { first: 0, size: 4 }));
    // A list of the whole ring is none too many.
    hand.put_desc(RING, 3, Desc { addr: DATA, len: 1, id: 0, flags: DESC_F_AVAIL });
    assert_eq!(hand.take().len(), 1);
    assert_eq!(hand.ring.next_avail(), at(0, false).to_bits());
}

#[test]
fn what_the_device_has_is_not_taken_twice() {
    let mut hand = Hand::packed(4, &[]);
    for id in 0..4 {
        hand.publish(id, &[(DATA, 1, 0)]);
    }
    let chains = hand.take();
    // The driver goes on as if the first one had come back.
    hand.publish(4, &[(DATA, 1, 0)]);
    assert_eq!(hand.ring.available(), Err(RingError::Overrun { descriptors: 5, size: 4 }));
    // The same by a list that begins in a free place.
    let mut hand = Hand::packed(4, &[]);
    for id in 0..3 {
        hand.publish(id, &[(DATA, 1, 0)]);
    }
    assert_eq!(hand.take().len(), 3);
    hand.publish(3, &[(DATA, 1, 0), (DATA, 1, 0)]);
    assert_eq!(hand.ring.available(), Err(RingError::Overrun { descriptors: 5, size: 4 }));
    drop(chains);
}

#[test]
fn an_odd_device_may_mistake_the_round() {
    let mut hand = Hand::packed(4, &[]);
    hand.publish(2, &[(DATA, 8, DESC_F_WRITE), (DATA, 8, DESC_F_WRITE)]);
    let chain = hand.take().remove(0);
    let done = Done { token: chain.token(), len: 8, writable: 16 };
    hand.ring.complete_other_round(done).expect("in memory");
    let used = hand.desc(0);
    assert_eq!((used.id, used.len, used.flags), (2, 8, used_bits(false)), "never one that the driver takes");
    assert_eq!(hand.ring.next_used(), at(2, true).to_bits(), "the device believes in it");
    assert_eq!(hand.ring.written()[0].flags, used_bits(false));
    hand.ring.spoil_event().expect("in memory");
    assert_eq!(hand.device_event(), (at(0x7fff, false), 3));
    assert!(hand.ring.is_packed());
}
