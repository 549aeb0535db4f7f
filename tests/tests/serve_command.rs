//! The command `serve`, run as a user runs it: what it refuses, and how it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use parakit_tests::command::{Ran, harness, run};
use parakit_tests::front_end::{
    FrontEnd, VERSION_1,
    message::{GET_FEATURES, GET_VRING_BASE},
};
use serde_json::Value;

/// Flags of a descriptor.
const WRITE: u16 = 2;

fn refused(arguments: &[&str], parts: &[&str]) {
    run(&mut harness(&[&["serve"], arguments].concat())).assert_refused(parts);
}

#[test]
fn what_makes_no_sense_is_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (socket, nothing) = (at("s"), at("nothing.img"));
    refused(&[], &["there is nothing to serve", "--socket"]);
    refused(&["--device", "entropy"], &["--device was given 1 times and --socket 0 times"]);
    refused(&["--device", "floppy", "--socket", &socket], &["--device floppy", "there is no device `floppy`"]);
    refused(&["--device", &format!("block={nothing}"), "--socket", &socket], &["nothing.img"]);
    let two = ["--device", "entropy", "--socket", &socket, "--device", "input", "--socket", &socket];
    refused(&two, &["a socket of its own"]);
    let one = |more: &[&'static str], parts: &[&str]| {
        refused(&[&["--device", "entropy", "--socket", &socket], more].concat(), parts);
    };
    one(&["--wait", "soon"], &["--wait soon"]);
    one(&["--for", "0s"], &["--for 0s"]);
    one(&["--offer", "+ring_reset"], &["`ring_reset` cannot be offered over vhost-user"]);
    one(&["--offer", "+pakced"], &["did you mean `packed`?"]);
    one(&["--wait", "100ms"], &["no front end connected to", "--wait"]);
    fs::write(&socket, "precious").expect("a file");
    one(&[], &["is there and is no socket"]);
    assert_eq!(fs::read(&socket).expect("the file"), b"precious");
}

/// A running command; dropping it ends it.
struct Running(Child);

impl Running {
    fn begin(socket: &Path, more: &[&str]) -> Self {
        let socket = socket.to_str().expect("a name");
        let arguments = [&["serve", "--device", "entropy", "--socket", socket, "--offer", "-event_idx"], more].concat();
        let mut command = harness(&arguments);
        Self(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts"))
    }

    /// Waits for its end.
    fn end(mut self) -> Ran {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().expect("it can be waited for") {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "it ends");
            std::thread::sleep(Duration::from_millis(10));
        };
        let read = |pipe: Option<&mut dyn std::io::Read>| {
            let mut text = String::new();
            pipe.expect("a pipe").read_to_string(&mut text).expect("text");
            text
        };
        let stdout = read(self.0.stdout.as_mut().map(|pipe| pipe as _));
        let stderr = read(self.0.stderr.as_mut().map(|pipe| pipe as _));
        Ran { status: status.code(), stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _status = self.0.wait();
    }
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("s");
    (folder, socket)
}

#[test]
fn ctrl_c_leaves_no_socket_and_all_reports() {
    let (folder, socket) = place();
    let json = folder.path().join("report.json");
    let running = Running::begin(&socket, &["--json", json.to_str().expect("a name")]);
    let mut vmm = FrontEnd::connect(&socket);
    vmm.begin(VERSION_1, 0);
    vmm.publish(0, 0, 64, WRITE);
    vmm.wait_used(1);
    let pid = i32::try_from(running.0.id()).expect("a process id");
    // SAFETY: the call sends a signal to a child that has not been waited for.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGINT) }, 0);
    running.end().assert_refused(&["ended by the user"]);
    assert!(!socket.exists(), "the socket is gone");
    let report: Value = serde_json::from_slice(&fs::read(json).expect("the report")).expect("JSON");
    assert_eq!(report["subject"]["name"], "unknown driver over vhost-user");
    assert_eq!(report["host"]["kind"], "vhost-user");
    let run = &report["runs"][0];
    assert_eq!((&run["backend"], &run["transport"]), (&"vhost-user".into(), &"vhost-user".into()));
    assert_eq!((&run["outcome"], &run["requests"]), (&"cancelled".into(), &1.into()));
}

/// What a VMM that is killed leaves running is told, and fails nothing; one that stops its queue is said to have gone, and no more.
#[test]
fn what_a_front_end_left_running_is_told_and_fails_nothing() {
    let schema = serde_json::from_str(include_str!("../../docs/report.schema.json")).expect("the schema is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("the schema can be used");
    let ended = |stops: bool| {
        let (folder, socket) = place();
        let json = folder.path().join("report.json");
        let running = Running::begin(&socket, &["--json", json.to_str().expect("a name")]);
        let mut vmm = FrontEnd::connect(&socket);
        vmm.begin(VERSION_1, 0);
        vmm.publish(0, 0, 64, WRITE);
        vmm.wait_used(1);
        if stops {
            vmm.ask(GET_VRING_BASE, &[0, 0]);
        }
        drop(vmm);
        let ran = running.end();
        assert_eq!(ran.status, Some(0), "{ran:#?}");
        let report: Value = serde_json::from_slice(&fs::read(json).expect("the report")).expect("JSON");
        assert!(schema.is_valid(&report), "{report}");
        let run = &report["runs"][0];
        assert_eq!((&run["outcome"], &run["end"]["kind"]), (&"passed".into(), &"disconnected".into()), "{run}");
        let text = run["end"]["text"].as_str().expect("how it ended").to_owned();
        let told = format!("entropy0: {text}");
        assert!(ran.stderr.lines().any(|line| line.ends_with(&told)), "{told}; {ran:#?}");
        text
    };
    let left = "the front end disconnected and left queue 0 of entropy0 running: it was killed, or did not stop what it had started";
    assert_eq!(ended(false), left);
    assert_eq!(ended(true), "the front end disconnected");
}

#[test]
fn the_deadline_is_kept_in_the_middle_of_a_message() {
    let (_folder, socket) = place();
    let running = Running::begin(&socket, &["--for", "500ms"]);
    let mut vmm = FrontEnd::connect(&socket);
    vmm.send_raw(&[1, 0, 0, 0, 1]);
    let ran = running.end();
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    assert!(ran.stdout.contains("no front end started entropy0"), "{ran:#?}");
    assert!(!socket.exists(), "the socket is gone");
}

#[test]
fn memory_that_is_taken_back_ends_the_run_and_not_in_a_signal() {
    let (_folder, socket) = place();
    let running = Running::begin(&socket, &[]);
    let mut vmm = FrontEnd::connect(&socket);
    vmm.begin(VERSION_1, 0);
    vmm.publish(0, 0, 64, WRITE);
    vmm.wait_used(1);
    assert!(!vmm.ask(GET_FEATURES, &[]).is_empty());
    vmm.memory.set_len(0).expect("the file is made shorter");
    vmm.kick.write(1).expect("the kick");
    running.end().assert_refused(&["took back guest memory that it had shared"]);
    assert!(!socket.exists(), "the socket is gone");
}
