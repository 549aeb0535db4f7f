//! The steps of `cargo xtask test`, in order: cheap and telling ones first.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{Failure, cargo, nightly_cargo, output, sentence};
use crate::target::Arch;
use crate::{build, catalogue, nested, subject, target, tools};

/// Packages that are published.
const PUBLISHED: &[&str] = &["parakit-abi", "parakit", "parakit-exercise", "parakit-harness"];

/// One step.
pub(super) struct Step {
    /// Name, for `--only`.
    pub(super) name: &'static str,
    /// What it shows.
    pub(super) what: &'static str,
    /// The commands to run, or why there are none. A plan may do work of its own, such as a build.
    pub(super) plan: fn(&Path) -> Plan,
}

/// The commands of a step.
pub(super) struct Commands {
    pub(super) one_by_one: Vec<Command>,
    /// Behind those, at the same time.
    pub(super) together: Vec<Command>,
}

impl From<Vec<Command>> for Commands {
    fn from(one_by_one: Vec<Command>) -> Self {
        Self { one_by_one, together: Vec::new() }
    }
}

/// Why a step has no commands.
pub(super) enum Obstacle {
    /// This machine lacks something that the step needs.
    LeftOut(String),
    /// The step's own work failed.
    Failed(String),
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.sentence().to_owned())
    }
}

/// All steps.
pub(super) fn all() -> Vec<Step> {
    vec![
        Step { name: "fmt", what: "the code is formatted", plan: fmt },
        Step { name: "catalogue", what: "the requirement ids are those of the catalogue", plan: check_catalogue },
        Step { name: "clippy", what: "no warning on the host, all features", plan: clippy },
        Step {
            name: "bare",
            what: "kernels and kit without warnings on bare targets of three architectures, without alloc too",
            plan: bare,
        },
        Step { name: "docs", what: "the documentation builds without a warning", plan: docs },
        Step { name: "examples", what: "the examples build", plan: examples },
        Step { name: "tests", what: "unit, property, loopback, mutant and end-to-end tests (not KVM)", plan: tests },
        Step { name: "kvm", what: "end-to-end tests on KVM", plan: kvm },
        Step {
            name: "qemu",
            what: "QEMU's devices under our drivers and probes: all is known that is found of them",
            plan: qemu,
        },
        Step {
            name: "serve",
            what: "our devices under Linux's drivers, in QEMU, over vhost-user; the judge has nothing against them",
            plan: serve,
        },
        Step {
            name: "other-cpus",
            what: "the kit's drivers on aarch64 and riscv64, in QEMU, over MMIO and PCI; past the caches too",
            plan: other_cpus,
        },
        Step { name: "html", what: "the report as a page, in a browser without a window", plan: html },
        Step { name: "harness", what: "every scenario of the default run, judged", plan: harness },
        Step { name: "loopback", what: "the same without KVM, in one process", plan: loopback },
        Step {
            name: "nested",
            what: "every scenario on a KVM with emulated SVM, as on this machine's; Linux, booted by the harness there",
            plan: nested,
        },
        Step {
            name: "artefacts",
            what: "every mutant is caught, the matrix; what passed in a few runs, for a viewer of traces",
            plan: artefacts,
        },
        Step { name: "doctests", what: "the examples in the documentation run", plan: doctests },
        Step {
            name: "litmus",
            what: "no wake-up is lost, in either ring or direction; with any one barrier taken out, the litmus sees it",
            plan: litmus,
        },
        Step {
            name: "orders",
            what: "the instructions that order memory and registers, on three processors; any one left out is missed",
            plan: orders,
        },
        Step { name: "miri", what: "the kit's loopback tests, and attacks on its drivers, under Miri", plan: miri },
        Step { name: "package", what: "the published crates package and build from the package", plan: package },
    ]
}

type Plan = Result<Commands, Obstacle>;

fn fmt(root: &Path) -> Plan {
    Ok(vec![with(cargo(root), &["fmt", "--all", "--check"])].into())
}

fn check_catalogue(root: &Path) -> Plan {
    catalogue::run(root, true).map_err(|e| Obstacle::Failed(format!("{e:#}")))?;
    Ok(Vec::new().into())
}

fn clippy(root: &Path) -> Plan {
    let arguments =
        ["clippy", "--workspace", "--exclude", "parakit-kernel", "--all-targets", "--all-features", "--", "-Dwarnings"];
    Ok(vec![with(cargo(root), &arguments)].into())
}

fn bare(root: &Path) -> Plan {
    let on_target = |arch: &Arch, package: &str, more: &[&str]| {
        let mut command = with(cargo(root), &["clippy", "--release", "--package", package, "--target", arch.target]);
        command.args(more).args(["--", "-Dwarnings"]);
        command
    };
    let mut commands = Vec::new();
    for arch in [&target::X86_64].into_iter().chain(&target::OTHERS) {
        target::ensure(arch.target)?;
        // The kernels of others, and those that break rules, are for x86-64 alone.
        let subjects = if *arch == target::X86_64 { subject::ALL } else { &[subject::PARAKIT] };
        commands.extend(subjects.iter().map(|subject| on_target(arch, subject.package, &[])));
        if *arch == target::X86_64 {
            commands.push(on_target(arch, "parakit-test-kernels", &[]));
        }
        commands.push(on_target(arch, "parakit", &["--no-default-features"]));
        commands.push(on_target(arch, "parakit", &["--all-features"]));
    }
    Ok(commands.into())
}

fn docs(root: &Path) -> Plan {
    let mut command = with(
        cargo(root),
        &["doc", "--workspace", "--exclude", "parakit-kernel", "--exclude", "xtask", "--no-deps", "--all-features"],
    );
    command.env("RUSTDOCFLAGS", "-Dwarnings");
    Ok(vec![command].into())
}

fn examples(root: &Path) -> Plan {
    let arguments = ["build", "--workspace", "--exclude", "parakit-kernel", "--examples", "--all-features"];
    Ok(vec![with(cargo(root), &arguments)].into())
}

/// Tests whose name begins with `kvm` need a usable /dev/kvm, those whose name begins with `qemu` need QEMU, those whose name begins with
/// `browser` need Chromium; they are steps of their own.
fn tests(root: &Path) -> Plan {
    let mut command = test_command(root)?;
    command.args(["--", "--skip", "kvm", "--skip", "qemu", "--skip", "browser"]);
    Ok(vec![command].into())
}

fn kvm(root: &Path) -> Plan {
    kvm_or_left_out(&build::harness(root)?)?;
    let mut command = test_command(root)?;
    command.args(["--", "kvm"]).env("PARAKIT_REQUIRE_KVM", "1");
    for subject in subject::ALL {
        let variable = format!("PARAKIT_SUBJECT_{}", subject.name.to_uppercase().replace('-', "_"));
        command.env(variable, build::kernel_of(root, subject)?);
    }
    Ok(vec![command].into())
}

fn qemu(root: &Path) -> Plan {
    if tools::program(root, "qemu-system-x86_64").is_none() {
        let how = "`cargo xtask ci tools` fetches it";
        return Err(Obstacle::LeftOut(format!("there is no QEMU for x86-64; {how}")));
    }
    let mut command = workspace_tests(root, &["--test", "qemu_devices"]);
    command.env("PARAKIT_KERNEL", build::kernel(root)?).env("PARAKIT_HARNESS", build::harness(root)?);
    command.args(["--", "qemu_", "--show-output"]).env("PARAKIT_REQUIRE_QEMU", "1");
    Ok(vec![command].into())
}

fn serve(root: &Path) -> Plan {
    linux_or_left_out(root)?;
    let mut command = workspace_tests(root, &["--test", "qemu_serve"]);
    command.args(["--", "qemu_serve"]).env("PARAKIT_REQUIRE_QEMU", "1");
    Ok(vec![command].into())
}

/// Whether there is a QEMU, and a Linux for it to boot.
fn linux_or_left_out(root: &Path) -> Result<(), Obstacle> {
    let there = |(variable, _)| tools::file(root, variable).is_some_and(|path| path.exists());
    let why = match tools::program(root, "qemu-system-x86_64") {
        None => "there is no QEMU for x86-64",
        Some(_) if !tools::FILES.into_iter().all(there) => "there is no Linux with busybox to boot in QEMU",
        Some(_) => return Ok(()),
    };
    Err(Obstacle::LeftOut(format!("{why}; `cargo xtask ci tools` fetches it")))
}

/// Drivers and probes on processors that order memory less than x86-64 does.
fn other_cpus(root: &Path) -> Plan {
    let has = |arch: &target::Arch| tools::program(root, &format!("qemu-system-{}", arch.name)).is_some();
    if let Some(arch) = target::OTHERS.iter().find(|arch| !has(arch)) {
        let why = format!("there is no QEMU for {}; `cargo xtask ci tools` fetches it", arch.name);
        return Err(Obstacle::LeftOut(why));
    }
    let mut command = workspace_tests(root, &["--test", "qemu_other_cpus"]);
    for arch in &target::OTHERS {
        command.env(format!("PARAKIT_KERNEL_{}", arch.name.to_uppercase()), build::kernel_for(root, arch)?);
    }
    command.env("PARAKIT_HARNESS", build::harness(root)?).env("PARAKIT_REQUIRE_QEMU", "1");
    command.args(["--", "qemu_", "--show-output"]);
    Ok(vec![command].into())
}

fn html(root: &Path) -> Plan {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let named = std::env::var_os("PARAKIT_BROWSER").is_some();
    let path = std::env::var_os("PATH").unwrap_or_default();
    if !named && !std::env::split_paths(&path).any(|folder| NAMES.iter().any(|name| folder.join(name).is_file())) {
        return Err(Obstacle::LeftOut(
            "there is no Chromium; `apt-get install chromium` adds it, or PARAKIT_BROWSER says where it is".to_owned(),
        ));
    }
    let mut command = test_command(root)?;
    command.args(["--", "browser", "--show-output"]).env("PARAKIT_REQUIRE_BROWSER", "1");
    Ok(vec![command].into())
}

/// Whether KVM can be used; the harness itself knows best.
fn kvm_or_left_out(harness: &Path) -> Result<(), Obstacle> {
    let output = output(Command::new(harness).arg("probe"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Obstacle::LeftOut(format!("KVM cannot be used: {}", sentence(&output))))
}

fn harness(root: &Path) -> Plan {
    let path = build::harness(root)?;
    kvm_or_left_out(&path)?;
    let mut command = Command::new(path);
    command.args(["--backend", "kvm"]).env("PARAKIT_KERNEL", build::kernel(root)?);
    let files = [
        ("--json", "report.json"),
        ("--junit", "junit.xml"),
        ("--html", "report.html"),
        ("--coverage", "coverage.txt"),
    ];
    for (option, name) in files {
        command.arg(option).arg(artefact(root, name)?);
    }
    Ok(vec![command].into())
}

/// Scenarios whose events are looked at in a viewer of traces: either ring, either transport, and a device that breaks rules.
const SHOWN: &[&str] = &["blk-read", "blk-qd32.pci.packed", "smp-share.pci", "odd-used-id-twice"];

fn artefacts(root: &Path) -> Plan {
    let mut command = Command::new(build::harness(root)?);
    command.args(SHOWN).arg("--perfetto").arg(artefact(root, "perfetto.json")?);
    command.env("PARAKIT_KERNEL", build::kernel(root)?);
    let mut mutants = Command::new(build::proof(root)?);
    mutants.arg("mutants").arg("--json").arg(artefact(root, "mutants.json")?);
    let matrix = artefact(root, "mutants.txt")?;
    let file = File::create(&matrix);
    mutants.stdout(file.map_err(|e| Obstacle::Failed(format!("cannot create {}: {e}", matrix.display())))?);
    Ok(vec![command, mutants].into())
}

/// Where a file goes that tells of the proof; one of an earlier proof is removed.
fn artefact(root: &Path, name: &str) -> Result<PathBuf, Obstacle> {
    let folder = root.join("target/artefacts");
    let path = folder.join(name);
    let made = std::fs::create_dir_all(&folder).and_then(|()| match std::fs::remove_file(&path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    });
    made.map_err(|e| Obstacle::Failed(format!("cannot make room for {}: {e}", path.display())))?;
    Ok(path)
}

fn loopback(root: &Path) -> Plan {
    let mut command = Command::new(build::harness(root)?);
    command.args(["--backend", "loopback"]);
    Ok(vec![command].into())
}

fn nested(root: &Path) -> Plan {
    nested::Needed::find(root).map_err(Obstacle::LeftOut)?;
    Ok(vec![with(cargo(root), &["xtask", "ci", "nested"])].into())
}

/// `cargo test` over all test binaries, told where the built command and kernel are.
fn test_command(root: &Path) -> Result<Command, Obstacle> {
    let kernel = build::kernel(root)?;
    let harness = build::harness(root)?;
    let mut command = workspace_tests(root, &["--lib", "--bins", "--tests"]);
    command.env("PARAKIT_KERNEL", kernel).env("PARAKIT_HARNESS", harness);
    command.env("PARAKIT_TEST_KERNELS", build::test_kernels(root)?);
    Ok(command)
}

/// `cargo test` of these test binaries. Always of the whole workspace, even for one binary: with other packages come other features, and what
/// is built with other features is built once more.
fn workspace_tests(root: &Path, which: &[&str]) -> Command {
    let mut command = with(cargo(root), &["test", "--workspace", "--exclude", "parakit-kernel", "--all-features"]);
    command.args(which);
    command
}

fn doctests(root: &Path) -> Plan {
    Ok(vec![workspace_tests(root, &["--doc"])].into())
}

/// The races of publication and suppression in an optimised build, and in one whose queues leave out one barrier after the
/// other: there the test passes if it sees wake-ups being lost for the lack of each.
fn litmus(root: &Path) -> Plan {
    if std::thread::available_parallelism().is_ok_and(|cpus| cpus.get() < 2) {
        return Err(Obstacle::LeftOut("a race needs two CPUs, and this machine has one".to_owned()));
    }
    let arguments = ["test", "--release", "--package", "parakit", "--test", "litmus"];
    // Cargo keeps what a wrapper makes of the workspace apart from the rest, so the dependencies are not built again.
    let mut mutant = with(cargo(root), &arguments);
    mutant.env("RUSTC_WORKSPACE_WRAPPER", root.join("xtask/rustc-without-barrier"));
    Ok(vec![with(cargo(root), &arguments), mutant].into())
}

/// Other tests leave this one out where a target is missing.
fn orders(root: &Path) -> Plan {
    for arch in [&target::X86_64].into_iter().chain(&target::OTHERS) {
        target::ensure(arch.target)?;
    }
    let mut command = with(cargo(root), &["test", "--package", "parakit-machine-code", "--test", "orders"]);
    command.env("PARAKIT_REQUIRE_TARGETS", "1");
    Ok(vec![command].into())
}

fn miri(root: &Path) -> Plan {
    let installed = nightly_cargo(root)
        .args(["miri", "--version"])
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| output.status.success());
    if !installed {
        return Err(Obstacle::LeftOut(
            "Miri is not installed; `rustup toolchain install nightly --component miri,rust-src` adds it".to_owned(),
        ));
    }
    // The other tests run too many steps for an interpreter.
    let tests = ["loopback", "rings", "attacks"];
    let test = |name: &str| with(nightly_cargo(root), &["miri", "test", "--package", "parakit", "--test", name]);
    let mut build = with(nightly_cargo(root), &["miri", "test", "--package", "parakit", "--no-run"]);
    build.args(tests.iter().flat_map(|name| ["--test", name]));
    let mut schedules = test("loopback");
    schedules.arg("two_threads").env("MIRIFLAGS", "-Zmiri-permissive-provenance -Zmiri-many-seeds=0..4");
    // Each keeps one processor busy.
    Ok(Commands { one_by_one: vec![build], together: tests.map(test).into_iter().chain([schedules]).collect() })
}

fn package(root: &Path) -> Plan {
    forget_unpacked()?;
    // What was built from packages is never built again either, so that it is built apart and from nothing.
    let apart = root.join("target/packaging");
    if let Err(e) = std::fs::remove_dir_all(&apart)
        && e.kind() != ErrorKind::NotFound
    {
        return Err(Obstacle::Failed(format!("cannot remove {}: {e}", apart.display())));
    }
    let mut command = with(cargo(root), &["package", "--allow-dirty", "--target-dir"]);
    command.arg(apart);
    for name in PUBLISHED {
        command.args(["--package", name]);
    }
    Ok(vec![command].into())
}

/// Removes what cargo unpacked of our packages when it last built from them.
///
/// `cargo package` unpacks them into cargo's home, in a folder named after the place of the build, and unpacks nothing where a
/// package of the same name and version is: after a change it would build against the old one. Folders of real registries bear the
/// registry's name; those of places on this machine begin with a dash.
fn forget_unpacked() -> Result<(), Obstacle> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let Some(Ok(places)) = home.map(|home| std::fs::read_dir(home.join("registry/src"))) else {
        // Nothing was ever unpacked.
        return Ok(());
    };
    for place in places.flatten().filter(|place| place.file_name().as_encoded_bytes().starts_with(b"-")) {
        for name in PUBLISHED {
            let unpacked = place.path().join(format!("{name}-{}", env!("CARGO_PKG_VERSION")));
            if let Err(e) = std::fs::remove_dir_all(&unpacked)
                && e.kind() != ErrorKind::NotFound
            {
                return Err(Obstacle::Failed(format!("cannot remove {}: {e}", unpacked.display())));
            }
        }
    }
    Ok(())
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}
