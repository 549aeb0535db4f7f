//! From a used chain, or a device that is down, to results.

use parakit_abi::device::block::ID_BYTES;

use super::control::Down;
use super::status::{UNWRITTEN, decode};
use super::storage::{BlockChain, Body};
use super::{Answer, BlockStorage, Control, Fault, Finished, RequestError, RequestId, RequestQueue};
use crate::device::table::Aftermath;
use crate::platform::Platform;
use crate::queue::{Buffers, Directed, Either, Prefix, QueueError};
use crate::transport::{Interrupt, ResetProof, Transport};

/// What to do with a request's data when it has finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It belongs to the caller, or is of no more interest.
    Data,
    /// It is the id string.
    DeviceId,
    /// It belongs to a blocking call.
    Copy,
}

/// What the driver remembers of a request in flight. Opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Slot of the table.
    pub(super) index: u16,
    pub(super) kind: Kind,
    /// Bytes that a device which reports success has written, status byte included.
    pub(super) expected: u32,
}

/// A finished request in the driver's table. Opaque.
#[derive(Debug)]
pub struct Outcome<P: Platform, B> {
    pub(super) id: RequestId,
    pub(super) body: Body<P, B>,
    pub(super) result: Result<Answer, RequestError>,
}

impl<P: Platform, B> Outcome<P, B> {
    /// The result as the caller sees it.
    pub(super) fn finished(self) -> Finished<B> {
        let buffer = match self.body {
            Some(Either::Left(buffer)) => Some(buffer),
            _ => None,
        };
        Finished { id: self.id, buffer, result: self.result }
    }
}

impl<T, P, B, S, K> RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    /// The next finished request among those of [`submit`](Self::submit), in the order in which they finished; `None`
    /// when there is none now. Does not wait.
    pub fn poll(&mut self) -> Option<Finished<B>> {
        self.kick();
        loop {
            if let Some((outcome, waiting)) = self.table.next_finished() {
                if let Some(waiting) = waiting {
                    waiting.wake();
                }
                return Some(outcome.finished());
            }
            self.step()?.settle();
        }
    }

    /// Asks the device to interrupt when the next request finishes. Returns whether one has finished already: then poll
    /// again instead of waiting, because there may be no interrupt.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn arm(&mut self) -> bool {
        self.arm_after(1)
    }

    /// Like [`arm`](Self::arm), but with one interrupt for `requests` requests (or for all that are in flight if they are
    /// fewer) where the device can (EVENT_IDX).
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn arm_after(&mut self, requests: u16) -> bool {
        self.arm_queue(requests) || self.table.has_finished()
    }

    /// [`arm_after`](Self::arm_after), as far as requests go that were not filed yet.
    pub(super) fn arm_queue(&mut self, requests: u16) -> bool {
        self.kick();
        match (self.down, self.halted) {
            (Some(_), _) | (_, Some(_)) => self.table.flying() > 0,
            (None, None) => self.queue.enable_interrupts_after(requests),
        }
    }

    /// Asks the device not to interrupt when requests finish: for polling. A hint; [`arm`](Self::arm) takes it back.
    pub fn disable_interrupts(&mut self) {
        self.queue.disable_interrupts();
    }

    /// What to do on an interrupt: acknowledges it, then collects the requests that have finished (waking their
    /// futures; others wait for [`poll`](Self::poll)), and reads the configuration again if it has changed.
    ///
    /// Spurious interrupts do no harm.
    pub fn handle_interrupt(&mut self) -> Interrupt {
        let interrupt = self.acknowledge(None);
        self.collect();
        interrupt
    }

    /// What to do on an interrupt on MSI-X vector `vector`, as [`handle_interrupt`](Self::handle_interrupt), but without an access
    /// of the device unless that vector is the one of configuration changes. Without MSI-X the vector does not matter.
    pub fn handle_vector(&mut self, vector: u16) -> Interrupt {
        let interrupt = self.acknowledge(Some(vector));
        self.collect();
        interrupt
    }

    /// The MSI-X vector on which this queue's requests interrupt; `None` without MSI-X.
    #[must_use]
    pub fn vector(&self) -> Option<u16> {
        self.vector
    }

    /// The MSI-X vector on which configuration changes interrupt, which may be the queue's too; `None` without MSI-X.
    pub fn config_vector(&mut self) -> Option<u16> {
        self.control_mut().with(|core| core.config_vector())
    }

    /// Collects the requests that have finished, waking their futures; others wait for [`poll`](Self::poll). What to do on an
    /// interrupt that somebody else has acknowledged, or that is this queue's alone. Returns whether there were any.
    pub fn collect(&mut self) -> bool {
        let mut any = false;
        while let Some(aftermath) = self.step() {
            aftermath.settle();
            any = true;
        }
        any
    }

    /// Acknowledges an interrupt, and follows a configuration change.
    pub(super) fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        let interrupt = self.control_mut().with(|core| core.acknowledge(vector));
        if interrupt.config_change {
            self.with_device(|_| ());
        }
        interrupt
    }

    /// Reads the configuration again: the capacity may have changed (§5.2.6.1), and write-zeroes may unmap or no longer.
    /// [`handle_interrupt`](Self::handle_interrupt) does this when the device says so.
    pub fn refresh(&mut self) {
        self.with_device(|core| core.refresh());
    }

    /// Files one finished request; `None` when there is none. Its aftermath is for the caller to settle, after it has let
    /// go of the driver if it shares it.
    pub(super) fn step(&mut self) -> Option<Aftermath<Outcome<P, B>>> {
        match self.down {
            None if self.halted.is_some() => {
                self.sync();
                self.next_halted()
            }
            None => match self.next_used() {
                Ok(Some(aftermath)) => Some(aftermath),
                Ok(None) => {
                    self.sync();
                    // Another queue's handle may have taken the device down.
                    if self.down.is_some() { self.step() } else { None }
                }
                Err(e) => {
                    self.take_down(Fault::Queue(e));
                    Some(Aftermath::NONE)
                }
            },
            Some(Down { reset: Ok(proof), .. }) => self.next_retired(&proof, RequestError::Reset),
            // The device may still use the memory of these, so that it stays in the queue.
            Some(Down { reset: Err(_), .. }) => self.next_lost(RequestError::Reset),
        }
    }

    /// Files the next request that the device has used.
    pub(super) fn next_used(&mut self) -> Result<Option<Aftermath<Outcome<P, B>>>, QueueError> {
        let mut status = [UNWRITTEN];
        Ok(self.queue.poll_framed(&mut status)?.map(|used| {
            let result = decode(status[0], used.written, used.chain.tag.expected);
            self.file(used.chain, result)
        }))
    }

    /// Ends the next request that was in flight when the queue was reset.
    fn next_halted(&mut self) -> Option<Aftermath<Outcome<P, B>>> {
        self.next_retired(&self.halted?, RequestError::QueueReset)
    }

    /// Ends the next request that was in flight when the device or the queue was reset.
    fn next_retired(&mut self, proof: &ResetProof, error: RequestError) -> Option<Aftermath<Outcome<P, B>>> {
        match self.queue.retire(proof) {
            Ok(mut chains) => {
                let (_, chain) = chains.next()?;
                Some(self.file(chain, Err(error)))
            }
            // What is behind the hub's lock is another device by now; this queue's may still use the memory.
            Err(_) => self.next_lost(error),
        }
    }

    /// Ends a request without its buffer, which stays in the queue.
    fn next_lost(&mut self, error: RequestError) -> Option<Aftermath<Outcome<P, B>>> {
        let index = self.table.any_flying()?;
        Some(self.table.finish(index, |id| Outcome { id, body: None, result: Err(error) }))
    }

    /// Files the result of a chain that the device is done with.
    fn file(&mut self, chain: BlockChain<P, B>, result: Result<(), RequestError>) -> Aftermath<Outcome<P, B>> {
        let Tag { index, kind, .. } = chain.tag;
        let (Directed::Readable(mut body) | Directed::Writable(mut body)) = chain.chain;
        let mut answer = Answer::Done;
        if kind == Kind::DeviceId
            && let Some(Either::Right(memory)) = &body
        {
            let mut id = [0; ID_BYTES];
            id.copy_from_slice(&memory.buffer[..ID_BYTES]);
            answer = Answer::DeviceId(id);
        }
        if let (Kind::Data | Kind::DeviceId, Some(Either::Right(_))) = (kind, &body) {
            self.keep_small(body.take());
        }
        self.table.finish(index, |id| Outcome { id, body, result: result.map(|()| answer) })
    }

    /// Takes the memory of a blocking call back for the next one.
    pub(super) fn keep_copy(&mut self, body: Body<P, B>) {
        if let Some(Either::Right(Prefix { buffer, .. })) = body {
            self.copy = Some(buffer);
        }
    }
}
