//! Input device (VIRTIO 1.4 §5.8): a keyboard, a mouse or a tablet.

use std::collections::VecDeque;

use parakit_abi::device::DeviceType;
use parakit_abi::device::input::{AxisInfo, DeviceIds, InputEvent, code, config, event_type, queue, select};
use parakit_abi::feature::Features;

use super::{Control, Counters, DeviceModel, Effect, Outcome, Recorder};
use crate::queue::Request;

/// Most events that wait for buffers; whole updates beyond that are dropped (§5.8.6.2).
const MAX_WAITING: usize = 1024;
/// Most events of one update.
const MAX_UPDATE: usize = 64;
/// Bus of devices that are not there (`BUS_VIRTUAL` of the evdev layer).
const BUS_VIRTUAL: u16 = 6;
/// Last code of the keys of a keyboard.
const LAST_KEY: u16 = 127;
/// Lamps: num lock, caps lock, scroll lock.
const LAMPS: [u16; 3] = [0, 1, 2];
/// Greatest coordinate of a tablet.
const TABLET_MAX: u32 = 0x7fff;

/// What an input device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Keys and three lamps.
    Keyboard,
    /// Three buttons, two relative axes and a wheel.
    Mouse,
    /// Three buttons and two absolute axes, 0 to 32767.
    Tablet,
}

impl InputKind {
    /// Its name, as users write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keyboard => "keyboard",
            Self::Mouse => "mouse",
            Self::Tablet => "tablet",
        }
    }

    /// Codes that it has of an event type.
    fn codes(self, kind: u16) -> Vec<u16> {
        const BUTTONS: [u16; 3] = [code::BTN_LEFT, code::BTN_RIGHT, code::BTN_MIDDLE];
        match (self, kind) {
            (Self::Keyboard, event_type::KEY) => (1..=LAST_KEY).collect(),
            (Self::Keyboard, event_type::LED) => LAMPS.to_vec(),
            (Self::Mouse | Self::Tablet, event_type::KEY) => BUTTONS.to_vec(),
            (Self::Mouse, event_type::REL) => vec![code::REL_X, code::REL_Y, code::REL_WHEEL],
            (Self::Tablet, event_type::ABS) => vec![code::ABS_X, code::ABS_Y],
            _ => Vec::new(),
        }
    }
}

/// What an input device is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputOptions {
    /// What it is.
    pub kind: InputKind,
    /// Its name, cut at 128 bytes.
    pub name: String,
    /// Its serial number, cut at 128 bytes.
    pub serial: String,
    /// Largest size of each queue.
    pub queue_size: u16,
}

impl InputOptions {
    /// A device of this kind with queues of 64 entries.
    #[must_use]
    pub fn new(kind: InputKind) -> Self {
        Self { kind, name: format!("parakit {}", kind.name()), serial: "parakit-0".to_owned(), queue_size: 64 }
    }
}

/// An input device whose events come from [`Control::Input`].
#[derive(Debug)]
pub struct Input {
    options: InputOptions,
    select: u8,
    subsel: u8,
    /// Events that wait, whole updates each, but for the first one, which may be under way.
    waiting: VecDeque<InputEvent>,
    /// The first event that waits is not the first one of its update.
    under_way: bool,
    /// The driver asked for something else.
    asked: bool,
    status: Recorder<InputEvent>,
    counters: Counters,
}

impl Input {
    /// A device that nobody touches yet. What the driver tells it (lamps) goes to `status`.
    #[must_use]
    pub fn new(options: InputOptions, status: Recorder<InputEvent>) -> Self {
        let counters = Counters::for_queues(2);
        Self {
            options,
            select: 0,
            subsel: 0,
            waiting: VecDeque::new(),
            under_way: false,
            asked: false,
            status,
            counters,
        }
    }

    /// The answer to what the driver selected; empty when there is none (§5.8.5.2).
    fn answer(&self) -> Vec<u8> {
        let cut = |text: &str| text.as_bytes()[..text.len().min(config::DATA_BYTES)].to_vec();
        let kind = self.options.kind;
        match (self.select, self.subsel) {
            (select::ID_NAME, 0) => cut(&self.options.name),
            (select::ID_SERIAL, 0) => cut(&self.options.serial),
            (select::ID_DEVIDS, 0) => {
                let ids = DeviceIds { bustype: BUS_VIRTUAL, vendor: 0, product: 1 + kind as u16, version: 1 };
                ids.to_le_bytes().to_vec()
            }
            (select::EV_BITS, sub) => bitmap(&kind.codes(sub.into())),
            (select::ABS_INFO, axis) if kind.codes(event_type::ABS).contains(&axis.into()) => {
                AxisInfo { max: TABLET_MAX, ..AxisInfo::default() }.to_le_bytes().to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// An update waits, or is dropped as a whole when too much waits already.
    fn update(&mut self, events: &[InputEvent]) -> Effect {
        let ended = events.last() == Some(&InputEvent::SYN);
        let count = events.len() + usize::from(!ended);
        if events.is_empty() || count > MAX_UPDATE || self.waiting.len() + count > MAX_WAITING {
            return Effect::None;
        }
        self.waiting.extend(events);
        if !ended {
            self.waiting.push_back(InputEvent::SYN);
        }
        Effect::Wake(queue::EVENT)
    }

    fn give(&mut self, request: &mut Request<'_>) -> Outcome {
        // The driver owes buffers of at least one event (§5.8.6.1).
        if request.fault().is_some() || request.writable_len() < InputEvent::SIZE as u64 {
            self.counters.errors += 1;
            self.counters.requests[usize::from(queue::EVENT)] += 1;
            return Outcome::Used(0);
        }
        let Some(event) = self.waiting.pop_front() else { return Outcome::Wait };
        self.under_way = event != InputEvent::SYN;
        self.counters.requests[usize::from(queue::EVENT)] += 1;
        self.counters.bytes_to_guest += InputEvent::SIZE as u64;
        Outcome::Used(request.write(0, &event.to_le_bytes()) as u32)
    }

    fn take(&mut self, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(queue::STATUS)] += 1;
        let mut bytes = [0; InputEvent::SIZE];
        if request.fault().is_none() && request.read(&mut bytes) {
            self.counters.bytes_from_guest += InputEvent::SIZE as u64;
            self.status.push(InputEvent::from_le_bytes(bytes), InputEvent::SIZE);
        } else {
            self.counters.errors += 1;
        }
        Outcome::Used(0)
    }
}

/// A bitmap with these bits, as long as it has to be.
fn bitmap(codes: &[u16]) -> Vec<u8> {
    let bytes = codes.iter().max().map_or(0, |last| usize::from(*last) / 8 + 1);
    let mut bits = vec![0; bytes];
    for code in codes {
        bits[usize::from(*code) / 8] |= 1 << (code % 8);
    }
    bits
}

impl DeviceModel for Input {
    fn device_type(&self) -> DeviceType {
        DeviceType::INPUT
    }

    fn features(&self) -> Features {
        Features::NONE
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 2]
    }

    fn config(&self) -> Vec<u8> {
        let answer = self.answer();
        let mut space = vec![0; config::SIZE as usize];
        space[config::SELECT as usize] = self.select;
        space[config::SUBSEL as usize] = self.subsel;
        space[config::SIZE_OF_ANSWER as usize] = answer.len() as u8;
        space[config::DATA as usize..][..answer.len()].copy_from_slice(&answer);
        space
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        let before = (self.select, self.subsel);
        for (at, byte) in (offset..).zip(data) {
            match at {
                0 => self.select = *byte,
                1 => self.subsel = *byte,
                _ => {}
            }
        }
        self.asked |= before != (self.select, self.subsel);
    }

    /// Updates that wait stay; the rest of one that is under way is of no use to the next driver.
    fn reset(&mut self) {
        (self.select, self.subsel, self.asked) = (0, 0, false);
        while std::mem::take(&mut self.under_way) {
            self.under_way = self.waiting.pop_front().is_some_and(|event| event != InputEvent::SYN);
        }
    }

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        if queue == queue::EVENT { self.give(request) } else { self.take(request) }
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            Control::Input(events) => self.update(events),
            _ => Effect::None,
        }
    }

    fn effects(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.asked) { vec![Effect::ConfigAnswers] } else { Vec::new() }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}
