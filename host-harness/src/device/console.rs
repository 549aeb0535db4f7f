//! Console device with one port (VIRTIO 1.4 §5.3).

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use parakit_abi::device::DeviceType;
use parakit_abi::device::console::{config, feature, queue};
use parakit_abi::feature::Features;

use super::{Control, Counters, DeviceModel, Effect, Outcome};
use crate::queue::Request;

/// Bytes moved at a time.
const PIECE: usize = 4096;

/// What a console offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleOptions {
    /// Largest size of each queue.
    pub queue_size: u16,
    /// Columns and rows; offered as `SIZE` when given.
    pub size: Option<(u16, u16)>,
    /// Whether `EMERG_WRITE` is offered.
    pub emergency: bool,
}

impl Default for ConsoleOptions {
    /// 64 entries, 80 by 25, emergency writes.
    fn default() -> Self {
        Self { queue_size: 64, size: Some((80, 25)), emergency: true }
    }
}

/// A console whose output goes to a writer and whose input comes from [`Control::ConsoleInput`].
pub struct Console {
    options: ConsoleOptions,
    output: Box<dyn Write + Send>,
    input: VecDeque<u8>,
    counters: Counters,
}

impl Console {
    /// A console without input; what the guest prints goes to `output`.
    #[must_use]
    pub fn new(options: ConsoleOptions, output: Box<dyn Write + Send>) -> Self {
        Self { options, output, input: VecDeque::new(), counters: Counters::for_queues(2) }
    }

    fn print(&mut self, bytes: &[u8]) {
        // A terminal that went away must not stop the guest.
        if self.output.write_all(bytes).and_then(|()| self.output.flush()).is_err() {
            self.counters.errors += 1;
        }
        self.counters.bytes_from_guest += bytes.len() as u64;
    }

    fn receive(&mut self, request: &mut Request<'_>) -> Outcome {
        if request.fault().is_some() || request.writable_len() == 0 {
            self.counters.errors += 1;
            self.counters.requests[usize::from(queue::RECEIVE)] += 1;
            return Outcome::Used(0);
        }
        if self.input.is_empty() {
            return Outcome::Wait;
        }
        self.counters.requests[usize::from(queue::RECEIVE)] += 1;
        let mut done = 0;
        while !self.input.is_empty() {
            let count = self.input.len().min(PIECE);
            let piece: Vec<u8> = self.input.iter().take(count).copied().collect();
            let written = request.write(done as u64, &piece);
            self.input.drain(..written);
            done += written;
            if written < count {
                break;
            }
        }
        self.counters.bytes_to_guest += done as u64;
        Outcome::Used(done as u32)
    }

    fn transmit(&mut self, request: &mut Request<'_>) -> Outcome {
        self.counters.requests[usize::from(queue::TRANSMIT)] += 1;
        if request.fault().is_some() || request.readable_len() == 0 {
            self.counters.errors += 1;
        }
        let mut piece = [0; PIECE];
        while request.readable_len() > 0 {
            let count = request.readable_len().min(PIECE as u64) as usize;
            request.read(&mut piece[..count]);
            self.print(&piece[..count]);
        }
        Outcome::Used(0)
    }
}

impl DeviceModel for Console {
    fn device_type(&self) -> DeviceType {
        DeviceType::CONSOLE
    }

    fn features(&self) -> Features {
        let size = if self.options.size.is_some() { Features::bit(feature::SIZE) } else { Features::NONE };
        let emergency = if self.options.emergency { Features::bit(feature::EMERG_WRITE) } else { Features::NONE };
        size.with(emergency)
    }

    fn queues(&self) -> Vec<u16> {
        vec![self.options.queue_size; 2]
    }

    fn config(&self) -> Vec<u8> {
        let mut space = vec![0; config::SIZE as usize];
        if let Some((cols, rows)) = self.options.size {
            space[config::COLS as usize..][..2].copy_from_slice(&cols.to_le_bytes());
            space[config::ROWS as usize..][..2].copy_from_slice(&rows.to_le_bytes());
        }
        space
    }

    fn write_config(&mut self, offset: usize, data: &[u8]) {
        // §5.3.5.1: at any time, whatever was negotiated.
        if offset == config::EMERG_WR as usize
            && self.options.emergency
            && let Some(byte) = data.first()
        {
            self.print(&[*byte]);
        }
    }

    fn reset(&mut self) {}

    fn process(&mut self, queue: u16, request: &mut Request<'_>) -> Outcome {
        if queue == queue::RECEIVE { self.receive(request) } else { self.transmit(request) }
    }

    fn control(&mut self, control: &Control) -> Effect {
        match control {
            Control::ConsoleSize { cols, rows } if self.options.size.is_some_and(|s| s != (*cols, *rows)) => {
                self.options.size = Some((*cols, *rows));
                Effect::ConfigChanged
            }
            Control::ConsoleInput(bytes) => {
                self.input.extend(bytes);
                Effect::Wake(queue::RECEIVE)
            }
            _ => Effect::None,
        }
    }

    fn counters(&self) -> Counters {
        self.counters.clone()
    }
}

/// A writer that keeps the first bytes in memory, for whoever has a clone.
#[derive(Clone, Debug, Default)]
pub struct ConsoleBuffer(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    bytes: Vec<u8>,
    total: u64,
}

impl ConsoleBuffer {
    /// Most bytes that are kept; those after them are only counted.
    pub const MAX: usize = 4 << 20;

    /// What was printed, up to [`ConsoleBuffer::MAX`] bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes.clone()
    }

    /// The same from byte `from` on.
    #[must_use]
    pub fn bytes_from(&self, from: usize) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes.get(from..).unwrap_or_default().to_vec()
    }

    /// Bytes ever printed.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Write for ConsoleBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = Self::MAX - kept.bytes.len();
        kept.bytes.extend(&bytes[..bytes.len().min(room)]);
        kept.total += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
