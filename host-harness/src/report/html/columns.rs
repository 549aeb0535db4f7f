//! The events of a run as columns of small numbers, which a browser reads quickly and which deflate to little.

use std::collections::HashMap;

use serde::Serialize;

use super::text::Texts;
use crate::observe::event::{Alteration, Chain, EventKind, TransportKind};
use crate::observe::{Event, decode};

/// Descriptors of chains kept in a run, at most; later chains are kept without.
const MOST_LINKS: usize = 1_000_000;
/// Characters of a text kept, at most.
const LONGEST_TEXT: usize = 2000;

/// What the page gets of a run's events. Columns whose name says so hold differences: `seq` and `time` from the event before, `a` to `d` from the last event
/// of the same kind and queue.
#[derive(Debug, Default, Serialize)]
pub(super) struct Columns {
    /// Names of the kinds.
    kinds: Vec<&'static str>,
    devices: Vec<Device>,
    kind: Vec<usize>,
    seq_delta: Vec<i64>,
    time_delta: Vec<i64>,
    device: Vec<u16>,
    /// -1 for events of no queue.
    queue: Vec<i64>,
    a_delta: Vec<i64>,
    b_delta: Vec<i64>,
    c_delta: Vec<i64>,
    d_delta: Vec<i64>,
    links: Links,
    texts: Texts,
    /// Place of the first event behind each gap, and how many events were left out there.
    gaps: Vec<(usize, u64)>,
    #[serde(skip)]
    last: HashMap<(usize, i64), [i64; 4]>,
    #[serde(skip)]
    last_seq: i64,
    #[serde(skip)]
    last_time: i64,
}

/// A device, and the place of the event that tells of it.
#[derive(Debug, Serialize)]
struct Device {
    at: usize,
    device: u16,
    name: String,
    device_type: u32,
    transport: TransportKind,
}

/// The descriptors of all chains, one after the other.
#[derive(Debug, Default, Serialize)]
struct Links {
    index: Vec<u16>,
    indirect: Vec<u8>,
    /// Differences from the link before.
    addr_low_delta: Vec<i64>,
    addr_high: Vec<u32>,
    len: Vec<u32>,
    flags: Vec<u16>,
    next: Vec<u16>,
    #[serde(skip)]
    last: i64,
}

impl Links {
    /// Adds those of a chain: how many were kept.
    fn push(&mut self, chain: &Chain) -> usize {
        if self.index.len() + chain.links.len() > MOST_LINKS {
            return 0;
        }
        for link in &chain.links {
            self.index.push(link.index);
            self.indirect.push(u8::from(link.indirect));
            let low = link.addr & 0xffff_ffff;
            self.addr_low_delta.push(low as i64 - self.last);
            self.last = low as i64;
            self.addr_high.push((link.addr >> 32) as u32);
            self.len.push(link.len);
            self.flags.push(link.flags);
            self.next.push(link.next);
        }
        chain.links.len()
    }
}

impl Columns {
    /// Adds an event.
    pub(super) fn push(&mut self, event: &Event, decoder: &decode::Decoder) {
        if let EventKind::Device(info) = &event.kind {
            self.devices.push(Device {
                at: self.kind.len(),
                device: event.device,
                name: info.name.clone(),
                device_type: info.device_type,
                transport: info.transport,
            });
        }
        let links = if let EventKind::Available(chain) = &event.kind { self.links.push(chain) } else { 0 };
        let (name, queue, numbers) = numbers(&event.kind, links);
        let kind = self.kinds.iter().position(|n| *n == name).unwrap_or_else(|| {
            self.kinds.push(name);
            self.kinds.len() - 1
        });
        self.kind.push(kind);
        self.device.push(event.device);
        self.queue.push(queue);
        self.seq_delta.push(difference(&mut self.last_seq, event.seq as i64));
        self.time_delta.push(difference(&mut self.last_time, event.time_ns as i64));
        let last = self.last.entry((kind, queue)).or_default();
        let columns = [&mut self.a_delta, &mut self.b_delta, &mut self.c_delta, &mut self.d_delta];
        for ((column, number), last) in columns.into_iter().zip(numbers).zip(last) {
            column.push(difference(last, number));
        }
        let text = decode::describe(event, decoder);
        match text.char_indices().nth(LONGEST_TEXT) {
            Some((end, _)) => self.texts.push(&format!("{} ...", &text[..end])),
            None => self.texts.push(&text),
        }
    }

    /// Events are left out here.
    pub(super) fn gap(&mut self, events: u64) {
        self.gaps.push((self.kind.len(), events));
    }
}

fn difference(last: &mut i64, now: i64) -> i64 {
    let difference = now.wrapping_sub(*last);
    *last = now;
    difference
}

/// Name of a kind, its queue (-1: none), and the numbers that the timeline draws from.
fn numbers(kind: &EventKind, links: usize) -> (&'static str, i64, [i64; 4]) {
    use EventKind as K;
    let flag = |is: bool| i64::from(is);
    let none = -1;
    match kind {
        K::Device(_) => ("device", none, [0; 4]),
        K::Register { write, .. } => ("register", none, [flag(*write), 0, 0, 0]),
        K::PciConfig { write, .. } => ("pci_config", none, [flag(*write), 0, 0, 0]),
        K::PciBar { write, .. } => ("pci_bar", none, [flag(*write), 0, 0, 0]),
        K::StatusRead { value } => ("status_read", none, [i64::from(*value), 0, 0, 0]),
        K::StatusWrite { value } => ("status_write", none, [i64::from(*value), 0, 0, 0]),
        K::ResetDone => ("reset_done", none, [0; 4]),
        K::DeviceFeaturesRead { word, value } => ("device_features_read", none, two(*word, *value)),
        K::DriverFeaturesWrite { word, value } => ("driver_features_write", none, two(*word, *value)),
        K::ConfigRead { .. } => ("config_read", none, [0; 4]),
        K::ConfigWrite { .. } => ("config_write", none, [0; 4]),
        K::ConfigGenerationRead { .. } => ("config_generation_read", none, [0; 4]),
        K::ConfigChanged { .. } => ("config_changed", none, [0; 4]),
        K::QueueSizeMaxRead { queue, value } => ("queue_size_max_read", i64::from(*queue), two(*value, 0)),
        K::QueueSizeWrite { queue, value } => ("queue_size_write", i64::from(*queue), two(*value, 0)),
        K::QueueReadyRead { queue, value } => ("queue_ready_read", i64::from(*queue), two(*value, 0)),
        K::QueueReadyWrite { queue, value } => ("queue_ready_write", i64::from(*queue), two(*value, 0)),
        K::QueueResetRead { queue, value } => ("queue_reset_read", i64::from(*queue), two(*value, 0)),
        K::QueueResetWrite { queue, value } => ("queue_reset_write", i64::from(*queue), two(*value, 0)),
        K::QueueEnabled(info) => {
            ("queue_enabled", i64::from(info.queue), [i64::from(info.size), flag(info.packed), 0, 0])
        }
        K::Started { .. } => ("started", none, [0; 4]),
        K::Stopped { queue } => ("stopped", i64::from(*queue), [0; 4]),
        K::Resumed { queue } => ("resumed", i64::from(*queue), [0; 4]),
        K::VectorWrite { queue, value } => {
            ("vector_write", queue.map_or(none, i64::from), [i64::from(*value), 0, 0, 0])
        }
        K::VectorRead { queue, value } => ("vector_read", queue.map_or(none, i64::from), [i64::from(*value), 0, 0, 0]),
        K::MsixControl { enabled, masked } => ("msix_control", none, [flag(*enabled), flag(*masked), 0, 0]),
        K::NotifyOffRead { queue, .. } => ("notify_off_read", i64::from(*queue), [0; 4]),
        K::NotifConfigDataRead { queue, .. } => ("notif_config_data_read", i64::from(*queue), [0; 4]),
        K::Notify { queue, count } => ("notify", i64::from(*queue), [(*count).min(1 << 52) as i64, 0, 0, 0]),
        K::NotifyData { queue, next } => ("notify_data", i64::from(*queue), [i64::from(*next), 0, 0, 0]),
        K::Interrupt { reasons, spurious } => ("interrupt", none, [i64::from(*reasons), flag(*spurious), 0, 0]),
        K::Vector { vector } => ("vector", none, [vector.map_or(-1, i64::from), 0, 0, 0]),
        K::InterruptStatusRead { value } => ("interrupt_status_read", none, two(*value, 0)),
        K::InterruptAck { value } => ("interrupt_ack", none, two(*value, 0)),
        K::PackedSuppression { queue, driver_off_wrap, driver_flags, device_off_wrap, device_flags } => (
            "packed_suppression",
            i64::from(*queue),
            [*driver_off_wrap, *driver_flags, *device_off_wrap, *device_flags].map(i64::from),
        ),
        K::PackedUsed { queue, position, id, len, .. } => {
            ("packed_used", i64::from(*queue), [i64::from(*position), i64::from(*id), i64::from(*len), 0])
        }
        K::AvailIdx { queue, old, new } => ("avail_idx", i64::from(*queue), [i64::from(*old), i64::from(*new), 0, 0]),
        K::Available(chain) => (
            "available",
            i64::from(chain.queue),
            [i64::from(chain.slot), i64::from(chain.head), links as i64, flag(chain.broken.is_some())],
        ),
        K::Suppression { queue, avail_flags, used_event, used_flags, avail_event } => {
            ("suppression", i64::from(*queue), [*avail_flags, *used_event, *used_flags, *avail_event].map(i64::from))
        }
        K::Used { queue, slot, id, len } => {
            ("used", i64::from(*queue), [i64::from(*slot), i64::from(*id), i64::from(*len), 0])
        }
        K::Altered { queue, head, what } => {
            let place = match what {
                Alteration::Descriptor { was, .. } => i64::from(was.index),
                Alteration::AvailableEntry { .. } => none,
            };
            ("altered", i64::from(*queue), [i64::from(*head), place, 0, 0])
        }
        K::Quiet { queue, seen, avail_idx, .. } => {
            ("quiet", i64::from(*queue), [i64::from(*seen), i64::from(*avail_idx), 0, 0])
        }
        K::Provoke { .. } => ("provoke", none, [0; 4]),
        K::Finding { passed, violated, .. } => ("finding", none, two(*passed, *violated)),
        K::Signal { .. } => ("signal", none, [0; 4]),
        K::Dropped { .. } => ("dropped", none, [0; 4]),
        K::End { .. } => ("end", none, [0; 4]),
    }
}

fn two(a: u32, b: u32) -> [i64; 4] {
    [i64::from(a), i64::from(b), 0, 0]
}
