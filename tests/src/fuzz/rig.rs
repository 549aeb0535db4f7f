//! One device over memory, stepped by hand, with an eye on what it writes.
//!
//! What the device may write follows from the events alone: the part of the ring that is the device's, of each queue that was
//! enabled, and the writable buffers of chains that the observer saw or that lie in the descriptor table now. Everything else has to stay as
//! the driver left it.

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use parakit_abi::boot::MMIO_BASE;
use parakit_abi::device::DeviceType;
use parakit_abi::feature::{self, Features};
use parakit_abi::ring::{packed, split};
use parakit_abi::transport::pci::FunctionAddress;
use parakit_harness::device::{
    Block, BlockOptions, Console, ConsoleOptions, DeviceModel, Entropy, Gpu, GpuOptions, Input, InputKind,
    InputOptions, MemoryDisk, Net, NetOptions, Recorder, Screen, Vsock, VsockOptions,
};
use parakit_harness::observe::event::{PciInfo, QueueInfo};
use parakit_harness::observe::{Event, EventKind, EventLog, LogOptions};
use parakit_harness::oddity::{Oddities, Oddity};
use parakit_harness::transport::device::{DeviceOptions, IMPLEMENTED, TransportOptions, VirtioDevice};
use parakit_harness::transport::pci::{PciOptions, PciRoot, SharedMemory};
use parakit_harness::transport::{Doorbell, DoorbellBinder, InterruptLine, IntxLine, Message, MsiSink, RegisterBlock};
use vm_memory::{Bytes as _, GuestAddress, GuestMemoryMmap};
use vmm_sys_util::eventfd::EventFd;

use super::bytes::Bytes;
use super::judged;

/// Bytes of each of the two pieces of guest memory.
pub(super) const PIECE: usize = 0x8000;
/// Where the second piece is; between them is nothing.
pub(super) const HIGH: u64 = 1 << 32;
/// Sectors of the disk.
const SECTORS: usize = 16;
/// Most events of an input: as much as it may use.
const EVENTS: usize = 100_000;
/// Largest size of a queue.
pub(super) const QUEUE: u16 = 16;

/// How the device is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bus {
    Mmio,
    Legacy,
    Pci,
}

/// What is made.
pub(super) struct Plan {
    pub(super) device: DeviceType,
    pub(super) bus: Bus,
    pub(super) oddity: Option<Oddity>,
    pub(super) offer: Features,
    /// Whether notifications may come as doorbells.
    pub(super) doorbells: bool,
    pub(super) vectors: u16,
    pub(super) wide: bool,
    pub(super) multiplier: u32,
}

impl Plan {
    /// Everything that there is on offer.
    pub(super) fn new(device: DeviceType, bus: Bus) -> Self {
        Self { device, bus, oddity: None, offer: IMPLEMENTED, doorbells: false, vectors: 3, wide: true, multiplier: 4 }
    }
}

#[derive(Default)]
struct Counter(AtomicU64);

impl InterruptLine for Counter {
    fn raise(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl MsiSink for Counter {
    fn configure(&self, _: u16, _: Option<Message>) {}

    fn raise(&self, _: u16) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl IntxLine for Counter {
    fn set(&self, asserted: bool) {
        self.0.fetch_add(u64::from(asserted), Ordering::Relaxed);
    }
}

/// Doorbells as a machine takes them.
#[derive(Default)]
struct Bells(Mutex<Vec<(Doorbell, EventFd)>>);

impl Bells {
    fn ring(&self, which: usize) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !bells.is_empty() {
            bells[which % bells.len()].1.write(1).expect("a counter that was read since");
        }
    }
}

impl DoorbellBinder for Bells {
    fn arm(&self, doorbell: &Doorbell, signal: &EventFd) -> io::Result<()> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // As KVM has it: one signal for a place and value.
        if bells.iter().any(|(other, _)| other == doorbell) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        bells.push((*doorbell, signal.try_clone()?));
        Ok(())
    }

    fn disarm(&self, doorbell: &Doorbell, _signal: &EventFd) -> io::Result<()> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = bells.len();
        bells.retain(|(other, _)| other != doorbell);
        assert_eq!(bells.len() + 1, before, "{doorbell:?} was armed before");
        Ok(())
    }
}

/// A device, its memory, and everything that was seen of them.
pub(super) struct Rig {
    pub(super) device: VirtioDevice,
    pub(super) root: PciRoot,
    pub(super) at: FunctionAddress,
    pub(super) pci: Option<PciInfo>,
    memory: GuestMemoryMmap,
    log: EventLog,
    events: Vec<Event>,
    bells: Arc<Bells>,
    now: Duration,
    /// Queues as they were last enabled, by index.
    queues: Vec<QueueInfo>,
    /// Writable buffers that were in a chain.
    seen: BTreeSet<(u64, u64)>,
    /// Memory before and after the device moved.
    whole: [Vec<u8>; 2],
    /// Whether all that the device writes is accounted for: not if it breaks rules on purpose.
    strict: bool,
    /// Notifications carry where the next buffer is.
    data: bool,
}

thread_local! {
    /// Guest memory, which is cleared for each input.
    static MEMORY: GuestMemoryMmap =
        GuestMemoryMmap::from_ranges(&[(GuestAddress(0), PIECE), (GuestAddress(HIGH), PIECE)]).expect("64 KiB of memory");
}

fn model(device: DeviceType) -> Box<dyn DeviceModel> {
    match device {
        DeviceType::CONSOLE => {
            let options = ConsoleOptions { queue_size: QUEUE, ..ConsoleOptions::default() };
            Box::new(Console::new(options, Box::new(io::sink())))
        }
        DeviceType::ENTROPY => Box::new(Entropy::new(QUEUE, 8192)),
        DeviceType::NET => {
            Box::new(Net::new(NetOptions { queue_size: QUEUE, ..NetOptions::default() }, Recorder::default()))
        }
        DeviceType::INPUT => {
            let options = InputOptions { queue_size: QUEUE, ..InputOptions::new(InputKind::Keyboard) };
            Box::new(Input::new(options, Recorder::default()))
        }
        DeviceType::GPU => {
            let options =
                GpuOptions { width: 64, height: 48, memory_bytes: 1 << 20, queue_size: QUEUE, ..GpuOptions::default() };
            Box::new(Gpu::new(options, Screen::default()))
        }
        DeviceType::VSOCK => Box::new(Vsock::new(VsockOptions { queue_size: QUEUE, ..VsockOptions::default() })),
        _ => {
            let options = BlockOptions { queue_size: QUEUE, queues: 2, ..BlockOptions::default() };
            let features = Features::of(&[parakit_abi::device::block::feature::MQ]);
            let options = BlockOptions { features: options.features.with(features), ..options };
            Box::new(Block::new(Box::new(MemoryDisk::new(vec![0x5a; SECTORS * 512])), options))
        }
    }
}

impl Rig {
    pub(super) fn new(plan: &Plan) -> Self {
        let memory = MEMORY.with(Clone::clone);
        let zeroes = vec![0; PIECE];
        for start in [0, HIGH] {
            memory.write_slice(&zeroes, GuestAddress(start)).expect("a piece of memory");
        }
        let log = EventLog::new(LogOptions { max_events: EVENTS, ..LogOptions::default() });
        let line = Arc::new(Counter::default());
        let transport = match plan.bus {
            Bus::Mmio => TransportOptions::Mmio { base: MMIO_BASE, interrupt: line },
            Bus::Legacy => TransportOptions::MmioLegacy { base: MMIO_BASE, interrupt: line },
            Bus::Pci => TransportOptions::Pci(PciOptions {
                vectors: plan.vectors,
                wide: plan.wide,
                multiplier: plan.multiplier,
                shared_memory: vec![SharedMemory { id: 1, len: 4096 }],
                ..PciOptions::new(line.clone(), line)
            }),
        };
        let mut options = DeviceOptions::over(transport, 0, "fuzz", model(plan.device), memory.clone(), log.clone());
        options.features = plan.offer;
        options.oddities = Oddities::new(plan.oddity.as_slice());
        let bells = Arc::new(Bells::default());
        if plan.doorbells {
            options.doorbells = Some(bells.clone());
        }
        let device = VirtioDevice::new(options).expect("file descriptors for a device");
        let mut root = PciRoot::new();
        let pci = device.pci_info();
        let at = if pci.is_some() {
            root.attach(Arc::new(device.clone())).expect("a place on an empty bus")
        } else {
            FunctionAddress { bus: 0, device: 1, function: 0 }
        };
        Self {
            device,
            root,
            at,
            pci,
            memory,
            log,
            events: Vec::new(),
            bells,
            now: Duration::ZERO,
            queues: Vec::new(),
            seen: BTreeSet::new(),
            whole: Default::default(),
            strict: plan.oddity.is_none(),
            data: false,
        }
    }

    /// The driver writes memory; what lies outside is left out.
    pub(super) fn store(&self, at: u64, bytes: &[u8]) {
        // An address without memory is one that this driver cannot write.
        let _outside = self.memory.write_slice(bytes, GuestAddress(at));
    }

    pub(super) fn load(&self, at: u64, len: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; len];
        self.memory.read_slice(&mut bytes, GuestAddress(at)).ok().map(|()| bytes)
    }

    pub(super) fn read(&self, offset: u64, width: usize) -> u64 {
        let mut bytes = [0; 8];
        self.device.read(offset, &mut bytes[..width]);
        u64::from_le_bytes(bytes)
    }

    pub(super) fn write(&self, offset: u64, width: usize, value: u64) {
        self.device.write(offset, &value.to_le_bytes()[..width]);
    }

    /// Doorbell `which` of those that are armed rings.
    pub(super) fn ring_bell(&self, which: usize) {
        self.bells.ring(which);
    }

    /// The device does something, and has written nothing that was not given to it.
    pub(super) fn watched<T>(&mut self, act: impl FnOnce(&Self) -> T) -> T {
        self.note();
        self.note_packed();
        let [before, after] = std::mem::take(&mut self.whole);
        let before = self.whole(before);
        let result = act(self);
        self.note();
        let after = self.whole(after);
        if self.strict && before != after {
            self.compare(&before, &after);
        }
        self.whole = [before, after];
        result
    }

    /// One step; false when there is nothing to do.
    pub(super) fn step(&mut self, choice: usize) -> bool {
        self.watched(|rig| rig.device.step(choice))
    }

    /// As many steps as there are to do, but no more than `most`.
    pub(super) fn run(&mut self, most: usize) {
        for choice in 0..most {
            if !self.step(choice) {
                break;
            }
        }
    }

    /// Time passes.
    pub(super) fn tick(&mut self, by: Duration) {
        self.now += by;
        let now = self.now;
        self.watched(|rig| rig.device.tick(now));
    }

    /// What was seen so far.
    pub(super) fn events(&mut self) -> &[Event] {
        self.note();
        &self.events
    }

    fn whole(&self, mut into: Vec<u8>) -> Vec<u8> {
        into.resize(2 * PIECE, 0);
        let (low, high) = into.split_at_mut(PIECE);
        self.memory.read_slice(low, GuestAddress(0)).expect("the first piece");
        self.memory.read_slice(high, GuestAddress(HIGH)).expect("the second piece");
        into
    }

    /// Takes the events since the last time.
    fn note(&mut self) {
        for event in self.log.take() {
            match &event.kind {
                EventKind::QueueEnabled(info) => {
                    let at = usize::from(info.queue);
                    if self.queues.len() <= at {
                        self.queues.resize(at + 1, info.clone());
                    }
                    self.queues[at] = info.clone();
                }
                EventKind::Available(chain) => {
                    let writable = chain.buffers().filter(|d| d.is_writable());
                    self.seen.extend(writable.map(|d| (d.addr, d.addr.saturating_add(d.len.into()))));
                }
                _ => {}
            }
            self.events.push(event);
        }
    }

    /// Devices read the descriptors of a packed ring when they look for work, and need not read them again: a driver may take
    /// them back, against the rules, before the observer sees them.
    fn note_packed(&mut self) {
        let mut given = Vec::new();
        for queue in self.queues.iter().filter(|q| q.packed) {
            self.table((queue.desc, u64::from(queue.size)), queue.packed, true, &mut given);
        }
        self.seen.extend(given);
    }

    fn compare(&self, before: &[u8], after: &[u8]) {
        let changed: Vec<u64> = (0..before.len()).filter(|i| before[*i] != after[*i]).map(address).collect();
        let mut given: Vec<(u64, u64)> = self.queues.iter().flat_map(device_areas).collect();
        given.extend(&self.seen);
        let outside = |given: &[(u64, u64)]| {
            changed.iter().copied().find(|at| !given.iter().any(|(from, to)| (from..to).contains(&at)))
        };
        if outside(&given).is_none() {
            return;
        }
        for queue in self.queues.iter().filter(|q| !q.packed) {
            self.table((queue.desc, u64::from(queue.size)), queue.packed, true, &mut given);
        }
        if let Some(at) = outside(&given) {
            panic!("the device wrote {at:#x}, which is in no buffer that it was given: {given:x?}");
        }
    }

    /// Writable buffers of a descriptor table (address and entries) as it is now.
    fn table(&self, (at, count): (u64, u64), packed: bool, nested: bool, given: &mut Vec<(u64, u64)>) {
        for i in 0..count {
            let place = i.checked_mul(split::DESC_SIZE as u64).and_then(|offset| at.checked_add(offset));
            let Some(bytes) = place.and_then(|at| self.load(at, split::DESC_SIZE)) else { return };
            let Some(bytes) = bytes.first_chunk() else { return };
            let mut desc = split::Desc::from_le_bytes(*bytes);
            if packed {
                desc.flags = packed::Desc::from_le_bytes(*bytes).flags;
            }
            if desc.is_indirect() && nested {
                self.table((desc.addr, u64::from(desc.len) / split::DESC_SIZE as u64), packed, false, given);
            } else if desc.is_writable() {
                given.push((desc.addr, desc.addr.saturating_add(desc.len.into())));
            }
        }
    }

    /// The end of the run: whatever happened can be judged and told.
    pub(super) fn finish(mut self) -> Vec<Event> {
        self.device.end(EventKind::FINISHED);
        self.note();
        judged::check(&self.events);
        self.events
    }
}

/// The address of byte `i` of memory as [`Rig::whole`] gives it.
fn address(i: usize) -> u64 {
    if i < PIECE { i as u64 } else { HIGH + (i - PIECE) as u64 }
}

/// The parts of a ring that the device writes.
fn device_areas(queue: &QueueInfo) -> [(u64, u64); 2] {
    let size = u64::from(queue.size);
    let span = |from: u64, bytes: u64| (from, from.saturating_add(bytes));
    if queue.packed {
        [span(queue.desc, 16 * size), span(queue.device, 4)]
    } else {
        // The used ring; with `VIRTIO_F_EVENT_IDX` a word follows.
        [span(queue.device, 6 + 8 * size), (0, 0)]
    }
}

impl Rig {
    /// Features to accept: of those on offer, as the input chooses; `VIRTIO_F_VERSION_1` always.
    pub(super) fn device_features(&mut self, bytes: &mut Bytes<'_>) -> Features {
        let chosen = u128::from(bytes.u64());
        let offered = self.events().iter().find_map(|event| match &event.kind {
            EventKind::Device(info) => Some(u128::from(info.offered[0])),
            _ => None,
        });
        let accepted = Features(chosen & offered.unwrap_or(0)).with(Features::bit(feature::VERSION_1));
        self.data = accepted.has(feature::NOTIFICATION_DATA);
        accepted
    }

    /// Whether `VIRTIO_F_NOTIFICATION_DATA` was chosen.
    pub(super) fn notifications_have_data(&self) -> bool {
        self.data
    }

    /// Queues of the device.
    pub(super) fn queue_count(&mut self) -> usize {
        let count = self.events().iter().find_map(|event| match &event.kind {
            EventKind::Device(info) => Some(info.queue_max.len()),
            _ => None,
        });
        count.unwrap_or(0)
    }
}
