//! A driver by hand: register accesses and ring writes with nothing in between, so that a test can do anything a guest could.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parakit_abi::feature::{Features, VERSION_1};
use parakit_abi::ring::split::{DESC_F_NEXT, DESC_F_WRITE, Desc, SplitLayout, UsedElem};
use parakit_abi::transport::mmio::Register;
use parakit_abi::transport::pci::CfgType;
use parakit_harness::device::DeviceModel;
use parakit_harness::observe::{Event, EventKind, EventLog, LogOptions};
use parakit_harness::oddity::{Oddities, Oddity};
use parakit_harness::transport::device::{DeviceOptions, VirtioDevice};
use parakit_harness::transport::{InterruptLine, RegisterBlock};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use crate::function::Function;

/// Bytes of guest memory.
pub(crate) const MEMORY: usize = 4 << 20;
/// Where buffers may be: behind the rings.
pub(crate) const BUFFERS: u64 = 0x10_0000;

/// Counts interrupts.
#[derive(Default)]
pub(crate) struct Line(AtomicU32);

impl InterruptLine for Line {
    fn raise(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A device and the guest around it.
pub(crate) struct Rig {
    pub(crate) memory: GuestMemoryMmap,
    pub(crate) device: VirtioDevice,
    pub(crate) line: Arc<Line>,
    pub(crate) log: EventLog,
    /// The function, over PCI.
    pub(crate) pci: Option<Function>,
    queues: Vec<Queue>,
}

#[derive(Clone, Copy)]
struct Queue {
    base: u64,
    size: u16,
    avail: u16,
    used: u16,
    next_desc: u16,
}

/// A buffer of a chain.
#[derive(Clone, Copy)]
pub(crate) struct Buffer {
    pub(crate) addr: u64,
    pub(crate) len: u32,
    pub(crate) write: bool,
}

/// A buffer that the device reads.
pub(crate) fn readable(addr: u64, len: u32) -> Buffer {
    Buffer { addr, len, write: false }
}

/// A buffer that the device writes.
pub(crate) fn writable(addr: u64, len: u32) -> Buffer {
    Buffer { addr, len, write: true }
}

impl Rig {
    pub(crate) fn new(model: impl DeviceModel + 'static) -> Self {
        Self::with(model, &[], |_| {})
    }

    pub(crate) fn odd(model: impl DeviceModel + 'static, oddities: &[&str]) -> Self {
        Self::with(model, oddities, |_| {})
    }

    pub(crate) fn with(
        model: impl DeviceModel + 'static,
        oddities: &[&str],
        change: impl FnOnce(&mut DeviceOptions),
    ) -> Self {
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), MEMORY)]).unwrap();
        let (line, log) = (Arc::new(Line::default()), EventLog::new(LogOptions::default()));
        let mut options = DeviceOptions::new(0, "device0", Box::new(model), memory.clone(), log.clone(), line.clone());
        let list: Vec<Oddity> = oddities.iter().map(|o| o.parse().unwrap()).collect();
        options.oddities = Oddities::new(&list);
        change(&mut options);
        Self { memory, device: VirtioDevice::new(options).unwrap(), line, log, pci: None, queues: Vec::new() }
    }

    /// Reads a register of MMIO, or over PCI the one that means the same.
    pub(crate) fn read(&self, register: Register) -> u32 {
        if let Some(function) = &self.pci {
            return function.read_as(register);
        }
        let mut bytes = [0; 4];
        self.device.read(register.offset(), &mut bytes);
        u32::from_le_bytes(bytes)
    }

    /// Writes a register of MMIO, or over PCI the one that means the same.
    pub(crate) fn write(&self, register: Register, value: u32) {
        if let Some(function) = &self.pci {
            return function.write_as(register, value);
        }
        self.device.write(register.offset(), &value.to_le_bytes());
    }

    pub(crate) fn config<const N: usize>(&self, offset: u32) -> [u8; N] {
        let mut bytes = [0; N];
        if let Some(function) = &self.pci {
            function.read(CfgType::Device, u64::from(offset), &mut bytes);
            return bytes;
        }
        self.device.read(0x100 + u64::from(offset), &mut bytes);
        bytes
    }

    pub(crate) fn status(&self) -> u32 {
        self.read(Register::Status)
    }

    pub(crate) fn offered(&self) -> Features {
        (0..4).fold(Features::NONE, |f, word| {
            self.write(Register::DeviceFeaturesSel, word);
            f.with_word(word, self.read(Register::DeviceFeatures))
        })
    }

    /// Up to `FEATURES_OK`; whether it stuck.
    pub(crate) fn negotiate(&self, accepted: Features) -> bool {
        self.write(Register::Status, 0);
        self.write(Register::Status, 1);
        self.write(Register::Status, 3);
        for word in 0..4 {
            self.write(Register::DriverFeaturesSel, word);
            self.write(Register::DriverFeatures, accepted.word(word));
        }
        self.write(Register::Status, 11);
        self.status() & 8 != 0
    }

    /// Describes queue `index` to the device, without enabling it.
    pub(crate) fn describe(&mut self, index: u32, size: u16) {
        let layout = SplitLayout::new(size).unwrap();
        let base = 0x1_0000 * (u64::from(index) + 1);
        self.memory.write_slice(&vec![0; layout.total_size()], GuestAddress(base)).unwrap();
        self.write(Register::QueueSel, index);
        self.write(Register::QueueSize, u32::from(size));
        for (low, high, offset) in [
            (Register::QueueDescLow, Register::QueueDescHigh, layout.desc_offset()),
            (Register::QueueDriverLow, Register::QueueDriverHigh, layout.avail_offset()),
            (Register::QueueDeviceLow, Register::QueueDeviceHigh, layout.used_offset()),
        ] {
            self.write(low, (base + offset as u64) as u32);
            self.write(high, 0);
        }
        let queue = Queue { base, size, avail: 0, used: 0, next_desc: 0 };
        self.queues.resize(self.queues.len().max(index as usize + 1), queue);
        self.queues[index as usize] = queue;
    }

    /// Brings the device up with queues of `size` entries and these features beside `VERSION_1`.
    pub(crate) fn start(&mut self, features: Features, queues: u32, size: u16) {
        assert!(self.negotiate(features.with(Features::bit(VERSION_1))), "features refused");
        for index in 0..queues {
            self.describe(index, size);
            self.write(Register::QueueReady, 1);
        }
        self.write(Register::Status, 15);
    }

    /// Address of byte `offset` of a queue's memory.
    pub(crate) fn ring(&self, queue: u32, offset: usize) -> GuestAddress {
        GuestAddress(self.queues[queue as usize].base + offset as u64)
    }

    pub(crate) fn layout(&self, queue: u32) -> SplitLayout {
        SplitLayout::new(self.queues[queue as usize].size).unwrap()
    }

    /// Writes a descriptor.
    pub(crate) fn desc(&self, queue: u32, index: u16, desc: Desc) {
        let at = self.ring(queue, self.layout(queue).desc_entry(index));
        self.memory.write_slice(&desc.to_le_bytes(), at).unwrap();
    }

    /// Makes `head` available.
    pub(crate) fn publish(&mut self, queue: u32, head: u16) {
        let layout = self.layout(queue);
        let avail = self.queues[queue as usize].avail;
        let slot = self.ring(queue, layout.avail_offset() + layout.avail_slot(avail));
        self.memory.write_obj(head, slot).unwrap();
        self.queues[queue as usize].avail = avail.wrapping_add(1);
        let idx = self.ring(queue, layout.avail_offset() + 2);
        self.memory.store(avail.wrapping_add(1), idx, Ordering::Release).unwrap();
    }

    /// Makes a chain of these buffers available and returns its head. Descriptors are taken in turn.
    pub(crate) fn push(&mut self, queue: u32, buffers: &[Buffer]) -> u16 {
        let Queue { size, next_desc, .. } = self.queues[queue as usize];
        for (i, buffer) in buffers.iter().enumerate() {
            let index = (next_desc + i as u16) % size;
            let last = i + 1 == buffers.len();
            let flags = if buffer.write { DESC_F_WRITE } else { 0 } | if last { 0 } else { DESC_F_NEXT };
            self.desc(queue, index, Desc { addr: buffer.addr, len: buffer.len, flags, next: (index + 1) % size });
        }
        self.queues[queue as usize].next_desc = (next_desc + buffers.len() as u16) % size;
        self.publish(queue, next_desc);
        next_desc
    }

    /// Notifies and lets the device work until it has nothing to do.
    pub(crate) fn kick(&self, queue: u32) {
        self.write(Register::QueueNotify, queue);
        self.settle();
    }

    /// Lets the device work until it has nothing to do.
    pub(crate) fn settle(&self) {
        let mut steps = 0;
        while self.device.step(0) {
            steps += 1;
            assert!(steps < 1_000_000, "the device does not come to rest");
        }
    }

    /// `idx` of the used ring.
    pub(crate) fn memory_idx(&self, queue: u32) -> u16 {
        let at = self.ring(queue, self.layout(queue).used_offset() + 2);
        self.memory.load(at, Ordering::Acquire).unwrap()
    }

    /// Entries that the device added to the used ring since the last call.
    pub(crate) fn used(&mut self, queue: u32) -> Vec<UsedElem> {
        let layout = self.layout(queue);
        let base = layout.used_offset();
        let idx: u16 = self.memory.load(self.ring(queue, base + 2), Ordering::Acquire).unwrap();
        let mut list = Vec::new();
        while self.queues[queue as usize].used != idx && list.len() <= usize::from(layout.queue_size()) {
            let used = self.queues[queue as usize].used;
            let mut bytes = [0; 8];
            self.memory.read_slice(&mut bytes, self.ring(queue, base + layout.used_slot(used))).unwrap();
            list.push(UsedElem::from_le_bytes(bytes));
            self.queues[queue as usize].used = used.wrapping_add(1);
        }
        list
    }

    /// Pushes a chain, notifies, and returns the one completion.
    pub(crate) fn request(&mut self, queue: u32, buffers: &[Buffer]) -> UsedElem {
        let head = self.push(queue, buffers);
        self.kick(queue);
        let used = self.used(queue);
        assert_eq!(used.len(), 1, "one chain, one completion");
        assert_eq!(used[0].id, u32::from(head));
        used[0]
    }

    pub(crate) fn put(&self, addr: u64, bytes: &[u8]) {
        self.memory.write_slice(bytes, GuestAddress(addr)).unwrap();
    }

    pub(crate) fn get(&self, addr: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.memory.read_slice(&mut bytes, GuestAddress(addr)).unwrap();
        bytes
    }

    pub(crate) fn interrupts(&self) -> u32 {
        self.line.0.load(Ordering::Relaxed)
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.log.snapshot()
    }

    pub(crate) fn saw(&self, wanted: impl Fn(&EventKind) -> bool) -> bool {
        self.events().iter().any(|e| wanted(&e.kind))
    }
}
