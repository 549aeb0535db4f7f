//! A scenario under another VMM.

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::requirement::Side;
use sha2::{Digest as _, Sha256};

use super::devices::contents;
use super::session::{Seen, Session, SessionError, broken, note_findings};
use super::{Backend, DeviceKind, DeviceSpec, RunRecord, Scenario};
use crate::judge::judge;
use crate::observe::event::DeviceInfo;
use crate::observe::negotiated::Negotiated;
use crate::observe::{EventKind, EventLog, LogOptions, Traffic};
use crate::other_vmm::{self, GuestImage, OtherVmm, Places, Ran};

/// Runs the scenario, and judges the device by what the guest's probe says of it.
pub(super) fn run(
    session: &Session,
    vmm: &OtherVmm,
    guest: &GuestImage,
    scenario: &Scenario,
) -> Result<RunRecord, SessionError> {
    let places = Places::new()?;
    let disk = scenario.devices.iter().find_map(|device| match &device.kind {
        DeviceKind::Block(block) => Some(contents(session.seed, block.medium.sectors())),
        _ => None,
    });
    if let Some(disk) = &disk {
        places.write_disk(disk)?;
    }
    let Ran { end, elapsed, said, console } =
        other_vmm::run(vmm, guest, scenario, session.seed, &places, &session.cancelled, session.log)?;
    let events = EventLog::new(LogOptions::default());
    events.emit(0, EventKind::Device(device_info(scenario)));
    note_findings(scenario, &events, &said.records, &said.evidence);
    let events = events.take();
    let mut verdicts = judge(&events).verdicts;
    // Nothing was seen of the driver, and a rule is not kept because nobody looked.
    verdicts.keep(Side::Device);
    let mut record = RunRecord {
        scenario: scenario.name.clone(),
        hostile: false,
        backend: Backend::Vmm,
        bus: scenario.bus.transport(),
        end,
        troubles: Vec::new(),
        elapsed,
        exits: None,
        boot: None,
        traffic: Traffic::default(),
        negotiated: said.agreed.iter().filter_map(|&(kind, features)| agreed(scenario, kind, features)).collect(),
        records: said.records,
        console,
        log: said.log,
        verdicts,
        events: Vec::new(),
    };
    // Nobody counted but the guest.
    let number = |name| record.number(name).unwrap_or(0);
    record.traffic =
        Traffic { requests: number("requests"), doorbells: number("doorbells"), interrupts: number("interrupts") };
    if record.end.passed() {
        let before = disk.as_ref().map(|bytes| Sha256::digest(bytes).into());
        let seen = Seen { events: &events, before, screen: None };
        let troubles: Vec<_> = scenario.checks.iter().filter_map(|check| broken(*check, &record, &seen)).collect();
        record.troubles.extend(troubles);
        if let Some(disk) = disk {
            record.troubles.extend(changed(session, scenario, disk, &places.read_disk()?));
        }
    }
    if session.keep_events {
        record.events = events;
    }
    Ok(record)
}

/// What is on the disk after a workload whose writes are known, compared with what should be; `before` was there.
fn changed(session: &Session, scenario: &Scenario, before: Vec<u8>, after: &[u8]) -> Option<String> {
    let mut expected = before;
    match scenario.workload {
        "blk-read" | "blk-readonly" | "blk-timeout-reset" | "blk-qd32" | "many-inits" => {}
        "blk-rw" => parakit_exercise::written(session.seed, &scenario.params, &mut expected),
        _ => return None,
    }
    if expected == after {
        return None;
    }
    let wrong = expected.chunks(512).zip(after.chunks(512)).position(|(a, b)| a != b);
    Some(match wrong {
        Some(sector) => format!("sector {sector} of the disk's file does not hold what it should after the run"),
        None => format!("the disk's file has {} bytes after the run, and had {}", after.len(), expected.len()),
    })
}

/// The first device, as far as anything is known of it: what the probe looks at.
fn device_info(scenario: &Scenario) -> DeviceInfo {
    let device = scenario.devices.first();
    let device_type = device.map_or(DeviceType::INVALID, |device| device.kind.device_type());
    DeviceInfo {
        name: device.map_or_else(String::new, |device| device.name.clone()),
        device_type: device_type.0,
        transport: scenario.bus.transport(),
        offered: [0; 2],
        queue_max: Vec::new(),
        config: Vec::new(),
        identity: [0, 0, device_type.0],
        pci: None,
        assigned: false,
    }
}

/// What the guest says that it agreed on with the device of a type.
fn agreed(scenario: &Scenario, device_type: u32, features: Features) -> Option<Negotiated> {
    let is_it = |device: &&DeviceSpec| device.kind.device_type().0 == device_type;
    let device = scenario.devices.iter().find(is_it)?;
    Some(Negotiated {
        device: device.name.clone(),
        device_type: device.kind.device_type(),
        transport: scenario.bus.transport(),
        features,
        never_notified: false,
        waited_in_vain: 0,
    })
}
