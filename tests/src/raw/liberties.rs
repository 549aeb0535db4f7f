//! Rarer liberties of the [loose](super::loose) driver: looking around, reasons handled late or not at all, queues that are stopped and
//! replaced, suspending.

use parakit_abi::device::{DeviceType, block, console};
use parakit_abi::feature::{RING_RESET, SUSPEND};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::{Common, cap};

use super::Areas;
use super::loose::Loose;

impl Loose {
    /// Reads, and harmless writes, that change nothing.
    pub(super) fn look_around(&mut self) {
        if self.d.setting.pci {
            self.look_around_function();
        } else {
            self.look_around_registers();
        }
        if self.chance.once_in(2) {
            self.d.select(self.chance.below(5));
        }
        match self.d.setting.device {
            DeviceType::BLOCK if self.d.accepted.has(block::feature::CONFIG_WCE) => {
                self.d.set_config(block::config::WRITEBACK, 1, self.chance.below(2) as u64);
            }
            // Half of a field.
            DeviceType::BLOCK => drop(self.d.config(block::config::CAPACITY + 4, 4)),
            DeviceType::CONSOLE if self.d.offered.has(console::feature::EMERG_WRITE) => {
                self.d.set_config(console::config::EMERG_WR, 4, u64::from(b'!'));
            }
            _ => {}
        }
    }

    fn look_around_registers(&mut self) {
        let anywhere = [
            Register::MagicValue,
            Register::VendorID,
            Register::Status,
            Register::InterruptStatus,
            Register::ConfigGeneration,
            Register::QueueReset,
            Register::QueueReady,
            Register::QueueSizeMax,
        ];
        for _ in 0..self.chance.below(4) {
            let register = self.chance.pick(&anywhere);
            // Who reads why the device interrupts has taken note of it.
            if register != Register::InterruptStatus || !self.polls {
                let _value = self.d.read(register);
            }
        }
    }

    /// Any field may be read, any byte of configuration space but the window's, and through the window what is in a structure.
    fn look_around_function(&mut self) {
        for _ in 0..self.chance.below(4) {
            let _value = self.d.common(self.chance.pick(Common::ALL));
        }
        let _header = self.d.machine.config_read(4 * self.chance.below(16) as u16, 4);
        if let (Some(at), Some(common)) = (self.d.function.window, self.d.function.common)
            && self.chance.once_in(3)
        {
            let field = self.chance.pick(&[Common::DeviceStatus, Common::NumQueues, Common::DeviceFeature]);
            let mut parts = [
                (cap::BAR, 1, u64::from(common.bar)),
                (cap::OFFSET, 4, common.offset + field.offset()),
                (cap::LENGTH, 4, u64::from(field.width())),
            ];
            self.chance.shuffle(&mut parts);
            for (part, width, value) in parts {
                self.d.machine.config_write(at + part, width, value);
            }
            let _value = self.d.machine.config_read(at + cap::PCI_CFG_DATA, field.width().into());
        }
    }

    /// Tells a console of several ports that the driver is ready for its messages: id, event, value.
    pub(super) fn say_ready(&mut self) {
        let queue = usize::from(console::queue::CONTROL_TRANSMIT);
        let [event, more] = console::event::DEVICE_READY.to_le_bytes();
        let message = self.d.readable(&[0, 0, 0, 0, event, more, 1, 0]);
        self.d.add(queue, &[message]);
        self.publish(queue);
    }

    /// Reads reasons, and acknowledges some of them, all, or none for now. Over PCI, to read is to acknowledge.
    pub(super) fn reasons(&mut self) {
        if !self.d.setting.pci {
            for _ in 0..1 + self.chance.below(2) {
                let reasons = self.d.read(Register::InterruptStatus);
                self.device_runs();
                let some = reasons & (1 + self.chance.below(3) as u32);
                if some != 0 && self.chance.once_in(2) {
                    self.d.write(Register::InterruptACK, some);
                    self.changed(some);
                }
            }
        }
        // In the end it acknowledges.
        if self.chance.once_in(2) {
            let reasons = self.d.handle_interrupt();
            self.changed(reasons);
        }
    }

    /// Who polls may acknowledge whatever there may be, without a look at it.
    pub(super) fn acknowledge_unread(&mut self) {
        if !self.d.setting.pci && self.chance.once_in(2) {
            let bits = 1 + self.chance.below(3) as u32;
            self.d.write(Register::InterruptACK, bits);
        }
    }

    /// Looks at what may have changed, if that is among the reasons.
    pub(super) fn changed(&mut self, reasons: u32) {
        if reasons & 2 != 0 && self.d.setting.device == DeviceType::BLOCK {
            self.capacity();
        }
    }

    /// Writes the set-up of a queue in any order and some of it twice, perhaps with chains in the ring already; then enables it.
    pub(super) fn enable_in_any_order(&mut self, queue: usize, areas: Areas) {
        let halves = |address: u64| [address as u32, (address >> 32) as u32];
        let ([desc, desc_high], [driver, driver_high], [device, device_high]) =
            (halves(areas.desc), halves(areas.driver), halves(areas.device));
        let mut set_up = vec![
            (Register::QueueSize, Common::QueueSize, 0, u32::from(areas.size)),
            (Register::QueueDescLow, Common::QueueDesc, 0, desc),
            (Register::QueueDescHigh, Common::QueueDesc, 4, desc_high),
            (Register::QueueDriverLow, Common::QueueDriver, 0, driver),
            (Register::QueueDriverHigh, Common::QueueDriver, 4, driver_high),
            (Register::QueueDeviceLow, Common::QueueDevice, 0, device),
            (Register::QueueDeviceHigh, Common::QueueDevice, 4, device_high),
        ];
        set_up.push(self.chance.pick(&set_up));
        self.chance.shuffle(&mut set_up);
        if self.d.setting.pci && self.chance.once_in(2) {
            self.d.map_queue();
        }
        for (register, field, half, value) in set_up {
            if field == Common::QueueSize || !self.d.setting.pci {
                self.d.put(register, field, value);
            } else if let Some(common) = self.d.function.common {
                self.d.machine.bar_write(common.plus(field.offset() + half), 4, value.into());
            }
        }
        if self.d.setting.pci {
            self.d.find_bell(queue);
        }
        self.d.put(Register::QueueReady, Common::QueueEnable, 1);
    }

    /// Stops a queue, by itself (which PCI has no way for) or through a queue reset, and sets it up anew; what was in flight comes back to the
    /// driver.
    pub(super) fn replace_queue(&mut self, queue: usize) {
        self.settle(queue);
        if self.d.accepted.has(RING_RESET) {
            self.d.reset_queue(queue);
        } else if !self.d.setting.pci {
            self.d.select(queue);
            self.d.write(Register::QueueReady, 0);
            let stopped = (0..1000).any(|_| self.d.queue_ready() == 0);
            self.d.expect(stopped, "the queue is stopped");
        } else {
            return;
        }
        if self.chance.once_in(2) {
            self.device_runs();
            self.d.select(queue);
        }
        self.new_queue(queue);
        self.d.rings.sort_by_key(|ring| ring.queue);
        self.d.packed.sort_by_key(|ring| ring.queue);
    }

    /// Suspends the device, does nothing for a while, and lets it go on.
    pub(super) fn suspend_and_resume(&mut self) {
        if !self.d.accepted.has(SUSPEND) {
            return;
        }
        for queue in 0..self.d.setting.queues {
            self.publish(queue);
            self.settle(queue);
        }
        self.d.set_status(0x1f);
        let suspended = (0..1000).any(|_| self.d.status() & 0x14 == 0x10);
        self.d.expect(suspended, "the device is suspended");
        self.device_runs();
        if !self.polls {
            let reasons = self.d.handle_interrupt();
            self.changed(reasons);
        }
        self.d.set_status(0x0f);
        let running = (0..1000).any(|_| self.d.status() & 0x14 == 0x04);
        self.d.expect(running, "the device goes on");
    }
}
