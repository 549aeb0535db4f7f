//! Registers in memory: structures of PCI devices that are not aligned to 4, and what lies outside of a window.

use std::cell::UnsafeCell;
use std::ptr::NonNull;

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError, Wait};
use parakit::queue::Notification;
use parakit::transport::{NotifyWidth, VolatileWindow};
use parakit::{Notify, RegisterWindow};

/// Sixteen bytes that stand for a BAR, at physical address 0x1000.
#[repr(align(16))]
struct Bar(UnsafeCell<[u8; 16]>);

const ADDRESS: u64 = 0x1000;

/// Maps the BAR, `shift` bytes off its place.
struct Maps<'a>(&'a Bar, usize);

// SAFETY: it gives no memory, and maps a BAR that outlives the windows of a test.
unsafe impl Platform for Maps<'_> {
    fn dma_alloc(&self, len: usize, align: usize) -> Result<DmaMemory, DmaError> {
        Err(DmaError::OutOfMemory { len, align })
    }
    unsafe fn dma_free(&self, _: DmaMemory, _: usize) {}
    unsafe fn share(&self, buffer: NonNull<[u8]>, _: Direction) -> Result<DeviceAddress, ShareError> {
        Err(ShareError::Unreachable { address: buffer.addr().get(), len: buffer.len() })
    }
    unsafe fn unshare(&self, _: DeviceAddress, _: NonNull<[u8]>, _: Direction) {}
    unsafe fn map_mmio(&self, address: u64, _: usize) -> Result<NonNull<u8>, MapError> {
        let offset = (address - ADDRESS) as usize + self.1;
        // SAFETY: tests stay inside the BAR.
        NonNull::new(unsafe { self.0.0.get().cast::<u8>().add(offset) }).ok_or(MapError { address })
    }
    fn wait(&self, _: u64) -> Wait {
        Wait::GiveUp
    }
}

fn bar() -> Bar {
    Bar(UnsafeCell::new(std::array::from_fn(|i| i as u8)))
}

fn window(bar: &Bar, offset: u64, len: usize) -> VolatileWindow {
    // SAFETY: plain memory, and no other window of the test is on these bytes.
    unsafe { VolatileWindow::map(&Maps(bar, 0), ADDRESS + offset, len) }.unwrap()
}

#[test]
fn an_isr_status_may_lie_at_any_address() {
    let bar = bar();
    for offset in 0..8 {
        assert_eq!(u64::from(window(&bar, offset, 1).read8(0)), offset);
    }
}

#[test]
fn notifications_may_lie_at_an_even_address() {
    let bar = bar();
    let window = window(&bar, 6, 4);
    assert_eq!((window.read16(0), window.read16(2)), (0x0706, 0x0908));
    // 32 bits wide they would not be aligned: nothing is read, written or notified.
    assert_eq!(window.read32(0), u32::MAX);
    // SAFETY: plain memory.
    unsafe {
        window.write32(0, 0);
        window.notifier(0, 0xabcd, NotifyWidth::Bits32).notify(Notification::default());
        assert_eq!(window.read16(0), 0x0706);
        window.notifier(2, 0xabcd, NotifyWidth::Bits16).notify(Notification::default());
    }
    assert_eq!((window.read16(0), window.read16(2)), (0x0706, 0xabcd));
}

#[test]
fn what_is_unaligned_or_outside_reads_ones() {
    let bar = bar();
    let window = window(&bar, 0, 6);
    assert_eq!(window.read16(1), u16::MAX);
    assert_eq!(window.read32(2), u32::MAX);
    assert_eq!(window.read32(4), u32::MAX);
    assert_eq!(window.read8(6), u8::MAX);
    assert_eq!(window.read8(u64::MAX), u8::MAX);
    assert_eq!(window.read32(0), 0x0302_0100);
}

#[test]
fn a_mapping_that_is_aligned_otherwise_than_the_device_is_refused() {
    let bar = bar();
    for shift in 1..4 {
        // SAFETY: nothing is accessed.
        assert!(unsafe { VolatileWindow::map(&Maps(&bar, shift), ADDRESS, 4) }.is_err(), "{shift}");
    }
}
