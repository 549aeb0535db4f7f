//! Functions of the kit, each compiled by itself, so that `tests/orders.rs` can look at the instructions that order what they do.
#![no_std]
#![allow(unsafe_code, reason = "a platform, and names that the assembler sees")]

use core::ptr::NonNull;

use parakit::platform::{DeviceAddress, Direction, DmaError, DmaMemory, MapError, Platform, ShareError};
use parakit::queue::{Notification, PackedQueue, QueueError, Slot, SplitQueue, Writable};
use parakit::transport::pci::{
    BarRegion, BarWindow, BarWindows, CfgNotifier, CfgWindow, ConfigAccess, FunctionAddress, MapBarsAndPorts, Ports,
    Space,
};
use parakit::transport::{
    Interrupt, MmioTransport, Notify, NotifyWidth, RegisterWindow, Transport, VolatileNotifier, VolatileWindow,
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

/// Ports, or a configuration space, that are reached by plain accesses: what orders them with memory is the kit's.
#[derive(Clone, Copy, Debug)]
pub struct Unordered(NonNull<u8>);

macro_rules! accesses {
    ($($read:ident, $write:ident: $ty:ty;)*) => {
        // SAFETY: each call is one access.
        unsafe impl Ports for Unordered {
            $(
                #[inline]
                fn $read(&self, port: u16) -> $ty {
                    // SAFETY: nothing here runs.
                    unsafe { self.0.add(port.into()).cast::<$ty>().read_volatile() }
                }
                #[inline]
                unsafe fn $write(&self, port: u16, value: $ty) {
                    // SAFETY: nothing here runs.
                    unsafe { self.0.add(port.into()).cast::<$ty>().write_volatile(value) }
                }
            )*
        }

        // SAFETY: each call is one access.
        unsafe impl ConfigAccess for Unordered {
            fn size(&self) -> u16 {
                256
            }
            $(
                #[inline]
                fn $read(&self, _: FunctionAddress, offset: u16) -> $ty {
                    Ports::$read(self, offset)
                }
                #[inline]
                unsafe fn $write(&self, _: FunctionAddress, offset: u16, value: $ty) {
                    // SAFETY: nothing here runs.
                    unsafe { Ports::$write(self, offset, value) }
                }
            )*
        }
    };
}

accesses! {
    read8, write8: u8;
    read16, write16: u16;
    read32, write32: u32;
}

/// A window on ports. It is made here for the compiler to see that it is not one on memory.
#[inline]
fn behind_ports(ports: Unordered) -> Option<BarWindow<Unordered>> {
    let function = FunctionAddress { bus: 0, device: 0, function: 0 };
    let region = BarRegion { function, bar: 0, space: Space::Io, address: 0x1000, offset: 0, len: 0x100 };
    // SAFETY: nothing here runs.
    unsafe { MapBarsAndPorts { platform: Nowhere, ports }.window(&region) }.ok()
}

/// Order 6, of a register behind a port.
#[unsafe(no_mangle)]
pub fn write_port(ports: Unordered, value: u32) {
    if let Some(window) = behind_ports(ports) {
        // SAFETY: nothing here runs.
        unsafe { window.write32(0x70, value) }
    }
}

/// Order 7, of a register behind a port.
#[unsafe(no_mangle)]
pub fn read_port(ports: Unordered) -> u32 {
    behind_ports(ports).map_or(0, |window| window.read32(0x70))
}

/// Order 6, of a notification through a port.
#[unsafe(no_mangle)]
pub fn notify_port(ports: Unordered, what: Notification) {
    if let Some(window) = behind_ports(ports) {
        // SAFETY: nothing here runs.
        unsafe { window.notifier(0x70, 1, NotifyWidth::Bits16) }.notify(what);
    }
}

/// Order 6, of a register that configuration space reaches.
#[unsafe(no_mangle)]
pub fn write_config(window: &CfgWindow<Unordered>, value: u32) {
    // SAFETY: nothing here runs.
    unsafe { window.write32(0x70, value) }
}

/// Order 7, of a register that configuration space reaches.
#[unsafe(no_mangle)]
pub fn read_config(window: &CfgWindow<Unordered>) -> u32 {
    window.read32(0x70)
}

/// Order 6, of a notification through configuration space.
#[unsafe(no_mangle)]
pub fn notify_config(notifier: &CfgNotifier<Unordered>, what: Notification) {
    notifier.notify(what);
}
