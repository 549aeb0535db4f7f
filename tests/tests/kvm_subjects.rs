//! Drivers by others on KVM: the judge finds in them what `docs/subjects/` says, no more and no less.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parakit_abi::requirement::RequirementId;
use parakit_harness::scenario::{self, Fit, Ground, Outcome, RunRecord, Scenario, Session};
use parakit_harness::vmm::{End, Kernel, KvmHost, KvmOptions};

/// Scenarios that show what the documents list, as far as the subject has workloads for them.
const SCENARIOS: &[&str] = &[
    "blk-read*",
    "blk-flush-discard",
    "blk-timeout-reset",
    "blk-rw.*",
    "console-*",
    "entropy*",
    "odd-offers-packed-alone",
];

fn session(subject: &str) -> Session {
    let kernel = Kernel::read(&parakit_tests::subject_path(subject)).unwrap();
    let ground = Ground::Kvm { host: KvmHost::open(&KvmOptions::from_env()).unwrap(), kernel };
    let cancelled = Arc::new(AtomicBool::new(false));
    Session { ground, image: None, seed: 1, keep_events: false, cancelled, log: |_| {}, input: None }
}

fn named(patterns: &[&str]) -> Vec<Scenario> {
    let mut all = scenario::all();
    all.extend(scenario::others());
    let patterns: Vec<String> = patterns.iter().map(|&p| p.to_owned()).collect();
    scenario::select(all, &patterns).unwrap()
}

fn document(subject: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/subjects/{subject}.md"));
    std::fs::read_to_string(path).unwrap()
}

/// The ids in the first column of a document's tables.
fn listed(document: &str) -> BTreeSet<RequirementId> {
    let cells = document.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.filter_map(RequirementId::parse).collect()
}

/// Runs the scenarios that the subject has workloads for; the requirements that it violated.
fn violated(session: &Session, scenarios: &[Scenario]) -> BTreeSet<RequirementId> {
    let runs: Vec<RunRecord> = scenarios
        .iter()
        .filter(|s| session.fit(s) == Fit::Runs)
        .map(|scenario| {
            let run = session.run(scenario).unwrap();
            let good = run.end.passed() && run.troubles.is_empty();
            assert!(good, "{}: {} {:?}\n{}", scenario.name, run.end, run.troubles, run.log);
            run
        })
        .collect();
    assert!(!runs.is_empty());
    runs.iter().flat_map(|run| run.violations().map(|(id, _)| id).collect::<Vec<_>>()).collect()
}

#[track_caller]
fn as_documented(subject: &str, more: &[&str]) {
    let session = session(subject);
    let patterns: Vec<_> = SCENARIOS.iter().chain(more).copied().collect();
    let found = violated(&session, &named(&patterns));
    let listed = listed(&document(subject));
    let show = |ids: &BTreeSet<RequirementId>| ids.iter().map(|id| id.get().id).collect::<Vec<_>>().join(" ");
    assert_eq!(show(&found), show(&listed), "docs/subjects/{subject}.md lists other requirements than a run finds");
}

/// A run that the driver does not survive, as its document says.
#[track_caller]
fn does_not_survive(subject: &str, name: &str) -> End {
    let session = session(subject);
    let mut scenario = named(&[name]).remove(0);
    // Time enough for some hundred thousand accesses: a loop that has not ended then is one.
    scenario.deadline = Duration::from_secs(10);
    let run = session.run(&scenario).unwrap();
    assert_eq!(run.outcome(), Outcome::Failed, "{name}: {}", run.end);
    assert!(document(subject).contains(&format!("`{name}`")), "docs/subjects/{subject}.md does not name {name}");
    run.end
}

#[test]
fn kvm_virtio_drivers_violates_what_its_document_lists() {
    let devices = ["net-*", "input-*", "gpu-*", "vsock-*"];
    let odd = ["odd-interrupt-status-undefined-bits", "odd-cap-reserved-bar"];
    as_documented("virtio-drivers", &[&devices[..], &odd].concat());
}

#[test]
fn kvm_virtio_drivers_does_not_survive_these_devices() {
    for name in ["odd-config-generation-never-stable", "odd-cap-list-loop"] {
        let end = does_not_survive("virtio-drivers", name);
        assert!(matches!(end, End::Deadline { .. }), "{name}: {end}");
    }
    let end = does_not_survive("virtio-drivers", "odd-notify-offset-outside");
    assert!(end.to_string().contains("panicked"), "{end}");
}

#[test]
fn kvm_virtio_spec_violates_what_its_document_lists() {
    as_documented("virtio-spec", &[]);
}

#[test]
fn kvm_virtio_spec_does_not_survive_these_devices() {
    let end = does_not_survive("virtio-spec", "odd-interrupt-status-undefined-bits");
    assert!(end.to_string().contains("panicked"), "{end}");
    let end = does_not_survive("virtio-spec", "odd-config-generation-never-stable");
    assert!(matches!(end, End::Deadline { .. }), "{end}");
}

#[test]
fn kvm_what_a_subject_has_no_workload_for_is_left_out() {
    let session = session("virtio-drivers");
    let fit = |name| session.fit(&named(&[name])[0]);
    assert_eq!((fit("blk-read"), fit("net-echo"), fit("blk-suspend.*")), (Fit::Runs, Fit::Runs, Fit::NoWorkload));
    let session = self::session("virtio-spec");
    let fit = |name| session.fit(&named(&[name])[0]);
    assert_eq!((fit("blk-read"), fit("blk-qd32.pci"), fit("net-echo")), (Fit::Runs, Fit::NoWorkload, Fit::NoWorkload));
    assert_eq!(fit("blk-rw.pci-1v.*"), Fit::NoWorkload);
}

#[test]
fn kvm_a_subject_says_its_name_and_version() {
    for name in ["virtio-drivers", "virtio-spec"] {
        assert_eq!(session(name).subject(), format!("{name} {}", locked(name)));
    }
}

/// The version of a package in the lock file.
fn locked(package: &str) -> String {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let text = std::fs::read_to_string(lock).unwrap();
    let entry = text.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n"))).unwrap();
    entry.split("version = \"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
