//! A device that was brought up, in whatever state it is now: drivers keep it in one place.

use parakit_abi::feature::{self, Features};
use parakit_abi::status::DeviceStatus;

use crate::platform::Platform;
use crate::transport::{
    ConfigError, ConfigReader, Device, Interrupt, Live, Reset, ResetProof, Resetting, SuspendError,
};
use crate::transport::{Suspended, Transport, WaitError, pci::Event};

/// A device that is live, or was.
pub(super) struct Phased<T: Transport, P: Platform>(Phase<T, P>);

enum Phase<T: Transport, P: Platform> {
    Live(Device<P, T, Live>),
    Suspended(Device<P, T, Suspended>),
    /// It would not do what it was told; it can only be reset.
    Resetting(Device<P, T, Resetting>),
    Reset(Device<P, T, Reset>),
    /// It was released.
    Gone,
}

impl<T: Transport, P: Platform> Phased<T, P> {
    pub(super) fn new(device: Device<P, T, Live>) -> Self {
        Self(Phase::Live(device))
    }

    fn take(&mut self) -> Phase<T, P> {
        core::mem::replace(&mut self.0, Phase::Gone)
    }

    /// The device, as long as it is live.
    pub(super) fn live(&mut self) -> Option<&mut Device<P, T, Live>> {
        match &mut self.0 {
            Phase::Live(device) => Some(device),
            _ => None,
        }
    }

    pub(super) fn is_suspended(&self) -> bool {
        matches!(self.0, Phase::Suspended(_))
    }

    /// Resets the device and waits for it; once more if it did not the last time, and not at all if it did.
    pub(super) fn reset(&mut self) -> Result<ResetProof, WaitError> {
        let result = match self.take() {
            Phase::Live(device) => device.reset(),
            Phase::Suspended(device) => device.reset(),
            Phase::Resetting(device) => device.reset(),
            Phase::Reset(device) => Ok(device),
            Phase::Gone => return Err(WaitError { status: DeviceStatus::RESET, polls: 0 }),
        };
        match result {
            Ok(device) => {
                let proof = device.proof();
                self.0 = Phase::Reset(device);
                Ok(proof)
            }
            Err((device, error)) => {
                self.0 = Phase::Resetting(device);
                Err(error)
            }
        }
    }

    /// Resets the device and gives it up.
    pub(super) fn release(&mut self) -> Result<Device<P, T, Reset>, WaitError> {
        self.reset()?;
        match self.take() {
            Phase::Reset(device) => Ok(device),
            phase => {
                self.0 = phase;
                Err(WaitError { status: DeviceStatus::RESET, polls: 0 })
            }
        }
    }

    /// Suspends the device and waits for it. After an error other than `NotNegotiated` it can only be reset.
    pub(super) fn suspend(&mut self) -> Result<(), SuspendError> {
        match self.take() {
            Phase::Live(device) if device.can_suspend() => match device.suspend() {
                Ok(device) => self.0 = Phase::Suspended(device),
                Err((device, error)) => {
                    self.0 = Phase::Resetting(device);
                    return Err(error);
                }
            },
            phase => self.0 = phase,
        }
        if self.is_suspended() { Ok(()) } else { Err(SuspendError::NotNegotiated) }
    }

    /// Resumes the device and waits for it. After an error other than `NotNegotiated` it can only be reset.
    pub(super) fn resume(&mut self) -> Result<(), SuspendError> {
        match self.take() {
            Phase::Suspended(device) => match device.resume() {
                Ok(device) => self.0 = Phase::Live(device),
                Err((device, error)) => {
                    self.0 = Phase::Resetting(device);
                    return Err(error);
                }
            },
            phase => self.0 = phase,
        }
        if self.live().is_some() { Ok(()) } else { Err(SuspendError::NotNegotiated) }
    }

    /// Reads configuration fields of one generation.
    pub(super) fn config<R>(
        &self,
        read: impl FnMut(&ConfigReader<'_, T>) -> Result<R, ConfigError>,
    ) -> Result<R, ConfigError> {
        match &self.0 {
            Phase::Live(device) => device.config(read),
            Phase::Suspended(device) => device.config(read),
            _ => Err(ConfigError::Reset),
        }
    }

    /// Acknowledges an interrupt, on MSI-X vector `vector` if the caller knows it. The second: whether the device asks for a reset,
    /// which it says with a configuration change.
    pub(super) fn acknowledge(&self, vector: Option<u16>) -> (Interrupt, bool) {
        match &self.0 {
            Phase::Live(device) => {
                let interrupt = match vector {
                    Some(vector) => device.acknowledge_vector(vector),
                    None => device.acknowledge_interrupt(),
                };
                (interrupt, interrupt.config_change && device.needs_reset())
            }
            Phase::Suspended(device) => (device.acknowledge_interrupt(), false),
            _ => (Interrupt::default(), false),
        }
    }

    /// The MSI-X vector of an event; `None` without MSI-X, or when the device is not live.
    pub(super) fn vector_of(&self, event: Event) -> Option<u16> {
        match &self.0 {
            Phase::Live(device) => device.vector_of(event),
            _ => None,
        }
    }
}

/// What a driver without a way to reset one queue alone does not accept.
pub(super) const RING_RESET: Features = Features::bit(feature::RING_RESET);
