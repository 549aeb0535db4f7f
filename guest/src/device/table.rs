//! Requests in flight and results not yet fetched: one slot a request, in storage that the caller gave.
//!
//! A result waits here until it is fetched, so a future may be dropped at any time: its request is then *abandoned*,
//! keeps its slot and its buffer while the device has them, and is forgotten when it comes back.

#[cfg(test)]
mod tests;

use core::task::Waker;

/// Names a request of one driver instance, from its submission until its result was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId {
    index: u16,
    /// Differs from one user of the slot to the next, so that an old id finds nothing instead of a stranger's result.
    generation: u32,
}

impl RequestId {
    /// The slot.
    pub(super) fn index(self) -> u16 {
        self.index
    }
}

/// Who will fetch a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetcher {
    /// The driver's `poll`, in the order of completion.
    Poll,
    /// Whoever knows the id.
    Holder,
}

/// Storage of one request with a result of type `D`. Made by `Default`; opaque otherwise.
#[derive(Debug)]
pub struct RequestSlot<D> {
    generation: u32,
    /// Next slot of the free list, or of the list of finished requests.
    next: Option<u16>,
    state: State<D>,
    /// A task that waits for room; it is woken when this request ends, and when its result is fetched.
    space: Option<Waker>,
}

#[derive(Debug)]
enum State<D> {
    Free,
    Flying(Fetcher, Option<Waker>),
    Abandoned,
    Finished(Fetcher, D),
}

impl<D> Default for RequestSlot<D> {
    fn default() -> Self {
        Self { generation: 0, next: None, state: State::Free, space: None }
    }
}

/// What to do after the driver was let go of: tasks to wake, and things whose drop may run code that comes back to
/// the driver (the last waker of a task drops the task, and with it futures of this driver).
#[derive(Debug)]
#[must_use]
pub(super) struct Aftermath<D> {
    wake: [Option<Waker>; 2],
    drop: (Option<D>, Option<Waker>),
}

impl<D> Aftermath<D> {
    /// Nothing to do.
    pub(super) const NONE: Self = Self { wake: [None, None], drop: (None, None) };

    fn dropping(result: D) -> Self {
        Self { drop: (Some(result), None), ..Self::NONE }
    }

    /// Wakes and drops.
    pub(super) fn settle(self) {
        self.wake.into_iter().flatten().for_each(Waker::wake);
        drop(self.drop);
    }
}

/// What [`Table::look`] found.
#[derive(Debug)]
pub(super) enum Look<D> {
    /// It is still in flight; the waker was stored. The one that it replaces, to be dropped later.
    Flying(Option<Waker>),
    /// It has finished; its slot is free again. A task to be woken, later, because of that.
    Finished(D, Option<Waker>),
    /// No such request.
    Unknown,
}

/// The slots, the list of free ones, and the list of finished requests that `poll` has to hand out.
#[derive(Debug)]
pub(super) struct Table<D, R: AsMut<[RequestSlot<D>]>> {
    slots: R,
    count: u16,
    free: Option<u16>,
    /// First and last.
    finished: Option<(u16, u16)>,
    flying: u16,
    /// Where [`any_flying`](Self::any_flying) looks first.
    look_from: u16,
    /// Slots that it has looked at.
    #[cfg(test)]
    looks: usize,
    result: core::marker::PhantomData<fn() -> D>,
}

impl<D, R: AsMut<[RequestSlot<D>]>> Table<D, R> {
    /// A table over the first `limit` of `slots`; what they held is forgotten.
    pub(super) fn new(mut slots: R, limit: u16) -> Self {
        let all = slots.as_mut();
        let count = u16::try_from(all.len()).unwrap_or(u16::MAX).min(limit);
        for (i, slot) in all.iter_mut().enumerate() {
            slot.state = State::Free;
            slot.space = None;
            // Those behind the limit are in no list.
            slot.next = u16::try_from(i + 1).ok().filter(|&next| next < count);
        }
        let free = (count > 0).then_some(0);
        Self {
            slots,
            count,
            free,
            finished: None,
            flying: 0,
            look_from: 0,
            #[cfg(test)]
            looks: 0,
            result: core::marker::PhantomData,
        }
    }

    fn slot(&mut self, index: u16) -> Option<&mut RequestSlot<D>> {
        self.slots.as_mut().get_mut(usize::from(index))
    }

    /// The slot of `id`, unless it has another user by now.
    fn slot_of(&mut self, id: RequestId) -> Option<&mut RequestSlot<D>> {
        self.slot(id.index).filter(|slot| slot.generation == id.generation)
    }

    /// Requests that there is room for.
    pub(super) fn len(&self) -> u16 {
        self.count
    }

    /// Requests in flight.
    pub(super) fn flying(&self) -> u16 {
        self.flying
    }

    /// Whether [`next_finished`](Self::next_finished) has something.
    pub(super) fn has_finished(&self) -> bool {
        self.finished.is_some()
    }

    /// The slot of some request in flight. Goes on where it ended the last time, so that ending all of them looks at
    /// each slot once.
    pub(super) fn any_flying(&mut self) -> Option<u16> {
        if self.flying == 0 {
            return None;
        }
        let (first, count) = (self.look_from, self.count);
        let mut order = (first..count).chain(0..first);
        let found = order.find(|&i| {
            #[cfg(test)]
            {
                self.looks += 1;
            }
            self.slot(i).is_some_and(|slot| matches!(slot.state, State::Flying(..) | State::Abandoned))
        })?;
        self.look_from = found;
        Some(found)
    }

    /// Takes a free slot for a request.
    pub(super) fn claim(&mut self, fetcher: Fetcher) -> Option<RequestId> {
        let index = self.free?;
        let slot = self.slot(index)?;
        slot.state = State::Flying(fetcher, None);
        slot.generation = slot.generation.wrapping_add(1);
        let (generation, next) = (slot.generation, slot.next.take());
        self.free = next;
        self.flying += 1;
        Some(RequestId { index, generation })
    }

    /// Frees a slot. The task that waited for that, if any.
    fn release(&mut self, index: u16) -> Option<Waker> {
        let head = self.free;
        let slot = self.slot(index)?;
        slot.state = State::Free;
        slot.next = head;
        let space = slot.space.take();
        self.free = Some(index);
        space
    }

    /// Takes back a claim whose request was refused by the queue.
    pub(super) fn unclaim(&mut self, id: RequestId) {
        self.flying = self.flying.saturating_sub(1);
        // Nobody waits for a slot that was free a moment ago.
        let _ = self.release(id.index);
    }

    /// Files the result of the request in slot `index`, or forgets it if nobody will fetch it.
    pub(super) fn finish(&mut self, index: u16, result: impl FnOnce(RequestId) -> D) -> Aftermath<D> {
        let Some(slot) = self.slot(index) else { return Aftermath::NONE };
        let result = result(RequestId { index, generation: slot.generation });
        let space = slot.space.take();
        match core::mem::replace(&mut slot.state, State::Free) {
            State::Flying(fetcher, waker) => {
                slot.state = State::Finished(fetcher, result);
                slot.next = None;
                self.flying -= 1;
                if fetcher == Fetcher::Poll {
                    self.append(index);
                }
                Aftermath { wake: [waker, space], ..Aftermath::NONE }
            }
            State::Abandoned => {
                self.flying -= 1;
                let _ = self.release(index);
                Aftermath { wake: [None, space], ..Aftermath::dropping(result) }
            }
            // The queue hands out each chain once, so a chain of a slot that is not in flight cannot come back.
            before @ (State::Free | State::Finished(..)) => {
                slot.state = before;
                Aftermath { wake: [None, space], ..Aftermath::dropping(result) }
            }
        }
    }

    /// Puts slot `index` at the end of the list of finished requests.
    fn append(&mut self, index: u16) {
        let first = match self.finished {
            Some((first, last)) => {
                if let Some(last) = self.slot(last) {
                    last.next = Some(index);
                }
                first
            }
            None => index,
        };
        self.finished = Some((first, index));
    }

    /// The oldest finished request that `poll` is to hand out, and a task to be woken because its slot is free.
    pub(super) fn next_finished(&mut self) -> Option<(D, Option<Waker>)> {
        let (first, last) = self.finished?;
        let slot = self.slot(first)?;
        let next = slot.next.take();
        let state = core::mem::replace(&mut slot.state, State::Free);
        self.finished = next.filter(|_| first != last).map(|next| (next, last));
        let space = self.release(first);
        match state {
            State::Finished(_, result) => Some((result, space)),
            _ => None,
        }
    }

    /// Fetches the result of `id`, or stores `waker` to be woken when there is one.
    pub(super) fn look(&mut self, id: RequestId, waker: Option<&Waker>) -> Look<D> {
        let Some(slot) = self.slot_of(id) else { return Look::Unknown };
        match &mut slot.state {
            State::Flying(Fetcher::Holder, stored) => {
                let keep = waker.is_none_or(|new| stored.as_ref().is_some_and(|old| old.will_wake(new)));
                Look::Flying(if keep { None } else { core::mem::replace(stored, waker.cloned()) })
            }
            State::Finished(Fetcher::Holder, _) => match core::mem::replace(&mut slot.state, State::Free) {
                State::Finished(_, result) => {
                    let space = self.release(id.index);
                    Look::Finished(result, space)
                }
                _ => Look::Unknown,
            },
            _ => Look::Unknown,
        }
    }

    /// The holder of `id` lost interest: its result is forgotten, now or when it comes.
    pub(super) fn abandon(&mut self, id: RequestId) -> Aftermath<D> {
        let Some(slot) = self.slot_of(id) else { return Aftermath::NONE };
        match core::mem::replace(&mut slot.state, State::Abandoned) {
            State::Finished(Fetcher::Holder, result) => {
                let space = self.release(id.index);
                Aftermath { wake: [None, space], ..Aftermath::dropping(result) }
            }
            State::Flying(Fetcher::Holder, waker) => Aftermath { drop: (None, waker), ..Aftermath::NONE },
            before => {
                slot.state = before;
                Aftermath::NONE
            }
        }
    }

    /// Stores a task that waits for room, to be woken when some request ends or its result is fetched. The waker that it
    /// displaces, to be *woken* later, when as many tasks wait as there are requests; `Err` when there is no request,
    /// so that nothing would wake it.
    pub(super) fn wait_for_space(&mut self, waker: &Waker) -> Result<Option<Waker>, NoRequest> {
        let mut fallback = None;
        for slot in self.slots.as_mut().iter_mut().filter(|slot| !matches!(slot.state, State::Free)) {
            match &slot.space {
                None => {
                    slot.space = Some(waker.clone());
                    return Ok(None);
                }
                Some(old) if old.will_wake(waker) => return Ok(None),
                Some(_) => fallback = Some(slot),
            }
        }
        match fallback {
            Some(slot) => Ok(slot.space.replace(waker.clone())),
            None => Err(NoRequest),
        }
    }
}

/// No request takes up room.
#[derive(Debug)]
pub(super) struct NoRequest;
