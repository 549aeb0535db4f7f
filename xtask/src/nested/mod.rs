//! `cargo xtask ci nested`: the harness on a KVM with (emulated) hardware virtualisation, and Linux booted by the harness there.
//!
//! QEMU emulates a PC whose CPUs have SVM; Debian's Linux there offers a real KVM on it. The harness runs inside as one static program. It runs
//! the scenarios, which must come out as on this machine's own KVM, and boots Linux, whose drivers are judged.

mod compare;
mod disk;
mod machine;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{fs, io};

use clap::Args;
use serde_json::Value;
use xtask::initramfs::Archive;

use self::compare::Found;
use self::machine::{Broken, Machine};
use crate::command::{Failure, output, sentence};
use crate::{build, tools};

/// Modules that the machine's Linux needs.
const MODULES: &[&str] = &["virtio_pci", "virtio_console", "kvm-amd nested=1 npt=1"];
/// Modules that the Linux needs that the harness boots.
const LINUX_MODULES: &[&str] = &[
    "virtio_pci",
    "virtio_mmio",
    "virtio_blk",
    "virtio_console",
    "virtio-rng",
    "virtio_net",
    "vfat",
    "nls_cp437",
    "nls_ascii",
];
/// How Linux reaches its devices: what a run is called, and the harness's options for it.
const LINUX: &[(&str, &str)] = &[
    ("linux-pci", "--transport pci --cpus 2"),
    ("linux-pci-packed", "--transport pci --ring packed"),
    ("linux-pci-intx", "--transport pci --vectors 0"),
    ("linux-mmio", "--transport mmio"),
    ("linux-mmio-legacy", "--transport mmio-legacy"),
];
/// The run of the scenarios.
const SCENARIOS: &str = "scenarios";
/// By how much a scenario's deadline is multiplied. It is there to end what hangs.
const PATIENCE: u32 = 20;
/// What every run of Linux has. It ends by itself; the time is there to end what hangs.
const LINUX_RUN: &str = "--kernel /linux/vmlinuz --initrd /linux/initrd --quiet --for 900s --device block=/disk.img,write \
                         --device entropy --device console --device net";
/// What Linux is told: to say little, and what keeps it steady in an emulation.
const LINUX_COMMAND_LINE: &str =
    "console=ttyS0 quiet panic=-1 tsc=unstable nokaslr mitigations=off random.trust_cpu=on no_timer_check";

/// What `cargo xtask ci nested` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only those scenarios that fit; as the harness's `--filter`.
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// What is run: the scenarios, Linux, or both, which is the default.
    #[arg(long, value_enum, default_value_t = Part::Both)]
    part: Part,
    /// How long the emulated machine may run in all, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(u32).range(1..))]
    deadline: u32,
    /// Seed of every random choice of the scenarios.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Scenarios,
    Linux,
    Both,
}

/// The programs and files by others.
pub(crate) struct Needed {
    qemu: PathBuf,
    kernel: PathBuf,
    modules: PathBuf,
    busybox: PathBuf,
}

impl Needed {
    /// Finds them: where the environment says, among the tools, on `PATH`.
    pub(crate) fn find(root: &Path) -> Result<Self, String> {
        let name = "qemu-system-x86_64";
        let qemu = tools::program(root, name);
        let [kernel, modules, busybox] = tools::FILES.map(|(variable, _)| tools::file(root, variable));
        match (qemu, kernel, modules, busybox) {
            (Some(qemu), Some(kernel), Some(modules), Some(busybox)) => Ok(Self { qemu, kernel, modules, busybox }),
            (qemu, kernel, modules, busybox) => {
                let lacking =
                    [(qemu, name), (kernel, "a Linux kernel"), (modules, "the kernel's modules"), (busybox, "busybox")];
                let lacking: Vec<_> =
                    lacking.iter().filter(|(found, _)| found.is_none()).map(|(_, what)| *what).collect();
                Err(format!("there is no {}; `cargo xtask ci tools` fetches what is missing", lacking.join(", ")))
            }
        }
    }
}

/// How often a scenario that went wrong is done again: a fault of ours that shows every other time would have to stay away each time.
const REPEATS: u64 = 5;
/// The same of a run of Linux, which is a long one.
const LINUX_REPEATS: u64 = 2;

/// Runs it. What goes wrong is done again several times, and counts if it goes wrong once more: emulations of whole machines fail by themselves now
/// and then. Where the scenarios left no report, all of them are done again first.
pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode, Failure> {
    let needed = Needed::find(root).map_err(Failure::CannotRun)?;
    let harness = build::static_harness(root)?;
    if let Some(filter) = &options.filter {
        fits(&harness, filter)?;
    }
    let kernel = build::kernel(root)?;
    let mut folder = root.join("target/artefacts/nested");
    if let Err(e) = fs::remove_dir_all(&folder)
        && e.kind() != io::ErrorKind::NotFound
    {
        return Err(cannot("remove", &folder)(e));
    }
    let mut left = Duration::from_secs(options.deadline.into());
    let (mut runs, mut before) = (runs(options), Vec::new());
    loop {
        fs::create_dir_all(&folder).map_err(cannot("make", &folder))?;
        let compared = runs.iter().any(|run| run.what == What::Scenarios);
        let here = if compared { here(&harness, &kernel, &folder, options)? } else { None };
        let archive = archive(&needed, &harness, &kernel, &runs);
        let started = Instant::now();
        let wrong = Attempt { needed: &needed, archive, runs: &runs, here, folder: &folder, limit: left }.make()?;
        left = left.saturating_sub(started.elapsed());
        println!("reports: {}", folder.display());
        if wrong.is_empty() {
            sentences(&before).for_each(|sentence| println!("not seen again: {sentence}"));
            return Ok(ExitCode::SUCCESS);
        }
        if left.is_zero() || wrong.iter().any(Wrong::counts) {
            return Err(failure(&wrong));
        }
        runs = again(options, &runs, &wrong);
        let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
        println!("done again: {}", names.join(", "));
        before.extend(wrong);
        folder.push("again");
    }
}

/// What is done in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// All scenarios that were asked for; they are compared with those on this machine's KVM.
    Scenarios,
    /// Some of them that went wrong. Each has to pass.
    Repeated,
    Linux,
}

/// A run of the harness in the machine.
#[derive(Clone, Debug)]
struct Run {
    /// What it and its files are called.
    name: String,
    what: What,
    /// It went wrong before.
    again: bool,
    arguments: Vec<String>,
}

/// What was not as it should be.
#[derive(Debug)]
struct Wrong {
    /// In this run.
    run: Run,
    /// In this scenario; `None`: there is no report of the scenarios, or it was in Linux.
    scenario: Option<String>,
    sentence: String,
    /// There is no report.
    broken: bool,
}

impl Wrong {
    /// Whether it is not to be done again.
    fn counts(&self) -> bool {
        self.run.again && (self.broken || self.run.what != What::Scenarios)
    }
}

/// Why the whole has failed.
fn failure(wrong: &[Wrong]) -> Failure {
    let mut found = sentences(wrong);
    let one = found.next().unwrap_or_default();
    let sentence = match found.count() {
        0 => format!("on the nested KVM: {one}"),
        more => format!("on the nested KVM: {one}; and {more} more, which are above"),
    };
    let broken = wrong.iter().any(|wrong| wrong.broken);
    if broken { Failure::CannotRun(sentence) } else { Failure::Failed(sentence) }
}

/// Each once: where the whole machine was lost, it is the same of all runs.
fn sentences(wrong: &[Wrong]) -> impl Iterator<Item = &str> {
    let new = |at: usize| wrong[..at].iter().all(|before| before.sentence != wrong[at].sentence);
    (0..wrong.len()).filter(move |at| new(*at)).map(|at| wrong[at].sentence.as_str())
}

/// What the options ask for.
fn runs(options: &Options) -> Vec<Run> {
    let mut runs = Vec::new();
    if matches!(options.part, Part::Scenarios | Part::Both) {
        let arguments = [with_patience(), of_scenarios(options)].concat();
        runs.push(Run { name: SCENARIOS.to_owned(), what: What::Scenarios, again: false, arguments });
    }
    if matches!(options.part, Part::Linux | Part::Both) {
        runs.extend(LINUX.iter().map(|(name, arguments)| {
            let all = LINUX_RUN.split(' ').chain(arguments.split(' ')).chain(["--cmdline", LINUX_COMMAND_LINE]);
            let arguments = all.map(str::to_owned).collect();
            Run { name: (*name).to_owned(), what: What::Linux, again: false, arguments }
        }));
    }
    runs
}

/// What is done after these runs, in which this was wrong.
fn again(options: &Options, runs: &[Run], wrong: &[Wrong]) -> Vec<Run> {
    let mut all = Vec::new();
    for run in runs {
        let wrong: Vec<_> = wrong.iter().filter(|wrong| wrong.run.name == run.name).collect();
        let scenarios: BTreeSet<_> = wrong.iter().filter_map(|wrong| wrong.scenario.clone()).collect();
        let run = Run { again: true, ..run.clone() };
        let nth = |n: u64| format!("{}.{n}", run.name);
        if wrong.is_empty() {
            continue;
        }
        if run.what == What::Linux {
            all.extend((1..=LINUX_REPEATS).map(|n| Run { name: nth(n), ..run.clone() }));
        } else if scenarios.is_empty() {
            all.push(run);
        } else {
            all.extend((1..=REPEATS).map(|n| {
                let seed = ["--seed".to_owned(), options.seed.wrapping_add(n).to_string()];
                let named = scenarios.iter().cloned().collect();
                let arguments = [with_patience(), on_kvm(), seed.to_vec(), named].concat();
                Run { name: nth(n), what: What::Repeated, again: true, arguments }
            }));
        }
    }
    all
}

/// The machine, started once.
struct Attempt<'a> {
    needed: &'a Needed,
    archive: io::Result<Vec<u8>>,
    runs: &'a [Run],
    /// The scenarios on this machine's own KVM.
    here: Option<Value>,
    folder: &'a Path,
    limit: Duration,
}

impl Attempt<'_> {
    /// What was not as it should be.
    fn make(self) -> Result<Vec<Wrong>, Failure> {
        let Self { needed, archive, runs, here, folder, limit } = self;
        let initrd = folder.join("initrd");
        fs::write(&initrd, archive.map_err(cannot("make", &initrd))?).map_err(cannot("write", &initrd))?;
        let files = |run: &Run| {
            let image = (run.what == What::Linux).then(|| format!("{}.img", run.name));
            [format!("{}.json", run.name)].into_iter().chain(image)
        };
        let files: Vec<_> = runs.iter().flat_map(files).collect();
        let machine = Machine { qemu: &needed.qemu, kernel: &needed.kernel, initrd: &initrd, files: &files, folder };
        println!("starting the emulated machine");
        let started = Instant::now();
        let ran = machine.run(limit, |line| println!("{:7.1} s  {line}", started.elapsed().as_secs_f64()));
        // It is large, and made again by the next run.
        fs::remove_file(&initrd).map_err(cannot("remove", &initrd))?;
        let (console, ended) = match ran {
            Ok(console) => (console, None),
            Err(Broken { sentence, console }) => (console, Some(sentence)),
        };
        let console_file = folder.join("console.txt");
        fs::write(&console_file, console.join("\n")).map_err(cannot("write", &console_file))?;

        let mut wrong = Vec::new();
        for run in runs {
            let mut add = |scenario, sentence, broken| {
                wrong.push(Wrong { run: run.clone(), scenario, sentence, broken });
            };
            let report = match report(&machine, &run.name) {
                Ok(report) => report,
                Err(why) => {
                    add(None, ended.clone().unwrap_or(why), true);
                    continue;
                }
            };
            if run.what == What::Linux {
                let image = machine.file(&format!("{}.img", run.name));
                let found = judge_linux(&run.name, &report, fs::read(&image).map_err(cannot("read", &image))?);
                // A disk is worth keeping where it may show what went wrong.
                if found.is_empty() {
                    fs::remove_file(&image).map_err(cannot("remove", &image))?;
                }
                found.into_iter().for_each(|sentence| add(None, sentence, false));
            } else {
                let here = here.as_ref().filter(|_| run.what == What::Scenarios);
                let found = judge_scenarios(here, &report)?;
                found.into_iter().for_each(|found| add(Some(found.scenario.clone()), found.to_string(), false));
            }
        }
        if wrong.iter().any(|wrong| wrong.broken) {
            show(&console);
        }
        sentences(&wrong).for_each(|sentence| println!("different: {sentence}"));
        Ok(wrong)
    }
}

/// Whether the harness takes this filter; if not, why, in its own words.
fn fits(harness: &Path, filter: &str) -> Result<(), Failure> {
    let output = output(Command::new(harness).args(["--list", "--filter", filter]))?;
    if output.status.success() { Ok(()) } else { Err(Failure::CannotRun(sentence(&output))) }
}

/// The options of every run of scenarios in the machine.
fn with_patience() -> Vec<String> {
    ["--kernel", "/kernel", "--patience", &PATIENCE.to_string()].map(str::to_owned).to_vec()
}

/// The options of every run of scenarios.
fn on_kvm() -> Vec<String> {
    ["--backend", "kvm", "--quiet"].map(str::to_owned).to_vec()
}

/// The options of a run of the scenarios, here and there.
fn of_scenarios(options: &Options) -> Vec<String> {
    let mut all = on_kvm();
    all.extend(["--seed".to_owned(), options.seed.to_string()]);
    if let Some(filter) = &options.filter {
        all.extend(["--filter".to_owned(), filter.clone()]);
    }
    all
}

/// The run of the scenarios on this machine's own KVM; `None` if it has none.
fn here(harness: &Path, kernel: &Path, folder: &Path, options: &Options) -> Result<Option<Value>, Failure> {
    let probe = output(Command::new(harness).arg("probe"))?;
    if !probe.status.success() {
        println!("this machine has no usable KVM to compare with; each scenario has to pass");
        return Ok(None);
    }
    println!("running the scenarios on this machine's KVM");
    let file = folder.join("here.json");
    let mut command = Command::new(harness);
    command.arg("--kernel").arg(kernel).args(of_scenarios(options)).arg("--json").arg(&file);
    let output = output(&mut command)?;
    if output.status.code().is_none_or(|code| code > 1) {
        let why = sentence(&output);
        return Err(Failure::CannotRun(format!("the scenarios cannot run on this machine's KVM: {why}")));
    }
    parsed(&file).map(Some)
}

/// The emulated machine's initial file system.
fn archive(needed: &Needed, harness: &Path, kernel: &Path, runs: &[Run]) -> io::Result<Vec<u8>> {
    let busybox = fs::read(&needed.busybox)?;
    let mut linux = Archive::new()?;
    linux.program("bin/busybox", &busybox)?;
    linux.program("init", include_bytes!("linux.sh"))?;
    linux.modules(&needed.modules, LINUX_MODULES)?;

    let mut archive = Archive::new()?;
    archive.program("bin/busybox", &busybox)?;
    archive.program("init", include_bytes!("init.sh"))?;
    archive.modules(&needed.modules, MODULES)?;
    archive.program("harness", &fs::read(harness)?)?;
    archive.file("kernel", &fs::read(kernel)?)?;
    archive.file("linux/vmlinuz", &fs::read(&needed.kernel)?)?;
    archive.file("linux/initrd", &linux.finish()?)?;
    archive.file("linux/disk.img", &disk::image()?)?;
    for run in runs {
        archive.file(&format!("runs/{}", run.name), format!("{}\n", run.arguments.join("\n")).as_bytes())?;
    }
    archive.finish()
}

/// What is wrong with the run of the scenarios.
fn judge_scenarios(here: Option<&Value>, there: &Value) -> Result<Vec<Found>, Failure> {
    let unreadable = |why: String| Failure::CannotRun(format!("the reports cannot be compared: {why}; report this"));
    let mut wrong = compare::failures(there).map_err(unreadable)?;
    let Some(here) = here else { return Ok(wrong) };
    let comparison = compare::compare(["this machine's KVM", "the nested KVM"], [here, there]).map_err(unreadable)?;
    println!("{} scenarios compared, {} differences", comparison.scenarios, comparison.different.len());
    for (id, [only_here, only_there]) in &comparison.exercised {
        println!("timing decides whether {id} applies: in {only_here} scenarios only here, in {only_there} only there");
    }
    wrong.extend(comparison.different);
    Ok(wrong)
}

/// What is wrong with a run of Linux, a sentence each.
fn judge_linux(name: &str, report: &Value, image: Vec<u8>) -> Vec<String> {
    let mut wrong = Vec::new();
    let run = &report["runs"][0];
    let ids = |what: &str| -> Vec<String> {
        let list = run[what].as_array().into_iter().flatten();
        list.filter_map(|id| id.as_str().map(str::to_owned)).collect()
    };
    if run["outcome"] != "passed" {
        let end = run["end"]["text"].as_str().unwrap_or("it did not end");
        wrong.push(format!("{name}: {} ({end})", run["outcome"].as_str().unwrap_or("no outcome")));
    }
    if let Err(why) = disk::check(image) {
        wrong.push(format!("{name}: Linux ran, and {why}"));
    }
    let (passed, violated) = (ids("passed"), ids("violated"));
    wrong.extend(violated.iter().map(|id| format!("{name}: Linux's drivers violated {id}")));
    let devices = run["devices"].as_array().into_iter().flatten();
    let devices: Vec<_> = devices.filter_map(|device| device["name"].as_str()).collect();
    let (devices, requests) = (devices.join(", "), &run["requests"]);
    println!("{name}: {devices}; {requests} requests; {} requirements kept, {} violated", passed.len(), violated.len());
    wrong
}

/// The report on a run; if there is none, why.
fn report(machine: &Machine<'_>, name: &str) -> Result<Value, String> {
    let file = machine.file(&format!("{name}.json"));
    if fs::metadata(&file).is_ok_and(|metadata| metadata.len() > 0) {
        return parsed(&file).map_err(|failure| failure.sentence().to_owned());
    }
    Err(format!("the harness in the emulated machine left no report on {name}; the machine's last lines are above"))
}

fn parsed(file: &Path) -> Result<Value, Failure> {
    let text = fs::read(file).map_err(cannot("read", file))?;
    serde_json::from_slice(&text).map_err(|e| Failure::CannotRun(format!("{} is no whole report: {e}", file.display())))
}

/// The last lines that the machine printed.
fn show(console: &[String]) {
    for line in console.iter().skip(console.len().saturating_sub(30)) {
        eprintln!("    {line}");
    }
}

fn cannot(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Failure {
    move |error| Failure::CannotRun(format!("cannot {what} {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn linux_has_to_end_well_to_use_its_disk_and_to_violate_nothing() {
        let report = json!({ "runs": [{
            "outcome": "violated", "end": { "text": "the guest switched its machine off" }, "requests": 3,
            "devices": [{ "name": "block0" }], "passed": ["A-1"], "violated": ["B-1"],
        }] });
        let wrong = judge_linux("linux-pci", &report, disk::image().unwrap());
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert_eq!(wrong[0], "linux-pci: violated (the guest switched its machine off)");
        assert!(wrong[1].starts_with("linux-pci: Linux ran, and it wrote no result.txt to its disk"), "{}", wrong[1]);
        assert_eq!(wrong[2], "linux-pci: Linux's drivers violated B-1");
    }

    fn options() -> Options {
        Options { filter: Some("name~blk, ring:split".to_owned()), part: Part::Both, deadline: 1, seed: 7 }
    }

    #[test]
    fn what_went_wrong_is_done_again_and_nothing_else() {
        let first = runs(&options());
        let wrong = |run: &Run, scenario: Option<&str>, broken| Wrong {
            run: run.clone(),
            scenario: scenario.map(str::to_owned),
            sentence: String::new(),
            broken,
        };
        let [scenarios, linux] = [&first[0], &first[1]];
        let found =
            [wrong(scenarios, Some("two"), false), wrong(scenarios, Some("one"), false), wrong(linux, None, false)];
        assert!(!found.iter().any(Wrong::counts));
        let second = again(&options(), &first, &found);
        let names: Vec<_> = second.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(
            names,
            ["scenarios.1", "scenarios.2", "scenarios.3", "scenarios.4", "scenarios.5", "linux-pci.1", "linux-pci.2"]
        );
        assert!(second[1].arguments.ends_with(&["--seed", "9", "one", "two"].map(str::to_owned)));
        assert_eq!(second[5].arguments, linux.arguments);
        assert!(second.iter().all(|run| wrong(run, None, false).counts()));
        // Without a report nobody knows which; the second time counts, and what it finds is done again.
        let lost = again(&options(), &first, &[wrong(scenarios, None, true)]);
        assert_eq!((lost.len(), &lost[0].name, &lost[0].arguments), (1, &scenarios.name, &scenarios.arguments));
        assert!(wrong(&lost[0], None, true).counts() && !wrong(&lost[0], Some("one"), false).counts());
        assert_eq!(again(&options(), &lost, &[wrong(&lost[0], Some("one"), false)]).len(), 5);
    }

    #[test]
    fn what_counts_is_told_in_a_sentence() {
        let wrong = |sentence: &str, broken| Wrong {
            run: runs(&options()).remove(0),
            scenario: None,
            sentence: sentence.to_owned(),
            broken,
        };
        match failure(&[wrong("three", false), wrong("three", false), wrong("four", false)]) {
            Failure::Failed(told) => assert_eq!(told, "on the nested KVM: three; and 1 more, which are above"),
            other @ Failure::CannotRun(_) => panic!("{other:?}"),
        }
        match failure(&[wrong("there is no report", true)]) {
            Failure::CannotRun(told) => assert_eq!(told, "on the nested KVM: there is no report"),
            other @ Failure::Failed(_) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_filter_that_the_harness_refuses_is_told_in_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let harness = folder.path().join("harness");
        fs::write(&harness, "#!/bin/sh\n[ \"$3\" = good ] || { echo \"error: nothing fits $3\" >&2; exit 2; }\n")
            .unwrap();
        fs::set_permissions(&harness, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        fits(&harness, "good").unwrap();
        assert_eq!(fits(&harness, "bad").unwrap_err().sentence(), "nothing fits bad");
    }

    #[test]
    fn the_machine_is_given_each_argument_on_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        let [qemu, kernel, busybox] = [&file, &file, &file].map(Clone::clone);
        let needed = Needed { qemu, kernel, modules: folder.path().to_owned(), busybox };
        let archive = archive(&needed, &file, &file, &runs(&options())).unwrap();
        let expected = b"--backend\nkvm\n--quiet\n--seed\n7\n--filter\nname~blk, ring:split\n";
        assert!(archive.windows(expected.len()).any(|window| window == expected));
    }
}
