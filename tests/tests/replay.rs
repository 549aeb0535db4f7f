//! What was judged live is judged the same from its trace.

use parakit_harness::judge::judge;
use parakit_harness::observe::{RunHeader, TraceWriter, replay};
use parakit_tests::mutants;

#[test]
fn live_and_replayed_verdicts_are_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("mutants.trace");
    let mut writer = TraceWriter::create(&path).expect("the folder is there");
    let mut live = Vec::new();
    for mutant in mutants::all() {
        for (script, kind) in [(mutant.conforming(), "conforming"), (mutant.broken(), "broken")] {
            let (events, _) = script.run();
            let scenario = format!("{} {} {kind}", mutant.requirement, mutant.name);
            let run = RunHeader { scenario, backend: "raw driver".to_owned(), ..RunHeader::default() };
            writer.run(&run, &events).expect("there is room");
            live.push((run, judge(&events)));
        }
    }
    writer.finish().expect("there is room");
    let replayed = replay(&path).expect("a good trace");
    assert_eq!(replayed.len(), live.len());
    for (replayed, (run, judgement)) in replayed.iter().zip(&live) {
        assert_eq!(&replayed.run, run);
        assert_eq!(&replayed.judgement, judgement, "{}", run.scenario);
    }
    assert!(live.iter().any(|(_, j)| j.verdicts.entries.values().any(|e| e.violated > 0)));
}
