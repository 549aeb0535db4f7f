//! The devices of a PC that are no virtio devices, as far as kernels by others expect them: a serial port, a clock, the ports that end or
//! restart a machine. All are behind I/O ports; interrupt controllers and timer are KVM's own.

mod clock;
mod keyboard;
mod power;
mod serial;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parakit_abi::boot::{PORT_DEBUG, PORT_EXIT};
use vmm_sys_util::eventfd::EventFd;

use self::clock::Clock;
use self::keyboard::Keyboard;
use self::power::Power;
use self::serial::SerialPort;

pub(super) use self::power::{PM_CONTROL, PM_EVENT, PM_TIMER, PORT_RESET, RESET_VALUE};
pub(super) use self::serial::{IRQ as SERIAL_IRQ, PORT as PORT_SERIAL};

/// Most bytes of output that wait to be taken.
const OUTPUT_WAITING: usize = 1 << 20;
/// Most bytes of input that wait for the guest to read them.
const INPUT_WAITING: usize = 4096;

/// How a guest ends its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PcEnd {
    /// It wrote this to the exit port.
    Exit(u32),
    /// It wants to start again.
    Reset,
    /// It switched itself off.
    PowerOff,
}

/// What became of a write to a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Nothing here has that port.
    Nobody,
    /// It was taken.
    Taken,
    /// And the run is over.
    End(PcEnd),
}

/// What a guest prints and nobody has taken yet: the serial port's and the debug port's bytes, in one order.
#[derive(Clone, Default)]
pub(super) struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for Output {
    /// What does not fit is lost: a guest that prints faster than is listened to is not to fill the host's memory.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut waiting = self.bytes();
        let room = OUTPUT_WAITING.saturating_sub(waiting.len()).min(bytes.len());
        waiting.extend_from_slice(&bytes[..room]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The devices. One lock for all: none of them is in anybody's hot path.
pub(super) struct Pc {
    output: Output,
    devices: Mutex<Devices>,
}

struct Devices {
    serial: SerialPort,
    clock: Clock,
    keyboard: Keyboard,
    power: Power,
    /// Waits for room in the serial port.
    input: Vec<u8>,
}

impl Pc {
    /// The devices of a machine with `memory_bytes` of memory, of which the serial port interrupts by `serial_interrupt`.
    pub(super) fn new(memory_bytes: u64, serial_interrupt: EventFd) -> Self {
        let output = Output::default();
        let devices = Devices {
            serial: SerialPort::new(serial_interrupt, output.clone()),
            clock: Clock::new(memory_bytes),
            keyboard: Keyboard::default(),
            power: Power::new(),
            input: Vec::new(),
        };
        Self { output, devices: Mutex::new(devices) }
    }

    fn devices(&self) -> MutexGuard<'_, Devices> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was printed since this was last asked.
    pub(super) fn take_output(&self) -> Vec<u8> {
        std::mem::take(&mut *self.output.bytes())
    }

    /// Whether there is room for more input.
    pub(super) fn wants_input(&self) -> bool {
        self.devices().input.len() < INPUT_WAITING
    }

    /// Gives the guest input, which waits for its serial port to have room.
    pub(super) fn feed(&self, input: &[u8]) {
        let mut devices = self.devices();
        devices.input.extend_from_slice(input);
        devices.pump();
    }

    /// The guest reads `data.len()` bytes from a port; `false` if nothing here has it, and then nothing was done.
    pub(super) fn read(&self, port: u16, data: &mut [u8]) -> bool {
        let mut devices = self.devices();
        let Devices { serial, clock, keyboard, power, .. } = &mut *devices;
        if power.read(port, data) {
            return true;
        }
        let mut byte = || {
            Some(match port {
                // The debug console answers with its own number, as elsewhere.
                PORT_DEBUG => PORT_DEBUG as u8,
                PORT_EXIT => 0,
                _ => serial.read(port).or_else(|| clock.read(port)).or_else(|| keyboard.read(port))?,
            })
        };
        // Several bytes are several accesses to one port: of a string instruction.
        let Some(first) = byte() else { return false };
        let mut bytes = data.iter_mut();
        if let Some(to) = bytes.next() {
            *to = first;
        }
        for to in bytes {
            *to = byte().unwrap_or(0xff);
        }
        devices.pump();
        true
    }

    /// The guest writes `data` to a port.
    pub(super) fn write(&self, port: u16, data: &[u8]) -> Written {
        let mut devices = self.devices();
        if port == PORT_EXIT {
            return Written::End(PcEnd::Exit(little_endian(data)));
        }
        if port == PORT_DEBUG {
            // Never fails.
            let _ = io::Write::write(&mut self.output.clone(), data);
            return Written::Taken;
        }
        match devices.power.write(port, data) {
            Written::Nobody => {}
            written => return written,
        }
        let mut written = Written::Nobody;
        for &byte in data {
            written = devices.write_byte(port, byte);
            if written != Written::Taken {
                break;
            }
        }
        devices.pump();
        written
    }
}

impl Devices {
    fn write_byte(&mut self, port: u16, byte: u8) -> Written {
        if self.serial.write(port, byte) || self.clock.write(port, byte) {
            return Written::Taken;
        }
        self.keyboard.write(port, byte)
    }

    /// Moves input into the serial port, as far as it has room.
    fn pump(&mut self) {
        if !self.input.is_empty() {
            let taken = self.serial.enqueue(&self.input);
            self.input.drain(..taken);
        }
    }
}

/// The first value of a port write, however wide.
fn little_endian(data: &[u8]) -> u32 {
    let mut bytes = [0; 4];
    for (to, from) in bytes.iter_mut().zip(data) {
        *to = *from;
    }
    u32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests;
