//! A scenario on KVM.

use std::sync::Arc;
use std::time::Duration;

use super::session::{Raw, Session, SessionError};
use super::{Backend, Bus, Mechanism, Pci, RunRecord, Scenario, devices::Built, hooks::SessionHooks};
use parakit_abi::mailbox::bus;

use crate::judge::Verdicts;
use crate::observe::{EventKind, EventLog, Traffic};
use crate::transport::device::{DeviceOptions, TransportOptions, VirtioDevice, Worker};
use crate::transport::pci::PciOptions;
use crate::vmm::{Boot, Kernel, KvmHost, Machine, MachineConfig, MailboxInit, placement};

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
            bus: match scenario.bus {
                Bus::Mmio | Bus::MmioLegacy => bus::TABLE,
                Bus::Pci(Pci { mechanism: Mechanism::Ecam, .. }) => bus::PCI,
                Bus::Pci(Pci { mechanism: Mechanism::Ports, .. }) => bus::PCI_PORTS,
            },
            devices: built.iter().map(|b| b.model.device_type().0).collect(),
        },
        deadline: scenario.deadline * scale,
    };
    let mut machine = Machine::new(host, config)?;
    let manner = Manner { assigned: true, quiet: DeviceOptions::QUIET };
    let Attached { devices, workers } = attach(&mut machine, scenario.bus, built, events, manner)?;
    let mut hooks = SessionHooks::new(session, &devices, events);
    events.start_clock();
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
        bus: scenario.bus.transport(),
        end: report.end,
        troubles: Vec::new(),
        elapsed: report.elapsed,
        exits: Some(report.exits),
        boot: report.boot_to_first_queue,
        traffic: Traffic::default(),
        negotiated: Vec::new(),
        records: report.records,
        console: Vec::new(),
        log: report.log,
        verdicts: Verdicts::default(),
        events: Vec::new(),
    };
    Ok(Raw { record, events: events.take() })
}

/// The devices of a machine, at work.
pub(super) struct Attached {
    pub(super) devices: Vec<VirtioDevice>,
    /// End when they are dropped.
    pub(super) workers: Vec<Worker>,
}

/// How devices go about with their guest.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// The guest was told to drive them.
    pub(super) assigned: bool,
    /// The patience that they have with a driver that does not notify them.
    pub(super) quiet: Duration,
}

/// Puts the devices into their places and sets them to work.
pub(super) fn attach(
    machine: &mut Machine,
    bus: Bus,
    built: Vec<Built>,
    events: &EventLog,
    manner: Manner,
) -> Result<Attached, SessionError> {
    let (mut devices, mut workers) = (Vec::new(), Vec::new());
    for (i, parts) in built.into_iter().enumerate() {
        let transport = transport(bus, machine, i).ok_or_else(|| missing(i))?;
        let memory = machine.memory().clone();
        let device = VirtioDevice::new(DeviceOptions {
            oddities: parts.oddities,
            features: parts.features,
            withheld: parts.withheld,
            doorbells: Some(machine.doorbells()),
            assigned: manner.assigned,
            quiet: manner.quiet,
            ..DeviceOptions::over(transport, i as u16, parts.name, parts.model, memory, events.clone())
        })
        .map_err(SessionError::Resources)?;
        let attached = match bus {
            Bus::Mmio | Bus::MmioLegacy => machine.attach(i, Arc::new(device.clone())),
            Bus::Pci(_) => machine.attach_pci(Arc::new(device.clone())).is_ok(),
        };
        if !attached {
            return Err(missing(i));
        }
        let worker = device.start().map_err(SessionError::Resources)?;
        machine.depend_on(&worker);
        workers.push(worker);
        devices.push(device);
    }
    Ok(Attached { devices, workers })
}

/// How device `i` of a machine is reached, and how it interrupts.
fn transport(bus: Bus, machine: &Machine, i: usize) -> Option<TransportOptions> {
    Some(match bus {
        Bus::Mmio => TransportOptions::Mmio { base: placement(i, 0).base, interrupt: machine.interrupt_line(i)? },
        Bus::MmioLegacy => {
            TransportOptions::MmioLegacy { base: placement(i, 0).base, interrupt: machine.interrupt_line(i)? }
        }
        Bus::Pci(pci) => TransportOptions::Pci(PciOptions {
            vectors: pci.vectors,
            interrupt_line: machine.interrupt_pin(i),
            ..PciOptions::new(machine.messages(), machine.intx(i))
        }),
    })
}

/// The machine was made for as many devices as the scenario has, so this does not come about.
fn missing(i: usize) -> SessionError {
    SessionError::Resources(std::io::Error::other(format!("the machine has no place for device {i}")))
}
