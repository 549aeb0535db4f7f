//! `virtio-drivers`' side: the same memory, the same number and size of segments, its public queue API.

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
};

use virtio_drivers::{
    BufferDirection, Hal, PAGE_SIZE, PhysAddr,
    queue::VirtQueue,
    transport::{DeviceStatus, DeviceType, InterruptStatus, Transport},
};

use crate::{
    Driver,
    device::{Device, QUEUE_SIZE, Split},
};

struct Identity;

fn pages(pages: usize) -> Layout {
    Layout::from_size_align(pages * PAGE_SIZE, PAGE_SIZE).unwrap()
}

// SAFETY: heap memory, exclusive until freed; "device" addresses are its addresses.
unsafe impl Hal for Identity {
    fn dma_alloc(count: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        // SAFETY: never 0 pages.
        let ptr = unsafe { alloc_zeroed(pages(count)) };
        (ptr as u64, NonNull::new(ptr).unwrap())
    }
    unsafe fn dma_dealloc(_: PhysAddr, vaddr: NonNull<u8>, count: usize) -> i32 {
        // SAFETY: the layout of the allocation.
        unsafe { dealloc(vaddr.as_ptr(), pages(count)) };
        0
    }
    unsafe fn mmio_phys_to_virt(_: PhysAddr, _: usize) -> NonNull<u8> {
        NonNull::dangling()
    }
    #[inline]
    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.as_ptr() as *mut u8 as u64
    }
    #[inline]
    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}

/// Remembers where the queue is.
struct Fake([u64; 3]);

impl Transport for Fake {
    fn device_type(&self) -> DeviceType {
        DeviceType::EntropySource
    }
    fn read_device_features(&mut self) -> u64 {
        1 << 32
    }
    fn write_driver_features(&mut self, _: u64) {}
    fn max_queue_size(&mut self, _: u16) -> u32 {
        QUEUE_SIZE.into()
    }
    fn notify(&mut self, _: u16) {}
    fn get_status(&self) -> DeviceStatus {
        DeviceStatus::empty()
    }
    fn set_status(&mut self, _: DeviceStatus) {}
    fn set_guest_page_size(&mut self, _: u32) {}
    fn requires_legacy_layout(&self) -> bool {
        false
    }
    fn queue_set(&mut self, _: u16, _: u32, descriptors: PhysAddr, driver: PhysAddr, device: PhysAddr) {
        self.0 = [descriptors, driver, device];
    }
    fn queue_unset(&mut self, _: u16) {}
    fn queue_used(&mut self, _: u16) -> bool {
        false
    }
    fn ack_interrupt(&mut self) -> InterruptStatus {
        InterruptStatus::empty()
    }
    fn read_config_generation(&self) -> u32 {
        0
    }
    fn read_config_space<T>(&self, _: usize) -> virtio_drivers::Result<T> {
        Err(virtio_drivers::Error::ConfigSpaceMissing)
    }
    fn write_config_space<T>(&mut self, _: usize, _: T) -> virtio_drivers::Result<()> {
        Err(virtio_drivers::Error::ConfigSpaceMissing)
    }
}

/// A chain of one segment that the device reads and `W` that it writes, which stays where it is.
struct Chain<const W: usize> {
    input: Box<[u8]>,
    outputs: [Box<[u8]>; W],
    token: u16,
}

struct Theirs<const W: usize, const N: usize> {
    queue: VirtQueue<Identity, { QUEUE_SIZE as usize }>,
    device: Split<false>,
    chains: [Chain<W>; N],
    doorbells: u64,
}

impl<const W: usize, const N: usize> Driver for Theirs<W, N> {
    #[inline(never)]
    fn rounds(&mut self, rounds: u32) {
        for _ in 0..rounds {
            for Chain { input, outputs, token } in &mut self.chains {
                let mut outputs = outputs.each_mut().map(|s| &mut **s);
                // SAFETY: the chain stays until its token is popped.
                *token = unsafe { self.queue.add(&[input], &mut outputs) }.unwrap();
            }
            if self.queue.should_notify() {
                self.doorbells += 1;
            }
            self.device.run();
            // The device uses chains in order.
            for Chain { input, outputs, token } in &mut self.chains {
                let mut outputs = outputs.each_mut().map(|s| &mut **s);
                // SAFETY: the buffers that were added under this token.
                unsafe { self.queue.pop_used(*token, &[input], &mut outputs) }.unwrap();
            }
        }
    }
}

/// `N` chains of one segment and `W`.
pub(crate) fn queue<const W: usize, const N: usize>() -> Box<dyn Driver> {
    let mut transport = Fake([0; 3]);
    let queue = VirtQueue::new(&mut transport, 0, false, false).unwrap();
    let segment = || vec![0u8; 64].into_boxed_slice();
    let chain = |_| Chain { input: segment(), outputs: std::array::from_fn(|_| segment()), token: 0 };
    let device = Split::new(transport.0);
    Box::new(Theirs::<W, N> { queue, device, chains: std::array::from_fn(chain), doorbells: 0 })
}
