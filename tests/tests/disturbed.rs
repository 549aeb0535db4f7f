//! Runs that are disturbed from outside: ctrl-C, an image that shrinks, a disk that is full. Through the built command, on both backends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use parakit_tests::command::{Ran, harness, kvm_or_left_out, run};
use tempfile::TempDir;

/// The harness, waited for until it says that the run has begun; what it said until then.
fn begun(arguments: &[&str], image: Option<&Path>) -> (Child, String) {
    let mut command = harness(arguments);
    if let Some(image) = image {
        command.arg("--disk").arg(image);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("scenarios on "), "{line}");
    (child, line)
}

fn rest(mut child: Child, begin: String) -> Ran {
    let mut stdout = begin;
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran { stdout, ..output.into() }
}

/// An image that takes minutes to read, and nothing on disk.
fn endless(directory: &TempDir) -> std::path::PathBuf {
    let path = directory.path().join("large.img");
    std::fs::File::create(&path).unwrap().set_len(64 << 30).unwrap();
    path
}

/// Waits until the process holds the file open for as long as a run of a scenario does.
fn wait_until_open(child: &Child, path: &Path) {
    let descriptors = format!("/proc/{}/fd", child.id());
    for _ in 0..6000 {
        let open = std::fs::read_dir(&descriptors).is_ok_and(|mut entries| {
            entries.any(|e| e.is_ok_and(|e| std::fs::read_link(e.path()).is_ok_and(|l| l == path)))
        });
        if open {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the image was never opened");
}

#[test]
fn kvm_ctrl_c_ends_the_run_with_a_partial_report() {
    if kvm_or_left_out("kvm_ctrl_c_ends_the_run_with_a_partial_report") {
        ctrl_c("kvm");
    }
}

#[test]
fn loopback_ctrl_c_ends_the_run_with_a_partial_report() {
    ctrl_c("loopback");
}

fn ctrl_c(backend: &str) {
    let directory = TempDir::new().unwrap();
    let image = endless(&directory);
    let (child, begin) = begun(&["--backend", backend, "blk-rw"], Some(&image));
    wait_until_open(&child, &image);
    // SAFETY: the process is a child of ours that was not waited for, so its number is its own.
    unsafe { libc::kill(child.id().try_into().unwrap(), libc::SIGINT) };
    let ran = rest(child, begin);
    ran.assert_refused(&["ended by the user", "the report above is about these"]);
    assert!(ran.stdout.contains("| total: "), "{ran:#?}");
}

/// What the guest is to find is hashed before the guest starts, which takes minutes for a large image.
#[test]
fn ctrl_c_ends_the_run_while_the_image_is_hashed() {
    let directory = TempDir::new().unwrap();
    let image = endless(&directory);
    let (child, begin) = begun(&["--backend", "loopback", "blk-read"], Some(&image));
    wait_until_open(&child, &image);
    // SAFETY: the process is a child of ours that was not waited for, so its number is its own.
    unsafe { libc::kill(child.id().try_into().unwrap(), libc::SIGINT) };
    let start = std::time::Instant::now();
    let ran = rest(child, begin);
    ran.assert_refused(&["ended by the user"]);
    assert!(ran.stdout.contains("| total: "), "{ran:#?}");
    assert!(start.elapsed() < Duration::from_secs(30), "not all of 64 GiB was read: {:?}", start.elapsed());
}

#[test]
fn kvm_an_image_that_shrinks_while_in_use_is_named() {
    if kvm_or_left_out("kvm_an_image_that_shrinks_while_in_use_is_named") {
        shrinking_image("kvm");
    }
}

#[test]
fn loopback_an_image_that_shrinks_while_in_use_is_named() {
    shrinking_image("loopback");
}

fn shrinking_image(backend: &str) {
    let directory = TempDir::new().unwrap();
    let image = endless(&directory);
    let (child, begin) = begun(&["--backend", backend, "blk-qd32", "--param", "0=4000000"], Some(&image));
    wait_until_open(&child, &image);
    std::fs::File::options().write(true).open(&image).unwrap().set_len(4096).unwrap();
    rest(child, begin).assert_refused(&["large.img", "shrank", "while in use"]);
    assert_eq!(std::fs::metadata(&image).unwrap().len(), 4096, "the harness does not touch it");
}

#[test]
fn kvm_a_full_disk_under_the_trace_is_named() {
    if kvm_or_left_out("kvm_a_full_disk_under_the_trace_is_named") {
        full_disk("kvm");
    }
}

#[test]
fn loopback_a_full_disk_under_the_trace_is_named() {
    full_disk("loopback");
}

fn full_disk(backend: &str) {
    run(&mut harness(&["--backend", backend, "blk-rw", "--trace", "/dev/full"])).assert_refused(&[
        "/dev/full",
        "No space left",
        "free some space",
        "--trace",
    ]);
}

/// A limit on the size of files stands for a disk that fills up: whoever writes on gets an error, once the signal is ignored.
#[test]
fn kvm_a_trace_that_could_not_be_written_leaves_nothing_behind() {
    use std::os::unix::process::CommandExt as _;
    if !kvm_or_left_out("kvm_a_trace_that_could_not_be_written_leaves_nothing_behind") {
        return;
    }
    let directory = TempDir::new().unwrap();
    let mut command = harness(&["--backend", "kvm", "blk-rw", "--trace"]);
    command.arg(directory.path().join("trace"));
    let limit = || {
        let bytes = libc::rlimit { rlim_cur: 20_000, rlim_max: 20_000 };
        // SAFETY: both calls are safe between fork and exec, and the structure outlives its call.
        unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            libc::setrlimit(libc::RLIMIT_FSIZE, &bytes);
        }
        Ok(())
    };
    // SAFETY: the closure calls nothing but what may be called between fork and exec.
    unsafe { command.pre_exec(limit) };
    run(&mut command).assert_refused(&["cannot write the trace", "no part of it was kept"]);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn kvm_a_replayed_trace_gives_the_verdicts_of_the_run() {
    if kvm_or_left_out("kvm_a_replayed_trace_gives_the_verdicts_of_the_run") {
        replayed("kvm");
    }
}

#[test]
fn loopback_a_replayed_trace_gives_the_verdicts_of_the_run() {
    replayed("loopback");
}

fn replayed(backend: &str) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("trace");
    let live =
        run(harness(&["--backend", backend, "blk-read", "console-*", "entropy", "odd-used-*", "--trace"]).arg(&path));
    live.assert_success();
    let replayed = run(harness(&["replay"]).arg(&path));
    replayed.assert_success();
    // Scenario, what was negotiated, and the counts; how long it took and how often the guest left is of the live run only.
    let counts = |ran: &Ran| -> Vec<Vec<String>> {
        let rows =
            ran.stdout.lines().filter(|l| l.starts_with("| ") && !l.contains("exercised") && !l.contains("total:"));
        rows.map(|l| {
            let cells: Vec<_> = l.split('|').map(|c| c.trim().to_owned()).collect();
            [&cells[1..3], &cells[6..7]].concat()
        })
        .collect()
    };
    assert!(counts(&live).len() > 8, "{live:#?}");
    assert_eq!(counts(&live), counts(&replayed));
}

#[test]
fn a_file_that_is_no_trace_is_refused() {
    run(&mut harness(&["replay", "/dev/null"])).assert_refused(&["/dev/null", "not a regular file"]);
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    run(&mut harness(&["replay", other])).assert_refused(&["is not a trace"]);
    run(&mut harness(&["replay", "/nonexistent/trace"])).assert_refused(&["/nonexistent/trace", "No such file"]);
}
