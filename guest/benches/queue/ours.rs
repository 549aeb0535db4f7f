//! This crate's side.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
};

use parakit::{
    platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError},
    queue::{Chain, PackedQueue, QueueOptions, ReadWrite, Readable, RingFeatures, Slot, SplitQueue},
};

use crate::{
    Driver,
    device::{Device, Packed, QUEUE_SIZE, Split},
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

type Slots<C> = Box<[Slot<C>]>;

/// One driver with its queue, which it knows by its type, as an application may, and `N` chains.
struct Ours<Q, D, C, const N: usize> {
    queue: Q,
    device: D,
    chains: [Option<C>; N],
    doorbells: u64,
}

macro_rules! driver {
    ($make:ident, $queue:ident, $device:ident) => {
        impl<C: Chain, const N: usize, const BATCHES: bool> Driver
            for Ours<$queue<Identity, C, Slots<C>>, $device<BATCHES>, C, N>
        {
            #[inline(never)]
            fn rounds(&mut self, rounds: u32) {
                for _ in 0..rounds {
                    for chain in &mut self.chains {
                        self.queue.add(chain.take().unwrap()).unwrap();
                    }
                    if self.queue.publish().is_some() {
                        self.doorbells += 1;
                    }
                    self.device.run();
                    for chain in &mut self.chains {
                        *chain = Some(self.queue.poll().unwrap().unwrap().chain);
                    }
                }
            }
        }

        fn $make<C: Chain + 'static, const N: usize>(in_order: bool, chain: impl Fn() -> C) -> Box<dyn Driver> {
            let features = RingFeatures { in_order, ..RingFeatures::NONE };
            let slots = Slot::boxed(QUEUE_SIZE.into());
            let queue = $queue::detached(Identity, slots, QueueOptions::default(), features).unwrap();
            let at = queue.addresses();
            let areas = [at.descriptor, at.driver, at.device];
            let chains: [Option<C>; N] = std::array::from_fn(|_| Some(chain()));
            if in_order {
                Box::new(Ours { queue, device: $device::<true>::new(areas), chains, doorbells: 0 })
            } else {
                Box::new(Ours { queue, device: $device::<false>::new(areas), chains, doorbells: 0 })
            }
        }
    };
}

driver!(split, SplitQueue, Split);
driver!(packed, PackedQueue, Packed);

fn segment() -> Box<[u8]> {
    vec![0; 64].into_boxed_slice()
}

/// `N` chains of one segment on a split ring.
pub(crate) fn one<const N: usize>(in_order: bool) -> Box<dyn Driver> {
    split::<_, N>(in_order, || Readable(segment()))
}

/// The same on a packed ring.
pub(crate) fn one_packed<const N: usize>(in_order: bool) -> Box<dyn Driver> {
    packed::<_, N>(in_order, || Readable(segment()))
}

/// A chain of three segments on a split ring, made once and moved as a pointer, as the other side's stays where it is.
pub(crate) fn three() -> Box<dyn Driver> {
    split::<_, 1>(false, || Box::new(ReadWrite { readable: segment(), writable: [segment(), segment()] }))
}

/// The same on a packed ring.
pub(crate) fn three_packed() -> Box<dyn Driver> {
    packed::<_, 1>(false, || Box::new(ReadWrite { readable: segment(), writable: [segment(), segment()] }))
}
