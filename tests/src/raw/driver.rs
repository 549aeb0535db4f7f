//! What the steps of a script act on: the device, and what the driver knows of it.

use parakit_abi::device::block::{RequestHeader, request};
use parakit_abi::feature::{EVENT_IDX, Features};
use parakit_abi::ring::split::UsedElem;
use parakit_abi::transport::mmio::{CONFIG, Register};

use super::{Buffer, Machine, Ring, Setting};

/// The driver at work.
pub struct Driver {
    /// What it acts on.
    pub machine: Machine,
    /// How it was asked to be.
    pub setting: Setting,
    /// Features on offer, as read.
    pub offered: Features,
    /// Features that it accepted.
    pub accepted: Features,
    /// Its queues, by index.
    pub rings: Vec<Ring>,
    /// What did not go as a driver that keeps the rules may expect.
    pub surprises: Vec<String>,
}

impl Driver {
    /// A driver that has done nothing.
    #[must_use]
    pub fn new(machine: Machine, setting: Setting) -> Self {
        Self {
            machine,
            setting,
            offered: Features::NONE,
            accepted: Features::NONE,
            rings: Vec::new(),
            surprises: Vec::new(),
        }
    }

    /// Reads a register.
    #[must_use]
    pub fn read(&self, register: Register) -> u32 {
        self.machine.read(register.offset(), 4) as u32
    }

    /// Writes a register.
    pub fn write(&self, register: Register, value: u32) {
        self.machine.write(register.offset(), 4, u64::from(value));
    }

    /// Reads the status.
    #[must_use]
    pub fn status(&self) -> u32 {
        self.read(Register::Status)
    }

    /// Writes the status.
    pub fn set_status(&self, status: u32) {
        self.write(Register::Status, status);
    }

    /// Reads a configuration field.
    #[must_use]
    pub fn config(&self, offset: u32, width: usize) -> u64 {
        self.machine.read(CONFIG + u64::from(offset), width)
    }

    /// Reads word `word` of the offer.
    #[must_use]
    pub fn offered_word(&self, word: u32) -> u32 {
        self.write(Register::DeviceFeaturesSel, word);
        self.read(Register::DeviceFeatures)
    }

    /// Writes word `word` of what is accepted.
    pub fn accept_word(&self, word: u32, value: u32) {
        self.write(Register::DriverFeaturesSel, word);
        self.write(Register::DriverFeatures, value);
    }

    /// Notes a surprise unless `holds`. A script goes on all the same: a mutant has to expect anything.
    pub fn expect(&mut self, holds: bool, what: &str) {
        if !holds {
            self.surprises.push(what.to_owned());
        }
    }

    /// Resets, and waits until the reset is complete.
    pub fn reset(&mut self) {
        self.set_status(0);
        let complete = (0..1000).any(|_| self.status() == 0);
        self.expect(complete, "the device comes back from a reset");
    }

    /// Writes where a ring is, then enables it.
    pub fn enable(&self, ring: &Ring) {
        self.place(ring);
        self.write(Register::QueueReady, 1);
    }

    /// Writes the size of a ring and where it is; the queue is selected.
    pub fn place(&self, ring: &Ring) {
        self.write(Register::QueueSize, u32::from(ring.size()));
        self.write_address(Register::QueueDescLow, Register::QueueDescHigh, ring.desc);
        self.write_address(Register::QueueDriverLow, Register::QueueDriverHigh, ring.avail);
        self.write_address(Register::QueueDeviceLow, Register::QueueDeviceHigh, ring.used);
    }

    fn write_address(&self, low: Register, high: Register, address: u64) {
        self.write(low, address as u32);
        self.write(high, (address >> 32) as u32);
    }

    /// A buffer with these bytes for the device to read.
    pub fn readable(&mut self, bytes: &[u8]) -> Buffer {
        let addr = self.machine.allocate(bytes.len(), 1);
        self.machine.store(addr, bytes);
        Buffer { addr, len: bytes.len() as u32, writable: false }
    }

    /// A buffer of `len` bytes for the device to write.
    pub fn writable(&mut self, len: usize) -> Buffer {
        Buffer { addr: self.machine.allocate(len, 1), len: len as u32, writable: true }
    }

    /// Chains buffers and offers the chain, without publishing it.
    pub fn add(&mut self, queue: usize, buffers: &[Buffer]) -> u16 {
        let ring = &mut self.rings[queue];
        let head = ring.chain(&self.machine, buffers);
        ring.offer(&self.machine, head);
        head
    }

    /// Notifies the device of a queue.
    pub fn notify(&self, queue: usize) {
        self.write(Register::QueueNotify, queue as u32);
    }

    /// Publishes what was offered, and notifies if the device asks for it.
    pub fn publish(&self, queue: usize) {
        let ring = &self.rings[queue];
        let old = ring.avail_idx(&self.machine);
        ring.publish(&self.machine);
        if ring.notification_due(&self.machine, self.accepted.has(EVENT_IDX), old, ring.next) {
            self.notify(queue);
        }
    }

    /// Lets the device work, takes what it used, and handles its interrupt.
    pub fn collect(&mut self, queue: usize) -> Vec<UsedElem> {
        self.machine.run();
        self.handle_interrupt();
        self.take(queue)
    }

    /// Takes what the device used, and asks to be told of the next.
    pub fn take(&mut self, queue: usize) -> Vec<UsedElem> {
        let event_idx = self.accepted.has(EVENT_IDX);
        let ring = &mut self.rings[queue];
        let taken = ring.take_used(&self.machine);
        if event_idx {
            ring.set_used_event(&self.machine, ring.taken);
        }
        taken
    }

    /// Reads and acknowledges the reasons of an interrupt.
    pub fn handle_interrupt(&self) -> u32 {
        let reasons = self.read(Register::InterruptStatus);
        if reasons & 3 != 0 {
            self.write(Register::InterruptACK, reasons & 3);
        }
        reasons
    }

    /// Submits a chain, alone, and waits for it.
    pub fn exchange(&mut self, queue: usize, buffers: &[Buffer]) -> Vec<UsedElem> {
        self.add(queue, buffers);
        self.publish(queue);
        self.collect(queue)
    }

    /// The header of a block request.
    pub fn header(&mut self, request_type: u32, sector: u64) -> Buffer {
        self.readable(&RequestHeader { request_type, sector }.to_le_bytes())
    }

    /// The buffers of a block request: header, data, status.
    pub fn request(&mut self, request_type: u32, sector: u64, data: &[Buffer]) -> Vec<Buffer> {
        let mut buffers = vec![self.header(request_type, sector)];
        buffers.extend_from_slice(data);
        buffers.push(self.writable(1));
        buffers
    }

    /// The buffers of a read of `len` bytes.
    pub fn read_request(&mut self, sector: u64, len: usize) -> Vec<Buffer> {
        let data = self.writable(len);
        self.request(request::IN, sector, &[data])
    }

    /// Reads a sector.
    pub fn read_sector(&mut self, sector: u64) -> Vec<UsedElem> {
        let buffers = self.read_request(sector, 512);
        self.exchange(0, &buffers)
    }
}
