//! Traces: bytes as they are, and good traces that were changed here and there.

use std::cell::RefCell;
use std::io::{Seek as _, Write as _};
use std::path::Path;

use parakit_harness::observe::trace::{Visitor, read};
use parakit_harness::observe::{Event, RunHeader, TraceWriter, replay};
use tempfile::NamedTempFile;

use super::bytes::Bytes;
use super::judged;

/// Good traces, shortened: a packed ring over PCI, and a split one over MMIO.
const GOOD: [&str; 2] = [include_str!("pci.trace"), include_str!("mmio.trace")];
/// Most changes of an input.
const CHANGES: usize = 40;

thread_local! {
    static FILE: RefCell<NamedTempFile> = RefCell::new(NamedTempFile::with_prefix("parakit-fuzz-").expect("a temporary file"));
}

/// Reads and judges.
pub(super) fn trace(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let kind = bytes.u8();
    if kind & 1 == 0 {
        judge(bytes.slice(usize::MAX));
    } else {
        judge(changed(GOOD[usize::from(kind >> 1 & 1)], &mut bytes).as_bytes());
    }
}

/// The trace with lines left out, doubled, exchanged, and other numbers in them; its counts of events are right again.
fn changed(good: &str, bytes: &mut Bytes<'_>) -> String {
    let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
    // The first two lines open file and run, the last two close them.
    let last = lines.len() - 2;
    let mut events = lines.drain(2..last).collect::<Vec<_>>();
    for _ in 0..CHANGES {
        if bytes.is_empty() || events.is_empty() {
            break;
        }
        let (what, at) = (bytes.u8(), usize::from(bytes.u16()) % events.len());
        let other = usize::from(bytes.u16()) % events.len();
        match what % 6 {
            0 => drop(events.remove(at)),
            1 => events.insert(at, events[other].clone()),
            2 => events.swap(at, other),
            3 => events.truncate(at),
            4 => {
                let line = std::mem::take(&mut events[at]);
                let value = number(bytes);
                events[at] = with_number(&line, usize::from(what / 6), &value);
            }
            _ => {
                let (from, to) = (at.min(other), at.max(other));
                events.drain(from..to.min(from + 16));
            }
        }
    }
    lines.insert(2, events.join("\n"));
    lines[3] = format!("{{\"run_end\":{{\"events\":{}}}}}", events.len());
    lines.retain(|line| !line.is_empty());
    lines.join("\n") + "\n"
}

/// A number, mostly a small one or one on an edge.
fn number(bytes: &mut Bytes<'_>) -> String {
    match bytes.below(6) {
        0 => bytes.u8().to_string(),
        1 => bytes.u16().to_string(),
        2 => bytes.u32().to_string(),
        3 => (1_u128 << (bytes.u8() % 65)).to_string(),
        4 => ((1_u128 << (bytes.u8() % 65)) - 1).to_string(),
        _ => bytes.u64().to_string(),
    }
}

/// The line with its number `which` (from 0, counted round) exchanged.
fn with_number(line: &str, which: usize, value: &str) -> String {
    let mut spans = Vec::new();
    let mut begin = None;
    let mut quoted = false;
    for (i, c) in line.char_indices() {
        quoted ^= c == '"';
        match (begin, c.is_ascii_digit() && !quoted) {
            (None, true) => begin = Some(i),
            (Some(from), false) => {
                spans.push(from..i);
                begin = None;
            }
            _ => {}
        }
    }
    let Some(span) = (!spans.is_empty()).then(|| spans[which % spans.len()].clone()) else { return line.to_owned() };
    format!("{}{value}{}", &line[..span.start], &line[span.end..])
}

/// Replays a file with these bytes. What can be read is judged the same a second time, and after it was written anew.
fn judge(bytes: &[u8]) {
    FILE.with_borrow_mut(|file| {
        file.as_file().set_len(0).and_then(|()| file.rewind()).expect("an empty file");
        file.write_all(bytes).expect("room for the trace");
        let path = file.path().to_owned();
        let first = match replay(&path) {
            Ok(runs) => runs,
            Err(error) => return assert!(!error.to_string().contains('\n'), "one line: {error}"),
        };
        assert_eq!(first, replay(&path).expect("it was read before"), "judged the same again");
        let mut all = All::default();
        read(&path, &mut all).expect("it was read before");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let copy = directory.path().join("copy");
        write(&copy, &all.0);
        assert_eq!(first, replay(&copy).expect("a trace that was just written"), "judged the same when written anew");
        all.0.iter().for_each(|(_, events)| judged::check(events));
    });
}

fn write(path: &Path, runs: &[(RunHeader, Vec<Event>)]) {
    let mut writer = TraceWriter::create(path).expect("a trace");
    for (header, events) in runs {
        writer.run(header, events).expect("room for a trace");
    }
    writer.finish().expect("a trace in its place");
}

/// All runs of a trace.
#[derive(Default)]
struct All(Vec<(RunHeader, Vec<Event>)>);

impl Visitor for All {
    fn run(&mut self, header: RunHeader) {
        self.0.push((header, Vec::new()));
    }

    fn event(&mut self, event: Event) {
        if let Some((_, events)) = self.0.last_mut() {
            events.push(event);
        }
    }

    fn run_end(&mut self) {}
}
