//! Functions of the kit, each compiled by itself, so that `tests/orders.rs` can look at the instructions that order what they do.
#![no_std]
#![allow(unsafe_code, reason = "a platform, and names that the assembler sees")]

use core::ptr::NonNull;

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError};
use parakit::queue::{PackedQueue, QueueError, Slot, SplitQueue, Writable};
use parakit::transport::{
    Interrupt, MmioTransport, Notify, RegisterWindow, Transport, VolatileNotifier, VolatileWindow,
};

/// Has no memory: nothing here runs.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

// SAFETY: gives no memory.
unsafe impl Platform for Nowhere {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        Err(DmaError::OutOfMemory { len, align })
    }
    unsafe fn dma_free(&self, _: DmaMemory, _: usize) {}
    #[inline]
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Ok(buffer.cast::<u8>().addr().get() as u64)
    }
    #[inline]
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        Err(MapError { address })
    }
}

type Chain = Writable<&'static mut [u8]>;
type Split = SplitQueue<Nowhere, Chain, [Slot<Chain>; 8]>;
type Packed = PackedQueue<Nowhere, Chain, [Slot<Chain>; 8]>;

/// Orders 1, 2 and 6 of a split ring.
#[unsafe(no_mangle)]
pub fn kick_split(queue: &mut Split, notifier: &VolatileNotifier) {
    if let Some(what) = queue.publish() {
        notifier.notify(what);
    }
}

/// Orders 1, 2 and 6 of a packed ring.
#[unsafe(no_mangle)]
pub fn kick_packed(queue: &mut Packed, notifier: &VolatileNotifier) {
    if let Some(what) = queue.publish() {
        notifier.notify(what);
    }
}

/// Order 3 of a split ring.
#[unsafe(no_mangle)]
pub fn poll_split(queue: &mut Split) -> Result<Option<Chain>, QueueError> {
    Ok(queue.poll()?.map(|done| done.chain))
}

/// Order 3 of a packed ring.
#[unsafe(no_mangle)]
pub fn poll_packed(queue: &mut Packed) -> Result<Option<Chain>, QueueError> {
    Ok(queue.poll()?.map(|done| done.chain))
}

/// Order 4 of a split ring.
#[unsafe(no_mangle)]
pub fn arm_split(queue: &mut Split) -> bool {
    queue.enable_interrupts()
}

/// Orders 4 and 5 of a packed ring.
#[unsafe(no_mangle)]
pub fn arm_packed(queue: &mut Packed) -> bool {
    queue.enable_interrupts()
}

/// Order 6.
#[unsafe(no_mangle)]
pub fn write_register(window: &VolatileWindow, value: u32) {
    // SAFETY: nothing here runs.
    unsafe { window.write32(0x70, value) }
}

/// Order 7.
#[unsafe(no_mangle)]
pub fn read_register(window: &VolatileWindow) -> u32 {
    window.read32(0x70)
}

/// Order 8.
#[unsafe(no_mangle)]
pub fn acknowledge(transport: &MmioTransport<VolatileWindow>) -> Interrupt {
    transport.acknowledge_interrupt()
}
