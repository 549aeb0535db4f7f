//! A `virtio_drivers::Hal` as a platform, with a bounce buffer, as a confidential guest has: the device never sees the
//! driver's own memory.
#![cfg(feature = "virtio-drivers")]

mod support;

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use parakit::{
    Platform,
    adapter::virtio_drivers::HalPlatform,
    platform::{DmaError, check::Checked},
    queue::{QueueOptions, ReadWrite, Slot, SplitQueue},
    transport::ResetProof,
};
use support::{device::Device, platform::Identity, stepper::areas};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

struct Bounce;

static PAGES: AtomicUsize = AtomicUsize::new(0);
static BOUNCES: AtomicUsize = AtomicUsize::new(0);

fn pages(count: usize) -> Layout {
    Layout::from_size_align(count * PAGE_SIZE, PAGE_SIZE).unwrap()
}

fn bytes(len: usize) -> Layout {
    Layout::from_size_align(len, 16).unwrap()
}

// SAFETY: page-aligned, zeroed, exclusive memory until it is freed.
unsafe impl Hal for Bounce {
    fn dma_alloc(count: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        PAGES.fetch_add(count, Relaxed);
        if count > 1000 {
            return (0, NonNull::dangling());
        }
        // SAFETY: not 0 pages.
        let ptr = unsafe { alloc_zeroed(pages(count)) };
        (ptr.expose_provenance() as u64, NonNull::new(ptr).unwrap())
    }
    unsafe fn dma_dealloc(_: PhysAddr, vaddr: NonNull<u8>, count: usize) -> i32 {
        PAGES.fetch_sub(count, Relaxed);
        // SAFETY: allocated with this layout.
        unsafe { dealloc(vaddr.as_ptr(), pages(count)) };
        0
    }
    unsafe fn mmio_phys_to_virt(paddr: PhysAddr, _: usize) -> NonNull<u8> {
        NonNull::new(std::ptr::without_provenance_mut(paddr as usize)).unwrap()
    }
    unsafe fn share(buffer: NonNull<[u8]>, direction: BufferDirection) -> PhysAddr {
        BOUNCES.fetch_add(1, Relaxed);
        // SAFETY: not 0 bytes; the buffer is valid.
        unsafe {
            let copy = alloc_zeroed(bytes(buffer.len()));
            if direction != BufferDirection::DeviceToDriver {
                copy.copy_from_nonoverlapping(buffer.as_ptr().cast(), buffer.len());
            }
            copy.expose_provenance() as u64
        }
    }
    unsafe fn unshare(paddr: PhysAddr, buffer: NonNull<[u8]>, direction: BufferDirection) {
        BOUNCES.fetch_sub(1, Relaxed);
        let copy: *mut u8 = std::ptr::with_exposed_provenance_mut(paddr as usize);
        // SAFETY: `share` allocated it for this buffer.
        unsafe {
            if direction != BufferDirection::DriverToDevice {
                buffer.as_ptr().cast::<u8>().copy_from_nonoverlapping(copy, buffer.len());
            }
            dealloc(copy, bytes(buffer.len()));
        }
    }
}

#[test]
fn a_hal_with_bounce_buffers_serves_a_queue() {
    let platform: Checked<_> = Checked::new(HalPlatform::<Bounce>::new());
    assert!(platform.self_test(), "{:?}", platform.first_fault());
    assert_eq!((PAGES.load(Relaxed), BOUNCES.load(Relaxed)), (0, 0));

    let mut queue =
        SplitQueue::detached(&platform, Slot::boxed(16), QueueOptions::default(), support::event_idx(true)).unwrap();
    let mut device = Device::new(Identity, areas(queue.addresses()), 16, true);
    for round in 0..100u8 {
        let request = ReadWrite { readable: vec![round; 5], writable: vec![0u8; 7] };
        queue.add(request).unwrap();
        let _ = queue.publish();
        let taken = device.take().unwrap();
        assert_eq!(device.read(&taken), [round; 5]);
        device.write(&taken, &[round + 1; 6]);
        device.use_chain(taken.head.into(), 6);
        device.show();
        assert_eq!(BOUNCES.load(Relaxed), 2);
        let done = queue.poll().unwrap().unwrap();
        assert_eq!((&done.chain.writable[..6], done.chain.writable[6]), (&[round + 1; 6][..], 0));
        assert_eq!(BOUNCES.load(Relaxed), 0);
    }
    // SAFETY: the device is not stepped any more.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
    drop(queue);
    assert_eq!((PAGES.load(Relaxed), platform.faults()), (0, 0));

    let plain = HalPlatform::<Bounce>::new();
    let (len, align) = (1001 * PAGE_SIZE, 16);
    assert_eq!(plain.dma_alloc(len, align), Err(DmaError::OutOfMemory { len, align }));
    assert_eq!(plain.dma_alloc(16, 2 * PAGE_SIZE), Err(DmaError::Unaligned { align: 2 * PAGE_SIZE }));
}
