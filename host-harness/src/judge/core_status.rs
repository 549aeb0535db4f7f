//! CORE: the device status field and reset (VIRTIO 1.4 §2.1.1, §2.4.2).

use parakit_abi::device::DeviceType;
use parakit_abi::feature::Features;
use parakit_abi::requirement::{RequirementId, id};
use parakit_abi::status::DeviceStatus;

use super::progress::{Progress, steps};
use super::transport::{is_modern, is_pci};
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::DeviceInfo;
use crate::observe::{Event, EventKind, decode};

/// The checkers of this file.
pub(super) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "core_status::steps",
        requirements: &[id::CORE_DRV_STATUS_1],
        make: |info| is_modern(info).then(|| Box::new(Steps(Progress::new(info))) as _),
    },
    CheckerKind {
        name: "core_status::bits_stay",
        requirements: &[id::CORE_DRV_STATUS_2],
        make: |_| Some(Box::new(BitsStay::default())),
    },
    CheckerKind {
        name: "core_status::failed",
        requirements: &[id::CORE_DRV_STATUS_3],
        make: |info| Some(Box::new(Failed::new(info))),
    },
    CheckerKind {
        name: "core_status::reset",
        requirements: &[id::CORE_DRV_RESET_1, id::PCI_DRV_COMMON_5],
        make: |info| {
            is_modern(info).then(|| {
                Box::new(Reset { device_type: DeviceType(info.device_type), pci: is_pci(info), waiting: false }) as _
            })
        },
    },
];

/// The bits that stand for steps of the bring-up, in the order of the steps.
const STEPS: [DeviceStatus; 4] =
    [DeviceStatus::ACKNOWLEDGE, DeviceStatus::DRIVER, DeviceStatus::FEATURES_OK, DeviceStatus::DRIVER_OK];

/// The status says which steps are done: it never names a step without the steps before it.
///
/// Judged on all bits written since the reset, so that a driver that writes only the newest bit is caught under STATUS-2 alone.
struct Steps(Progress);

impl Checker for Steps {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        if let EventKind::StatusWrite { value } = event.kind
            && value != 0
        {
            let all = self.0.written.with(DeviceStatus(value));
            let done = STEPS.iter().take_while(|step| all.contains(**step)).fold(DeviceStatus(0), |a, b| a.with(*b));
            let ahead = steps(all).without(done);
            if ahead == DeviceStatus(0) {
                verdicts.pass(id::CORE_DRV_STATUS_1);
            } else {
                verdicts.violate(
                    id::CORE_DRV_STATUS_1,
                    event,
                    "the status names every step that is done, each after the ones before it",
                    format!("status {} written: {ahead} stands without the steps before it", DeviceStatus(value)),
                );
            }
        }
        self.0.follow(&event.kind);
    }
}

/// A bit that is set stays set until a reset.
///
/// FEATURES_OK counts as set once it was read back, because the device may refuse it. DRIVER_OK and SUSPEND are left out as soon as
/// the driver has used SUSPEND, because then the device changes them (§3.4). DEVICE_NEEDS_RESET counts while the last read showed it.
#[derive(Default)]
struct BitsStay {
    set: DeviceStatus,
    suspending: bool,
    /// A reset was written, nothing since: bits that are read still belong to the time before.
    resetting: bool,
}

impl Checker for BitsStay {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::StatusWrite { value: 0 } => *self = Self { resetting: true, ..Self::default() },
            EventKind::StatusWrite { value } => {
                let value = DeviceStatus(value);
                self.resetting = false;
                let lost = self.set.without(value);
                if self.set == DeviceStatus(0) {
                    // Nothing could be lost.
                } else if lost == DeviceStatus(0) {
                    verdicts.pass(id::CORE_DRV_STATUS_2);
                } else {
                    let seen = format!("status {value} written while {} was set: {lost} is lost", self.set);
                    verdicts.violate(id::CORE_DRV_STATUS_2, event, "no status bit is cleared but by a reset", seen);
                }
                self.suspending |= value.contains(DeviceStatus::SUSPEND);
                // What a device cannot refuse; lost bits are told once.
                let sure = DeviceStatus::ACKNOWLEDGE.with(DeviceStatus::DRIVER).with(DeviceStatus::FAILED);
                let sure = if self.suspending { sure } else { sure.with(DeviceStatus::DRIVER_OK) };
                self.set = DeviceStatus(value.0 & sure.with(self.set).0);
            }
            EventKind::StatusRead { value } if !self.resetting => {
                self.set = DeviceStatus(value).without(DeviceStatus::SUSPEND);
                if self.suspending {
                    self.set = self.set.without(DeviceStatus::DRIVER_OK);
                }
            }
            _ => {}
        }
    }
}

/// A driver that wrote FAILED resets the device before it tries again.
struct Failed {
    device_type: DeviceType,
    progress: Progress,
    reset_after: bool,
}

impl Failed {
    fn new(info: &DeviceInfo) -> Self {
        Self { device_type: DeviceType(info.device_type), progress: Progress::new(info), reset_after: false }
    }
}

impl Checker for Failed {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let failed = self.progress.failed();
        let trying = match event.kind {
            EventKind::StatusWrite { value: 0 } => {
                self.reset_after = failed;
                false
            }
            EventKind::StatusWrite { value } => {
                let (value, new) = (DeviceStatus(value), steps(self.progress.adds(DeviceStatus(value))));
                if self.reset_after && new != DeviceStatus(0) {
                    self.reset_after = false;
                    verdicts.pass(id::CORE_DRV_STATUS_3);
                }
                // Writing FAILED again is no new attempt; leaving it out, or naming a step that was not done, is one.
                !value.contains(DeviceStatus::FAILED) || new != DeviceStatus(0)
            }
            EventKind::DriverFeaturesWrite { .. } | EventKind::QueueReadyWrite { value: 1, .. } => true,
            _ => false,
        };
        self.progress.follow(&event.kind);
        if failed && trying {
            verdicts.violate(
                id::CORE_DRV_STATUS_3,
                event,
                "after FAILED the device is reset before it is initialized again",
                format!(
                    "{} without a reset since FAILED",
                    decode::phrase(&event.kind, self.device_type, Features::NONE)
                ),
            );
        }
    }
}

/// A reset counts as complete once the status reads 0, not before; over PCI the driver has to wait for that (§4.1.4.3.2). Who waited in
/// vain may say so with FAILED.
struct Reset {
    device_type: DeviceType,
    pci: bool,
    waiting: bool,
}

impl Reset {
    fn rules(&self) -> impl Iterator<Item = RequirementId> {
        [Some(id::CORE_DRV_RESET_1), self.pci.then_some(id::PCI_DRV_COMMON_5)].into_iter().flatten()
    }
}

impl Checker for Reset {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::StatusWrite { value: 0 } => self.waiting = true,
            EventKind::StatusRead { value: 0 } if self.waiting => {
                self.waiting = false;
                self.rules().for_each(|rule| verdicts.pass(rule));
            }
            EventKind::StatusWrite { value } if DeviceStatus(value).contains(DeviceStatus::FAILED) => {}
            EventKind::StatusWrite { value: 1.. }
            | EventKind::DriverFeaturesWrite { .. }
            | EventKind::QueueReadyWrite { value: 1, .. }
                if self.waiting =>
            {
                self.waiting = false;
                let words = decode::phrase(&event.kind, self.device_type, Features::NONE);
                let seen = format!("{words}, and the status was not read as 0 since the reset");
                for rule in self.rules() {
                    verdicts.violate(rule, event, "a reset is complete when the status reads 0", &seen);
                }
            }
            _ => {}
        }
    }
}
