//! A device from one reset to the next: which queues it was given, and when it has let go of them.

use core::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
};

use parakit_abi::{feature::Features, status::DeviceStatus};

use super::Transport;
use crate::{
    platform::{Platform, Wait},
    queue::{Chain, Queue, QueueOptions, RingFeatures, Slots},
    transport::{ConfigValue, QueueSetupError, StartError, WaitError},
};

/// One device from one reset to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InstanceId(NonZeroUsize);

impl InstanceId {
    /// An id that no other instance has; `None` when there are no more.
    pub(crate) fn new() -> Option<Self> {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        // Relaxed: only that no two callers get the same number matters, and one variable has one order.
        let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_add(1)).ok()?;
        NonZeroUsize::new(last + 1).map(Self)
    }
}

/// One queue of a device instance. A queue that was reset alone and set up again is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QueueId {
    instance: InstanceId,
    index: u16,
    /// Which of the queues that the instance was given, counting from 0.
    serial: u64,
}

impl QueueId {
    /// The id of a queue that is the only one of an instance of its own.
    pub(crate) fn detached() -> Result<Self, QueueSetupError> {
        let instance = InstanceId::new().ok_or(QueueSetupError::Exhausted)?;
        Ok(Self { instance, index: 0, serial: 0 })
    }

    /// The device instance.
    #[must_use]
    pub const fn instance(self) -> InstanceId {
        self.instance
    }

    /// The queue's index among those of its device.
    #[must_use]
    pub const fn index(self) -> u16 {
        self.index
    }
}

/// Shows that a device, or one of its queues, was reset, so that it no longer accesses the queues and buffers it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetProof {
    instance: InstanceId,
    /// `None` for all queues of the instance.
    queue: Option<QueueId>,
}

impl ResetProof {
    /// The proof that the instance was reset.
    ///
    /// # Safety
    /// Its device was reset and the reset is complete, or it never had access to any queue of that instance.
    #[must_use]
    pub const unsafe fn assume(instance: InstanceId) -> Self {
        Self { instance, queue: None }
    }

    /// The proof that one queue was reset (VIRTIO 1.4 §2.6.1).
    ///
    /// # Safety
    /// The device has completed the reset of that queue, or never had access to it.
    #[must_use]
    pub const unsafe fn assume_queue(queue: QueueId) -> Self {
        Self { instance: queue.instance, queue: Some(queue) }
    }

    /// The instance that was reset, or one of whose queues was.
    #[must_use]
    pub const fn instance(self) -> InstanceId {
        self.instance
    }

    /// The queue that was reset, if it was not the whole device.
    #[must_use]
    pub const fn queue(self) -> Option<QueueId> {
        self.queue
    }

    /// Whether it shows that `queue` is no longer accessed.
    #[must_use]
    pub fn covers(self, queue: QueueId) -> bool {
        self.instance == queue.instance && self.queue.is_none_or(|reset| reset == queue)
    }
}

/// A device and the instance that it is now. Its queues are of that instance, and a proof of its end is only made when
/// the device says that it has reset.
pub(in crate::transport) struct Life<T: Transport> {
    transport: T,
    instance: InstanceId,
    /// Queues that the instance was given so far.
    queues: u64,
}

impl<T: Transport> Life<T> {
    /// Resets the device and waits for it.
    pub(in crate::transport) fn start<P: Platform>(platform: &P, transport: T) -> Result<Self, StartError> {
        let instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        let mut life = Self { transport, instance, queues: 0 };
        life.reset(platform).map_err(StartError::Reset)?;
        Ok(life)
    }

    /// Makes the device, which was reset, another instance.
    pub(in crate::transport) fn restart<P: Platform>(&mut self, platform: &P) -> Result<(), StartError> {
        let instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        self.reset(platform).map_err(StartError::Reset)?;
        (self.instance, self.queues) = (instance, 0);
        Ok(())
    }

    /// Resets the device and waits until the status reads 0 (§2.4.2).
    pub(in crate::transport) fn reset<P: Platform>(&mut self, platform: &P) -> Result<ResetProof, WaitError> {
        self.transport.set_status(DeviceStatus::RESET);
        let mut polls = 0;
        loop {
            let status = self.transport.status();
            if status == DeviceStatus::RESET {
                return Ok(ResetProof { instance: self.instance, queue: None });
            }
            polls += 1;
            if platform.wait(polls) == Wait::GiveUp {
                return Err(WaitError { status, polls });
            }
        }
    }

    pub(in crate::transport) fn instance(&self) -> InstanceId {
        self.instance
    }

    pub(in crate::transport) fn transport(&self) -> &T {
        &self.transport
    }

    // Nobody gets the transport itself exclusively: it could be swapped with another device's.

    pub(in crate::transport) fn set_status(&mut self, status: DeviceStatus) {
        self.transport.set_status(status);
    }

    pub(in crate::transport) fn offered_features(&mut self) -> Features {
        self.transport.offered_features()
    }

    pub(in crate::transport) fn accept_features(&mut self, features: Features) {
        self.transport.accept_features(features);
    }

    pub(in crate::transport) fn config_write<V: ConfigValue>(&mut self, offset: u32, value: V) {
        value.write(&mut self.transport, offset);
    }

    /// Makes queue `index` and gives it to the device, if it offers one that is not in use.
    pub(in crate::transport) fn queue<P: Platform, C: Chain, S: Slots<C>>(
        &mut self,
        platform: P,
        index: u16,
        slots: S,
        options: QueueOptions,
        features: RingFeatures,
    ) -> Result<Queue<P, C, S>, QueueSetupError> {
        let max = match self.transport.queue_max_size(index) {
            None => return Err(QueueSetupError::InUse { queue: index }),
            Some(0) => return Err(QueueSetupError::Absent { queue: index }),
            Some(max) => u16::try_from(max).unwrap_or(u16::MAX),
        };
        let options = QueueOptions { max_size: options.max_size.min(max), ..options };
        let id = QueueId { instance: self.instance, index, serial: self.queues };
        self.queues = self.queues.checked_add(1).ok_or(QueueSetupError::Exhausted)?;
        let queue = Queue::with_id(platform, slots, options, features, id)?;
        // SAFETY: the addresses are those of the queue's ring, which is freed only when the queue is given the proof
        // of its reset; its descriptors point to buffers that the queue owns.
        unsafe { self.transport.enable_queue(index, queue.size(), queue.addresses()) };
        Ok(queue)
    }
}
