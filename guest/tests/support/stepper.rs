//! Driver and device on one thread, one step at a time in the order that a seed chooses, against a model.

use std::collections::HashMap;

use parakit::{
    platform::Platform,
    queue::{QueueOptions, ReadWrite, Slot, SplitQueue, Token},
    transport::ResetProof,
};

use super::{
    Random,
    device::{Device, Taken},
    platform::Tracked,
};

pub type Request = ReadWrite<Vec<Box<[u8]>>, Vec<Box<[u8]>>>;
pub type Queue<P> = SplitQueue<P, Request, Box<[Slot<Request>]>>;

pub fn queue<P: Platform>(platform: P, size: u16, event_idx: bool) -> Queue<P> {
    SplitQueue::detached(platform, Slot::boxed(size.into()), QueueOptions::default(), super::event_idx(event_idx))
        .unwrap()
}

pub fn areas(a: parakit::transport::QueueAddresses) -> [u64; 3] {
    [a.descriptor, a.driver, a.device]
}

/// What the driver should get back for a chain.
struct Expected {
    id: u64,
    descriptors: u16,
    /// Once the device has used it: what it wrote.
    written: Option<Vec<u8>>,
}

/// What happened, so that tests can see that a run reached what it is about.
#[derive(Debug, Default)]
pub struct Counts {
    pub completed: u64,
    pub notifications: u64,
    pub publications: u64,
    pub interrupts: u64,
    pub out_of_order: u64,
    pub full: u64,
}

pub struct Options {
    pub size: u16,
    pub event_idx: bool,
    pub steps: u64,
    pub longest_chain: u64,
}

/// Runs driver and device for a while and then until all is done; panics when anything is not as it must be.
pub fn run(seed: u64, options: &Options) -> Counts {
    let platform = Tracked::new();
    let mut random = Random::new(seed);
    let mut queue = queue(platform.clone(), options.size, options.event_idx);
    let mut device = Device::new(platform.clone(), areas(queue.addresses()), options.size, options.event_idx);
    let mut counts = Counts::default();
    let mut flying: HashMap<Token, Expected> = HashMap::new();
    let mut heads: HashMap<u16, Token> = HashMap::new();
    let mut taken: Vec<Taken> = Vec::new();
    let mut next_id = 0u64;
    // Both sides sleep until they are told, as real ones do.
    let (mut device_awake, mut driver_awake) = (true, true);

    for step in 0.. {
        let ending = step >= options.steps;
        if ending && flying.is_empty() {
            break;
        }
        assert!(step < 10 * options.steps + 100_000, "somebody sleeps for ever: {counts:?}, {queue:?}");
        match random.below(10) {
            // Driver: adds.
            0..=2 if !ending => {
                let readable = random.below(options.longest_chain + 1);
                let writable = random.below(options.longest_chain + 1 - readable);
                let mut segment = |fill: Option<u64>| {
                    let len = 1 + random.below(12) as usize;
                    let byte = fill.map_or(0xee, |id| id as u8);
                    vec![byte; len].into_boxed_slice()
                };
                let request = ReadWrite {
                    readable: (0..readable).map(|_| segment(Some(next_id))).collect(),
                    writable: (0..writable).map(|_| segment(None)).collect::<Vec<_>>(),
                };
                let descriptors = (readable + writable) as u16;
                match queue.add(request) {
                    Ok(token) => {
                        assert!(descriptors > 0);
                        let old = flying.insert(token, Expected { id: next_id, descriptors, written: None });
                        assert!(old.is_none(), "a token names two chains");
                        heads.insert(token.index() as u16, token);
                        next_id += 1;
                    }
                    Err(e) => {
                        assert!(descriptors == 0 || descriptors > queue.free(), "{e}");
                        counts.full += u64::from(descriptors != 0);
                    }
                }
            }
            // Driver: publishes.
            3 => {
                let before = device.avail_idx();
                if queue.publish().is_some() {
                    counts.notifications += 1;
                    device_awake = true;
                }
                counts.publications += u64::from(device.avail_idx() != before);
            }
            4 if ending => device_awake |= queue.publish().is_some(),
            // Driver: drains when it was interrupted, arms, looks again.
            4 | 5 if driver_awake => {
                if random.chance(3) {
                    queue.disable_interrupts();
                }
                let most = if random.chance(2) { u64::MAX } else { random.below(4) };
                let mut n = 0;
                while n < most {
                    let Some(done) = queue.poll().expect("the device behaves") else { break };
                    let expected = flying.remove(&done.token).expect("a chain in flight");
                    heads.remove(&(done.token.index() as u16));
                    let written = expected.written.expect("the device has used it");
                    assert!(done.chain.readable.iter().all(|s| s.iter().all(|&b| b == expected.id as u8)));
                    let bytes = done.chain.writable.concat();
                    assert_eq!(bytes[..written.len()], written);
                    assert!(bytes[written.len()..].iter().all(|&b| b == 0xee));
                    assert_eq!(done.written as usize, written.len());
                    counts.completed += 1;
                    n += 1;
                }
                if n < most {
                    let again = if random.chance(2) {
                        queue.enable_interrupts()
                    } else {
                        queue.enable_interrupts_after(1 + random.below(4) as u16)
                    };
                    driver_awake = again;
                }
            }
            // Device: takes.
            6 | 7 if device_awake => match device.take() {
                Some(chain) => {
                    let token = heads[&chain.head];
                    let expected = &flying[&token];
                    assert_eq!(chain.segments.len(), usize::from(expected.descriptors));
                    assert!(device.read(&chain).iter().all(|&b| b == expected.id as u8));
                    taken.push(chain);
                }
                None if random.chance(2) => device.refuse_notifications(),
                None => device_awake = device.want_notification(),
            },
            // Device: uses one of those it has, any of them, and shows it now or later.
            8 if !taken.is_empty() => {
                let pick = random.below(taken.len() as u64) as usize;
                counts.out_of_order += u64::from(pick != 0);
                let chain = taken.swap_remove(pick);
                let bytes: Vec<u8> = (0..random.below(chain.writable_len() + 1)).map(|i| i as u8).collect();
                device.write(&chain, &bytes);
                device.use_chain(chain.head.into(), bytes.len() as u32);
                flying.get_mut(&heads[&chain.head]).unwrap().written = Some(bytes);
            }
            9 => {
                let interrupt = device.show();
                counts.interrupts += u64::from(interrupt);
                driver_awake |= interrupt;
            }
            _ => {}
        }
        let descriptors: u16 = flying.values().map(|e| e.descriptors).sum();
        assert_eq!(queue.free() + descriptors, queue.size());
        assert_eq!(usize::from(queue.in_flight()), flying.len());
        assert_eq!(platform.shared(), usize::from(descriptors));
    }
    // SAFETY: the device is dropped here and never looks again.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    assert_eq!(queue.retire(&proof).unwrap().count(), 0);
    drop(queue);
    assert_eq!((platform.shared(), platform.allocated()), (0, 0));
    counts
}
