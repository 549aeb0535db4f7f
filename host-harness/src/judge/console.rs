//! CONSOLE: what a driver owes a console (VIRTIO 1.4 §5.3).

use parakit_abi::device::DeviceType;
use parakit_abi::device::console::{event as control, feature, queue};
use parakit_abi::requirement::id;
use parakit_abi::status::DeviceStatus;

use super::track::Track;
use super::{Checker, CheckerKind, Verdicts};
use crate::observe::event::{Chain, DeviceInfo, Event, EventKind};

/// The checkers of this area.
pub(crate) const KINDS: &[CheckerKind] = &[
    CheckerKind {
        name: "console: buffers",
        requirements: &[id::CONSOLE_DRV_OP_1, id::CONSOLE_DRV_OP_2],
        make: |info| is_console(info).then(|| Box::new(Buffers { track: Track::new(info) }) as Box<dyn Checker>),
    },
    CheckerKind {
        name: "console: control messages",
        requirements: &[id::CONSOLE_DRV_MULTIPORT_1],
        make: |info| {
            is_console(info).then(|| Box::new(Control { track: Track::new(info), ready: false, unseen: false }) as _)
        },
    },
];

fn is_console(info: &DeviceInfo) -> bool {
    info.device_type == DeviceType::CONSOLE.0
}

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
        // Queues come in pairs, the control queues too: even ones receive, odd ones transmit (§5.3.2).
        let receive = chain.queue.is_multiple_of(2);
        let (rule, expected) = if receive {
            (id::CONSOLE_DRV_OP_1, "a receive queue holds only device-writable buffers")
        } else {
            (id::CONSOLE_DRV_OP_2, "a transmit queue holds only device-readable buffers")
        };
        match chain.buffers().position(|d| d.is_writable() != receive) {
            Some(i) => {
                let kind = if receive { "device-readable" } else { "device-writable" };
                let seen = format!("queue {}, chain with head {}: buffer {i} is {kind}", chain.queue, chain.head);
                verdicts.violate(rule, event, expected, seen);
            }
            None if chain.broken.is_none() => verdicts.pass(rule),
            None => {}
        }
    }
}

struct Control {
    track: Track,
    /// The driver has said that it is ready, since it last went live.
    ready: bool,
    /// The driver has notified the control queue, and the device has found nothing in it since: what is there may be that.
    unseen: bool,
}

impl Checker for Control {
    fn event(&mut self, event: &Event, verdicts: &mut Verdicts) {
        match &event.kind {
            EventKind::Notify { queue, .. } if *queue == u32::from(queue::CONTROL_TRANSMIT) => self.unseen = true,
            EventKind::Available(chain) if chain.queue == queue::CONTROL_TRANSMIT => self.unseen = false,
            _ => {}
        }
        match &event.kind {
            EventKind::Available(chain)
                if chain.queue == queue::CONTROL_TRANSMIT
                    && is_ready(chain)
                    && self.track.has(feature::MULTIPORT)
                    && !self.ready =>
            {
                self.ready = true;
                verdicts.pass(id::CONSOLE_DRV_MULTIPORT_1);
            }
            // Before a reset the device looks at all that was published; at the end of a guest it need not have come to that.
            EventKind::StatusWrite { value: 0 } => {
                // A driver that gave up before it came so far owes nothing.
                let used = self.track.live() && !self.track.status.contains(DeviceStatus::FAILED);
                if used && self.track.has(feature::MULTIPORT) && !self.ready && !self.unseen {
                    verdicts.violate(
                        id::CONSOLE_DRV_MULTIPORT_1,
                        event,
                        "a driver that accepted VIRTIO_CONSOLE_F_MULTIPORT sends DEVICE_READY",
                        "it went live and sent none until the device was reset",
                    );
                }
                (self.ready, self.unseen) = (false, false);
            }
            _ => {}
        }
        self.track.event(event);
    }
}

/// Whether a control message is `DEVICE_READY`: le32 id (unused), le16 event, le16 value.
fn is_ready(chain: &Chain) -> bool {
    chain.readable.len() >= 8 && chain.readable[4..6] == control::DEVICE_READY.to_le_bytes()
}
