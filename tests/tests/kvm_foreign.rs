//! Kernels that know nothing of Parakit, judged by the built command: one that conforms, one that violates, hostile ones. On KVM.

use std::path::Path;

use parakit_tests::command::{Ran, harness, kvm_or_left_out, run, sha256, test_kernel};
use tempfile::TempDir;

/// Runs a kernel of `tests/kernels`; `None` where there is no KVM.
fn kernel(name: &str, arguments: &[&str]) -> Option<Ran> {
    if !kvm_or_left_out(name) {
        return None;
    }
    let mut command = harness(&["--seed", "7", "--kernel"]);
    Some(run(command.arg(test_kernel(name)).args(arguments)))
}

/// Holds that the run had this exit status, and its report all of `parts`.
#[track_caller]
fn ended(ran: &Ran, status: i32, parts: &[&str]) {
    assert_eq!(ran.status, Some(status), "{ran:#?}");
    for part in parts {
        assert!(ran.stdout.contains(part), "`{part}` in {}", ran.stdout);
    }
}

#[test]
fn kvm_a_kernel_that_conforms_passes_over_every_transport() {
    for (transport, agreed) in
        [("mmio", "block0 over mmio, split: VERSION_1"), ("pci", "block0 over pci, split: VERSION_1")]
    {
        let Some(ran) = kernel("conforming", &["--transport", transport]) else { return };
        ended(&ran, 0, &["writing 0 to the exit port", agreed, "| passed", "total: 1 scenario"]);
        assert!(!ran.stdout.contains("violated once") && !ran.stdout.contains("violated 1"), "{ran:#?}");
    }
}

#[test]
fn kvm_a_kernel_that_violates_fails_with_the_evidence() {
    let both = ["CORE-DRV-STATUS-2", "INIT-DRV-SEQ-9", "no status bit is cleared but by a reset", "| violated"];
    let Some(ran) = kernel("violating", &["--transport", "mmio"]) else { return };
    ended(&ran, 1, &both);
    let Some(ran) = kernel("violating", &[]) else { return };
    ended(&ran, 1, &both);
    ended(&ran, 1, &["PCI-DRV-COMMON-5 (MUST", "the status was not read as 0 since the"]);
}

#[test]
fn kvm_a_kernel_that_touches_no_device_is_no_success() {
    let Some(ran) = kernel("silent", &["--for", "1s", "--device", "block"]) else { return };
    ended(
        &ran,
        1,
        &["| failed", "looked at none of its devices", "nothing was judged", "(--for)", "| silence follows"],
    );
    // A driver for a device that the run has not is none either.
    let Some(ran) = kernel("conforming", &["--device", "entropy", "--transport", "mmio"]) else { return };
    let looked = "the kernel looked at its devices, and no driver of it began to drive one";
    let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    assert!(text.contains(looked), "{text}");
}

#[test]
fn kvm_hostile_kernels_cost_their_own_run_only() {
    let Some(ran) = kernel("triple-fault", &[]) else { return };
    ended(&ran, 1, &["triple-faulted", "rip ", "| a triple fault follows"]);
    let Some(ran) = kernel("scribble", &["--for", "2s"]) else { return };
    ended(&ran, 1, &["VQ-SPLIT-DRV-AVAIL-1", "| violated"]);
    // A notification too many is no violation.
    let Some(ran) = kernel("flood", &["--for", "2s"]) else { return };
    ended(&ran, 0, &["the guest ran for its time", "| passed"]);
    let Some(ran) = kernel("conforming", &[]) else { return };
    ended(&ran, 0, &["| passed"]);
}

#[test]
fn kvm_a_chain_that_no_device_can_use_does_not_pass_in_silence() {
    let device = "the device block0 could not use a chain that the driver made available: event";
    for (what, why) in [
        ("next", "goes on to descriptor 77, outside the table of 8"),
        ("head", "the head 8 lies outside the table of 8 descriptors"),
        ("nowhere", "has 512 bytes at 0x7ffffffff000, where there is no memory"),
        ("short", "is no block request: 8 bytes to read, and the header has 16"),
    ] {
        let Some(ran) = kernel("unusable", &["--device", "block", "--cmdline", what]) else { return };
        let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(ran.status, Some(1), "{what}: {ran:#?}");
        assert!(text.contains(device) && text.contains(why) && text.contains("| failed"), "{what}: {text}");
    }
    // What the device can answer is no trouble.
    let Some(ran) = kernel("unusable", &["--device", "block", "--cmdline", "type"]) else { return };
    ended(&ran, 0, &["| passed"]);
}

#[test]
fn kvm_a_driver_that_never_notifies_does_not_pass_in_silence() {
    let text = |ran: &Ran| ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    // It may have nothing to ask of the device.
    let Some(ran) = kernel("unnotified", &["--device", "block"]) else { return };
    ended(&ran, 0, &["VERSION_1; its driver never notified it", "| passed"]);
    // Requests that the device came to only because it is patient.
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "publish"]) else { return };
    ended(&ran, 1, &["VERSION_1; its driver never notified it", "| failed"]);
    let told = "the driver of block0 never notified it of queue 0, in which it made buffers available";
    assert!(text(&ran).contains(told) && text(&ran).contains("ms in vain, 3 times (first at event"), "{ran:#?}");
    assert!(!ran.stdout.contains("MUST, VIRTIO"), "{ran:#?}");
    // Who is done with the device without a notification has broken the rule.
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "publish reset"]) else { return };
    ended(&ran, 1, &["VQ-SPLIT-DRV-AVAILNOTIF-4", "nor any later (the device waited in vain 3 times)", "| violated"]);
    // So has one with VIRTIO_F_EVENT_IDX, where the device has yet to write what it asks for.
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "event_idx publish reset"]) else {
        return;
    };
    ended(&ran, 1, &["VQ-SPLIT-DRV-AVAILNOTIF-6", "nor any later (the device waited in vain 3 times)", "| violated"]);
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "event_idx publish"]) else { return };
    ended(&ran, 1, &["EVENT_IDX VERSION_1; its driver never notified it", "| failed"]);
    // Who notified once may have been about to notify of the rest.
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "once publish"]) else { return };
    ended(&ran, 0, &["VERSION_1; it waited for a last notification in vain, 2 times", "| passed"]);
    let Some(ran) = kernel("unnotified", &["--device", "block", "--cmdline", "once publish reset"]) else { return };
    ended(&ran, 1, &["VQ-SPLIT-DRV-AVAILNOTIF-4", "nor any later (the device waited in vain 2 times)", "| violated"]);
    // Nothing of this is said of a driver that does notify.
    let Some(ran) = kernel("conforming", &[]) else { return };
    assert!(!ran.stdout.contains("never notified"), "{ran:#?}");
}

#[test]
fn kvm_what_the_kernel_says_last_is_heard() {
    let directory = TempDir::new().unwrap();
    let script = directory.path().join("script");
    std::fs::write(&script, "wait all well").unwrap();
    let Some(ran) = kernel("conforming", &["--input", script.to_str().unwrap()]) else { return };
    ended(&ran, 0, &["| passed"]);
}

#[test]
fn kvm_a_script_talks_to_the_kernel() {
    let directory = TempDir::new().unwrap();
    let script = directory.path().join("script");
    std::fs::write(&script, "# who else\nwait there? \nsleep 20ms\nsend abc\\n\nwait welcome\n").unwrap();
    let input = ["--input", script.to_str().unwrap(), "--expect-exit"];
    let Some(ran) = kernel("answering", &[&input[..], &["3"]].concat()) else { return };
    ended(&ran, 0, &["writing 3 to the exit port"]);
    let Some(ran) = kernel("answering", &[&input[..], &["4"]].concat()) else { return };
    ended(&ran, 1, &["| failed", "exited with 3, and 4 was expected"]);
    std::fs::write(&script, "send abc\\n\nwait goodbye\n").unwrap();
    let Some(ran) = kernel("answering", &input[..2]) else { return };
    ended(&ran, 1, &["the input script waited at line 2 for `goodbye`, which no console showed"]);
}

#[test]
fn kvm_features_and_oddities_are_what_the_user_says() {
    // The driver accepts VERSION_1 alone, whatever is offered.
    let all = ["--offer", "+all,-blk.flush", "--transport", "mmio", "--device", "block,queue-size=16"];
    let Some(ran) = kernel("conforming", &all) else { return };
    ended(&ran, 0, &["block0 over mmio, split: VERSION_1"]);
    let Some(ran) = kernel("conforming", &["--device", "block,queue-size=4"]) else { return };
    // Its queue is too small for the driver, which says so and gives up in order.
    ended(&ran, 0, &["writing 1 to the exit port", "| passed"]);
    let Some(ran) = kernel("conforming", &["--device", "block,oddity=features-ok-refused", "--expect-exit", "1"])
    else {
        return;
    };
    ended(&ran, 0, &["writing 1 to the exit port"]);
}

#[test]
fn kvm_a_disk_image_is_written_only_where_the_user_says_so() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("a,b.img");
    std::fs::write(&path, vec![7; 64 * 512]).unwrap();
    let before = sha256(&path);
    let spec = |more: &str| format!("block={}{more}", path.display().to_string().replace(',', ",,"));
    let Some(ran) = kernel("conforming", &["--device", &spec("")]) else { return };
    ended(&ran, 0, &["| passed"]);
    assert_eq!(sha256(&path), before, "writes stay in the overlay");
    let Some(ran) = kernel("conforming", &["--device", &spec(",ro"), "--expect-exit", "1"]) else { return };
    // The driver ignores that the disk is read-only, which is no MUST, and its write is refused.
    ended(&ran, 0, &["writing 1 to the exit port", "BLK-DRV-OP-3 (SHOULD"]);
    assert_eq!(sha256(&path), before);
    let Some(ran) = kernel("conforming", &["--device", &spec(",write")]) else { return };
    ended(&ran, 0, &["| passed"]);
    let after = std::fs::read(&path).unwrap();
    assert_eq!((after[512], after[513]), (8, 0x5a), "the sector that the kernel wrote");
    assert!(after[..512].iter().chain(&after[1024..]).all(|byte| *byte == 7));
}

#[test]
fn kvm_a_trace_of_a_foreign_run_is_judged_again_as_it_was() {
    let directory = TempDir::new().unwrap();
    let trace = directory.path().join("trace");
    let Some(ran) = kernel("violating", &["--trace", trace.to_str().unwrap()]) else { return };
    assert_eq!(ran.status, Some(1), "{ran:#?}");
    let again = run(&mut harness(&[Path::new("replay"), &trace]));
    ended(&again, 1, &["CORE-DRV-STATUS-2", "INIT-DRV-SEQ-9", "PCI-DRV-COMMON-5"]);
}
