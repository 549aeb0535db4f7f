//! Queues that a driver filled and never notified of, in a run that ended before the driver was done with the device. The rules about
//! notifications convict nobody then, since the notification might have come yet; a run in which a device got to its work only because this one
//! goes on by itself is no success all the same.

use std::collections::BTreeMap;

use super::{Event, EventKind};

/// A queue that was not notified since it was enabled.
#[derive(Default)]
struct Unheard {
    /// Waits of the device that were in vain, and the first of them: its event, and its length.
    silences: u64,
    first: Option<(u64, u64)>,
}

/// What is known of a device.
struct Seen {
    name: String,
    queues: BTreeMap<u16, Unheard>,
    /// The device has departed from the plain one, and may not have asked for a notification.
    provoked: bool,
}

/// Finds such queues in the events of a run.
#[derive(Default)]
pub(super) struct Unnotified {
    devices: BTreeMap<u16, Seen>,
}

impl Unnotified {
    /// Takes the next event of the run.
    pub(super) fn event(&mut self, event: &Event) {
        if let EventKind::Device(info) = &event.kind {
            let seen = Seen { name: info.name.clone(), queues: BTreeMap::new(), provoked: false };
            self.devices.insert(event.device, seen);
        }
        let Some(Seen { queues, provoked, .. }) = self.devices.get_mut(&event.device) else { return };
        match &event.kind {
            EventKind::QueueEnabled(info) => {
                queues.insert(info.queue, Unheard::default());
            }
            EventKind::Notify { queue, .. } => {
                if let Ok(queue) = u16::try_from(*queue) {
                    queues.remove(&queue);
                }
            }
            EventKind::Quiet { queue, waited_ns, .. } => {
                if let Some(unheard) = queues.get_mut(queue) {
                    unheard.silences += 1;
                    unheard.first.get_or_insert((event.seq, *waited_ns));
                }
            }
            // The driver is done with the device, and the rules tell what was missing.
            EventKind::StatusWrite { value: 0 } | EventKind::Started { .. } => queues.clear(),
            EventKind::End { reason } if reason == EventKind::FINISHED => queues.clear(),
            EventKind::Provoke { .. } => *provoked = true,
            _ => {}
        }
    }

    /// The run is over: a sentence for each such queue.
    pub(super) fn finish(self) -> Vec<String> {
        let plain = self.devices.into_values().filter(|seen| !seen.provoked);
        plain
            .flat_map(|Seen { name, queues, .. }| {
                queues.into_iter().filter_map(move |(queue, unheard)| unheard.sentence(&name, queue))
            })
            .collect()
    }
}

impl Unheard {
    fn sentence(self, name: &str, queue: u16) -> Option<String> {
        let (seq, waited_ns) = self.first?;
        let times = match self.silences {
            1 => String::new(),
            times => format!(", {times} times"),
        };
        Some(format!(
            "the driver of {name} never notified it of queue {queue}, in which it made buffers available: the device asked for a notification, \
             waited {} ms in vain{times} (first at event {seq}), and went on by itself, which others do not",
            waited_ns / 1_000_000
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Lapses;
    use crate::observe::event::{DeviceInfo, QueueInfo, TransportKind};

    fn told(kinds: &[EventKind]) -> Vec<String> {
        let info = EventKind::Device(DeviceInfo {
            name: "disk".to_owned(),
            device_type: 2,
            transport: TransportKind::Mmio,
            offered: [0; 2],
            queue_max: vec![8],
            config: Vec::new(),
            identity: [0; 3],
            pci: None,
            assigned: true,
        });
        let enabled = EventKind::QueueEnabled(QueueInfo {
            queue: 0,
            size: 8,
            desc: 0,
            driver: 0x1000,
            device: 0x2000,
            packed: false,
            avail_flags: None,
            avail_idx: None,
            used_flags: None,
            used_idx: None,
        });
        let event = |(seq, kind)| Event { seq, time_ns: 0, device: 0, kind };
        let kinds = [info, enabled].into_iter().chain(kinds.iter().cloned());
        Lapses::of(&(0..).zip(kinds).map(event).collect::<Vec<_>>())
    }

    const QUIET: EventKind = EventKind::Quiet { queue: 0, seen: 0, avail_idx: 1, waited_ns: 200_000_000 };
    const NOTIFY: EventKind = EventKind::Notify { queue: 0, count: 1 };

    fn end(reason: &str) -> EventKind {
        EventKind::End { reason: reason.to_owned() }
    }

    #[test]
    fn a_queue_that_is_never_notified_is_told() {
        let once = told(&[QUIET, end("deadline")]);
        assert!(once[0].contains("the driver of disk never notified it of queue 0"), "{once:?}");
        assert!(once[0].contains("waited 200 ms in vain (first at event 2)"), "{once:?}");
        let often = told(&[QUIET, QUIET, QUIET]);
        assert!(often.len() == 1 && often[0].contains("in vain, 3 times (first"), "{often:?}");
    }

    #[test]
    fn nothing_is_told_of_others() {
        assert_eq!(told(&[end("deadline")]), [""; 0], "nothing was made available");
        assert_eq!(told(&[NOTIFY, QUIET]), [""; 0], "it does notify, and may be slow");
        assert_eq!(told(&[QUIET, QUIET, NOTIFY]), [""; 0], "one notification for all");
        assert_eq!(told(&[QUIET, EventKind::StatusWrite { value: 0 }]), [""; 0], "the rules tell of it");
        assert_eq!(told(&[QUIET, end(EventKind::FINISHED)]), [""; 0], "the rules tell of it");
        let provoked = EventKind::Provoke { what: "used-flags-garbage".to_owned() };
        assert_eq!(told(&[provoked, QUIET]), [""; 0], "the device may not have asked");
    }
}
