//! A scenario on KVM.

use std::sync::Arc;

use super::session::{Raw, Session, SessionError};
use super::{Backend, RunRecord, Scenario, devices::Built, hooks::SessionHooks};
use parakit_abi::mailbox::bus;

use crate::judge::Verdicts;
use crate::observe::{EventKind, EventLog};
use crate::transport::device::{DeviceOptions, VirtioDevice};
use crate::vmm::{Boot, Kernel, KvmHost, Machine, MachineConfig, MailboxInit};

/// Bytes of a guest's memory.
const MEMORY: u64 = 64 << 20;

/// Boots the kernel with the scenario's devices and runs it to its end.
pub(super) fn run(
    session: &Session,
    host: &KvmHost,
    kernel: &Kernel,
    scenario: &Scenario,
    built: Vec<Built>,
    events: &EventLog,
) -> Result<Raw, SessionError> {
    // What runs in ring 0 is slower by far where ring 0 is emulated.
    let scale = if scenario.boot == Boot::Pvh { host.deadline_scale() } else { 1 };
    let config = MachineConfig {
        memory_bytes: MEMORY,
        cpus: scenario.cpus.into(),
        kernel: kernel.clone(),
        boot: scenario.boot,
        mailbox: MailboxInit {
            scenario: scenario.workload.to_owned(),
            params: scenario.params,
            seed: session.seed,
            bus: bus::TABLE,
            devices: built.iter().map(|b| b.model.device_type().0).collect(),
        },
        deadline: scenario.deadline * scale,
    };
    let mut machine = Machine::new(host, config)?;
    let mut devices = Vec::new();
    let mut workers = Vec::new();
    for (i, parts) in built.into_iter().enumerate() {
        let line = machine.interrupt_line(i).ok_or_else(|| missing(i))?;
        let device = VirtioDevice::new(DeviceOptions {
            oddities: parts.oddities,
            features: parts.features,
            doorbells: Some(machine.doorbells()),
            ..DeviceOptions::new(i as u16, parts.name, parts.model, machine.memory().clone(), events.clone(), line)
        })
        .map_err(SessionError::Resources)?;
        if !machine.attach(i, Arc::new(device.clone())) {
            return Err(missing(i));
        }
        workers.push(device.start().map_err(SessionError::Resources)?);
        devices.push(device);
    }
    let mut hooks = SessionHooks::new(session, &devices, events);
    let report = machine.run(&mut hooks);
    // What a driver still owed counts only if the guest came to its end by itself.
    let reason = if report.end.passed() { EventKind::FINISHED } else { report.end.summary() };
    super::session::note_findings(scenario, events, &report.records, &report.evidence);
    devices.iter().for_each(|device| device.end(reason));
    drop(workers);
    let record = RunRecord {
        scenario: scenario.name.clone(),
        hostile: scenario.is_hostile(),
        backend: Backend::Kvm,
        end: report.end,
        troubles: Vec::new(),
        elapsed: report.elapsed,
        exits: Some(report.exits),
        boot: report.boot_to_first_queue,
        negotiated: Vec::new(),
        records: report.records,
        console: Vec::new(),
        log: report.log,
        verdicts: Verdicts::default(),
        events: Vec::new(),
    };
    Ok(Raw { record, events: events.take() })
}

/// The machine was made for as many devices as the scenario has, so this does not come about.
fn missing(i: usize) -> SessionError {
    SessionError::Resources(std::io::Error::other(format!("the machine has no place for device {i}")))
}
