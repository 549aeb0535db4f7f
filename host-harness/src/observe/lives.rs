//! The life of each chain: from being made available to being used, or to the reset that took it back.

use std::collections::BTreeMap;

use parakit_abi::feature::{Features, IN_ORDER};

use super::event::{Event, EventKind};
use super::flights::Flights;

/// Follows the events of a run for the chains in flight, over all devices and queues.
///
/// ```
/// use parakit_harness::observe::lives::{ChainLives, Change};
/// use parakit_harness::observe::{Event, EventKind};
/// let mut lives = ChainLives::default();
/// let read = Event { seq: 0, time_ns: 0, device: 0, kind: EventKind::StatusRead { value: 0 } };
/// assert_eq!(lives.event(&read), Change::None);
/// ```
#[derive(Debug, Default)]
pub struct ChainLives {
    queues: BTreeMap<(u16, u16), Flights<Life>>,
    /// Feature bits written since the last reset, by device.
    accepted: BTreeMap<u16, Features>,
    next: u64,
}

#[derive(Debug)]
struct Life {
    head: u16,
    number: u64,
}

/// What an event means for chains. A chain's number is its place among all chains of the run, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// The driver made this chain available.
    Began(u64),
    /// The device used these chains: more than one where a used element stands for a batch (`VIRTIO_F_IN_ORDER`).
    Used(Vec<u64>),
    /// A reset of the device or of the queue took these back, unused.
    TakenBack(Vec<u64>),
}

impl ChainLives {
    /// Takes the next event of the run.
    pub fn event(&mut self, event: &Event) -> Change {
        let device = event.device;
        match &event.kind {
            EventKind::DriverFeaturesWrite { word, value } => {
                let accepted = self.accepted.entry(device).or_default();
                *accepted = accepted.with_word(*word, *value);
                Change::None
            }
            EventKind::StatusWrite { value: 0 } => {
                self.accepted.remove(&device);
                self.taken_back((device, 0)..=(device, u16::MAX))
            }
            EventKind::Started { features: [low, high] } => {
                self.accepted.insert(device, Features(u128::from(*low) | u128::from(*high) << 64));
                self.taken_back((device, 0)..=(device, u16::MAX))
            }
            EventKind::QueueReadyWrite { queue, value: 0 } | EventKind::QueueResetWrite { queue, value: 1 } => {
                match u16::try_from(*queue) {
                    Ok(queue) => self.taken_back((device, queue)..=(device, queue)),
                    Err(_) => Change::None,
                }
            }
            EventKind::QueueEnabled(info) => self.taken_back((device, info.queue)..=(device, info.queue)),
            EventKind::Available(chain) => {
                let number = self.next;
                self.next += 1;
                let in_order = self.accepted.get(&device).is_some_and(|accepted| accepted.has(IN_ORDER));
                let flights = self.queues.entry((device, chain.queue)).or_insert_with(|| Flights::new(in_order));
                flights.insert(chain.head, Life { head: chain.head, number });
                Change::Began(number)
            }
            EventKind::Used { queue, id, .. } => {
                let landed = u16::try_from(*id).ok().and_then(|id| {
                    let flights = self.queues.get_mut(&(device, *queue))?;
                    flights.remove(id, |life| life.head)
                });
                match landed {
                    Some(landed) => Change::Used(landed.chains.into_iter().map(|life| life.number).collect()),
                    None => Change::None,
                }
            }
            _ => Change::None,
        }
    }

    /// The chains that are in flight now, in the order in which they were made available.
    #[must_use]
    pub fn in_flight(mut self) -> Vec<u64> {
        let mut numbers = Vec::new();
        for flights in self.queues.values_mut() {
            numbers.extend(drained(flights));
        }
        numbers.sort_unstable();
        numbers
    }

    fn taken_back(&mut self, queues: std::ops::RangeInclusive<(u16, u16)>) -> Change {
        let keys: Vec<_> = self.queues.range(queues).map(|(key, _)| *key).collect();
        let mut numbers = Vec::new();
        for mut flights in keys.iter().filter_map(|key| self.queues.remove(key)) {
            numbers.extend(drained(&mut flights));
        }
        if numbers.is_empty() { Change::None } else { Change::TakenBack(numbers) }
    }
}

fn drained(flights: &mut Flights<Life>) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(flights.len());
    flights.each_from(0, |_, life| {
        numbers.push(life.number);
        true
    });
    numbers
}
