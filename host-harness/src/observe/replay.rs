//! Replay: a recorded trace is judged again.

use std::path::Path;

use super::event::{Event, EventKind, TransportKind};
use super::lapses::Lapses;
use super::negotiated::{Negotiated, Negotiations};
use super::trace::{self, RunHeader, TraceError, Visitor};
use super::traffic::{Traffic, TrafficCounter};
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
    /// What drivers did that no rule forbids and that keeps a run from having passed.
    pub lapses: Vec<String>,
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
    lapses: Lapses,
    events: u64,
}

impl Visitor for Replay {
    fn run(&mut self, header: RunHeader) {
        self.header = header;
        self.judge = Judge::default();
        self.negotiations = Negotiations::default();
        self.transport = None;
        self.traffic = TrafficCounter::default();
        self.lapses = Lapses::default();
        self.events = 0;
    }

    fn event(&mut self, event: Event) {
        self.judge.event(&event);
        self.negotiations.event(&event);
        self.traffic.event(&event);
        self.lapses.event(&event);
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
        let lapses = std::mem::take(&mut self.lapses).finish();
        let (events, transport) = (self.events, self.transport);
        self.done.push(Replayed { run, events, transport, traffic, negotiated, lapses, judgement });
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
