//! `replay`: a recorded trace is judged again, and reported like a run.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use parakit_abi::requirement::Side;
use parakit_harness::observe::event::TransportKind;
use parakit_harness::observe::replay::{Replayed, replay as judge_again};
use parakit_harness::report;
use parakit_harness::scenario::{self, Backend, Bus, Outcome, Pci, RunRecord, Scenario};
use parakit_harness::vmm::End;

use super::output::put;
use super::run::checked;

/// Judges the trace. How the guests ended is not in it, so only violations count.
pub(crate) fn replay(file: &Path) -> anyhow::Result<ExitCode> {
    let runs: Vec<RunRecord> = judge_again(file)?.into_iter().map(record).collect();
    put(report::table(&runs, &checked()))?;
    put(report::failures(&runs))?;
    put(report::violations(&runs))?;
    let bad = runs.iter().any(|r| r.outcome() != Outcome::Passed);
    Ok(ExitCode::from(u8::from(bad)))
}

fn record(replayed: Replayed) -> RunRecord {
    let Replayed { run, judgement, transport, traffic, negotiated, .. } = replayed;
    let known = scenario::full().into_iter().chain(scenario::on_request()).find(|s| s.name == run.scenario);
    let mut troubles = Vec::new();
    if judgement.dropped > 0 {
        troubles.push(scenario::dropped(judgement.dropped));
    }
    let mut verdicts = judgement.verdicts;
    if known.as_ref().is_some_and(Scenario::is_probe) {
        verdicts.keep(Side::Device);
    }
    RunRecord {
        scenario: run.scenario,
        hostile: known.as_ref().is_some_and(Scenario::is_hostile),
        backend: if run.backend == "loopback" { Backend::Loopback } else { Backend::Kvm },
        bus: known.as_ref().map_or_else(|| bus(transport), |s| s.bus),
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

/// The bus of a run whose scenario is not known: what its first device was reached by.
fn bus(transport: Option<TransportKind>) -> Bus {
    match transport {
        Some(TransportKind::Pci) => Bus::Pci(Pci::PLAIN),
        Some(TransportKind::MmioLegacy) => Bus::MmioLegacy,
        Some(TransportKind::Mmio) | None => Bus::Mmio,
    }
}
