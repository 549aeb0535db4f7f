//! Virtio over PCI (§4.1), found through the ports 0xcf8 and 0xcfc.

use core::cell::Cell;

use crate::driver::{BLOCK, Transport, register};
use crate::port::{in32, out32};

/// Ids (§4.1.2): a modern device has 0x1040 and its type.
const VENDOR: u32 = 0x1af4;
const FIRST_DEVICE: u32 = 0x1040;
/// Configuration space.
const COMMAND: u8 = 0x04;
const CAPABILITIES: u8 = 0x34;
/// Command: memory, bus master, no INTx.
const ENABLE: u32 = 0x406;
/// Capability of a vendor (§4.1.4).
const VENDOR_SPECIFIC: u8 = 9;
/// `cfg_type`.
const COMMON: u8 = 1;
const NOTIFY: u8 = 2;
const DEVICE: u8 = 4;

/// Common configuration (§4.1.4.3).
mod at {
    pub(super) const DEVICE_FEATURE_SELECT: u64 = 0;
    pub(super) const DEVICE_FEATURE: u64 = 4;
    pub(super) const DRIVER_FEATURE_SELECT: u64 = 8;
    pub(super) const DRIVER_FEATURE: u64 = 12;
    pub(super) const STATUS: u64 = 20;
    pub(super) const CONFIG_GENERATION: u64 = 21;
    pub(super) const QUEUE_SELECT: u64 = 22;
    pub(super) const QUEUE_SIZE: u64 = 24;
    pub(super) const QUEUE_ENABLE: u64 = 28;
    pub(super) const QUEUE_NOTIFY_OFF: u64 = 30;
    pub(super) const QUEUE_DESC: u64 = 32;
    pub(super) const QUEUE_DRIVER: u64 = 40;
    pub(super) const QUEUE_DEVICE: u64 = 48;
}

/// A device, and where its structures are.
pub(crate) struct Pci {
    common: u64,
    notify: u64,
    multiplier: u32,
    device: u64,
    /// Where the queue that was set up is notified.
    doorbell: Cell<u64>,
}

/// A function of bus 0.
#[derive(Clone, Copy)]
struct Function(u32);

impl Function {
    fn select(self, offset: u8) {
        out32(0xcf8, 0x8000_0000 | self.0 << 11 | u32::from(offset & !3));
    }

    fn read(self, offset: u8) -> u32 {
        self.select(offset);
        in32(0xcfc)
    }

    fn write(self, offset: u8, value: u32) {
        self.select(offset);
        out32(0xcfc, value);
    }

    fn byte(self, offset: u8) -> u8 {
        (self.read(offset) >> (8 * (offset & 3))) as u8
    }

    /// Where a BAR is. One that nobody has placed, or above what is mapped, is placed where no other is.
    fn bar(self, bar: u8) -> u64 {
        let offset = 0x10 + 4 * bar;
        let low = self.read(offset);
        let wide = low & 6 == 4;
        let high = if wide { self.read(offset + 4) } else { 0 };
        let base = u64::from(low & !0xf) | u64::from(high) << 32;
        if base != 0 && base < 0xffff_0000 {
            return base;
        }
        // A megabyte for each BAR of each device.
        let base = 0xc000_0000 | self.0 << 23 | u32::from(bar) << 20;
        self.write(offset, base);
        if wide {
            self.write(offset + 4, 0);
        }
        base.into()
    }
}

impl Pci {
    /// The first block device of bus 0.
    pub(crate) fn find() -> Option<Self> {
        let is_block = |function: &Function| function.read(0) == (FIRST_DEVICE + BLOCK) << 16 | VENDOR;
        let function = (0..32).map(Function).find(is_block)?;
        let (mut common, mut notify, mut device, mut multiplier) = (None, None, None, 0);
        let mut next = function.byte(CAPABILITIES) & !3;
        // No list is longer than configuration space has room for.
        for _ in 0..48 {
            if next == 0 {
                break;
            }
            let kind = function.byte(next + 3);
            if function.byte(next) == VENDOR_SPECIFIC {
                // The first of each kind counts (§4.1.4.1).
                let place = match kind {
                    COMMON => Some(&mut common),
                    NOTIFY => Some(&mut notify),
                    DEVICE => Some(&mut device),
                    _ => None,
                };
                if let Some(place) = place.filter(|place| place.is_none()) {
                    let (bar, offset) = (function.byte(next + 4), function.read(next + 8));
                    if bar < 6 {
                        *place = Some((bar, offset));
                        if kind == NOTIFY {
                            multiplier = function.read(next + 16);
                        }
                    }
                }
            }
            next = function.byte(next + 1) & !3;
        }
        let place = |(bar, offset): (u8, u32)| function.bar(bar) + u64::from(offset);
        let (common, notify, device) = (place(common?), place(notify?), place(device?));
        function.write(COMMAND, ENABLE);
        Some(Self { common, notify, multiplier, device, doorbell: Cell::new(notify) })
    }

    fn read<T: Copy>(&self, offset: u64) -> T {
        // SAFETY: the capability says that the structure is there; reading it has no effect on memory.
        unsafe { register::<T>(self.common, offset).read_volatile() }
    }

    fn write<T: Copy>(&self, offset: u64, value: T) {
        // SAFETY: as above; what the device is told of memory is the driver's affair.
        unsafe { register::<T>(self.common, offset).write_volatile(value) }
    }

    fn write64(&self, offset: u64, value: u64) {
        self.write(offset, value as u32);
        self.write(offset + 4, (value >> 32) as u32);
    }
}

impl Transport for Pci {
    fn status(&self) -> u8 {
        self.read(at::STATUS)
    }

    fn set_status(&self, value: u8) {
        self.write(at::STATUS, value);
    }

    fn offered(&self, word: u32) -> u32 {
        self.write(at::DEVICE_FEATURE_SELECT, word);
        self.read(at::DEVICE_FEATURE)
    }

    fn accept(&self, word: u32, value: u32) {
        self.write(at::DRIVER_FEATURE_SELECT, word);
        self.write(at::DRIVER_FEATURE, value);
    }

    fn generation(&self) -> u32 {
        self.read::<u8>(at::CONFIG_GENERATION).into()
    }

    fn config(&self, offset: u64) -> u32 {
        // SAFETY: as in `read`.
        unsafe { register::<u32>(self.device, offset).read_volatile() }
    }

    fn queue_max(&self, queue: u16) -> u16 {
        self.write(at::QUEUE_SELECT, queue);
        self.read(at::QUEUE_SIZE)
    }

    fn set_queue(&self, size: u16, descriptors: u64, available: u64, used: u64) {
        self.write(at::QUEUE_SIZE, size);
        self.write64(at::QUEUE_DESC, descriptors);
        self.write64(at::QUEUE_DRIVER, available);
        self.write64(at::QUEUE_DEVICE, used);
        let offset = u64::from(self.read::<u16>(at::QUEUE_NOTIFY_OFF)) * u64::from(self.multiplier);
        self.doorbell.set(self.notify + offset);
        self.write(at::QUEUE_ENABLE, 1_u16);
    }

    fn notify(&self, queue: u16) {
        // SAFETY: as in `write`.
        unsafe { register::<u16>(self.doorbell.get(), 0).write_volatile(queue) }
    }
}
