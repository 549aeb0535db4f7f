//! Fault 1: no full barrier between publishing the available index and reading the suppression word.
//!
//! Driver and device race through the one moment that matters: the driver publishes a chain and asks whether to notify,
//! the device asks for notifications and looks once more whether there is a chain. If neither sees what the other wrote,
//! the chain lies there and the device sleeps: a lost wake-up. Each alone is right only with a full barrier in between.
//!
//! With `RUSTFLAGS="--cfg parakit_mutate_no_barrier"` the queue is built without its barrier, and the test shows that it
//! sees what is missing.

mod support;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use parakit::{
    queue::{QueueOptions, Readable, Slot, SplitQueue},
    transport::ResetProof,
};
use support::{device::Device, platform::Identity, stepper::areas};

/// How long the race without a barrier may go on until a wake-up is lost. Two free processors need a second, two busy ones a minute.
const PATIENCE: Duration = Duration::from_secs(600);

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

/// Races `rounds` times, or (with `until_lost`) until a wake-up is lost or patience is over. Returns the number of
/// lost wake-ups.
fn race(event_idx: bool, rounds: u64, until_lost: bool) -> u64 {
    // So small that each side's words share a cache line, which is in both caches before the race.
    const SIZE: u16 = 4;
    let mut queue = SplitQueue::detached(
        Identity,
        Slot::boxed(SIZE.into()),
        QueueOptions::default(),
        support::event_idx(event_idx),
    )
    .unwrap();
    let mut device = Device::new(Identity, areas(queue.addresses()), SIZE, event_idx);
    let meeting = Meeting::default();
    let (notified, stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut lost = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = Some(Readable(Box::<[u8]>::from([0; 8])));
            let start = Instant::now();
            for round in 0.. {
                queue.add(buffer.take().unwrap()).unwrap();
                assert_eq!(queue.poll().unwrap(), None); // has the device's line in the cache
                meeting.meet(0, 4 * round + 1);
                let notify = queue.publish().is_some();
                notified.store(notify, Ordering::Relaxed);
                meeting.meet(0, 4 * round + 2);
                meeting.meet(0, 4 * round + 3);
                buffer = Some(queue.poll().unwrap().unwrap().chain);
                let over = if until_lost { start.elapsed() > PATIENCE } else { round >= rounds };
                if over {
                    stop.store(true, Ordering::Relaxed);
                }
                meeting.meet(0, 4 * round + 4);
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        scope.spawn(|| {
            for round in 0.. {
                device.refuse_notifications();
                assert_eq!(device.available(), 0); // has the driver's line in the cache
                meeting.meet(1, 4 * round + 1);
                let saw = device.want_notification();
                meeting.meet(1, 4 * round + 2);
                if !saw && !notified.load(Ordering::Relaxed) {
                    lost += 1;
                    if until_lost {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
                let chain = device.take().unwrap();
                device.use_chain(chain.head.into(), 0);
                device.show();
                meeting.meet(1, 4 * round + 3);
                meeting.meet(1, 4 * round + 4);
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

#[test]
fn fault_01_no_wake_up_is_lost_between_publish_and_suppression() {
    for event_idx in [false, true] {
        if cfg!(parakit_mutate_no_barrier) {
            let lost = race(event_idx, 0, true);
            assert_ne!(lost, 0, "event_idx {event_idx}: the litmus did not see the missing barrier in {PATIENCE:?}");
        } else {
            assert_eq!(race(event_idx, 50_000, false), 0, "event_idx {event_idx}: lost wake-ups");
        }
    }
}
