//! Rarer liberties of the [loose](super::loose) driver: looking around, reasons handled late or not at all, queues that are stopped and
//! replaced, suspending.

use parakit_abi::device::{DeviceType, block, console};
use parakit_abi::feature::{RING_RESET, SUSPEND};
use parakit_abi::transport::mmio::{CONFIG, Register};

use super::Ring;
use super::loose::Loose;

impl Loose {
    /// Reads, and harmless writes, that change nothing.
    pub(super) fn look_around(&mut self) {
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
            let _value = self.d.read(self.chance.pick(&anywhere));
        }
        if self.chance.once_in(2) {
            self.d.write(Register::QueueSel, self.chance.below(5) as u32);
        }
        match self.d.setting.device {
            DeviceType::BLOCK if self.d.accepted.has(block::feature::CONFIG_WCE) => {
                self.d.machine.write(CONFIG + u64::from(block::config::WRITEBACK), 1, self.chance.below(2) as u64);
            }
            // Half of a field.
            DeviceType::BLOCK => drop(self.d.config(block::config::CAPACITY + 4, 4)),
            DeviceType::CONSOLE if self.d.offered.has(console::feature::EMERG_WRITE) => {
                self.d.machine.write(CONFIG + u64::from(console::config::EMERG_WR), 4, u64::from(b'!'));
            }
            _ => {}
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

    /// Reads reasons, and acknowledges some of them, all, or none for now.
    pub(super) fn reasons(&mut self) {
        for _ in 0..1 + self.chance.below(2) {
            let reasons = self.d.read(Register::InterruptStatus);
            self.device_runs();
            let some = reasons & (1 + self.chance.below(3) as u32);
            if some != 0 && self.chance.once_in(2) {
                self.d.write(Register::InterruptACK, some);
                self.changed(some);
            }
        }
        // In the end it acknowledges.
        if self.chance.once_in(2) {
            let reasons = self.d.handle_interrupt();
            self.changed(reasons);
        }
    }

    /// Looks at what may have changed, if that is among the reasons.
    pub(super) fn changed(&mut self, reasons: u32) {
        if reasons & 2 != 0 && self.d.setting.device == DeviceType::BLOCK {
            self.capacity();
        }
    }

    /// Writes the set-up of a queue in any order and some of it twice, perhaps with chains in the ring already; then enables it.
    pub(super) fn enable_in_any_order(&mut self, ring: &Ring) {
        let halves = |address: u64| [address as u32, (address >> 32) as u32];
        let ([desc, desc_high], [avail, avail_high], [used, used_high]) =
            (halves(ring.desc), halves(ring.avail), halves(ring.used));
        let mut set_up = vec![
            (Register::QueueSize, u32::from(ring.size())),
            (Register::QueueDescLow, desc),
            (Register::QueueDescHigh, desc_high),
            (Register::QueueDriverLow, avail),
            (Register::QueueDriverHigh, avail_high),
            (Register::QueueDeviceLow, used),
            (Register::QueueDeviceHigh, used_high),
        ];
        set_up.push(self.chance.pick(&set_up));
        self.chance.shuffle(&mut set_up);
        for (register, value) in set_up {
            self.d.write(register, value);
        }
        self.d.write(Register::QueueReady, 1);
    }

    /// Stops a queue, by itself or through a queue reset, and sets it up anew; what was in flight comes back to the driver.
    pub(super) fn replace_queue(&mut self, queue: usize) {
        let by_reset = self.d.accepted.has(RING_RESET);
        self.d.write(Register::QueueSel, queue as u32);
        if by_reset {
            self.d.write(Register::QueueReset, 1);
            let complete = (0..1000).any(|_| self.d.read(Register::QueueReset) == 0);
            self.d.expect(complete, "the queue is reset");
        } else {
            self.d.write(Register::QueueReady, 0);
            let stopped = (0..1000).any(|_| self.d.read(Register::QueueReady) == 0);
            self.d.expect(stopped, "the queue is stopped");
        }
        if self.chance.once_in(2) {
            self.device_runs();
            self.d.write(Register::QueueSel, queue as u32);
        }
        let ring = self.ring(queue as u16);
        self.enable_in_any_order(&ring);
        self.d.rings[queue] = ring;
    }

    /// Suspends the device, does nothing for a while, and lets it go on.
    pub(super) fn suspend_and_resume(&mut self) {
        if !self.d.accepted.has(SUSPEND) {
            return;
        }
        for queue in 0..self.d.rings.len() {
            self.publish(queue);
        }
        self.d.set_status(0x1f);
        let suspended = (0..1000).any(|_| self.d.status() & 0x14 == 0x10);
        self.d.expect(suspended, "the device is suspended");
        self.device_runs();
        let reasons = self.d.handle_interrupt();
        self.changed(reasons);
        self.d.set_status(0x0f);
        let running = (0..1000).any(|_| self.d.status() & 0x14 == 0x04);
        self.d.expect(running, "the device goes on");
    }
}
