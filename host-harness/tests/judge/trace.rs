use std::fs;
use std::path::Path;

use parakit_abi::requirement::id;
use parakit_harness::judge::judge;
use parakit_harness::observe::{Event, RunHeader, TraceError, TraceWriter, replay};

use crate::script::Script;

fn header(scenario: &str) -> RunHeader {
    RunHeader {
        scenario: scenario.to_owned(),
        backend: "loopback".to_owned(),
        kernel: "test guest".to_owned(),
        seed: 7,
    }
}

fn good() -> Vec<Event> {
    Script::block().start().notify(0).interrupt(1).interrupt_status(1).interrupt_ack(1).finish().events.clone()
}

fn bad() -> Vec<Event> {
    Script::block().identify().status_write(3).finish().events.clone()
}

fn record(path: &Path) {
    let mut writer = TraceWriter::create(path).expect("the folder is there");
    writer.run(&header("good"), &good()).expect("there is room");
    writer.run(&header("bad"), &bad()).expect("there is room");
    writer.finish().expect("there is room");
}

#[test]
fn replay_judges_as_live() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("trace");
    record(&path);
    let runs = replay(&path).expect("a good trace");
    assert_eq!(runs.len(), 2);
    for (run, (name, events)) in runs.iter().zip([("good", good()), ("bad", bad())]) {
        assert_eq!(run.run, header(name));
        assert_eq!(run.events, events.len() as u64);
        assert_eq!(run.judgement, judge(&events), "{name}: replayed and live differ");
    }
    assert!(runs[1].judgement.verdicts.entries[&id::INIT_DRV_SEQ_3].violated > 0);
}

#[test]
fn a_trace_without_runs_is_a_trace() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("trace");
    TraceWriter::create(&path).and_then(TraceWriter::finish).expect("there is room");
    assert_eq!(replay(&path).expect("a good trace"), []);
}

#[test]
fn a_cut_is_seen_wherever_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, cut) = (folder.path().join("trace"), folder.path().join("cut"));
    record(&path);
    let whole = fs::read(&path).expect("just written");
    let first_line = whole.iter().position(|b| *b == b'\n').expect("lines");
    for length in (0..whole.len()).step_by(37).chain([first_line, first_line + 1, whole.len() - 1]) {
        fs::write(&cut, &whole[..length]).expect("there is room");
        match replay(&cut).expect_err("something is missing") {
            TraceError::NotATrace { .. } => assert!(length <= first_line, "cut at {length}"),
            TraceError::Truncated { line, .. } => {
                let lines = whole[..length].iter().filter(|b| **b == b'\n').count();
                assert_eq!(line, lines as u64, "cut at {length}");
            }
            other => panic!("cut at {length}: {other}"),
        }
    }
}

/// The error for a file with these lines.
fn error(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("t");
    fs::write(&path, text).expect("there is room");
    let error = replay(&path).expect_err("the file is wrong").to_string();
    error.replace(&path.display().to_string(), "FILE")
}

#[test]
fn each_fault_has_its_sentence() {
    assert_eq!(error("hello\n"), "FILE is not a trace of Parakit; record one with --trace FILE");
    assert_eq!(error(""), "FILE is not a trace of Parakit; record one with --trace FILE");
    assert_eq!(
        error("{\"parakit_trace\":{\"version\":9}}\n"),
        "the trace FILE has version 9, and this harness reads version 1; record it again, or replay it with the harness \
         that made it"
    );
    let head = "{\"parakit_trace\":{\"version\":1}}\n";
    assert_eq!(error(head), "the trace FILE is cut off after line 1; record it again");
    for line in
        ["garbage", "{\"end\":{\"runs\":3}}", "{\"run_end\":{\"events\":0}}", "{\"parakit_trace\":{\"version\":1}}"]
    {
        let text = error(&format!("{head}{line}\n"));
        assert!(text.starts_with("line 2 of the trace FILE is damaged ("), "{text}");
    }
    let text = error(&format!("{head}{}{}", "{\"end\":{\"runs\":0}}\n", "more\n"));
    assert!(text.starts_with("line 3 of the trace FILE is damaged (it comes after the end)"), "{text}");
    let missing = replay(Path::new("/nowhere/at/all")).expect_err("no such file").to_string();
    assert!(missing.starts_with("cannot read the trace /nowhere/at/all: "), "{missing}");
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    // /dev/full says that there is no room at each write; it is no file, so it is written in place.
    let full = TraceWriter::create(Path::new("/dev/full"))
        .and_then(|mut writer| {
            for _ in 0..100 {
                writer.run(&header("good"), &good())?;
            }
            writer.finish()
        })
        .expect_err("there is no room");
    assert!(full.to_string().contains("free some space or choose another place"), "{full}");
    assert!(!Path::new("/dev/full").is_file(), "a device was replaced by a file");

    // A writer that is given up on keeps the folder as it was.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("trace");
    fs::write(&path, "what was there").expect("there is room");
    let mut writer = TraceWriter::create(&path).expect("the folder is there");
    writer.run(&header("good"), &good()).expect("there is room");
    drop(writer);
    assert_eq!(fs::read_to_string(&path).expect("it is there"), "what was there");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[test]
fn places_that_cannot_be() {
    for place in ["/nowhere/at/all", "/"] {
        let error = TraceWriter::create(Path::new(place)).expect_err("no place for a file");
        assert!(matches!(error, TraceError::Create { .. }), "{error}");
    }
}
