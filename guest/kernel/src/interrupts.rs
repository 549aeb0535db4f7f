//! Which interrupts a device has, and waiting for them.

use alloc::sync::Arc;
use alloc::vec::Vec;

use parakit::transport::pci::Message;
use parakit_abi::boot::FIRST_VECTOR;
use parakit_abi::mailbox::DeviceEntry;
use parakit_exercise::Cpu;

use crate::arch::interrupts as arch;
use crate::{time, vectors, wait};

/// Messages that a PCI function is given: for its configuration, and for seven queues. More queues share them.
const MESSAGES: usize = 8;

/// The interrupts of all devices. Clones are the same.
#[derive(Clone)]
pub(crate) struct Interrupts {
    devices: Arc<[Vectors]>,
    cpus: usize,
}

/// The interrupt vectors of a device.
struct Vectors {
    /// Of its messages: the vector that the device knows as 0, and so on.
    messages: Vec<u8>,
    /// Of its level-triggered line, which other devices may share.
    line: Option<u8>,
}

impl Interrupts {
    /// Of devices on MMIO: the harness sends a message, or the kernel routes the pin.
    pub(crate) fn on_mmio(devices: &[DeviceEntry], cpus: usize) -> Self {
        let one = |(i, device): (usize, &DeviceEntry)| {
            let vector = match device.vector {
                0 => arch::route(device.gsi, i),
                vector @ 0x20..0xff => vector as u8,
                vector => panic!("device {i} has vector {vector:#x}, which is none for interrupts"),
            };
            Vectors { messages: Vec::from([vector]), line: None }
        };
        Self { devices: devices.iter().enumerate().map(one).collect(), cpus }
    }

    /// Of PCI functions, with the pin that the line of each goes to.
    pub(crate) fn on_pci(lines: impl Iterator<Item = Option<u32>>, cpus: usize) -> Self {
        let one = |(i, line): (usize, Option<u32>)| {
            let first = FIRST_VECTOR as usize + i * MESSAGES;
            Vectors {
                messages: (first..first + MESSAGES).filter_map(|v| v.try_into().ok()).collect(),
                line: line.map(arch::route_level),
            }
        };
        Self { devices: lines.enumerate().map(one).collect(), cpus }
    }

    /// CPUs of the run.
    pub(crate) fn cpus(&self) -> usize {
        self.cpus
    }

    /// The CPU that a vector of a device interrupts; `None` if no device has it.
    pub(crate) fn cpu_with(&self, vector: u8) -> Option<usize> {
        self.devices.iter().find_map(|v| match v.messages.iter().position(|&message| message == vector) {
            Some(number) => Some(self.cpu_of(number)),
            None => (v.line == Some(vector)).then_some(0),
        })
    }

    /// What to put into the MSI-X table of PCI function `device`: the message of queue `i`, which is number `i` + 1, interrupts CPU
    /// `i`; where there are fewer CPUs, they take turns.
    pub(crate) fn messages(&self, device: usize) -> Vec<Message> {
        let Some(vectors) = self.devices.get(device) else { return Vec::new() };
        let message = |(number, &vector)| {
            let (address, data) = arch::message(self.cpu_of(number), vector)?;
            // SAFETY: such a write interrupts the CPU, whose stub for the vector is there for that.
            Some(unsafe { Message::new(address, data) })
        };
        vectors.messages.iter().enumerate().map_while(message).collect()
    }

    /// The CPU that message `number` of a PCI function interrupts.
    fn cpu_of(&self, number: usize) -> usize {
        number.checked_sub(1).map_or(0, |queue| queue % self.cpus)
    }

    fn count(&self, device: usize, number: usize) -> u32 {
        let vectors = &self.devices[device];
        let message = vectors.messages.get(number).map_or(0, |&vector| vectors::count(vector));
        match vectors.line {
            Some(line) if number == 0 => message.wrapping_add(vectors::count(line)),
            _ => message,
        }
    }
}

/// A processor as a workload sees it.
pub struct KernelCpu {
    index: usize,
    pub(crate) interrupts: Interrupts,
}

impl KernelCpu {
    pub(crate) fn new(index: usize, interrupts: Interrupts) -> Self {
        Self { index, interrupts }
    }

    /// Waits for `done`, which an interrupt brings about: of this CPU, or of others too.
    fn wait(&self, here: bool, timeout_ms: u64, done: impl Fn() -> bool) -> bool {
        if here { wait::until(timeout_ms, done) } else { wait::until_elsewhere(timeout_ms, done) }
    }
}

impl Cpu for KernelCpu {
    fn index(&self) -> usize {
        self.index
    }

    fn interrupts(&self, device: usize) -> u32 {
        let numbers = 0..self.interrupts.devices[device].messages.len();
        numbers.fold(0, |sum, number| sum.wrapping_add(self.interrupts.count(device, number)))
    }

    fn vector_interrupts(&self, device: usize, vector: u16) -> u32 {
        self.interrupts.count(device, vector.into())
    }

    fn wait_interrupt(&self, device: usize, seen: u32, timeout_ms: u64) -> bool {
        let alone = self.interrupts.cpus == 1 || self.index == 0 && self.interrupts.devices[device].messages.len() == 1;
        self.wait(alone, timeout_ms, || self.interrupts(device) != seen)
    }

    fn wait_vector(&self, device: usize, vector: u16, seen: u32, timeout_ms: u64) -> bool {
        let here = self.interrupts.cpu_of(vector.into()) == self.index;
        self.wait(here, timeout_ms, || self.vector_interrupts(device, vector) != seen)
    }

    fn now_ns(&self) -> u64 {
        time::ns_of(time::ticks())
    }
}
