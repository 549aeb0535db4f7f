//! A device's registers, reached by calls.

use std::sync::Arc;

use parakit::queue::Notification;
use parakit::transport::{Notify, NotifyWidth, RegisterWindow};
use parakit_abi::boot::MMIO_STRIDE;

use super::World;
use crate::transport::RegisterBlock;
use crate::transport::device::VirtioDevice;

/// The register block of a device in the same process.
pub struct LoopbackWindow {
    device: VirtioDevice,
    world: Arc<World>,
}

impl LoopbackWindow {
    pub(super) fn new(device: VirtioDevice, world: Arc<World>) -> Self {
        Self { device, world }
    }

    fn read<const N: usize>(&self, offset: u64) -> [u8; N] {
        let mut bytes = [0xff; N];
        if is_inside(offset, N) {
            self.world.pace.touch();
            self.device.read(offset, &mut bytes);
        }
        bytes
    }

    fn write(&self, offset: u64, bytes: &[u8]) {
        if is_inside(offset, bytes.len()) {
            self.world.pace.touch();
            self.device.write(offset, bytes);
        }
    }
}

/// Whether an access is aligned and inside the block; others go nowhere, as on a bus.
fn is_inside(offset: u64, width: usize) -> bool {
    offset.is_multiple_of(width as u64) && offset.checked_add(width as u64).is_some_and(|end| end <= MMIO_STRIDE)
}

// SAFETY: each call is one access, made at once; there is one window on a device at a time because workloads promise so
// (`Env::window`), and a second one could not break memory: the device takes any accesses in any order.
unsafe impl RegisterWindow for LoopbackWindow {
    type Notifier = LoopbackNotifier;

    fn len(&self) -> u64 {
        MMIO_STRIDE
    }

    fn read8(&self, offset: u64) -> u8 {
        u8::from_le_bytes(self.read(offset))
    }

    fn read16(&self, offset: u64) -> u16 {
        u16::from_le_bytes(self.read(offset))
    }

    fn read32(&self, offset: u64) -> u32 {
        u32::from_le_bytes(self.read(offset))
    }

    unsafe fn write8(&self, offset: u64, value: u8) {
        self.write(offset, &value.to_le_bytes());
    }

    unsafe fn write16(&self, offset: u64, value: u16) {
        self.write(offset, &value.to_le_bytes());
    }

    unsafe fn write32(&self, offset: u64, value: u32) {
        self.write(offset, &value.to_le_bytes());
    }

    unsafe fn notifier(&self, offset: u64, value: u16, width: NotifyWidth) -> LoopbackNotifier {
        let window = Self::new(self.device.clone(), Arc::clone(&self.world));
        LoopbackNotifier { window, offset, value, width }
    }
}

/// Writes one value to one register.
pub struct LoopbackNotifier {
    window: LoopbackWindow,
    offset: u64,
    value: u16,
    width: NotifyWidth,
}

impl Notify for LoopbackNotifier {
    fn notify(&self, what: Notification) {
        let word = self.width.word(self.value, what).to_le_bytes();
        self.window.write(self.offset, &word[..self.width.bytes() as usize]);
    }
}
