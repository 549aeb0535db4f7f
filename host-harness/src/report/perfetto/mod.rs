//! Runs as a trace in the form of Chrome's trace events, for Perfetto and `chrome://tracing`. `docs/report.md` says what is where in it.

mod lanes;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use self::lanes::{Lane, arrow, lane};
use crate::judge::Violation;
use crate::observe::Event;
use crate::observe::decode::{Decoder, joins, line};
use crate::observe::event::{Chain, EventKind};
use crate::observe::lives::{ChainLives, Change};
use crate::scenario::RunRecord;

/// Nanoseconds between the end of a run and the begin of the next: runs are put side by side.
const GAP_NS: u64 = 1_000_000;
/// Longest time that a notification or interrupt is drawn, in nanoseconds. It takes none, but an arrow needs something to begin and end at.
const ARROW_NS: u64 = 1_000;
/// Longest text of an event, in characters.
const LONGEST: usize = 300;

/// Writes runs as trace events, one run after the other.
///
/// ```
/// use parakit_harness::report::PerfettoWriter;
/// # fn main() -> std::io::Result<()> {
/// let mut bytes = Vec::new();
/// PerfettoWriter::new(&mut bytes)?.finish()?;
/// let trace: serde_json::Value = serde_json::from_slice(&bytes)?;
/// assert!(trace["traceEvents"].is_array());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct PerfettoWriter<W> {
    out: W,
    any: bool,
    /// When the next run begins.
    begin_ns: u64,
    processes: u64,
    chains: u64,
    arrows: u64,
}

/// An event of the trace. Times are in microseconds there.
#[derive(Serialize)]
struct Entry<'a> {
    ph: &'static str,
    name: &'a str,
    cat: &'static str,
    pid: u64,
    tid: u64,
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Of an instant: how far it reaches. `t`: its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    /// Of the end of an arrow: that it ends in the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    args: Value,
}

/// A run while it is written.
struct Run<'a> {
    /// Process of each device.
    processes: BTreeMap<u16, u64>,
    /// What each event proves, by its number.
    violations: BTreeMap<u64, Vec<(&'static str, &'a Violation)>>,
    /// Chains in flight: device, queue, and the number in the trace, by their number in the run.
    flights: BTreeMap<u64, (u16, u16, u64)>,
    /// How many of them each queue has.
    in_flight: BTreeMap<(u16, u16), u64>,
    begin_ns: u64,
}

impl<W: Write> PerfettoWriter<W> {
    /// Begins a trace.
    ///
    /// # Errors
    /// `out` takes no more.
    pub fn new(mut out: W) -> io::Result<Self> {
        write!(
            out,
            "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"producer\":\"parakit {}\"}},",
            env!("CARGO_PKG_VERSION")
        )?;
        write!(out, "\"traceEvents\":[")?;
        Ok(Self { out, any: false, begin_ns: 0, processes: 0, chains: 0, arrows: 0 })
    }

    /// Where it goes.
    pub const fn get_ref(&self) -> &W {
        &self.out
    }

    /// Adds a run: a process for each of its devices.
    ///
    /// # Errors
    /// What it is written to takes no more.
    pub fn run(&mut self, record: &RunRecord, events: &[Event]) -> io::Result<()> {
        let mut run = Run {
            processes: BTreeMap::new(),
            violations: proofs(record),
            flights: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            begin_ns: self.begin_ns,
        };
        let mut decoder = Decoder::default();
        let mut ahead = Decoder::default();
        let mut lives = ChainLives::default();
        let mut rest = events;
        while let Some(first) = rest.first() {
            ahead.event(first);
            let mut together = 1;
            while let Some(next) = rest.get(together).filter(|next| next.device == first.device) {
                if !joins(&rest[..together], next, &ahead) {
                    break;
                }
                ahead.event(next);
                together += 1;
            }
            let (group, after) = rest.split_at(together);
            rest = after;
            let text = shortened(&line(group, &mut decoder).text);
            let next_ns = rest.first().map_or(first.time_ns, |next| next.time_ns);
            self.group(&mut run, record, group, &text, next_ns)?;
            for event in group {
                let change = lives.event(event);
                self.chains(&mut run, event, change)?;
            }
        }
        let last_ns = events.last().map_or(0, |event| event.time_ns);
        for number in lives.in_flight() {
            self.landed(&mut run, number, last_ns, &json!({ "end": "in flight when the run ended" }))?;
        }
        self.begin_ns = self.begin_ns.saturating_add(last_ns).saturating_add(GAP_NS);
        Ok(())
    }

    /// Completes the trace; gives back what it was written to.
    ///
    /// # Errors
    /// It takes no more.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Events that are told together, the first of them by kind, and what they prove.
    fn group(
        &mut self,
        run: &mut Run<'_>,
        record: &RunRecord,
        group: &[Event],
        text: &str,
        next_ns: u64,
    ) -> io::Result<()> {
        let Some(first) = group.first() else { return Ok(()) };
        let pid = self.process(run, record, first)?;
        let ts = run.at(first);
        // What the raw access means says more about whose it is.
        let kind =
            group.iter().map(|event| &event.kind).rev().find(|kind| arrow(kind).is_some()).unwrap_or(&first.kind);
        let args = json!({ "event": first.seq });
        match arrow(kind) {
            Some(arrow) => {
                let dur = next_ns.saturating_sub(first.time_ns).min(ARROW_NS);
                let id = format!("a{}", self.arrows);
                self.arrows += 1;
                let slice = |tid: Lane| Entry {
                    dur: Some(microseconds(dur)),
                    args: args.clone(),
                    ..entry("X", text, arrow.category, pid, tid, ts)
                };
                let end =
                    |ph, tid| Entry { id: Some(id.clone()), ..entry(ph, arrow.category, arrow.category, pid, tid, ts) };
                self.put(&slice(arrow.from))?;
                self.put(&end("s", arrow.from))?;
                self.put(&slice(arrow.to))?;
                self.put(&Entry { bp: Some("e"), ..end("f", arrow.to) })?;
            }
            None => self.put(&Entry { s: Some("t"), args, ..entry("i", text, "event", pid, lane(kind), ts) })?,
        }
        for event in group {
            for (id, violation) in run.violations.remove(&event.seq).unwrap_or_default() {
                let args = json!({
                    "event": event.seq, "requirement": id, "expected": violation.expected, "seen": violation.seen,
                    "count": violation.count,
                });
                let name = format!("VIOLATED {id}");
                // The process is the device's: everything of it is marked.
                self.put(&Entry {
                    s: Some("p"),
                    args,
                    ..entry("i", &name, "violation", pid, lane(&event.kind), run.at(event))
                })?;
            }
        }
        Ok(())
    }

    /// What became of chains.
    fn chains(&mut self, run: &mut Run<'_>, event: &Event, change: Change) -> io::Result<()> {
        match (change, &event.kind) {
            (Change::None, _) => Ok(()),
            (Change::Began(number), EventKind::Available(chain)) => self.began(run, event, number, chain),
            // Only an available buffer begins a chain.
            (Change::Began(_), _) => Ok(()),
            (Change::Used(numbers), kind) => {
                let len = match kind {
                    EventKind::Used { len, .. } => *len,
                    _ => 0,
                };
                let last = numbers.last().copied();
                for number in numbers {
                    // Of a batch, only the last one's length is told.
                    let args = if Some(number) == last {
                        json!({ "end": "used", "written": len })
                    } else {
                        json!({ "end": "used" })
                    };
                    self.landed(run, number, event.time_ns, &args)?;
                }
                Ok(())
            }
            (Change::TakenBack(numbers), _) => {
                let args = json!({ "end": "taken back by a reset" });
                numbers.into_iter().try_for_each(|number| self.landed(run, number, event.time_ns, &args))
            }
        }
    }

    fn began(&mut self, run: &mut Run<'_>, event: &Event, number: u64, chain: &Chain) -> io::Result<()> {
        let Some(&pid) = run.processes.get(&event.device) else { return Ok(()) };
        let id = self.chains;
        self.chains += 1;
        run.flights.insert(number, (event.device, chain.queue, id));
        let args = json!({
            "event": event.seq, "head": chain.head, "slot": chain.slot, "descriptors": chain.links.len(),
            "readable": chain.readable_len(), "writable": chain.writable_len(),
            "broken": chain.broken.map(|fault| format!("{fault:?}")),
        });
        let ts = run.at(event);
        let name = queue_name(chain.queue);
        let tid = Lane::Queue(chain.queue);
        self.put(&Entry { id: Some(format!("c{id}")), args, ..entry("b", &name, "chain", pid, tid, ts) })?;
        self.counter(run, (event.device, chain.queue), event.time_ns, |chains| chains + 1)
    }

    fn landed(&mut self, run: &mut Run<'_>, number: u64, time_ns: u64, args: &Value) -> io::Result<()> {
        let Some((device, queue, id)) = run.flights.remove(&number) else { return Ok(()) };
        let Some(&pid) = run.processes.get(&device) else { return Ok(()) };
        let ts = microseconds(run.begin_ns.saturating_add(time_ns));
        let name = queue_name(queue);
        let end = entry("e", &name, "chain", pid, Lane::Queue(queue), ts);
        self.put(&Entry { id: Some(format!("c{id}")), args: args.clone(), ..end })?;
        self.counter(run, (device, queue), time_ns, |chains| chains.saturating_sub(1))
    }

    /// How many chains of the queue are in flight from now on.
    fn counter(
        &mut self,
        run: &mut Run<'_>,
        queue: (u16, u16),
        time_ns: u64,
        change: fn(u64) -> u64,
    ) -> io::Result<()> {
        let Some(&pid) = run.processes.get(&queue.0) else { return Ok(()) };
        let count = run.in_flight.entry(queue).or_default();
        *count = change(*count);
        let args = json!({ "chains": *count });
        let name = format!("queue {}: in flight", queue.1);
        let ts = microseconds(run.begin_ns.saturating_add(time_ns));
        self.put(&Entry { args, ..entry("C", &name, "chain", pid, Lane::Queue(queue.1), ts) })
    }

    /// The process of the event's device; begun with its first event.
    fn process(&mut self, run: &mut Run<'_>, record: &RunRecord, event: &Event) -> io::Result<u64> {
        let known = run.processes.get(&event.device).copied();
        let pid = known.unwrap_or(self.processes + 1);
        let ts = run.at(event);
        if known.is_none() {
            self.processes = pid;
            run.processes.insert(event.device, pid);
            let device = match &event.kind {
                EventKind::Device(info) => info.name.clone(),
                _ => format!("device {}", event.device),
            };
            self.name("process_name", &format!("{}: {device}", record.scenario), pid, Lane::Driver, ts)?;
            self.name("thread_name", "driver", pid, Lane::Driver, ts)?;
            self.name("thread_name", "device", pid, Lane::Device, ts)?;
        }
        if let EventKind::QueueEnabled(info) = &event.kind
            && run.in_flight.insert((event.device, info.queue), 0).is_none()
        {
            self.name("thread_name", &queue_name(info.queue), pid, Lane::Queue(info.queue), ts)?;
        }
        Ok(pid)
    }

    fn name(&mut self, what: &str, name: &str, pid: u64, lane: Lane, ts: f64) -> io::Result<()> {
        self.put(&Entry { args: json!({ "name": name }), ..entry("M", what, "__metadata", pid, lane, ts) })
    }

    fn put(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        Ok(serde_json::to_writer(&mut self.out, entry)?)
    }
}

impl Run<'_> {
    /// When an event happened in the trace, in microseconds.
    fn at(&self, event: &Event) -> f64 {
        microseconds(self.begin_ns.saturating_add(event.time_ns))
    }
}

/// What each event of the run proves, by its number.
fn proofs(record: &RunRecord) -> BTreeMap<u64, Vec<(&'static str, &Violation)>> {
    let mut proofs: BTreeMap<u64, Vec<_>> = BTreeMap::new();
    for (id, entry) in record.violations() {
        for violation in &entry.evidence {
            proofs.entry(violation.seq).or_default().push((id.get().id, violation));
        }
    }
    proofs
}

fn entry<'a>(ph: &'static str, name: &'a str, cat: &'static str, pid: u64, lane: Lane, ts: f64) -> Entry<'a> {
    Entry { ph, name, cat, pid, tid: lane.thread(), ts, dur: None, id: None, s: None, bp: None, args: Value::Null }
}

fn queue_name(queue: u16) -> String {
    format!("queue {queue}")
}

fn microseconds(ns: u64) -> f64 {
    ns as f64 / 1e3
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text.to_owned(),
    }
}
