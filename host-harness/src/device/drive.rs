//! Requests for a device model without a transport, a ring or a driver: for tests, and for fuzzing with plain bytes.

use std::collections::VecDeque;
use std::time::Duration;

use parakit_abi::device::input::InputEvent;
use parakit_abi::feature::{Features, VERSION_1};
use parakit_abi::ring::packed::{DESC_F_WRITE, Desc};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

use super::{Control, DeviceModel, Effect, Outcome, Together};
use crate::queue::{Chain, Request};

/// Most requests of a queue that wait at a time, as in a ring of that size.
const RING: usize = 64;
/// Most requests that one call works on, so that a model that wakes itself for ever is found and not waited for.
const MOST: usize = 4096;

/// A model, guest memory, and requests that wait.
///
/// ```
/// use parakit_harness::device::{Bench, Entropy};
/// let mut bench = Bench::new(Box::new(Entropy::default()), 0x1_0000);
/// let answers = bench.ask(0, &[], &[16]);
/// assert_eq!(answers[0].written, 16);
/// assert_eq!(answers[0].bytes.len(), 16);
/// ```
pub struct Bench {
    model: Box<dyn DeviceModel>,
    memory: GuestMemoryMmap,
    size: u64,
    /// Requests that wait, for each queue, oldest first.
    waiting: Vec<VecDeque<Vec<Desc>>>,
    answers: Vec<Answer>,
    next: u64,
}

/// A request that was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The queue that it was in.
    pub queue: u16,
    /// Bytes written, as the driver is told.
    pub written: u32,
    /// What its device-writable buffers hold, as far as they are in memory.
    pub bytes: Vec<u8>,
}

impl Bench {
    /// A model that no driver has touched, with `bytes` bytes of guest memory from address 0 on, a whole number of pages, 16 MiB at most.
    ///
    /// # Panics
    /// Without that much memory.
    #[must_use]
    pub fn new(model: Box<dyn DeviceModel>, bytes: usize) -> Self {
        let bytes = bytes.clamp(0x1000, 16 << 20).next_multiple_of(0x1000);
        let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), bytes)]).expect("memory for a bench");
        let waiting = vec![VecDeque::new(); model.queues().len()];
        Self { model, memory, size: bytes as u64, waiting, answers: Vec::new(), next: 0 }
    }

    /// The model.
    pub fn model(&mut self) -> &mut dyn DeviceModel {
        self.model.as_mut()
    }

    /// Guest memory.
    #[must_use]
    pub fn memory(&self) -> &GuestMemoryMmap {
        &self.memory
    }

    /// The driver accepts `features`, those among them that the model offers, and is live.
    pub fn accept(&mut self, features: Features) {
        let accepted = self.model.features().with(Features::bit(VERSION_1)).and(features);
        if self.model.accepts(accepted) {
            self.model.negotiated(accepted);
        }
    }

    /// Puts a request into `queue`: one buffer for each piece of `readable`, and one of each length of `writable`. Returns what was given back
    /// by then, of all queues.
    pub fn ask(&mut self, queue: u16, readable: &[&[u8]], writable: &[u32]) -> Vec<Answer> {
        let mut descs = Vec::new();
        for piece in readable {
            let addr = self.place(piece.len() as u64);
            // What does not fit is cut where memory ends, and the request says so.
            let _outside = self.memory.write(piece, GuestAddress(addr));
            descs.push(Desc { addr, len: piece.len() as u32, id: 0, flags: 0 });
        }
        for len in writable {
            descs.push(Desc { addr: self.place(u64::from(*len)), len: *len, id: 0, flags: DESC_F_WRITE });
        }
        self.put(queue, descs)
    }

    /// Memory for a buffer of `len` bytes: round and round.
    fn place(&mut self, len: u64) -> u64 {
        if self.next + len > self.size {
            self.next = 0;
        }
        let at = self.next;
        self.next += len;
        at
    }

    /// Puts a request of any descriptors into `queue`. Returns what was given back by then, of all queues. A queue that is not there, or is full,
    /// takes none.
    pub fn put(&mut self, queue: u16, descs: Vec<Desc>) -> Vec<Answer> {
        if let Some(waiting) = self.waiting.get_mut(usize::from(queue)).filter(|w| w.len() < RING && !descs.is_empty())
        {
            waiting.push_back(descs);
            self.work(queue);
        }
        std::mem::take(&mut self.answers)
    }

    /// The outside acts on the model. Returns what was given back by then.
    pub fn control(&mut self, control: &Control) -> Vec<Answer> {
        let effect = self.model.control(control);
        self.follow(vec![effect]);
        std::mem::take(&mut self.answers)
    }

    /// The driver writes configuration space.
    pub fn write_config(&mut self, offset: usize, data: &[u8]) -> Vec<Answer> {
        self.model.write_config(offset, data);
        self.follow(Vec::new());
        std::mem::take(&mut self.answers)
    }

    /// Time passes.
    pub fn tick(&mut self, now: Duration) -> Vec<Answer> {
        self.model.tick(now);
        self.follow(Vec::new());
        std::mem::take(&mut self.answers)
    }

    /// The driver resets the model. Requests that wait are gone.
    pub fn reset(&mut self) {
        self.waiting.iter_mut().for_each(VecDeque::clear);
        self.model.reset();
    }

    fn follow(&mut self, mut effects: Vec<Effect>) {
        effects.extend(self.model.effects());
        for effect in effects {
            if let Effect::Wake(queue) = effect {
                self.work(queue);
            }
        }
    }

    /// Works on the requests of a queue, and of those that this wakes.
    fn work(&mut self, queue: u16) {
        let mut wakes = VecDeque::from([queue]);
        let mut left = MOST;
        while let Some(queue) = wakes.pop_front() {
            while left > 0 && self.one(queue, &mut wakes) {
                left -= 1;
            }
        }
    }

    /// Works on the oldest request of a queue; false when there is none, or it has to wait.
    fn one(&mut self, queue: u16, wakes: &mut VecDeque<u16>) -> bool {
        let Some(waiting) = self.waiting.get(usize::from(queue)) else { return false };
        // As a ring does it: one request is looked into, and more only when the model wants them.
        let chains: Vec<_> = waiting.iter().enumerate().filter_map(|(i, d)| Chain::of(d, i as u16)).collect();
        let mut chains = chains.iter();
        let Some(first) = chains.next() else { return false };
        let mut requests = vec![Request::new(first, &self.memory)];
        let mut lens = match self.model.process(queue, &mut requests[0]) {
            Outcome::Used(len) => Some(vec![len]),
            Outcome::Wait => None,
            Outcome::More => loop {
                let Some(chain) = chains.next() else { break None };
                requests.push(Request::new(chain, &self.memory));
                match self.model.process_together(queue, &mut requests) {
                    Together::Used(lens) => break Some(lens),
                    Together::Wait => break None,
                    Together::More => {}
                }
            },
        };
        if let Some(lens) = &mut lens {
            lens.resize(requests.len(), 0);
        }
        let _cost = self.model.extra_work();
        for effect in self.model.effects() {
            if let Effect::Wake(queue) = effect
                && !wakes.contains(&queue)
            {
                wakes.push_back(queue);
            }
        }
        let Some(lens) = lens else { return false };
        for written in lens {
            let Some(descs) = self.waiting[usize::from(queue)].pop_front() else { break };
            let bytes = self.writable(&descs);
            self.answers.push(Answer { queue, written, bytes });
        }
        true
    }

    fn writable(&self, descs: &[Desc]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for desc in descs.iter().filter(|desc| desc.flags & DESC_F_WRITE != 0) {
            let mut part = vec![0; u64::from(desc.len).min(self.size) as usize];
            if self.memory.read_slice(&mut part, GuestAddress(desc.addr)).is_ok() {
                bytes.extend(part);
            }
        }
        bytes
    }
}

/// Has a driver made of plain bytes use a model: features, requests of any shape, writes of the configuration space, resets, time, and the
/// outside. Whatever the bytes are, the model neither panics nor goes on for ever, and tells of no more bytes than it was given room for.
/// This is what fuzz targets call.
///
/// # Panics
/// When the model tells of more bytes written than a request has room for.
pub fn drive(model: Box<dyn DeviceModel>, program: &[u8]) {
    let mut bench = Bench::new(model, 0x4_0000);
    let mut input = Input(program);
    let queues = bench.waiting.len() as u16;
    let mut now = Duration::ZERO;
    // A driver that accepts everything comes first: most of what a model does, it does for one.
    bench.accept(Features(u128::MAX));
    while let Some(step) = input.byte() {
        let answers = match step {
            0..=15 => {
                bench.reset();
                let mask = u128::from(input.number()) | u128::from(input.number()) << 64;
                bench.accept(Features(mask));
                Vec::new()
            }
            16..=31 => {
                let (offset, len) = (input.byte().unwrap_or(0), input.byte().unwrap_or(0) % 9);
                bench.write_config(offset.into(), input.take(len.into()))
            }
            32..=39 => {
                now += Duration::from_millis(u64::from(input.byte().unwrap_or(0)) * 16);
                bench.tick(now)
            }
            40..=55 => bench.control(&input.control()),
            // Any descriptors.
            56..=95 => {
                let (queue, count) = (u16::from(input.byte().unwrap_or(0)) % queues, input.byte().unwrap_or(0) % 9);
                let descs = (0..count).map(|_| {
                    let [addr, len] = [input.number(), input.number()];
                    // Half of them lie in memory, and few are long.
                    let addr = if len & 0x80 == 0 { addr % bench.size } else { addr };
                    let flags = (len >> 32) as u16;
                    Desc { addr, len: if len & 0xff == 0xff { len as u32 } else { len as u32 % 0x2000 }, id: 0, flags }
                });
                let descs = descs.collect();
                bench.put(queue, descs)
            }
            // A request with these bytes.
            _ => {
                let queue = u16::from(input.byte().unwrap_or(0)) % queues;
                let (len, room) = (input.byte().unwrap_or(0), input.byte().unwrap_or(0));
                let bytes = input.take(len.into());
                let (first, second) = bytes.split_at(bytes.len().min(usize::from(room & 0x3f)));
                let room = u32::from(room) * 8;
                let shapes: [(&[&[u8]], &[u32]); 4] =
                    [(&[bytes], &[room]), (&[first, second], &[1, room]), (&[bytes], &[]), (&[], &[room, 1])];
                let (readable, writable) = shapes[usize::from(step) % shapes.len()];
                bench.ask(queue, readable, writable)
            }
        };
        for answer in answers {
            let room = answer.bytes.len();
            assert!(answer.written as usize <= room, "{} bytes written where there is room for {room}", answer.written);
        }
    }
}

/// Bytes that are read one after the other; zeroes behind the end.
struct Input<'p>(&'p [u8]);

impl<'p> Input<'p> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, len: usize) -> &'p [u8] {
        let (bytes, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    fn number(&mut self) -> u64 {
        let mut bytes = [0; 8];
        let given = self.take(8);
        bytes[..given.len()].copy_from_slice(given);
        u64::from_le_bytes(bytes)
    }

    fn control(&mut self) -> Control {
        let (which, value) = (self.byte().unwrap_or(0), self.number());
        match which % 9 {
            0 => Control::Frame(self.take(value as usize & 0x7ff).to_vec()),
            1 => Control::Link(value & 1 != 0),
            2 => Control::Announce,
            3 => {
                let events = self.take(value as usize & 0x7f).as_chunks().0;
                Control::Input(events.iter().map(|bytes| InputEvent::from_le_bytes(*bytes)).collect())
            }
            4 => Control::Display { scanout: 0, width: value as u32, height: (value >> 32) as u32 },
            5 => Control::TransportReset { guest_cid: value as u32 },
            6 => Control::Connect { port: value as u32 },
            7 => Control::ConsoleInput(self.take(value as usize & 0x3f).to_vec()),
            _ => Control::Capacity(value & 0xffff),
        }
    }
}
