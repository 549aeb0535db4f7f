//! What came of a run.

use std::time::Duration;

use parakit_abi::mailbox::{Record, Value};
use parakit_abi::requirement::{RequirementId, Side};

use super::dropped;
use crate::judge::{Entry, Verdicts, judge, vhost_user};
use crate::observe::event::TransportKind;
use crate::observe::negotiated::{Negotiated, negotiated};
use crate::observe::{Event, Lapses, Traffic};
use crate::vmm::{End, ExitCounts};

/// What came of a run of a scenario.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Name of the scenario.
    pub scenario: String,
    /// Whether a device of it breaks rules on purpose.
    pub hostile: bool,
    /// Where it ran.
    pub backend: Backend,
    /// How the guest reached its devices.
    pub bus: TransportKind,
    /// How the guest ended.
    pub end: End,
    /// What did not hold although the guest was content, one sentence each.
    pub troubles: Vec<String>,
    /// From the guest's first instruction to its end.
    pub elapsed: Duration,
    /// Exits to the harness; `None` in loopback, which has none.
    pub exits: Option<ExitCounts>,
    /// From the guest's first instruction to its first virtqueue operation.
    pub boot: Option<Duration>,
    /// What passed between drivers and devices.
    pub traffic: Traffic,
    /// What drivers and devices agreed on.
    pub negotiated: Vec<Negotiated>,
    /// What the guest reported.
    pub records: Vec<Record>,
    /// What the first console of the run printed, up to [`crate::device::ConsoleBuffer::MAX`] bytes.
    pub console: Vec<u8>,
    /// What the guest logged.
    pub log: String,
    /// What the judge says.
    pub verdicts: Verdicts,
    /// Everything that passed between driver and devices; empty unless it was asked for.
    pub events: Vec<Event>,
}

/// Where scenarios run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A guest on KVM.
    Kvm,
    /// Driver and devices in this process.
    Loopback,
    /// A guest in a VMM that is not ours, which has its devices from here over vhost-user.
    VhostUser,
    /// A guest under another VMM, on its devices.
    Vmm,
}

impl Backend {
    /// Why nothing can be known there of a rule that is judged elsewhere, as a part of a sentence.
    #[must_use]
    pub fn hides(self, id: RequirementId) -> Option<&'static str> {
        let hidden = match self {
            Self::Kvm | Self::Loopback | Self::VhostUser => return None,
            Self::Vmm => id.get().side != Side::Device,
        };
        hidden.then_some("another VMM shows neither registers nor rings, in which alone a driver is seen")
    }
}

impl std::fmt::Display for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Kvm => "KVM",
            Self::Loopback => "loopback",
            Self::VhostUser => "vhost-user",
            Self::Vmm => "another VMM",
        })
    }
}

/// A run in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The guest passed, the checks hold, no MUST is violated.
    Passed,
    /// The guest did not pass, or a check does not hold.
    Failed,
    /// A MUST is violated.
    Violated,
    /// The user ended it.
    Cancelled,
}

impl Outcome {
    /// The word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Violated => "violated",
            Self::Cancelled => "cancelled",
        }
    }
}

impl RunRecord {
    /// Why nothing can be known from this run of a rule that is judged elsewhere, as a part of a sentence.
    #[must_use]
    pub fn hides(&self, id: RequirementId) -> Option<&'static str> {
        if self.bus == TransportKind::VhostUser { vhost_user::kept_back(id) } else { self.backend.hides(id) }
    }

    /// Enters what the events show: verdicts, traffic, what was agreed on, and what keeps the run from having passed. Who probes a
    /// device is no driver to be judged, and may make what no device can use on purpose.
    pub(super) fn judged(&mut self, events: &[Event], is_probe: bool) {
        let judgement = judge(events);
        self.verdicts = judgement.verdicts;
        self.traffic = Traffic::of(events);
        self.negotiated = negotiated(events);
        if judgement.dropped > 0 {
            self.troubles.push(dropped(judgement.dropped));
        }
        if is_probe {
            self.verdicts.keep(Side::Device);
        } else {
            self.troubles.extend(Lapses::of(events));
        }
    }

    /// The run in a word.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if matches!(self.end, End::Cancelled) {
            Outcome::Cancelled
        } else if !(self.end.passed() || self.end.orderly()) || !self.troubles.is_empty() {
            Outcome::Failed
        } else if self.violations().any(|(id, _)| id.get().strength.is_must()) {
            Outcome::Violated
        } else {
            Outcome::Passed
        }
    }

    /// Requirements that were violated, without those that a hostile device broke on purpose.
    pub fn violations(&self) -> impl Iterator<Item = (RequirementId, &Entry)> {
        self.verdicts
            .entries
            .iter()
            .filter(|(id, entry)| entry.violated > 0 && !(self.hostile && id.get().side == Side::Device))
            .map(|(id, entry)| (*id, entry))
    }

    /// Requirements that were exercised and kept.
    pub fn passed(&self) -> impl Iterator<Item = RequirementId> {
        self.verdicts.entries.iter().filter(|(_, e)| e.passed > 0 && e.violated == 0).map(|(id, _)| *id)
    }

    /// The number reported under `name`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.records.iter().rev().find(|r| r.name() == name).and_then(|r| match r.value {
            Value::U64(value) => Some(value),
            Value::Bytes(_) | Value::Verdict { .. } => None,
        })
    }

    /// The 32 bytes reported under `name`.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<[u8; 32]> {
        self.records.iter().rev().find(|r| r.name() == name).and_then(|r| match r.value {
            Value::Bytes(value) => Some(value),
            Value::U64(_) | Value::Verdict { .. } => None,
        })
    }
}
