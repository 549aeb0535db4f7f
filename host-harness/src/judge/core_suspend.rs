//! CORE: suspend and resume (VIRTIO 1.4 §3.4.1).
//!
//! The rules begin where the driver writes SUSPEND. What happens in memory or through a doorbell is seen some time after it
//! was done, so buffers and notifications are judged only once the driver has seen the device suspended (a device that says so has looked at
//! all that came before), buffers also from the second look at a queue on.

use std::collections::BTreeSet;

use parakit_abi::feature;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;

use super::progress::{Progress, finished};
use super::track::Publications;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "core_suspend",
    requirements: &[
        id::CORE_DRV_SUSPEND_1,
        id::CORE_DRV_SUSPEND_2,
        id::CORE_DRV_SUSPEND_3,
        id::CORE_DRV_SUSPEND_4,
        id::CORE_DRV_SUSPEND_5,
        id::CORE_DRV_SUSPEND_6,
    ],
    make: |info| {
        let (progress, publications) = (Progress::new(info), Publications::default());
        let (state, looked) = (State::Running, BTreeSet::new());
        Some(Box::new(Suspend { progress, publications, state, again: false, looked, quiet: [true; 3] }))
    },
}];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not suspended, as far as the driver asked.
    Running,
    /// SUSPEND was written and the status not read since.
    Asked,
    /// SUSPEND was written twice before the status was read, which has not shown the device as suspended since: if the second was meant to
    /// resume, nothing was verified.
    Unverified,
    /// The status was read and did not show the device as suspended yet.
    Waiting,
    /// The driver has seen the device suspended.
    Suspended,
    /// DRIVER_OK was written to resume, and the driver has not seen the device running.
    Resuming,
}

struct Suspend {
    progress: Progress,
    publications: Publications,
    state: State,
    /// SUSPEND was written once more: the same again, or else to resume, which is the same value.
    again: bool,
    /// Queues in which buffers were found since SUSPEND was written. What is found there next was published after that.
    looked: BTreeSet<u16>,
    /// Whether the rules 3, 4 and 5 were kept since the device was suspended.
    quiet: [bool; 3],
}

const QUIET: [RequirementId; 3] = [id::CORE_DRV_SUSPEND_3, id::CORE_DRV_SUSPEND_4, id::CORE_DRV_SUSPEND_5];

impl Suspend {
    fn status_write(&mut self, value: DeviceStatus, event: &Event, verdicts: &mut Verdicts) {
        // What the status shows from before a reset is written back.
        let asks = value.contains(DeviceStatus::SUSPEND) && !self.progress.stale.contains(DeviceStatus::SUSPEND);
        match self.state {
            State::Running if asks => {
                if self.progress.live() && self.progress.negotiated(feature::SUSPEND) {
                    verdicts.pass(id::CORE_DRV_SUSPEND_1);
                    self.state = State::Asked;
                    self.again = false;
                    self.looked.clear();
                    self.quiet = [true; 3];
                } else {
                    verdicts.violate(
                        id::CORE_DRV_SUSPEND_1,
                        event,
                        "SUSPEND is set only with DRIVER_OK set and VIRTIO_F_SUSPEND negotiated",
                        format!("status {value}; accepted are {}", self.progress.names(self.progress.accepted)),
                    );
                }
            }
            // Who gives up has nothing to verify.
            State::Asked if value.contains(DeviceStatus::FAILED) => self.state = State::Waiting,
            State::Asked if asks => self.again = true,
            State::Waiting if value.contains(DeviceStatus::DRIVER_OK) => self.again = true,
            State::Asked => self.not_verified(event, verdicts),
            State::Suspended if value.contains(DeviceStatus::DRIVER_OK) => {
                for (rule, _) in QUIET.into_iter().zip(self.quiet).filter(|(_, kept)| *kept) {
                    verdicts.pass(rule);
                }
                self.state = State::Resuming;
            }
            _ => {}
        }
    }

    fn not_verified(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.state = State::Waiting;
        verdicts.violate(
            id::CORE_DRV_SUSPEND_2,
            event,
            "after SUSPEND the status is read until it shows SUSPEND without DRIVER_OK",
            "the driver went on without having read the status",
        );
    }

    fn status_read(&mut self, value: DeviceStatus, verdicts: &mut Verdicts) {
        let (suspend, ok) = (value.contains(DeviceStatus::SUSPEND), value.contains(DeviceStatus::DRIVER_OK));
        match self.state {
            State::Asked | State::Waiting | State::Unverified if suspend && !ok => {
                self.state = State::Suspended;
                verdicts.pass(id::CORE_DRV_SUSPEND_2);
            }
            State::Asked if self.again => self.state = State::Unverified,
            State::Asked => self.state = State::Waiting,
            // It may have been told to go on before it was seen to have stopped.
            State::Waiting if self.again && ok && !suspend => self.state = State::Running,
            State::Resuming if ok && !suspend => {
                self.state = State::Running;
                verdicts.pass(id::CORE_DRV_SUSPEND_6);
            }
            _ => {}
        }
    }

    /// Something of normal operation, that rule `which` of the three forbids from SUSPEND on; `sure` if it was done no earlier.
    fn operation(&mut self, which: usize, sure: bool, event: &Event, verdicts: &mut Verdicts) {
        if self.state == State::Unverified && sure {
            self.not_verified(event, verdicts);
            self.state = State::Running;
            return;
        }
        let from = self.state == State::Suspended || sure && matches!(self.state, State::Asked | State::Waiting);
        let seen = format!("{} while the device is suspended", self.progress.words(&event.kind));
        if from {
            self.quiet[which] = false;
            let expected = "a suspended device is given no buffers, notifications or configuration";
            verdicts.violate(QUIET[which], event, expected, seen);
        } else if self.state == State::Resuming {
            let expected = "normal operation resumes when the status reads DRIVER_OK without SUSPEND";
            verdicts.violate(id::CORE_DRV_SUSPEND_6, event, expected, seen);
        }
    }
}

impl Checker for Suspend {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let packed = self.progress.accepted.has(feature::RING_PACKED);
        if let Some(queue) = self.publications.of(&event.kind, packed) {
            let again = !self.looked.insert(queue);
            self.operation(0, again, event, verdicts);
        }
        match event.kind {
            EventKind::StatusWrite { value: 0 } => self.state = State::Running,
            EventKind::StatusWrite { value } => self.status_write(DeviceStatus(value), event, verdicts),
            EventKind::StatusRead { value } => self.status_read(DeviceStatus(value), verdicts),
            EventKind::Notify { .. } => self.operation(1, false, event, verdicts),
            EventKind::ConfigWrite { .. } => self.operation(2, true, event, verdicts),
            ref kind if finished(kind) && self.state == State::Asked => self.not_verified(event, verdicts),
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
