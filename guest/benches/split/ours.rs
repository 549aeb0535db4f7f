//! This crate's side.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
};

use parakit::{
    platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError},
    queue::{Chain, QueueOptions, ReadWrite, Readable, RingFeatures, Slot, SplitQueue},
};

use crate::{
    Driver,
    device::{Device, QUEUE_SIZE},
};

#[derive(Clone, Copy)]
struct Identity;

// SAFETY: heap memory, exclusive until freed; "device" addresses are its addresses.
unsafe impl Platform for Identity {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        assert!(len > 0);
        // SAFETY: not 0 bytes.
        let ptr = unsafe { alloc_zeroed(Layout::from_size_align(len, align).unwrap()) };
        Ok(DmaMemory { ptr: NonNull::new(ptr).unwrap(), device: ptr as u64, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        // SAFETY: the length and alignment of the allocation.
        unsafe { dealloc(memory.ptr.as_ptr(), Layout::from_size_align(memory.len, align).unwrap()) }
    }
    #[inline]
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Ok(buffer.as_ptr() as *mut u8 as u64)
    }
    #[inline]
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
}

type Queue<C> = SplitQueue<Identity, C, Box<[Slot<C>]>>;

struct Ours<C: Chain> {
    queue: Queue<C>,
    device: Device,
    free: Vec<C>,
    depth: usize,
    doorbells: u64,
}

impl<C: Chain> Driver for Ours<C> {
    #[inline(never)]
    fn round(&mut self) {
        for _ in 0..self.depth {
            let chain = self.free.pop().unwrap();
            self.queue.add(chain).unwrap();
        }
        if self.queue.publish().is_some() {
            self.doorbells += 1;
        }
        self.device.run();
        for _ in 0..self.depth {
            self.free.push(self.queue.poll().unwrap().unwrap().chain);
        }
    }
}

fn driver<C: Chain + 'static>(depth: usize, chain: impl Fn() -> C) -> Box<dyn Driver> {
    let queue =
        Queue::detached(Identity, Slot::boxed(QUEUE_SIZE.into()), QueueOptions::default(), RingFeatures::NONE).unwrap();
    let at = queue.addresses();
    let device = Device::new(at.descriptor, at.driver, at.device);
    Box::new(Ours { queue, device, depth, free: (0..depth).map(|_| chain()).collect(), doorbells: 0 })
}

fn segment() -> Box<[u8]> {
    vec![0; 64].into_boxed_slice()
}

/// `depth` chains of one segment.
pub(crate) fn one(depth: usize) -> Box<dyn Driver> {
    driver(depth, || Readable(segment()))
}

/// `depth` chains of three segments, each made once and moved as a pointer, as the other side's stay where they are.
pub(crate) fn three(depth: usize) -> Box<dyn Driver> {
    driver(depth, || Box::new(ReadWrite { readable: segment(), writable: [segment(), segment()] }))
}
