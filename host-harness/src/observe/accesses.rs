//! What drivers access while their devices are live: what a notification costs.

use std::collections::BTreeMap;

use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::CONFIG;
use parakit_abi::transport::pci::CfgType;

use super::{Event, EventKind};
use crate::observe::event::PciStructure;

/// Accesses of drivers to the registers of their devices in operation: from the first notification after `DRIVER_OK` to the next write of
/// the status, or to the end. The device-specific configuration space is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiveAccesses {
    /// Notifications told.
    pub notifications: u64,
    /// Writes that were notifications.
    pub notifying: u64,
    /// Reads.
    pub reads: u64,
    /// Other writes.
    pub writes: u64,
}

impl LiveAccesses {
    /// Counts them in the events of a run, over all devices.
    ///
    /// ```
    /// use parakit_harness::observe::accesses::LiveAccesses;
    /// assert_eq!(LiveAccesses::of(&[]), LiveAccesses::default());
    /// ```
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut devices: BTreeMap<u16, Device> = BTreeMap::new();
        let mut all = Self::default();
        for event in events {
            devices.entry(event.device).or_default().event(&event.kind, &mut all);
        }
        for device in devices.values_mut() {
            device.settle(&mut all);
        }
        all
    }

    /// Whether each notification was one access, and no register was accessed beside: what MSI-X makes possible.
    #[must_use]
    pub fn one_each(self) -> bool {
        self.notifications > 0 && self.notifying == self.notifications && self.reads == 0 && self.writes == 0
    }
}

#[derive(Default)]
struct Device {
    live: bool,
    /// It was notified since it became live: what was to be looked up was looked up before.
    notified: bool,
    /// The raw access that was told last: what it means, if anything, follows directly.
    raw: Option<Raw>,
    config: Option<PciStructure>,
}

#[derive(Clone, Copy)]
enum Raw {
    Read,
    Write,
}

impl Device {
    fn event(&mut self, kind: &EventKind, all: &mut LiveAccesses) {
        match *kind {
            // Doorbells that the kernel counted are told with one raw access; each was one.
            EventKind::Notify { count, .. } if self.live => {
                self.notified = true;
                all.notifications += count;
                if let Some(Raw::Write) = self.raw.take() {
                    all.notifying += count;
                }
            }
            // The write that ends the time counted is not part of it.
            EventKind::StatusWrite { .. } => self.raw = None,
            _ => self.settle(all),
        }
        match *kind {
            EventKind::Device(ref info) => {
                let structures = info.pci.as_ref().map(|pci| pci.structures.as_slice()).unwrap_or_default();
                self.config = structures.iter().copied().find(|s| s.cfg_type == CfgType::Device as u8);
            }
            EventKind::StatusWrite { value } => {
                self.live = DeviceStatus(value).contains(DeviceStatus::DRIVER_OK);
                self.notified = false;
            }
            EventKind::Register { write, offset, .. } if offset < CONFIG => self.access(write),
            EventKind::PciConfig { write, .. } => self.access(write),
            EventKind::PciBar { write, bar, offset, .. } if !self.is_config(bar, offset) => self.access(write),
            _ => {}
        }
    }

    fn is_config(&self, bar: u8, offset: u64) -> bool {
        self.config.is_some_and(|c| c.bar == bar && (c.offset..c.offset + c.length).contains(&offset))
    }

    fn access(&mut self, write: bool) {
        if self.live {
            self.raw = Some(if write { Raw::Write } else { Raw::Read });
        }
    }

    /// The last access was no notification.
    fn settle(&mut self, all: &mut LiveAccesses) {
        match self.raw.take().filter(|_| self.notified) {
            Some(Raw::Read) => all.reads += 1,
            Some(Raw::Write) => all.writes += 1,
            None => {}
        }
    }
}
