//! RNG: what a driver owes an entropy device (VIRTIO 1.4 §5.4).

use parakit_abi::device::DeviceType;
use parakit_abi::requirement::id;

use super::track::Track;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Event, EventKind};

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[CheckerKind {
    name: "entropy: buffers",
    requirements: &[id::RNG_DRV_OP_1],
    make: |info| {
        (info.device_type == DeviceType::ENTROPY.0)
            .then(|| Box::new(Buffers { track: Track::new(info) }) as Box<dyn Checker>)
    },
}];

struct Buffers {
    track: Track,
}

impl Checker for Buffers {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        self.track.event(event);
        let EventKind::Available(chain) = &event.kind else { return };
        if !self.track.rings() {
            return;
        }
        match chain.buffers().position(|d| !d.is_writable()) {
            Some(i) => verdicts.violate(
                id::RNG_DRV_OP_1,
                event,
                "the entropy queue holds only device-writable buffers",
                format!("queue {}, chain with head {}: buffer {i} is device-readable", chain.queue, chain.head),
            ),
            None if chain.broken.is_none() => verdicts.pass(id::RNG_DRV_OP_1),
            None => {}
        }
    }
}
