//! The event log: one global order over all devices and threads of a run, in bounded memory.

use std::mem::size_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::event::{Chain, Event, EventKind, Link};

/// How much a log may hold. A guest decides how many events there are, so both are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOptions {
    /// Most events.
    pub max_events: usize,
    /// Most bytes of host memory for them, roughly.
    pub max_bytes: usize,
}

impl Default for LogOptions {
    /// Two million events or 256 MiB, whichever comes first.
    fn default() -> Self {
        Self { max_events: 2_000_000, max_bytes: 256 << 20 }
    }
}

/// Where transports and observers put their events. Clones share one log.
///
/// When the log is full, it stays as it is: what it holds is the unbroken beginning of the run, which can be judged; the
/// events after it are only counted, and a last event [`EventKind::Dropped`] says how many they were.
///
/// ```
/// use parakit_harness::observe::{EventKind, EventLog, LogOptions};
/// let log = EventLog::new(LogOptions { max_events: 1, ..LogOptions::default() });
/// log.emit(0, EventKind::StatusRead { value: 0 });
/// log.emit(0, EventKind::StatusRead { value: 0 });
/// let events = log.take();
/// assert_eq!(events[1].kind, EventKind::Dropped { events: 1 });
/// ```
#[derive(Clone, Debug)]
pub struct EventLog(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    options: LogOptions,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// What the times of events count from.
    begin: Instant,
    events: Vec<Event>,
    bytes: usize,
    next_seq: u64,
    dropped: u64,
}

impl EventLog {
    /// An empty log; its clock starts now, until [`EventLog::start_clock`] says that the run only begins then.
    #[must_use]
    pub fn new(options: LogOptions) -> Self {
        let state = State { begin: Instant::now(), events: Vec::new(), bytes: 0, next_seq: 0, dropped: 0 };
        Self(Some(Arc::new(Shared { options, state: Mutex::new(state) })))
    }

    /// The run begins: the times of events count from now, and what was recorded before happened at time 0.
    ///
    /// ```
    /// use parakit_harness::observe::{EventKind, EventLog, LogOptions};
    /// let log = EventLog::new(LogOptions::default());
    /// log.emit(0, EventKind::StatusRead { value: 0 });
    /// log.start_clock();
    /// assert_eq!(log.take()[0].time_ns, 0);
    /// ```
    pub fn start_clock(&self) {
        let Some(shared) = &self.0 else { return };
        let mut state = shared.lock();
        state.begin = Instant::now();
        state.events.iter_mut().for_each(|event| event.time_ns = 0);
    }

    /// A log that records nothing, for benches: whoever asks [`EventLog::is_on`] can save the work of making events.
    #[must_use]
    pub const fn off() -> Self {
        Self(None)
    }

    /// Whether events are recorded at all.
    #[inline]
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Records `kind` for `device` at the next place of the global order.
    pub fn emit(&self, device: u16, kind: EventKind) {
        let Some(shared) = &self.0 else { return };
        let mut state = shared.lock();
        // The time is taken under the lock, so that it never runs backwards along the order.
        let time_ns = state.now();
        let bytes = state.bytes + size_of::<Event>() + heap_bytes(&kind);
        if state.dropped > 0 || state.events.len() >= shared.options.max_events || bytes > shared.options.max_bytes {
            state.dropped += 1;
            return;
        }
        state.bytes = bytes;
        let seq = state.next_seq;
        state.next_seq += 1;
        state.events.push(Event { seq, time_ns, device, kind });
    }

    /// How many events did not fit.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.0.as_ref().map_or(0, |s| s.lock().dropped)
    }

    /// A copy of the events so far, followed by [`EventKind::Dropped`] if some did not fit.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Event> {
        self.0.as_ref().map_or_else(Vec::new, |s| {
            let state = s.lock();
            marked(state.events.clone(), &state)
        })
    }

    /// Takes the events out, as [`EventLog::snapshot`] gives them. The log goes on empty; its order and clock go on too.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        self.0.as_ref().map_or_else(Vec::new, |s| {
            let mut state = s.lock();
            let events = std::mem::take(&mut state.events);
            let events = marked(events, &state);
            state.next_seq = events.last().map_or(state.next_seq, |e| e.seq + 1);
            state.bytes = 0;
            state.dropped = 0;
            events
        })
    }
}

impl Shared {
    /// A thread that panicked while it held the lock leaves a log that is still whole: an event is pushed or it is not.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Nanoseconds since the run began.
    fn now(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

fn marked(mut events: Vec<Event>, state: &State) -> Vec<Event> {
    if state.dropped > 0 {
        let time_ns = state.now();
        events.push(Event {
            seq: state.next_seq,
            time_ns,
            device: 0,
            kind: EventKind::Dropped { events: state.dropped },
        });
    }
    events
}

/// Bytes that an event keeps outside its own struct.
fn heap_bytes(kind: &EventKind) -> usize {
    match kind {
        EventKind::Available(Chain { links, readable, .. }) => {
            size_of::<Link>() * links.capacity() + readable.capacity()
        }
        EventKind::ConfigChanged { bytes, .. } => bytes.capacity(),
        EventKind::Device(info) => info.config.capacity() + 2 * info.queue_max.capacity() + info.name.capacity(),
        EventKind::Provoke { what: text } | EventKind::End { reason: text } => text.capacity(),
        _ => 0,
    }
}
