//! Device sides against what others wrote: the driver side that `virtio-queue` mocks for its own tests, and its packed descriptors.
//!
//! No published crate has a driver side of packed rings that could be had without a device: `virtio-queue` knows the descriptor only, and
//! `virtio-drivers` 0.13 split rings only.

use std::sync::Arc;

use parakit_abi::feature::{Features, IN_ORDER, RING_PACKED};
use parakit_abi::ring::packed::{DESC_F_NEXT, DESC_F_WRITE, used_bits};
use parakit_harness::queue::{DeviceRing, Done, Request, Setup};
use virtio_queue::desc::RawDescriptor;
use virtio_queue::desc::packed::Descriptor as PackedDescriptor;
use virtio_queue::desc::split::Descriptor as SplitDescriptor;
use virtio_queue::mock::MockSplitQueue;
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use crate::hand::{DATA, MEMORY, RING, setup};

const SIZE: u16 = 16;

/// Memory with the mock's queue in it, and where the mock puts its indirect tables and (by default) its buffers.
fn memory() -> Arc<GuestMemoryMmap> {
    let ranges = [(GuestAddress(0), MEMORY), (GuestAddress(0x3000_0000), 0x1_0000)];
    Arc::new(GuestMemoryMmap::from_ranges(&ranges).expect("memory"))
}

fn ring(mock: &MockSplitQueue<'_, GuestMemoryMmap>, features: Features, memory: &Arc<GuestMemoryMmap>) -> DeviceRing {
    let setup = Setup {
        size: SIZE.into(),
        desc: mock.desc_table_addr().0,
        driver: mock.avail_addr().0,
        device: mock.used_addr().0,
    };
    DeviceRing::new(setup, SIZE, features, memory).expect("a good ring")
}

/// Takes all that is available and gives it back; what each request had, as descriptors, bytes to read and to write.
fn serve(ring: &mut DeviceRing, memory: &GuestMemoryMmap) -> Vec<(usize, u64, u64)> {
    let upto = ring.available().expect("a good driver");
    ring.fetch(upto).expect("a good driver");
    let mut seen = Vec::new();
    while let Some(chain) = ring.take() {
        let request = Request::new(&chain, memory);
        assert_eq!(request.fault(), None);
        seen.push((request.descriptors(), request.readable_len(), request.writable_len()));
        let writable = request.writable_len();
        ring.complete(Done { token: chain.token(), len: writable as u32, writable }).expect("in memory");
    }
    ring.flush().expect("in memory");
    seen
}

#[test]
fn chains_of_the_mock_driver_are_found_and_come_back() {
    for in_order in [false, true] {
        let memory = memory();
        let mut mock = MockSplitQueue::create(memory.as_ref(), GuestAddress(RING), SIZE);
        let features = if in_order { Features::bit(IN_ORDER) } else { Features::NONE };
        let mut ring = ring(&mock, features, &memory);
        assert_eq!(serve(&mut ring, &memory), []);
        // Its descriptors are of 4096 bytes that the device reads. It takes them from the front of the table each time, used or not.
        for at in 0..2 {
            mock.add_chain(1).expect("within the ring");
            assert_eq!(serve(&mut ring, &memory), [(1, 4096, 0)]);
            mock.add_chain(3).expect("within the ring");
            assert_eq!(serve(&mut ring, &memory), [(3, 3 * 4096, 0)]);
            mock.add_indirect_chain(5).expect("within the ring");
            assert_eq!(serve(&mut ring, &memory), [(5, 5 * 4096, 0)]);
            assert_eq!(mock.used().idx().load(), 3 * (at + 1));
        }
        let used = |at| mock.used().ring().ref_at(at).expect("within the ring").load();
        assert!((0..6).all(|at| (used(at).id(), used(at).len()) == (0, 0)));
    }
}

#[test]
fn descriptors_of_the_mock_driver_mean_what_they_say() {
    let memory = memory();
    let mock = MockSplitQueue::create(memory.as_ref(), GuestAddress(RING), SIZE);
    let mut ring = ring(&mock, Features::NONE, &memory);
    let desc = |at: u64, len, flags, next| RawDescriptor::from(SplitDescriptor::new(DATA + at, len, flags, next));
    let descs = [desc(0, 16, 1, 1), desc(64, 512, 3, 2), desc(1024, 1, 2, 0), desc(2048, 7, 0, 0)];
    mock.add_desc_chains(&descs, 4).expect("within the table");
    // `next` is as it was given: the first chain goes on elsewhere in the table.
    let upto = ring.available().expect("a good driver");
    assert_eq!((upto, ring.fetch(upto)), (2, Ok(2)));
    let first = ring.take().expect("a chain");
    assert_eq!(first.token().id, 4);
    let second = ring.take().expect("a chain");
    let request = Request::new(&second, &memory);
    assert_eq!((second.token().id, request.descriptors(), request.readable_len(), request.fault()), (7, 1, 7, None));
}

#[test]
fn packed_descriptors_of_another_crate_are_read_and_written_alike() {
    let memory = memory();
    let mut ring = DeviceRing::new(setup(4), 4, Features::bit(RING_PACKED), &memory).expect("a good ring");
    let put = |index: u64, desc: PackedDescriptor| {
        memory.write_obj(RawDescriptor::from(desc), GuestAddress(RING + 16 * index)).expect("in memory");
    };
    put(1, PackedDescriptor::new(DATA + 64, 9, 5, 0x80 | DESC_F_WRITE));
    put(0, PackedDescriptor::new(DATA, 16, 0, 0x80 | DESC_F_NEXT));
    assert_eq!(serve(&mut ring, &memory), [(2, 16, 9)]);
    let used: RawDescriptor = memory.read_obj(GuestAddress(RING)).expect("in memory");
    let used = PackedDescriptor::from(used);
    assert_eq!((used.id(), used.len(), used.flags()), (5, 9, used_bits(true) | DESC_F_WRITE));
}
