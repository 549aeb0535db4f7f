//! What draining a queue costs, counted in slots that are looked at.

use alloc::{
    alloc::{Layout, alloc_zeroed, dealloc},
    boxed::Box,
    vec::Vec,
};
use core::ptr::NonNull;

use parakit_abi::ring::MAX_QUEUE_SIZE;

use crate::{
    platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError},
    queue::{QueueOptions, Readable, RingFeatures, Slot, SplitQueue},
    transport::ResetProof,
};

/// Memory of the heap, at the same addresses for both sides. There is no device.
struct Heap;

// SAFETY: `alloc_zeroed` keeps the promises about memory, and nothing ever accesses it by device addresses.
unsafe impl Platform for Heap {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        let layout = Layout::from_size_align(len, align).map_err(|_| DmaError::Invalid { len, align })?;
        // SAFETY: the kit asks for at least one byte.
        let ptr = NonNull::new(unsafe { alloc_zeroed(layout) }).ok_or(DmaError::OutOfMemory { len, align })?;
        Ok(DmaMemory { ptr, device: ptr.addr().get() as u64, len })
    }

    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        let layout = Layout::from_size_align(memory.len, align).unwrap();
        // SAFETY: allocated above with this layout (the caller's promise).
        unsafe { dealloc(memory.ptr.as_ptr(), layout) };
    }

    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Ok(buffer.cast::<u8>().addr().get() as u64)
    }

    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}

    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
}

const SIZE: u16 = if cfg!(miri) { 256 } else { MAX_QUEUE_SIZE };

type Queue = SplitQueue<Heap, Readable<Box<[u8]>>, Box<[Slot<Readable<Box<[u8]>>>]>>;

/// A queue with as many chains as it has entries, and the proof that its device was reset.
fn full() -> (Queue, ResetProof) {
    let mut queue =
        Queue::detached(Heap, Slot::boxed(SIZE.into()), QueueOptions::default(), RingFeatures::NONE).unwrap();
    for i in 0..SIZE {
        queue.add(Readable(Box::from(i.to_le_bytes()))).unwrap();
    }
    assert!(queue.publish().is_some());
    // SAFETY: there is no device.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    (queue, proof)
}

#[test]
fn draining_looks_at_each_slot_once_however_often_it_begins() {
    let (mut queue, proof) = full();
    let mut chains = Vec::new();
    while let Some((_, chain)) = queue.retire(&proof).unwrap().next() {
        chains.push(chain);
        assert_eq!(usize::from(queue.in_flight()) + chains.len(), SIZE.into());
    }
    assert!(chains.iter().zip(0..SIZE).all(|(chain, i)| *chain.0 == i.to_le_bytes()));
    assert_eq!(queue.looks(), SIZE.into());
}

#[test]
fn draining_goes_on_where_it_stopped() {
    let (mut queue, proof) = full();
    assert_eq!(queue.retire(&proof).unwrap().take(3).count(), 3);
    assert_eq!(queue.retire(&proof).unwrap().count(), usize::from(SIZE) - 3);
    assert_eq!(queue.looks(), SIZE.into());
}
