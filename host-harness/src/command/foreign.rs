//! `--kernel FILE` of a kernel that knows nothing of Parakit: one run, with the devices that the user chose.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use parakit_harness::observe::event::TransportKind;
use parakit_harness::scenario::foreign::{Foreign, Offer, Script, size};
use parakit_harness::scenario::{Ground, RunRecord};
use parakit_harness::vmm::{Kernel, KvmHost, KvmOptions};

use super::outputs::{Input, Outputs};
use super::run::{self, Job};
use super::screen::Screen;
use crate::cli::{Arguments, BackendChoice, ForeignArguments};

/// The run of a foreign kernel that the arguments ask for; `None` when they ask for scenarios.
///
/// # Errors
/// Options that contradict one another or the kernel, or make no sense. Nothing has been run or written then.
pub(crate) fn asked_for(arguments: &Arguments) -> anyhow::Result<Option<(Kernel, Foreign)>> {
    let Arguments { run, foreign, .. } = arguments;
    let option = foreign.first();
    if let Some(path) = run.kernel.as_deref().filter(|_| run.list && option.is_none())
        && Kernel::read(path).is_ok_and(|kernel| !kernel.speaks_mailbox())
    {
        bail!("{} runs no scenarios that --list could show; leave one of them out", path.display());
    }
    let Some(path) = run.kernel.as_deref().filter(|_| !run.list) else {
        return match option {
            Some(option) => {
                bail!("{option} is for a kernel of your own; give one with --kernel FILE, or leave {option} out")
            }
            None => Ok(None),
        };
    };
    let loopback = run.backend == BackendChoice::Loopback;
    let kernel = match (Kernel::read(path), option) {
        (Ok(kernel), _) => kernel,
        // In loopback nobody needs it.
        (Err(_), None) if loopback => return Ok(None),
        (Err(error), _) => return Err(error.into()),
    };
    if kernel.speaks_mailbox() {
        return match option {
            Some(option) => bail!("{} runs scenarios, which have no use for {option}; leave it out", path.display()),
            None => Ok(None),
        };
    }
    let name = path.display();
    if loopback {
        bail!("{name} is a kernel, and loopback has no guest to boot it in; leave out --backend loopback");
    }
    if let Some(scenario) = run.scenarios.first() {
        bail!("{name} runs no scenarios, since it knows nothing of Parakit; leave out `{scenario}`");
    }
    let unused = [
        ("--full", run.full, ""),
        ("--filter", run.filter.is_some(), ""),
        ("--param", !run.params.is_empty(), ""),
        ("--disk", run.disk.is_some(), ", and give it a disk with --device block=IMAGE"),
        ("--patience", run.patience != 1, ", and say how long it runs with --for"),
        ("--console", run.console, ", and send it input with --input FILE"),
    ];
    if let Some((option, _, instead)) = unused.iter().find(|(_, given, _)| *given) {
        bail!("{option} is for scenarios, and {name} runs none; leave {option} out{instead}");
    }
    let asked = asked(&kernel, foreign)?;
    asked.check(&kernel)?;
    for image in asked.devices.iter().filter_map(|device| device.image()) {
        image.check()?;
    }
    Ok(Some((kernel, asked)))
}

/// The options as they are meant.
fn asked(kernel: &Kernel, arguments: &ForeignArguments) -> anyhow::Result<Foreign> {
    let mut foreign = Foreign::new(kernel);
    for spec in &arguments.devices {
        foreign.devices.push(spec.parse().with_context(|| format!("--device {spec}"))?);
    }
    if let Some(name) = &arguments.transport {
        foreign.transport = match name.as_str() {
            "mmio" => TransportKind::Mmio,
            "mmio-legacy" => TransportKind::MmioLegacy,
            "pci" => TransportKind::Pci,
            _ => bail!("--transport {name}: there is no such transport; choose mmio, mmio-legacy or pci"),
        };
    }
    foreign.vectors = number("--vectors", arguments.vectors.as_deref(), "a number up to 2048, such as 8")?;
    foreign.offer = offer(arguments)?;
    if let Some(text) = &arguments.run_for {
        foreign.run_for = duration("--for", text)?;
    }
    if let Some(text) = &arguments.memory {
        foreign.memory_bytes =
            size::parse(text).ok_or_else(|| anyhow!("--memory {text} is no size; write one like 256M or 1G"))?;
    }
    foreign.cpus = number("--cpus", arguments.cpus.as_deref(), "a number from 1 on")?.unwrap_or(1);
    foreign.expect_exit = number("--expect-exit", arguments.expect_exit.as_deref(), "a number of 32 bits")?;
    foreign.command_line = arguments.cmdline.clone().unwrap_or_default();
    if let Some(path) = &arguments.initrd {
        foreign.initrd = Some(read("initial RAM disk", path)?);
    }
    if let Some(path) = &arguments.input {
        let text = String::from_utf8(read("input script", path)?);
        let text =
            text.map_err(|_| anyhow!("the input script {} is no text in UTF-8; write it anew", path.display()))?;
        foreign.script = Script::parse(&text).with_context(|| path.display().to_string())?;
    }
    Ok(foreign)
}

/// Longest run: a day.
const LONGEST: Duration = Duration::from_secs(86400);

/// A time that makes sense for a run.
pub(super) fn duration(option: &str, text: &str) -> anyhow::Result<Duration> {
    let time = humantime::parse_duration(text).ok().filter(|time| *time <= LONGEST);
    time.ok_or_else(|| anyhow!("{option} {text} is no time up to a day; write one like 30s or 2m"))
}

fn offer(arguments: &ForeignArguments) -> anyhow::Result<Offer> {
    let offer: Offer = match &arguments.offer {
        Some(text) => text.parse().with_context(|| format!("--offer {text}"))?,
        None => Offer::default(),
    };
    let packed = match arguments.ring.as_deref() {
        None => return Ok(offer),
        Some("packed") => true,
        Some("split") => false,
        Some(name) => bail!("--ring {name}: there is no such ring; choose split or packed"),
    };
    if offer.packed().is_some_and(|offered| offered != packed) {
        bail!("--ring and --offer contradict each other about packed rings; leave one of them out");
    }
    Ok(offer.and(if packed { "+packed" } else { "-packed" }.parse()?)?)
}

fn number<T: std::str::FromStr>(option: &str, text: Option<&str>, expected: &str) -> anyhow::Result<Option<T>> {
    let parse = |text: &str| text.parse().map_err(|_| anyhow!("{option} {text} makes no sense; give {expected}"));
    text.map(parse).transpose()
}

/// Only a file: a device or a pipe may have no end.
fn read(what: &str, path: &Path) -> anyhow::Result<Vec<u8>> {
    let contents = fs::metadata(path)
        .and_then(|meta| if meta.is_file() { fs::read(path) } else { Err(io::Error::other("not a regular file")) });
    contents.map_err(|error| anyhow!("the {what} {} cannot be read ({error}); check the path", path.display()))
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments, kernel: Kernel, foreign: &Foreign) -> anyhow::Result<ExitCode> {
    let Arguments { run, foreign: options, .. } = arguments;
    let images = foreign.devices.iter().filter_map(|device| device.image());
    let mut inputs: Vec<Input<'_>> = vec![
        ("kernel", run.kernel.as_deref()),
        ("initial RAM disk", options.initrd.as_deref()),
        ("input script", options.input.as_deref()),
    ];
    inputs.extend(images.map(|image| ("disk image", Some(image.path.as_path()))));
    let screen = Screen::new(&run.output);
    let mut outputs = Outputs::open(&run.output, run.trace.as_deref(), &inputs, &foreign.devices)?;
    let host = KvmHost::open(&KvmOptions::from_env())?;
    let started = std::time::Instant::now();
    let boot = kernel.preferred_boot();
    let mut session = run::session(run, Ground::Kvm { host, kernel })?;
    session.keep_events = outputs.take_events();
    let time = humantime::format_duration(foreign.run_for);
    let (name, seed) = (&foreign.name, session.seed);
    let how =
        format!("{name}: {boot} boot on KVM, devices over {}, for {time} at most, seed {seed}", transport(foreign));
    let (runs, trouble) = run::perform(&session, &[Job::Foreign(foreign, &how)], run, &mut outputs);
    // What cannot be run leaves nothing to report on.
    trouble?;
    let report = run::report_of(&session, runs, started);
    if !run.output.quiet {
        screen.put(format_args!("{how}\n"));
        for record in &report.runs {
            screen.put(course(record, !run.output.verbose));
        }
    }
    screen.runs(&report.runs, run.output.verbose);
    if session.is_cancelled() {
        let unwritten = if outputs.any() { ", and no file was written" } else { "" };
        bail!("ended by the user; the report above is about the kernel until then{unwritten}");
    }
    screen.trouble().and(outputs.finish(&report)).result()?;
    Ok(ExitCode::from(u8::from(!report.conforms())))
}

fn transport(foreign: &Foreign) -> &'static str {
    foreign.transport.name()
}

/// How the kernel ended, and which devices its drivers had live, where the report does not show them anyway.
pub(super) fn course(run: &RunRecord, with_devices: bool) -> String {
    let mut text = format!("{}: {}, after {:.1?}\n", run.scenario, run.end, run.elapsed);
    for agreed in run.negotiated.iter().filter(|_| with_devices) {
        text.push_str(&format!("{}: {agreed}\n", run.scenario));
    }
    text
}
