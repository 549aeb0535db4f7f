//! `cargo xtask ci nested`: the harness on a KVM with (emulated) hardware virtualisation, and Linux booted by the harness there.
//!
//! QEMU emulates a PC whose CPUs have SVM; Debian's Linux there offers a real KVM on it. The harness runs inside as one static program. It runs
//! the scenarios, which must come out as on this machine's own KVM, and boots Linux, whose drivers are judged.

mod compare;
mod disk;
mod machine;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{fs, io};

use clap::Args;
use serde_json::Value;
use xtask::initramfs::Archive;

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
    /// How long the emulated machine may run, in seconds.
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

/// Runs it.
pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode, Failure> {
    let needed = Needed::find(root).map_err(Failure::CannotRun)?;
    let harness = build::static_harness(root)?;
    if let Some(filter) = &options.filter {
        fits(&harness, filter)?;
    }
    let kernel = build::kernel(root)?;
    let folder = root.join("target/artefacts/nested");
    match fs::remove_dir_all(&folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(cannot("remove", &folder)(e)),
        _ => fs::create_dir_all(&folder).map_err(cannot("make", &folder))?,
    }
    let scenarios = matches!(options.part, Part::Scenarios | Part::Both);
    let linux: &[(&str, &str)] = if matches!(options.part, Part::Linux | Part::Both) { LINUX } else { &[] };
    let here = if scenarios { here(&harness, &kernel, &folder, options)? } else { None };

    let mut runs = Vec::new();
    let mut files = Vec::new();
    if scenarios {
        let patience = PATIENCE.to_string();
        let own = ["--kernel", "/kernel", "--patience", &patience].map(str::to_owned);
        runs.push((SCENARIOS, [own.to_vec(), of_scenarios(options)].concat()));
        files.push(format!("{SCENARIOS}.json"));
    }
    for (name, arguments) in linux {
        let all = LINUX_RUN.split(' ').chain(arguments.split(' ')).chain(["--cmdline", LINUX_COMMAND_LINE]);
        runs.push((name, all.map(str::to_owned).collect()));
        files.extend([format!("{name}.json"), format!("{name}.img")]);
    }
    let initrd = folder.join("initrd");
    let archive = archive(&needed, &harness, &kernel, &runs).map_err(cannot("make", &initrd))?;
    fs::write(&initrd, archive).map_err(cannot("write", &initrd))?;
    let machine =
        Machine { qemu: &needed.qemu, kernel: &needed.kernel, initrd: &initrd, files: &files, folder: &folder };
    println!("starting the emulated machine");
    let started = Instant::now();
    let limit = Duration::from_secs(options.deadline.into());
    let told = |line: &str| println!("{:7.1} s  {line}", started.elapsed().as_secs_f64());
    let ran = machine.run(limit, told);
    // It is large, and made again by the next run.
    fs::remove_file(&initrd).map_err(cannot("remove", &initrd))?;
    let console = ran.map_err(|broken| not_run(&broken))?;
    let console_file = folder.join("console.txt");
    fs::write(&console_file, console.join("\n")).map_err(cannot("write", &console_file))?;

    let mut wrong = Vec::new();
    if scenarios {
        let there = report(&machine, SCENARIOS, &console)?;
        wrong.extend(judge_scenarios(here.as_ref(), &there)?);
    }
    for (name, _) in linux {
        let report = report(&machine, name, &console)?;
        let image = machine.file(&format!("{name}.img"));
        let found = judge_linux(name, &report, fs::read(&image).map_err(cannot("read", &image))?);
        // A disk is worth keeping where it may show what went wrong.
        if found.is_empty() {
            fs::remove_file(&image).map_err(cannot("remove", &image))?;
        }
        wrong.extend(found);
    }
    println!("reports: {}", folder.display());
    for sentence in &wrong {
        println!("different: {sentence}");
    }
    match wrong.len() {
        0 => Ok(ExitCode::SUCCESS),
        1 => Err(Failure::Failed(format!("on the nested KVM {}", wrong[0]))),
        count => {
            Err(Failure::Failed(format!("{count} things are not as they should be on the nested KVM; they are above")))
        }
    }
}

/// Whether the harness takes this filter; if not, why, in its own words.
fn fits(harness: &Path, filter: &str) -> Result<(), Failure> {
    let output = output(Command::new(harness).args(["--list", "--filter", filter]))?;
    if output.status.success() { Ok(()) } else { Err(Failure::CannotRun(sentence(&output))) }
}

/// The options of a run of the scenarios, here and there.
fn of_scenarios(options: &Options) -> Vec<String> {
    let mut all = vec!["--backend".to_owned(), "kvm".to_owned(), "--quiet".to_owned()];
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
fn archive(needed: &Needed, harness: &Path, kernel: &Path, runs: &[(&str, Vec<String>)]) -> io::Result<Vec<u8>> {
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
    for (name, arguments) in runs {
        archive.file(&format!("runs/{name}"), format!("{}\n", arguments.join("\n")).as_bytes())?;
    }
    archive.finish()
}

/// What is wrong with the run of the scenarios, a sentence each.
fn judge_scenarios(here: Option<&Value>, there: &Value) -> Result<Vec<String>, Failure> {
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

fn report(machine: &Machine<'_>, name: &str, console: &[String]) -> Result<Value, Failure> {
    let file = machine.file(&format!("{name}.json"));
    if fs::metadata(&file).is_ok_and(|metadata| metadata.len() > 0) {
        return parsed(&file);
    }
    show(console);
    Err(Failure::CannotRun(format!(
        "the harness in the emulated machine left no report on {name}; its last lines are above"
    )))
}

fn parsed(file: &Path) -> Result<Value, Failure> {
    let text = fs::read(file).map_err(cannot("read", file))?;
    serde_json::from_slice(&text).map_err(|e| Failure::CannotRun(format!("{} is no whole report: {e}", file.display())))
}

fn not_run(broken: &Broken) -> Failure {
    show(&broken.console);
    Failure::CannotRun(broken.sentence.clone())
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
        let filter = Some("name~blk, ring:split".to_owned());
        let options = Options { filter, part: Part::Scenarios, deadline: 1, seed: 7 };
        let archive = archive(&needed, &file, &file, &[("scenarios", of_scenarios(&options))]).unwrap();
        let expected = b"--backend\nkvm\n--quiet\n--seed\n7\n--filter\nname~blk, ring:split\n";
        assert!(archive.windows(expected.len()).any(|window| window == expected));
    }
}
