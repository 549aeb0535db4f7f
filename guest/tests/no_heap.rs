//! Fault 11: heap allocations on the hot path. A counting allocator sees each.

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use parakit::{
    queue::{Queue, QueueOptions, ReadWrite, RingFeatures, Slot, SplitQueue},
    transport::ResetProof,
};
use support::{
    platform::Identity,
    ring::{EVENT_IDX, RING_PACKED, Ring},
    stepper::areas,
};

struct Counting;

thread_local! {
    /// Calls of this thread, while it counts.
    static CALLS: Cell<Option<u64>> = const { Cell::new(None) };
}

fn count() {
    let _ = CALLS.try_with(|calls| calls.set(calls.get().map(|n| n + 1)));
}

// SAFETY: the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

/// Calls of the heap during `f`.
fn calls(f: impl FnOnce()) -> u64 {
    CALLS.set(Some(0));
    f();
    CALLS.take().unwrap()
}

/// In either ring, with descriptors in the ring or in indirect tables, in order or not.
#[test]
fn fault_11_no_heap_on_the_hot_path() {
    assert_eq!(calls(|| drop(std::hint::black_box(Box::new(1)))), 2, "the counter counts");
    for bits in 0..16u8 {
        let has = |i: u8| bits >> i & 1 != 0;
        let (event_idx, packed, indirect, in_order) = (has(0), has(1), has(2), has(3));
        go_round(RingFeatures { event_idx, packed, indirect, in_order, ..RingFeatures::NONE });
    }
}

fn go_round(features: RingFeatures) {
    const SIZE: u16 = 64;
    let options =
        QueueOptions { header: 16, trailer: 1, indirect_over: 3, indirect_table: 4, ..QueueOptions::default() };
    let mut queue = Queue::detached(Identity, Slot::boxed(SIZE.into()), options, features).unwrap();
    let bits = [(features.packed, RING_PACKED), (features.event_idx, EVENT_IDX)];
    let bits = bits.iter().filter(|(on, _)| *on).fold(0, |all, (_, bit)| all | bit);
    let mut device = Ring::new(Identity, areas(queue.addresses()), SIZE, bits);
    let segment = || Box::<[u8]>::from([0u8; 64]);
    let mut chains: Vec<_> = (0..16).map(|_| ReadWrite { readable: segment(), writable: segment() }).collect();
    for round in 0..1000u32 {
        let mut heap = calls(|| {
            while let Some(chain) = chains.pop() {
                queue.add_framed(&[7; 16], chain, &[0xff]).unwrap();
            }
            let _ = queue.publish();
        });
        // The device side of the test may allocate.
        while let Some(taken) = device.take() {
            assert_eq!((taken.segments.len(), taken.count), (4, if features.indirect { 1 } else { 4 }), "{features:?}");
            assert_eq!(device.read(&taken)[..16], [7; 16]);
            let mut answer = vec![round as u8; 65];
            answer[64] = 3;
            device.write(&taken, &answer);
            device.use_chain(&taken, taken.head.into(), 65);
        }
        device.show();
        heap += calls(|| {
            let mut trailer = [0];
            while let Some(done) = queue.poll_framed(&mut trailer).unwrap() {
                assert_eq!((trailer, done.written, done.chain.writable[0]), ([3], 65, round as u8));
                chains.push(done.chain);
            }
            let _ = queue.enable_interrupts();
            queue.disable_interrupts();
        });
        assert_eq!((heap, chains.len()), (0, 16), "{features:?}");
    }
    // SAFETY: the device is not stepped any more.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
}

#[test]
fn memory_is_the_ring_and_at_most_32_bytes_an_entry() {
    use parakit::abi::ring::split::SplitLayout;
    for size in [1u16, 2, 256, 1024, 32768] {
        let queue = SplitQueue::detached(
            Identity,
            Slot::<parakit::queue::Writable<Box<[u8]>>>::boxed(size.into()),
            QueueOptions::default(),
            support::event_idx(false),
        )
        .unwrap();
        let ring = SplitLayout::new(size).unwrap().total_size();
        assert!(queue.memory_bytes() <= ring + 32 * usize::from(size), "{} for {size}", queue.memory_bytes());
        // SAFETY: nothing ever knew of the queue.
        let proof = unsafe { ResetProof::assume(queue.instance()) };
        let mut queue = queue;
        queue.retire(&proof).unwrap();
    }
    assert!(size_of::<Slot<Box<[u8]>>>() <= 32);
    assert!(size_of::<Slot<&'static mut [u8]>>() <= 32);
    assert!(size_of::<Slot<ReadWrite<&'static mut [u8; 16], &'static mut [u8; 512]>>>() <= 32);
}
