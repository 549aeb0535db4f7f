//! Events as lines: a raw access and what it means in one line, and what is repeated counted.

use std::borrow::Borrow;

use super::{Decoder, Known, config_space, describe, registers};
use crate::observe::event::{Event, EventKind};

/// One or more events that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Number of the first event of it.
    pub seq: u64,
    /// When it happened, in nanoseconds since the run began.
    pub time_ns: u64,
    /// What happened.
    pub text: String,
}

/// Whether `next` is told together with the events of `group`, the ones of its device directly before it.
///
/// ```
/// use parakit_harness::observe::decode::{Decoder, joins, line};
/// use parakit_harness::observe::{Event, EventKind};
/// let event = |seq, kind| Event { seq, time_ns: 0, device: 0, kind };
/// let events = [
///     event(0, EventKind::Register { write: true, offset: 0x70, width: 4, value: 1 }),
///     event(1, EventKind::StatusWrite { value: 1 }),
/// ];
/// let mut decoder = Decoder::default();
/// assert!(joins(&events[..1], &events[1], &decoder));
/// let told = line(&events, &mut decoder);
/// assert_eq!(told.text, "driver writes the status 0x01 ACKNOWLEDGE (Status at 0x070)");
/// ```
#[must_use]
pub fn joins<E: Borrow<Event>>(group: &[E], next: &Event, decoder: &Decoder) -> bool {
    let Some(last) = group.last().map(Borrow::borrow) else { return false };
    match (&last.kind, &next.kind) {
        // Through the window of configuration space behind a BAR.
        (&EventKind::PciConfig { write, offset, width, .. }, EventKind::PciBar { write: behind, .. }) => {
            let window = config_space::window(&decoder.known(next.device).capabilities);
            let reaches = |at: u16| offset < at.saturating_add(4) && offset.saturating_add(width.into()) > at;
            write == *behind && window.is_some_and(reaches)
        }
        (EventKind::PciConfig { .. }, EventKind::MsixControl { .. }) => true,
        (EventKind::Register { write, .. } | EventKind::PciBar { write, .. }, kind) => means(kind) == Some(*write),
        (EventKind::Notify { .. }, EventKind::NotifyData { .. })
        | (EventKind::Interrupt { .. }, EventKind::Vector { .. })
        | (EventKind::PackedUsed { .. }, EventKind::Used { .. }) => true,
        _ => false,
    }
}

/// The line of a group that is not empty. `decoder` has taken every event before it, and takes these.
pub fn line<E: Borrow<Event>>(group: &[E], decoder: &mut Decoder) -> Line {
    let mut texts: Vec<String> = Vec::new();
    let mut places: Vec<String> = Vec::new();
    for event in group.iter().map(Borrow::borrow) {
        decoder.event(event);
        let known: &Known = decoder.known(event.device);
        match event.kind {
            EventKind::Register { .. } | EventKind::PciBar { .. } | EventKind::PciConfig { .. } if group.len() > 1 => {
                places.push(registers::place(&event.kind, known));
            }
            // What the used descriptor says is said of it before.
            EventKind::Used { .. } if !texts.is_empty() => {}
            _ => texts.push(describe(event, decoder)),
        }
    }
    let first = group.first().map(Borrow::borrow);
    // What an access behind a BAR means may be told nowhere: then it is told raw.
    if let (true, Some(last)) = (texts.is_empty(), group.last()) {
        texts.push(describe(last.borrow(), decoder));
        places.pop();
    }
    places.reverse();
    let place = if places.is_empty() { String::new() } else { format!(" ({})", places.join(", through ")) };
    Line {
        seq: first.map_or(0, |event| event.seq),
        time_ns: first.map_or(0, |event| event.time_ns),
        text: format!("{}{place}", texts.join("; ")),
    }
}

/// Whether an event says what a raw access directly before it means: `Some(true)` of a write, `Some(false)` of a read.
const fn means(kind: &EventKind) -> Option<bool> {
    Some(match kind {
        EventKind::StatusWrite { .. }
        | EventKind::DriverFeaturesWrite { .. }
        | EventKind::ConfigWrite { .. }
        | EventKind::QueueSizeWrite { .. }
        | EventKind::QueueReadyWrite { .. }
        | EventKind::QueueResetWrite { .. }
        | EventKind::VectorWrite { .. }
        | EventKind::Notify { .. }
        | EventKind::InterruptAck { .. } => true,
        EventKind::StatusRead { .. }
        | EventKind::DeviceFeaturesRead { .. }
        | EventKind::ConfigRead { .. }
        | EventKind::ConfigGenerationRead { .. }
        | EventKind::QueueSizeMaxRead { .. }
        | EventKind::QueueReadyRead { .. }
        | EventKind::QueueResetRead { .. }
        | EventKind::VectorRead { .. }
        | EventKind::NotifyOffRead { .. }
        | EventKind::NotifConfigDataRead { .. }
        | EventKind::InterruptStatusRead { .. } => false,
        _ => return None,
    })
}
