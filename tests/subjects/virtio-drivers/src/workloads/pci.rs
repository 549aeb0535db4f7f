//! Functions on the PCI bus: found, given addresses and enabled by the crate's own means.

use core::sync::atomic::{AtomicU64, Ordering};

use parakit::transport::pci::Ports as _;
use parakit_abi::boot::{PCI_ECAM, PCI_MEMORY32, PCI_MEMORY32_SIZE, PCI_MEMORY64, PCI_MEMORY64_SIZE};
use parakit_abi::mailbox::bus;
use parakit_kernel::{Failure, KernelEnv, Ports};
use virtio_drivers::transport::SomeTransport;
use virtio_drivers::transport::pci::bus::{
    BarInfo, Cam, Command, ConfigurationAccess, DeviceFunction, MemoryBarType, MmioCam, PciRoot,
};
use virtio_drivers::transport::pci::{PciTransport, virtio_device_type};

use super::hal::KernelHal;
use super::transport::Transport;

/// The next free addresses for BARs of 32 and of 64 bits.
static NEXT: [AtomicU64; 2] = [AtomicU64::new(PCI_MEMORY32), AtomicU64::new(PCI_MEMORY64)];
/// Where they end.
const END: [u64; 2] = [PCI_MEMORY32 + PCI_MEMORY32_SIZE, PCI_MEMORY64 + PCI_MEMORY64_SIZE];

/// The transport of virtio function `index`, in the order of the bus.
pub(crate) fn open(env: &KernelEnv, index: usize) -> Result<Transport, Failure> {
    match env.bus() {
        bus::PCI_PORTS => through(PortAccess, index),
        // SAFETY: configuration space is mapped there, and no Rust object is in it; the kernel's library has looked for functions
        // and is done with it.
        _ => through(unsafe { MmioCam::new(PCI_ECAM as *mut u8, Cam::Ecam) }, index),
    }
}

fn through(access: impl ConfigurationAccess, index: usize) -> Result<Transport, Failure> {
    let mut root = PciRoot::new(access);
    let mut found = root.enumerate_bus(0).filter(|(_, info)| virtio_device_type(info).is_some());
    let (function, _) = found.nth(index).ok_or_else(|| Failure::new("the PCI bus has fewer virtio devices"))?;
    drop(found);
    place_bars(&mut root, function)?;
    root.set_command(function, Command::MEMORY_SPACE | Command::BUS_MASTER);
    let transport = PciTransport::new::<KernelHal, _>(&mut root, function);
    transport.map(SomeTransport::from).map_err(|e| Failure::of("PCI transport", e))
}

/// Gives the memory BARs addresses that have none yet.
fn place_bars(root: &mut PciRoot<impl ConfigurationAccess>, function: DeviceFunction) -> Result<(), Failure> {
    let bars = root.bars(function).map_err(|e| Failure::of("BARs", e))?;
    for (index, bar) in (0u8..).zip(bars) {
        let Some(BarInfo::Memory { address_type, address: 0, size, .. }) = bar else { continue };
        let address = take(usize::from(address_type == MemoryBarType::Width64), size)?;
        match address_type {
            MemoryBarType::Width64 => root.set_bar_64(function, index, address),
            MemoryBarType::Width32 | MemoryBarType::Below1MiB => root.set_bar_32(function, index, address as u32),
        }
    }
    Ok(())
}

/// Addresses for a BAR, aligned to its size, in the range for those of 64 bits or the other one.
fn take(range: usize, size: u64) -> Result<u64, Failure> {
    let full = || Failure::new("no addresses are left for a BAR");
    // Only the first processor opens devices.
    let start = NEXT[range].load(Ordering::Relaxed).checked_next_multiple_of(size.max(0x1000)).ok_or_else(full)?;
    let end = start.checked_add(size).filter(|end| *end <= END[range]).ok_or_else(full)?;
    NEXT[range].store(end, Ordering::Relaxed);
    Ok(start)
}

/// Configuration space through the ports 0xcf8 and 0xcfc.
struct PortAccess;

const ADDRESS: u16 = 0xcf8;
const DATA: u16 = 0xcfc;

impl PortAccess {
    fn select(function: DeviceFunction, register: u8) {
        let DeviceFunction { bus, device, function } = function;
        let place = u32::from(bus) << 16 | u32::from(device) << 11 | u32::from(function) << 8;
        // SAFETY: selects a register of configuration space, and does nothing else.
        unsafe { Ports.write32(ADDRESS, 1 << 31 | place | u32::from(register & !3)) };
    }
}

impl ConfigurationAccess for PortAccess {
    fn read_word(&self, function: DeviceFunction, register: u8) -> u32 {
        Self::select(function, register);
        Ports.read32(DATA)
    }

    fn write_word(&mut self, function: DeviceFunction, register: u8, data: u32) {
        Self::select(function, register);
        // SAFETY: a register of a function whose BARs get addresses that are kept for BARs.
        unsafe { Ports.write32(DATA, data) };
    }

    unsafe fn unsafe_clone(&self) -> Self {
        Self
    }
}
