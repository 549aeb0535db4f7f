//! The work on the queues, in small steps: look, work, give back, interrupt, ask for notifications again.

use std::sync::Arc;
use std::time::Duration;

use parakit_abi::device::DeviceType;
use parakit_abi::feature;

use super::Cause;
use super::core::Core;
use super::slot::Phase;
use crate::device::{Control, Outcome};
use crate::observe::EventKind;
use crate::oddity::{Departure, EntryFault, OddityKind, RingFault};
use crate::queue::{DeviceRing, Done, Request, RingError};

/// Bytes of buffers after which whoever waits for the device's lock, or for its end, gets a turn: a guest may ask for 4 GiB a chain.
const BYTES_AT_ONCE: u64 = 16 << 20;
/// What a descriptor counts for among them.
const BYTES_A_DESCRIPTOR: u64 = 64;
/// How long collected completions wait at most for others.
const HOLD: Duration = Duration::from_millis(2);
/// What [`OddityKind::UsedFlagsGarbage`] leaves in `flags` of the used ring. Bit 0 stays clear where it would ask for silence;
/// with `VIRTIO_F_EVENT_IDX` it means nothing (§2.7.10.1), and is set.
const FLAGS_GARBAGE: u16 = 0xfffe;

impl Core {
    /// One step for one of the queues that have something to do.
    pub(crate) fn step(&mut self, choice: usize) -> bool {
        let count = self.queues.len();
        (0..count).any(|i| self.advance((choice % count + i) % count, 1))
    }

    /// Whether the worker has to come back to a queue.
    pub(crate) fn is_busy(&self, queue: usize) -> bool {
        self.may_work() && (self.queues[queue].kicked || self.queues[queue].phase != Phase::Idle)
    }

    /// Does the next step for `queue`, working on at most `budget` chains; false when there was nothing to do.
    pub(crate) fn advance(&mut self, queue: usize, budget: usize) -> bool {
        if !self.is_busy(queue) || self.queues[queue].ring.is_none() {
            return false;
        }
        let next = match self.queues[queue].phase {
            Phase::Idle => self.begin(queue),
            Phase::Fetch => self.fetch(queue),
            Phase::Process => self.process(queue, budget),
            Phase::Signal => self.signal(queue),
            Phase::Rearm => self.rearm(queue),
        };
        match next {
            // The queue may have been stopped by what the step did.
            Ok(phase) if self.queues[queue].ring.is_some() => self.queues[queue].phase = phase,
            Ok(_) => {}
            Err(error) => self.fail(queue, error),
        }
        true
    }

    fn begin(&mut self, queue: usize) -> Result<Phase, RingError> {
        // What rang up to here rang before the driver was told to be quiet.
        self.take_armed_doorbell(queue);
        let slot = &mut self.queues[queue];
        slot.kicked = false;
        slot.quiet_since = None;
        if let Some(ring) = slot.ring.as_mut().filter(|_| !slot.unannounced) {
            ring.suppress()?;
            // A driver may be done with the device before it is idle again, and shall have met them by then.
            self.litter_flags(queue, 1)?;
        }
        if self.oddities.first(OddityKind::AvailEventStale) {
            self.provoke(OddityKind::AvailEventStale);
        }
        Ok(Phase::Fetch)
    }

    /// The index is read before the observer looks, so that the device never takes a chain that the observer has not seen.
    fn fetch(&mut self, queue: usize) -> Result<Phase, RingError> {
        let slot = &mut self.queues[queue];
        let Some(ring) = &mut slot.ring else { return Ok(Phase::Idle) };
        let upto = ring.available()?;
        if let Some(observer) = &mut slot.observer {
            observer.look();
        }
        ring.fetch(upto)?;
        Ok(Phase::Process)
    }

    fn process(&mut self, queue: usize, budget: usize) -> Result<Phase, RingError> {
        let memory = Arc::clone(&self.memory);
        let mut next = Phase::Process;
        let mut moved = 0_u64;
        for _ in 0..budget {
            // What was just given back may have been the last thing that the device did.
            if !self.may_work() || moved > BYTES_AT_ONCE {
                break;
            }
            let Some(chain) = self.queues[queue].ring.as_mut().and_then(|r| r.take()) else {
                next = Phase::Signal;
                break;
            };
            let mut request = Request::new(&chain, &memory);
            let (token, writable) = (request.token(), request.writable_len());
            // Descriptors cost time as well, and a table may have 65535 that describe nothing.
            moved = moved.saturating_add(request.readable_len()).saturating_add(writable);
            moved = moved.saturating_add(request.descriptors() as u64 * BYTES_A_DESCRIPTOR);
            let last = request.writable().last().cloned();
            let outcome = self.model.process(queue as u16, &mut request);
            moved = moved.saturating_add(self.model.extra_work());
            self.follow();
            match outcome {
                Outcome::More => {
                    moved = moved.saturating_add(BYTES_AT_ONCE / 64);
                    if !self.together(queue, chain, request)? {
                        next = Phase::Signal;
                        break;
                    }
                }
                Outcome::Wait => {
                    if let Some(ring) = &mut self.queues[queue].ring {
                        ring.put_back(chain);
                    }
                    next = Phase::Signal;
                    break;
                }
                Outcome::Used(len) => {
                    if let Some(last) = last
                        && self.device_type == DeviceType::BLOCK
                        && self.oddities.has(OddityKind::StatusByteGarbage)
                    {
                        self.provoke(OddityKind::StatusByteGarbage);
                        if let Ok(byte) = last.subslice(last.len() - 1, 1) {
                            byte.copy_from(&[0x7f_u8]);
                        }
                    }
                    let done = Done { token, len, writable };
                    if self.oddities.holds() {
                        self.queues[queue].held.push(done);
                    } else {
                        self.give_back(queue, done)?;
                    }
                }
            }
        }
        self.observe_used(queue)?;
        Ok(next)
    }

    /// Ends the batch of what was given back, and has the observer look at it.
    fn observe_used(&mut self, queue: usize) -> Result<(), RingError> {
        let slot = &mut self.queues[queue];
        if let Some(ring) = &mut slot.ring {
            ring.flush()?;
            if let Some(observer) = &mut slot.observer {
                observer.after(ring.written());
            }
            ring.forget_written();
        }
        Ok(())
    }

    /// Gives back what is held and due, then decides about an interrupt.
    pub(crate) fn signal(&mut self, queue: usize) -> Result<Phase, RingError> {
        if let Some(count) = self.oddities.release(self.queues[queue].held.len()) {
            self.release(queue, count)?;
        }
        if std::mem::take(&mut self.queues[queue].used) {
            let slot = &mut self.queues[queue];
            let wanted = match &mut slot.ring {
                Some(ring) => ring.needs_interrupt()?,
                None => false,
            };
            if std::mem::take(&mut slot.force_interrupt) || wanted {
                self.raise(Cause::Queue(queue));
            }
            if self.oddities.has(OddityKind::SpuriousInterrupts) {
                self.provoke(OddityKind::SpuriousInterrupts);
                self.raise_spurious();
            }
        }
        Ok(Phase::Rearm)
    }

    pub(crate) fn release(&mut self, queue: usize, count: usize) -> Result<(), RingError> {
        let mut due: Vec<_> = self.queues[queue].held.drain(..count).collect();
        if self.oddities.has(OddityKind::BatchCompletions) && !due.is_empty() {
            self.provoke(OddityKind::BatchCompletions);
        }
        let in_order = self.accepted.has(feature::IN_ORDER);
        if self.oddities.has(OddityKind::CompleteOutOfOrder) && due.len() > 1 && !in_order {
            self.provoke(OddityKind::CompleteOutOfOrder);
            due.reverse();
        }
        for done in due {
            self.give_back(queue, done)?;
        }
        self.observe_used(queue)?;
        Ok(())
    }

    fn rearm(&mut self, queue: usize) -> Result<Phase, RingError> {
        let stale = self.oddities.has(OddityKind::AvailEventStale);
        let event_idx = self.accepted.has(feature::EVENT_IDX);
        let slot = &mut self.queues[queue];
        let keeps = slot.unannounced;
        let Some(ring) = &mut slot.ring else { return Ok(Phase::Idle) };
        let more = if stale || keeps { ring.available()? != ring.next_avail() } else { ring.rearm()? };
        if !keeps {
            self.litter_flags(queue, u16::from(event_idx))?;
            self.spoil_event(queue)?;
        }
        if more {
            if let Some(ring) = self.queues[queue].ring.as_mut().filter(|_| !keeps) {
                ring.suppress()?;
            }
            return Ok(Phase::Fetch);
        }
        // What the device asks for while it is idle is what the driver's next notification is judged by.
        self.observe_used(queue)?;
        Ok(Phase::Idle)
    }

    /// With [`OddityKind::UsedFlagsGarbage`]: sets the undefined bits of `flags`, and bit 0 to `no_notify`.
    fn litter_flags(&mut self, queue: usize, no_notify: u16) -> Result<(), RingError> {
        if !self.oddities.has(OddityKind::UsedFlagsGarbage) {
            return Ok(());
        }
        if self.oddities.first(OddityKind::UsedFlagsGarbage) {
            self.provoke(OddityKind::UsedFlagsGarbage);
        }
        match &mut self.queues[queue].ring {
            Some(ring) => ring.set_used_flags(FLAGS_GARBAGE | no_notify),
            None => Ok(()),
        }
    }

    /// With [`OddityKind::PackedEventGarbage`]: asks for notifications in a way that means nothing.
    fn spoil_event(&mut self, queue: usize) -> Result<(), RingError> {
        let Some(ring) = self.queues[queue].ring.as_mut().filter(|ring| ring.is_packed()) else { return Ok(()) };
        if !self.oddities.has(OddityKind::PackedEventGarbage) {
            return Ok(());
        }
        ring.spoil_event()?;
        if self.oddities.first(OddityKind::PackedEventGarbage) {
            self.provoke(OddityKind::PackedEventGarbage);
        }
        Ok(())
    }

    /// Gives one chain back to the driver: plainly, or as an oddity has it.
    pub(super) fn give_back(&mut self, queue: usize, done: Done) -> Result<(), RingError> {
        let packed = self.queues[queue].ring.as_ref().is_some_and(DeviceRing::is_packed);
        let departure = self.oddities.completion(packed);
        if let Some((_, kind)) = departure {
            self.provoke(kind);
        }
        let departure = departure.map(|(departure, _)| departure);
        let slot = &mut self.queues[queue];
        let Some(ring) = &mut slot.ring else { return Ok(()) };
        slot.used = true;
        let Done { token, len, writable } = done;
        let head = token.id;
        match departure {
            None => return ring.complete(done),
            Some(Departure::Never) => {
                slot.used = false;
                return Ok(());
            }
            Some(Departure::Entry(fault)) => {
                slot.force_interrupt = true;
                let size = u32::from(ring.size());
                match fault {
                    EntryFault::IdOutOfRange => ring.write_used(size + 444, len)?,
                    EntryFault::IdNotInFlight => {
                        let held: Vec<u16> = slot.held.iter().map(|h| h.token.id).chain([head]).collect();
                        ring.write_used(ring.idle_head(&held).map_or(size, u32::from), len)?;
                    }
                    EntryFault::Twice => {
                        ring.complete(done)?;
                        ring.write_used(u32::from(head), len)?;
                    }
                    EntryFault::LenTooLong => {
                        let long = u32::try_from(writable.saturating_add(4096)).unwrap_or(u32::MAX);
                        ring.complete(Done { len: long, ..done })?;
                    }
                    EntryFault::OtherRound => ring.complete_other_round(done)?,
                    EntryFault::LenShort => ring.complete(Done { len: len / 2, ..done })?,
                }
            }
            Some(Departure::Then(fault)) => {
                ring.complete(done)?;
                // The driver is to look, whatever index it asked to be told of.
                slot.force_interrupt = true;
                match fault {
                    RingFault::IdxJump => ring.jump_used(0x8000)?,
                    RingFault::IdxBackwards => ring.jump_used((ring.size() + 1).wrapping_neg())?,
                    RingFault::ScribbleDescriptors => ring.scribble_descriptors(0xa5),
                    RingFault::ScribbleAvail => ring.scribble_avail(0xa5),
                    RingFault::NeedsReset => self.needs_reset(OddityKind::NeedsResetMidway.name().to_owned()),
                    RingFault::CapacityShrinks => self.shrink(),
                }
                if matches!(fault, RingFault::ScribbleDescriptors | RingFault::ScribbleAvail)
                    && let Some(observer) = &mut self.queues[queue].observer
                {
                    observer.overwritten();
                }
            }
        }
        Ok(())
    }

    /// Halves the capacity of a block device.
    fn shrink(&mut self) {
        let config = self.model.config();
        if self.device_type == DeviceType::BLOCK
            && let Some(capacity) = config.first_chunk::<8>()
        {
            self.control(&Control::Capacity(u64::from_le_bytes(*capacity) / 2));
        }
    }

    /// Time passes. Chains that nobody announced are noted and then worked on all the same; completions that waited long enough go back.
    pub(crate) fn tick(&mut self, now: Duration) {
        if self.may_work() {
            self.model.tick(now);
            self.follow();
        }
        for queue in 0..self.queues.len() {
            self.take_armed_doorbell(queue);
            if !self.may_work() || self.is_busy(queue) {
                continue;
            }
            let result = self.look_at_quiet(queue, now);
            if let Err(error) = result {
                self.fail(queue, error);
            }
        }
    }

    fn look_at_quiet(&mut self, queue: usize, now: Duration) -> Result<(), RingError> {
        let stale = self.oddities.has(OddityKind::AvailEventStale);
        let (quiet, holds) = (self.quiet, !self.queues[queue].held.is_empty());
        let slot = &mut self.queues[queue];
        let Some(ring) = &mut slot.ring else { return Ok(()) };
        let (seen, avail_idx) = (ring.next_avail(), ring.available()?);
        if seen == avail_idx && !holds {
            slot.quiet_since = None;
            return Ok(());
        }
        let since = *slot.quiet_since.get_or_insert(now);
        let waited = now.saturating_sub(since);
        if holds && waited >= HOLD {
            let count = slot.held.len();
            slot.quiet_since = None;
            if self.oddities.has(OddityKind::CompleteLate) {
                self.provoke(OddityKind::CompleteLate);
            }
            self.release(queue, count)?;
            // What was given back is told by an ordinary pass.
            self.queues[queue].kicked = true;
        } else if seen != avail_idx && stale {
            slot.quiet_since = None;
            slot.kicked = true;
        } else if seen != avail_idx && waited >= quiet {
            slot.quiet_since = None;
            (slot.kicked, slot.unannounced) = (true, true);
            if let Some(observer) = &mut slot.observer {
                // On a ring that the device has written nothing to, they are what the driver made them.
                observer.look_at_words();
            }
            let waited_ns = u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX);
            self.emit(EventKind::Quiet { queue: queue as u16, seen, avail_idx, waited_ns });
        }
        Ok(())
    }
}
