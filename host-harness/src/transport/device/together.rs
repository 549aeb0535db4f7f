//! Several chains that are worked on together, and go back together.

use std::sync::Arc;

use super::core::Core;
use crate::device::Together;
use crate::queue::{Chain, Done, Request, RingError};

impl Core {
    /// Works on `first`, which is `request`, together with as many of the chains after it as the model wants. False when they wait, in their
    /// places in the ring.
    pub(super) fn together(&mut self, queue: usize, first: Chain, request: Request<'_>) -> Result<bool, RingError> {
        let memory = Arc::clone(&self.memory);
        let (mut chains, mut requests) = (vec![first], vec![request]);
        let mut done: Vec<_> = requests.iter().map(unused).collect();
        let lens = loop {
            // Bounded by the ring: each round takes a chain from it.
            let Some(chain) = self.queues[queue].ring.as_mut().and_then(|ring| ring.take()) else { break None };
            requests.push(Request::new(&chain, &memory));
            done.extend(requests.last().map(unused));
            chains.push(chain);
            let together = self.model.process_together(queue as u16, &mut requests);
            self.follow();
            match together {
                Together::More => {}
                Together::Wait => break None,
                Together::Used(lens) => break Some(lens),
            }
        };
        let Some(lens) = lens else {
            if let Some(ring) = &mut self.queues[queue].ring {
                chains.into_iter().rev().for_each(|chain| ring.put_back(chain));
            }
            return Ok(false);
        };
        for (done, len) in done.iter_mut().zip(lens) {
            done.len = len;
        }
        self.give_back_together(queue, &done)?;
        Ok(true)
    }

    fn give_back_together(&mut self, queue: usize, done: &[Done]) -> Result<(), RingError> {
        // What is held came before.
        let held = self.queues[queue].held.len();
        self.release(queue, held)?;
        if self.oddities.departs() {
            return done.iter().try_for_each(|done| self.give_back(queue, *done));
        }
        let slot = &mut self.queues[queue];
        let Some(ring) = &mut slot.ring else { return Ok(()) };
        slot.used = true;
        ring.complete_together(done)
    }
}

/// A chain that goes back untouched.
fn unused(request: &Request<'_>) -> Done {
    Done { token: request.token(), len: 0, writable: request.writable_len() }
}
