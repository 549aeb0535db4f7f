//! INIT: the order of the bring-up (VIRTIO 1.4 §3.1.1), and that MMIO devices follow it (§4.2.3.1.1).
//!
//! An *attempt* is what lies between two resets. Each step of the sequence is judged at the first event that presumes it: the one that
//! begins a later step. It is told once an attempt that a step was kept, and once that it was broken.

use std::collections::BTreeSet;

use parakit_abi::device::{DeviceType, console};
use parakit_abi::feature::RING_RESET;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;

use super::progress::{Agreement, Progress, finished, steps};
use super::transport::{is_mmio, is_modern};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "init_sequence",
    requirements: &[
        id::INIT_DRV_SEQ_1,
        id::INIT_DRV_SEQ_2,
        id::INIT_DRV_SEQ_3,
        id::INIT_DRV_SEQ_4,
        id::INIT_DRV_SEQ_6,
        id::INIT_DRV_SEQ_7,
        id::INIT_DRV_SEQ_8,
        id::INIT_DRV_SEQ_9,
        id::INIT_DRV_SEQ_10,
        id::INIT_DRV_SEQ_11,
        id::INIT_DRV_SEQ_12,
        id::INIT_DRV_SEQ_13,
        id::INIT_DRV_SEQ_14,
        id::MMIO_DRV_INIT_6,
    ],
    make: |info| is_modern(info).then(|| Box::new(Sequence::new(info)) as _),
}];
const OK: DeviceStatus = DeviceStatus::DRIVER_OK;
const FEATURES: DeviceStatus = DeviceStatus::FEATURES_OK;

struct Sequence {
    progress: Progress,
    attempt: Attempt,
    early: Option<u32>,
    /// Whether no doorbell of the time before the last reset can still be under way.
    settled: bool,
    /// Whether the rule that MMIO devices follow the sequence applies.
    mmio: bool,
}

/// What happened since the last reset.
#[derive(Default)]
struct Attempt {
    /// Offered features were read after DRIVER.
    features_read: bool,
    /// Feature bits were written after DRIVER and before FEATURES_OK.
    features_written: bool,
    queues: BTreeSet<u32>,
    /// Rules that were told as kept in this attempt.
    kept: BTreeSet<RequirementId>,
    /// Rules that were told as broken.
    violated: BTreeSet<RequirementId>,
}

/// A verdict in the making: the event, and where verdicts go.
struct Court<'a> {
    event: &'a Event,
    verdicts: &'a mut Verdicts,
    mmio: bool,
}

impl Attempt {
    /// A step was kept.
    fn keep(&mut self, court: &mut Court<'_>, rule: RequirementId) {
        if !self.violated.contains(&rule) && self.kept.insert(rule) {
            court.verdicts.pass(rule);
        }
    }

    /// A step was broken. For a MUST, so is the rule that MMIO devices follow the sequence.
    fn violate(&mut self, court: &mut Court<'_>, rule: RequirementId, expected: &str, seen: &str) {
        if !self.violated.insert(rule) {
            return;
        }
        court.verdicts.violate(rule, court.event, expected, seen);
        if court.mmio && rule.get().strength.is_must() && self.violated.insert(id::MMIO_DRV_INIT_6) {
            let seen = format!("{rule} is broken: {seen}");
            court.verdicts.violate(id::MMIO_DRV_INIT_6, court.event, expected, seen);
        }
    }

    fn step(&mut self, court: &mut Court<'_>, rule: RequirementId, kept: bool, expected: &str, seen: &str) {
        if kept { self.keep(court, rule) } else { self.violate(court, rule, expected, seen) }
    }
}

impl Sequence {
    fn new(info: &DeviceInfo) -> Self {
        Self {
            progress: Progress::new(info),
            attempt: Attempt::default(),
            // The one field that may be written before and during the bring-up (§5.3.5).
            early: (info.device_type == DeviceType::CONSOLE.0).then_some(console::config::EMERG_WR),
            settled: true,
            mmio: is_mmio(info),
        }
    }

    fn status_write(&mut self, value: DeviceStatus, court: &mut Court<'_>) {
        let Self { progress, attempt, .. } = self;
        let before = progress.written;
        let new = steps(progress.adds(value));
        if new == DeviceStatus(0) {
            return;
        }
        let seen = format!("status {value} written after {before}");
        attempt.step(court, id::INIT_DRV_SEQ_1, progress.was_reset, "the bring-up begins with a reset", &seen);
        let acknowledged = before.with(new).contains(DeviceStatus::ACKNOWLEDGE);
        attempt.step(court, id::INIT_DRV_SEQ_2, acknowledged, "ACKNOWLEDGE is set after the reset", &seen);
        if new.without(DeviceStatus::ACKNOWLEDGE) != DeviceStatus(0) {
            // DRIVER is a step of its own: neither together with the one before nor with the ones after it.
            let own = before.contains(DeviceStatus::DRIVER)
                || new == DeviceStatus::DRIVER && (before.contains(DeviceStatus::ACKNOWLEDGE) || !acknowledged);
            attempt.step(
                court,
                id::INIT_DRV_SEQ_3,
                own,
                "DRIVER is set by a write of its own after ACKNOWLEDGE",
                &seen,
            );
        }
        if new.contains(FEATURES) {
            let seen = format!(
                "FEATURES_OK with the offer {} and a subset {}",
                if attempt.features_read { "read" } else { "not read after DRIVER" },
                if attempt.features_written { "written" } else { "not written after DRIVER" }
            );
            let kept = attempt.features_read && attempt.features_written;
            let expected = "the offered features are read and a subset written before FEATURES_OK";
            attempt.step(court, id::INIT_DRV_SEQ_4, kept, expected, &seen);
            attempt.keep(court, id::INIT_DRV_SEQ_6);
        }
        let expected = "DRIVER_OK is set by itself, as the last step";
        if new.contains(OK) {
            attempt.step(court, id::INIT_DRV_SEQ_11, new == OK, expected, &seen);
            let set = before.with(new).contains(FEATURES);
            attempt.step(court, id::INIT_DRV_SEQ_7, set, "FEATURES_OK is set before DRIVER_OK", &seen);
            attempt.keep(court, id::INIT_DRV_SEQ_8);
            self.presumes_features("DRIVER_OK", court);
            if !self.attempt.queues.is_empty() {
                self.attempt.keep(court, id::INIT_DRV_SEQ_10);
            }
            if court.mmio {
                self.attempt.keep(court, id::MMIO_DRV_INIT_6);
            }
        } else if before.contains(OK) {
            attempt.violate(court, id::INIT_DRV_SEQ_11, expected, &seen);
        }
    }

    /// Something that may happen only once FEATURES_OK was read back as set.
    fn presumes_features(&mut self, what: &str, court: &mut Court<'_>) {
        let why = match self.progress.agreement {
            // FEATURES_OK was not even written: other rules tell.
            Agreement::Open => None,
            Agreement::Confirmed => {
                self.attempt.keep(court, id::INIT_DRV_SEQ_9);
                None
            }
            Agreement::Asked => Some("and it was not read back"),
            Agreement::Refused => Some("although it read as clear"),
        };
        if let Some(why) = why {
            let seen = format!("{what} after FEATURES_OK was written, {why}");
            let expected = "FEATURES_OK is read back, and the driver goes on only if it is still set";
            self.attempt.violate(court, id::INIT_DRV_SEQ_9, expected, &seen);
        }
        self.goes_on(what, court);
    }

    /// A step of the bring-up; after an error there may be none.
    fn goes_on(&mut self, what: &str, court: &mut Court<'_>) {
        let live = self.progress.live();
        if !live && (self.progress.failed() || self.progress.agreement == Agreement::Refused) {
            let why = if self.progress.failed() { "FAILED was written" } else { "the device refused FEATURES_OK" };
            let seen = format!("{what} after {why}");
            self.attempt.violate(court, id::INIT_DRV_SEQ_13, "after an error the bring-up does not go on", &seen);
        }
    }

    /// The attempt is over: the driver resets the device, or the guest has ended.
    fn over(&mut self, court: &mut Court<'_>) {
        if self.progress.live() || self.progress.unclear {
            return;
        }
        let (failed, refused) = (self.progress.failed(), self.progress.agreement == Agreement::Refused);
        if refused {
            let seen =
                format!("FEATURES_OK read as clear, and the driver gave up with status {}", self.progress.written);
            let expected = "a driver that cannot bring the device up writes FAILED";
            self.attempt.step(court, id::INIT_DRV_SEQ_12, failed, expected, &seen);
        }
        if refused || failed {
            self.attempt.keep(court, id::INIT_DRV_SEQ_13);
        }
    }

    fn queue_ready(&mut self, queue: u32, court: &mut Court<'_>) {
        let known = !self.attempt.queues.insert(queue);
        self.presumes_features("a queue is enabled", court);
        let expected = "queues are set up after FEATURES_OK was read back and before DRIVER_OK";
        if self.progress.agreement == Agreement::Open {
            let seen = format!("queue {queue} is enabled before FEATURES_OK was set");
            self.attempt.violate(court, id::INIT_DRV_SEQ_10, expected, &seen);
        } else if self.progress.live() && !known && !self.progress.negotiated(RING_RESET) {
            // With RING_RESET queues come and go.
            let seen = format!("queue {queue} is enabled for the first time after DRIVER_OK");
            self.attempt.violate(court, id::INIT_DRV_SEQ_10, expected, &seen);
        }
    }

    fn driver_features(&mut self, word: u32, value: u32, court: &mut Court<'_>) {
        self.goes_on("features are written", court);
        if self.progress.agreement == Agreement::Open {
            self.attempt.features_written |= self.progress.written.contains(DeviceStatus::DRIVER);
            return;
        }
        let new = value & !self.progress.accepted.word(word);
        if new != 0 {
            let seen = format!("word {word} written as {value:#x} after FEATURES_OK: {new:#x} is new");
            self.attempt.violate(court, id::INIT_DRV_SEQ_8, "no feature is accepted after FEATURES_OK", &seen);
        }
    }

    fn config_write(&mut self, offset: u32, court: &mut Court<'_>) {
        let negotiating =
            self.progress.written.contains(DeviceStatus::DRIVER) && self.progress.agreement == Agreement::Open;
        if negotiating && self.early != Some(offset) {
            let seen = format!("offset {offset} of the configuration space written before FEATURES_OK");
            let expected = "the configuration space is not written while features are negotiated";
            self.attempt.violate(court, id::INIT_DRV_SEQ_6, expected, &seen);
        }
    }

    fn notify(&mut self, queue: u32, court: &mut Court<'_>) {
        if self.progress.live() {
            self.attempt.keep(court, id::INIT_DRV_SEQ_14);
        } else if self.settled {
            let seen = format!("queue {queue} notified with status {}", self.progress.written);
            self.attempt.violate(court, id::INIT_DRV_SEQ_14, "no notification before DRIVER_OK", &seen);
        }
    }
}

impl Checker for Sequence {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let mut court = Court { event, verdicts, mmio: self.mmio };
        match event.kind {
            EventKind::StatusWrite { value: 0 } => {
                self.over(&mut court);
                self.attempt = Attempt::default();
                self.settled = false;
            }
            EventKind::ResetDone => self.settled = true,
            // The rules on resets tell of it; which steps the driver takes it to have done, none knows.
            _ if self.progress.unclear => {}
            EventKind::StatusWrite { value } => {
                self.settled = true;
                if !self.progress.unclear_with(DeviceStatus(value)) {
                    self.status_write(DeviceStatus(value), &mut court);
                }
            }
            EventKind::DeviceFeaturesRead { .. } => {
                self.attempt.features_read |= self.progress.written.contains(DeviceStatus::DRIVER);
            }
            EventKind::DriverFeaturesWrite { word, value } => self.driver_features(word, value, &mut court),
            EventKind::ConfigWrite { offset, .. } => self.config_write(offset, &mut court),
            EventKind::QueueReadyWrite { queue, value: 1 } => self.queue_ready(queue, &mut court),
            EventKind::Notify { queue, .. } => self.notify(queue, &mut court),
            ref kind if finished(kind) => self.over(&mut court),
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
