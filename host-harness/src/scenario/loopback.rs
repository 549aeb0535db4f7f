//! A scenario in loopback.

use std::io;

use super::session::{Raw, Session, SessionError};
use super::{Backend, RunRecord, Scenario, devices::Built, hooks::SessionHooks};
use crate::judge::Verdicts;
use crate::loopback::{Loopback, LoopbackConfig, Scheduler};
use crate::observe::{EventKind, EventLog, Traffic};
use crate::transport::device::{DeviceOptions, VirtioDevice};

/// Runs the workload with the scenario's devices in this process; devices move as the scheduler has it.
pub(super) fn run(
    session: &Session,
    scheduler: Scheduler,
    scenario: &Scenario,
    built: Vec<Built>,
    events: &EventLog,
) -> Result<Raw, SessionError> {
    let mut loopback = Loopback::new(LoopbackConfig {
        params: scenario.params,
        seed: session.seed,
        scheduler,
        deadline: scenario.deadline,
        cpus: scenario.cpus.into(),
        ..LoopbackConfig::new(scenario.workload)
    })
    .map_err(SessionError::Resources)?;
    let mut devices = Vec::new();
    for (i, parts) in built.into_iter().enumerate() {
        let transport = loopback.transport(scenario.bus);
        let memory = loopback.memory().clone();
        let device = VirtioDevice::new(DeviceOptions {
            oddities: parts.oddities,
            features: parts.features,
            assigned: true,
            ..DeviceOptions::over(transport, i as u16, parts.name, parts.model, memory, events.clone())
        })
        .map_err(SessionError::Resources)?;
        loopback.attach(device.clone()).map_err(|full| SessionError::Resources(io::Error::other(full)))?;
        devices.push(device);
    }
    let mut hooks = SessionHooks::new(session, &devices, events);
    events.start_clock();
    let report = loopback.run(&mut hooks).map_err(SessionError::Resources)?;
    // What a driver still owed counts only if the workload came to its end by itself.
    let reason = if report.end.passed() { EventKind::FINISHED } else { report.end.summary() };
    super::session::note_findings(scenario, events, &report.records, &report.evidence);
    devices.iter().for_each(|device| device.end(reason));
    let record = RunRecord {
        scenario: scenario.name.clone(),
        hostile: scenario.is_hostile(),
        backend: Backend::Loopback,
        bus: scenario.bus.transport(),
        end: report.end,
        troubles: Vec::new(),
        elapsed: report.elapsed,
        exits: None,
        boot: report.start_to_first_queue,
        traffic: Traffic::default(),
        negotiated: Vec::new(),
        records: report.records,
        console: Vec::new(),
        log: String::new(),
        verdicts: Verdicts::default(),
        events: Vec::new(),
    };
    Ok(Raw { record, events: events.take() })
}
