//! A device from one reset to the next: which queues it was given, and when it has let go of them.

use core::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
};

use parakit_abi::{feature::Features, status::DeviceStatus};

use super::{Transport, pci::VectorError};
use crate::{
    platform::{Platform, Wait},
    queue::{Chain, Queue, QueueOptions, RingFeatures, Slots},
    transport::{
        ConfigValue, QueueResetError, QueueSetupError, SharedMemory, SharedMemoryError, StartError, WaitError,
    },
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
        // An earlier queue of the same index was reset before the later one was set up.
        let later = |reset: QueueId| reset.index == queue.index && queue.serial <= reset.serial;
        self.instance == queue.instance && self.queue.is_none_or(later)
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
        let max = self.transport.queue_max_size(index)?;
        let options = QueueOptions { max_size: options.max_size.min(max), ..options };
        let id = QueueId { instance: self.instance, index, serial: self.queues };
        self.queues = self.queues.checked_add(1).ok_or(QueueSetupError::Exhausted)?;
        let mut queue = Queue::with_id(platform, slots, options, features, id)?;
        // SAFETY: the addresses are those of the queue's ring, which is freed only when the queue is given the proof
        // of its reset; its descriptors point to buffers that the queue owns.
        let enabled = unsafe { self.transport.enable_queue(index, queue.size(), queue.addresses()) };
        if let Err(error) = enabled {
            // The device was not given the queue, which can be freed.
            let never_given = ResetProof { instance: self.instance, queue: Some(id) };
            let _ = queue.retire(&never_given);
            return Err(error);
        }
        Ok(queue)
    }

    /// Resets queue `index` alone and waits until the device says that it has (§2.6.1).
    pub(in crate::transport) fn reset_queue<P: Platform>(
        &mut self,
        platform: &P,
        index: u16,
    ) -> Result<ResetProof, QueueResetError> {
        let last = self.queues.checked_sub(1).ok_or(QueueResetError::NoQueue { queue: index })?;
        // Only a queue that is in use has anything to reset.
        let Err(QueueSetupError::InUse { .. }) = self.transport.queue_max_size(index) else {
            return Err(QueueResetError::NoQueue { queue: index });
        };
        self.transport.start_queue_reset(index);
        let mut polls = 0;
        loop {
            match self.transport.queue_reset_reads() {
                0 if self.transport.queue_enabled_reads() != 0 => {
                    return Err(QueueResetError::StillEnabled { queue: index });
                }
                0 => break,
                reads => {
                    polls += 1;
                    if platform.wait(polls) == Wait::GiveUp {
                        return Err(QueueResetError::Stuck { queue: index, reads, polls });
                    }
                }
            }
        }
        // Every queue of this index that was set up so far.
        let queue = QueueId { instance: self.instance, index, serial: last };
        Ok(ResetProof { instance: self.instance, queue: Some(queue) })
    }

    pub(in crate::transport) fn map_config_interrupt(&mut self) -> Result<(), VectorError> {
        self.transport.map_config_interrupt()
    }

    pub(in crate::transport) fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
        self.transport.shared_memory(id)
    }
}
