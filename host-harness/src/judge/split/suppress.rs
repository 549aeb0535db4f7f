//! How a driver asks for fewer used buffer notifications, and lives with more of them (§2.7.7.1).

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "split: used buffer notifications",
    requirements: &[id::VQ_SPLIT_DRV_USEDNOTIF_1, id::VQ_SPLIT_DRV_USEDNOTIF_3, id::VQ_SPLIT_DRV_USEDNOTIF_5],
    make: |info| Some(Box::new(Suppress { track: Track::new(info), spurious: false, alone: false, looked: false })),
};

struct Suppress {
    track: Track,
    /// An interrupt came without a reason, and the driver has published nothing since.
    spurious: bool,
    /// Nor did anything else happen since that a driver would react to.
    alone: bool,
    /// It looked for the reason of an interrupt and found none, and has done nothing since.
    looked: bool,
}

impl Checker for Suppress {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let before = self.track.status;
        self.track.event(event);
        match &event.kind {
            EventKind::Suppression { queue, avail_flags, .. } if self.track.split() => {
                self.flags(event, *queue, *avail_flags, verdicts);
            }
            EventKind::Interrupt { spurious, .. } => {
                self.alone = *spurious && self.track.live();
                self.spurious |= self.alone;
                self.looked = false;
            }
            EventKind::InterruptStatusRead { value } => self.looked = *value == 0,
            // It goes on, and may find a reason of its own to give up.
            EventKind::Notify { .. } | EventKind::ConfigRead { .. } | EventKind::ConfigWrite { .. } => {
                self.looked = false
            }
            // The device did something else that may explain what the driver does next.
            EventKind::Used { .. } | EventKind::ConfigChanged { .. } | EventKind::Provoke { .. } => {
                self.alone = false;
            }
            EventKind::Available(_) if std::mem::take(&mut self.spurious) => {
                verdicts.pass(id::VQ_SPLIT_DRV_USEDNOTIF_5);
            }
            EventKind::StatusWrite { .. } => {
                let gave_up = self.track.status.without(before).contains(DeviceStatus::FAILED);
                if std::mem::take(&mut self.spurious) && self.alone && self.looked && gave_up {
                    verdicts.violate(
                        id::VQ_SPLIT_DRV_USEDNOTIF_5,
                        event,
                        "the driver goes on after a notification that announces nothing",
                        "it set FAILED",
                    );
                }
            }
            _ => {}
        }
    }
}

impl Suppress {
    fn flags(&self, event: &Event, queue: u16, flags: u16, verdicts: &mut Verdicts) {
        let (requirement, most, expected) = if self.track.event_idx() {
            (id::VQ_SPLIT_DRV_USEDNOTIF_3, 0, "with VIRTIO_F_EVENT_IDX the available ring's flags are 0")
        } else {
            (id::VQ_SPLIT_DRV_USEDNOTIF_1, 1, "the available ring's flags are 0 or 1")
        };
        if flags <= most {
            verdicts.pass(requirement);
        } else {
            verdicts.violate(requirement, event, expected, format!("those of queue {queue} are {flags:#x}"));
        }
    }
}
