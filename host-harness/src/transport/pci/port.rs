//! A device's PCI function: its configuration space, and what a guest reaches behind its BARs.

use std::sync::{Arc, Mutex, PoisonError};

use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::transport::pci::{NO_VECTOR, bar, cap, command, header, msix, pci_status};

use super::layout::{Layout, Part};
use super::msix::Msix;
use super::space::Space;
use super::{BarWindows, PciFunction, PciOptions};
use crate::observe::EventKind;
use crate::observe::event::PciInfo;
use crate::oddity::{Oddities, OddityKind};
use crate::transport::device::core::Core;
use crate::transport::device::{Port, VirtioDevice};
use crate::transport::{Doorbell, IntxLine, MsiSink, little_endian};

/// What a device over PCI has beside its core.
pub(crate) struct PciPort {
    pub(super) space: Space,
    pub(super) layout: Layout,
    pub(super) msix: Msix,
    /// The vector of configuration changes.
    pub(super) config_vector: u16,
    /// Whether INTx is asserted.
    pub(super) asserted: bool,
    pub(super) shared: Vec<Box<[u8]>>,
    pub(super) msi: Arc<dyn MsiSink>,
    pub(super) intx: Arc<dyn IntxLine>,
    windows: Arc<Windows>,
    /// The `queue_notify_off` of the first queue.
    notify_base: u16,
}

/// The memory that a function answers at the moment. It has a lock of its own, so that an access meant for one device does not wait for another.
#[derive(Debug, Default)]
pub(crate) struct Windows(Mutex<Vec<Window>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    bar: u8,
    base: u64,
    size: u64,
}

impl Windows {
    /// The BAR that holds all `width` bytes at `address`, and the offset in it.
    fn find(&self, address: u64, width: usize) -> Option<(u8, u64)> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.iter().find_map(|w| {
            let offset = address.checked_sub(w.base)?;
            let end = offset.checked_add(width as u64)?;
            (end <= w.size).then_some((w.bar, offset))
        })
    }

    fn get(&self) -> Vec<Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, windows: Vec<Window>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = windows;
    }

    fn base(&self, bar: u8) -> Option<u64> {
        let windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.iter().find(|w| w.bar == bar).map(|w| w.base)
    }
}

impl PciPort {
    pub(crate) fn new(
        mut options: PciOptions,
        oddities: &Oddities,
        device_type: DeviceType,
        queues: usize,
        config: usize,
    ) -> Self {
        options.vectors = options.vectors.min(msix::MAX_VECTORS);
        oddities.function(&mut options);
        let mut layout = Layout::new(&options, queues, config);
        if oddities.has(OddityKind::StructuresLarge) {
            layout.enlarge();
        }
        if oddities.has(OddityKind::CapSecondInstance) {
            layout.duplicate();
        }
        let mut space = Space::new(&options, device_type);
        space.furnish(&layout, options.vectors, oddities);
        Self {
            space,
            layout,
            msix: Msix::new(options.vectors),
            config_vector: NO_VECTOR,
            asserted: false,
            shared: options.shared_memory.iter().map(|m| vec![0; m.len].into()).collect(),
            msi: options.msi,
            intx: options.intx,
            windows: Arc::default(),
            notify_base: oddities.notify_base(),
        }
    }

    pub(crate) fn windows(&self) -> Arc<Windows> {
        Arc::clone(&self.windows)
    }

    /// What a driver will find.
    pub(crate) fn info(&self) -> PciInfo {
        let table = self.layout.region(Part::MsixTable);
        PciInfo {
            config: self.space.bytes().to_vec(),
            bars: self.layout.bars.map(|b| b.size),
            wide: self.layout.bars.map(|b| b.wide),
            structures: self.layout.structures(),
            msix_vectors: self.msix.len(),
            msix_table: table.map_or((0, 0), |t| (t.bar, t.offset)),
        }
    }

    /// What the `queue_notify_off` of a queue shows: never its index, so that a driver that does not read it gets nowhere.
    pub(super) fn notify_off(&self, queue: u16) -> u16 {
        queue.wrapping_add(self.notify_base)
    }

    /// What stands for a queue in notifications with `VIRTIO_F_NOTIF_CONFIG_DATA`: never its index.
    pub(super) fn notif_config_data(queue: u16) -> u16 {
        queue.wrapping_mul(3).wrapping_add(0x4001)
    }

    /// What stands for a queue in notifications.
    pub(super) fn notification_value(queue: u16, accepted: Features) -> u16 {
        if accepted.has(feature::NOTIF_CONFIG_DATA) { Self::notif_config_data(queue) } else { queue }
    }

    /// Where in its BAR a queue is notified.
    fn notify_place(&self, queue: u16) -> Option<(u8, u64)> {
        let region = self.layout.region(Part::Notify)?;
        let offset = u64::from(self.notify_off(queue)) * u64::from(self.layout.multiplier);
        (offset < region.length).then_some((region.bar, region.offset + offset))
    }

    /// The write that notifies `queue`, while the BAR is there.
    pub(crate) fn doorbell(&self, queue: u16, accepted: Features) -> Option<Doorbell> {
        let (bar, offset) = self.notify_place(queue)?;
        let address = self.windows.base(bar)?.checked_add(offset)?;
        Some(Doorbell { address, width: 2, value: Some(u32::from(Self::notification_value(queue, accepted))) })
    }

    /// The raw event of a notification that a doorbell took.
    pub(crate) fn raw_doorbell(&self, queue: u16, accepted: Features) -> Option<EventKind> {
        let (bar, offset) = self.notify_place(queue)?;
        let value = u64::from(Self::notification_value(queue, accepted));
        Some(EventKind::PciBar { write: true, bar, offset, width: 2, value })
    }

    /// The device was reset: no event has a vector, and no message is owed (§4.1.5.1.2.1).
    fn reset(&mut self) {
        self.config_vector = NO_VECTOR;
        self.msix.forget();
    }

    /// Whether the function may access memory, its messages included.
    pub(crate) fn is_master(&self) -> bool {
        self.space.command() & command::BUS_MASTER != 0
    }

    /// The memory that the function answers, by its registers.
    fn decoded(&self) -> Vec<Window> {
        if self.space.command() & command::MEMORY == 0 {
            return Vec::new();
        }
        let mut windows = Vec::new();
        for (i, place) in self.layout.bars.iter().enumerate().filter(|(_, b)| b.size > 0) {
            let register = header::BAR0 + 4 * i as u16;
            let low = self.space.word32(register) & !(bar::IO | bar::TYPE_MASK | bar::PREFETCHABLE);
            let high = if place.wide { self.space.word32(register + 4) } else { 0 };
            windows.push(Window { bar: i as u8, base: u64::from(low) | u64::from(high) << 32, size: place.size });
        }
        windows
    }
}

impl Core {
    pub(crate) fn pci(&self) -> Option<&PciPort> {
        match &self.port {
            Port::Pci(port) => Some(port),
            Port::Mmio(_) | Port::VhostUser(_) => None,
        }
    }

    pub(crate) fn pci_mut(&mut self) -> Option<&mut PciPort> {
        match &mut self.port {
            Port::Pci(port) => Some(port),
            Port::Mmio(_) | Port::VhostUser(_) => None,
        }
    }

    /// The transport's part of a reset of the device.
    pub(crate) fn reset_port(&mut self) {
        if let Some(port) = self.pci_mut() {
            port.reset();
            self.deassert();
        }
    }

    fn config_event(&self, write: bool, offset: u16, data: &[u8]) {
        if self.events.is_on() {
            let width = u8::try_from(data.len()).unwrap_or(u8::MAX);
            self.emit(EventKind::PciConfig { write, offset, width, value: little_endian(data) });
        }
    }

    /// The guest reads configuration space.
    pub(crate) fn pci_config_read(&mut self, offset: u16, data: &mut [u8]) {
        let reasons = self.interrupt_status;
        let Some(port) = self.pci_mut() else { return data.fill(0xff) };
        let interrupt = if reasons != 0 && !port.msix.enabled { pci_status::INTERRUPT } else { 0 };
        port.space.put(header::STATUS, &(pci_status::CAPABILITIES | interrupt).to_le_bytes());
        let Some((bar, at, length)) = port.window_access(offset, data.len()) else {
            port.space.read(offset, data);
            return self.config_event(false, offset, data);
        };
        // The access that is told first shows what the second one reads.
        let mut window = [0; 4];
        let told = self.aside(|core| core.bar_read(bar, at, &mut window[..length]));
        if let Some(port) = self.pci_mut() {
            if let Some(data_at) = port.space.window.map(|w| w + cap::PCI_CFG_DATA) {
                port.space.put(data_at, &window[..length]);
            }
            port.space.read(offset, data);
        }
        // What the access brought about before it was made (the end of a slow reset) comes before both.
        let split = told.iter().position(|e| matches!(e, EventKind::PciBar { .. })).unwrap_or(0);
        let mut told = told.into_iter();
        told.by_ref().take(split).for_each(|event| self.emit(event));
        self.config_event(false, offset, data);
        told.for_each(|event| self.emit(event));
    }

    /// The guest writes configuration space.
    pub(crate) fn pci_config_write(&mut self, offset: u16, data: &[u8]) {
        self.take_doorbells();
        self.config_event(true, offset, data);
        let Some(port) = self.pci_mut() else { return };
        port.space.write(offset, data);
        let command_touched = touches(offset, data.len(), header::COMMAND, 2);
        let bars_touched = touches(offset, data.len(), header::BAR0, 24);
        let msix_touched = port.space.msix.is_some_and(|at| touches(offset, data.len(), at + msix::CONTROL, 2));
        let access = port.window_access(offset, data.len());
        let window_data = port.space.window.map_or(0, |w| port.space.word32(w + cap::PCI_CFG_DATA));
        if command_touched || bars_touched {
            self.decode();
        }
        if msix_touched {
            self.msix_switched();
        }
        if command_touched {
            self.command_written();
        }
        if let Some((bar, at, length)) = access {
            self.bar_write(bar, at, &window_data.to_le_bytes()[..length]);
        }
    }

    /// Memory that the function answers may have changed: doorbells move with it.
    pub(super) fn decode(&mut self) {
        let Some(port) = self.pci() else { return };
        let (windows, decoded) = (port.windows(), port.decoded());
        if windows.get() != decoded {
            self.disarm();
            windows.set(decoded);
            if self.is_live() {
                self.arm();
            }
        }
    }
}

impl PciPort {
    /// The access behind a BAR that an access to `width` bytes at `offset` of configuration space stands for (§4.1.4.9): BAR, offset, bytes.
    fn window_access(&self, offset: u16, width: usize) -> Option<(u8, u64, usize)> {
        let window = self.space.window?;
        if !touches(offset, width, window + cap::PCI_CFG_DATA, 4) {
            return None;
        }
        let (bar, at, length) = (
            self.space.word16(window + cap::BAR) as u8,
            self.space.word32(window + cap::OFFSET),
            self.space.word32(window + cap::LENGTH),
        );
        // What the guest may not ask for (§4.1.4.9.2) leads nowhere.
        let size = self.layout.bars.get(usize::from(bar))?.size;
        let inside = u64::from(at) + u64::from(length) <= size;
        (matches!(length, 1 | 2 | 4) && inside && at.is_multiple_of(length)).then_some((
            bar,
            u64::from(at),
            length as usize,
        ))
    }
}

/// Whether `width` bytes at `offset` have any of the `size` bytes at `place`.
fn touches(offset: u16, width: usize, place: u16, size: u16) -> bool {
    u32::from(offset) < u32::from(place) + u32::from(size) && usize::from(offset) + width > usize::from(place)
}

impl PciFunction for VirtioDevice {
    fn config_read(&self, offset: u16, data: &mut [u8]) {
        self.core().pci_config_read(offset, data);
    }

    fn config_write(&self, offset: u16, data: &[u8]) {
        self.core().pci_config_write(offset, data);
    }

    fn memory_read(&self, address: u64, data: &mut [u8]) -> bool {
        let Some((bar, offset)) = self.windows().and_then(|w| w.find(address, data.len())) else { return false };
        self.core().bar_read(bar, offset, data);
        true
    }

    fn memory_write(&self, address: u64, data: &[u8]) -> bool {
        let Some((bar, offset)) = self.windows().and_then(|w| w.find(address, data.len())) else { return false };
        self.core().bar_write(bar, offset, data);
        true
    }

    fn assign(&self, windows: &mut BarWindows) -> bool {
        self.core().pci_assign(windows)
    }
}
