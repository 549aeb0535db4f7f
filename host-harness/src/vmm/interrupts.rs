//! Interrupts: eventfds that the kernel routes to the guest's CPUs as messages, and level-triggered lines to the I/O APIC.

mod line;
mod message;
mod wire;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kvm_bindings as kb;
use kvm_bindings::{KvmIrqRouting, kvm_irq_routing_entry};
use kvm_ioctls::{Cap, VmFd};
use parakit_abi::boot;
use vmm_sys_util::eventfd::{EFD_CLOEXEC, EFD_NONBLOCK, EventFd};

use self::line::Pin;
use super::error::KvmError;
use crate::transport::{InterruptLine, IntxLine, Message, MsiSink};

/// Pins of the I/O APIC.
const PINS: u32 = 24;
/// First global system interrupt of a device: above the pins of the I/O APIC.
pub(super) const FIRST_GSI: u32 = PINS;
/// Where a message for CPU 0 is written, fixed delivery, physical destination.
const MSI_ADDRESS: u64 = 0xfee0_0000;
/// Routes that are used at most, pins included; a message beyond them takes the slower way.
const MOST_ROUTES: usize = 256;

/// Which interrupts the devices of a machine have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Those that Parakit's own kernel knows: messages to CPU 0, and the pins from 16 on.
    Own,
    /// A PC's: pins that both interrupt controllers have, as far as there are any, and a timer.
    Pc,
}

/// Pins of a PC that no device of this one has, in the order in which devices on register blocks get them: first those that the old interrupt
/// controllers have too.
const FREE: [u8; 16] = [5, 10, 11, 12, 14, 15, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/// The ones that PCI functions share, as firmware would have it.
pub(super) const PCI_PINS: [u8; 4] = [5, 10, 11, 15];

/// The interrupt controllers of a machine, and the routes to them.
pub(super) struct Interrupts {
    vm: Arc<VmFd>,
    layout: Layout,
    routes: Mutex<Routes>,
    pins: Vec<Arc<Pin>>,
}

struct Routes {
    entries: Vec<kvm_irq_routing_entry>,
    next: u32,
    most: usize,
}

/// An eventfd that raises an interrupt with a route of its own.
struct Routed {
    vm: Arc<VmFd>,
    gsi: u32,
    event: EventFd,
}

impl Routed {
    fn raise(&self) {
        // The counter is at its end only if 2^64 interrupts are pending; then the guest has one coming anyway.
        let _ = self.event.write(1);
    }
}

impl Drop for Routed {
    fn drop(&mut self) {
        // Whatever it says, the eventfd goes, and with it whoever could raise the interrupt.
        let _ = self.vm.unregister_irqfd(&self.event, self.gsi);
    }
}

struct IrqFd(Routed);

impl InterruptLine for IrqFd {
    fn raise(&self) {
        self.0.raise();
    }
}

impl Interrupts {
    /// Creates the interrupt controllers. Call before a vCPU is made.
    pub(super) fn create(vm: &Arc<VmFd>, layout: Layout) -> Result<Arc<Self>, KvmError> {
        KvmError::uninterrupted("create the interrupt controllers", || vm.create_irq_chip())?;
        if layout == Layout::Pc {
            let config = kb::kvm_pit_config { flags: kb::KVM_PIT_SPEAKER_DUMMY, ..Default::default() };
            KvmError::uninterrupted("create the timer of a PC", || vm.create_pit2(config))?;
            level_triggered(vm).map_err(KvmError::operation("set the interrupt controllers of a PC"))?;
        }
        let most = usize::try_from(vm.check_extension_int(Cap::IrqRouting)).unwrap_or(0).min(MOST_ROUTES);
        let entries = (0..PINS).flat_map(pin_routes).collect();
        Ok(Arc::new(Self {
            vm: Arc::clone(vm),
            routes: Mutex::new(Routes { entries, next: FIRST_GSI, most }),
            layout,
            pins: pci_pins(layout).into_iter().map(|gsi| line::pin(vm, gsi.into())).collect(),
        }))
    }

    /// One line a device on register blocks: messages to CPU 0.
    pub(super) fn lines(&self, devices: usize) -> Result<Vec<Arc<dyn InterruptLine>>, KvmError> {
        if devices == 0 {
            return Ok(Vec::new());
        }
        let mut routes = self.routes();
        for i in 0..devices {
            let message = Message { address: MSI_ADDRESS, data: vector(i) };
            routes.entries.push(msi_route(gsi(Layout::Own, i), message));
        }
        routes.next = gsi(Layout::Own, devices);
        self.set(&routes).map_err(KvmError::operation("set the interrupt routes"))?;
        drop(routes);
        (0..devices)
            .map(|i| {
                let bound =
                    self.bind(gsi(Layout::Own, i)).map_err(KvmError::operation("bind an interrupt to an eventfd"))?;
                Ok(Arc::new(IrqFd(bound)) as Arc<dyn InterruptLine>)
            })
            .collect()
    }

    /// One line a device on register blocks: pins of the interrupt controllers.
    pub(super) fn wires(&self, devices: usize) -> Vec<Arc<dyn InterruptLine>> {
        let wire = |i| wire::Wire { vm: Arc::clone(&self.vm), gsi: gsi(Layout::Pc, i) };
        (0..devices).map(|i| Arc::new(wire(i)) as Arc<dyn InterruptLine>).collect()
    }

    /// An eventfd that interrupts at a pin of the interrupt controllers, edge-triggered.
    pub(super) fn edge(&self, gsi: u32) -> io::Result<EventFd> {
        let event = EventFd::new(EFD_NONBLOCK | EFD_CLOEXEC)?;
        retry(|| self.vm.register_irqfd(&event, gsi))?;
        Ok(event)
    }

    /// Where the line of PCI function `i` goes.
    pub(super) fn intx_gsi(&self, i: usize) -> u8 {
        intx_gsi(self.layout, i)
    }

    /// The messages of a new PCI function.
    pub(super) fn messages(self: &Arc<Self>) -> Arc<dyn MsiSink> {
        Arc::new(message::Messages::new(Arc::clone(self)))
    }

    /// The line of PCI function `i`; functions share pins.
    pub(super) fn line(&self, i: usize) -> Arc<dyn IntxLine> {
        Arc::new(line::Line::new(Arc::clone(&self.pins[i % self.pins.len()])))
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the kernel the routes; it has the old ones until then, and on an error goes on with them.
    fn set(&self, routes: &Routes) -> io::Result<()> {
        let table =
            KvmIrqRouting::from_entries(&routes.entries).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        Ok(retry(|| self.vm.set_gsi_routing(&table))?)
    }

    fn bind(&self, gsi: u32) -> io::Result<Routed> {
        let event = EventFd::new(EFD_NONBLOCK | EFD_CLOEXEC)?;
        retry(|| self.vm.register_irqfd(&event, gsi))?;
        Ok(Routed { vm: Arc::clone(&self.vm), gsi, event })
    }

    /// A new route for `message`, with its eventfd.
    fn route(&self, message: Message) -> io::Result<Routed> {
        let mut routes = self.routes();
        if routes.entries.len() >= routes.most {
            return Err(io::Error::from(io::ErrorKind::QuotaExceeded));
        }
        let gsi = routes.next;
        routes.entries.push(msi_route(gsi, message));
        match self.set(&routes).and_then(|()| self.bind(gsi)) {
            Ok(bound) => {
                routes.next += 1;
                Ok(bound)
            }
            Err(error) => {
                routes.entries.pop();
                Err(error)
            }
        }
    }

    /// Changes the message of a route.
    fn reroute(&self, gsi: u32, message: Message) -> io::Result<()> {
        let mut routes = self.routes();
        let Some(at) = routes.entries.iter().rposition(|entry| entry.gsi == gsi) else {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        };
        let before = std::mem::replace(&mut routes.entries[at], msi_route(gsi, message));
        self.set(&routes).inspect_err(|_| routes.entries[at] = before)
    }
}

/// Does it again where a signal interrupted it.
fn retry(mut operation: impl FnMut() -> Result<(), kvm_ioctls::Error>) -> Result<(), kvm_ioctls::Error> {
    /// Signals in a row: far more than a user sends, and not without end.
    const MOST: u32 = 1000;
    let mut tries = 0;
    loop {
        match operation() {
            Err(e) if e.errno() == libc::EINTR && tries < MOST => tries += 1,
            result => return result,
        }
    }
}

/// The global system interrupt of device `i` on a register block.
pub(super) fn gsi(layout: Layout, i: usize) -> u32 {
    match layout {
        Layout::Own => FIRST_GSI + u32::try_from(i).unwrap_or(u32::MAX - FIRST_GSI),
        Layout::Pc => FREE[i % FREE.len()].into(),
    }
}

/// The global system interrupt of the line of PCI function `i`, which is a pin of the I/O APIC.
pub(super) fn intx_gsi(layout: Layout, i: usize) -> u8 {
    match layout {
        Layout::Own => line::own_gsi(i),
        Layout::Pc => PCI_PINS[i % PCI_PINS.len()],
    }
}

/// The pins that lines of PCI functions go to.
fn pci_pins(layout: Layout) -> Vec<u8> {
    let count = match layout {
        Layout::Own => line::SHARED,
        Layout::Pc => PCI_PINS.len(),
    };
    (0..count).map(|i| intx_gsi(layout, i)).collect()
}

/// Sets the pins of PCI functions to level-triggered in the old interrupt controllers, as firmware does.
fn level_triggered(vm: &VmFd) -> Result<(), kvm_ioctls::Error> {
    for (chip_id, first) in [(kb::KVM_IRQCHIP_PIC_MASTER, 0), (kb::KVM_IRQCHIP_PIC_SLAVE, 8)] {
        let mut chip = kb::kvm_irqchip { chip_id, ..Default::default() };
        vm.get_irqchip(&mut chip)?;
        let pins = PCI_PINS.iter().filter_map(|pin| pin.checked_sub(first)).filter(|pin| *pin < 8);
        chip.chip.pic.elcr = pins.fold(0, |all, pin| all | 1 << pin);
        vm.set_irqchip(&chip)?;
    }
    Ok(())
}

/// The vector of device `i` on a register block.
pub(super) fn vector(i: usize) -> u32 {
    boot::FIRST_VECTOR + u32::try_from(i).unwrap_or(u32::MAX - boot::FIRST_VECTOR)
}

fn msi_route(gsi: u32, message: Message) -> kvm_irq_routing_entry {
    let mut entry = kvm_irq_routing_entry { gsi, type_: kb::KVM_IRQ_ROUTING_MSI, ..Default::default() };
    entry.u.msi.address_lo = message.address as u32;
    entry.u.msi.address_hi = (message.address >> 32) as u32;
    entry.u.msi.data = message.data;
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
