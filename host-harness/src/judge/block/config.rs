//! A block device's features and configuration space (§5.2.5.1, §5.2.6.1).

use parakit_abi::device::DeviceType;
use parakit_abi::device::block::{config, feature};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;
use parakit_abi::transport::mmio::INTERRUPT_CONFIG_CHANGE;

use super::covers;
use crate::judge::progress::finished;
use crate::judge::track::Track;
use crate::judge::transport::{is_modern, is_pci};
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "block: configuration",
    requirements: &[id::BLK_DRV_INIT_4, id::BLK_DRV_OP_1, id::BLK_DRV_OP_3],
    make: |info| {
        (info.device_type == DeviceType::BLOCK.0).then(|| {
            let (pci, modern) = (is_pci(info), is_modern(info));
            Box::new(Config { track: Track::new(info), change: None, pci, modern }) as Box<dyn Checker>
        })
    },
};

struct Config {
    track: Track,
    change: Option<Change>,
    pci: bool,
    /// The legacy interface has no FEATURES_OK.
    modern: bool,
}

/// A configuration change notification after which the capacity has not been read.
#[derive(Default)]
struct Change {
    /// The driver has read that there is one.
    read: bool,
    /// It said that it has taken note. Who polls may say so of whatever there may be, without having read anything.
    acknowledged: bool,
    /// Publications since then.
    publications: u32,
    /// The second of them: the first may have been under way.
    second: Option<Event>,
}

impl Checker for Config {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        let set = match event.kind {
            EventKind::StatusWrite { value } => self.track.adds(value),
            _ => DeviceStatus::RESET,
        };
        self.track.event(event);
        if self.track.published().is_some()
            && let Some(change) = self.change.as_mut().filter(|change| change.acknowledged)
        {
            change.publications += 1;
            if change.publications == 2 {
                change.second = Some(event.clone());
            }
        }
        match &event.kind {
            EventKind::ConfigRead { offset, width, .. } => {
                if covers(*offset, *width, config::CAPACITY, 8) && self.change.take().is_some() {
                    verdicts.pass(id::BLK_DRV_OP_1);
                }
                if self.modern && covers(*offset, *width, config::WRITEBACK, 1) {
                    self.writeback(event, verdicts);
                }
            }
            EventKind::StatusWrite { value } => {
                if set.contains(DeviceStatus::FEATURES_OK) && self.track.offered().has(feature::RO) {
                    if self.track.has(feature::RO) {
                        verdicts.pass(id::BLK_DRV_OP_3);
                    } else {
                        let expected = "VIRTIO_BLK_F_RO is accepted where it is offered";
                        verdicts.violate(id::BLK_DRV_OP_3, event, expected, "FEATURES_OK was set without it");
                    }
                }
                if *value == 0 {
                    self.ignored(verdicts);
                }
            }
            EventKind::Interrupt { reasons, spurious: false }
                if reasons & INTERRUPT_CONFIG_CHANGE != 0 && self.track.live() =>
            {
                self.change.get_or_insert_default();
            }
            EventKind::InterruptAck { value } if value & INTERRUPT_CONFIG_CHANGE != 0 => {
                if let Some(change) = &mut self.change {
                    change.acknowledged |= change.read;
                }
            }
            EventKind::InterruptStatusRead { value } if value & INTERRUPT_CONFIG_CHANGE != 0 => {
                if let Some(change) = &mut self.change {
                    change.read = true;
                    // Over PCI, to read the reasons is to acknowledge them.
                    change.acknowledged |= self.pci;
                }
            }
            kind if finished(kind) => self.ignored(verdicts),
            _ => {}
        }
    }
}

impl Config {
    fn writeback(&self, event: &Event, verdicts: &mut Verdicts) {
        if self.track.status.contains(DeviceStatus::FEATURES_OK) {
            verdicts.pass(id::BLK_DRV_INIT_4);
        } else {
            verdicts.violate(
                id::BLK_DRV_INIT_4,
                event,
                "writeback is read only once FEATURES_OK is set",
                format!("it was read with status {}", self.track.status),
            );
        }
    }

    /// The device goes out of use. A driver that has gone on after the notification without a look has ignored it: the
    /// first publication may have been under way, a second was not.
    fn ignored(&mut self, verdicts: &mut Verdicts) {
        if let Some(Change { publications, second: Some(second), .. }) = self.change.take() {
            verdicts.violate(
                id::BLK_DRV_OP_1,
                &second,
                "the driver looks at capacity after a configuration change notification",
                format!("it acknowledged it, published {publications} times more, of which this is the second, and never read it"),
            );
        }
    }
}
