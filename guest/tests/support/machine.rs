//! A virtio-mmio device with rings and a model behind it: block, console or entropy, and as odd as a test wants.
//!
//! Written from VIRTIO 1.4; uses nothing of the kit. It answers on notification, or when the test says so.

use std::rc::Rc;

use super::{
    device::Taken,
    platform::Memory,
    ring::{IN_ORDER, Ring},
    window::{Model, Window},
};

pub use super::ring::EVENT_IDX;

/// A block request as the device found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub kind: u32,
    pub sector: u64,
    /// What the device reads behind the header.
    pub data: Vec<u8>,
    /// Bytes that the device may write, status byte included.
    pub writable: u64,
}

/// How a device strays from what it should do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Odd {
    /// Status byte of every request.
    pub status: Option<u8>,
    /// Used length of every chain.
    pub used_len: Option<u32>,
    /// Used id of every chain.
    pub used_id: Option<u32>,
    /// Most bytes of random data, or of console input, for one chain.
    pub most: Option<usize>,
    /// The status register keeps its value when it is reset.
    pub stuck: bool,
    /// Neither does a queue end its reset, nor the device suspend or resume.
    pub deaf: bool,
}

#[derive(Default)]
struct Queue {
    size: u32,
    ready: u32,
    /// Descriptor, driver and device area, each as low and high half.
    address: [u32; 6],
    /// Resets of this queue alone.
    resets: u32,
    /// A reset was asked for and is not done.
    resetting: bool,
    ring: Option<Ring<Device>>,
    /// Chains that the device took and has not used.
    held: Vec<Taken>,
}

pub struct State {
    memory: Device,
    id: u32,
    features: u128,
    accepted: u128,
    select: [u32; 3],
    pub status: u32,
    queues: Vec<Queue>,
    pub config: Vec<u8>,
    pub generation: u32,
    pub interrupt: u32,
    pub odd: Odd,
    /// Whether the device answers when it is notified; otherwise when the test calls [`Machine::run`].
    pub prompt: bool,
    pub disk: Vec<u8>,
    pub requests: Vec<Request>,
    /// Console input to come, and output that came.
    pub input: Vec<u8>,
    pub output: Vec<u8>,
    /// Bytes written to the emergency port, and the device status then.
    pub emergency: Vec<(u8, u32)>,
    pub resets: u32,
    /// Notifications of each queue.
    pub notifications: Vec<u32>,
    random: u8,
}

/// Memory as the device sees it.
type Device = Rc<dyn Memory>;

/// Shares a [`State`] with the test.
pub type Machine = Window<State>;

pub const VERSION_1: u128 = 1 << 32;
pub const NOTIFICATION_DATA: u128 = 1 << 38;
pub const RING_RESET: u128 = 1 << 40;
pub const SUSPEND: u128 = 1 << 43;
/// Several queues of a block device.
pub const MQ: u128 = 1 << 12;

/// What the random bytes begin after.
const SEED: u8 = 1;

/// The random byte after this one. Never 0, so that bytes which were not written are seen.
const fn random_after(last: u8) -> u8 {
    last.wrapping_mul(5).wrapping_add(17) | 1
}

/// The bytes of an entropy device, from the first one on.
pub fn random_bytes() -> impl Iterator<Item = u8> {
    std::iter::successors(Some(random_after(SEED)), |last| Some(random_after(*last)))
}

impl Machine {
    fn new(memory: &(impl Memory + Clone + 'static), id: u32, features: u128, queues: usize, queue_max: u32) -> Self {
        let queue = || Queue { size: queue_max, ..Queue::default() };
        Self::of(State {
            memory: Rc::new(memory.clone()),
            id,
            features: features | VERSION_1,
            accepted: 0,
            select: [0; 3],
            status: 0,
            queues: (0..queues).map(|_| queue()).collect(),
            config: vec![0; 64],
            generation: 0,
            interrupt: 0,
            odd: Odd::default(),
            prompt: true,
            disk: Vec::new(),
            requests: Vec::new(),
            input: Vec::new(),
            output: Vec::new(),
            emergency: Vec::new(),
            resets: 0,
            notifications: vec![0; queues],
            random: SEED,
        })
    }

    pub fn block(memory: &(impl Memory + Clone + 'static), features: u128, sectors: u64) -> Self {
        Self::block_queues(memory, features, sectors, 1)
    }

    /// A disk with `queues` queues; with MQ it says so.
    pub fn block_queues(memory: &(impl Memory + Clone + 'static), features: u128, sectors: u64, queues: u16) -> Self {
        let machine = Self::new(memory, 2, features, queues.into(), 64);
        machine.with(|s| {
            s.config[34..36].copy_from_slice(&queues.to_le_bytes());
            s.disk = (0..sectors * 512).map(|i| (i / 512 * 7 + i) as u8).collect();
            s.config[..8].copy_from_slice(&sectors.to_le_bytes());
        });
        machine
    }

    pub fn console(memory: &(impl Memory + Clone + 'static), features: u128) -> Self {
        Self::new(memory, 3, features, 2, 64)
    }

    pub fn entropy(memory: &(impl Memory + Clone + 'static), features: u128) -> Self {
        Self::new(memory, 4, features | EVENT_IDX, 1, 64)
    }

    /// A memory balloon that wants `pages` pages.
    pub fn balloon(memory: &(impl Memory + Clone + 'static), pages: u32) -> Self {
        let machine = Self::new(memory, 5, 0, 2, 64);
        machine.with(|s| s.config[..4].copy_from_slice(&pages.to_le_bytes()));
        machine
    }

    /// Takes what is available and answers it. Whether it interrupts.
    pub fn run(&self) -> bool {
        self.with(|s| {
            s.take();
            s.answer(usize::MAX, false)
        })
    }

    /// Takes what is available, and answers up to `count` chains, the last taken first. Whether it interrupts.
    pub fn run_backwards(&self, count: usize) -> bool {
        self.with(|s| {
            s.take();
            s.answer(count, true)
        })
    }

    /// Changes the configuration and says so.
    pub fn change_config(&self, f: impl FnOnce(&mut [u8])) {
        self.with(|s| {
            f(&mut s.config);
            s.generation += 1;
            s.interrupt |= 2;
        });
    }

    /// Asks for a reset.
    pub fn need_reset(&self) {
        self.with(|s| {
            s.status |= 64;
            s.interrupt |= 2;
        });
    }

    /// Requests seen since the last call.
    pub fn take_requests(&self) -> Vec<Request> {
        self.with(|s| std::mem::take(&mut s.requests))
    }

    /// Resets of queue `queue` alone.
    pub fn queue_resets(&self, queue: usize) -> u32 {
        self.with(|s| s.queues[queue].resets)
    }

    /// Size of queue `queue`, as the driver has set it up.
    pub fn queue_size(&self, queue: usize) -> u32 {
        self.with(|s| s.queues[queue].size)
    }

    /// Answers `count` chains of queue `queue` alone. Whether it interrupts.
    pub fn run_queue(&self, queue: usize, count: usize) -> bool {
        self.with(|s| {
            s.take();
            let interrupts = s.answer_queue(queue, &mut { count }, false);
            s.interrupt |= u32::from(interrupts);
            interrupts
        })
    }

    /// Whether DRIVER_OK is set.
    pub fn live(&self) -> bool {
        self.with(|s| s.status & 4 != 0)
    }
}

impl State {
    /// The features that the driver has accepted.
    pub fn accepted(&self) -> u128 {
        self.accepted
    }

    fn take(&mut self) {
        for queue in &mut self.queues {
            if let Some(ring) = &mut queue.ring {
                while let Some(taken) = ring.take() {
                    queue.held.push(taken);
                }
                let _ = ring.want_notification();
            }
        }
    }

    fn answer(&mut self, mut count: usize, backwards: bool) -> bool {
        let mut interrupts = false;
        for i in 0..self.queues.len() {
            interrupts |= self.answer_queue(i, &mut count, backwards);
        }
        self.interrupt |= u32::from(interrupts);
        interrupts
    }

    fn answer_queue(&mut self, i: usize, count: &mut usize, backwards: bool) -> bool {
        let Some(mut ring) = self.queues[i].ring.take() else { return false };
        let mut held = std::mem::take(&mut self.queues[i].held);
        let in_order = self.accepted & IN_ORDER != 0;
        // Chains served in order, not used yet: all written to their end.
        let mut batch = Vec::new();
        while *count > 0 && !held.is_empty() {
            let taken = if backwards && !in_order { held.pop().unwrap() } else { held.remove(0) };
            let Some(written) = self.serve(i, &ring, &taken) else {
                held.insert(0, taken);
                break;
            };
            *count -= 1;
            let whole = u64::from(written) == taken.writable_len();
            if in_order && self.odd.used_id.is_none() && self.odd.used_len.is_none() {
                batch.push(taken);
                if !whole {
                    ring.use_batch(&batch, written);
                    batch.clear();
                }
                continue;
            }
            let id = self.odd.used_id.unwrap_or(taken.head.into());
            ring.use_chain(&taken, id, self.odd.used_len.unwrap_or(written));
        }
        if let Some(last) = batch.last() {
            let written = last.writable_len() as u32;
            ring.use_batch(&batch, written);
        }
        let interrupts = ring.show();
        self.queues[i].held = held;
        self.queues[i].ring = Some(ring);
        interrupts
    }

    /// Serves a chain; the bytes written, or `None` to keep it.
    fn serve(&mut self, queue: usize, ring: &Ring<Device>, taken: &Taken) -> Option<u32> {
        let written = match (self.id, queue) {
            (2, _) => self.serve_block(ring.read(taken), taken.writable_len()),
            (3, 0) if self.input.is_empty() => return None,
            (3, 0) => {
                let len = self.input.len().min(taken.writable_len() as usize).min(self.odd.most.unwrap_or(usize::MAX));
                self.input.drain(..len).collect()
            }
            (3 | 5, _) => {
                assert_eq!(taken.writable_len(), 0, "a buffer for the device to read that it may write");
                self.output.extend(ring.read(taken));
                Vec::new()
            }
            _ => {
                assert!(ring.read(taken).is_empty(), "an entropy buffer that the device may only read");
                let len = (taken.writable_len() as usize).min(self.odd.most.unwrap_or(usize::MAX));
                (0..len).map(|_| self.next_random()).collect()
            }
        };
        ring.write(taken, &written);
        Some(written.len() as u32)
    }

    fn next_random(&mut self) -> u8 {
        self.random = random_after(self.random);
        self.random
    }

    fn serve_block(&mut self, readable: Vec<u8>, writable: u64) -> Vec<u8> {
        let kind = u32::from_le_bytes(readable[..4].try_into().unwrap());
        assert_eq!(readable[4..8], [0; 4], "the reserved field of the header");
        let sector = u64::from_le_bytes(readable[8..16].try_into().unwrap());
        let data = readable[16..].to_vec();
        self.requests.push(Request { kind, sector, data: data.clone(), writable });
        let at = sector as usize * 512;
        let mut answer = Vec::new();
        let status = match kind {
            0 => {
                answer.extend_from_slice(&self.disk[at..at + writable as usize - 1]);
                0
            }
            1 => {
                self.disk[at..at + data.len()].copy_from_slice(&data);
                0
            }
            8 => {
                answer.extend_from_slice(b"parakit-test-disk\0\0\0");
                0
            }
            13 => {
                for range in data.chunks_exact(16) {
                    let from = u64::from_le_bytes(range[..8].try_into().unwrap()) as usize * 512;
                    let len = u32::from_le_bytes(range[8..12].try_into().unwrap()) as usize * 512;
                    self.disk[from..from + len].fill(0);
                }
                0
            }
            4 | 11 => 0,
            _ => 2,
        };
        match self.odd.status {
            // A device that forgets the status.
            Some(255) => {}
            odd => answer.push(odd.unwrap_or(status)),
        }
        answer
    }

    fn set_status(&mut self, value: u32) {
        if value == 0 {
            self.resets += 1;
            if self.odd.stuck {
                return;
            }
            for queue in &mut self.queues {
                (queue.ready, queue.ring) = (0, None);
                queue.held.clear();
            }
        }
        if value & 16 != 0 && self.status & 4 != 0 && self.status & 16 == 0 {
            assert!(self.accepted & SUSPEND != 0, "SUSPEND without the feature");
            if !self.odd.deaf {
                // What it has taken it finishes first.
                self.take();
                self.answer(usize::MAX, false);
                self.status = value & !4;
            }
            return;
        }
        if self.status & 16 != 0 && value & 4 != 0 {
            if self.odd.deaf {
                return;
            }
            self.status = value & !16;
            if self.prompt {
                self.take();
                self.answer(usize::MAX, false);
            }
            return;
        }
        if value == 0 {
            self.accepted = 0;
        }
        self.status = value;
        self.start_queues();
    }

    /// Gives each queue that is ready its ring, once the device is live.
    fn start_queues(&mut self) {
        if self.status & 4 != 0 {
            let (memory, accepted) = (&self.memory, self.accepted);
            for queue in self.queues.iter_mut().filter(|q| q.ready == 1 && q.ring.is_none()) {
                let area = |i: usize| u64::from(queue.address[i]) | u64::from(queue.address[i + 1]) << 32;
                let areas = [area(0), area(2), area(4)];
                queue.ring = Some(Ring::new(Rc::clone(memory), areas, queue.size as u16, accepted));
            }
        }
    }

    fn reset_queue(&mut self, selected: usize) {
        assert!(self.accepted & RING_RESET != 0, "a queue reset without the feature");
        let (max, queue) = (64, &mut self.queues[selected]);
        queue.resets += 1;
        queue.resetting = self.odd.deaf;
        if !queue.resetting {
            (queue.ready, queue.ring, queue.size) = (0, None, max);
            queue.held.clear();
        }
    }
}

impl Model for State {
    const LEN: u64 = 0x140;

    fn read(&mut self, offset: u64, width: usize) -> u32 {
        if let Some(at) = offset.checked_sub(0x100) {
            let mut bytes = [0; 4];
            bytes[..width].copy_from_slice(&self.config[at as usize..at as usize + width]);
            return u32::from_le_bytes(bytes);
        }
        match offset {
            0x000 => 0x7472_6976,
            0x004 => 2,
            0x008 => self.id,
            0x010 => (self.features >> (32 * self.select[0])) as u32,
            0x034 => self.queues.get(self.select[2] as usize).map_or(0, |q| q.size),
            0x044 => self.queues.get(self.select[2] as usize).map_or(0, |q| q.ready),
            0x060 => self.interrupt,
            0x070 => self.status,
            0x0c0 => self.queues.get(self.select[2] as usize).map_or(0, |q| q.resetting.into()),
            0x0fc => self.generation,
            _ => panic!("read of register {offset:#x}"),
        }
    }

    fn write(&mut self, offset: u64, width: usize, value: u32) {
        if let Some(at) = offset.checked_sub(0x100) {
            if self.id == 3 && at == 8 {
                self.emergency.push((value as u8, self.status));
            } else {
                let at = at as usize;
                self.config[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
            }
            return;
        }
        let selected = self.select[2] as usize;
        match offset {
            0x014 => self.select[0] = value,
            0x020 => self.accepted |= u128::from(value) << (32 * self.select[1]),
            0x024 => self.select[1] = value,
            0x030 => self.select[2] = value,
            0x038 => self.queues[selected].size = value,
            0x044 => {
                self.queues[selected].ready = value;
                self.start_queues();
            }
            0x0c0 => self.reset_queue(selected),
            0x050 => {
                assert!(self.status & 4 != 0, "a notification before DRIVER_OK");
                let queue = (value & 0xffff) as usize;
                self.notifications[queue] += 1;
                let ring = self.queues[queue].ring.as_ref().expect("a notification of a queue that is not there");
                let data = if self.accepted & NOTIFICATION_DATA != 0 { ring.next_avail_bits() } else { 0 };
                assert_eq!((value >> 16) as u16, data, "notification data");
                if self.prompt {
                    self.take();
                    self.answer(usize::MAX, false);
                }
            }
            0x064 => self.interrupt &= !value,
            0x070 => self.set_status(value),
            0x080..=0x0a4 => {
                let i = match offset {
                    0x080 => 0,
                    0x084 => 1,
                    0x090 => 2,
                    0x094 => 3,
                    0x0a0 => 4,
                    _ => 5,
                };
                self.queues[selected].address[i] = value;
            }
            _ => panic!("write of register {offset:#x}"),
        }
    }
}
