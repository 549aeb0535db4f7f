//! Drivers by others on KVM: the judge finds in them what `docs/subjects/` says, no more and no less.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parakit_abi::requirement::RequirementId;
use parakit_harness::scenario::{self, Fit, Ground, Outcome, Scenario, Session};
use parakit_harness::vmm::{End, Kernel, KvmHost, KvmOptions};

/// What a run gets that the driver does not survive, as its document says: time enough for some hundred thousand accesses, so that a loop which
/// has not ended then is one.
const SHORT: Duration = Duration::from_secs(10);

/// Runs at a time, of a subject.
const AT_A_TIME: usize = 3;

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

/// What stands in the first column of a document's tables.
fn first_cells(document: &str) -> impl Iterator<Item = &str> {
    document.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next())
}

/// The ids there.
fn listed(document: &str) -> BTreeSet<RequirementId> {
    first_cells(document).filter_map(RequirementId::parse).collect()
}

fn names(ids: &BTreeSet<RequirementId>) -> String {
    ids.iter().map(|id| id.get().id).collect::<Vec<_>>().join(" ")
}

/// Runs everything that `cargo xtask harness --subject` runs. What is violated is what the document lists, and the runs that end badly are those
/// that it names, each row of its table among them.
#[track_caller]
fn as_documented(subject: &str) {
    let page = document(subject);
    let fatal: BTreeSet<&str> = first_cells(&page).filter(|cell| RequirementId::parse(cell).is_none()).collect();
    let mut scenarios = scenario::all();
    scenarios.extend(scenario::others());
    let next = AtomicUsize::new(0);
    let take = || scenarios.get(next.fetch_add(1, Ordering::Relaxed)).cloned();
    // A driver that breaks rules is mostly waited for, so several runs go on at a time.
    let runs = || {
        let (session, mut found, mut died) = (session(subject), BTreeSet::new(), BTreeSet::new());
        while let Some(mut scenario) = take() {
            if session.fit(&scenario) != Fit::Runs {
                continue;
            }
            if fatal.contains(&*scenario.name) {
                scenario.deadline = SHORT;
            }
            let run = session.run(&scenario).unwrap();
            found.extend(run.violations().map(|(id, _)| id));
            if run.outcome() == Outcome::Failed {
                let told = page.contains(&format!("`{}`", scenario.name));
                assert!(told, "{} is not in the page: {} {:?}\n{}", scenario.name, run.end, run.troubles, run.log);
                died.insert(scenario.name);
            }
        }
        (found, died)
    };
    let (mut found, mut died) = (BTreeSet::new(), BTreeSet::new());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(runs)).collect();
        for thread in threads {
            let (more, ended) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            found.extend(more);
            died.extend(ended);
        }
    });
    let survived: Vec<_> = fatal.iter().filter(|name| !died.contains(**name)).collect();
    assert!(survived.is_empty(), "docs/subjects/{subject}.md says that it does not survive {survived:?}");
    let page = names(&listed(&page));
    assert_eq!(names(&found), page, "docs/subjects/{subject}.md lists other requirements than a run finds");
}

/// A run that the driver does not survive, as its document says.
#[track_caller]
fn does_not_survive(subject: &str, name: &str) -> End {
    let session = session(subject);
    let mut scenario = named(&[name]).remove(0);
    scenario.deadline = SHORT;
    let run = session.run(&scenario).unwrap();
    assert_eq!(run.outcome(), Outcome::Failed, "{name}: {}", run.end);
    run.end
}

#[test]
fn kvm_virtio_drivers_is_as_its_document_says() {
    as_documented("virtio-drivers");
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
fn kvm_virtio_spec_is_as_its_document_says() {
    as_documented("virtio-spec");
}

#[test]
fn kvm_virtio_spec_does_not_survive_these_devices() {
    let end = does_not_survive("virtio-spec", "odd-interrupt-status-undefined-bits");
    assert!(end.to_string().contains("panicked"), "{end}");
    let end = does_not_survive("virtio-spec", "odd-config-generation-never-stable");
    assert!(matches!(end, End::Deadline { .. }), "{end}");
}

/// The README counts what the documents list.
#[test]
fn the_readme_counts_the_rules_that_the_documents_list() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for subject in ["virtio-drivers", "virtio-spec"] {
        let row = readme.lines().find(|line| line.contains(&format!("| `--subject {subject}` |"))).unwrap();
        let count = |cell: usize| row.split(" | ").nth(cell).unwrap().split(' ').next().unwrap().parse().unwrap();
        let (must, should): (Vec<_>, Vec<_>) =
            listed(&document(subject)).into_iter().partition(|id| id.get().strength.is_must());
        assert_eq!((must.len(), should.len()), (count(2), count(3)), "{row}");
    }
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
