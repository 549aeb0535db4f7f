//! The legacy interface of MMIO, version 1 (§4.2.4): queues by page number, 32 feature bits, no `FEATURES_OK`.

use parakit_abi::feature::Features;
use parakit_abi::ring::split::{DESC_SIZE, SplitLayout};
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::{CONFIG, Direction, Register, legacy};

use crate::observe::EventKind;
use crate::queue::{RingError, Setup};
use crate::transport::device::Port;
use crate::transport::device::core::Core;
use crate::transport::little_endian;

/// Status bits that a legacy driver sets by writing them.
const STATUS: u8 =
    DeviceStatus::ACKNOWLEDGE.0 | DeviceStatus::DRIVER.0 | DeviceStatus::DRIVER_OK.0 | DeviceStatus::FAILED.0;

/// What only the legacy interface keeps.
pub(crate) struct Legacy {
    page_size: u32,
    queues: Vec<Page>,
    /// The features are what they are: a queue is in use, or the driver said that it is ready.
    settled: bool,
}

/// Where a queue is.
#[derive(Clone, Copy, Default)]
struct Page {
    number: u32,
    align: u32,
}

/// A register that only the legacy interface has, or one that it shares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    PageSize,
    Align,
    Page,
    Shared(Register),
}

impl Legacy {
    pub(crate) fn new(queues: usize) -> Self {
        Self { page_size: 0, queues: vec![Page::default(); queues], settled: false }
    }

    /// The page size is no state of the device but the driver's unit of addresses: drivers may tell it once, before their first reset.
    fn reset(&mut self) {
        *self = Self { page_size: self.page_size, ..Self::new(self.queues.len()) };
    }

    /// What a legacy device can offer: it has 32 bits.
    pub(crate) const FEATURES: Features = Features(u32::MAX as u128);
}

fn place(offset: u64, width: usize) -> Option<Place> {
    if width != 4 {
        return None;
    }
    match offset {
        legacy::GUEST_PAGE_SIZE => Some(Place::PageSize),
        legacy::QUEUE_ALIGN => Some(Place::Align),
        legacy::QUEUE_PFN => Some(Place::Page),
        _ => Register::at(offset).filter(|r| is_shared(*r)).map(Place::Shared),
    }
}

/// Whether the legacy interface has the register too.
fn is_shared(register: Register) -> bool {
    use Register as R;
    matches!(
        register,
        R::MagicValue
            | R::Version
            | R::DeviceID
            | R::VendorID
            | R::DeviceFeatures
            | R::DeviceFeaturesSel
            | R::DriverFeatures
            | R::DriverFeaturesSel
            | R::QueueSel
            | R::QueueSizeMax
            | R::QueueSize
            | R::QueueNotify
            | R::InterruptStatus
            | R::InterruptACK
            | R::Status
    )
}

impl Core {
    pub(crate) fn legacy(&self) -> Option<&Legacy> {
        match &self.port {
            Port::Mmio(port) => port.legacy.as_ref(),
            Port::Pci(_) | Port::VhostUser(_) => None,
        }
    }

    fn legacy_mut(&mut self) -> Option<&mut Legacy> {
        match &mut self.port {
            Port::Mmio(port) => port.legacy.as_mut(),
            Port::Pci(_) | Port::VhostUser(_) => None,
        }
    }

    /// The page of the selected queue.
    fn page(&mut self) -> Option<&mut Page> {
        let queue = usize::try_from(self.selected.queue).ok()?;
        self.legacy_mut()?.queues.get_mut(queue)
    }

    /// A read of a control register; false when the ordinary registers are to answer.
    pub(super) fn legacy_read(&mut self, offset: u64, data: &mut [u8]) -> bool {
        if self.legacy().is_none() || offset >= CONFIG {
            return false;
        }
        match place(offset, data.len()) {
            Some(Place::Shared(register)) if register.direction() != Direction::WriteOnly => return false,
            Some(Place::Page) => {
                let number = self.page().map_or(0, |page| page.number);
                data.copy_from_slice(&number.to_le_bytes());
                self.raw(false, offset, data);
                let (queue, value) = (self.selected.queue, u32::from(number != 0));
                self.emit(EventKind::QueueReadyRead { queue, value });
            }
            _ => self.raw(false, offset, data),
        }
        true
    }

    /// A write of a control register; false when the ordinary registers are to take it.
    pub(super) fn legacy_write(&mut self, offset: u64, data: &[u8]) -> bool {
        if self.legacy().is_none() || offset >= CONFIG {
            return false;
        }
        let value = little_endian(data) as u32;
        let place = place(offset, data.len());
        match place {
            // What acts as ever.
            Some(Place::Shared(_)) => return false,
            Some(Place::Page) => {
                self.take_doorbells();
                self.look_at_last();
            }
            _ => {}
        }
        self.raw(true, offset, data);
        match place {
            Some(Place::PageSize) => {
                if let Some(legacy) = self.legacy_mut() {
                    legacy.page_size = value;
                }
            }
            Some(Place::Align) => {
                if let Some(page) = self.page() {
                    page.align = value;
                }
            }
            Some(Place::Page) => self.set_page(value),
            _ => {}
        }
        true
    }

    /// The driver wrote `QueuePFN`: it hands a queue over, or (with 0) takes it back.
    fn set_page(&mut self, number: u32) {
        let queue = self.selected.queue;
        self.emit(EventKind::QueueReadyWrite { queue, value: u32::from(number != 0) });
        let index = queue as usize;
        let page_size = self.legacy().map_or(0, |l| l.page_size);
        let Some(slot) = self.queues.get(index) else { return };
        let (size, ready) = (slot.setup.size, slot.ready);
        // A queue that is in use stays where it is.
        let Some(page) = self.page().filter(|_| number == 0 || !ready) else { return };
        page.number = number;
        let align = page.align;
        if number == 0 {
            return self.set_ready(index, false);
        }
        self.settle_features();
        match areas(size, number, page_size, align) {
            Ok(setup) => {
                self.queues[index].setup = setup;
                self.set_ready(index, true);
            }
            Err(error) => self.fail(index, error),
        }
    }

    /// A driver that uses the device has made up its mind (§3.1.2).
    fn settle_features(&mut self) {
        let Some(legacy) = self.legacy_mut() else { return };
        if !std::mem::replace(&mut legacy.settled, true) {
            self.accepted = self.accepted.and(self.offered);
            self.model.negotiated(self.accepted);
        }
    }

    /// Whether features may still be accepted.
    pub(super) fn features_are_settled(&self) -> bool {
        self.legacy().map_or(self.status.contains(DeviceStatus::FEATURES_OK), |l| l.settled)
    }

    /// The driver wrote a status that is no reset.
    pub(crate) fn write_legacy_status(&mut self, value: u8) {
        let was_live = self.is_live();
        self.status = self.status.with(DeviceStatus(value & STATUS));
        if self.status.contains(DeviceStatus::DRIVER_OK) {
            self.settle_features();
        }
        if self.is_live() && !was_live {
            self.arm();
            self.wake();
        }
    }

    pub(crate) fn reset_legacy(&mut self) {
        if let Some(legacy) = self.legacy_mut() {
            legacy.reset();
        }
    }
}

/// The areas of a queue that begins at a page: one behind the other, the used ring aligned (§2.7.2).
fn areas(size: u32, number: u32, page_size: u32, align: u32) -> Result<Setup, RingError> {
    let desc = u64::from(number) * u64::from(page_size);
    let entries = u16::try_from(size).unwrap_or(0);
    let misplaced = RingError::Areas { size: entries, desc, driver: 0, device: 0 };
    if !page_size.is_power_of_two() || !align.is_power_of_two() {
        return Err(misplaced);
    }
    let layout = SplitLayout::new(entries).map_err(|_| RingError::Size { size, max: entries })?;
    let driver = desc + (DESC_SIZE * usize::from(entries)) as u64;
    let device = (driver + layout.avail_size() as u64).next_multiple_of(u64::from(align));
    Ok(Setup { size, desc, driver, device })
}
