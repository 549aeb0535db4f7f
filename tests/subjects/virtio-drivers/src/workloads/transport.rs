//! A device's registers, through the crate's own transports.

use core::ptr::NonNull;

use parakit_abi::device::DeviceType;
use parakit_abi::mailbox::{DeviceEntry, bus};
use parakit_exercise::{Env, find};
use parakit_kernel::{Failure, KernelEnv};
use virtio_drivers::transport::SomeTransport;
use virtio_drivers::transport::mmio::{MmioTransport, VirtIOHeader};

use super::pci;

/// A transport of the crate's.
pub(crate) type Transport = SomeTransport<'static>;

/// The first device of a type, and its transport.
pub(crate) fn first(env: &KernelEnv, kind: DeviceType) -> Result<(usize, Transport), Failure> {
    let device = find(env, kind)?;
    Ok((device, open(env, device)?))
}

/// The transport of device `device`, an index into the devices of the run.
pub(crate) fn open(env: &KernelEnv, device: usize) -> Result<Transport, Failure> {
    match env.bus() {
        bus::PCI | bus::PCI_PORTS => pci::open(env, device),
        _ => on_mmio(env.devices()[device]),
    }
}

fn on_mmio(entry: DeviceEntry) -> Result<Transport, Failure> {
    let header = NonNull::new(entry.base as *mut VirtIOHeader);
    let header = header.ok_or_else(|| Failure::new("a register block at address 0"))?;
    // SAFETY: the harness put a register block of this size there, all of which is mapped; a workload has one transport of a device
    // at a time.
    let transport = unsafe { MmioTransport::new(header, entry.size as usize) };
    transport.map(Into::into).map_err(|e| Failure::of("MMIO transport", e))
}
