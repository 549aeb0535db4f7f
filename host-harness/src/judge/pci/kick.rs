//! Available buffer notifications: how wide, and what they say (§4.1.5.2.1).

use std::collections::BTreeMap;

use parakit_abi::feature::{NOTIF_CONFIG_DATA, NOTIFICATION_DATA};
use parakit_abi::requirement::id;
use parakit_abi::transport::pci::CfgType;

use super::structures::Structures;
use crate::judge::progress::Progress;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "pci: notifications",
    requirements: &[
        id::PCI_DRV_KICK_1,
        id::PCI_DRV_KICK_2,
        id::PCI_DRV_KICK_3,
        id::PCI_DRV_KICK_4,
        id::PCI_DRV_KICK_5,
        id::PCI_DRV_KICK_6,
    ],
    make: |info| {
        info.pci.as_ref()?;
        Some(Box::new(Kicks {
            structures: Structures::new(info),
            progress: Progress::new(info),
            queues: BTreeMap::new(),
        }))
    },
};

struct Kicks {
    structures: Structures,
    progress: Progress,
    /// The queues that were enabled, or asked about.
    queues: BTreeMap<u32, Queue>,
}

#[derive(Default)]
struct Queue {
    enabled: bool,
    /// `queue_notify_off`, as the driver read it.
    off: Option<u16>,
    /// `queue_notif_config_data`, as the driver read it.
    data: Option<u16>,
}

impl Kicks {
    fn notified(&self, at: u64, multiplier: u32, width: u8, value: u64, event: &Event, verdicts: &mut Verdicts) {
        let long = self.progress.negotiated(NOTIFICATION_DATA);
        let (rule, right) = if long { (id::PCI_DRV_KICK_2, 4) } else { (id::PCI_DRV_KICK_1, 2) };
        if width != right {
            let seen = format!("{value:#x} written by {width} bytes");
            verdicts.violate(rule, event, format!("a notification is a write of {right} bytes"), seen);
            return;
        }
        verdicts.pass(rule);

        let by_data = self.progress.negotiated(NOTIF_CONFIG_DATA);
        let rule = match (by_data, long) {
            (false, false) => id::PCI_DRV_KICK_3,
            (false, true) => id::PCI_DRV_KICK_4,
            (true, false) => id::PCI_DRV_KICK_5,
            (true, true) => id::PCI_DRV_KICK_6,
        };
        // The queues that are notified here. One whose place the driver never asked for may be anywhere.
        let place = |off: u16| u64::from(off) * u64::from(multiplier);
        let here: Vec<_> =
            self.queues.iter().filter(|(_, q)| q.enabled && q.off.is_none_or(|off| place(off) == at)).collect();
        if here.is_empty() {
            return;
        }
        let said = value as u16;
        let meant =
            |(queue, q): &(&u32, &Queue)| if by_data { q.data == Some(said) } else { **queue == u32::from(said) };
        if here.iter().any(meant) {
            verdicts.pass(rule);
        } else {
            let what = if by_data { "queue_notif_config_data" } else { "its index" };
            let name = |(queue, q): &(&u32, &Queue)| match q.data {
                _ if !by_data => queue.to_string(),
                Some(data) => format!("{queue} (its data was read as {data:#x})"),
                None => format!("{queue} (its data was not read)"),
            };
            let queues: Vec<_> = here.iter().map(name).collect();
            let seen = format!("{said:#x} written at {at:#x}; queues there: {}", queues.join(", "));
            verdicts.violate(rule, event, format!("a notification names the queue by {what}"), seen);
        }
    }
}

impl Checker for Kicks {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match event.kind {
            EventKind::PciBar { write: true, bar, offset, width, value } if self.progress.live() => {
                if let Some((structure, at)) = self.structures.at(bar, offset)
                    && structure.cfg_type == CfgType::Notify as u8
                {
                    self.notified(at, structure.multiplier, width, value, event, verdicts);
                }
            }
            EventKind::NotifyOffRead { queue, value } => self.queues.entry(queue).or_default().off = Some(value),
            EventKind::NotifConfigDataRead { queue, value } => self.queues.entry(queue).or_default().data = Some(value),
            EventKind::QueueReadyWrite { queue, value: 1 } => self.queues.entry(queue).or_default().enabled = true,
            // What was read of a queue still holds; it is the device's.
            EventKind::StatusWrite { value: 0 } => self.queues.values_mut().for_each(|q| q.enabled = false),
            _ => {}
        }
        self.progress.follow(&event.kind);
    }
}
