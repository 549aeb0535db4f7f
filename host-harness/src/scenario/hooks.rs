//! What a scenario does while its guest runs: acts on signals, passes the log on, ends when the user has enough.

use std::sync::atomic::{AtomicBool, Ordering};

use parakit_abi::device::input::{InputEvent, event_type};
use parakit_abi::mailbox::signal;

use crate::device::Control;
use crate::observe::{EventKind, EventLog};
use crate::transport::device::VirtioDevice;
use crate::vmm::Hooks;

use super::session::Session;

/// Most bytes of console input that a guest may ask for.
const MAX_INPUT: u64 = 1 << 20;

pub(super) struct SessionHooks<'s> {
    devices: &'s [VirtioDevice],
    events: &'s EventLog,
    cancelled: &'s AtomicBool,
    log: fn(&str),
    input: Option<fn() -> Vec<u8>>,
}

impl<'s> SessionHooks<'s> {
    pub(super) fn new(session: &'s Session, devices: &'s [VirtioDevice], events: &'s EventLog) -> Self {
        Self { devices, events, cancelled: &session.cancelled, log: session.log, input: session.input }
    }
}

impl Hooks for SessionHooks<'_> {
    fn signal(&mut self, code: u32, argument: u64) -> u64 {
        act(self.devices, self.events, code, argument)
    }

    fn log(&mut self, text: &str) {
        (self.log)(text);
    }

    fn cancelled(&self) -> bool {
        if let Some(typed) = self.input.map(|input| input()).filter(|typed| !typed.is_empty()) {
            let control = Control::ConsoleInput(typed);
            self.devices.iter().any(|device| device.control(&control));
        }
        self.cancelled.load(Ordering::Relaxed)
    }
}

fn key(code: u16, value: u32) -> InputEvent {
    InputEvent { event_type: event_type::KEY, code, value }
}

/// Acts on a signal. 1 when a device had a use for it (the first one that has takes it), 0 otherwise.
fn act(devices: &[VirtioDevice], events: &EventLog, code: u32, argument: u64) -> u64 {
    events.emit(0, EventKind::Signal { code, argument });
    let control = match code {
        signal::PHASE => return 1,
        signal::SPURIOUS_INTERRUPT => {
            let device = usize::try_from(argument).ok().and_then(|i| devices.get(i));
            return device.map_or(0, |d| {
                d.raise_spurious();
                1
            });
        }
        signal::BLOCK_RESIZE => Control::Capacity(argument),
        signal::CONSOLE_RESIZE => Control::ConsoleSize { cols: argument as u16, rows: (argument >> 16) as u16 },
        signal::CONSOLE_INPUT => Control::ConsoleInput((0..argument.min(MAX_INPUT)).map(|i| i as u8).collect()),
        signal::INPUT_KEYS => {
            let keys = (0..argument.min(signal::MAX_KEYS)).map(signal::key_code);
            let updates = keys.flat_map(|code| [1, 0].map(|value| Control::Input(vec![key(code, value)])));
            // Every one of them, also after one that no device took.
            let refused = updates.filter(|update| !devices.iter().any(|device| device.control(update))).count();
            return u64::from(refused == 0);
        }
        _ => return 0,
    };
    u64::from(devices.iter().any(|device| device.control(&control)))
}
