//! How much passed between drivers and devices, counted from the events: the same on every backend.

use super::event::{Event, EventKind};
use super::lives::{ChainLives, Change};

/// What passed in a run, over all devices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Notifications of devices by drivers.
    pub doorbells: u64,
    /// Interrupts that devices asserted.
    pub interrupts: u64,
    /// Chains that drivers made available and devices used.
    pub requests: u64,
}

/// Counts traffic, event by event.
#[derive(Debug, Default)]
pub struct TrafficCounter {
    traffic: Traffic,
    lives: ChainLives,
}

impl TrafficCounter {
    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) {
        match event.kind {
            EventKind::Notify { count, .. } => self.traffic.doorbells = self.traffic.doorbells.saturating_add(count),
            EventKind::Interrupt { .. } => self.traffic.interrupts += 1,
            _ => {}
        }
        if let Change::Used(chains) = self.lives.event(event) {
            self.traffic.requests += chains.len() as u64;
        }
    }

    /// What was counted.
    #[must_use]
    pub fn finish(self) -> Traffic {
        self.traffic
    }
}

impl Traffic {
    /// Counts it in the events of a run.
    ///
    /// ```
    /// use parakit_harness::observe::{Event, EventKind, traffic::Traffic};
    /// let kind = EventKind::Notify { queue: 0, count: 3 };
    /// let events = [Event { seq: 0, time_ns: 0, device: 0, kind }];
    /// assert_eq!(Traffic::of(&events).doorbells, 3);
    /// ```
    #[must_use]
    pub fn of(events: &[Event]) -> Self {
        let mut counter = TrafficCounter::default();
        events.iter().for_each(|event| counter.event(event));
        counter.finish()
    }
}
