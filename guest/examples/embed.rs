//! The kit in an operating system: a whole `Platform`, and the first sector of a disk.
//!
//! `cargo run -p parakit --example embed` runs it on a page of zeroes instead of device registers, and shows what the kit
//! says about that.

use core::{alloc::Layout, ptr::NonNull};
use parakit::device::block::{Block, BlockOptions, HeapStorage};
use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError};
use parakit::transport::{Device, MmioTransport, VolatileWindow};

/// An OS in which memory is mapped one to one.
#[derive(Clone, Copy)]
struct MyOs;

// SAFETY: heap memory is exclusive until freed, and contiguous for the device since it is mapped one to one; it is never
// unmapped; caches are coherent.
unsafe impl Platform for MyOs {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        let layout = Layout::from_size_align(len, align).ok().filter(|layout| layout.size() > 0);
        let layout = layout.ok_or(DmaError::Invalid { len, align })?;
        // SAFETY: the layout is not of 0 bytes.
        let ptr = NonNull::new(unsafe { std::alloc::alloc_zeroed(layout) });
        let ptr = ptr.ok_or(DmaError::OutOfMemory { len, align })?;
        Ok(DmaMemory { ptr, device: ptr.as_ptr() as u64, len })
    }
    unsafe fn dma_free(&self, memory: DmaMemory, align: usize) {
        // SAFETY: the length and alignment that it was allocated with.
        unsafe { std::alloc::dealloc(memory.ptr.as_ptr(), Layout::from_size_align_unchecked(memory.len, align)) }
    }
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Ok(buffer.as_ptr().cast::<u8>() as u64)
    }
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        NonNull::new(address as *mut u8).ok_or(MapError { address })
    }
}

/// Reads the first sector of the disk whose virtio-mmio registers are at physical address `registers`.
fn first_sector(registers: u64) -> Result<[u8; 512], Box<dyn core::error::Error>> {
    // SAFETY: the firmware's tables say that a virtio-mmio device is there; nobody else drives it.
    let window = unsafe { VolatileWindow::map(&MyOs, registers, 0x200) }?;
    let transport = MmioTransport::probe(window)?.ok_or("no device there")?;
    let device = Device::start(MyOs, transport)?;
    let mut disk: Block<_, _, Vec<u8>, _> = Block::new(device, HeapStorage::new(128), BlockOptions::default())?;
    let mut sector = [0; 512];
    disk.read(0, &mut sector)?;
    Ok(sector)
}

fn main() {
    #[repr(align(4096))]
    struct Page([u8; 4096]);
    let page = Box::leak(Box::new(Page([0; 4096])));
    match first_sector(page.0.as_ptr() as u64) {
        Ok(sector) => println!("the first sector starts with {:02x?}", &sector[..16]),
        Err(e) => println!("no disk: {e}"),
    }
}
