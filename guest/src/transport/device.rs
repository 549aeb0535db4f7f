//! Bring-up of a device as types that follow one another (VIRTIO 1.4 §3.1.1), and its end.

use core::fmt;

use parakit_abi::{
    device::{ConfigField, DeviceType},
    feature::{self, Features},
    status::DeviceStatus,
};

use super::{
    ConfigError, ConfigReader, ConfigValue, DEVICE_SPECIFIC, FeatureError, Live, QueueSetupError, ResetProof,
    SharedMemory, SharedMemoryError, StartError, Suspended, Transport, WaitError, config, registers::Life,
};
use crate::{
    platform::Platform,
    queue::{Chain, Queue, QueueOptions, RingFeatures, Slots},
};

/// State: features are being negotiated.
#[derive(Debug)]
pub struct Negotiating(());
/// State: the device has confirmed the features; queues can be set up.
#[derive(Debug)]
pub struct FeaturesOk(());
/// State: the device was told to reset and has not finished, or is of no use but to be reset. It can only be told so.
#[derive(Debug)]
pub struct Resetting(pub(super) ());
/// State: the device was reset.
#[derive(Debug)]
pub struct Reset(ResetProof);

/// States in which the device was started and not reset since.
pub trait Started: sealed::Sealed {}
impl Started for Negotiating {}
impl Started for FeaturesOk {}
impl Started for Live {}
impl Started for Suspended {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Negotiating {}
    impl Sealed for super::FeaturesOk {}
    impl Sealed for super::Live {}
    impl Sealed for super::Suspended {}
}

/// A device in state `S`.
///
/// A value that is dropped while [`Live`] resets the device and waits for it; before that, it marks the device FAILED,
/// since bring-up was given up (§3.1.1).
pub struct Device<P: Platform, T: Transport, S> {
    pub(super) core: Core<P, T>,
    state: S,
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

pub(super) struct Core<P: Platform, T: Transport> {
    pub(super) life: Life<T>,
    pub(super) platform: P,
    offered: Features,
    pub(super) accepted: Features,
    /// What was written to the status field since the reset, and not taken back by the device.
    pub(super) status: DeviceStatus,
    at_end: AtEnd,
}

impl<P: Platform, T: Transport> Core<P, T> {
    pub(super) fn ring_features(&self) -> RingFeatures {
        RingFeatures { legacy: self.life.transport().is_legacy(), ..RingFeatures::of(self.accepted) }
    }

    pub(super) fn set(&mut self, bit: DeviceStatus) {
        self.status = self.status.with(bit);
        self.life.set_status(self.status);
    }

    fn fail(&mut self) {
        self.set(DeviceStatus::FAILED);
        self.at_end = AtEnd::Nothing;
    }

    /// Resets the device and waits until the status reads 0 (§2.4.2).
    pub(super) fn reset(&mut self) -> Result<ResetProof, WaitError> {
        self.status = DeviceStatus::RESET;
        // Until it is done, there is nothing else that the device may be told, not even that the driver has failed.
        self.at_end = AtEnd::Reset;
        let proof = self.life.reset(&self.platform)?;
        self.at_end = AtEnd::Nothing;
        Ok(proof)
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

impl<P: Platform, T: Transport, S> Device<P, T, S> {
    pub(super) fn become_state<N>(self, state: N) -> Device<P, T, N> {
        Device { core: self.core, state }
    }

    /// The device type.
    #[must_use]
    pub fn device_type(&self) -> DeviceType {
        self.core.life.transport().device_type()
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
    pub fn start(platform: P, transport: T) -> Result<Self, StartError> {
        let life = Life::start(&platform, transport)?;
        let (offered, accepted) = (Features::NONE, Features::NONE);
        let status = DeviceStatus::RESET;
        let core = Core { life, platform, offered, accepted, status, at_end: AtEnd::Fail };
        Ok(Self { core, state: Negotiating(()) }.acknowledge())
    }

    fn acknowledge(mut self) -> Self {
        self.core.set(DeviceStatus::ACKNOWLEDGE);
        self.core.set(DeviceStatus::DRIVER);
        self.core.offered = self.core.life.offered_features();
        self
    }

    /// Accepts the features that are offered, in `supported`, and implemented by the kit where they concern rings or
    /// transport; sets FEATURES_OK and reads it back (§3.1.1 steps 4 to 6).
    ///
    /// A feature of `supported` is accepted whether or not another one that it requires (§2.2.1) is offered: of the
    /// device types of the kit none has such a feature. A driver for another type leaves it out of `supported`.
    ///
    /// `supported` is usually [`SUPPORTED`](super::SUPPORTED) and the device's own; what the transport cannot do is left out. VERSION_1
    /// is always accepted, and required, but of a legacy device, which has neither it nor FEATURES_OK (§3.1.2).
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
        let legacy = self.core.life.transport().is_legacy();
        let version = if legacy { Features::NONE } else { Features::bit(feature::VERSION_1) };
        // The core sets FAILED when it is dropped by an error.
        if !offered.contains(version) {
            return Err(FeatureError::Legacy { offered });
        }
        // A legacy device has 32 bits of features.
        let own = if legacy { DEVICE_SPECIFIC.and(Features(u32::MAX.into())) } else { DEVICE_SPECIFIC };
        let implemented = self.core.life.transport().supported().with(own);
        let accepted = offered.and(implemented).and(supported.with(version));
        let missing = required.without(version).without(accepted);
        if missing != Features::NONE {
            return Err(FeatureError::Missing { missing, offered });
        }
        self.core.life.accept_features(accepted);
        self.core.accepted = accepted;
        if !legacy {
            self.core.set(DeviceStatus::FEATURES_OK);
            let status = self.core.life.transport().status();
            if !status.contains(DeviceStatus::FEATURES_OK) {
                return Err(FeatureError::Refused { accepted, status });
            }
        }
        self.core.life.map_config_interrupt().map_err(FeatureError::Vector)?;
        Ok(self.become_state(FeaturesOk(())))
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
        config::consistent(self.core.life.transport(), self.core.offered, read)
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
        self.become_state(Resetting(())).reset()
    }
}

impl<P: Platform, T: Transport> Device<P, T, Resetting> {
    /// Resets the device again and waits for it.
    ///
    /// # Errors
    /// As for any other [`reset`](Device::reset).
    pub fn reset(mut self) -> ResetResult<P, T> {
        match self.core.reset() {
            Ok(proof) => Ok(self.become_state(Reset(proof))),
            Err(e) => Err((self, e)),
        }
    }
}

impl<P: Platform, T: Transport> Device<P, T, Reset> {
    /// Shows that the device was reset: frees its queues.
    #[must_use]
    pub fn proof(&self) -> ResetProof {
        self.state.0
    }

    /// Starts the device again, as a new instance; see [`Device::start`].
    ///
    /// # Errors
    /// As for [`Device::start`].
    pub fn restart(mut self) -> Result<Device<P, T, Negotiating>, StartError> {
        (self.core.status, self.core.at_end) = (DeviceStatus::RESET, AtEnd::Reset);
        self.core.life.restart(&self.core.platform)?;
        self.core.at_end = AtEnd::Fail;
        Ok(self.become_state(Negotiating(())).acknowledge())
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

            /// Shared memory region `id`, as the device type numbers them (§2.10); `None` when there is none.
            ///
            /// # Errors
            /// [`SharedMemoryError`] when what the device says of it is impossible.
            pub fn shared_memory(&mut self, id: u8) -> Result<Option<SharedMemory>, SharedMemoryError> {
                self.core.life.shared_memory(id)
            }

            /// Writes a configuration field.
            ///
            /// # Errors
            /// As for [`config_read`](Self::config_read), and [`ConfigError::Reset`] after a reset.
            pub fn config_write<V: ConfigValue>(&mut self, field: &ConfigField, value: V) -> Result<(), ConfigError> {
                if self.core.status == DeviceStatus::RESET {
                    return Err(ConfigError::Reset);
                }
                config::check::<V>(self.core.life.transport(), self.core.offered, field)?;
                self.core.life.config_write(field.offset, value);
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
    ) -> Result<Queue<P, C, S>, QueueSetupError>
    where
        P: Clone,
    {
        let core = &mut self.core;
        let features = core.ring_features();
        core.life.queue(core.platform.clone(), index, slots, options, features)
    }

    /// Sets DRIVER_OK: the device is live (§3.1.1 step 8).
    #[must_use]
    pub fn driver_ok(mut self) -> Device<P, T, Live> {
        self.core.set(DeviceStatus::DRIVER_OK);
        self.core.at_end = AtEnd::Reset;
        self.become_state(Live(()))
    }
}

impl<P: Platform, T: Transport, S> fmt::Debug for Device<P, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("type", &self.core.life.transport().device_type())
            .field("instance", &self.core.life.instance())
            .field("offered", &self.core.offered)
            .field("accepted", &self.core.accepted)
            .field("status", &self.core.status)
            .finish_non_exhaustive()
    }
}
