//! This crate's side.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
};

use parakit::{
    platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError},
    queue::{Buffers, QueueOptions, Readable, Slot, SplitQueue},
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
        // SAFETY: the kit never asks for 0 bytes.
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

struct Ours<L: Buffers> {
    queue: SplitQueue<Identity, Readable<L>, Box<[Slot<Readable<L>>]>>,
    device: Device,
    free: Vec<L>,
    depth: usize,
    doorbells: u64,
}

impl<L: Buffers> Driver for Ours<L> {
    #[inline(never)]
    fn round(&mut self) {
        for _ in 0..self.depth {
            let chain = self.free.pop().unwrap();
            self.queue.add(Readable(chain)).unwrap();
        }
        if self.queue.publish() {
            self.doorbells += 1;
        }
        self.device.run();
        for _ in 0..self.depth {
            self.free.push(self.queue.poll().unwrap().unwrap().chain.0);
        }
    }
}

fn driver<L: Buffers + 'static>(free: Vec<L>) -> Box<dyn Driver> {
    let slots = Slot::boxed(QUEUE_SIZE.into());
    let queue = SplitQueue::detached(Identity, slots, QueueOptions::default(), false).unwrap();
    let at = queue.addresses();
    let device = Device::new(at.descriptor, at.driver, at.device);
    Box::new(Ours { queue, device, depth: free.len(), free, doorbells: 0 })
}

/// `depth` chains of `N` segments.
pub fn queue<const N: usize>(depth: usize) -> Box<dyn Driver> {
    let segment = || vec![0u8; 64].into_boxed_slice();
    if N == 1 {
        driver((0..depth).map(|_| segment()).collect())
    } else {
        driver((0..depth).map(|_| std::array::from_fn::<_, N, _>(|_| segment())).collect())
    }
}
