//! What the steps of a script act on: the device, and what the driver knows of it.

use parakit_abi::device::block::{RequestHeader, request};
use parakit_abi::feature::Features;
use parakit_abi::ring::split::UsedElem;
use parakit_abi::transport::mmio::Register;

use super::{Buffer, Function, Machine, PackedRing, Place, Ring, Setting};

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
    /// The same where they are packed rings.
    pub packed: Vec<PackedRing>,
    /// The function that it drives, over PCI.
    pub function: Function,
    /// For each queue over PCI: where it is notified.
    pub bells: Vec<Place>,
    /// For each queue over PCI: what stands for it in notifications.
    pub names: Vec<u16>,
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
            packed: Vec::new(),
            function: Function::default(),
            bells: Vec::new(),
            names: Vec::new(),
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

    /// Chains buffers and offers the chain, without publishing it. What it comes back with: its head, or its buffer id.
    pub fn add(&mut self, queue: usize, buffers: &[Buffer]) -> u16 {
        if self.is_packed() {
            return self.packed[queue].chain(&self.machine, buffers);
        }
        let ring = &mut self.rings[queue];
        let head = ring.chain(&self.machine, buffers);
        ring.offer(&self.machine, head);
        head
    }

    /// Lets the device work, takes what it used, and handles its interrupt.
    pub fn collect(&mut self, queue: usize) -> Vec<UsedElem> {
        self.machine.run();
        self.handle_interrupt();
        self.take(queue)
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
