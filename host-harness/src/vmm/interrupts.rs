//! Interrupts: an eventfd a device, routed by the kernel as an MSI to the guest's CPU 0.

use std::sync::Arc;

use kvm_bindings as kb;
use kvm_bindings::{KvmIrqRouting, kvm_irq_routing_entry};
use kvm_ioctls::VmFd;
use parakit_abi::boot;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use super::error::KvmError;
use crate::transport::InterruptLine;

/// First global system interrupt of a device: above the pins of the I/O APIC.
pub(super) const FIRST_GSI: u32 = 24;
/// Where an MSI for CPU 0 is written, fixed delivery, physical destination.
const MSI_ADDRESS: u32 = 0xfee0_0000;

struct IrqFd(EventFd);

impl InterruptLine for IrqFd {
    fn raise(&self) {
        // The counter is at its end only if 2^64 interrupts are pending; then the guest has one coming anyway.
        let _ = self.0.write(1);
    }
}

/// Creates the interrupt controllers and one line a device. Call before a vCPU is made.
pub(super) fn create(vm: &VmFd, devices: usize) -> Result<Vec<Arc<dyn InterruptLine>>, KvmError> {
    KvmError::uninterrupted("create the interrupt controllers", || vm.create_irq_chip())?;
    if devices == 0 {
        return Ok(Vec::new());
    }
    let routes: Vec<_> = (0..24).flat_map(pin_routes).chain((0..devices).map(msi_route)).collect();
    let routes = KvmIrqRouting::from_entries(&routes).map_err(|_| {
        KvmError::operation("hold so many interrupt routes")(std::io::Error::from(std::io::ErrorKind::OutOfMemory))
    })?;
    KvmError::uninterrupted("set the interrupt routes", || vm.set_gsi_routing(&routes))?;
    (0..devices)
        .map(|i| {
            let event = EventFd::new(EFD_NONBLOCK).map_err(KvmError::operation("create an eventfd"))?;
            KvmError::uninterrupted("bind an interrupt to an eventfd", || vm.register_irqfd(&event, gsi(i)))?;
            Ok(Arc::new(IrqFd(event)) as Arc<dyn InterruptLine>)
        })
        .collect()
}

/// The global system interrupt of device `i`.
pub(super) fn gsi(i: usize) -> u32 {
    FIRST_GSI + u32::try_from(i).unwrap_or(u32::MAX - FIRST_GSI)
}

/// The vector of device `i`.
pub(super) fn vector(i: usize) -> u32 {
    boot::FIRST_VECTOR + u32::try_from(i).unwrap_or(u32::MAX - boot::FIRST_VECTOR)
}

fn msi_route(i: usize) -> kvm_irq_routing_entry {
    let mut entry = kvm_irq_routing_entry { gsi: gsi(i), type_: kb::KVM_IRQ_ROUTING_MSI, ..Default::default() };
    entry.u.msi.address_lo = MSI_ADDRESS;
    entry.u.msi.address_hi = 0;
    entry.u.msi.data = vector(i);
    entry
}

/// Setting routes replaces those that the controllers were created with; a kernel by somebody else may use them.
fn pin_routes(pin: u32) -> impl Iterator<Item = kvm_irq_routing_entry> {
    let route = move |chip: u32, pin_of_chip: u32| {
        let mut entry = kvm_irq_routing_entry { gsi: pin, type_: kb::KVM_IRQ_ROUTING_IRQCHIP, ..Default::default() };
        entry.u.irqchip.irqchip = chip;
        entry.u.irqchip.pin = pin_of_chip;
        entry
    };
    let legacy = match pin {
        0..8 => Some(route(kb::KVM_IRQCHIP_PIC_MASTER, pin)),
        8..16 => Some(route(kb::KVM_IRQCHIP_PIC_SLAVE, pin - 8)),
        _ => None,
    };
    legacy.into_iter().chain([route(kb::KVM_IRQCHIP_IOAPIC, pin)])
}
