//! How a packed queue's memory has to be when the queue is enabled (§2.8.11).

use parakit_abi::requirement::id;
use parakit_abi::ring::packed::{DESC_ALIGN, EVENT_ALIGN};

use crate::judge::track::Track;
use crate::judge::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

pub(super) const KIND: CheckerKind = CheckerKind {
    name: "packed: ring memory",
    requirements: &[id::VQ_PACKED_DRV_LAYOUT_1],
    make: |info| Some(Box::new(Ring { track: Track::new(info) })),
};

struct Ring {
    track: Track,
}

impl Checker for Ring {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        let EventKind::QueueEnabled(info) = &event.kind else { return };
        if !self.track.packed() {
            return;
        }
        let parts = [
            ("descriptor ring", info.desc, DESC_ALIGN),
            ("driver event suppression structure", info.driver, EVENT_ALIGN),
            ("device event suppression structure", info.device, EVENT_ALIGN),
        ];
        let mut kept = true;
        for (name, address, align) in parts {
            if !address.is_multiple_of(align as u64) {
                kept = false;
                let expected = format!("the {name} of queue {} starts at a multiple of {align}", info.queue);
                let seen = format!("it starts at {address:#x}");
                verdicts.violate(id::VQ_PACKED_DRV_LAYOUT_1, event, expected, seen);
            }
        }
        if kept {
            verdicts.pass(id::VQ_PACKED_DRV_LAYOUT_1);
        }
    }
}
