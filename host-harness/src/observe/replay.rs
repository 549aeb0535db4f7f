//! Replay: a recorded trace is judged again.

use std::path::Path;

use super::event::{Event, EventKind, TransportKind};
use super::negotiated::{Negotiated, Negotiations};
use super::trace::{self, RunHeader, TraceError, Visitor};
use super::traffic::{Traffic, TrafficCounter};
use super::unnotified::Unnotified;
use super::unusable::Unusable;
use crate::judge::context::Contexts;
use crate::judge::{Judge, Judgement};

/// A run of a trace, judged again.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// What the run was.
    pub run: RunHeader,
    /// How many events it had.
    pub events: u64,
    /// How the driver reached the first device; `None` where there was none.
    pub transport: Option<TransportKind>,
    /// What passed between drivers and devices.
    pub traffic: Traffic,
    /// What drivers and devices agreed on.
    pub negotiated: Vec<Negotiated>,
    /// What drivers made available and no device could use.
    pub unusable: Vec<String>,
    /// Queues that drivers filled and never notified of.
    pub unnotified: Vec<String>,
    /// The same as when it was judged live.
    pub judgement: Judgement,
}

/// Judges every run of the trace at `path`. Events are judged as they are read, so a trace may be larger than memory.
///
/// # Errors
/// See [`TraceError`]. A trace that is damaged anywhere gives no verdict at all.
pub fn replay(path: &Path) -> Result<Vec<Replayed>, TraceError> {
    let mut replay = Replay::default();
    trace::read(path, &mut replay)?;
    let mut done = replay.done;
    // What happened around the violations is told once these are known.
    if done.iter().any(|run| Contexts::<Event>::new(&run.judgement.verdicts).is_some()) {
        let mut around = Around { runs: &mut done, next: 0, contexts: None };
        trace::read(path, &mut around)?;
    }
    Ok(done)
}

#[derive(Default)]
struct Replay {
    done: Vec<Replayed>,
    header: RunHeader,
    judge: Judge,
    negotiations: Negotiations,
    transport: Option<TransportKind>,
    traffic: TrafficCounter,
    unusable: Unusable,
    unnotified: Unnotified,
    events: u64,
}

impl Visitor for Replay {
    fn run(&mut self, header: RunHeader) {
        self.header = header;
        self.judge = Judge::default();
        self.negotiations = Negotiations::default();
        self.transport = None;
        self.traffic = TrafficCounter::default();
        (self.unusable, self.unnotified) = (Unusable::default(), Unnotified::default());
        self.events = 0;
    }

    fn event(&mut self, event: Event) {
        self.judge.event(&event);
        self.negotiations.event(&event);
        self.traffic.event(&event);
        self.unusable.event(&event);
        self.unnotified.event(&event);
        if let EventKind::Device(info) = &event.kind {
            self.transport.get_or_insert(info.transport);
        }
        self.events += 1;
    }

    fn run_end(&mut self) {
        let judgement = std::mem::take(&mut self.judge).finish();
        let negotiated = std::mem::take(&mut self.negotiations).finish();
        let run = std::mem::take(&mut self.header);
        let traffic = std::mem::take(&mut self.traffic).finish();
        let unusable = std::mem::take(&mut self.unusable).finish();
        let unnotified = std::mem::take(&mut self.unnotified).finish();
        let (events, transport) = (self.events, self.transport);
        self.done.push(Replayed { run, events, transport, traffic, negotiated, unusable, unnotified, judgement });
    }
}

/// Goes through the trace again for what happened around violations.
struct Around<'a> {
    runs: &'a mut [Replayed],
    next: usize,
    contexts: Option<Contexts<Event>>,
}

impl Visitor for Around<'_> {
    fn run(&mut self, _: RunHeader) {
        self.contexts = self.runs.get(self.next).and_then(|run| Contexts::new(&run.judgement.verdicts));
    }

    fn event(&mut self, event: Event) {
        if let Some(contexts) = &mut self.contexts {
            contexts.event(event);
        }
    }

    fn run_end(&mut self) {
        if let (Some(contexts), Some(run)) = (self.contexts.take(), self.runs.get_mut(self.next)) {
            contexts.finish(&mut run.judgement.verdicts);
        }
        self.next += 1;
    }
}
