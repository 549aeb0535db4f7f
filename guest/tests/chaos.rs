//! The drivers against devices that do anything at all, right or wrong, as a seed has it: nothing panics, nothing hangs,
//! no buffer comes back twice, and everything is freed once the device has reset.

mod support;

use std::cell::RefCell;

use parakit::{
    device::{
        block::{
            AsyncBlock, Block, BlockHub, BlockOptions, BlockQueue, HeapStorage, MultiBlock, Operation, SectorRange,
        },
        console::{Console, ConsoleOptions, EarlyConsole, HeapConsoleStorage},
        entropy::Entropy,
    },
    queue::Slot,
    transport::{Device, MmioTransport, Negotiating},
};
use support::{
    Random, device,
    platform::{Memory, Tracked},
    ring::Ring,
    window::{Model, Window},
};

const SEEDS: u64 = if cfg!(miri) { 3 } else { 1000 };
const STEPS: u64 = if cfg!(miri) { 30 } else { 120 };

struct Queue {
    max: u32,
    size: u32,
    ready: u32,
    address: [u32; 6],
    ring: Option<Ring<Tracked>>,
    held: Vec<device::Taken>,
}

struct State {
    memory: Tracked,
    random: Random,
    id: u32,
    features: u128,
    accepted: u128,
    select: [u32; 3],
    status: u32,
    queues: Vec<Queue>,
    config: Vec<u8>,
    /// One in how many actions is wrong; 0 for none.
    wrong: u64,
    /// In which ways.
    kinds: u64,
    /// The status does not go to 0.
    stuck: bool,
    /// A reset was asked for in vain.
    refused: bool,
}

type Chaos = Window<State>;

impl Chaos {
    fn new(memory: &Tracked, id: u32, queues: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let max = 1u32 << random.below(8);
        let queue = || Queue { max, size: 0, ready: 0, address: [0; 6], ring: None, held: Vec::new() };
        let mut config = vec![0; 96];
        config[0] = 64; // sectors
        for at in [8, 12, 36, 40, 48, 52] {
            config[at + random.below(3) as usize] = 1 + random.below(8) as u8;
        }
        config[34] = queues as u8;
        config[20..24].copy_from_slice(&512u32.to_le_bytes());
        let features = u128::from(random.next()) | 1 << 32;
        Self::of(State {
            memory: memory.clone(),
            wrong: [0, 3, 10, 50][random.below(4) as usize],
            kinds: random.next() & random.next(),
            random,
            id,
            features,
            accepted: 0,
            select: [0; 3],
            status: 0,
            queues: (0..queues).map(|_| queue()).collect(),
            config,
            stuck: false,
            refused: false,
        })
    }
}

impl State {
    /// Whether the device does wrong now in way `kind`. Each device has some ways only: one that does everything wrong is
    /// found out before it comes to the others.
    fn is_wrong(&mut self, kind: u32) -> bool {
        self.wrong != 0 && self.kinds >> kind & 1 == 1 && self.random.chance(self.wrong)
    }

    /// Gives each queue that is ready its ring.
    fn start_queues(&mut self) {
        let (memory, accepted) = (&self.memory, self.accepted);
        for queue in self.queues.iter_mut().filter(|q| q.ready == 1 && q.ring.is_none()) {
            let area = |i: usize| u64::from(queue.address[i]) | u64::from(queue.address[i + 1]) << 32;
            let areas = [area(0), area(2), area(4)];
            queue.ring = Some(Ring::new(memory.clone(), areas, queue.size as u16, accepted));
        }
    }

    /// The device does a little of what it does.
    fn act(&mut self) {
        if self.status & 16 != 0 {
            return;
        }
        for i in 0..self.queues.len() {
            let Some(mut ring) = self.queues[i].ring.take() else { continue };
            for _ in 0..self.random.below(3) {
                if let Some(taken) = ring.take() {
                    self.queues[i].held.push(taken);
                }
            }
            while !self.queues[i].held.is_empty() && self.random.chance(2) {
                let pick = self.random.below(self.queues[i].held.len() as u64) as usize;
                let taken = self.queues[i].held.swap_remove(pick);
                let len = taken.writable_len() as usize;
                let mut bytes = vec![0; len];
                if self.is_wrong(0) {
                    bytes.truncate(self.random.below(len as u64 + 1) as usize);
                    bytes.fill(self.random.next() as u8);
                }
                // A chain that it has lied about before may be gone.
                let there = |s: &device::Segment| self.memory.at(s.address, s.len as usize, s.writable).is_some();
                if taken.segments.iter().all(there) {
                    ring.write(&taken, &bytes);
                }
                let (mut id, mut used) = (taken.head.into(), bytes.len() as u32);
                if self.is_wrong(1) {
                    id = [0, 1, self.random.next() as u32, self.queues[i].size][self.random.below(4) as usize];
                }
                if self.is_wrong(2) {
                    used = [0, used + 1, u32::MAX, self.random.next() as u32][self.random.below(4) as usize];
                }
                ring.use_chain(&taken, id, used);
            }
            if self.random.chance(2) {
                ring.show();
            }
            if self.random.chance(2) {
                let _ = ring.want_notification();
            }
            if self.is_wrong(3) && self.random.chance(4) {
                let (at, len) = ring.areas()[2];
                let at = at + self.random.below(len);
                ring.poke(at, self.random.next() as u8);
            }
            if self.is_wrong(4) && self.random.chance(8) {
                match &mut ring {
                    // Back to where it was, sometimes.
                    Ring::Split(ring) => ring.poke_used_idx(ring.used_idx().wrapping_sub(self.random.below(3) as u16)),
                    Ring::Packed(ring) => {
                        let (id, len) = (self.random.below(8) as u16, self.random.below(600) as u32);
                        ring.poke_used(self.random.below(3) as u16, id, len);
                    }
                }
            }
            self.queues[i].ring = Some(ring);
        }
        if self.is_wrong(5) && self.random.chance(4) {
            // What requests are limited by.
            let at = 8 + self.random.below(4) as usize;
            self.config[at] = self.random.below(4) as u8;
        }
        if self.is_wrong(8) && self.random.chance(4) {
            let at = self.random.below(self.config.len() as u64) as usize;
            self.config[at] = self.random.next() as u8;
        }
        if self.is_wrong(6) && self.random.chance(30) {
            self.stuck = !self.stuck;
        }
    }
}

impl Model for State {
    const LEN: u64 = 0x160;

    fn notified(&mut self) {
        // Mostly enough to answer, so that calls that wait see more than their time run out.
        (0..24).for_each(|_| self.act());
    }

    fn read(&mut self, offset: u64, width: usize) -> u32 {
        self.act();
        let any = self.random.next() as u32;
        if let Some(at) = offset.checked_sub(0x100) {
            let mut bytes = [0; 4];
            bytes[..width].copy_from_slice(&self.config[at as usize..at as usize + width]);
            return u32::from_le_bytes(bytes);
        }
        let selected = self.select[2] as usize;
        let wrong = self.is_wrong(7) && self.random.chance(3);
        match offset {
            0x000 => 0x7472_6976,
            0x004 => 2,
            0x008 => self.id,
            0x010 => (self.features >> (32 * self.select[0])) as u32,
            0x034 if wrong => any >> (any & 31),
            0x034 => self.queues.get(selected).map_or(0, |q| q.max),
            0x044 => self.queues.get(selected).map_or(0, |q| q.ready),
            0x060 => any & 3,
            0x0c0 if wrong => any & 1,
            0x0c0 => 0,
            0x070 if wrong => any | 1,
            0x070 => self.status,
            0x0fc if wrong => any,
            0x0fc => 0,
            _ => panic!("read of register {offset:#x}"),
        }
    }

    fn write(&mut self, offset: u64, _: usize, value: u32) {
        self.act();
        if offset >= 0x100 {
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
                if self.status & 4 != 0 {
                    self.start_queues();
                }
            }
            0x050 => assert!(self.status & 4 != 0, "a notification before DRIVER_OK"),
            0x0c0 if self.stuck => self.refused = true,
            0x0c0 => {
                let queue = &mut self.queues[selected];
                (queue.ready, queue.ring) = (0, None);
                queue.held.clear();
            }
            // Suspended, and resumed: DRIVER_OK goes, and SUSPEND goes. Or not.
            0x070 if value & 16 != 0 && self.status & 4 != 0 => {
                if !self.stuck {
                    self.status = value & !4;
                }
            }
            0x070 if value & 16 != 0 && value & 4 != 0 => {
                if !self.stuck {
                    self.status = value & !16;
                }
            }
            0x064 => {}
            0x070 => {
                if value == 0 {
                    if self.stuck {
                        self.refused = true;
                        return;
                    }
                    self.accepted = 0;
                    for queue in &mut self.queues {
                        (queue.ready, queue.ring) = (0, None);
                        queue.held.clear();
                    }
                }
                self.status = value;
                if value & 4 != 0 {
                    self.start_queues();
                }
            }
            0x080 | 0x084 | 0x090 | 0x094 | 0x0a0 | 0x0a4 => {
                let i = (offset >> 4 & 3) * 2 + (offset >> 2 & 1);
                self.queues[selected].address[i as usize] = value;
            }
            _ => panic!("write of register {offset:#x}"),
        }
    }
}

fn start(chaos: &Chaos, platform: &Tracked) -> Option<Device<Tracked, MmioTransport<Chaos>, Negotiating>> {
    let transport = MmioTransport::probe(chaos.clone()).unwrap().unwrap();
    Device::start(platform.clone(), transport).ok()
}

/// Runs `work`, which returns whether it got a driver, against many devices.
fn many(id: u32, queues: usize, work: impl Fn(&Chaos, &Tracked, &mut Random) -> Option<()>) {
    let mut brought_up = 0;
    for seed in 0..SEEDS {
        let platform = Tracked::new();
        let chaos = Chaos::new(&platform, id, queues, seed);
        let mut random = Random::new(seed ^ 0xabcd);
        brought_up += u64::from(work(&chaos, &platform, &mut random).is_some());
        let live = chaos.with(|s| s.queues.iter().any(|q| q.ring.is_some()));
        if !live && !chaos.with(|s| s.refused) {
            assert_eq!(platform.shared(), 0, "seed {seed}: reset, and not given back");
        }
        // SAFETY: the device does nothing any more.
        unsafe { platform.forget_leaked_rings() };
    }
    assert!(brought_up > SEEDS / 4, "only {brought_up} of {SEEDS} came up");
}

#[test]
fn block() {
    many(2, 1, |chaos, platform, random| {
        let options = BlockOptions { copy_bytes: 2048, ..BlockOptions::default() };
        let disk = Block::<_, _, Vec<u8>, _>::new(start(chaos, platform)?, HeapStorage::new(64), options).ok()?;
        let disk = AsyncBlock::new(RefCell::new(disk));
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        let (mut futures, mut flying, mut fetched) = (Vec::new(), 0u64, 0u64);
        for _ in 0..STEPS {
            let sector = random.below(66);
            let mut blocking = disk.driver().borrow_mut();
            match random.below(16) {
                0 => drop(blocking.read(sector, &mut vec![0; 512 * random.below(8) as usize])),
                1 => drop(blocking.write(sector, &vec![0; 512 * random.below(8) as usize])),
                2 => drop(blocking.flush()),
                3 => drop(blocking.device_id()),
                4 => drop(blocking.discard(&[SectorRange { sector, sectors: 2 }])),
                5 => drop(blocking.write_zeroes(&[SectorRange { sector, sectors: 2 }], true)),
                6 | 7 => {
                    let buffer = vec![1; 512 * (1 + random.below(3) as usize)];
                    flying += u64::from(blocking.submit(Operation::Read { sector, buffer }).is_ok());
                }
                8 => fetched += u64::from(blocking.poll().is_some()),
                9 => {
                    for _ in 0..1000 {
                        if !blocking.arm_after(random.below(4) as u16) {
                            break;
                        }
                        match blocking.poll() {
                            Some(_) => fetched += 1,
                            None => break,
                        }
                    }
                }
                10 => {
                    blocking.handle_interrupt();
                }
                11 => drop(blocking.read_owned(sector, vec![0; 512])),
                12 if random.chance(20) => drop(blocking.reset()),
                12 if random.chance(2) => drop(blocking.reset_queue()),
                12 => {
                    let size = 1 << random.below(7);
                    let _ = blocking.enable_queue(Slot::boxed(size), size as u16);
                }
                13 if random.chance(3) => drop(blocking.suspend()),
                13 => drop(blocking.resume()),
                _ => {
                    drop(blocking);
                    match random.below(4) {
                        0 => {
                            futures.push(Box::pin(disk.read(sector, vec![0; 512])));
                        }
                        1 if !futures.is_empty() => {
                            drop(futures.swap_remove(random.below(futures.len() as u64) as usize));
                        }
                        2 => drop(disk.handle_interrupt()),
                        _ => futures.retain_mut(|future| future.as_mut().poll(&mut context).is_pending()),
                    }
                }
            }
            assert!(fetched <= flying, "a request came back twice");
        }
        Some(())
    });
}

#[test]
fn several_queues() {
    many(2, 3, |chaos, platform, random| {
        let options = BlockOptions { copy_bytes: 1024, ..BlockOptions::default() };
        let started = start(chaos, platform)?;
        let multi = MultiBlock::<_, _, Vec<u8>, _, 3>::new(started, 3, |_| HeapStorage::new(32), options).ok()?;
        let hub = BlockHub::new(RefCell::new(multi));
        let mut taken: [Option<BlockQueue<&BlockHub<_>>>; 3] = [const { None }; 3];
        let (mut flying, mut fetched) = (0u64, 0u64);
        for _ in 0..STEPS {
            let pick = random.below(3) as usize;
            let Some(queue) = &mut taken[pick] else {
                match random.below(8) {
                    0 => drop(hub.handle_interrupt()),
                    1 if random.chance(4) => drop(hub.suspend()),
                    1 => drop(hub.resume()),
                    2 if random.chance(20) => drop(hub.reset()),
                    _ => taken[pick] = BlockHub::queue(&hub, pick as u16),
                }
                continue;
            };
            let (sector, buffer) = (random.below(66), vec![0; 512]);
            match random.below(10) {
                0 => drop(queue.read(sector, &mut vec![0; 1536])),
                1..=3 => flying += u64::from(queue.submit(Operation::Read { sector, buffer }).is_ok()),
                4 | 5 => fetched += u64::from(queue.poll().is_some()),
                6 => drop((queue.arm(), queue.handle_interrupt())),
                7 if random.chance(8) => drop(queue.reset_queue()),
                7 => drop(queue.enable_queue(Slot::boxed(16), 1 << random.below(5))),
                8 => taken[pick] = None,
                _ => queue.kick(),
            }
            assert!(fetched <= flying, "a request came back twice");
        }
        Some(())
    });
}

#[test]
fn console() {
    many(3, 2, |chaos, platform, random| {
        let options = ConsoleOptions { receive_buffers: 4, receive_bytes: 16, ..ConsoleOptions::default() };
        let early = EarlyConsole::new(start(chaos, platform)?).ok()?;
        let mut console: Console<_, _, Vec<u8>, _> = early.start(HeapConsoleStorage::new(&options), options).ok()?;
        let (mut flying, mut fetched) = (0u64, 0u64);
        for _ in 0..STEPS {
            match random.below(8) {
                0 => drop(console.receive(&mut vec![0; random.below(40) as usize])),
                1 => drop(console.write(&vec![0; random.below(2000) as usize])),
                2 => drop(console.write_all(&vec![0; random.below(3000) as usize])),
                3 => flying += u64::from(console.send(vec![0; random.below(9) as usize]).is_ok()),
                4 => fetched += u64::from(console.poll_sent().is_some()),
                5 => drop((console.arm(), console.size(), console.emergency_write(b"x"))),
                6 if random.chance(30) => drop(console.reset()),
                _ => drop(console.handle_interrupt()),
            }
            assert!(fetched <= flying, "a buffer came back twice");
        }
        Some(())
    });
}

#[test]
fn entropy() {
    many(4, 1, |chaos, platform, random| {
        let mut source = Entropy::new(start(chaos, platform)?).ok()?;
        for _ in 0..STEPS {
            match random.below(5) {
                0 => drop(source.fill(&mut vec![0; random.below(3000) as usize])),
                1 => drop(source.request(random.below(2000) as usize)),
                2 => drop(source.take(&mut vec![0; random.below(2000) as usize])),
                3 => drop(source.arm()),
                _ => drop(source.handle_interrupt()),
            }
        }
        Some(())
    });
}
