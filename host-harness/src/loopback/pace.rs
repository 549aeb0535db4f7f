//! Time and turns: who moves when, and how long anything waits.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::line::Line;
use crate::transport::device::VirtioDevice;

/// Most steps that devices take when a driver touches a register.
const STEPS: u64 = 4;
/// What a touch of a register costs, where time is counted.
const TOUCH: Duration = Duration::from_micros(1);
/// How far time moves when nobody has anything to do, where time is counted.
const PAUSE: Duration = Duration::from_millis(1);
/// How often a waiting thread looks around.
const LOOK: Duration = Duration::from_millis(5);

/// The turns of driver and devices.
pub(super) struct Pace {
    stepper: Option<Mutex<Stepper>>,
    began: Mutex<Instant>,
    deadline: Duration,
}

struct Stepper {
    random: u64,
    now: Duration,
    devices: Vec<VirtioDevice>,
}

/// Between two looks of a driver that waits long.
const REST: Duration = Duration::from_micros(50);

impl Pace {
    /// Devices are stepped with the seed, or run by themselves.
    pub(super) fn new(seed: Option<u64>, deadline: Duration) -> Self {
        // xorshift64 never leaves zero.
        let stepper = |seed: u64| Mutex::new(Stepper { random: seed | 1, now: Duration::ZERO, devices: Vec::new() });
        Self { stepper: seed.map(stepper), began: Mutex::new(Instant::now()), deadline }
    }

    pub(super) fn add(&self, device: VirtioDevice) {
        if let Some(mut stepper) = self.stepper() {
            stepper.devices.push(device);
        }
    }

    pub(super) fn begin(&self) {
        *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn stepper(&self) -> Option<MutexGuard<'_, Stepper>> {
        self.stepper.as_ref().map(|s| s.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn elapsed(&self) -> Duration {
        self.began.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// Time since the run began.
    pub(super) fn now(&self) -> Duration {
        self.stepper().map_or_else(|| self.elapsed(), |s| s.now)
    }

    /// Whether the run is to end.
    pub(super) fn is_over(&self) -> bool {
        self.elapsed() >= self.deadline
    }

    /// The driver touches a register: devices that are stepped may move first.
    pub(super) fn touch(&self) {
        let Some(mut stepper) = self.stepper() else { return };
        stepper.now += TOUCH;
        for _ in 0..stepper.next() % (STEPS + 1) {
            stepper.step();
        }
    }

    /// The driver has waited for some while and goes on: like [`Pace::idle`], but gentle to the processor, and to the event log, in which
    /// every look at a register is an event.
    pub(super) fn rest(&self) {
        if self.stepper.is_some() { self.idle() } else { std::thread::sleep(REST) }
    }

    /// The driver waits: somebody else moves, or time does.
    pub(super) fn idle(&self) {
        let Some(mut stepper) = self.stepper() else {
            return std::thread::yield_now();
        };
        if !stepper.step() {
            stepper.now += PAUSE;
            let now = stepper.now;
            stepper.devices.iter().for_each(|d| d.tick(now));
        }
    }

    /// Waits until `line` was raised on `vector` (`None`: on any) a number of times other than `seen`, but not beyond `until`.
    pub(super) fn wait(
        &self,
        line: &Line,
        vector: Option<u16>,
        seen: u32,
        until: Duration,
        stop: impl Fn() -> bool,
    ) -> bool {
        while line.count(vector) == seen && !(vector.unwrap_or(0) == 0 && line.retake()) {
            if self.now() >= until || self.is_over() || stop() {
                return line.count(vector) != seen;
            }
            if self.stepper.is_some() {
                self.idle();
            } else {
                line.wait(vector, seen, LOOK.min(until.saturating_sub(self.now())));
            }
        }
        true
    }
}

impl Stepper {
    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// One step of one device that has something to do; false when none has.
    fn step(&mut self) -> bool {
        let count = self.devices.len();
        if count == 0 {
            return false;
        }
        let (first, queue) = (self.next() as usize % count, self.next() as usize >> 32);
        (0..count).any(|i| self.devices[(first + i) % count].step(queue))
    }
}
