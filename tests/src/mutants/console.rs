//! CONSOLE.

use parakit_abi::device::console::{feature, queue};
use parakit_abi::requirement::id;

use super::{Mutant, plain};
use crate::raw::{Driver, Script, Setting};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        requirement: id::CONSOLE_DRV_OP_1,
        name: "readable-receive",
        what: "a readable buffer in the receive queue",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let buffer = d.readable(b"?");
                d.exchange(0, &[buffer]);
            });
        },
    },
    Mutant {
        requirement: id::CONSOLE_DRV_OP_2,
        name: "writable-transmit",
        what: "a byte for the device's answer behind the text to print",
        setting: Setting::console,
        exercise: plain,
        run: |s| {
            s.before("cleanup", |d| {
                let (text, answer) = (d.readable(b"text"), d.writable(1));
                d.exchange(1, &[text, answer]);
            });
        },
    },
    Mutant {
        requirement: id::CONSOLE_DRV_OP_1,
        name: "readable-control-receive",
        what: "a readable buffer in the queue that receives control messages",
        setting: multiport,
        exercise: ready,
        run: |s| {
            s.before("cleanup", |d| {
                let buffer = d.readable(b"?");
                d.exchange(usize::from(queue::CONTROL_RECEIVE), &[buffer]);
            });
        },
    },
    Mutant {
        requirement: id::CONSOLE_DRV_OP_2,
        name: "writable-control-transmit",
        what: "a writable buffer in the queue that transmits control messages",
        setting: multiport,
        exercise: ready,
        run: |s| {
            s.before("cleanup", |d| {
                let buffer = d.writable(8);
                d.exchange(usize::from(queue::CONTROL_TRANSMIT), &[buffer]);
            });
        },
    },
    Mutant {
        requirement: id::CONSOLE_DRV_MULTIPORT_1,
        name: "never-ready",
        what: "several ports accepted, and DEVICE_READY never sent",
        setting: multiport,
        exercise: ready,
        run: |s| s.replace("added", |_| {}),
    },
    Mutant {
        requirement: id::CONSOLE_DRV_MULTIPORT_1,
        name: "wrong-message",
        what: "PORT_READY sent where DEVICE_READY is due",
        setting: multiport,
        exercise: ready,
        run: |s| s.replace("added", |d| control(d, 3)),
    },
];

/// The driver says that it is ready.
fn ready(s: &mut Script) {
    s.after("driver ok", |d| control(d, 0));
}

fn multiport() -> Setting {
    let mut setting = Setting::console().widened(feature::MULTIPORT);
    setting.queues = 4;
    setting
}

/// Sends a control message with value 1 for port 0.
fn control(d: &mut Driver, event: u16) {
    let mut message = [0; 8];
    message[4..6].copy_from_slice(&event.to_le_bytes());
    message[6] = 1;
    let buffer = d.readable(&message);
    d.exchange(usize::from(queue::CONTROL_TRANSMIT), &[buffer]);
}
