//! The console (VIRTIO 1.4 §5.3): one port, that is, without MULTIPORT.
//!
//! - Receiving: buffers of the driver are always with the device; [`Console::receive`] copies out of those that came
//!   back, and gives them to the device again.
//! - Transmitting: [`Console::write`] and [`Console::write_all`] copy; [`Console::send`] moves a buffer in, which
//!   [`Console::poll_sent`] hands back.
//! - [`EarlyConsole`] is the console before it is live, when its emergency port works already.

mod error;
mod receive;
mod storage;
mod transmit;

use core::fmt;

use parakit_abi::device::console::{CONFIG_FIELDS, feature as f, queue};
use parakit_abi::device::{ConfigField, DeviceType};
use parakit_abi::feature::Features;

use storage::{ReceiveQueue, TransmitQueue};

use crate::device::phase::{Phased, RING_RESET};
use crate::device::table::Table;
use crate::platform::{DmaBox, Platform};
use crate::queue::{Buffers, Queue, QueueOptions};
use crate::transport::{ConfigError, Device, FeaturesOk, Interrupt, Negotiating, QueueSetupError, SUPPORTED};
use crate::transport::{SuspendError, Transport, WaitError, pci::Event};

pub use error::{ConsoleError, ConsoleFault, SendRejected};
#[cfg(feature = "alloc")]
pub use storage::HeapConsoleStorage;
pub use storage::{ConsoleStorage, InlineConsoleStorage, ReceiveChain, TransmitChain};
pub use transmit::Sent;

pub use crate::device::table::{RequestId, RequestSlot};

/// The device-specific features that the driver implements. Not among them: MULTIPORT.
pub const FEATURES: Features = Features::of(&[f::SIZE, f::EMERG_WRITE]);

/// Device-independent ones: no single queue is reset.
const COMMON: Features = SUPPORTED.without(RING_RESET);

/// How a console is brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleOptions {
    /// Receive buffers at most; device and storage limit them too.
    pub receive_buffers: u16,
    /// Bytes of each.
    pub receive_bytes: usize,
    /// Entries of the transmit queue at most: one for each segment in flight.
    pub transmit_entries: u16,
    /// Bytes that [`Console::write`] can take at a time.
    pub transmit_bytes: usize,
    /// Features to accept, if the device offers them and the driver implements them.
    pub features: Features,
}

impl Default for ConsoleOptions {
    /// 8 buffers of 256 bytes, 16 entries, 1024 bytes, every feature.
    fn default() -> Self {
        Self {
            receive_buffers: 8,
            receive_bytes: 256,
            transmit_entries: 16,
            transmit_bytes: 1024,
            features: COMMON.with(FEATURES),
        }
    }
}

/// The console's size in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleSize {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

/// A console whose features are negotiated and which is not live yet.
#[derive(Debug)]
pub struct EarlyConsole<T: Transport, P: Platform + Clone> {
    device: Device<P, T, FeaturesOk>,
}

impl<T: Transport, P: Platform + Clone> EarlyConsole<T, P> {
    /// Negotiates all features that the driver implements.
    ///
    /// # Errors
    /// [`ConsoleError`]; the device is marked FAILED.
    pub fn new(device: Device<P, T, Negotiating>) -> Result<Self, ConsoleError> {
        Self::with_features(device, COMMON.with(FEATURES))
    }

    /// Negotiates some of the features that the driver implements.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn with_features(device: Device<P, T, Negotiating>, features: Features) -> Result<Self, ConsoleError> {
        if device.device_type() != DeviceType::CONSOLE {
            return Err(ConsoleError::DeviceType(device.device_type()));
        }
        let supported = COMMON.with(FEATURES).and(features);
        Ok(Self { device: device.negotiate(supported, Features::NONE).map_err(ConsoleError::Features)? })
    }

    /// Writes through the emergency port, a byte at a time (§5.3.5): for output before the queues work.
    ///
    /// # Errors
    /// [`ConfigError::NotOffered`] when the device has no emergency port.
    pub fn emergency_write(&mut self, bytes: &[u8]) -> Result<(), ConsoleError> {
        for &byte in bytes {
            self.device.config_write(field("emerg_wr"), u32::from(byte)).map_err(ConsoleError::Config)?;
        }
        Ok(())
    }

    /// Sets up the queues, makes the device live, and gives it the receive buffers.
    ///
    /// # Errors
    /// [`ConsoleError`]; the device is reset.
    pub fn start<B: Buffers, S: ConsoleStorage<P, B>>(
        self,
        storage: S,
        options: ConsoleOptions,
    ) -> Result<Console<T, P, B, S>, ConsoleError> {
        let mut device = self.device;
        let platform = device.platform().clone();
        let transmit_memory = DmaBox::new(platform.clone(), options.transmit_bytes, 64).map_err(ConsoleError::Dma)?;
        let (receive_slots, transmit_slots, sends) = storage.into_parts();
        let sized = |max_size| QueueOptions { max_size, ..QueueOptions::default() };
        let mut receive: ReceiveQueue<P, B, S> =
            device.queue(queue::RECEIVE, receive_slots, sized(options.receive_buffers)).map_err(ConsoleError::Queue)?;
        let mut transmit: Result<TransmitQueue<P, B, S>, QueueSetupError> =
            device.queue(queue::TRANSMIT, transmit_slots, sized(options.transmit_entries));
        let sends = Table::new(sends, transmit.as_ref().map_or(0, Queue::size));
        let filled = match &transmit {
            Ok(_) => receive::fill(&platform, &mut receive, options.receive_bytes),
            Err(e) => Err(ConsoleError::Queue(*e)),
        };
        let filled = filled.and(if sends.len() == 0 { Err(ConsoleError::NoStorage) } else { Ok(()) });
        let transmit = match (filled, transmit.as_mut()) {
            (Ok(()), Ok(_)) => transmit.map_err(ConsoleError::Queue)?,
            (filled, transmit) => {
                // The proof is of the instance that set the queues up, so it is accepted.
                if let Ok(device) = device.reset() {
                    let _ = receive.retire(&device.proof());
                    let _ = transmit.map(|queue| queue.retire(&device.proof()).is_ok());
                }
                return Err(filled.err().unwrap_or(ConsoleError::NoStorage));
            }
        };
        let accepted = device.accepted();
        let device = device.driver_ok();
        let mut console = Console {
            receive_notifier: device.notifier(queue::RECEIVE),
            transmit_notifier: device.notifier(queue::TRANSMIT),
            device: Phased::new(device),
            receive,
            transmit,
            sends,
            platform,
            accepted,
            current: None,
            transmit_memory: Some(transmit_memory),
            fault: None,
        };
        console.show_receive_buffers();
        Ok(console)
    }
}

/// A console that is live. `B` is what [`send`](Self::send) takes: any [`Buffers`].
///
/// ```
/// # use parakit::{device::console::*, platform::Platform, transport::*};
/// # fn demo<P: Platform + Clone, T: Transport>(device: Device<P, T, Negotiating>) -> Result<(), Box<dyn core::error::Error>> {
/// let options = ConsoleOptions::default();
/// let mut console: Console<T, P, Vec<u8>, _> =
///     EarlyConsole::new(device)?.start(HeapConsoleStorage::new(&options), options)?;
/// console.write_all(b"hello\n")?;
/// let mut line = [0; 80];
/// let len = console.receive(&mut line)?; // 0 when there is no input
/// # let _ = len;
/// # Ok(()) }
/// ```
pub struct Console<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> {
    device: Phased<T, P>,
    receive_notifier: T::Notifier,
    transmit_notifier: T::Notifier,
    receive: ReceiveQueue<P, B, S>,
    transmit: TransmitQueue<P, B, S>,
    sends: Table<Sent<B>, S::Sends>,
    platform: P,
    accepted: Features,
    /// A receive buffer that came back and was not read to its end.
    current: Option<receive::Input<P>>,
    /// The memory of `write` while the device does not have it.
    transmit_memory: Option<DmaBox<P>>,
    fault: Option<ConsoleFault>,
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> Console<T, P, B, S> {
    /// The features that were accepted.
    #[must_use]
    pub fn accepted(&self) -> Features {
        self.accepted
    }

    /// The console's size; `None` when the device does not say (SIZE). Read again after an interrupt whose
    /// [`config_change`](Interrupt::config_change) is set.
    ///
    /// # Errors
    /// [`ConfigError`] when it cannot be read.
    pub fn size(&self) -> Result<Option<ConsoleSize>, ConfigError> {
        if !self.accepted.has(f::SIZE) {
            return Ok(None);
        }
        // Both of one generation, so that the columns of one size do not meet the rows of another.
        self.device.config(|reader| {
            Ok(Some(ConsoleSize { columns: reader.read(field("cols"))?, rows: reader.read(field("rows"))? }))
        })
    }

    /// Writes through the emergency port, a byte at a time (§5.3.5): for a panic, when the queues cannot be trusted.
    ///
    /// # Errors
    /// [`ConfigError::NotOffered`] when the device has no emergency port.
    pub fn emergency_write(&mut self, bytes: &[u8]) -> Result<(), ConsoleError> {
        // The configuration of a device that is suspended must not be written (§3.4.1).
        let device = self.device.live().ok_or(ConsoleError::Config(ConfigError::Reset))?;
        for &byte in bytes {
            device.config_write(field("emerg_wr"), u32::from(byte)).map_err(ConsoleError::Config)?;
        }
        Ok(())
    }

    /// Why the device is down, if it is.
    #[must_use]
    pub fn fault(&self) -> Option<ConsoleFault> {
        self.fault
    }

    /// Asks the device to interrupt when there is input, or a buffer was sent. Returns whether there is already: then
    /// look again instead of waiting. Also true when the device is down, for nothing comes from it any more.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn arm(&mut self) -> bool {
        if self.fault.is_some() {
            return true;
        }
        // Both, whatever the first says.
        let input = self.receive.enable_interrupts();
        let sent = self.transmit.in_flight() > 0 && self.transmit.enable_interrupts();
        input || sent || self.current.is_some() || self.sends.has_finished()
    }

    /// Acknowledges an interrupt. Then [`receive`](Self::receive), [`poll_sent`](Self::poll_sent) and, after a
    /// configuration change, [`size`](Self::size).
    pub fn handle_interrupt(&mut self) -> Interrupt {
        self.acknowledge(None)
    }

    /// As [`handle_interrupt`](Self::handle_interrupt), on MSI-X vector `vector`: the device is accessed only if that is the vector
    /// of configuration changes.
    pub fn handle_vector(&mut self, vector: u16) -> Interrupt {
        self.acknowledge(Some(vector))
    }

    fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        let (interrupt, needs_reset) = self.device.acknowledge(vector);
        if needs_reset {
            self.take_down(ConsoleFault::NeedsReset);
        }
        interrupt
    }

    /// The MSI-X vectors on which input comes, output was taken, and the configuration changes; some may be the same. `None`
    /// without MSI-X.
    #[must_use]
    pub fn vectors(&self) -> Option<[u16; 3]> {
        let [receive, transmit] =
            [queue::RECEIVE, queue::TRANSMIT].map(|queue| self.device.vector_of(Event::Queue(queue)));
        Some([receive?, transmit?, self.device.vector_of(Event::Config)?])
    }

    /// Suspends the device (`VIRTIO_F_SUSPEND`, §3.4) and waits for it. What it had taken is sent, what had come can be received; until
    /// [`resume`](Self::resume) nothing more is given to it.
    ///
    /// # Errors
    /// [`SuspendError`]. After [`SuspendError::NotNegotiated`] everything is as it was; otherwise the device is taken down.
    pub fn suspend(&mut self) -> Result<(), SuspendError> {
        let result = self.device.suspend();
        self.followed(result)
    }

    /// Resumes the device and waits for it.
    ///
    /// # Errors
    /// As for [`suspend`](Self::suspend).
    pub fn resume(&mut self) -> Result<(), SuspendError> {
        let result = self.device.resume();
        self.followed(result)?;
        self.show_receive_buffers();
        Ok(())
    }

    fn followed(&mut self, result: Result<(), SuspendError>) -> Result<(), SuspendError> {
        match result {
            Ok(()) | Err(SuspendError::NotNegotiated) => {}
            Err(error) => {
                self.take_down(ConsoleFault::Suspend(error));
            }
        }
        result
    }

    /// Resets the device and waits for it. Buffers in flight come back from [`poll_sent`](Self::poll_sent) with an error.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset; what it has is leaked.
    pub fn reset(&mut self) -> Result<(), WaitError> {
        self.fault.get_or_insert(ConsoleFault::Reset);
        let proof = match self.device.reset() {
            Ok(proof) => proof,
            Err(e) => {
                transmit::end_without_memory(&mut self.sends);
                return Err(e);
            }
        };
        // The proof is of the instance that set the queues up, so it is accepted.
        if let Ok(chains) = self.receive.retire(&proof) {
            chains.for_each(drop);
        }
        transmit::end_all(&mut self.transmit, &mut self.sends, &proof);
        Ok(())
    }

    fn take_down(&mut self, fault: ConsoleFault) -> ConsoleFault {
        log::warn!("console taken down: {fault}");
        self.fault = Some(fault);
        // When it does not reset, the memory that it has stays in the queues, and is leaked with them.
        let _ = self.reset();
        fault
    }

    /// An error when the device is down.
    fn up(&self) -> Result<(), ConsoleError> {
        self.fault.map_or(Ok(()), |fault| Err(ConsoleError::Down(fault)))
    }
}

/// The configuration field `name`, which is one of the table.
fn field(name: &str) -> &'static ConfigField {
    CONFIG_FIELDS.iter().find(|field| field.name == name).unwrap_or(&CONFIG_FIELDS[0])
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> Drop for Console<T, P, B, S> {
    fn drop(&mut self) {
        // Queues whose device does not reset leak.
        let _ = self.reset();
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: ConsoleStorage<P, B>> fmt::Debug for Console<T, P, B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("accepted", &self.accepted).field("fault", &self.fault).finish_non_exhaustive()
    }
}
