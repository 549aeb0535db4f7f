//! Fault 1: no full barrier between publishing and reading the suppression word, on either side of either ring.
//!
//! Driver and device race through the moments that matter:
//!
//! - *Kick*: the driver publishes a chain and asks whether to notify; the device asks for notifications and looks once
//!   more whether there is a chain.
//! - *Interrupt*: the device shows a used chain and asks whether to interrupt; the driver asks for interrupts and looks
//!   once more whether there is a used chain.
//!
//! If neither sees what the other wrote, the chain lies there and both sleep: a lost wake-up. Each alone is right only with
//! a full barrier in between.
//!
//! With `RUSTFLAGS="--cfg parakit_mutate_no_barrier"` the queues can be told to leave one of their four barriers out; the
//! test does that with each, and shows that it sees what is missing.

mod support;

use std::{
    sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use parakit::{
    queue::{Queue, QueueOptions, Readable, RingFeatures, Slot},
    transport::ResetProof,
};
use support::{
    device::Taken,
    platform::Identity,
    ring::{EVENT_IDX, RING_PACKED, Ring},
    stepper::areas,
};

/// How long a race without a barrier may go on until a wake-up is lost. Two free processors need a second, two busy ones a
/// minute.
const PATIENCE: Duration = Duration::from_secs(300);

/// So small that each side's words share a cache line, which is in both caches before the race.
const SIZE: u16 = 4;

/// Where the two threads meet. Spins, so that both leave at nearly the same time.
#[derive(Default)]
struct Meeting {
    here: [AtomicU64; 2],
}

impl Meeting {
    fn meet(&self, me: usize, round: u64) {
        self.here[me].store(round, Ordering::Release);
        let mut spins = 0u32;
        while self.here[1 - me].load(Ordering::Acquire) < round {
            spins += 1;
            if spins.is_multiple_of(1 << 14) {
                thread::yield_now(); // the other one may wait for this processor
            }
            std::hint::spin_loop();
        }
    }
}

/// Which moment is raced through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Kick,
    Interrupt,
}

/// Races `rounds` times, or (without a number) until a wake-up is lost or patience is over. Returns the number of lost
/// wake-ups.
fn race(packed: bool, moment: Moment, event_idx: bool, rounds: Option<u64>) -> u64 {
    let features = RingFeatures { packed, event_idx, ..RingFeatures::NONE };
    let mut queue = Queue::detached(Identity, Slot::boxed(SIZE.into()), QueueOptions::default(), features).unwrap();
    let areas = areas(queue.addresses());
    let bits = if packed { RING_PACKED } else { 0 } | if event_idx { EVENT_IDX } else { 0 };
    let mut device = Ring::new(Identity, areas, SIZE, bits);
    // Has the line of one of the areas in the cache.
    let touch = |area: usize| {
        let address = std::ptr::with_exposed_provenance_mut(areas[area] as usize);
        // SAFETY: each area begins with an aligned word of the ring, which is there until the end of this function.
        std::hint::black_box(unsafe { AtomicU16::from_ptr(address) }.load(Ordering::Relaxed));
    };
    let meeting = Meeting::default();
    // Whether driver and device know what the other one wrote.
    let (driver_knows, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut lost = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = Some(Readable(Box::<[u8]>::from([0; 8])));
            let start = Instant::now();
            for round in 0.. {
                let meet = |n| meeting.meet(0, 6 * round + n);
                queue.add(buffer.take().unwrap()).unwrap();
                assert_eq!(queue.poll().unwrap(), None);
                let knows = match moment {
                    Moment::Kick => {
                        touch(2);
                        meet(1);
                        queue.publish().is_some()
                    }
                    Moment::Interrupt => {
                        queue.disable_interrupts();
                        let _ = queue.publish();
                        meet(1);
                        meet(2);
                        assert_eq!(queue.poll().unwrap(), None);
                        meet(3);
                        queue.enable_interrupts()
                    }
                };
                driver_knows.store(knows, Ordering::Relaxed);
                meet(4);
                meet(5);
                buffer = Some(queue.poll().unwrap().unwrap().chain);
                if rounds.map_or_else(|| start.elapsed() > PATIENCE, |rounds| round >= rounds) {
                    stop.store(true, Ordering::Relaxed);
                }
                meeting.meet(0, 6 * round + 6);
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        scope.spawn(|| {
            let use_it = |device: &mut Ring<Identity>, chain: &Taken| device.use_chain(chain, chain.head.into(), 0);
            for round in 0.. {
                let meet = |n| meeting.meet(1, 6 * round + n);
                let knows = match moment {
                    Moment::Kick => {
                        device.refuse_notifications();
                        assert!(device.take().is_none());
                        meet(1);
                        device.want_notification()
                    }
                    Moment::Interrupt => {
                        meet(1);
                        let chain = device.take().unwrap();
                        use_it(&mut device, &chain);
                        touch(1);
                        meet(2);
                        meet(3);
                        device.show()
                    }
                };
                meet(4);
                if !knows && !driver_knows.load(Ordering::Relaxed) {
                    lost += 1;
                    if rounds.is_none() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
                if moment == Moment::Kick {
                    let chain = device.take().unwrap();
                    use_it(&mut device, &chain);
                    device.show();
                }
                meet(5);
                meeting.meet(1, 6 * round + 6);
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
    });
    // SAFETY: the device thread has ended.
    let proof = unsafe { ResetProof::assume(queue.instance()) };
    queue.retire(&proof).unwrap();
    lost
}

const RACES: [(&str, bool, Moment); 4] = [
    ("split-kick", false, Moment::Kick),
    ("split-interrupt", false, Moment::Interrupt),
    ("packed-kick", true, Moment::Kick),
    ("packed-interrupt", true, Moment::Interrupt),
];

#[test]
#[cfg(not(parakit_mutate_no_barrier))]
fn fault_01_no_wake_up_is_lost_between_publish_and_suppression() {
    for (name, packed, moment) in RACES {
        for event_idx in [false, true] {
            let lost = race(packed, moment, event_idx, Some(20_000));
            assert_eq!(lost, 0, "{name}, event_idx {event_idx}: lost wake-ups");
        }
    }
}

#[test]
#[cfg(parakit_mutate_no_barrier)]
fn fault_01_each_barrier_is_missed_when_it_is_not_there() {
    for ((name, packed, moment), barrier) in RACES.into_iter().zip(1..) {
        for event_idx in [false, true] {
            parakit::queue::MUTATED.store(barrier, Ordering::Relaxed);
            let start = Instant::now();
            let lost = race(packed, moment, event_idx, None);
            assert_ne!(
                lost, 0,
                "{name}, event_idx {event_idx}: its barrier is missing, and nobody saw it in {PATIENCE:?}"
            );
            println!(
                "{name}, event_idx {event_idx}: without its barrier a wake-up was lost after {:?}",
                start.elapsed()
            );
        }
    }
}
