//! The trace for Perfetto, read back: what begins ends, and time goes on.

use std::collections::{BTreeMap, BTreeSet};

use parakit_harness::observe::EventKind;
use parakit_harness::report::PerfettoWriter;
use parakit_harness::scenario::RunRecord;
use serde_json::Value;

use super::REPORT;

fn trace_of(runs: &[RunRecord]) -> Vec<Value> {
    let mut writer = PerfettoWriter::new(Vec::new()).expect("memory takes everything");
    for run in runs {
        writer.run(run, &run.events).expect("memory takes everything");
    }
    let bytes = writer.finish().expect("memory takes everything");
    let trace: Value = serde_json::from_slice(&bytes).expect("the trace is JSON");
    trace["traceEvents"].as_array().expect("a list of events").clone()
}

fn of<'a>(events: &'a [Value], phase: &'a str) -> impl Iterator<Item = &'a Value> {
    events.iter().filter(move |event| event["ph"] == phase)
}

fn text<'a>(event: &'a Value, name: &str) -> &'a str {
    event[name].as_str().unwrap_or_else(|| panic!("{name} of {event}"))
}

#[test]
fn an_empty_trace_is_a_trace() {
    assert_eq!(trace_of(&[]), Vec::<Value>::new());
}

#[test]
fn every_chain_ends_and_says_how() {
    let events = trace_of(&REPORT.runs);
    let mut open = BTreeMap::new();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for event in &events {
        match text(event, "ph") {
            "b" => assert!(open.insert(text(event, "id"), event).is_none(), "{event} begins twice"),
            "e" => {
                let begin = open.remove(text(event, "id")).unwrap_or_else(|| panic!("{event} never began"));
                for same in ["pid", "tid", "cat", "name"] {
                    assert_eq!(begin[same], event[same], "{same}");
                }
                assert!(begin["ts"].as_f64() <= event["ts"].as_f64());
                *ends.entry(text(&event["args"], "end").to_owned()).or_default() += 1;
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let available =
        REPORT.runs.iter().flat_map(|run| &run.events).filter(|e| matches!(e.kind, EventKind::Available(_)));
    assert_eq!(ends.values().sum::<usize>(), available.count());
    for how in ["used", "taken back by a reset", "in flight when the run ended"] {
        assert!(ends.contains_key(how), "{ends:?}");
    }
    let used: u64 = REPORT.runs.iter().map(|run| run.traffic.requests).filter(|requests| *requests > 0).sum();
    assert!(ends["used"] as u64 <= used + 1 && used > 0);
}

#[test]
fn time_never_goes_back_and_runs_are_side_by_side() {
    let events = trace_of(&REPORT.runs);
    let times: Vec<f64> = events.iter().map(|event| event["ts"].as_f64().expect("a time")).collect();
    let back = times.windows(2).position(|pair| pair[1] < pair[0]);
    assert_eq!(back, None, "{:?}", back.map(|i| (&events[i], &events[i + 1])));
    let names: Vec<_> = of(&events, "M").filter(|event| event["name"] == "process_name").collect();
    let pids: BTreeSet<_> = names.iter().map(|event| event["pid"].as_u64()).collect();
    assert_eq!(pids.len(), names.len(), "a process a device");
    let processes: BTreeSet<_> = events.iter().map(|event| event["pid"].as_u64()).collect();
    assert_eq!(pids, processes, "each has a name");
    assert!(names.iter().any(|event| event["args"]["name"] == "blk-read: block0"));
}

#[test]
fn arrows_lead_from_one_side_to_the_other_and_begin_and_end_in_slices() {
    let events = trace_of(&REPORT.runs);
    let slices: Vec<_> = of(&events, "X").collect();
    let starts: BTreeMap<_, _> = of(&events, "s").map(|event| (text(event, "id"), event)).collect();
    let ends: BTreeMap<_, _> = of(&events, "f").map(|event| (text(event, "id"), event)).collect();
    assert_eq!(starts.keys().collect::<Vec<_>>(), ends.keys().collect::<Vec<_>>());
    let kinds: BTreeSet<_> = starts.values().map(|event| text(event, "cat")).collect();
    assert_eq!(kinds, ["interrupt", "notification"].into());
    assert_eq!(slices.len(), 2 * starts.len());
    let places: BTreeSet<String> = slices.iter().map(|s| format!("{} {} {}", s["pid"], s["tid"], s["ts"])).collect();
    for (id, start) in &starts {
        let end = ends[id];
        assert_eq!(end["bp"], "e");
        let lanes = if start["cat"] == "notification" { [1, 2] } else { [2, 1] };
        assert_eq!([start["tid"].as_u64(), end["tid"].as_u64()], lanes.map(Some));
        for event in [*start, end] {
            assert!(places.contains(&format!("{} {} {}", event["pid"], event["tid"], event["ts"])), "{event}");
        }
    }
    let told = REPORT.runs.iter().flat_map(|run| &run.events);
    let told = told.filter(|e| matches!(e.kind, EventKind::Notify { .. } | EventKind::Interrupt { .. }));
    assert_eq!(starts.len(), told.count());
}

#[test]
fn violations_are_marked_where_they_are_proved() {
    let events = trace_of(&REPORT.runs);
    let marks: BTreeSet<_> = events
        .iter()
        .filter(|event| event["cat"] == "violation")
        .map(|event| {
            (text(&event["args"], "requirement"), event["args"]["event"].as_u64(), event["args"]["seen"].as_str())
        })
        .collect();
    for run in REPORT.runs.iter().filter(|run| !run.events.is_empty()) {
        for (id, entry) in run.violations() {
            for violation in &entry.evidence {
                let mark = (id.get().id, Some(violation.seq), Some(violation.seen.as_str()));
                assert!(marks.contains(&mark), "{} in {}: {violation:?}", id, run.scenario);
            }
        }
    }
    assert!(marks.len() > 50, "{}", marks.len());
}
