//! One interrupt may stand for used buffers and for a change of the configuration (§4.1.5.4.2).

use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::pci::{ISR_CONFIG, ISR_QUEUE};

use crate::judge::core_config::fields;
use crate::judge::progress::finished;
use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: one interrupt for both",
    requirements: &[id::PCI_DRV_CFGNOTIF_1],
    make: |info| {
        info.pci.as_ref()?;
        fields(info)?;
        Some(Box::new(Both { track: Track::new(info), change: None, heeds: false, open: Vec::new() }))
    },
};

/// Only the driver knows what a change of the configuration is to it. It is held against what it does when the change comes alone: who looks
/// at the configuration at once then, and not at all once buffers were used as well, does not handle both. A late look serves for every change
/// before it.
struct Both {
    track: Track,
    /// The ISR status was read and showed a change; nothing of the configuration was read since.
    change: Option<Change>,
    /// The driver has looked at the configuration at once after a change that came alone.
    heeds: bool,
    /// Interrupts for both since it has looked last, after which it went on.
    open: Vec<Event>,
}

/// Publications of a driver that has gone on: the first may have been under way.
const GONE_ON: u32 = 2;

struct Change {
    event: Event,
    both: bool,
    /// Publications since then.
    publications: u32,
}

impl Both {
    fn looked(&mut self, verdicts: &mut Verdicts) {
        for _ in self.open.drain(..) {
            verdicts.pass(id::PCI_DRV_CFGNOTIF_1);
        }
        match self.change.take() {
            Some(Change { both: true, .. }) => verdicts.pass(id::PCI_DRV_CFGNOTIF_1),
            Some(Change { publications, .. }) => self.heeds |= publications < GONE_ON,
            None => {}
        }
    }

    /// Something else came that the driver reacts to. Who has gone on did not look yet.
    fn next(&mut self) {
        if let Some(Change { event, both: true, publications: GONE_ON.. }) = self.change.take() {
            self.open.push(event);
        }
    }

    fn over(&mut self, verdicts: &mut Verdicts) {
        self.next();
        for event in std::mem::take(&mut self.open).iter().filter(|_| self.heeds) {
            let seen = "the ISR status showed both; the configuration was not looked at, as it is after a change alone";
            verdicts.violate(id::PCI_DRV_CFGNOTIF_1, event, "both reasons of one interrupt are handled", seen);
        }
    }
}

impl Checker for Both {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        if self.track.published().is_some()
            && let Some(change) = &mut self.change
        {
            change.publications += 1;
        }
        match event.kind {
            EventKind::InterruptStatusRead { value } if value & u32::from(ISR_CONFIG) != 0 && self.track.live() => {
                self.next();
                let both = value & u32::from(ISR_QUEUE) != 0;
                self.change = Some(Change { event: event.clone(), both, publications: 0 });
            }
            EventKind::ConfigRead { .. } | EventKind::ConfigGenerationRead { .. } => self.looked(verdicts),
            EventKind::StatusWrite { value: 0 } => self.over(verdicts),
            EventKind::StatusWrite { value } if DeviceStatus(value).contains(DeviceStatus::FAILED) => {
                self.change = None
            }
            ref kind if finished(kind) => self.over(verdicts),
            _ => {}
        }
    }
}
