//! The options that ask for reports, through the built command.

use std::path::Path;

use parakit_tests::command::{Ran, harness, run};
use serde_json::Value;
use tempfile::TempDir;

const OPTIONS: [&str; 6] = ["--json", "--junit", "--html", "--perfetto", "--coverage", "--trace"];

fn loopback(arguments: &[&str]) -> std::process::Command {
    let mut command = harness(&["--backend", "loopback"]);
    command.args(arguments);
    command
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("the file is there")).expect("it is JSON")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn one_run_writes_them_all_and_leaves_nothing_else() {
    let folder = TempDir::new().unwrap();
    let mut command = loopback(&["entropy", "console-echo"]);
    for option in OPTIONS {
        command.arg(option).arg(folder.path().join(&option[2..]));
    }
    run(&mut command).assert_success();
    assert_eq!(names(folder.path()), ["coverage", "html", "json", "junit", "perfetto", "trace"]);
    let report = read_json(&folder.path().join("json"));
    assert_eq!((report["conforms"].as_bool(), report["runs"].as_array().map(Vec::len)), (Some(true), Some(2)));
    assert!(read_json(&folder.path().join("perfetto"))["traceEvents"].as_array().is_some_and(|all| all.len() > 100));
    let junit = std::fs::read_to_string(folder.path().join("junit")).unwrap();
    assert!(junit.contains("name=\"console-echo\" classname=\"scenarios console\""), "{junit}");
    assert!(std::fs::read_to_string(folder.path().join("coverage")).unwrap().contains("VQ-SPLIT"));
}

#[test]
fn a_trace_gives_the_verdicts_of_its_run_again() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    run(loopback(&["blk-read", "odd-used-id-twice", "--json"]).arg(path("live")).arg("--trace").arg(path("trace")))
        .assert_success();
    let mut replay = harness(&["replay"]);
    replay.arg(path("trace")).arg("--json").arg(path("again")).arg("--junit").arg(path("junit"));
    replay.arg("--perfetto").arg(path("perfetto"));
    run(&mut replay).assert_success();
    let (live, again) = (read_json(&path("live")), read_json(&path("again")));
    assert_eq!(live["requirements"], again["requirements"]);
    assert_eq!(live["seed"], again["seed"]);
    assert_eq!(again["host"]["kind"], "trace");
    for what in
        ["scenario", "backend", "transport", "ring", "devices", "doorbells", "interrupts", "requests", "outcome"]
    {
        for i in 0..2 {
            assert_eq!(live["runs"][i][what], again["runs"][i][what], "{what}");
        }
    }
    assert!(
        path("junit").exists() && read_json(&path("perfetto"))["traceEvents"].as_array().is_some_and(|e| e.len() > 100)
    );
}

#[test]
fn standard_output_belongs_to_the_program_that_reads_it() {
    let ran = run(&mut loopback(&["entropy", "--json", "-"]));
    ran.assert_success();
    let report: Value = serde_json::from_str(&ran.stdout).expect("nothing but the report");
    assert_eq!(report["format"], "parakit-report");
    assert!(ran.stderr.contains("total: 1 scenarios"), "people read standard error: {ran:#?}");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output =
        loopback(&["entropy", "--json", "-"]).stdout(full).stderr(std::process::Stdio::piped()).output().unwrap();
    Ran::from(output).assert_refused(&["JSON report", "standard output", "No space left"]);
}

#[test]
fn a_place_that_cannot_be_written_is_known_before_anything_runs() {
    for option in OPTIONS {
        for place in ["/nonexistent/report", "/dev"] {
            let ran = run(&mut loopback(&["entropy", option, place]));
            ran.assert_refused(&["cannot create", place, option]);
            assert!(!ran.stdout.contains("entropy"), "nothing ran: {ran:#?}");
        }
        run(&mut loopback(&["entropy", option, "/dev/full"])).assert_refused(&[
            "cannot write",
            "/dev/full",
            "No space",
            option,
        ]);
    }
}

#[test]
fn no_report_replaces_what_the_run_reads_or_another_report() {
    let folder = TempDir::new().unwrap();
    let (image, link, new) = (folder.path().join("disk.img"), folder.path().join("link"), folder.path().join("new"));
    std::fs::write(&image, [7; 65536]).unwrap();
    std::os::unix::fs::symlink(&image, &link).unwrap();
    for option in OPTIONS {
        for place in [&image, &link] {
            let mut command = loopback(&["blk-read", option]);
            run(command.arg(place).arg("--disk").arg(&image)).assert_refused(&["disk image of this run", option]);
            let mut command = loopback(&["blk-read", option]);
            run(command.arg(place).env("PARAKIT_KERNEL", &image)).assert_refused(&["kernel of this run", option]);
        }
    }
    for (first, second) in OPTIONS.iter().zip(&OPTIONS[1..]) {
        for (one, other) in [(&new, folder.path().join("./new")), (&image, link.clone())] {
            let mut command = loopback(&["blk-read", first]);
            run(command.arg(one).arg(second).arg(other)).assert_refused(&["give", "a file of its own"]);
        }
    }
    run(harness(&["replay"]).arg(&image).arg("--json").arg(&image))
        .assert_refused(&["the trace of this run", "--json"]);
    assert_eq!(std::fs::read(&image).unwrap(), [7; 65536]);
    assert_eq!(names(folder.path()), ["disk.img", "link"]);
}

#[test]
fn what_was_there_stays_when_the_run_cannot_be() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("report.json");
    std::fs::write(&place, "before").unwrap();
    let mut command = loopback(&["boot-pvh", "--json"]);
    run(command.arg(&place)).assert_refused(&["they need KVM"]);
    assert_eq!((std::fs::read_to_string(&place).unwrap().as_str(), names(folder.path()).len()), ("before", 1));
    let mut replay = harness(&["replay"]);
    run(replay.arg(folder.path().join("none")).arg("--json").arg(&place)).assert_refused(&["cannot read the trace"]);
    assert_eq!((std::fs::read_to_string(&place).unwrap().as_str(), names(folder.path()).len()), ("before", 1));
}

#[test]
fn options_that_make_no_sense_together() {
    for option in OPTIONS {
        for other in ["--list", "--console"] {
            run(&mut loopback(&[other, option, "x"])).assert_refused(&[other, option, "leave one of them out"]);
        }
        run(&mut harness(&["coverage", option, "x"])).assert_refused(&["coverage", option]);
    }
    run(&mut harness(&["replay", "--trace", "x", "y"])).status.filter(|status| *status == 2).expect("exit status 2");
}

#[test]
fn ctrl_c_leaves_the_files_as_they_were() {
    use std::io::{BufRead as _, BufReader, Read as _};
    for times in [1, 2] {
        let folder = TempDir::new().unwrap();
        let mut command = loopback(&["entropy", "blk-*", "--full"]);
        for option in OPTIONS {
            command.arg(option).arg(folder.path().join(&option[2..]));
        }
        std::fs::write(folder.path().join("json"), "before").unwrap();
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut text = String::new();
        // The first scenario is over, and hundreds are to come.
        stderr.read_line(&mut text).unwrap();
        for _ in 0..times {
            // SAFETY: the call has no preconditions, and the child has not been waited for, so the number is its own.
            unsafe { libc::kill(child.id().cast_signed(), libc::SIGINT) };
        }
        stderr.read_to_string(&mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{text}");
        // Of two, the second may come before the first was noticed, or after the run ended in order.
        assert!(times == 2 || text.contains("ended by the user") && text.contains("no file was written"), "{text}");
        assert_eq!(names(folder.path()), ["json"], "{text}");
        assert_eq!(std::fs::read_to_string(folder.path().join("json")).unwrap(), "before");
    }
}
