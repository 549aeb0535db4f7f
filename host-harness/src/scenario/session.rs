//! Runs scenarios, one after the other, on one backend.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parakit_abi::boot::ON_MMIO_ONLY;
use parakit_abi::mailbox::Record;

use super::devices::DeviceError;
use super::foreign::ForeignError;
use super::vmm as under;
use super::{Backend, Bus, Check, DeviceKind, Image, Place, RunRecord, Scenario, devices, kvm, loopback};
use crate::device::Screen;
use crate::judge::probe::findings;
use crate::loopback::Scheduler;
use crate::observe::accesses::LiveAccesses;
use crate::observe::{Event, EventKind, EventLog, LogOptions};
use crate::other_vmm::{GuestImage, OtherVmm, VmmError};
use crate::vmm::{Evidence, Kernel, KvmHost, StartError};

/// What scenarios run on.
pub enum Ground {
    /// A guest on KVM.
    Kvm {
        /// KVM, opened.
        host: KvmHost,
        /// The guest kernel.
        kernel: Kernel,
    },
    /// Driver and devices in this process.
    Loopback(Scheduler),
    /// A guest under another VMM.
    Vmm {
        /// The VMM.
        vmm: OtherVmm,
        /// The guest kernel.
        guest: GuestImage,
    },
}

/// Whether a scenario can run on some ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It can.
    Runs,
    /// It is about the machine or the kernel, and there is none in loopback.
    NeedsKvm,
    /// The subject has no such workload.
    NoWorkload,
}

/// How scenarios are run.
pub struct Session {
    /// What they run on.
    pub ground: Ground,
    /// A disk image in place of the scenarios' own disks.
    pub image: Option<Image>,
    /// Seed of every random choice.
    pub seed: u64,
    /// Whether run records keep the events.
    pub keep_events: bool,
    /// Set from outside to end the run.
    pub cancelled: Arc<AtomicBool>,
    /// Takes the guest's log as it comes.
    pub log: fn(&str),
    /// Gives what was typed since it was last asked, without waiting. The first console then prints on standard output.
    pub input: Option<fn() -> Vec<u8>>,
}

/// A scenario could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The machine.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A device.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Another VMM.
    #[error(transparent)]
    Vmm(#[from] VmmError),
    /// A foreign run that makes no sense.
    #[error(transparent)]
    Foreign(#[from] ForeignError),
    /// The operating system's limits.
    #[error("the harness could not start a device ({0}); raise the limits on threads and open files")]
    Resources(std::io::Error),
    /// The image changed in a way that makes the run meaningless.
    #[error("{0}")]
    Image(String),
}

/// Whether the workload that a kernel names so is the scenario's.
fn serves(name: &str, scenario: &Scenario) -> bool {
    match name.strip_suffix(ON_MMIO_ONLY) {
        Some(name) => name == scenario.workload && scenario.bus == Bus::Mmio,
        None => name == scenario.workload,
    }
}

/// What a backend reports, before the judge and the checks.
pub(super) struct Raw {
    pub(super) record: RunRecord,
    pub(super) events: Vec<Event>,
}

impl Session {
    /// Which backend this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self.ground {
            Ground::Kvm { .. } => Backend::Kvm,
            Ground::Loopback(_) => Backend::Loopback,
            Ground::Vmm { .. } => Backend::Vmm,
        }
    }

    /// Whether the scenario can run here, or why not.
    #[must_use]
    pub fn fit(&self, scenario: &Scenario) -> Fit {
        match &self.ground {
            Ground::Kvm { kernel, .. } => match kernel.workloads() {
                Some(names) if !names.iter().any(|name| serves(name, scenario)) => Fit::NoWorkload,
                _ => Fit::Runs,
            },
            Ground::Loopback(_) if scenario.place == Place::Kvm => Fit::NeedsKvm,
            Ground::Loopback(_) if !parakit_exercise::NAMES.contains(&scenario.workload) => Fit::NoWorkload,
            Ground::Loopback(_) => Fit::Runs,
            Ground::Vmm { guest, .. } if !guest.workloads().iter().any(|name| serves(name, scenario)) => {
                Fit::NoWorkload
            }
            Ground::Vmm { .. } => Fit::Runs,
        }
    }

    /// Whether the scenario can run here.
    #[must_use]
    pub fn can_run(&self, scenario: &Scenario) -> bool {
        self.fit(scenario) == Fit::Runs
    }

    /// What drives the devices, by name and version.
    #[must_use]
    pub fn subject(&self) -> &str {
        match &self.ground {
            Ground::Kvm { kernel, .. } => kernel.subject().unwrap_or_else(|| kernel.name()),
            Ground::Vmm { guest, .. } => guest.subject().unwrap_or("a kernel without a name"),
            Ground::Loopback(_) => concat!("parakit ", env!("CARGO_PKG_VERSION")),
        }
    }

    /// Whether the kit of this tree drives the devices: what is said of its outcomes holds for no other driver.
    fn is_kit(&self) -> bool {
        self.subject().split(' ').next() == Some("parakit")
    }

    /// Whether the user wants to end the run.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Runs a scenario and judges it.
    ///
    /// # Errors
    /// It could not run: one sentence with what to do. A guest that fails is no error.
    pub fn run(&self, scenario: &Scenario) -> Result<RunRecord, SessionError> {
        match &self.ground {
            Ground::Kvm { host, kernel } => {
                self.run_on_ours(scenario, |built, events| kvm::run(self, host, kernel, scenario, built, events))
            }
            Ground::Loopback(scheduler) => {
                self.run_on_ours(scenario, |built, events| loopback::run(self, *scheduler, scenario, built, events))
            }
            Ground::Vmm { vmm, guest } => under::run(self, vmm, guest, scenario),
        }
    }

    /// Makes the scenario's devices, has `run` put the driver before them, and judges what passed between the two.
    fn run_on_ours(
        &self,
        scenario: &Scenario,
        run: impl FnOnce(Vec<devices::Built>, &EventLog) -> Result<Raw, SessionError>,
    ) -> Result<RunRecord, SessionError> {
        let mut built =
            devices::build(scenario, self.image.as_ref(), self.seed, self.input.is_some(), &self.cancelled)?;
        let before = built.first().and_then(|b| b.before);
        let console = scenario.devices.iter().position(|d| matches!(d.kind, DeviceKind::Console { .. }));
        let printed = console.and_then(|i| built.get(i)).map(|b| b.output.clone());
        let troubles: Vec<_> = built.iter().map(|b| b.trouble.clone()).collect();
        let pictures: Vec<_> = built.iter_mut().filter_map(|b| b.png.take()).collect();
        let screen = built.iter().find_map(|b| b.screen.clone());
        let events = EventLog::new(LogOptions::default());
        let Raw { mut record, events } = run(built, &events)?;
        if let Some(trouble) = troubles.iter().find_map(crate::device::DiskTrouble::get) {
            return Err(SessionError::Image(trouble));
        }
        for picture in pictures {
            record.troubles.extend(picture.finish()?);
        }
        record.console = printed.map(|p| p.bytes()).unwrap_or_default();
        record.judged(&events, scenario.is_probe());
        if record.end.passed() {
            let checks = scenario.checks.iter().map(|check| match check {
                // What a driver makes of an odd device is its own affair, as long as it makes something of it, and features that it
                // does not use leave some oddities nothing to act on. What is expected here is said of the kit.
                Check::Outcome(_) | Check::Provoked if !self.is_kit() && scenario.workload == "hostile" => {
                    Check::AnyOutcome
                }
                check => *check,
            });
            let seen = Seen { events: &events, before, screen: screen.as_ref() };
            let troubles: Vec<_> = checks.filter_map(|c| broken(c, &record, &seen)).collect();
            record.troubles.extend(troubles);
        }
        if self.keep_events {
            record.events = events;
        }
        Ok(record)
    }
}

/// What a probe found becomes events of the device that it looked at, the first one. Other workloads have no say about devices.
pub(super) fn note_findings(scenario: &Scenario, events: &EventLog, records: &[Record], evidence: &[Evidence]) {
    if scenario.is_probe() {
        findings(records, evidence).into_iter().for_each(|finding| events.emit(0, finding));
    }
}

/// That the log of a run could not hold all of it, as a sentence.
#[must_use]
pub fn dropped(events: u64) -> String {
    format!("{events} events did not fit into the log; the verdicts are about the run up to there")
}

/// What checks are about, besides what the guest reported.
pub(super) struct Seen<'r> {
    pub(super) events: &'r [Event],
    /// SHA-256 of the first disk before the run.
    pub(super) before: Option<[u8; 32]>,
    /// The first GPU's.
    pub(super) screen: Option<&'r Screen>,
}

/// Why a check does not hold, if it does not.
pub(super) fn broken(check: Check, record: &RunRecord, seen: &Seen<'_>) -> Option<String> {
    match check {
        Check::Picture => {
            let shown = seen.screen.and_then(Screen::picture).map(|picture| picture.sha256());
            match (shown, record.bytes("sha256")) {
                (Some(shown), Some(drawn)) if shown == drawn => None,
                (Some(shown), Some(drawn)) => {
                    Some(format!("the guest drew a picture with SHA-256 {}, shown is {}", hex(&drawn), hex(&shown)))
                }
                (None, _) => Some("nothing is shown".to_owned()),
                (_, None) => Some("the guest reported no SHA-256 of its picture".to_owned()),
            }
        }
        Check::Sha256 => match (seen.before, record.bytes("sha256")) {
            (Some(ours), Some(theirs)) if ours == theirs => None,
            (Some(ours), Some(theirs)) => {
                Some(format!("the guest read a disk with SHA-256 {}, the host has {}", hex(&theirs), hex(&ours)))
            }
            _ => Some("the guest reported no SHA-256 of the disk".to_owned()),
        },
        Check::Provoked => {
            let acted = seen.events.iter().any(|e| matches!(e.kind, EventKind::Provoke { .. }));
            (!acted).then(|| "the oddity did not come to act".to_owned())
        }
        Check::Prints(text) => printed(record, text.as_bytes()),
        Check::Echoes(end) => {
            let bytes = record.number("bytes").unwrap_or(0);
            let expected: Vec<u8> = (0..bytes).map(|i| i as u8).chain(end.bytes()).collect();
            printed(record, &expected)
        }
        Check::ExitsPerRequest(most) => {
            let exits = record.exits?.total();
            per_request(record, exits, most, "exits to the harness")
        }
        Check::OneAccessPerNotification => {
            let accesses = LiveAccesses::of(seen.events);
            (!accesses.one_each()).then(|| format!("notifications cost more than one access each: {accesses:?}"))
        }
        Check::DoorbellsPerRequest(most) => match record.number("doorbells") {
            Some(doorbells) => per_request(record, doorbells, most, "doorbells"),
            None => Some("the guest reported no number of doorbells".to_owned()),
        },
        Check::AnyOutcome => record.number("outcome").is_none().then(|| "the guest reported no outcome".to_owned()),
        Check::Outcome(allowed) => match record.number("outcome") {
            Some(outcome) if allowed.contains(&outcome) => None,
            Some(outcome) => Some(format!("the driver's outcome is {outcome}, expected is one of {allowed:?}")),
            None => Some("the guest reported no outcome".to_owned()),
        },
    }
}

fn printed(record: &RunRecord, expected: &[u8]) -> Option<String> {
    let seen = &record.console;
    if seen == expected {
        return None;
    }
    let same = seen.iter().zip(expected).take_while(|(a, b)| a == b).count();
    Some(format!(
        "the console printed {} bytes where {} were expected; they differ from byte {same} on",
        seen.len(),
        expected.len()
    ))
}

fn per_request(record: &RunRecord, count: u64, most: f64, what: &str) -> Option<String> {
    let Some(requests) = record.number("requests").filter(|n| *n > 0) else {
        return Some("the guest reported no number of requests".to_owned());
    };
    let ratio = count as f64 / requests as f64;
    (ratio > most).then(|| format!("{count} {what} for {requests} requests are {ratio:.3} a request, above {most}"))
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
