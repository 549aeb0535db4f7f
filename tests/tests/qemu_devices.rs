//! QEMU's devices under the kit's drivers and probes, and whatever a VMM may do to the harness. What is known of QEMU's devices, with the
//! evidence, is in docs/other-vmms.md.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parakit_tests::command::{Ran, harness, qemu_or_left_out, run};
use parakit_tests::qemu::check;
use serde_json::Value;

fn report(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the report was written")).expect("it is JSON")
}

fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

/// A program in a folder of its own that does what `script` says; `QEMU` in it is QEMU.
fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{}\n", script.replace("QEMU", "qemu-system-x86_64"))).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn qemu_devices_do_what_is_known_of_them() {
    if !qemu_or_left_out("qemu_devices_do_what_is_known_of_them") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (json, html, junit) = (at("report.json"), at("report.html"), at("junit.xml"));
    let ran = run(&mut harness(&["--vmm", "qemu", "--json", &json, "--html", &html, "--junit", &junit, "-q"]));
    assert!(matches!(ran.status, Some(0 | 1)), "{ran:#?}");
    let report = report(Path::new(&json));
    assert_eq!(report["host"]["kind"], "vmm");
    assert!(report["host"]["vmm"].as_str().unwrap().starts_with("QEMU "), "{}", report["host"]);
    check(&report, |_, _| false);
    let verdicts = report["requirements"].as_array().unwrap();
    let of = |verdict: &str, side: &str| {
        let all = verdicts.iter().filter(|r| r["verdict"] == verdict && r["side"] == side);
        all.map(|r| r["id"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert!(of("pass", "device").len() > 60, "{:?}", of("pass", "device"));
    // Nobody saw the driver, so nothing is said of it.
    for verdict in ["pass", "violated", "not_exercised"] {
        assert_eq!(of(verdict, "driver"), [""; 0], "{verdict}");
    }
    // What is in the page is packed; that it can be read is shown elsewhere.
    assert!(fs::read_to_string(&html).unwrap().starts_with("<!doctype html>"));
    assert!(fs::read_to_string(&junit).unwrap().contains("blk-rw.pci"));
}

#[test]
fn qemu_that_lacks_a_feature_has_its_scenarios_skipped_by_name() {
    if !qemu_or_left_out("qemu_that_lacks_a_feature_has_its_scenarios_skipped_by_name") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = "case \"$*\" in *,help) QEMU \"$@\" | grep -v in_order;; *) exec QEMU \"$@\";; esac";
    let old = program(folder.path(), "old-qemu", script).display().to_string();
    let json = folder.path().join("report.json");
    let to = json.display().to_string();
    let ran = run(&mut harness(&["--vmm", "qemu", "--qemu", &old, "entropy*", "--json", &to]));
    ran.assert_success();
    assert!(ran.stdout.contains("skipped: this QEMU has no in_order ("), "{ran:#?}");
    let report = report(&json);
    let skipped = &report["skipped"];
    let names = texts(skipped, "scenario");
    assert!(!names.is_empty() && names.iter().all(|name| name.starts_with("entropy.")), "{names:?}");
    assert!(texts(skipped, "reason").iter().all(|reason| *reason == "this QEMU has no in_order"));
    assert!(texts(&report["runs"], "scenario").len() > 4);
    let only = run(&mut harness(&["--vmm", "qemu", "--qemu", &old, names[0]]));
    only.assert_refused(&["none of the scenarios asked for can run", names[0], "this QEMU has no in_order"]);
}

#[test]
fn qemu_that_refuses_or_dies_fails_the_run_and_the_next_one_runs() {
    if !qemu_or_left_out("qemu_that_refuses_or_dies_fails_the_run_and_the_next_one_runs") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    // Only what boots a guest is refused.
    let script = "case \"$*\" in *scenario=blk-rw*) exec QEMU \"$@\" -device nonsense;; *) exec QEMU \"$@\";; esac";
    let refusing = program(folder.path(), "refusing-qemu", script).display().to_string();
    let ran = run(&mut harness(&["--vmm", "qemu", "--qemu", &refusing, "blk-rw", "blk-readonly"]));
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("ended with exit status 1 before the guest said how the scenario went"), "{words}");
    assert!(words.contains("nonsense") && words.contains("2 scenarios | | 1 passed"), "{words}");
}

#[test]
fn qemu_by_a_template_runs_like_any_vmm() {
    if !qemu_or_left_out("qemu_by_a_template_runs_like_any_vmm") {
        return;
    }
    let template = "qemu-system-x86_64 -M microvm,acpi=off,pit=off,pic=off,rtc=off -m 64 -smp 2 -nodefaults -display none \
                    -no-reboot -accel tcg -global virtio-mmio.force-legacy=false -debugcon stdio \
                    -device isa-debug-exit,iobase=0xf4,iosize=4 -kernel {kernel} -append {cmdline} \
                    -drive file={disk},format=raw,if=none,id=d -device virtio-blk-device,drive=d";
    let ran = run(&mut harness(&["--vmm-command", template, "blk-read", "blk-rw", "probe-config"]));
    ran.assert_success();
    assert!(ran.stdout.contains("3 scenarios under qemu-system-x86_64"), "{ran:#?}");
    // One that never ends by itself once the guest has said its last word, and says it on the serial port.
    let lingering = template
        .replace("-debugcon stdio", "-serial stdio")
        .replace("-device isa-debug-exit,iobase=0xf4,iosize=4", "")
        .replace("{cmdline}", "'parakit.console=serial {cmdline}'");
    run(&mut harness(&["--vmm-command", &lingering, "blk-readonly", "blk-read"])).assert_refused(&["blk-readonly"]);
    run(&mut harness(&["--vmm-command", &lingering, "blk-read"])).assert_success();
}

/// What a template that is no VMM comes to: a failed run with this in the report, within a few times its deadline.
fn fails(template: &str, says: &str) -> Ran {
    let before = Instant::now();
    let ran = run(&mut harness(&["--vmm-command", template, "--deadline", "2", "blk-read", "blk-rw"]));
    assert_eq!(ran.status, Some(1), "{template}: {ran:#?}");
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(says), "{template}: {words}");
    assert!(words.contains("total: 2 scenarios"), "the second one ran, too: {words}");
    assert!(before.elapsed() < Duration::from_secs(120), "{template} took {:?}", before.elapsed());
    ran
}

#[test]
fn what_is_no_vmm_fails_in_one_sentence_and_on_time() {
    fails("/bin/true {kernel} {cmdline} {disk}", "true ended with exit status 0 before the guest said how");
    fails("/bin/cat {kernel} {cmdline} {disk}", "its last words: ");
    fails("/bin/sleep 1000 {kernel} {cmdline} {disk}", "its last words: ");
    fails(
        "/bin/sh -c 'sleep 1000' {kernel} {cmdline} {disk}",
        "did not finish within 2s (it had not reached the scenario)",
    );
    fails("/bin/sh -c 'while :; do echo flood; done' {kernel} {cmdline} {disk}", "did not finish within 2s");
    fails("/bin/sh -c 'exec tr \\\\0 x < /dev/zero' {kernel} {cmdline} {disk}", "did not finish within 2s");
    fails("/bin/sh -c 'echo parakit: running x; kill -9 $$' {kernel} {cmdline} {disk}", "ended with signal 9");
    // A word of success is believed; that the disk was not written shows.
    let ran = fails(
        "/bin/sh -c 'echo parakit: passed' {kernel} {cmdline} {disk}",
        "the guest reported no SHA-256 of the disk",
    );
    assert!(ran.stdout.contains("does not hold"), "{ran:#?}");
}

#[test]
fn what_cannot_run_at_all_is_one_sentence() {
    let qemu = |arguments: &[&str]| run(harness(&[&["--vmm", "qemu"], arguments].concat()).env("PATH", "/nonexistent"));
    qemu(&[]).assert_refused(&["there is no qemu-system-x86_64 on PATH", "--qemu PATH"]);
    qemu(&["--qemu", "/nonexistent/qemu"]).assert_refused(&["/nonexistent/qemu cannot be started"]);
    qemu(&["--qemu", "/bin/true"]).assert_refused(&["/bin/true does not say that it is QEMU"]);
    qemu(&["--vmm-bus", "pci"]).assert_refused(&["--vmm-bus is for --vmm-command"]);
    qemu(&["--trace", "x"]).assert_refused(&["--trace takes", "another VMM does not show"]);
    let template = |text: &str| run(&mut harness(&["--vmm-command", text]));
    assert_eq!(template("vmm {kernel}").status, Some(2));
    assert!(template("vmm {kernel}").stderr.contains("it has no {cmdline}"));
    assert!(template("vmm {kernel} {cmdline} {nothing}").stderr.contains("there is no placeholder {nothing}"));
    template("/nonexistent/vmm {kernel} {cmdline} {disk}").assert_refused(&["/nonexistent/vmm cannot be started"]);
    template("/bin/true {kernel} {cmdline}").assert_refused(&["none of the scenarios", "the template has no {disk}"]);
    let named = |name: &str| run(&mut harness(&["--vmm-command", "/bin/true {kernel} {cmdline} {disk}", name]));
    named("blk-resize").assert_refused(&["`blk-resize` does not run under another VMM", "another size"]);
    named("blk-raed").assert_refused(&["there is no scenario `blk-raed`", "did you mean `blk-read`?"]);
    let kernel = |path: &str| {
        run(harness(&["--vmm-command", "/bin/true {kernel} {cmdline} {disk}"]).env("PARAKIT_KERNEL", path))
    };
    kernel("/nonexistent/kernel").assert_refused(&["/nonexistent/kernel cannot be used"]);
    kernel("/bin/true").assert_refused(&["/bin/true cannot be used"]);
}
