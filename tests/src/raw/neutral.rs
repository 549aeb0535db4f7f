//! The steps that mean the same over every transport and on every ring.

use parakit_abi::feature::{EVENT_IDX, IN_ORDER, NOTIF_CONFIG_DATA, NOTIFICATION_DATA, RING_PACKED};
use parakit_abi::ring::packed::EVENT_FLAGS_DESC;
use parakit_abi::ring::split::UsedElem;
use parakit_abi::transport::mmio::{CONFIG, Register};
use parakit_abi::transport::pci::Common;

use super::{Areas, Driver, PackedRing, Place, Ring};

/// The vectors that the driver uses: one for changes of the configuration, one for all queues if there is a second.
const CONFIG_VECTOR: u64 = 0;

impl Driver {
    /// Whether it accepted packed rings.
    #[must_use]
    pub fn is_packed(&self) -> bool {
        self.accepted.has(RING_PACKED)
    }

    /// Reads a field of the common configuration; 64 bits by halves.
    #[must_use]
    pub fn common(&self, field: Common) -> u64 {
        let Some(place) = self.function.common else { return 0 };
        let at = place.plus(field.offset());
        match field.width() {
            8 => self.machine.bar_read(at, 4) | self.machine.bar_read(at.plus(4), 4) << 32,
            width => self.machine.bar_read(at, width.into()),
        }
    }

    /// Writes a field of the common configuration; 64 bits by halves.
    pub fn set_common(&self, field: Common, value: u64) {
        let Some(place) = self.function.common else { return };
        let at = place.plus(field.offset());
        match field.width() {
            8 => {
                self.machine.bar_write(at, 4, value & 0xffff_ffff);
                self.machine.bar_write(at.plus(4), 4, value >> 32);
            }
            width => self.machine.bar_write(at, width.into(), value),
        }
    }

    fn get(&self, register: Register, field: Common) -> u32 {
        if self.setting.pci { self.common(field) as u32 } else { self.read(register) }
    }

    /// Writes a register, or the field that is its like over PCI.
    pub fn put(&self, register: Register, field: Common, value: u32) {
        if self.setting.pci { self.set_common(field, value.into()) } else { self.write(register, value) }
    }

    /// Reads the status.
    #[must_use]
    pub fn status(&self) -> u32 {
        self.get(Register::Status, Common::DeviceStatus)
    }

    /// Writes the status.
    pub fn set_status(&self, status: u32) {
        self.put(Register::Status, Common::DeviceStatus, status);
    }

    /// Reads a configuration field.
    #[must_use]
    pub fn config(&self, offset: u32, width: usize) -> u64 {
        if self.setting.pci {
            self.function.device.map_or(0, |place| self.machine.bar_read(place.plus(offset.into()), width))
        } else {
            self.machine.read(CONFIG + u64::from(offset), width)
        }
    }

    /// Writes a configuration field.
    pub fn set_config(&self, offset: u32, width: usize, value: u64) {
        if !self.setting.pci {
            self.machine.write(CONFIG + u64::from(offset), width, value);
        } else if let Some(place) = self.function.device {
            self.machine.bar_write(place.plus(offset.into()), width, value);
        }
    }

    /// Reads the generation of the configuration.
    #[must_use]
    pub fn generation(&self) -> u32 {
        self.get(Register::ConfigGeneration, Common::ConfigGeneration)
    }

    /// Reads word `word` of the offer.
    #[must_use]
    pub fn offered_word(&self, word: u32) -> u32 {
        self.put(Register::DeviceFeaturesSel, Common::DeviceFeatureSelect, word);
        self.get(Register::DeviceFeatures, Common::DeviceFeature)
    }

    /// Writes word `word` of what is accepted.
    pub fn accept_word(&self, word: u32, value: u32) {
        self.put(Register::DriverFeaturesSel, Common::DriverFeatureSelect, word);
        self.put(Register::DriverFeatures, Common::DriverFeature, value);
    }

    /// Selects a queue.
    pub fn select(&self, queue: usize) {
        self.put(Register::QueueSel, Common::QueueSelect, queue as u32);
    }

    /// Reads whether the selected queue is enabled.
    #[must_use]
    pub fn queue_ready(&self) -> u32 {
        self.get(Register::QueueReady, Common::QueueEnable)
    }

    /// Reads the largest size of the selected queue, before one was chosen.
    #[must_use]
    pub fn queue_max(&self) -> u32 {
        self.get(Register::QueueSizeMax, Common::QueueSize)
    }

    /// Asks for the reset of the selected queue.
    pub fn ask_queue_reset(&self) {
        self.put(Register::QueueReset, Common::QueueReset, 1);
    }

    /// Reads the reset state of the selected queue.
    #[must_use]
    pub fn queue_reset(&self) -> u32 {
        self.get(Register::QueueReset, Common::QueueReset)
    }

    /// Resets a queue, and waits until that is done.
    pub fn reset_queue(&mut self, queue: usize) {
        self.select(queue);
        self.ask_queue_reset();
        let complete = (0..1000).any(|_| self.queue_reset() == 0);
        self.expect(complete, "the queue is reset");
    }

    /// Writes where a ring is, then enables it.
    pub fn enable(&mut self, ring: &Ring) {
        self.enable_at(ring.queue.into(), ring.areas());
    }

    /// Writes the size of a ring and where it is; the queue is selected.
    pub fn place(&self, ring: &Ring) {
        self.place_at(ring.areas());
    }

    /// Writes where the selected queue is, over PCI its vector too, then enables it.
    pub fn enable_at(&mut self, queue: usize, areas: Areas) {
        self.place_at(areas);
        if self.setting.pci {
            self.map_queue();
            self.find_bell(queue);
        }
        self.put(Register::QueueReady, Common::QueueEnable, 1);
    }

    /// Writes size and addresses of the selected queue.
    pub fn place_at(&self, Areas { size, desc, driver, device }: Areas) {
        self.put(Register::QueueSize, Common::QueueSize, size.into());
        if self.setting.pci {
            self.set_common(Common::QueueDesc, desc);
            self.set_common(Common::QueueDriver, driver);
            self.set_common(Common::QueueDevice, device);
            return;
        }
        for (low, high, address) in [
            (Register::QueueDescLow, Register::QueueDescHigh, desc),
            (Register::QueueDriverLow, Register::QueueDriverHigh, driver),
            (Register::QueueDeviceLow, Register::QueueDeviceHigh, device),
        ] {
            self.write(low, address as u32);
            self.write(high, (address >> 32) as u32);
        }
    }

    /// Maps changes of the configuration to a vector.
    pub fn map_config(&mut self) {
        if self.setting.msix {
            self.set_common(Common::ConfigMsixVector, CONFIG_VECTOR);
            let mapped = self.common(Common::ConfigMsixVector) == CONFIG_VECTOR;
            self.expect(mapped, "changes of the configuration have a vector");
        }
    }

    /// The vector of all queues.
    #[must_use]
    pub fn queue_vector(&self) -> u64 {
        u64::from(self.setting.vectors > 1)
    }

    /// Maps the selected queue to its vector.
    pub fn map_queue(&mut self) {
        if self.setting.msix {
            self.set_common(Common::QueueMsixVector, self.queue_vector());
            let mapped = self.common(Common::QueueMsixVector) == self.queue_vector();
            self.expect(mapped, "the queue has a vector");
        }
    }

    /// Finds out where and how the selected queue is notified.
    pub fn find_bell(&mut self, queue: usize) {
        let off = self.common(Common::QueueNotifyOff) * u64::from(self.function.multiplier);
        let name = if self.accepted.has(NOTIF_CONFIG_DATA) {
            self.common(Common::QueueNotifConfigData) as u16
        } else {
            queue as u16
        };
        self.bells.resize(self.bells.len().max(queue + 1), Place::default());
        self.names.resize(self.names.len().max(queue + 1), 0);
        self.bells[queue] = self.function.notify.unwrap_or_default().plus(off);
        self.names[queue] = name;
    }

    /// A split ring, used in order where that is agreed.
    pub fn new_ring(&mut self, queue: u16, size: u16) -> Ring {
        let mut ring = Ring::new(&mut self.machine, queue, size);
        ring.in_order = self.accepted.has(IN_ORDER).then_some(0);
        ring
    }

    /// A packed ring.
    pub fn new_packed(&mut self, queue: u16, size: u16) -> PackedRing {
        let mut ring = PackedRing::new(&mut self.machine, queue, size);
        ring.in_order = self.accepted.has(IN_ORDER);
        ring
    }

    /// Sets the selected queue up, with a fresh ring of the agreed format; replaces the one that it had.
    pub fn set_up(&mut self, queue: usize, size: u16) {
        if self.is_packed() {
            let ring = self.new_packed(queue as u16, size);
            self.enable_at(queue, ring.areas);
            replace(&mut self.packed, queue, ring);
        } else {
            let ring = self.new_ring(queue as u16, size);
            self.enable(&ring);
            replace(&mut self.rings, queue, ring);
        }
    }

    /// What a notification of a queue says.
    #[must_use]
    pub fn notification(&self, queue: usize) -> u32 {
        let name = if self.setting.pci { self.names.get(queue).copied().unwrap_or(0) } else { queue as u16 };
        let next = if !self.accepted.has(NOTIFICATION_DATA) {
            0
        } else if self.is_packed() {
            self.packed.get(queue).map_or(0, |ring| ring.announced().to_bits())
        } else {
            self.rings.get(queue).map_or(0, |ring| ring.avail_idx(&self.machine))
        };
        u32::from(name) | u32::from(next) << 16
    }

    /// Notifies the device of a queue.
    pub fn notify(&self, queue: usize) {
        self.notify_with(queue, self.notification(queue));
    }

    /// Notifies the device of a queue with this word.
    pub fn notify_with(&self, queue: usize, word: u32) {
        if self.setting.pci {
            let width = if self.accepted.has(NOTIFICATION_DATA) { 4 } else { 2 };
            self.ring_bell(queue, width, word.into());
        } else {
            self.write(Register::QueueNotify, word);
        }
    }

    /// Writes to where a queue is notified over PCI.
    pub fn ring_bell(&self, queue: usize, width: usize, value: u64) {
        if let Some(place) = self.bells.get(queue) {
            self.machine.bar_write(*place, width, value);
        }
    }

    /// Publishes what was offered, and notifies if the device asks for it.
    pub fn publish(&mut self, queue: usize) {
        let event_idx = self.accepted.has(EVENT_IDX);
        let due = if self.is_packed() {
            let ring = &mut self.packed[queue];
            while ring.publish_one(&self.machine) {}
            ring.notification_due(&self.machine, event_idx)
        } else {
            let ring = &self.rings[queue];
            let old = ring.avail_idx(&self.machine);
            ring.publish(&self.machine);
            ring.notification_due(&self.machine, event_idx, old, ring.next)
        };
        if due {
            self.notify(queue);
        }
    }

    /// Takes what the device used, and asks to be told of the next.
    pub fn take(&mut self, queue: usize) -> Vec<UsedElem> {
        let event_idx = self.accepted.has(EVENT_IDX);
        if self.is_packed() {
            let ring = &mut self.packed[queue];
            let taken = ring.take_used(&self.machine);
            if event_idx {
                ring.want(&self.machine, EVENT_FLAGS_DESC, ring.taken);
            }
            return taken;
        }
        let ring = &mut self.rings[queue];
        let taken = ring.take_used(&self.machine);
        if event_idx {
            ring.set_used_event(&self.machine, ring.taken);
        }
        taken
    }

    /// Reads and acknowledges the reasons of an interrupt. By MSI-X there are none to read; it may be for all of them.
    pub fn handle_interrupt(&self) -> u32 {
        if self.setting.msix {
            return 3;
        }
        if self.setting.pci {
            return self.function.isr.map_or(0, |isr| self.machine.bar_read(isr, 1) as u32);
        }
        let reasons = self.read(Register::InterruptStatus);
        if reasons & 3 != 0 {
            self.write(Register::InterruptACK, reasons & 3);
        }
        reasons
    }
}

fn replace<T>(list: &mut Vec<T>, at: usize, item: T) {
    match list.get_mut(at) {
        Some(old) => *old = item,
        None => list.push(item),
    }
}
