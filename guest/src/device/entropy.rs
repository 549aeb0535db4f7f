//! The entropy device (VIRTIO 1.4 §5.4).

use core::fmt;

use parakit_abi::device::{DeviceType, entropy::REQUEST_QUEUE};
use parakit_abi::feature::Features;

use crate::device::phase::{Phased, RING_RESET};
use crate::platform::{DmaBox, DmaError, Platform, Wait};
use crate::queue::{AddErrorKind, Prefix, Queue, QueueError, QueueOptions, Slot, Writable};
use crate::transport::{Device, FeatureError, Interrupt, Negotiating, Notify, QueueSetupError, ResetProof, SUPPORTED};
use crate::transport::{SuspendError, Transport, WaitError, pci::Event};

/// Most bytes asked for at a time.
const CHUNK: usize = 1024;
/// Entries of the queue: there is never more than one request.
const ENTRIES: usize = 2;
/// Looks at the ring between two calls of [`Platform::wait`].
const LOOKS: u32 = 64;

type Chain<P> = Writable<Prefix<DmaBox<P>>>;
type RequestQueue<P> = Queue<P, Chain<P>, [Slot<Chain<P>>; ENTRIES]>;

/// A source of random bytes.
///
/// Bytes are copied out of memory of the driver, and only as many as the device says it wrote (§5.4.6.1).
///
/// ```
/// # use parakit::{device::entropy::*, platform::Platform, transport::*};
/// # fn demo<P: Platform + Clone, T: Transport>(device: Device<P, T, Negotiating>) -> Result<(), Box<dyn core::error::Error>> {
/// let mut source = Entropy::new(device)?;
/// let mut key = [0; 32];
/// source.fill(&mut key)?;
/// # Ok(()) }
/// ```
pub struct Entropy<T: Transport, P: Platform + Clone> {
    device: Phased<T, P>,
    accepted: Features,
    notifier: T::Notifier,
    queue: RequestQueue<P>,
    platform: P,
    /// The request's memory while the device does not have it.
    memory: Option<DmaBox<P>>,
    down: Option<EntropyError>,
}

/// Why there are no random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntropyError {
    /// It is no entropy device.
    DeviceType(
        /// What it is.
        DeviceType,
    ),
    /// Feature negotiation failed.
    Features(FeatureError),
    /// Its queue cannot be set up.
    Setup(QueueSetupError),
    /// There is no memory for a request.
    Dma(DmaError),
    /// No bytes were asked for.
    Empty,
    /// The request was not put on the ring.
    Add(AddErrorKind),
    /// The device returned a request without a single byte, which it must not do (§5.4.6.2).
    NoBytes,
    /// The device broke the rules of the queue; it was reset.
    Queue(QueueError),
    /// The device is suspended.
    Suspended,
    /// The device was not suspended, or not resumed; it was reset.
    Suspend(SuspendError),
    /// The device did not answer while the platform waited; it was reset.
    Timeout {
        /// How often the platform was asked to wait.
        polls: u64,
    },
}

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceType(id) => write!(f, "device type {} is not an entropy source (4)", id.0),
            Self::Features(e) => e.fmt(f),
            Self::Setup(e) => e.fmt(f),
            Self::Dma(e) => e.fmt(f),
            Self::Empty => f.write_str("no random bytes were asked for"),
            Self::Add(e) => e.fmt(f),
            Self::NoBytes => f.write_str("the device returned a request without a random byte in it"),
            Self::Queue(e) => e.fmt(f),
            Self::Suspended => f.write_str("the device is suspended"),
            Self::Suspend(e) => e.fmt(f),
            Self::Timeout { polls } => write!(f, "no random bytes came in {polls} looks; the device was reset"),
        }
    }
}

impl core::error::Error for EntropyError {}

impl<T: Transport, P: Platform + Clone> Entropy<T, P> {
    /// Brings the device up.
    ///
    /// # Errors
    /// [`EntropyError`]; the device is marked FAILED.
    pub fn new(device: Device<P, T, Negotiating>) -> Result<Self, EntropyError> {
        if device.device_type() != DeviceType::ENTROPY {
            return Err(EntropyError::DeviceType(device.device_type()));
        }
        // Memory first: what fails after the queue was set up has to reset the device.
        let platform = device.platform().clone();
        let memory = DmaBox::new(platform.clone(), CHUNK, 64).map_err(EntropyError::Dma)?;
        let mut device =
            device.negotiate(SUPPORTED.without(RING_RESET), Features::NONE).map_err(EntropyError::Features)?;
        let slots = [const { Slot::EMPTY }; ENTRIES];
        let queue = device.queue(REQUEST_QUEUE, slots, QueueOptions::default()).map_err(EntropyError::Setup)?;
        let accepted = device.accepted();
        let device = device.driver_ok();
        let notifier = device.notifier(REQUEST_QUEUE);
        Ok(Self { device: Phased::new(device), accepted, notifier, queue, platform, memory: Some(memory), down: None })
    }

    /// Asks the device for up to `len` bytes (at most 1024 at a time) without waiting; they are fetched with
    /// [`take`](Self::take). Does nothing while an earlier request is in flight.
    ///
    /// # Errors
    /// [`EntropyError::Empty`] for 0 bytes; the error that took the device down.
    pub fn request(&mut self, len: usize) -> Result<(), EntropyError> {
        if let Some(error) = self.down {
            return Err(error);
        }
        if len == 0 {
            return Err(EntropyError::Empty);
        }
        if self.device.is_suspended() {
            return Err(EntropyError::Suspended);
        }
        let Some(mut buffer) = self.memory.take() else { return Ok(()) };
        // What an earlier request left must not pass for random bytes if the device lies about how many it wrote.
        buffer.fill(0);
        match self.queue.add(Writable(Prefix { buffer, len: len.min(CHUNK) })) {
            Ok(_) => {
                if let Some(notification) = self.queue.publish() {
                    self.notifier.notify(notification);
                }
                Ok(())
            }
            Err(refused) => {
                self.memory = Some(refused.chain.0.buffer);
                Err(EntropyError::Add(refused.kind))
            }
        }
    }

    /// Fetches the bytes of the last [`request`](Self::request), if it has come back: copies as many as fit `out` and
    /// returns how many. The others are lost. `None` while there is nothing.
    ///
    /// # Errors
    /// [`EntropyError`] when the device broke a rule.
    pub fn take(&mut self, out: &mut [u8]) -> Result<Option<usize>, EntropyError> {
        if let Some(error) = self.down {
            return Err(error);
        }
        match self.queue.poll() {
            Ok(None) => Ok(None),
            Ok(Some(used)) => {
                let Prefix { buffer, len } = used.chain.0;
                // §5.4.6.1: the used length says how many bytes there are; the queue has checked that it is at most `len`.
                let got = (used.written as usize).min(len).min(buffer.len());
                let copied = got.min(out.len());
                out[..copied].copy_from_slice(&buffer[..copied]);
                self.memory = Some(buffer);
                if got == 0 { Err(EntropyError::NoBytes) } else { Ok(Some(copied)) }
            }
            Err(e) => Err(self.take_down(EntropyError::Queue(e))),
        }
    }

    /// Fills `out` with random bytes, and waits for them.
    ///
    /// # Errors
    /// [`EntropyError`]; some of `out` may have been filled. When the device does not answer while the platform waits,
    /// it is reset and of no more use.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        if out.is_empty() {
            return Err(EntropyError::Empty);
        }
        // A request that somebody else made and did not fetch is waited for, too.
        let mut filled = 0;
        while filled < out.len() {
            self.request(out.len() - filled)?;
            filled += self.wait(&mut out[filled..])?;
        }
        Ok(())
    }

    fn wait(&mut self, out: &mut [u8]) -> Result<usize, EntropyError> {
        let mut polls = 0;
        loop {
            for _ in 0..LOOKS {
                if let Some(len) = self.take(out)? {
                    return Ok(len);
                }
                core::hint::spin_loop();
            }
            polls += 1;
            if self.platform.wait(polls) == Wait::GiveUp {
                return Err(self.take_down(EntropyError::Timeout { polls }));
            }
        }
    }

    /// Asks the device to interrupt when a request has come back. Returns whether one has already, or the device is down,
    /// so that nothing comes from it any more.
    #[must_use = "if it returns true, there may be no interrupt to wait for"]
    pub fn arm(&mut self) -> bool {
        self.down.is_some() || self.queue.enable_interrupts()
    }

    /// Acknowledges an interrupt. Then [`take`](Self::take) what has come back.
    pub fn handle_interrupt(&mut self) -> Interrupt {
        self.device.acknowledge(None).0
    }

    /// As [`handle_interrupt`](Self::handle_interrupt), on MSI-X vector `vector`: no register is accessed.
    pub fn handle_vector(&mut self, vector: u16) -> Interrupt {
        self.device.acknowledge(Some(vector)).0
    }

    /// The features that were accepted.
    #[must_use]
    pub fn accepted(&self) -> Features {
        self.accepted
    }

    /// The MSI-X vector on which requests come back; `None` without MSI-X.
    #[must_use]
    pub fn vector(&self) -> Option<u16> {
        self.device.vector_of(Event::Queue(REQUEST_QUEUE))
    }

    /// Suspends the device (`VIRTIO_F_SUSPEND`, §3.4) and waits for it. A request in flight stays there.
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
        self.followed(result)
    }

    fn followed(&mut self, result: Result<(), SuspendError>) -> Result<(), SuspendError> {
        match result {
            Ok(()) | Err(SuspendError::NotNegotiated) => {}
            Err(error) => {
                self.take_down(EntropyError::Suspend(error));
            }
        }
        result
    }

    fn take_down(&mut self, error: EntropyError) -> EntropyError {
        self.down = Some(error);
        let _ = self.reset();
        error
    }

    /// Resets the device, so that the queue can be freed.
    fn reset(&mut self) -> Result<ResetProof, WaitError> {
        let proof = self.device.reset()?;
        // The proof is of the instance that set the queue up, so it is accepted.
        let _ = self.queue.retire(&proof);
        Ok(proof)
    }
}

impl<T: Transport, P: Platform + Clone> Drop for Entropy<T, P> {
    fn drop(&mut self) {
        // A queue whose device does not reset leaks.
        let _ = self.reset();
    }
}

impl<T: Transport, P: Platform + Clone> fmt::Debug for Entropy<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entropy")
            .field("in_flight", &self.memory.is_none())
            .field("down", &self.down)
            .finish_non_exhaustive()
    }
}
