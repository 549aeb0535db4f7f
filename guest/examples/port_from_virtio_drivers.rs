//! Moving an OS over that has a HAL for the `virtio-drivers` crate: one line makes it a platform.
//!
//! `cargo run -p parakit --features virtio-drivers --example port_from_virtio_drivers`

use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    ptr::NonNull,
};

use parakit::{
    MmioTransport, SplitQueue,
    adapter::virtio_drivers::HalPlatform,
    platform::check::Checked,
    queue::{QueueOptions, Readable, RingFeatures, Slot},
    transport::VolatileWindow,
};
use virtio_drivers::{BufferDirection, Hal, PAGE_SIZE, PhysAddr};

/// What the OS has already. (Here: the heap of a process, and a page of plain memory instead of registers.)
struct MyHal;

fn pages(count: usize) -> Layout {
    Layout::from_size_align(count * PAGE_SIZE, PAGE_SIZE).expect("a few pages")
}

// SAFETY: page-aligned, zeroed, exclusive memory, until it is freed.
unsafe impl Hal for MyHal {
    fn dma_alloc(count: usize, _: BufferDirection) -> (PhysAddr, NonNull<u8>) {
        // SAFETY: `count` is not 0.
        let ptr = unsafe { alloc_zeroed(pages(count)) };
        (ptr.expose_provenance() as u64, NonNull::new(ptr).expect("memory"))
    }
    unsafe fn dma_dealloc(_: PhysAddr, vaddr: NonNull<u8>, count: usize) -> i32 {
        // SAFETY: allocated with this layout.
        unsafe { dealloc(vaddr.as_ptr(), pages(count)) };
        0
    }
    unsafe fn mmio_phys_to_virt(paddr: PhysAddr, _: usize) -> NonNull<u8> {
        NonNull::new(std::ptr::with_exposed_provenance_mut(paddr as usize)).expect("an address other than 0")
    }
    unsafe fn share(buffer: NonNull<[u8]>, _: BufferDirection) -> PhysAddr {
        buffer.as_ptr().cast::<u8>().expose_provenance() as u64
    }
    unsafe fn unshare(_: PhysAddr, _: NonNull<[u8]>, _: BufferDirection) {}
}

fn main() {
    // The move itself.
    let platform = HalPlatform::<MyHal>::new();

    // While porting: let the wrapper watch both the HAL and the drivers.
    let checked: Checked<_> = Checked::new(platform);
    assert!(checked.self_test(), "the HAL has a fault: {:?}", checked.first_fault());

    // Devices are found as before: at the addresses that the device tree or the command line says.
    let page = parakit::platform::DmaBox::new(platform, PAGE_SIZE, PAGE_SIZE).expect("a page");
    // SAFETY: in this example "registers" are a page of memory, leaked, which nothing else uses.
    let window = unsafe { VolatileWindow::map(&checked, page.leak().device, 0x200) }.expect("mapped registers");
    match MmioTransport::probe(window) {
        Ok(Some(_)) => println!("a device; start it with Device::start"),
        Ok(None) => println!("no device there"),
        Err(e) => println!("left alone: {e}"),
    }

    // A queue takes buffers by value; nothing unsafe is left to the driver.
    let mut queue =
        SplitQueue::detached(&checked, Slot::boxed(16), QueueOptions::default(), RingFeatures::NONE).expect("a ring");
    let token = queue.add(Readable(Box::<[u8]>::from(*b"hello"))).expect("a free descriptor");
    println!("chain {} is in flight, the device sees the ring at {:?}", token.index(), queue.addresses());
    assert_eq!((checked.allocations(), checked.shares()), (1, 1));

    // SAFETY: no device ever knew of this queue.
    let proof = unsafe { parakit::transport::ResetProof::assume(queue.instance()) };
    let back = queue.retire(&proof).expect("its own instance").next().expect("the chain");
    assert_eq!(&*back.1.0, b"hello");
    drop(queue);
    assert_eq!((checked.allocations(), checked.shares(), checked.first_fault()), (0, 0, None));
}
