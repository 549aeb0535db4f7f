//! `replay`: a recorded trace is judged again, and reported like a run.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use parakit_abi::requirement::Side;
use parakit_harness::observe::Event;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::observe::replay::{Replayed, replay as judge_again};
use parakit_harness::observe::trace::{self, RunHeader, Visitor};
use parakit_harness::report::{HostInfo, HostKind, Report, SubjectInfo};
use parakit_harness::scenario::{self, Backend, RunRecord, Scenario};
use parakit_harness::vmm::End;

use super::outputs::Outputs;
use super::screen::Screen;
use crate::cli::OutputArguments;

/// Judges the trace. How the guests ended is not in it, so only violations count.
pub(crate) fn replay(file: &Path, output: &OutputArguments) -> anyhow::Result<ExitCode> {
    let mut outputs = Outputs::open(output, None, &[("trace", Some(file))], [])?;
    let started = Instant::now();
    let replayed = judge_again(file)?;
    let seed = replayed.first().map_or(0, |replayed| replayed.run.seed);
    let subject = subject(replayed.first().map(|replayed| &replayed.run));
    let runs: Vec<RunRecord> = replayed.into_iter().map(record).collect();
    if outputs.take_events() {
        let mut again = Again { runs: &runs, outputs: &mut outputs, header: RunHeader::default(), events: Vec::new() };
        trace::read(file, &mut again)?;
    }
    let host = HostInfo::here(HostKind::Trace);
    let report = Report { host, subject, seed, runs, skipped: Vec::new(), elapsed: started.elapsed() };
    let screen = Screen::new(output);
    screen.runs(&report.runs, output.verbose);
    screen.trouble().and(outputs.finish(&report)).result()?;
    Ok(ExitCode::from(u8::from(!report.conforms())))
}

/// Goes through the trace once more, for files that take the events of runs: a run at a time is in memory.
struct Again<'a> {
    /// Those that are still to come.
    runs: &'a [RunRecord],
    outputs: &'a mut Outputs,
    header: RunHeader,
    events: Vec<Event>,
}

impl Visitor for Again<'_> {
    fn run(&mut self, header: RunHeader) {
        self.header = header;
    }

    fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    fn run_end(&mut self) {
        let events = std::mem::take(&mut self.events);
        if let Some((run, rest)) = self.runs.split_first() {
            self.outputs.run(&self.header, run, &events);
            self.runs = rest;
        }
    }
}

/// What a trace says of what was judged.
fn subject(run: Option<&RunHeader>) -> SubjectInfo {
    match run.map(|run| run.kernel.as_str()) {
        Some("none") => SubjectInfo { name: "parakit".to_owned(), ..SubjectInfo::default() },
        Some(kernel) => SubjectInfo { name: kernel.to_owned(), ..SubjectInfo::default() },
        None => SubjectInfo::default(),
    }
}

fn record(replayed: Replayed) -> RunRecord {
    let Replayed { run, judgement, transport, traffic, negotiated, lapses, .. } = replayed;
    let known = scenario::full().into_iter().chain(scenario::on_request()).find(|s| s.name == run.scenario);
    let mut troubles = Vec::new();
    if judgement.dropped > 0 {
        troubles.push(scenario::dropped(judgement.dropped));
    }
    let mut verdicts = judgement.verdicts;
    if known.as_ref().is_some_and(Scenario::is_probe) {
        verdicts.keep(Side::Device);
    } else {
        troubles.extend(lapses);
    }
    RunRecord {
        scenario: run.scenario,
        hostile: known.as_ref().is_some_and(Scenario::is_hostile),
        backend: match run.backend.as_str() {
            "loopback" => Backend::Loopback,
            "vhost-user" => Backend::VhostUser,
            _ => Backend::Kvm,
        },
        bus: known.as_ref().map_or(transport.unwrap_or(TransportKind::Mmio), |s| s.bus.transport()),
        end: End::Passed,
        troubles,
        elapsed: Duration::ZERO,
        exits: None,
        boot: None,
        traffic,
        negotiated,
        records: Vec::new(),
        console: Vec::new(),
        log: String::new(),
        verdicts,
        events: Vec::new(),
    }
}
