//! How a queue's memory has to be when the queue is enabled (§2.7.1, §2.7.10.1).

use std::collections::BTreeSet;

use parakit_abi::requirement::id;
use parakit_abi::ring::split::{AVAIL_ALIGN, DESC_ALIGN, USED_ALIGN};

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind, QueueInfo};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "split: ring memory",
    requirements: &[id::VQ_SPLIT_DRV_LAYOUT_1, id::VQ_SPLIT_DRV_AVAILNOTIF_1],
    make: |info| Some(Box::new(Ring { track: Track::new(info), used_rings: BTreeSet::new() })),
};

struct Ring {
    track: Track,
    /// Where used rings have been before.
    used_rings: BTreeSet<u64>,
}

impl Checker for Ring {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        if let EventKind::QueueEnabled(info) = &event.kind
            && self.track.split()
        {
            alignment(event, info, verdicts);
            // A ring that the driver keeps over a reset was allocated, and initialised, when it was first enabled. What a
            // device has left in it since then is no matter of this rule.
            if self.used_rings.insert(info.device) {
                used_flags(event, info, verdicts);
            }
        }
    }
}

fn alignment(event: &Event, info: &QueueInfo, verdicts: &mut Verdicts) {
    let parts = [
        ("descriptor table", info.desc, DESC_ALIGN),
        ("available ring", info.driver, AVAIL_ALIGN),
        ("used ring", info.device, USED_ALIGN),
    ];
    let mut kept = true;
    for (name, address, align) in parts {
        if !address.is_multiple_of(align as u64) {
            kept = false;
            verdicts.violate(
                id::VQ_SPLIT_DRV_LAYOUT_1,
                event,
                format!("the {name} of queue {} starts at a multiple of {align}", info.queue),
                format!("it starts at {address:#x}"),
            );
        }
    }
    if kept {
        verdicts.pass(id::VQ_SPLIT_DRV_LAYOUT_1);
    }
}

fn used_flags(event: &Event, info: &QueueInfo, verdicts: &mut Verdicts) {
    match info.used_flags {
        Some(0) => verdicts.pass(id::VQ_SPLIT_DRV_AVAILNOTIF_1),
        Some(flags) => verdicts.violate(
            id::VQ_SPLIT_DRV_AVAILNOTIF_1,
            event,
            format!("the flags of a newly allocated used ring (queue {}) are 0", info.queue),
            format!("they are {flags:#x} as the queue is enabled"),
        ),
        None => {}
    }
}
