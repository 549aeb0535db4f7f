//! The engine: hands events to checkers, and checks the checkers.

use std::collections::BTreeMap;

use parakit_abi::requirement::Side;

use super::context::Contexts;
use super::{Checker, CheckerKind, Run, Verdicts, kinds, vhost_user};
use crate::observe::event::TransportKind;
use crate::observe::{Event, EventKind};

/// What came out of judging a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The verdicts, over all devices of the run.
    pub verdicts: Verdicts,
    /// Events that the log could not hold. Where this is not 0, the verdicts are about the beginning of the run only.
    pub dropped: u64,
}

/// Judges events as they come, each device with checkers of its own.
///
/// ```
/// use parakit_harness::judge::Judge;
/// let judgement = Judge::default().finish();
/// assert!(judgement.verdicts.entries.is_empty(), "nothing happened: nothing was exercised");
/// ```
pub struct Judge {
    kinds: Vec<&'static CheckerKind>,
    devices: BTreeMap<u16, Vec<Running>>,
    /// The driver is a probe, which breaks rules for drivers on purpose.
    probe: bool,
    /// A front end keeps to itself what the driver does.
    front_end: bool,
    judgement: Judgement,
    run: Run,
}

struct Running {
    kind: &'static CheckerKind,
    checker: Box<dyn Checker>,
}

impl Default for Judge {
    /// With every checker there is.
    fn default() -> Self {
        Self::with(kinds())
    }
}

impl Judge {
    /// With chosen checkers.
    pub fn with(kinds: impl IntoIterator<Item = &'static CheckerKind>) -> Self {
        Self {
            kinds: kinds.into_iter().collect(),
            devices: BTreeMap::new(),
            probe: false,
            front_end: false,
            judgement: Judgement::default(),
            run: Run::default(),
        }
    }

    /// Takes the next event of the run.
    ///
    /// # Panics
    /// When a checker gives a verdict under an id that its [`CheckerKind`] does not declare: a mistake in the checker.
    pub fn event(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Dropped { events } => {
                self.judgement.dropped = self.judgement.dropped.saturating_add(*events);
            }
            EventKind::Finding { .. } => self.probe = true,
            // A device that appears again begins anew: its former life is over.
            EventKind::Device(info) => {
                self.end_device(event.device);
                self.front_end |= info.transport == TransportKind::VhostUser;
                let make = |kind: &&'static CheckerKind| Some(Running { kind, checker: (kind.make)(info)? });
                let running = self.kinds.iter().filter_map(make).collect();
                self.devices.insert(event.device, running);
            }
            EventKind::StatusWrite { value: 1.. } | EventKind::Started { .. } => self.run.driven = true,
            _ => {}
        }
        for Running { kind, checker } in self.devices.get_mut(&event.device).into_iter().flatten() {
            self.judgement.verdicts.scope = Some(kind);
            checker.event(event, &mut self.judgement.verdicts);
        }
        self.judgement.verdicts.scope = None;
    }

    /// The run is over.
    #[must_use]
    pub fn finish(mut self) -> Judgement {
        for Running { kind, checker } in self.devices.values_mut().flatten() {
            self.judgement.verdicts.scope = Some(kind);
            checker.run_end(&self.run, &mut self.judgement.verdicts);
        }
        let devices: Vec<u16> = self.devices.keys().copied().collect();
        for device in devices {
            self.end_device(device);
        }
        if self.probe {
            self.judgement.verdicts.entries.retain(|id, _| id.get().side == Side::Device);
        }
        if self.front_end {
            self.judgement.verdicts.entries.retain(|id, _| vhost_user::kept_back(*id).is_none());
        }
        self.judgement
    }

    fn end_device(&mut self, device: u16) {
        for Running { kind, mut checker } in self.devices.remove(&device).into_iter().flatten() {
            self.judgement.verdicts.scope = Some(kind);
            checker.end(&mut self.judgement.verdicts);
        }
        self.judgement.verdicts.scope = None;
    }
}

/// Judges a whole run with every checker there is, and tells what happened around each violation.
#[must_use]
pub fn judge(events: &[Event]) -> Judgement {
    let mut judge = Judge::default();
    events.iter().for_each(|event| judge.event(event));
    let mut judgement = judge.finish();
    if let Some(mut contexts) = Contexts::new(&judgement.verdicts) {
        events.iter().for_each(|event| contexts.event(event));
        contexts.finish(&mut judgement.verdicts);
    }
    judgement
}
