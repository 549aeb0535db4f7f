//! Which chains are in flight, found again by what a used element says of them.

use std::collections::{BTreeMap, HashMap, VecDeque};

/// Chains seen and not used, each with what the observer keeps about it.
#[derive(Debug)]
pub(super) struct Flights<F> {
    /// By number since the queue was enabled (which does not wrap).
    chains: BTreeMap<u64, F>,
    /// Numbers of the chains in flight with a given head or buffer id.
    by_id: HashMap<u16, VecDeque<u64>>,
    next: u64,
    /// The first number that is in flight.
    first: u64,
    in_order: bool,
}

/// What a used element stands for.
#[derive(Debug)]
pub(super) struct Landed<F> {
    /// The chain that it names is this one.
    pub(super) number: u64,
    /// How many chains go back: more than one only with `VIRTIO_F_IN_ORDER`.
    pub(super) count: u64,
    /// What was kept about them.
    pub(super) chains: Vec<F>,
}

impl<F> Flights<F> {
    pub(super) fn new(in_order: bool) -> Self {
        Self { chains: BTreeMap::new(), by_id: HashMap::new(), next: 0, first: 0, in_order }
    }

    pub(super) fn len(&self) -> usize {
        self.chains.len()
    }

    /// A chain that is not to be found again still counts.
    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    pub(super) fn insert(&mut self, id: u16, chain: F) {
        self.by_id.entry(id).or_default().push_back(self.next);
        self.chains.insert(self.next, chain);
        self.next += 1;
    }

    /// The chain with this id was used (the oldest, if a driver has several): it, and with `VIRTIO_F_IN_ORDER` all before it.
    pub(super) fn remove(&mut self, id: u16, id_of: impl Fn(&F) -> u16) -> Option<Landed<F>> {
        let number = *self.by_id.get(&id)?.front()?;
        let mut chains = Vec::new();
        if self.in_order {
            while let Some(entry) = self.chains.first_entry().filter(|entry| *entry.key() <= number) {
                chains.push(entry.remove());
            }
            for chain in &chains {
                self.unlist(id_of(chain));
            }
        } else {
            chains.extend(self.chains.remove(&number));
            self.unlist(id);
        }
        let count = if self.in_order { number + 1 - self.first } else { 1 };
        self.first = self.first.max(number + 1);
        Some(Landed { number, count, chains })
    }

    fn unlist(&mut self, id: u16) {
        if let Some(numbers) = self.by_id.get_mut(&id) {
            numbers.pop_front();
            if numbers.is_empty() {
                self.by_id.remove(&id);
            }
        }
    }

    /// The chains from number `first` on, and then those before it.
    pub(super) fn each_from(&mut self, first: u64, mut each: impl FnMut(u64, &mut F) -> bool) {
        for part in [first..u64::MAX, 0..first] {
            for (number, chain) in self.chains.range_mut(part) {
                if !each(*number, chain) {
                    return;
                }
            }
        }
    }
}
