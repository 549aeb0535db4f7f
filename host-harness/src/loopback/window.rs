//! A device's registers, reached by calls.

use std::sync::Arc;

use parakit::queue::Notification;
use parakit::transport::{Notify, NotifyWidth, RegisterWindow};
use parakit_abi::boot::{MMIO_STRIDE, PCI_ECAM_SIZE};
use parakit_abi::transport::pci::FunctionAddress;

use super::World;
use crate::transport::RegisterBlock;
use crate::transport::device::VirtioDevice;
use crate::transport::pci::PciRoot;

/// Registers of a device in the same process: its register block, configuration space, or what is behind a BAR.
pub struct LoopbackWindow {
    target: Target,
    world: Arc<World>,
}

#[derive(Clone)]
enum Target {
    Block(VirtioDevice),
    Bus(Place, Arc<PciRoot>),
}

/// Part of what the PCI bus answers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// The configuration space of all functions.
    Ecam,
    /// The configuration space of one.
    Config(FunctionAddress),
    /// Memory.
    Memory {
        /// Address on the bus.
        base: u64,
        /// Bytes.
        len: u64,
    },
}

impl LoopbackWindow {
    /// The register block of a device.
    pub(super) fn new(device: VirtioDevice, world: Arc<World>) -> Self {
        Self { target: Target::Block(device), world }
    }

    /// A part of the bus.
    pub(super) fn on_bus(place: Place, root: Arc<PciRoot>, world: Arc<World>) -> Self {
        Self { target: Target::Bus(place, root), world }
    }

    fn size(&self) -> u64 {
        match &self.target {
            Target::Block(_) => MMIO_STRIDE,
            Target::Bus(Place::Ecam, _) => PCI_ECAM_SIZE,
            Target::Bus(Place::Config(_), _) => 4096,
            Target::Bus(Place::Memory { len, .. }, _) => *len,
        }
    }

    /// Whether an access is aligned and inside; others go nowhere, as on a bus.
    fn is_inside(&self, offset: u64, width: usize) -> bool {
        offset.is_multiple_of(width as u64) && offset.checked_add(width as u64).is_some_and(|end| end <= self.size())
    }

    fn read<const N: usize>(&self, offset: u64) -> [u8; N] {
        let mut bytes = [0xff; N];
        if self.is_inside(offset, N) {
            self.world.pace.touch();
            match &self.target {
                Target::Block(device) => device.read(offset, &mut bytes),
                Target::Bus(Place::Ecam, root) => root.ecam_read(offset, &mut bytes),
                Target::Bus(Place::Config(at), root) => root.config_read(*at, offset as u16, &mut bytes),
                Target::Bus(Place::Memory { base, .. }, root) => {
                    root.memory_read(base.wrapping_add(offset), &mut bytes);
                }
            }
        }
        bytes
    }

    fn write(&self, offset: u64, bytes: &[u8]) {
        if self.is_inside(offset, bytes.len()) {
            self.world.pace.touch();
            match &self.target {
                Target::Block(device) => device.write(offset, bytes),
                Target::Bus(Place::Ecam, root) => root.ecam_write(offset, bytes),
                Target::Bus(Place::Config(at), root) => root.config_write(*at, offset as u16, bytes),
                Target::Bus(Place::Memory { base, .. }, root) => {
                    root.memory_write(base.wrapping_add(offset), bytes);
                }
            }
        }
    }
}

// SAFETY: each call is one access, made at once; there is one window on a device at a time because workloads promise so
// (`Env::window`), and a second one could not break memory: the device takes any accesses in any order.
unsafe impl RegisterWindow for LoopbackWindow {
    type Notifier = LoopbackNotifier;

    fn len(&self) -> u64 {
        self.size()
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
        let window = Self { target: self.target.clone(), world: Arc::clone(&self.world) };
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
