//! Several queues, on several CPUs.

use alloc::{format, sync::Arc, vec, vec::Vec};

use parakit::device::Share;
use parakit::device::block::{BlockHub, BlockOptions, BlockQueue, HeapStorage, MultiBlock, Operation, RequestId};
use parakit::platform::{DmaBox, Platform};
use parakit::transport::Transport;
use parakit_abi::device::DeviceType;

use crate::common::{PATIENCE_MS, ensure, find, record, start};
use crate::pattern::{Random, fill, first_wrong};
use crate::{Cpu, Env, Failure};

/// Most queues that the workloads ask for.
const QUEUES: usize = 8;
/// Sectors of a block, the unit in which a worker remembers what the disk holds.
const BLOCK: u64 = 8;
/// Requests of a queue in flight.
const IN_FLIGHT: usize = 12;

/// A lock that spins: the drivers run in ring 3 or on threads, where nothing interrupts who holds it for long.
pub(crate) struct Locked<T>(spin::Mutex<T>);

impl<T> Share for Locked<T> {
    type Driver = T;

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.lock())
    }
}

/// Memory of a request.
type Memory<P> = Vec<DmaBox<P>>;
type Disks<T, P> = MultiBlock<T, P, Memory<P>, HeapStorage<P, Memory<P>>, QUEUES>;
type Hub<T, P> = Arc<BlockHub<Locked<Disks<T, P>>>>;
/// The hub of an environment's disk.
type HubOf<E> = Hub<<E as Env>::Transport, <E as Env>::Platform>;
type WorkerOf<E> = Worker<<E as Env>::Transport, <E as Env>::Platform>;

/// Brings up the first block device with a queue a CPU, or with `least` queues.
fn open<E: Env>(env: &E, least: usize) -> Result<(usize, HubOf<E>), Failure> {
    let device = find(env, DeviceType::BLOCK)?;
    let options = BlockOptions { queue_size: 64, ..BlockOptions::default() };
    let wanted = env.cpus().max(least) as u16;
    let disk = MultiBlock::new(start(env, device)?, wanted, |_| HeapStorage::new(options.queue_size), options);
    let disk = disk.map_err(|e| Failure::of("block device", e))?;
    env.first_queue_operation();
    let hub = Arc::new(BlockHub::new(Locked(spin::Mutex::new(disk))));
    env.agreed(device, hub.accepted());
    Ok((device, hub))
}

/// What a worker did.
#[derive(Default)]
struct Done {
    reads: u64,
    writes: u64,
    notifications: u64,
}

/// A queue and the part of the disk that its worker has to itself.
struct Worker<T: Transport, P: Platform + Clone> {
    device: usize,
    queue: BlockQueue<Hub<T, P>>,
    seed: u64,
    chance: Random,
    /// First block of its part.
    first: u64,
    /// Version of the contents of each block of its part; 0: not written.
    versions: Vec<u32>,
    /// Interrupts on the one line of all queues when this worker acknowledged it last: if more came since, one may be left.
    handled: u32,
    flights: Vec<(RequestId, u64, bool)>,
    spare: Vec<Memory<P>>,
    done: Done,
}

impl<T: Transport, P: Platform + Clone> Worker<T, P> {
    /// The worker on `queue`, with part `part` of `parts` of the disk.
    fn new<E: Env<Transport = T, Platform = P>>(
        env: &E,
        device: usize,
        queue: BlockQueue<Hub<T, P>>,
        part: u64,
        parts: u64,
    ) -> Result<Self, Failure> {
        let blocks = (queue.capacity() / BLOCK / parts).min(256);
        ensure(blocks > 0, || format!("a disk of {} sectors is too small for {parts} parts", queue.capacity()))?;
        let mut spare = Vec::new();
        for _ in 0..IN_FLIGHT.min(queue.depth().into()).min(blocks as usize) {
            let piece = DmaBox::new(env.platform(), BLOCK as usize * 512, 512);
            spare.push(vec![piece.map_err(|e| Failure::of("buffer", e))?]);
        }
        ensure(!spare.is_empty(), || "the queue has no room for a request")?;
        Ok(Self {
            device,
            seed: env.seed(),
            chance: Random::new(env.seed() ^ (part + 1) << 32),
            first: part * blocks,
            versions: vec![0; blocks as usize],
            queue,
            handled: env.interrupts(device),
            flights: Vec::new(),
            spare,
            done: Done::default(),
        })
    }

    /// Submits `requests` requests at random blocks, and fetches them as they finish; some may stay in flight.
    fn run(&mut self, cpu: &impl Cpu, requests: u64) -> Result<(), Failure> {
        for _ in 0..requests {
            let index = self.chance.below(self.versions.len() as u64);
            let read = self.chance.below(2) == 0;
            self.submit(cpu, index, read)?;
        }
        Ok(())
    }

    fn submit(&mut self, cpu: &impl Cpu, index: u64, read: bool) -> Result<(), Failure> {
        while self.spare.is_empty() || self.flights.iter().any(|(_, other, _)| *other == index) {
            self.fetch(cpu)?;
        }
        let Some(mut buffer) = self.spare.pop() else { return Ok(()) };
        let sector = (self.first + index) * BLOCK;
        let operation = if read {
            self.done.reads += 1;
            Operation::Read { sector, buffer }
        } else {
            self.done.writes += 1;
            self.versions[index as usize] += 1;
            fill(self.seed, sector, self.versions[index as usize], &mut buffer[0]);
            Operation::Write { sector, buffer }
        };
        let id = self.queue.submit(operation).map_err(|rejected| Failure::of("submit", rejected.error))?;
        self.flights.push((id, index, read));
        Ok(())
    }

    /// Fetches one request, waiting for the queue's own interrupt, and checks what it read.
    fn fetch(&mut self, cpu: &impl Cpu) -> Result<(), Failure> {
        let finished = loop {
            if let Some(finished) = self.queue.poll() {
                break finished;
            }
            if let Some(fault) = self.queue.fault() {
                return Err(Failure::of("block device", fault));
            }
            self.wait(cpu)?;
        };
        finished.result.map_err(|e| Failure::of("request", e))?;
        let at = self.flights.iter().position(|(id, ..)| *id == finished.id);
        let (_, index, read) =
            self.flights.swap_remove(at.ok_or_else(|| Failure::new("a request of another queue came back"))?);
        let buffer = finished.buffer.ok_or_else(|| Failure::new("a request came back without its buffer"))?;
        let (sector, version) = ((self.first + index) * BLOCK, self.versions[index as usize]);
        if read && version > 0 {
            let wrong = first_wrong(self.seed, sector, version, &buffer[0]);
            ensure(wrong.is_none(), || format!("sector {sector} does not hold what write {version} put there"))?;
        }
        self.spare.push(buffer);
        Ok(())
    }

    fn wait(&mut self, cpu: &impl Cpu) -> Result<(), Failure> {
        let flying = self.flights.len();
        let late = || Failure::new(format!("no interrupt in {PATIENCE_MS} ms with {flying} requests in flight"));
        match self.queue.vector() {
            // A vector of its own: no register is read.
            Some(vector) => {
                let seen = cpu.vector_interrupts(self.device, vector);
                if !self.queue.arm() && !cpu.wait_vector(self.device, vector, seen, PATIENCE_MS) {
                    return Err(late());
                }
                self.queue.collect();
            }
            // One line for all queues: whoever comes first acknowledges it for the others, which see the same interrupt.
            None => {
                if self.queue.arm() {
                    return Ok(());
                }
                if !cpu.wait_interrupt(self.device, self.handled, PATIENCE_MS) {
                    return Err(late());
                }
                // Read first: one that comes in between is then seen to have come.
                self.handled = cpu.interrupts(self.device);
                self.queue.handle_interrupt();
            }
        }
        Ok(())
    }

    /// Reads everything that was written once more, and waits for all of it.
    fn verify(&mut self, cpu: &impl Cpu) -> Result<(), Failure> {
        for index in 0..self.versions.len() as u64 {
            if self.versions[index as usize] > 0 {
                self.submit(cpu, index, true)?;
            }
        }
        self.drain(cpu)
    }

    fn drain(&mut self, cpu: &impl Cpu) -> Result<(), Failure> {
        while !self.flights.is_empty() {
            self.fetch(cpu)?;
        }
        self.done.notifications = self.queue.counters().notifications;
        Ok(())
    }
}

/// Takes all queues of a hub.
fn workers<E: Env>(env: &E, device: usize, hub: &HubOf<E>) -> Result<Vec<WorkerOf<E>>, Failure> {
    let count = hub.queues();
    (0..count)
        .map(|index| {
            let queue = BlockHub::queue(hub.clone(), index);
            let queue = queue.ok_or_else(|| Failure::new(format!("queue {index} of {count} is taken")))?;
            Worker::new(env, device, queue, index.into(), count.into())
        })
        .collect()
}

/// `blk-mq`: a queue for each CPU, on which it writes and reads at random places of its own part of the disk, beside the others,
/// and checks every read; with MSI-X each queue interrupts on a vector of its own.
///
/// Parameter 0: requests of each queue; 0 for 1000. Writes to the disk. Records `queues`, `cpus`, `reads`, `writes`, `doorbells`,
/// `vectors` (distinct ones of queues; 0 without MSI-X), `interrupts` (of them all), and `ns`.
pub(crate) fn several<E: Env>(env: &E) -> Result<(), Failure> {
    let (device, hub) = open(env, 1)?;
    let (began, before) = (env.now_ns(), env.interrupts(device));
    let requests = if env.param(0) == 0 { 1000 } else { env.param(0) };
    let (queues, cpus) = (hub.queues(), env.cpus());
    let workers = workers(env, device, &hub)?;
    let mut vectors: Vec<_> = workers.iter().filter_map(|worker| worker.queue.vector()).collect();
    let at_start: Vec<_> = vectors.iter().map(|&v| env.vector_interrupts(device, v)).collect();
    let mut jobs = Vec::new();
    // CPU 0 last: what it is given runs at once, and the others are to run beside it.
    for (index, mut worker) in workers.into_iter().enumerate().rev() {
        jobs.push(env.run_on(index % cpus, move |cpu| {
            worker.run(cpu, requests)?;
            worker.verify(cpu)?;
            Ok::<_, Failure>(core::mem::take(&mut worker.done))
        })?);
    }
    let mut total = Done::default();
    for job in jobs {
        let done = env.join(job)??;
        ensure(done.reads + done.writes >= requests, || "a queue did less than it was told")?;
        total.reads += done.reads;
        total.writes += done.writes;
        total.notifications += done.notifications;
    }
    for (&vector, before) in vectors.iter().zip(at_start) {
        // A queue that is worked on for long enough has to wait at least once.
        let came = env.vector_interrupts(device, vector).wrapping_sub(before);
        ensure(came > 0, || format!("no interrupt came on vector {vector}, which a queue has"))?;
    }
    vectors.sort_unstable();
    vectors.dedup();
    record(env, "queues", queues.into());
    record(env, "cpus", cpus as u64);
    record(env, "reads", total.reads);
    record(env, "writes", total.writes);
    record(env, "doorbells", total.notifications);
    record(env, "vectors", vectors.len() as u64);
    record(env, "interrupts", env.interrupts(device).wrapping_sub(before).into());
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}

/// `smp-share`: two queues (or one) that wander from CPU to CPU with requests in flight; what was submitted on one CPU is
/// fetched on another, and handles are given back and taken again there.
///
/// Parameter 0: rounds; 0 for 12. Writes to the disk. Records `queues`, `cpus`, `moves`, `reads`, `writes` and `ns`.
pub(crate) fn share<E: Env>(env: &E) -> Result<(), Failure> {
    const REQUESTS: u64 = 40;
    let (device, hub) = open(env, 2)?;
    let began = env.now_ns();
    let rounds = if env.param(0) == 0 { 12 } else { env.param(0) };
    let cpus = env.cpus();
    let mut workers = workers(env, device, &hub)?;
    let mut moves = 0u64;
    for round in 0..rounds as usize {
        let last = round + 1 == rounds as usize;
        let mut jobs = Vec::new();
        for (index, mut worker) in workers.drain(..).enumerate().rev() {
            let hub = hub.clone();
            jobs.push(env.run_on((round + index) % cpus, move |cpu| {
                worker.run(cpu, REQUESTS)?;
                if last {
                    worker.verify(cpu)?;
                }
                // Back to the hub, and out of it again, with what is in flight.
                let Worker { device, queue, seed, chance, first, versions, handled, flights, spare, done } = worker;
                let queue_index = queue.index();
                drop(queue);
                let queue = BlockHub::queue(hub, queue_index)
                    .ok_or_else(|| Failure::new(format!("queue {queue_index} did not come back")))?;
                Ok::<_, Failure>(Worker { device, queue, seed, chance, first, versions, handled, flights, spare, done })
            })?);
            moves += 1;
        }
        for job in jobs.into_iter().rev() {
            workers.push(env.join(job)??);
        }
    }
    record(env, "queues", workers.len() as u64);
    record(env, "cpus", cpus as u64);
    record(env, "moves", moves);
    record(env, "reads", workers.iter().map(|worker| worker.done.reads).sum());
    record(env, "writes", workers.iter().map(|worker| worker.done.writes).sum());
    record(env, "ns", env.now_ns().saturating_sub(began));
    Ok(())
}
