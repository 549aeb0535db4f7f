//! A device that is live: notifications, interrupts, single queues reset, suspension.

use super::{
    Device, Interrupt, QueueResetError, QueueSetupError, ResetProof, Resetting, SuspendError, Transport, WaitError,
    pci::Event,
};
use crate::{
    platform::{Platform, Wait},
    queue::{Chain, Queue, QueueOptions, Slots},
};
use parakit_abi::{feature, status::DeviceStatus};

/// State: the device is live.
#[derive(Debug)]
pub struct Live(pub(super) ());

/// State: the device is suspended (VIRTIO 1.4 §3.4).
#[derive(Debug)]
pub struct Suspended(());

/// A device in the state asked for, or one that can only be reset, and why.
pub type SuspendResult<P, T, S> = Result<Device<P, T, S>, (Device<P, T, Resetting>, SuspendError)>;

impl<P: Platform, T: Transport> Device<P, T, Live> {
    /// What tells the device that queue `index` has new buffers. There is none before DRIVER_OK, because a device must
    /// not be notified before (§3.1.1).
    #[must_use]
    pub fn notifier(&self, index: u16) -> T::Notifier {
        self.core.life.transport().notifier(index)
    }

    /// Reads why the device interrupts and acknowledges it. Call it before draining the queues, so that a buffer used
    /// in between interrupts again; a used-buffer interrupt is about each queue of the device (§4.2.3.4.1).
    ///
    /// With MSI-X there is nothing to read: only the vector tells why, and this says both reasons.
    pub fn acknowledge_interrupt(&self) -> Interrupt {
        self.core.life.transport().acknowledge_interrupt()
    }

    /// The same for an interrupt on MSI-X vector `vector`, where the OS knows it: no register is accessed
    /// (§4.1.5.1.2). Without MSI-X, as [`acknowledge_interrupt`](Self::acknowledge_interrupt).
    pub fn acknowledge_vector(&self, vector: u16) -> Interrupt {
        self.core.life.transport().acknowledge_vector(vector)
    }

    /// The MSI-X vector to which the device has mapped an event; `None` without MSI-X.
    #[must_use]
    pub fn vector_of(&self, event: Event) -> Option<u16> {
        self.core.life.transport().vector_of(event)
    }

    /// Whether the device asks for a reset (DEVICE_NEEDS_RESET): requests in flight may never finish (§2.1.1).
    #[must_use]
    pub fn needs_reset(&self) -> bool {
        self.core.life.transport().status().contains(DeviceStatus::DEVICE_NEEDS_RESET)
    }

    /// Resets the device in place and waits for it: for a driver's `Drop`. The value is of no use afterwards but to be
    /// [`reset`](Self::reset) (again) or dropped.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset while the platform waits. Its queues leak then when they are dropped.
    pub fn quiesce(&mut self) -> Result<ResetProof, WaitError> {
        self.core.reset()
    }

    /// Resets queue `index` alone and waits for it (§2.6.1): the proof retires the queue, whose chains come back. The
    /// others go on.
    ///
    /// # Errors
    /// [`QueueResetError`]; the device may still use the queue then, until it was reset itself.
    pub fn reset_queue(&mut self, index: u16) -> Result<ResetProof, QueueResetError> {
        let core = &mut self.core;
        if !core.accepted.has(feature::RING_RESET) || !core.status.contains(DeviceStatus::DRIVER_OK) {
            return Err(QueueResetError::NotNegotiated);
        }
        core.life.reset_queue(&core.platform, index)
    }

    /// Sets a queue up again that was reset alone, of another size if you like (§2.6.1.2). Notifiers made before stay good.
    ///
    /// # Errors
    /// [`QueueSetupError::NotReset`] when `reset` is not what [`reset_queue`](Self::reset_queue) returned for a queue of
    /// this device; others as for [`Device::queue`](Device::queue).
    pub fn queue_again<C: Chain, S: Slots<C>>(
        &mut self,
        reset: &ResetProof,
        slots: S,
        options: QueueOptions,
    ) -> Result<Queue<P, C, S>, QueueSetupError>
    where
        P: Clone,
    {
        let core = &mut self.core;
        let queue = reset.queue().filter(|queue| queue.instance() == core.life.instance());
        let queue = queue.filter(|_| core.status.contains(DeviceStatus::DRIVER_OK)).ok_or(QueueSetupError::NotReset)?;
        let features = core.ring_features();
        core.life.queue(core.platform.clone(), queue.index(), slots, options, features)
    }

    /// Suspends the device and waits until it is (§3.4). Before it says so, it uses what it had begun to work on.
    ///
    /// Until [`resume`](Device::resume), publish nothing in its queues and send no notification: a driver moves its queues and
    /// notifiers to where they cannot be used. Queues keep their place; what is available then is used after the resumption.
    ///
    /// # Errors
    /// [`SuspendError`], and the device to be reset. Ask [`can_suspend`](Self::can_suspend) first: after
    /// [`SuspendError::NotNegotiated`] it cannot be used further either.
    pub fn suspend(mut self) -> SuspendResult<P, T, Suspended> {
        if !self.can_suspend() {
            return Err((self.become_state(Resetting(())), SuspendError::NotNegotiated));
        }
        // No bit may be cleared by the driver, DRIVER_OK neither: the device does that.
        self.core.set(DeviceStatus::SUSPEND);
        match self.await_status(DeviceStatus::SUSPEND, DeviceStatus::DRIVER_OK) {
            Ok(()) => Ok(self.become_state(Suspended(()))),
            Err(error) => Err((self.become_state(Resetting(())), error)),
        }
    }

    /// Whether [`suspend`](Self::suspend) can be tried: the device is live and `VIRTIO_F_SUSPEND` was negotiated.
    #[must_use]
    pub fn can_suspend(&self) -> bool {
        self.core.accepted.has(feature::SUSPEND) && self.core.status.contains(DeviceStatus::DRIVER_OK)
    }
}

impl<P: Platform, T: Transport> Device<P, T, Suspended> {
    /// Resumes the device and waits until it is live (§3.4).
    ///
    /// # Errors
    /// [`SuspendError`] when the device does not resume.
    pub fn resume(mut self) -> SuspendResult<P, T, Live> {
        self.core.set(DeviceStatus::DRIVER_OK);
        match self.await_status(DeviceStatus::DRIVER_OK, DeviceStatus::SUSPEND) {
            Ok(()) => Ok(self.become_state(Live(()))),
            Err(error) => Err((self.become_state(Resetting(())), error)),
        }
    }

    /// Acknowledges an interrupt that the device sent before it was suspended.
    pub fn acknowledge_interrupt(&self) -> Interrupt {
        self.core.life.transport().acknowledge_interrupt()
    }
}

impl<P: Platform, T: Transport, S> Device<P, T, S> {
    /// Waits until the status reads with `set` and without `clear`, and remembers that.
    fn await_status(&mut self, set: DeviceStatus, clear: DeviceStatus) -> Result<(), SuspendError> {
        let mut polls = 0;
        loop {
            let status = self.core.life.transport().status();
            if status.contains(DeviceStatus::DEVICE_NEEDS_RESET) {
                return Err(SuspendError::NeedsReset { status });
            }
            if status.contains(set) && !status.contains(clear) {
                self.core.status = self.core.status.without(clear);
                return Ok(());
            }
            polls += 1;
            if self.core.platform.wait(polls) == Wait::GiveUp {
                return Err(SuspendError::Stuck { status, polls });
            }
        }
    }
}
