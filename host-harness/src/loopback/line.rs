//! The interrupts of a device in loopback: counted, and waited for.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::transport::{InterruptLine, IntxLine, Message, MsiSink};

/// Where messages are written that count here; others go nowhere.
const ADDRESS: u64 = 0xfee0_0000;
/// Vectors that a device is given at most: one for configuration changes and some for queues.
const VECTORS: u32 = 17;

/// The interrupts of one device, on however many vectors.
#[derive(Default)]
pub(super) struct Line {
    state: Mutex<State>,
    raised: Condvar,
}

#[derive(Default)]
struct State {
    /// By vector; without MSI-X, everything is on the first one.
    counts: [u32; VECTORS as usize],
    total: u32,
    /// A level-triggered interrupt is asserted.
    asserted: bool,
    /// What each entry of the MSI-X table sends.
    messages: Vec<Option<Message>>,
}

impl Line {
    /// What the driver is to write into the MSI-X table: one message a vector.
    pub(super) fn messages() -> impl Iterator<Item = (u64, u32)> {
        (0..VECTORS).map(|vector| (ADDRESS, vector))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self, mut state: MutexGuard<'_, State>, vector: u32) {
        let Some(count) = state.counts.get_mut(vector as usize) else { return };
        *count = count.wrapping_add(1);
        state.total = state.total.wrapping_add(1);
        self.raised.notify_all();
    }

    /// Interrupts so far: on one vector, or on all.
    pub(super) fn count(&self, vector: Option<u16>) -> u32 {
        self.lock().count(vector)
    }

    /// Waits for another count than `seen`, or for `at_most`; the caller looks at the count.
    pub(super) fn wait(&self, vector: Option<u16>, seen: u32, at_most: Duration) {
        let guard = self.lock();
        drop(self.raised.wait_timeout_while(guard, at_most, |state| state.count(vector) == seen));
    }

    /// A CPU that waits takes a level-triggered interrupt that is still asserted once more: nobody has dealt with it. True if there was one.
    pub(super) fn retake(&self) -> bool {
        let state = self.lock();
        let asserted = state.asserted;
        if asserted {
            self.deliver(state, 0);
        }
        asserted
    }
}

impl State {
    fn count(&self, vector: Option<u16>) -> u32 {
        match vector {
            Some(vector) => self.counts.get(usize::from(vector)).copied().unwrap_or(0),
            None => self.total,
        }
    }
}

impl InterruptLine for Line {
    fn raise(&self) {
        self.deliver(self.lock(), 0);
    }
}

impl IntxLine for Line {
    fn set(&self, asserted: bool) {
        let mut state = self.lock();
        if !std::mem::replace(&mut state.asserted, asserted) && asserted {
            self.deliver(state, 0);
        }
    }
}

impl MsiSink for Line {
    fn configure(&self, vector: u16, message: Option<Message>) {
        let mut state = self.lock();
        let (entry, len) = (usize::from(vector), state.messages.len());
        state.messages.resize(len.max(entry + 1), None);
        state.messages[entry] = message;
    }

    fn raise(&self, vector: u16) {
        let state = self.lock();
        let message = state.messages.get(usize::from(vector)).copied().flatten();
        if let Some(message) = message.filter(|m| m.address == ADDRESS) {
            self.deliver(state, message.data);
        }
    }
}
