//! Bring-up of a device as types that follow one another (VIRTIO 1.4 §3.1.1), and its end.
#![allow(unsafe_code)] // `enable_queue`: the one place where a device is given a ring.

use core::{
    fmt,
    marker::PhantomData,
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
};

use parakit_abi::{
    device::{ConfigField, DeviceType},
    feature::{self, Features},
    status::DeviceStatus,
};

use super::{
    ConfigError, ConfigReader, ConfigValue, DEVICE_SPECIFIC, FeatureError, Interrupt, QueueSetupError, SUPPORTED,
    StartError, Transport, WaitError, config,
};
use crate::{
    platform::{Platform, Wait},
    queue::{Chain, QueueOptions, Slots, SplitQueue},
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

/// State: features are being negotiated.
#[derive(Debug)]
pub enum Negotiating {}
/// State: the device has confirmed the features; queues can be set up.
#[derive(Debug)]
pub enum FeaturesOk {}
/// State: the device is live.
#[derive(Debug)]
pub enum Live {}
/// State: the device was told to reset, and has not finished. It can only be told again.
#[derive(Debug)]
pub enum Resetting {}
/// State: the device was reset.
#[derive(Debug)]
pub enum Reset {}

/// States in which the device was started and not reset since.
pub trait Started: sealed::Sealed {}
impl Started for Negotiating {}
impl Started for FeaturesOk {}
impl Started for Live {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Negotiating {}
    impl Sealed for super::FeaturesOk {}
    impl Sealed for super::Live {}
}

/// A device in state `S`.
///
/// A value that is dropped while [`Live`] resets the device and waits for it; before that, it marks the device FAILED,
/// since bring-up was given up (§3.1.1).
pub struct Device<P: Platform, T: Transport, S> {
    core: Core<P, T>,
    state: PhantomData<fn() -> S>,
}

/// A device that was reset, or one that has not finished its reset and what its status read.
pub type ResetResult<P, T> = Result<Device<P, T, Reset>, (Device<P, T, Resetting>, WaitError)>;

/// What to do with the device when its value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtEnd {
    Fail,
    Reset,
    Nothing,
}

struct Core<P: Platform, T: Transport> {
    transport: T,
    platform: P,
    offered: Features,
    accepted: Features,
    instance: InstanceId,
    /// What was written to the status field since the reset.
    status: DeviceStatus,
    at_end: AtEnd,
}

impl<P: Platform, T: Transport> Core<P, T> {
    fn set(&mut self, bit: DeviceStatus) {
        self.status = self.status.with(bit);
        self.transport.set_status(self.status);
    }

    fn fail(&mut self) {
        self.set(DeviceStatus::FAILED);
        self.at_end = AtEnd::Nothing;
    }

    /// Resets the device and waits until the status reads 0 (§2.4.2).
    fn reset(&mut self) -> Result<ResetProof, WaitError> {
        self.status = DeviceStatus::RESET;
        // Until it is done, there is nothing else that the device may be told, not even that the driver has failed.
        self.at_end = AtEnd::Reset;
        reset(&self.platform, &mut self.transport)?;
        self.at_end = AtEnd::Nothing;
        Ok(ResetProof(self.instance))
    }
}

impl<P: Platform, T: Transport> Drop for Core<P, T> {
    fn drop(&mut self) {
        match self.at_end {
            AtEnd::Fail => self.fail(),
            AtEnd::Reset => {
                if let Err(e) = self.reset() {
                    log::error!("dropped a device that does not reset: {e}");
                }
            }
            AtEnd::Nothing => {}
        }
    }
}

fn reset<P: Platform, T: Transport>(platform: &P, transport: &mut T) -> Result<(), WaitError> {
    transport.set_status(DeviceStatus::RESET);
    let mut polls = 0;
    loop {
        let status = transport.status();
        if status == DeviceStatus::RESET {
            return Ok(());
        }
        polls += 1;
        if platform.wait(polls) == Wait::GiveUp {
            return Err(WaitError { status, polls });
        }
    }
}

impl<P: Platform, T: Transport, S> Device<P, T, S> {
    fn become_state<N>(self) -> Device<P, T, N> {
        Device { core: self.core, state: PhantomData }
    }

    /// The device type.
    #[must_use]
    pub fn device_type(&self) -> DeviceType {
        self.core.transport.device_type()
    }

    /// The platform it was started with.
    #[must_use]
    pub fn platform(&self) -> &P {
        &self.core.platform
    }
}

impl<P: Platform, T: Transport> Device<P, T, Negotiating> {
    /// Resets the device, waits for it, sets ACKNOWLEDGE, then DRIVER, and reads the offered features
    /// (§3.1.1 steps 1 to 4).
    ///
    /// # Errors
    /// [`StartError::Reset`] when the device does not reset while the platform waits.
    pub fn start(platform: P, mut transport: T) -> Result<Self, StartError> {
        let instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        reset(&platform, &mut transport).map_err(StartError::Reset)?;
        let (offered, accepted) = (Features::NONE, Features::NONE);
        let status = DeviceStatus::RESET;
        let core = Core { transport, platform, offered, accepted, instance, status, at_end: AtEnd::Fail };
        Ok(Self { core, state: PhantomData }.acknowledge())
    }

    fn acknowledge(mut self) -> Self {
        self.core.set(DeviceStatus::ACKNOWLEDGE);
        self.core.set(DeviceStatus::DRIVER);
        self.core.offered = self.core.transport.offered_features();
        self
    }

    /// Accepts the features that are offered, in `supported`, implemented by the kit where they concern rings or
    /// transport, and whose own requirements are accepted too; sets FEATURES_OK and reads it back (§3.1.1 steps 4 to 6).
    ///
    /// `supported` is usually [`SUPPORTED`] and the device's own. VERSION_1 is always accepted, and required.
    ///
    /// # Errors
    /// [`FeatureError`] when VERSION_1 or one of `required` cannot be accepted, or the device does not keep
    /// FEATURES_OK. FAILED is set in the status field then.
    pub fn negotiate(
        mut self,
        supported: Features,
        required: Features,
    ) -> Result<Device<P, T, FeaturesOk>, FeatureError> {
        let offered = self.core.offered;
        // The core sets FAILED when it is dropped by an error.
        if !offered.has(feature::VERSION_1) {
            return Err(FeatureError::Legacy { offered });
        }
        let implemented = SUPPORTED.with(DEVICE_SPECIFIC);
        let accepted = resolve(offered.and(implemented).and(supported.with(Features::bit(feature::VERSION_1))));
        let missing = required.without(accepted);
        if missing != Features::NONE {
            return Err(FeatureError::Missing { missing, offered });
        }
        self.core.transport.accept_features(accepted);
        self.core.accepted = accepted;
        self.core.set(DeviceStatus::FEATURES_OK);
        let status = self.core.transport.status();
        if !status.contains(DeviceStatus::FEATURES_OK) {
            return Err(FeatureError::Refused { accepted, status });
        }
        Ok(self.become_state())
    }
}

/// The largest subset in which each feature has what it requires.
fn resolve(mut set: Features) -> Features {
    loop {
        let kept = set.iter().filter(|&bit| set.contains(feature::requires(bit))).fold(0, |kept, bit| kept | 1 << bit);
        // Terminates: each round removes a bit or is the last.
        if kept == set.0 {
            return set;
        }
        set = Features(kept);
    }
}

impl<P: Platform, T: Transport, S: Started> Device<P, T, S> {
    /// The features that the device offers.
    #[must_use]
    pub fn offered(&self) -> Features {
        self.core.offered
    }

    /// Reads a configuration field, all of it from one generation (§2.5.1).
    ///
    /// # Errors
    /// [`ConfigError`] when the device did not offer the field's feature or keeps changing its configuration, or the
    /// field is not of type `V`.
    pub fn config_read<V: ConfigValue>(&self, field: &ConfigField) -> Result<V, ConfigError> {
        self.config(|reader| reader.read(field))
    }

    /// Reads several configuration fields from one generation: runs `read` again until none changed meanwhile.
    ///
    /// # Errors
    /// As for [`config_read`](Self::config_read); errors of `read` are passed on.
    pub fn config<R>(
        &self,
        read: impl FnMut(&ConfigReader<'_, T>) -> Result<R, ConfigError>,
    ) -> Result<R, ConfigError> {
        if self.core.status == DeviceStatus::RESET {
            return Err(ConfigError::Reset);
        }
        config::consistent(&self.core.transport, self.core.offered, read)
    }

    /// Tells the device that the driver has given up on it: sets FAILED. It has to be reset before anything else.
    pub fn fail(mut self) {
        self.core.fail();
    }

    /// Resets the device and waits for it.
    ///
    /// # Errors
    /// The device, to try again, and what its status read. If it is dropped, its queues leak.
    pub fn reset(self) -> ResetResult<P, T> {
        self.become_state::<Resetting>().reset()
    }
}

impl<P: Platform, T: Transport> Device<P, T, Resetting> {
    /// Resets the device again and waits for it.
    ///
    /// # Errors
    /// As for any other [`reset`](Device::reset).
    pub fn reset(mut self) -> ResetResult<P, T> {
        match self.core.reset() {
            Ok(_) => Ok(self.become_state()),
            Err(e) => Err((self, e)),
        }
    }
}

impl<P: Platform, T: Transport> Device<P, T, Reset> {
    /// Shows that the device was reset: frees its queues.
    #[must_use]
    pub fn proof(&self) -> ResetProof {
        ResetProof(self.core.instance)
    }

    /// Starts the device again, as a new instance; see [`Device::start`].
    ///
    /// # Errors
    /// As for [`Device::start`].
    pub fn restart(mut self) -> Result<Device<P, T, Negotiating>, StartError> {
        self.core.instance = InstanceId::new().ok_or(StartError::InstancesExhausted)?;
        self.core.reset().map_err(StartError::Reset)?;
        self.core.at_end = AtEnd::Fail;
        Ok(self.become_state::<Negotiating>().acknowledge())
    }
}

macro_rules! negotiated {
    ($($state:ty),*) => {$(
        impl<P: Platform, T: Transport> Device<P, T, $state> {
            /// The features that driver and device agreed on.
            #[must_use]
            pub fn accepted(&self) -> Features {
                self.core.accepted
            }

            /// Writes a configuration field.
            ///
            /// # Errors
            /// As for [`config_read`](Self::config_read), and [`ConfigError::Reset`] after a reset.
            pub fn config_write<V: ConfigValue>(&mut self, field: &ConfigField, value: V) -> Result<(), ConfigError> {
                if self.core.status == DeviceStatus::RESET {
                    return Err(ConfigError::Reset);
                }
                config::check::<V>(&self.core.transport, self.core.offered, field)?;
                value.write(&mut self.core.transport, field.offset);
                Ok(())
            }
        }
    )*};
}

negotiated!(FeaturesOk, Live);

impl<P: Platform, T: Transport> Device<P, T, FeaturesOk> {
    /// Sets up queue `index` with as many entries as the device, the slots and the options allow, rounded down to a
    /// power of two (§4.2.3.2).
    ///
    /// # Errors
    /// [`QueueSetupError`] when there is no such queue, it is in use, or there is no memory.
    pub fn queue<C: Chain, S: Slots<C>>(
        &mut self,
        index: u16,
        slots: S,
        options: QueueOptions,
    ) -> Result<SplitQueue<P, C, S>, QueueSetupError>
    where
        P: Clone,
    {
        let core = &mut self.core;
        let max = match core.transport.queue_max_size(index) {
            None => return Err(QueueSetupError::InUse { queue: index }),
            Some(0) => return Err(QueueSetupError::Absent { queue: index }),
            Some(max) => u16::try_from(max).unwrap_or(u16::MAX),
        };
        let options = QueueOptions { max_size: options.max_size.min(max), ..options };
        let event_idx = core.accepted.has(feature::EVENT_IDX);
        let queue = SplitQueue::for_instance(core.platform.clone(), slots, options, event_idx, core.instance)?;
        // SAFETY: the addresses are those of the queue's ring, which is freed only when the queue is given the proof
        // of this instance's reset; its descriptors point to buffers that the queue owns.
        unsafe { core.transport.enable_queue(index, queue.size(), queue.addresses()) };
        Ok(queue)
    }

    /// Sets DRIVER_OK: the device is live (§3.1.1 step 8).
    #[must_use]
    pub fn driver_ok(mut self) -> Device<P, T, Live> {
        self.core.set(DeviceStatus::DRIVER_OK);
        self.core.at_end = AtEnd::Reset;
        self.become_state()
    }
}

impl<P: Platform, T: Transport> Device<P, T, Live> {
    /// What tells the device that queue `index` has new buffers. There is none before DRIVER_OK, because a device must
    /// not be notified before (§3.1.1).
    #[must_use]
    pub fn notifier(&self, index: u16) -> T::Notifier {
        self.core.transport.notifier(index)
    }

    /// Reads why the device interrupts and acknowledges it. Call it before draining the queues, so that a buffer used
    /// in between interrupts again; a used-buffer interrupt is about each queue of the device (§4.2.3.4.1).
    pub fn acknowledge_interrupt(&self) -> Interrupt {
        self.core.transport.acknowledge_interrupt()
    }

    /// Whether the device asks for a reset (DEVICE_NEEDS_RESET): requests in flight may never finish (§2.1.1).
    #[must_use]
    pub fn needs_reset(&self) -> bool {
        self.core.transport.status().contains(DeviceStatus::DEVICE_NEEDS_RESET)
    }

    /// Resets the device in place and waits for it: for a driver's `Drop`. The value is of no use afterwards but to be
    /// [`reset`](Self::reset) (again) or dropped.
    ///
    /// # Errors
    /// [`WaitError`] when the device does not reset while the platform waits. Its queues leak then when they are dropped.
    pub fn quiesce(&mut self) -> Result<ResetProof, WaitError> {
        self.core.reset()
    }
}

impl<P: Platform, T: Transport, S> fmt::Debug for Device<P, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("type", &self.core.transport.device_type())
            .field("instance", &self.core.instance)
            .field("offered", &self.core.offered)
            .field("accepted", &self.core.accepted)
            .field("status", &self.core.status)
            .finish_non_exhaustive()
    }
}
