//! The judge: checkers, one file an area, and the ledger of their verdicts.
//!
//! A [`Checker`] is a small state machine: events in, verdicts out, each under a requirement id. It does no I/O, knows no
//! clock but the events', and cannot tell where they came from: a live run, a recorded trace or a test that wrote them.

mod block;
mod cleanup;
mod console;
pub mod context;
mod core_config;
mod core_features;
mod core_queue_reset;
mod core_status;
mod core_suspend;
pub mod coverage;
pub mod engine;
mod entropy;
mod feature_bits;
mod how;
mod init_sequence;
pub mod ledger;
mod mmio_identity;
mod mmio_interrupt;
mod mmio_queue;
mod mmio_registers;
pub mod not_checked;
mod not_checked_of_devices;
mod packed;
mod pci;
pub mod probe;
pub mod progress;
mod repeats;
mod set_up;
mod silence;
mod split;
mod track;
mod transport;
pub mod vhost_user;

use std::collections::BTreeMap;

use parakit_abi::requirement::{RequirementId, Side};

pub use engine::{Judge, Judgement, judge};
pub use how::how;
pub use ledger::{Unjudged, Verdict, ledger};

use crate::observe::event::{DeviceInfo, Event};

/// Every checker, area by area. A new file of checkers is added here.
pub fn kinds() -> impl Iterator<Item = &'static CheckerKind> {
    [
        core_status::KINDS,
        core_features::KINDS,
        core_config::KINDS,
        core_queue_reset::KINDS,
        core_suspend::KINDS,
        init_sequence::KINDS,
        cleanup::KINDS,
        mmio_registers::KINDS,
        mmio_identity::KINDS,
        mmio_queue::KINDS,
        mmio_interrupt::KINDS,
        split::KINDS,
        packed::KINDS,
        pci::KINDS,
        block::KINDS,
        console::KINDS,
        entropy::KINDS,
        probe::KINDS,
    ]
    .into_iter()
    .flatten()
}

/// Judges some requirements for one device of a run.
pub trait Checker: Send {
    /// Takes the next event of the device.
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts);

    /// The trace ends here.
    fn end(&mut self, _verdicts: &mut Verdicts) {}

    /// The run ends here, of which this device was one. Comes before [`Checker::end`], not to a device that appeared again later.
    fn run_end(&mut self, _run: &Run, _verdicts: &mut Verdicts) {}
}

/// What a checker may have to know of the other devices of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Whether the guest has begun to drive any device: it has written a status that is no reset.
    pub driven: bool,
}

/// How a checker is made: which requirements it judges, and a fresh one for a device (`None`: the rules are not about this device).
#[derive(Debug)]
pub struct CheckerKind {
    /// Name, for reports: the file and the rule.
    pub name: &'static str,
    /// What it judges. It may give verdicts under these ids only.
    pub requirements: &'static [RequirementId],
    /// A fresh checker for a device.
    pub make: fn(&DeviceInfo) -> Option<Box<dyn Checker>>,
}

/// A violation: what was expected, what was seen, and where. Those that differ in numbers only are one, which is counted; place and numbers
/// are those of the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Index of the device.
    pub device: u16,
    /// Sequence number of the event that proves it.
    pub seq: u64,
    /// What the requirement expects here, as a sentence.
    pub expected: String,
    /// What was seen, with numbers.
    pub seen: String,
    /// How often, at least 1.
    pub count: u64,
    /// What happened around it on the same device, in order; empty while the events have not been gone through for it ([`context`]).
    pub context: Vec<ContextEvent>,
}

/// A line of what happened around a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextEvent {
    /// Sequence number of its first event; where it is the proof, of the event that proves the violation.
    pub seq: u64,
    /// When that happened, in nanoseconds since the run began.
    pub time_ns: u64,
    /// What happened, with decoded registers and descriptors.
    pub text: String,
    /// How often it happened, one after the other.
    pub times: u64,
    /// Whether this is what proves the violation.
    pub proof: bool,
}

impl Violation {
    /// Whether two violations of a requirement say the same, numbers aside.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.says(&other.expected, &other.seen)
    }

    fn says(&self, expected: &str, seen: &str) -> bool {
        repeats::alike(&self.expected, expected) && repeats::alike(&self.seen, seen)
    }
}

/// What is known of one requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// How often the requirement applied and was kept.
    pub passed: u64,
    /// How often it was broken.
    pub violated: u64,
    /// The first violations that differ in more than numbers, at most [`Entry::KEPT`].
    pub evidence: Vec<Violation>,
}

impl Entry {
    /// Violations kept with their evidence; the rest is only counted.
    pub const KEPT: usize = 8;

    /// Violations that are counted and have no evidence: there were too many kinds of them.
    #[must_use]
    pub fn without_evidence(&self) -> u64 {
        self.violated.saturating_sub(self.evidence.iter().map(|v| v.count).sum())
    }
}

/// The verdicts of a run, by requirement. A requirement without an entry was not exercised.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// By requirement.
    pub entries: BTreeMap<RequirementId, Entry>,
    /// The checker that is speaking, while the engine lets one speak.
    scope: Option<&'static CheckerKind>,
}

impl PartialEq for Verdicts {
    fn eq(&self, other: &Self) -> bool {
        self.entries == other.entries
    }
}

impl Eq for Verdicts {}

impl Verdicts {
    fn entry(&mut self, id: RequirementId) -> &mut Entry {
        if let Some(kind) = self.scope {
            assert!(kind.requirements.contains(&id), "checker {} does not declare {id}", kind.name);
        }
        self.entries.entry(id).or_default()
    }

    /// The requirement applied and was kept.
    pub fn pass(&mut self, id: RequirementId) {
        self.entry(id).passed += 1;
    }

    /// The requirement was kept and broken so many times, of which there is no more to tell.
    pub fn count(&mut self, id: RequirementId, passed: u64, violated: u64) {
        if passed != 0 || violated != 0 {
            let entry = self.entry(id);
            entry.passed = entry.passed.saturating_add(passed);
            entry.violated = entry.violated.saturating_add(violated);
        }
    }

    /// The requirement was broken at `event`.
    pub fn violate(&mut self, id: RequirementId, event: &Event, expected: impl Into<String>, seen: impl Into<String>) {
        let entry = self.entry(id);
        entry.violated = entry.violated.saturating_add(1);
        let (expected, seen) = (expected.into(), seen.into());
        if let Some(same) = entry.evidence.iter_mut().find(|v| v.says(&expected, &seen)) {
            same.count = same.count.saturating_add(1);
        } else if entry.evidence.len() < Entry::KEPT {
            let (device, seq) = (event.device, event.seq);
            entry.evidence.push(Violation { device, seq, expected, seen, count: 1, context: Vec::new() });
        }
    }

    /// Leaves only the verdicts on this side.
    pub fn keep(&mut self, side: Side) {
        self.entries.retain(|id, _| id.get().side == side);
    }

    /// Adds the verdicts of another run.
    pub fn merge(&mut self, other: &Verdicts) {
        for (id, theirs) in &other.entries {
            let ours = self.entries.entry(*id).or_default();
            ours.passed = ours.passed.saturating_add(theirs.passed);
            ours.violated = ours.violated.saturating_add(theirs.violated);
            for violation in &theirs.evidence {
                if let Some(same) = ours.evidence.iter_mut().find(|v| v.is_like(violation)) {
                    same.count = same.count.saturating_add(violation.count);
                } else if ours.evidence.len() < Entry::KEPT {
                    ours.evidence.push(violation.clone());
                }
            }
        }
    }
}
