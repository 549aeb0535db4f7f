//! A queue reset and enabled again while the device goes on; the device suspended and resumed.

use core::fmt;

use super::{Block, BlockStorage, Control, Fault, RequestQueue};
use crate::platform::Platform;
use crate::queue::Buffers;
use crate::transport::{QueueResetError, QueueSetupError, SuspendError, Transport};

/// Why a queue was not enabled again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnableError {
    /// It was not reset, or the device is down or suspended.
    NotHalted,
    /// It cannot be set up; it can be tried again.
    Setup(QueueSetupError),
    /// It was set up too small for any request: header, data and status need three entries. Reset it, and try again.
    TooSmall {
        /// Entries that device and slots allow.
        size: u16,
    },
}

impl fmt::Display for EnableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHalted => f.write_str("the queue was not reset, or the device is down or suspended"),
            Self::Setup(e) => e.fmt(f),
            Self::TooSmall { size } => write!(f, "a queue of {size} entries is too small for a request (3)"),
        }
    }
}

impl core::error::Error for EnableError {}

impl<T, P, B, S, K> RequestQueue<T, P, B, S, K>
where
    T: Transport,
    P: Platform + Clone,
    B: Buffers,
    S: BlockStorage<P, B>,
    K: Control<T, P>,
{
    /// Resets this queue alone (`VIRTIO_F_RING_RESET`, §2.6.1) and waits for it. Requests that the device has used by then are
    /// done; the others come back as not done ([`RequestError::QueueReset`](super::RequestError::QueueReset)). Other queues
    /// go on. Then [`enable_queue`](Self::enable_queue); until that, the queue takes no requests.
    ///
    /// # Errors
    /// [`QueueResetError`]. After [`QueueResetError::NotNegotiated`] everything is as it was; otherwise the device may still use
    /// the queue, and is taken down.
    pub fn reset_queue(&mut self) -> Result<(), QueueResetError> {
        self.sync();
        if self.halted.is_some() {
            return Ok(());
        }
        let index = self.index();
        let reset = self.with_device(|core| match core.live() {
            Some(device) => {
                let reset = device.reset_queue(index);
                match reset {
                    Ok(_) | Err(QueueResetError::NotNegotiated) => {}
                    Err(error) => core.take_down(Fault::QueueReset(error)),
                }
                reset
            }
            None => Err(QueueResetError::NotNegotiated),
        })?;
        // The device writes no more. What it has used is done, and if that makes no sense, all the rest is not.
        while let Ok(Some(aftermath)) = self.next_used() {
            aftermath.settle();
        }
        self.halted = Some(reset);
        // The proof is of this queue.
        let _ = self.queue.retire(&reset);
        self.collect();
        Ok(())
    }

    /// Sets the queue up again after [`reset_queue`](Self::reset_queue), with up to `size` entries in `slots`. Results that were not
    /// fetched are still there. There is room for as many requests as there was in the storage that the queue came with.
    ///
    /// # Errors
    /// [`EnableError`].
    pub fn enable_queue(&mut self, slots: S::Slots, size: u16) -> Result<(), EnableError> {
        self.sync();
        self.collect();
        let (Some(reset), None, false) = (self.halted, self.down, self.suspended) else {
            return Err(EnableError::NotHalted);
        };
        let options = self.options.queue(size);
        let queue = self.with_device(|core| match core.live() {
            Some(device) => device.queue_again(&reset, slots, options).map_err(EnableError::Setup),
            None => Err(EnableError::NotHalted),
        })?;
        let size = queue.size();
        // The old one has given back everything, and is freed.
        self.queue = queue;
        self.halted = None;
        let config = *self.config();
        self.limits.update(&config, size);
        if size < 3 { Err(EnableError::TooSmall { size }) } else { Ok(()) }
    }

    /// Whether the queue was reset and not enabled again.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted.is_some()
    }
}

impl<T: Transport, P: Platform + Clone, B: Buffers, S: BlockStorage<P, B>> Block<T, P, B, S> {
    /// Suspends the device (`VIRTIO_F_SUSPEND`, §3.4) and waits for it. Requests in flight stay where they are: those that the
    /// device has finished can be fetched, the others go on after [`resume`](Self::resume). Until then the driver takes none.
    ///
    /// # Errors
    /// [`SuspendError`]. After [`SuspendError::NotNegotiated`] everything is as it was; otherwise the device is taken down.
    pub fn suspend(&mut self) -> Result<(), SuspendError> {
        self.kick();
        self.with_device(|core| core.suspend())
    }

    /// Resumes the device and waits for it.
    ///
    /// # Errors
    /// As for [`suspend`](Self::suspend).
    pub fn resume(&mut self) -> Result<(), SuspendError> {
        self.with_device(|core| core.resume())
    }
}
