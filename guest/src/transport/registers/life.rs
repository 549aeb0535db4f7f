//! A device from one reset to the next: which queues it was given, and when it has let go of them.

use core::{
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
};

use parakit_abi::{feature::Features, status::DeviceStatus};

use super::Transport;
use crate::{
    platform::{Platform, Wait},
    queue::{Chain, QueueOptions, Slots, SplitQueue},
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

/// Shows that a device was reset, so that it no longer accesses the queues and buffers it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetProof(InstanceId);

impl ResetProof {
    /// The proof that the instance was reset.
    ///
    /// # Safety
    /// Its device was reset and the reset is complete, or it never had access to any queue of that instance.
    #[must_use]
    pub const unsafe fn assume(instance: InstanceId) -> Self {
        Self(instance)
    }

    /// The instance that was reset.
    #[must_use]
    pub const fn instance(self) -> InstanceId {
        self.0
    }
}

/// A device and the instance that it is now. Its queues are of that instance, and a proof of its end is only made when
/// the device says that it has reset.
pub(in crate::transport) struct Life<T: Transport> {
    transport: T,
    instance: InstanceId,
}

impl<T: Transport> Life<T> {
    /// Resets the device and waits for it.
    pub(in crate::transport) fn start<P: Platform>(platform: &P, transport: T) -> Result<Self, StartError> {
        let instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        let mut life = Self { transport, instance };
        life.reset(platform).map_err(StartError::Reset)?;
        Ok(life)
    }

    /// Makes the device, which was reset, another instance.
    pub(in crate::transport) fn restart<P: Platform>(&mut self, platform: &P) -> Result<(), StartError> {
        let instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        self.reset(platform).map_err(StartError::Reset)?;
        self.instance = instance;
        Ok(())
    }

    /// Resets the device and waits until the status reads 0 (§2.4.2).
    pub(in crate::transport) fn reset<P: Platform>(&mut self, platform: &P) -> Result<ResetProof, WaitError> {
        self.transport.set_status(DeviceStatus::RESET);
        let mut polls = 0;
        loop {
            let status = self.transport.status();
            if status == DeviceStatus::RESET {
                return Ok(ResetProof(self.instance));
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
        event_idx: bool,
    ) -> Result<SplitQueue<P, C, S>, QueueSetupError> {
        let max = match self.transport.queue_max_size(index) {
            None => return Err(QueueSetupError::InUse { queue: index }),
            Some(0) => return Err(QueueSetupError::Absent { queue: index }),
            Some(max) => u16::try_from(max).unwrap_or(u16::MAX),
        };
        let options = QueueOptions { max_size: options.max_size.min(max), ..options };
        let queue = SplitQueue::for_instance(platform, slots, options, event_idx, self.instance)?;
        // SAFETY: the addresses are those of the queue's ring, which is freed only when the queue is given the proof
        // of this instance's reset; its descriptors point to buffers that the queue owns.
        unsafe { self.transport.enable_queue(index, queue.size(), queue.addresses()) };
        Ok(queue)
    }
}
