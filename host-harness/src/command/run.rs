//! Running scenarios and reporting on them.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail};
use parakit_harness::observe::trace::RunHeader;
use parakit_harness::report::{HostInfo, Report, SubjectInfo};
use parakit_harness::scenario::foreign::Foreign;
use parakit_harness::scenario::{
    self, Backend, Fit, Ground, Image, Outcome, RunRecord, Scenario, Session, SessionError,
};

use super::output::{put, tell};
use super::outputs::{Outputs, coverage_of};
use super::progress::Progress;
use super::screen::Screen;
use super::terminal::{self, RawTerminal};
use super::{ground, interrupt};
use crate::cli::RunArguments;

/// `cargo xtask harness`.
pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<ExitCode> {
    if arguments.console {
        return console(arguments);
    }
    let mut scenarios = chosen(arguments)?;
    if arguments.list {
        for scenario in &scenarios {
            put(format_args!("{:<40} {}\n", scenario.name, scenario.summary))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut too_small = Vec::new();
    let image = arguments.disk.clone().map(|path| Image { path, write: arguments.disk_write });
    if let Some(image) = &image {
        let bytes = image.check()?;
        let small: Vec<_>;
        (scenarios, small) = scenarios.into_iter().partition(|s| s.least_image() <= bytes);
        if let Some(first) = small.first().filter(|_| scenarios.is_empty()) {
            bail!("the image has {bytes} bytes; the scenario `{}` needs {} at least", first.name, first.least_image());
        }
        too_small = small.iter().map(|s| format!("{} needs an image of {} bytes", s.name, s.least_image())).collect();
        scenarios = scenarios.into_iter().map(|s| s.for_image(bytes)).collect();
    }
    let inputs = [("disk image", arguments.disk.as_deref()), ("kernel", arguments.kernel.as_deref())];
    let screen = Screen::new(&arguments.output);
    let mut outputs = Outputs::open(&arguments.output, arguments.trace.as_deref(), &inputs, [])?;
    let ground = ground::open(arguments.backend, arguments.kernel.as_deref())?;
    let session = Session { keep_events: outputs.take_events(), image, ..session(arguments, ground)? };
    let (scenarios, left_out): (Vec<_>, Vec<_>) = scenarios.into_iter().partition(|s| session.can_run(s));
    let (no_kvm, no_workload): (Vec<_>, Vec<_>) = left_out.into_iter().partition(|s| session.fit(s) == Fit::NeedsKvm);
    if scenarios.is_empty() {
        match no_workload.first() {
            Some(first) => bail!(
                "{} has no workload for the scenarios asked for, such as `{}` for `{}`; ask for others",
                session.subject(),
                first.workload,
                first.name
            ),
            None => bail!("none of the scenarios asked for can run in loopback; they need KVM"),
        }
    }
    if !arguments.output.quiet {
        let (count, subject) = (scenarios.len(), session.subject());
        screen.put(format_args!("{subject}: {count} scenarios on {}, seed {}\n", session.backend(), session.seed));
    }
    if !outputs.any() {
        // Nobody would get to know what comes of the runs.
        screen.trouble().result()?;
    }
    let started = Instant::now();
    let jobs: Vec<_> = scenarios.iter().map(Job::Scenario).collect();
    let (runs, trouble) = perform(&session, &jobs, arguments, &mut outputs);
    let report = report_of(&session, runs, started);
    screen.runs(&report.runs, arguments.output.verbose || arguments.disk.is_some());
    let no_kvm = no_kvm.iter().map(|scenario| format!("{} needs KVM", scenario.name));
    for why in too_small.into_iter().chain(no_kvm) {
        screen.put(format_args!("left out: {why}\n"));
    }
    if !no_workload.is_empty() {
        let count = no_workload.len();
        screen.put(format_args!("left out: {count} scenarios, the subject has no workload for them\n"));
    }
    trouble?;
    conclude(&session, scenarios.len(), &report, &screen, outputs)
}

/// What follows when the report of `all` scenarios is on the screen: its files, and the exit status.
pub(super) fn conclude(
    session: &Session,
    all: usize,
    report: &Report,
    screen: &Screen,
    outputs: Outputs,
) -> anyhow::Result<ExitCode> {
    if session.is_cancelled() {
        let unwritten = if outputs.any() { ", and no file was written" } else { "" };
        let done = report.runs.len();
        bail!("ended by the user at scenario {done} of {all}; the report above is about these{unwritten}");
    }
    screen.trouble().and(outputs.finish(report)).result()?;
    Ok(ExitCode::from(u8::from(!report.conforms())))
}

/// `coverage`: runs the scenarios for what they exercise.
pub(crate) fn coverage(arguments: &RunArguments) -> anyhow::Result<ExitCode> {
    let scenarios = chosen(arguments)?;
    let session = session(arguments, ground::open(arguments.backend, arguments.kernel.as_deref())?)?;
    let jobs: Vec<_> = scenarios.iter().filter(|s| session.can_run(s)).map(Job::Scenario).collect();
    let (runs, trouble) = perform(&session, &jobs, arguments, &mut Outputs::default());
    trouble?;
    if session.is_cancelled() {
        bail!("ended by the user; coverage is of whole runs");
    }
    put(coverage_of(&runs))?;
    let bad = runs.iter().any(|r| r.outcome() != Outcome::Passed);
    if bad {
        let screen = Screen::new(&arguments.output);
        screen.findings(&runs);
        screen.trouble().result()?;
    }
    Ok(ExitCode::from(u8::from(bad)))
}

/// The scenarios that the arguments ask for, with their parameters.
fn chosen(arguments: &RunArguments) -> anyhow::Result<Vec<Scenario>> {
    let mut all = if arguments.full { scenario::full() } else { scenario::all() };
    all.extend(scenario::others());
    if !arguments.scenarios.is_empty() {
        all.extend(scenario::on_request());
        // What only the full run has need not be asked for twice.
        let missing = arguments
            .scenarios
            .iter()
            .filter(|name| scenario::select(all.clone(), std::slice::from_ref(*name)).is_err());
        let more: Vec<_> = missing
            .flat_map(|name| scenario::select(scenario::full(), std::slice::from_ref(name)).unwrap_or_default())
            .collect();
        for scenario in more {
            if all.iter().all(|s| s.name != scenario.name) {
                all.push(scenario);
            }
        }
    }
    let mut scenarios = scenario::select(all, &arguments.scenarios)?;
    if arguments.disk.is_some() {
        if let Some(unfit) = scenarios.iter().find(|s| !arguments.scenarios.is_empty() && !s.takes_image()) {
            bail!("the scenario `{}` does not run on a disk image; leave it out, or leave out --disk", unfit.name);
        }
        scenarios.retain(Scenario::takes_image);
    }
    if let Some((filter, text)) = &arguments.filter {
        scenarios.retain(|scenario| filter.takes(scenario));
        if scenarios.is_empty() {
            bail!(
                "no scenario that was asked for fits --filter {text}; `--list` shows what there is, with `--full` all of it"
            );
        }
    }
    set_params(arguments, &mut scenarios);
    Ok(scenarios)
}

/// Sets the parameters that the arguments give.
pub(super) fn set_params(arguments: &RunArguments, scenarios: &mut [Scenario]) {
    for scenario in scenarios {
        for (index, value) in &arguments.params {
            scenario.params[*index] = *value;
        }
        scenario.deadline = scenario.deadline.saturating_mul(arguments.patience);
    }
}

/// `--console`: one guest, whose console is this terminal.
fn console(arguments: &RunArguments) -> anyhow::Result<ExitCode> {
    let ground = ground::open(arguments.backend, arguments.kernel.as_deref())?;
    let session = Session { input: Some(terminal::typed), ..session(arguments, ground)? };
    let scenario = scenario::interactive(terminal::size());
    let run = {
        let _raw = RawTerminal::enter().context("the terminal could not be taken over")?;
        session.run(&scenario)?
    };
    let bad = run.outcome() != Outcome::Passed;
    let screen = Screen::new(&arguments.output);
    screen.runs(&[run], arguments.output.verbose);
    screen.trouble().result()?;
    if session.is_cancelled() {
        bail!("ended by the user; the report above is about the guest until then");
    }
    Ok(ExitCode::from(u8::from(bad)))
}

/// A session on `ground`, as the arguments have it.
///
/// # Errors
/// There is no seed to be had, or ctrl-C cannot be caught.
pub(super) fn session(arguments: &RunArguments, ground: Ground) -> anyhow::Result<Session> {
    let seed = match arguments.seed {
        Some(seed) => seed,
        None => getrandom::u64().context("the operating system gave no random seed; give one with --seed")?,
    };
    Ok(Session {
        ground,
        image: None,
        seed,
        keep_events: false,
        cancelled: interrupt::flag_on_interrupt(!arguments.console).context("ctrl-C could not be caught")?,
        log: if arguments.output.verbose { |text| tell(text) } else { |_| {} },
        input: None,
    })
}

/// Something to run.
#[derive(Clone, Copy)]
pub(super) enum Job<'j> {
    Scenario(&'j Scenario),
    /// A kernel, and how it is run, in a line.
    Foreign(&'j Foreign, &'j str),
}

impl Job<'_> {
    fn name(self) -> String {
        match self {
            Self::Scenario(scenario) => format!("scenario {}", scenario.name),
            Self::Foreign(foreign, _) => format!("kernel {}", foreign.name),
        }
    }

    fn run(self, session: &Session) -> Result<RunRecord, SessionError> {
        match self {
            Self::Scenario(scenario) => session.run(scenario),
            Self::Foreign(foreign, _) => session.run_foreign(foreign),
        }
    }
}

/// Runs one after the other, up to the first that cannot run, or until the user has enough.
pub(super) fn perform(
    session: &Session,
    jobs: &[Job<'_>],
    arguments: &RunArguments,
    outputs: &mut Outputs,
) -> (Vec<RunRecord>, anyhow::Result<()>) {
    let mut progress = Progress::new(jobs.len(), arguments.output.quiet);
    let mut runs = Vec::new();
    let mut trouble = Ok(());
    for job in jobs {
        if session.is_cancelled() {
            break;
        }
        progress.begin(match job {
            Job::Scenario(scenario) => &scenario.name,
            Job::Foreign(_, how) => how,
        });
        match job.run(session) {
            Ok(mut run) => {
                progress.end(&run);
                // The events of a run are many; they are kept no longer than it takes to write them.
                let events = std::mem::take(&mut run.events);
                let header = header(session, &run, arguments);
                outputs.run(&header, &run, &events);
                runs.push(run);
            }
            Err(error) => {
                trouble = Err(error).with_context(|| job.name());
                break;
            }
        }
    }
    progress.finish();
    (runs, trouble)
}

/// What came of all of it.
pub(super) fn report_of(session: &Session, runs: Vec<RunRecord>, started: Instant) -> Report {
    Report {
        host: HostInfo::of(&session.ground),
        subject: SubjectInfo::of(&session.ground),
        seed: session.seed,
        runs,
        skipped: Vec::new(),
        elapsed: started.elapsed(),
    }
}

/// What the trace says of a run.
fn header(session: &Session, run: &RunRecord, arguments: &RunArguments) -> RunHeader {
    let kernel = arguments.kernel.as_ref().filter(|_| run.backend != Backend::Loopback);
    RunHeader {
        scenario: run.scenario.clone(),
        backend: run.backend.to_string().to_lowercase(),
        kernel: kernel.map_or_else(|| "none".to_owned(), |path| path.display().to_string()),
        seed: session.seed,
    }
}
