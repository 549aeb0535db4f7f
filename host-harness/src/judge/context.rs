//! What happened around a violation: a few lines before and after it, on the same device.
//!
//! The judge keeps no events. Once it is known which violations are kept, the events are gone through a second time, and only those around
//! the proofs are put into words: so much memory as a few lines a violation, however long the run.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{ContextEvent, Verdicts};
use crate::observe::Event;
use crate::observe::decode::{self, Decoder};

/// Lines before the one that proves it.
const BEFORE: usize = 6;
/// Lines after it.
const AFTER: usize = 3;
/// Longest line, in characters; more is left out.
const LONGEST: usize = 600;
/// Most events of a line.
const TOGETHER: usize = 8;

/// Collects what happened around the violations of a run.
///
/// Events are owned or borrowed: those of a trace are read one by one, those of a live run lie in memory.
#[derive(Debug)]
pub struct Contexts<E> {
    devices: BTreeMap<u16, Device<E>>,
    found: BTreeMap<(u16, u64), Vec<ContextEvent>>,
}

#[derive(Debug)]
struct Device<E> {
    /// Events that prove something and have not come yet.
    wanted: BTreeSet<u64>,
    /// Knows every event.
    ahead: Decoder,
    /// Knows the events before those in `recent`.
    decoder: Decoder,
    recent: VecDeque<Group<E>>,
    open: Vec<Open>,
}

/// Events that are told in one line.
#[derive(Debug)]
struct Group<E> {
    events: Vec<E>,
    /// How often it came, one after the other.
    times: u64,
    /// Those of them that prove something.
    proofs: Vec<u64>,
}

/// A violation whose lines are not complete.
#[derive(Debug)]
struct Open {
    proof: u64,
    lines: Vec<ContextEvent>,
    after: usize,
}

impl<E: Borrow<Event>> Contexts<E> {
    /// For the violations in `verdicts`; none where nothing was violated.
    #[must_use]
    pub fn new(verdicts: &Verdicts) -> Option<Self> {
        let mut devices: BTreeMap<u16, Device<E>> = BTreeMap::new();
        for violation in verdicts.entries.values().flat_map(|entry| &entry.evidence) {
            devices.entry(violation.device).or_insert_with(Device::new).wanted.insert(violation.seq);
        }
        (!devices.is_empty()).then_some(Self { devices, found: BTreeMap::new() })
    }

    /// Takes the next event of the run.
    pub fn event(&mut self, event: E) {
        let index = event.borrow().device;
        let Some(device) = self.devices.get_mut(&index) else { return };
        for open in device.event(event) {
            self.found.insert((index, open.proof), open.lines);
        }
    }

    /// The run is over: writes what was found into the violations.
    pub fn finish(mut self, verdicts: &mut Verdicts) {
        for (index, device) in &mut self.devices {
            for open in device.finish() {
                self.found.insert((*index, open.proof), open.lines);
            }
        }
        for violation in verdicts.entries.values_mut().flat_map(|entry| &mut entry.evidence) {
            if let Some(lines) = self.found.get(&(violation.device, violation.seq)) {
                violation.context.clone_from(lines);
            }
        }
    }
}

impl<E: Borrow<Event>> Device<E> {
    fn new() -> Self {
        Self {
            wanted: BTreeSet::new(),
            ahead: Decoder::default(),
            decoder: Decoder::default(),
            recent: VecDeque::new(),
            open: Vec::new(),
        }
    }

    /// Takes an event; the violations whose lines are complete with it.
    fn event(&mut self, event: E) -> Vec<Open> {
        let proof = self.wanted.remove(&event.borrow().seq).then_some(event.borrow().seq);
        self.ahead.event(event.borrow());
        if let Some(last) = self.recent.back_mut()
            && last.events.len() < TOGETHER
            && decode::joins(&last.events, event.borrow(), &self.ahead)
        {
            last.events.push(event);
            last.proofs.extend(proof);
            return Vec::new();
        }
        let done = self.complete();
        self.recent.push_back(Group { events: vec![event], times: 1, proofs: Vec::from_iter(proof) });
        done
    }

    /// The last group has all its events.
    fn complete(&mut self) -> Vec<Open> {
        if self.is_repeated() {
            self.recent.pop_back();
            if let Some(same) = self.recent.back_mut() {
                same.times += 1;
                let times = same.times;
                for open in &mut self.open {
                    if let Some(line) = open.lines.last_mut() {
                        line.times = times;
                    }
                }
            }
            return Vec::new();
        }
        let Some(last) = self.recent.back() else { return Vec::new() };
        if !last.proofs.is_empty() || !self.open.is_empty() {
            let proofs: Vec<(u64, u64)> = last.proofs().collect();
            // In order, from what the decoder knows before them.
            let mut decoder = self.decoder.clone();
            let mut lines: Vec<ContextEvent> = self.recent.iter().map(|group| group.told(&mut decoder)).collect();
            if let Some(line) = lines.last().cloned() {
                for open in &mut self.open {
                    open.lines.push(line.clone());
                    open.after += 1;
                }
            }
            lines.drain(..lines.len().saturating_sub(BEFORE + 1));
            self.open.extend(proofs.into_iter().map(|(seq, time_ns)| {
                let mut lines = lines.clone();
                // The line may tell several events; the one that proves it is what the violation names.
                if let Some(line) = lines.last_mut() {
                    (line.seq, line.time_ns, line.proof) = (seq, time_ns, true);
                }
                Open { proof: seq, lines, after: 0 }
            }));
        }
        while self.recent.len() > BEFORE + 1 {
            let Some(old) = self.recent.pop_front() else { break };
            old.events.iter().for_each(|event| self.decoder.event(event.borrow()));
        }
        let (done, open) = std::mem::take(&mut self.open).into_iter().partition(|open| open.after >= AFTER);
        self.open = open;
        done
    }

    /// Whether the last group says what the one before it said, and neither proves anything.
    fn is_repeated(&self) -> bool {
        let mut back = self.recent.iter().rev();
        let (Some(last), Some(before)) = (back.next(), back.next()) else { return false };
        let kinds = |group: &Group<E>| group.events.len();
        let same = |a: &E, b: &E| a.borrow().kind == b.borrow().kind;
        last.proofs.is_empty()
            && before.proofs.is_empty()
            && kinds(last) == kinds(before)
            && last.events.iter().zip(&before.events).all(|(a, b)| same(a, b))
    }

    fn finish(&mut self) -> Vec<Open> {
        let mut done = self.complete();
        done.append(&mut self.open);
        done
    }
}

impl<E: Borrow<Event>> Group<E> {
    /// The events that prove something: their numbers and times.
    fn proofs(&self) -> impl Iterator<Item = (u64, u64)> {
        let events = self.events.iter().map(Borrow::borrow);
        events.filter(|event| self.proofs.contains(&event.seq)).map(|event| (event.seq, event.time_ns))
    }

    fn told(&self, decoder: &mut Decoder) -> ContextEvent {
        let line = decode::line(&self.events, decoder);
        let mut text = line.text;
        if let Some((cut, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(cut);
            text.push_str(" ...");
        }
        ContextEvent { seq: line.seq, time_ns: line.time_ns, text, times: self.times, proof: false }
    }
}
