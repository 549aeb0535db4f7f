//! Accesses to memory behind BARs.

use parakit_abi::feature::NOTIFICATION_DATA;
use parakit_abi::transport::pci::{Common, NO_VECTOR};

use super::PciPort;
use super::common::Access;
use super::layout::Part;
use crate::observe::EventKind;
use crate::transport::device::core::Core;
use crate::transport::little_endian;

impl Core {
    fn bar_event(&self, write: bool, bar: u8, offset: u64, data: &[u8]) {
        if self.events.is_on() {
            let width = u8::try_from(data.len()).unwrap_or(u8::MAX);
            self.emit(EventKind::PciBar { write, bar, offset, width, value: little_endian(data) });
        }
    }

    /// The guest reads at `offset` of `bar`.
    pub(crate) fn bar_read(&mut self, bar: u8, offset: u64, data: &mut [u8]) {
        data.fill(0);
        let place = self.pci().and_then(|p| p.layout.find(bar, offset, data.len()));
        let mut meaning = None;
        match place {
            Some((Part::Common, at)) => {
                if let Some(access) = Access::of(at, data.len()) {
                    let (value, means) = self.read_common(access);
                    data.copy_from_slice(&value.to_le_bytes()[..data.len()]);
                    meaning = means;
                }
            }
            Some((Part::Isr, _)) => {
                // A notification that came late came before this, or did not come.
                self.take_doorbells();
                let value = self.take_isr();
                data[0] = value;
                meaning = Some(EventKind::InterruptStatusRead { value: value.into() });
            }
            Some((Part::Device, at)) => {
                self.read_device_config(at, data);
                self.bar_event(false, bar, offset, data);
                return self.device_config_was_read(at, data);
            }
            Some((Part::MsixTable, at)) => self.msix(|m| m.read_table(at, data)),
            Some((Part::MsixPending, at)) => self.msix(|m| m.read_pending(at, data)),
            Some((Part::Shared(i), at)) => {
                let region = self.pci().and_then(|p| p.shared.get(i));
                let start = at as usize;
                if let Some(bytes) = region.and_then(|r| r.get(start..start + data.len())) {
                    data.copy_from_slice(bytes);
                }
            }
            Some((Part::Notify, _)) | None => {}
        }
        self.bar_event(false, bar, offset, data);
        if let Some(meaning) = meaning {
            self.emit(meaning);
        }
        self.deassert();
    }

    /// The guest writes at `offset` of `bar`.
    pub(crate) fn bar_write(&mut self, bar: u8, offset: u64, data: &[u8]) {
        let place = self.pci().and_then(|p| p.layout.find(bar, offset, data.len()));
        let common = match place {
            Some((Part::Common, at)) => Access::of(at, data.len()).filter(|a| a.field.is_writable()),
            _ => None,
        };
        // Notifications that came first are told first, where it matters: where the access may stop the queue that they are for.
        if common.is_some_and(|a| matches!(a.field, Common::DeviceStatus | Common::QueueEnable | Common::QueueReset)) {
            self.take_doorbells();
            self.look_at_last();
        }
        self.bar_event(true, bar, offset, data);
        match place {
            Some((Part::Common, _)) => {
                let Some(access) = common else { return };
                let value = little_endian(data);
                if let Some(meaning) = self.common_meaning(access.field, value) {
                    self.emit(meaning);
                }
                self.write_common(access, value);
            }
            Some((Part::Notify, at)) => self.bar_notified(at, data),
            Some((Part::Device, at)) => self.device_config_written(at, data),
            Some((Part::MsixTable, at)) => {
                let touched = self.pci_mut().and_then(|p| p.msix.write_table(at, data));
                if let Some(vector) = touched {
                    self.vector_changed(vector);
                }
            }
            Some((Part::Shared(i), at)) => {
                let start = at as usize;
                let region = self.pci_mut().and_then(|p| p.shared.get_mut(i));
                if let Some(bytes) = region.and_then(|r| r.get_mut(start..start + data.len())) {
                    bytes.copy_from_slice(data);
                }
            }
            Some((Part::Isr | Part::MsixPending, _)) | None => {}
        }
    }

    fn msix(&self, read: impl FnOnce(&super::msix::Msix)) {
        if let Some(port) = self.pci() {
            read(&port.msix);
        }
    }

    /// A write at `offset` of the notification structure. Which queue is meant follows from the place, where each queue has its own, else
    /// from the value; what is told is the queue that the value stands for.
    fn bar_notified(&mut self, offset: u64, data: &[u8]) {
        // Neither 16 nor 32 bits: no notification (§4.1.5.2).
        if !matches!(data.len(), 2 | 4) {
            return;
        }
        let (value, accepted) = (little_endian(data) as u32, self.accepted);
        let known = self.queues.len() as u16;
        let written = value as u16;
        let named = (0..known).find(|&q| PciPort::notification_value(q, accepted) == written);
        let placed = self.pci().and_then(|p| match p.layout.multiplier {
            0 => named,
            _ => (0..known).find(|&q| u64::from(p.notify_off(q)) * u64::from(p.layout.multiplier) == offset),
        });
        // A value that stands for no queue is told as it is, or, where it would be taken for one, as what it cannot be.
        let told = match named {
            Some(queue) => u32::from(queue),
            None if written < known => u32::from(NO_VECTOR),
            None => u32::from(written),
        };
        let next = (data.len() == 4 && accepted.has(NOTIFICATION_DATA)).then_some((value >> 16) as u16);
        self.notified_at(told, next, placed.map(usize::from), 1);
    }
}
