//! What has to hold of the events of any run, whatever was in it.

use parakit_harness::judge::{judge, ledger};
use parakit_harness::observe::accesses::LiveAccesses;
use parakit_harness::observe::decode::{Decoder, describe};
use parakit_harness::observe::negotiated::negotiated;
use parakit_harness::observe::{Event, RunHeader, TraceWriter, Traffic, replay};

/// Runs of so many events and fewer are written to a file and judged from there, too.
const FEW: usize = 200;

/// Judge, decoder and counters take the events; verdicts have a violation where they count one; and a recorded run is judged as
/// the live one was.
pub(super) fn check(events: &[Event]) {
    let judgement = judge(events);
    for (id, entry) in &judgement.verdicts.entries {
        assert!(
            entry.passed + entry.violated > 0 && (entry.violated > 0) != entry.evidence.is_empty(),
            "{id:?} has a verdict without a reason: {entry:?}"
        );
    }
    assert!(!ledger(&judgement.verdicts).is_empty(), "the ledger is of the whole catalogue");
    let mut decoder = Decoder::default();
    for event in events {
        decoder.event(event);
        assert!(!describe(event, &decoder).is_empty(), "an event without words: {event:?}");
    }
    let (told, traffic, _) = (negotiated(events), Traffic::of(events), LiveAccesses::of(events));
    // Files take long: some inputs will do, and the same ones each time.
    if events.len() > FEW || !events.len().is_multiple_of(4) {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join("trace");
    let mut writer = TraceWriter::create(&path).expect("a trace");
    writer.run(&RunHeader::default(), events).expect("room for a trace");
    writer.finish().expect("a trace in its place");
    let again = replay(&path).expect("a trace that was just written");
    assert_eq!(again.len(), 1, "one run");
    assert_eq!(again[0].judgement, judgement, "a recorded run is judged as the live one was");
    assert_eq!((&again[0].negotiated, again[0].traffic), (&told, traffic), "and told like it");
}
