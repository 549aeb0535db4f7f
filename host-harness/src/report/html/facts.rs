//! What the page says besides events: what was judged, the runs, the requirements.

use std::collections::BTreeMap;

use parakit_abi::requirement::{Observability, RequirementId, Side};
use serde::Serialize;

use super::super::{HostKind, Report, Ring0};
use super::Kept;
use crate::judge::{ContextEvent, Verdict};
use crate::observe::negotiated::Negotiated;
use crate::scenario::RunRecord;

/// Lines of a failed run's log that the summary shows.
const LOG_LINES: usize = 20;

/// The data of the page, without events.
#[derive(Debug, Serialize)]
pub(super) struct Facts<'a> {
    subject: String,
    conforms: bool,
    about: Vec<(&'static str, String)>,
    requirements: Vec<Requirement>,
    runs: Vec<Run<'a>>,
}

#[derive(Debug, Serialize)]
struct Requirement {
    id: &'static str,
    area: &'static str,
    side: &'static str,
    strength: &'static str,
    section: &'static str,
    text: &'static str,
    observability: &'static str,
    in_scope: bool,
    verdict: &'static str,
    passed: u64,
    violated: u64,
    unjudged: Option<&'static str>,
    reason: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Run<'a> {
    scenario: &'a str,
    backend: String,
    bus: &'static str,
    ring: &'static str,
    outcome: &'static str,
    end: String,
    troubles: &'a [String],
    negotiated: Vec<String>,
    /// `None` for a run that was judged from a trace.
    ms: Option<f64>,
    exits: Option<u64>,
    doorbells: u64,
    interrupts: u64,
    requests: u64,
    /// Events of the run, and those that the page has.
    events: usize,
    events_kept: usize,
    log_end: String,
    /// Place of the requirement, how often it was kept, how often broken.
    verdicts: Vec<(usize, u64, u64)>,
    findings: Vec<Finding<'a>>,
}

#[derive(Debug, Serialize)]
struct Finding<'a> {
    /// Place of the requirement.
    requirement: usize,
    id: &'static str,
    seq: u64,
    count: u64,
    expected: &'a str,
    seen: &'a str,
    context: Vec<Context<'a>>,
}

#[derive(Debug, Serialize)]
struct Context<'a> {
    seq: u64,
    time_ns: u64,
    text: &'a str,
    times: u64,
    proof: bool,
}

impl<'a> Facts<'a> {
    /// The facts of `report`, of whose runs the page has so many events.
    pub(super) fn of(report: &'a Report, kept: &[Kept]) -> Self {
        let places: BTreeMap<RequirementId, usize> =
            RequirementId::all().enumerate().map(|(place, id)| (id, place)).collect();
        let kept = kept.iter().copied().chain(std::iter::repeat(Kept::default()));
        let version = report.subject.version.as_ref().map_or_else(String::new, |version| format!(" {version}"));
        Self {
            subject: format!("{}{version}", report.subject.name),
            conforms: report.conforms(),
            about: about(report),
            requirements: requirements(report),
            runs: report.runs.iter().zip(kept).map(|(record, kept)| run(record, kept, &places)).collect(),
        }
    }
}

fn about(report: &Report) -> Vec<(&'static str, String)> {
    let subject = &report.subject;
    let host = &report.host;
    let mut about = vec![("subject", subject.name.clone())];
    about.extend(subject.version.clone().map(|version| ("version", version)));
    if let Some(kernel) = &subject.kernel {
        about.push(("kernel", kernel.path.display().to_string()));
        about.push(("SHA-256", kernel.sha256.clone()));
    }
    let ground = match host.kind {
        HostKind::Kvm { api_version, ring0 } => {
            let ring0 = match ring0 {
                Ring0::Hardware => "on the CPU",
                Ring0::Emulated => "emulated",
                Ring0::Unknown => "not measured",
            };
            format!("KVM, interface {api_version}, ring 0 {ring0}")
        }
        HostKind::Loopback => "loopback: driver and devices in one process".to_owned(),
        HostKind::VhostUser => "a VMM that is not Parakit's, served over vhost-user".to_owned(),
        HostKind::Vmm => host.vmm.clone().unwrap_or_else(|| "another VMM".to_owned()),
        HostKind::Trace => "a recorded trace, judged again".to_owned(),
    };
    about.push(("ran on", ground));
    let cpus = if host.cpus == 1 { "1 CPU".to_owned() } else { format!("{} CPUs", host.cpus) };
    about.push(("host", format!("Linux {}, {cpus}", host.kernel)));
    about.push(("harness", format!("Parakit {}", host.harness)));
    about.push(("seed", report.seed.to_string()));
    if !report.elapsed.is_zero() {
        about.push(("took", format!("{:.1} s", report.elapsed.as_secs_f64())));
    }
    about
}

fn requirements(report: &Report) -> Vec<Requirement> {
    let of = |(id, verdict): (RequirementId, Verdict)| {
        let row = id.get();
        let (passed, violated, unjudged) = match verdict {
            Verdict::Pass { count } => (count, 0, None),
            Verdict::Violated { count, passed } => (passed, count, None),
            Verdict::NotExercised => (0, 0, None),
            Verdict::NotObservable { why, reason } => (0, 0, Some((why, reason))),
        };
        Requirement {
            id: row.id,
            area: row.area,
            side: match row.side {
                Side::Driver => "driver",
                Side::Device => "device",
                Side::Both => "both",
            },
            strength: row.strength.name(),
            section: row.section,
            text: row.text,
            observability: match row.observability {
                Observability::Direct => "directly",
                Observability::Provoked => "when it is provoked",
                Observability::Partial => "in part",
                Observability::None => "no",
                Observability::Permission => "nothing to see, a permission",
                Observability::Unclassified => "not classified",
            },
            in_scope: row.kit_scope,
            verdict: verdict.name(),
            passed,
            violated,
            unjudged: unjudged.map(|(why, _)| why.name()),
            reason: unjudged.map(|(_, reason)| reason),
        }
    };
    report.ledger().into_iter().map(of).collect()
}

fn run<'a>(record: &'a RunRecord, kept: Kept, places: &BTreeMap<RequirementId, usize>) -> Run<'a> {
    let lines: Vec<&str> =
        if record.end.passed() && record.troubles.is_empty() { Vec::new() } else { record.log.lines().collect() };
    let place = |id: RequirementId| places.get(&id).copied().unwrap_or_default();
    let findings = record.violations().flat_map(|(id, entry)| {
        entry.evidence.iter().map(move |violation| Finding {
            requirement: place(id),
            id: id.get().id,
            seq: violation.seq,
            count: violation.count,
            expected: &violation.expected,
            seen: &violation.seen,
            context: violation.context.iter().map(context).collect(),
        })
    });
    Run {
        scenario: &record.scenario,
        backend: record.backend.to_string(),
        bus: record.bus.name(),
        ring: record.negotiated.first().map_or("-", Negotiated::ring),
        outcome: record.outcome().name(),
        end: record.end.to_string(),
        troubles: &record.troubles,
        negotiated: record.negotiated.iter().map(Negotiated::to_string).collect(),
        ms: (!record.elapsed.is_zero()).then(|| (record.elapsed.as_secs_f64() * 1e4).round() / 10.0),
        exits: record.exits.map(|exits| exits.total()),
        doorbells: record.traffic.doorbells,
        interrupts: record.traffic.interrupts,
        requests: record.traffic.requests,
        events: kept.of,
        events_kept: kept.events,
        log_end: lines[lines.len().saturating_sub(LOG_LINES)..].join("\n"),
        verdicts: record.verdicts.entries.iter().map(|(id, e)| (place(*id), e.passed, e.violated)).collect(),
        findings: findings.collect(),
    }
}

fn context(event: &ContextEvent) -> Context<'_> {
    Context { seq: event.seq, time_ns: event.time_ns, text: &event.text, times: event.times, proof: event.proof }
}
