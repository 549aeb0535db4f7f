//! `serve`: devices over vhost-user, for a VMM that is not ours.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use parakit_harness::observe::trace::RunHeader;
use parakit_harness::report::{HostInfo, HostKind, Report, SubjectInfo};
use parakit_harness::scenario::foreign::Device;
use parakit_harness::scenario::serve::{Serve, Served};
use parakit_harness::vmm::End;

use super::foreign::{course, duration};
use super::interrupt;
use super::output::tell;
use super::outputs::{Input, Outputs};
use super::screen::Screen;
use crate::cli::ServeArguments;

/// Serves them until there is an end, and reports.
pub(crate) fn serve(arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    let mut serve = asked(arguments)?;
    let output = &arguments.output;
    let images = serve.served.iter().filter_map(|served| served.device.image());
    let images: Vec<Input<'_>> = images.map(|image| ("disk image", Some(image.path.as_path()))).collect();
    let mut outputs =
        Outputs::open(output, arguments.trace.as_deref(), &images, serve.served.iter().map(|served| &served.device))?;
    serve.keep_events = outputs.take_events();
    serve.cancelled = interrupt::flag_on_interrupt(true).context("ctrl-C could not be caught")?;
    if !output.quiet {
        serve.tell = |line| tell(format_args!("{line}\n"));
    }
    let screen = Screen::new(output);
    let started = Instant::now();
    let mut run = serve.run()?;
    let events = std::mem::take(&mut run.events);
    let header = RunHeader {
        scenario: run.scenario.clone(),
        backend: run.backend.to_string(),
        kernel: SubjectInfo::UNKNOWN_DRIVER.to_owned(),
        seed: serve.seed,
    };
    outputs.run(&header, &run, &events);
    let report = Report {
        host: HostInfo::here(HostKind::VhostUser),
        subject: SubjectInfo::unknown_driver(),
        seed: serve.seed,
        runs: vec![run],
        skipped: Vec::new(),
        elapsed: started.elapsed(),
    };
    if !output.quiet {
        for record in &report.runs {
            screen.put(course(record, !output.verbose));
        }
    }
    screen.runs(&report.runs, output.verbose);
    screen.trouble().and(outputs.finish(&report)).result()?;
    if report.runs.iter().any(|run| run.end == End::Cancelled) {
        bail!("ended by the user; the report is about the driver until then");
    }
    Ok(ExitCode::from(u8::from(!report.conforms())))
}

/// The options as they are meant.
fn asked(arguments: &ServeArguments) -> anyhow::Result<Serve> {
    let (devices, sockets) = (&arguments.devices, &arguments.sockets);
    if devices.is_empty() {
        bail!(
            "there is nothing to serve; give a device and its socket, such as --device block=disk.img --socket /tmp/block.sock"
        );
    }
    if devices.len() != sockets.len() {
        let (devices, sockets) = (devices.len(), sockets.len());
        bail!("--device was given {devices} times and --socket {sockets} times; give each device a socket of its own");
    }
    let mut served = Vec::new();
    for (spec, socket) in devices.iter().zip(sockets) {
        let device = Device::for_front_end(spec).with_context(|| format!("--device {spec}"))?;
        if let Some(image) = device.image() {
            image.check()?;
        }
        served.push(Served { device, socket: socket.clone() });
    }
    let seed = match arguments.seed {
        Some(seed) => seed,
        None => getrandom::u64().context("the operating system gave no random seed; give one with --seed")?,
    };
    let mut serve = Serve::new(served, seed);
    if let Some(text) = &arguments.offer {
        serve.offer = text.parse().with_context(|| format!("--offer {text}"))?;
    }
    if let Some(text) = &arguments.wait {
        serve.wait = duration("--wait", text)?;
    }
    serve.run_for = arguments.run_for.as_deref().map(|text| duration("--for", text)).transpose()?;
    if serve.run_for == Some(Duration::ZERO) {
        return Err(anyhow!("--for 0s leaves no time to drive anything; write one like 30s or 2m"));
    }
    serve.again = arguments.again && !arguments.once;
    serve.prepared()?;
    Ok(serve)
}
