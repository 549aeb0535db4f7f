//! Virtio over MMIO, version 2 (§4.2), found on the command line as Linux has it: `virtio_mmio.device=SIZE@BASE:IRQ`.

use crate::driver::{BLOCK, Transport, register};

const OPTION: &str = "virtio_mmio.device=";

/// Register offsets (§4.2.2).
mod at {
    pub(super) const MAGIC: u64 = 0x000;
    pub(super) const VERSION: u64 = 0x004;
    pub(super) const DEVICE_ID: u64 = 0x008;
    pub(super) const DEVICE_FEATURES: u64 = 0x010;
    pub(super) const DEVICE_FEATURES_SEL: u64 = 0x014;
    pub(super) const DRIVER_FEATURES: u64 = 0x020;
    pub(super) const DRIVER_FEATURES_SEL: u64 = 0x024;
    pub(super) const QUEUE_SEL: u64 = 0x030;
    pub(super) const QUEUE_SIZE_MAX: u64 = 0x034;
    pub(super) const QUEUE_SIZE: u64 = 0x038;
    pub(super) const QUEUE_READY: u64 = 0x044;
    pub(super) const QUEUE_NOTIFY: u64 = 0x050;
    pub(super) const STATUS: u64 = 0x070;
    pub(super) const QUEUE_DESC: u64 = 0x080;
    pub(super) const QUEUE_DRIVER: u64 = 0x090;
    pub(super) const QUEUE_DEVICE: u64 = 0x0a0;
    pub(super) const CONFIG_GENERATION: u64 = 0x0fc;
    pub(super) const CONFIG: u64 = 0x100;
}

/// A device.
pub(crate) struct Mmio(u64);

impl Mmio {
    /// The first block device of the command line.
    pub(crate) fn find(command_line: &str) -> Option<Self> {
        let words = command_line.split(' ').filter_map(|word| word.strip_prefix(OPTION));
        let bases = words.filter_map(|word| number(word.split_once('@')?.1.split(':').next()?));
        let is_block = |device: &Self| {
            device.read(at::MAGIC) == 0x7472_6976
                && device.read(at::VERSION) == 2
                && device.read(at::DEVICE_ID) == BLOCK
        };
        bases.map(Self).find(is_block)
    }

    fn read(&self, offset: u64) -> u32 {
        // SAFETY: the command line says that a device is there; reading its registers has no effect on memory.
        unsafe { register::<u32>(self.0, offset).read_volatile() }
    }

    fn write(&self, offset: u64, value: u32) {
        // SAFETY: as above; what the device is told of memory is the driver's affair.
        unsafe { register::<u32>(self.0, offset).write_volatile(value) }
    }

    fn write64(&self, offset: u64, value: u64) {
        self.write(offset, value as u32);
        self.write(offset + 4, (value >> 32) as u32);
    }
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

impl Transport for Mmio {
    fn status(&self) -> u8 {
        self.read(at::STATUS) as u8
    }

    fn set_status(&self, value: u8) {
        self.write(at::STATUS, value.into());
    }

    fn offered(&self, word: u32) -> u32 {
        self.write(at::DEVICE_FEATURES_SEL, word);
        self.read(at::DEVICE_FEATURES)
    }

    fn accept(&self, word: u32, value: u32) {
        self.write(at::DRIVER_FEATURES_SEL, word);
        self.write(at::DRIVER_FEATURES, value);
    }

    fn generation(&self) -> u32 {
        self.read(at::CONFIG_GENERATION)
    }

    fn config(&self, offset: u64) -> u32 {
        self.read(at::CONFIG + offset)
    }

    fn queue_max(&self, queue: u16) -> u16 {
        self.write(at::QUEUE_SEL, queue.into());
        // A queue that is in use is none to be set up (§4.2.3.2).
        if self.read(at::QUEUE_READY) != 0 {
            return 0;
        }
        self.read(at::QUEUE_SIZE_MAX) as u16
    }

    fn set_queue(&self, size: u16, descriptors: u64, available: u64, used: u64) {
        self.write(at::QUEUE_SIZE, size.into());
        self.write64(at::QUEUE_DESC, descriptors);
        self.write64(at::QUEUE_DRIVER, available);
        self.write64(at::QUEUE_DEVICE, used);
        self.write(at::QUEUE_READY, 1);
    }

    fn notify(&self, queue: u16) {
        self.write(at::QUEUE_NOTIFY, queue.into());
    }
}
