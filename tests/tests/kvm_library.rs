//! The harness as a crate in somebody's test suite: only what it makes public, and no command. On KVM.

use std::time::Duration;

use parakit_harness::Harness;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::scenario::Outcome;
use parakit_harness::scenario::foreign::{Device, Script};
use parakit_tests::command::{kvm_or_left_out, test_kernel};

#[test]
fn kvm_a_kernel_is_judged_by_a_test() {
    if !kvm_or_left_out("kvm_a_kernel_is_judged_by_a_test") {
        return;
    }
    let with = |transport| {
        Harness::new()
            .kernel(test_kernel("conforming"))
            .device(Device::block().sectors(64))
            .device("console,name=tty".parse().unwrap())
            .transport(transport)
            .offer("+packed,-event_idx")
            .unwrap()
            .run_for(Duration::from_secs(60))
            .seed(7)
            .run()
            .unwrap()
    };
    for transport in [TransportKind::Mmio, TransportKind::Pci] {
        let report = with(transport);
        assert!(report.conforms(), "{report}");
        let [run] = &report.runs[..] else { panic!("one run: {report}") };
        assert_eq!(run.traffic.requests, 4, "two sectors read, one written and read back");
        assert!(run.log.contains("64 sectors\n") && run.log.ends_with("all well\n"), "{}", run.log);
        assert_eq!(run.negotiated.len(), 1, "nobody drove the console");
    }
}

#[test]
fn kvm_a_report_tells_what_is_wrong() {
    if !kvm_or_left_out("kvm_a_report_tells_what_is_wrong") {
        return;
    }
    let report = Harness::new().kernel(test_kernel("violating")).keep_events().run().unwrap();
    assert!(!report.conforms());
    assert_eq!(report.runs[0].outcome(), Outcome::Violated);
    assert!(!report.runs[0].events.is_empty());
    let ids: Vec<_> = report.runs[0].violations().map(|(id, _)| id.to_string()).collect();
    for id in ["CORE-DRV-STATUS-2", "INIT-DRV-SEQ-9"] {
        assert!(ids.iter().any(|other| other == id), "{id} in {ids:?}");
    }
    assert!(report.to_string().contains("no status bit is cleared but by a reset"), "{report}");
}

#[test]
fn kvm_scenarios_run_on_kernels_that_have_them() {
    if !kvm_or_left_out("kvm_scenarios_run_on_kernels_that_have_them") {
        return;
    }
    let kernel = std::env::var_os("PARAKIT_KERNEL").expect("PARAKIT_KERNEL names the built kernel");
    let report = Harness::new().kernel(&kernel).scenarios(["blk-read", "entropy"]).run().unwrap();
    assert!(report.conforms(), "{report}");
    assert_eq!(report.runs.len(), 2);
}

#[test]
fn what_contradicts_the_kernel_is_refused() {
    let refused = |harness: Harness| harness.run().expect_err("it makes no sense").to_string();
    let conforming = || Harness::new().kernel(test_kernel("conforming"));
    assert!(refused(Harness::new()).contains("no kernel was given"));
    assert!(refused(Harness::new().kernel("nowhere/kernel")).contains("there is no kernel at nowhere/kernel"));
    assert!(refused(conforming().scenarios(["blk-read"])).contains("runs no scenarios"));
    assert!(refused(conforming().run_for(Duration::ZERO)).contains("for no time"));
    assert!(refused(conforming().transport(TransportKind::Mmio).vectors(3)).contains("MSI-X vectors are of PCI"));
    assert!(refused(conforming().initrd("nowhere/initrd")).contains("nowhere/initrd cannot be read"));
    let script = Script::parse("capacity block1 8").unwrap();
    assert!(refused(conforming().script(script)).contains("no device `block1`; it has block0, console0, entropy0"));
    let packed = conforming().transport(TransportKind::MmioLegacy).offer("+packed").unwrap();
    assert!(refused(packed).contains("cannot be offered over mmio-legacy"));
    assert!(conforming().offer("+packed").unwrap().offer("-packed").is_err());
}
