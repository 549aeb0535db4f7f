//! The report as JSON, for programs. `docs/report.schema.json` is its schema, `docs/report.md` says what it means.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use parakit_abi::requirement::{RequirementId, Side};
use serde::Serialize;

use super::model::{HostKind, Report, Ring0};
use super::violations::{Broken, Finding, broken};
use crate::judge::{ContextEvent, Verdict};
use crate::observe::negotiated::Negotiated;
use crate::scenario::{Backend, Outcome, RunRecord};
use crate::vmm::ExitCounts;

/// Version of the format. It is raised when something that was there means something else or is gone; what is new is added without.
pub const JSON_VERSION: u32 = 1;

impl Report {
    /// Writes the report as JSON, with a line feed at its end. What is in it: `docs/report.md`.
    ///
    /// # Errors
    /// `out` takes no more.
    pub fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, &Document::of(self))?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    host: Host<'a>,
    subject: Subject<'a>,
    /// A 64-bit number does not survive every reader of JSON, so it is text.
    seed: String,
    conforms: bool,
    milliseconds: f64,
    summary: Summary,
    runs: Vec<Run<'a>>,
    skipped: Vec<Skipped<'a>>,
    requirements: Vec<Requirement<'a>>,
}

#[derive(Serialize)]
struct Host<'a> {
    kind: &'static str,
    kvm_api_version: Option<u32>,
    ring0: Option<&'static str>,
    vmm: Option<&'a str>,
    cpus: usize,
    kernel_release: &'a str,
    harness_version: &'a str,
}

#[derive(Serialize)]
struct Subject<'a> {
    name: &'a str,
    version: Option<&'a str>,
    kernel: Option<KernelFile<'a>>,
}

#[derive(Serialize)]
struct KernelFile<'a> {
    path: String,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Summary {
    runs: Outcomes,
    requirements: Verdicts,
}

#[derive(Default, Serialize)]
struct Outcomes {
    passed: usize,
    failed: usize,
    violated: usize,
    cancelled: usize,
}

#[derive(Default, Serialize)]
struct Verdicts {
    pass: usize,
    violated: usize,
    not_exercised: usize,
    not_observable: usize,
}

#[derive(Serialize)]
struct Skipped<'a> {
    scenario: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Run<'a> {
    scenario: &'a str,
    backend: &'static str,
    transport: &'static str,
    ring: Option<&'static str>,
    breaks_rules_on_purpose: bool,
    outcome: &'static str,
    end: End,
    troubles: &'a [String],
    milliseconds: Option<f64>,
    boot_milliseconds: Option<f64>,
    exits: Option<Exits>,
    doorbells: u64,
    interrupts: u64,
    requests: u64,
    devices: Vec<Device<'a>>,
    violated: Vec<&'static str>,
    passed: Vec<&'static str>,
}

#[derive(Serialize)]
struct End {
    kind: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Exits {
    total: u64,
    mmio_read: u64,
    mmio_write: u64,
    unclaimed: u64,
    io: u64,
    signal: u64,
    debug: u64,
    hlt: u64,
    interrupted: u64,
    other: u64,
}

#[derive(Serialize)]
struct Device<'a> {
    name: &'a str,
    transport: &'static str,
    ring: &'static str,
    features: Vec<String>,
    never_notified: bool,
    waited_in_vain: u64,
}

#[derive(Serialize)]
struct Requirement<'a> {
    id: &'static str,
    area: &'static str,
    side: &'static str,
    strength: &'static str,
    section: &'static str,
    text: &'static str,
    verdict: &'static str,
    kept: u64,
    broken: u64,
    unjudged: Option<&'static str>,
    reason: Option<&'static str>,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
struct Evidence<'a> {
    scenario: &'a str,
    device: u16,
    event: u64,
    expected: &'a str,
    seen: &'a str,
    count: u64,
    scenarios: u64,
    context: Vec<Context<'a>>,
}

#[derive(Serialize)]
struct Context<'a> {
    event: u64,
    nanoseconds: u64,
    text: &'a str,
    times: u64,
    proof: bool,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let requirements = requirements(report);
        Self {
            format: "parakit-report",
            version: JSON_VERSION,
            host: Host::of(report),
            subject: Subject {
                name: &report.subject.name,
                version: report.subject.version.as_deref(),
                kernel: report
                    .subject
                    .kernel
                    .as_ref()
                    .map(|file| KernelFile { path: file.path.display().to_string(), sha256: &file.sha256 }),
            },
            seed: report.seed.to_string(),
            conforms: report.conforms(),
            milliseconds: milliseconds(report.elapsed),
            summary: Summary { runs: outcomes(&report.runs), requirements: verdicts(&requirements) },
            runs: report.runs.iter().map(Run::of).collect(),
            skipped: report.skipped.iter().map(|s| Skipped { scenario: &s.scenario, reason: &s.why }).collect(),
            requirements,
        }
    }
}

impl<'a> Host<'a> {
    fn of(report: &'a Report) -> Self {
        let host = &report.host;
        let (kind, kvm_api_version, ring0) = match host.kind {
            HostKind::Kvm { api_version, ring0 } => ("kvm", Some(api_version), Some(ring0_name(ring0))),
            HostKind::Loopback => ("loopback", None, None),
            HostKind::Vmm => ("vmm", None, None),
            HostKind::Trace => ("trace", None, None),
            HostKind::VhostUser => ("vhost-user", None, None),
        };
        Self {
            kind,
            kvm_api_version,
            ring0,
            vmm: host.vmm.as_deref(),
            cpus: host.cpus,
            kernel_release: &host.kernel,
            harness_version: &host.harness,
        }
    }
}

impl<'a> Run<'a> {
    fn of(run: &'a RunRecord) -> Self {
        Self {
            scenario: &run.scenario,
            backend: match run.backend {
                Backend::Kvm => "kvm",
                Backend::Loopback => "loopback",
                Backend::VhostUser => "vhost-user",
                Backend::Vmm => "vmm",
            },
            transport: run.bus.name(),
            ring: run.negotiated.first().map(Negotiated::ring),
            breaks_rules_on_purpose: run.hostile,
            outcome: run.outcome().name(),
            end: End { kind: run.end.summary(), text: run.end.to_string() },
            troubles: &run.troubles,
            // A run that was judged from a trace took no time.
            milliseconds: Some(run.elapsed).filter(|time| !time.is_zero()).map(milliseconds),
            boot_milliseconds: run.boot.map(milliseconds),
            exits: run.exits.map(Exits::of),
            doorbells: run.traffic.doorbells,
            interrupts: run.traffic.interrupts,
            requests: run.traffic.requests,
            devices: run.negotiated.iter().map(Device::of).collect(),
            violated: run.violations().map(|(id, _)| id.get().id).collect(),
            passed: run.passed().map(|id| id.get().id).collect(),
        }
    }
}

impl Exits {
    fn of(exits: ExitCounts) -> Self {
        let ExitCounts { mmio_read, mmio_write, unclaimed, io, signal, debug, hlt, interrupted, other } = exits;
        let total = exits.total();
        Self { total, mmio_read, mmio_write, unclaimed, io, signal, debug, hlt, interrupted, other }
    }
}

impl<'a> Device<'a> {
    fn of(agreed: &'a Negotiated) -> Self {
        Self {
            name: &agreed.device,
            transport: agreed.transport.name(),
            ring: agreed.ring(),
            features: agreed.feature_names(),
            never_notified: agreed.never_notified,
            waited_in_vain: agreed.waited_in_vain,
        }
    }
}

/// Every requirement of the catalogue.
fn requirements(report: &Report) -> Vec<Requirement<'_>> {
    let broken: BTreeMap<RequirementId, Broken<'_>> = broken(&report.runs).into_iter().map(|b| (b.id, b)).collect();
    let of = |(id, verdict)| {
        let row = RequirementId::get(id);
        let (kept, times_broken, unjudged) = match verdict {
            Verdict::Pass { count } => (count, 0, None),
            Verdict::Violated { count, passed } => (passed, count, None),
            Verdict::NotExercised => (0, 0, None),
            Verdict::NotObservable { why, reason } => (0, 0, Some((why, reason))),
        };
        let findings = broken.get(&id).map(|broken| broken.findings.as_slice()).unwrap_or_default();
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
            verdict: match verdict {
                Verdict::Pass { .. } => "pass",
                Verdict::Violated { .. } => "violated",
                Verdict::NotExercised => "not_exercised",
                Verdict::NotObservable { .. } => "not_observable",
            },
            kept,
            broken: times_broken,
            unjudged: unjudged.map(|(why, _)| why.name()),
            reason: unjudged.map(|(_, reason)| reason),
            evidence: findings.iter().map(Evidence::of).collect(),
        }
    };
    report.ledger().into_iter().map(of).collect()
}

impl<'a> Evidence<'a> {
    fn of(finding: &Finding<'a>) -> Self {
        let first = finding.first;
        Self {
            scenario: finding.scenario,
            device: first.device,
            event: first.seq,
            expected: &first.expected,
            seen: &first.seen,
            count: finding.count,
            scenarios: finding.scenarios,
            context: first.context.iter().map(Context::of).collect(),
        }
    }
}

impl<'a> Context<'a> {
    fn of(line: &'a ContextEvent) -> Self {
        Self { event: line.seq, nanoseconds: line.time_ns, text: &line.text, times: line.times, proof: line.proof }
    }
}

const fn ring0_name(ring0: Ring0) -> &'static str {
    match ring0 {
        Ring0::Hardware => "hardware",
        Ring0::Emulated => "emulated",
        Ring0::Unknown => "unknown",
    }
}

fn outcomes(runs: &[RunRecord]) -> Outcomes {
    let mut counts = Outcomes::default();
    for run in runs {
        *match run.outcome() {
            Outcome::Passed => &mut counts.passed,
            Outcome::Failed => &mut counts.failed,
            Outcome::Violated => &mut counts.violated,
            Outcome::Cancelled => &mut counts.cancelled,
        } += 1;
    }
    counts
}

fn verdicts(requirements: &[Requirement<'_>]) -> Verdicts {
    let count = |verdict| requirements.iter().filter(|r| r.verdict == verdict).count();
    Verdicts {
        pass: count("pass"),
        violated: count("violated"),
        not_exercised: count("not_exercised"),
        not_observable: count("not_observable"),
    }
}

/// Rounded to microseconds.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
