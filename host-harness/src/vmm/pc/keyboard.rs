//! The keyboard controller (8042), as far as kernels ask it: it restarts the machine, opens the A20 gate that is open, and has no keyboard.

use std::collections::VecDeque;

use super::{PcEnd, Written};

const PORT_DATA: u16 = 0x60;
const PORT_COMMAND: u16 = 0x64;

/// Status: there is something to read.
const OUTPUT_FULL: u8 = 1;
/// Status: the controller was tested.
const TESTED: u8 = 4;
/// Most bytes that wait to be read.
const WAITING: usize = 16;

/// Commands of the controller.
mod command {
    pub(super) const READ_CONFIG: u8 = 0x20;
    pub(super) const WRITE_CONFIG: u8 = 0x60;
    pub(super) const TEST: u8 = 0xaa;
    pub(super) const TEST_PORT_1: u8 = 0xab;
    pub(super) const TEST_PORT_2: u8 = 0xa9;
    pub(super) const READ_OUTPUT: u8 = 0xd0;
    pub(super) const WRITE_OUTPUT: u8 = 0xd1;
    /// Pulses output lines whose bits are zero; line 0 is the CPU's reset.
    pub(super) const PULSE: std::ops::RangeInclusive<u8> = 0xf0..=0xff;
}

/// The controller passed its test.
const TEST_PASSED: u8 = 0x55;
/// Nothing is on that port: its clock line is stuck.
const NO_DEVICE: u8 = 0x01;
/// Output port: A20 open, and no reset.
const OUTPUT_PORT: u8 = 0x03;

#[derive(Default)]
pub(super) struct Keyboard {
    config: u8,
    /// The command whose byte comes next.
    expects: Option<u8>,
    answers: VecDeque<u8>,
}

impl Keyboard {
    pub(super) fn read(&mut self, port: u16) -> Option<u8> {
        match port {
            PORT_DATA => Some(self.answers.pop_front().unwrap_or(0)),
            PORT_COMMAND => Some(TESTED | if self.answers.is_empty() { 0 } else { OUTPUT_FULL }),
            _ => None,
        }
    }

    pub(super) fn write(&mut self, port: u16, byte: u8) -> Written {
        match port {
            PORT_COMMAND => return self.command(byte),
            PORT_DATA => match self.expects.take() {
                Some(command::WRITE_CONFIG) => self.config = byte,
                Some(command::WRITE_OUTPUT) if byte & 1 == 0 => return Written::End(PcEnd::Reset),
                // For a keyboard that is not there, and so does not answer.
                _ => {}
            },
            _ => return Written::Nobody,
        }
        Written::Taken
    }

    fn command(&mut self, byte: u8) -> Written {
        self.expects = None;
        match byte {
            command::READ_CONFIG => self.answer(self.config),
            command::WRITE_CONFIG | command::WRITE_OUTPUT => self.expects = Some(byte),
            command::TEST => self.answer(TEST_PASSED),
            command::TEST_PORT_1 | command::TEST_PORT_2 => self.answer(NO_DEVICE),
            command::READ_OUTPUT => self.answer(OUTPUT_PORT),
            pulse if command::PULSE.contains(&pulse) && pulse & 1 == 0 => return Written::End(PcEnd::Reset),
            _ => {}
        }
        Written::Taken
    }

    fn answer(&mut self, byte: u8) {
        if self.answers.len() < WAITING {
            self.answers.push_back(byte);
        }
    }
}
