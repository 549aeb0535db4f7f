//! Every event goes into a trace and comes out as it was.

use parakit_harness::observe::event::Event;
use parakit_harness::observe::{RunHeader, TraceWriter, replay};

use crate::kinds::{KINDS, kinds, place};

#[test]
fn every_event_comes_back_as_it_was() {
    let kinds = kinds();
    let mut seen = [false; KINDS];
    for (seq, kind) in kinds.iter().enumerate() {
        seen[place(kind)] = true;
        let event = Event { seq: seq as u64, time_ns: 5, device: 1, kind: kind.clone() };
        let line = serde_json::to_string(&event).expect("it has a text");
        assert!(!line.contains('\n'), "{line}");
        let back: Event = serde_json::from_str(&line).expect(&line);
        assert_eq!(back, event, "{line}");
    }
    assert!(seen.iter().all(|seen| *seen), "a kind is missing above: {seen:?}");
}

#[test]
fn a_trace_of_every_event_is_read_to_its_end() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("trace");
    let events: Vec<_> = (kinds().into_iter().enumerate())
        .map(|(seq, kind)| Event { seq: seq as u64, time_ns: 5, device: 0, kind })
        .collect();
    let mut writer = TraceWriter::create(&path).expect("the folder is there");
    writer.run(&RunHeader::default(), &events).expect("there is room");
    writer.finish().expect("there is room");
    let runs = replay(&path).expect("a good trace");
    assert_eq!(runs.iter().map(|run| run.events).collect::<Vec<_>>(), [events.len() as u64]);
    assert_eq!(runs[0].judgement, parakit_harness::judge::judge(&events), "replayed and live differ");
}
