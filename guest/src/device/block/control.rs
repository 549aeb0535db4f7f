//! The device behind the request queues: what they share, and how each gets at it.

use core::fmt;

use parakit_abi::device::block::{CONFIG_FIELDS, feature as f};
use parakit_abi::device::{ConfigField, DeviceType};
use parakit_abi::feature::Features;
use parakit_abi::status::DeviceStatus;

use super::{BlockConfig, Fault, InitError};
use crate::platform::Platform;
use crate::transport::{
    ConfigError, ConfigReader, Device, FeaturesOk, Interrupt, Live, Negotiating, Reset, ResetProof,
};
use crate::transport::{Resetting, SuspendError, Suspended, Transport, WaitError, pci::Event};

/// Negotiates `supported` with a block device, and reads its configuration.
pub(super) fn negotiate<T: Transport, P: Platform>(
    device: Device<P, T, Negotiating>,
    supported: Features,
) -> Result<(Device<P, T, FeaturesOk>, BlockConfig), InitError> {
    if device.device_type() != DeviceType::BLOCK {
        return Err(InitError::DeviceType(device.device_type()));
    }
    let device = device.negotiate(supported, Features::NONE)?;
    let accepted = device.accepted();
    let config = device.config(|reader| read_config(accepted, reader))?;
    config.check()?;
    Ok((device, config))
}

/// The device is of no use any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Down {
    pub(super) fault: Fault,
    /// Whether the device is known to have let go of its memory.
    pub(super) reset: Result<ResetProof, WaitError>,
}

/// A block device without its queues. Opaque.
pub struct Core<T: Transport, P: Platform> {
    phase: Phase<T, P>,
    pub(super) accepted: Features,
    /// What it said about itself, last time it was asked.
    pub(super) config: BlockConfig,
    pub(super) down: Option<Down>,
}

/// How the device is.
enum Phase<T: Transport, P: Platform> {
    Live(Device<P, T, Live>),
    Suspended(Device<P, T, Suspended>),
    /// It would not do what it was told; it can only be reset.
    Resetting(Device<P, T, Resetting>),
    Reset(Device<P, T, Reset>),
    /// It was released.
    Gone,
}

impl<T: Transport, P: Platform> Core<T, P> {
    pub(super) fn new(device: Device<P, T, Live>, config: BlockConfig) -> Self {
        let accepted = device.accepted();
        Self { phase: Phase::Live(device), accepted, config, down: None }
    }

    /// The device, as long as it is live.
    pub(super) fn live(&mut self) -> Option<&mut Device<P, T, Live>> {
        match &mut self.phase {
            Phase::Live(device) => Some(device),
            _ => None,
        }
    }

    pub(super) fn is_suspended(&self) -> bool {
        matches!(self.phase, Phase::Suspended(_))
    }

    /// Resets the device, and leaves it at that; once more if it did not reset the last time.
    pub(super) fn take_down(&mut self, fault: Fault) {
        let result = match core::mem::replace(&mut self.phase, Phase::Gone) {
            Phase::Live(device) => device.reset(),
            Phase::Suspended(device) => device.reset(),
            Phase::Resetting(device) => device.reset(),
            done @ (Phase::Reset(_) | Phase::Gone) => {
                self.phase = done;
                return;
            }
        };
        let reset = match result {
            Ok(device) => {
                let proof = device.proof();
                self.phase = Phase::Reset(device);
                Ok(proof)
            }
            Err((device, error)) => {
                self.phase = Phase::Resetting(device);
                Err(error)
            }
        };
        match &mut self.down {
            Some(down) => down.reset = reset,
            None => {
                self.down = Some(Down { fault, reset });
                if fault != Fault::Reset {
                    log::warn!("block device taken down: {fault}");
                }
            }
        }
    }

    /// Gives the device up, after it was taken down.
    pub(super) fn release(&mut self) -> Result<Device<P, T, Reset>, WaitError> {
        match (core::mem::replace(&mut self.phase, Phase::Gone), self.down) {
            (Phase::Reset(device), _) => Ok(device),
            (phase, Some(Down { reset: Err(error), .. })) => {
                self.phase = phase;
                Err(error)
            }
            (phase, _) => {
                self.phase = phase;
                Err(WaitError { status: DeviceStatus::RESET, polls: 0 })
            }
        }
    }

    /// Suspends the device; it is taken down if it does not.
    pub(super) fn suspend(&mut self) -> Result<(), SuspendError> {
        match core::mem::replace(&mut self.phase, Phase::Gone) {
            Phase::Live(device) if device.can_suspend() => match device.suspend() {
                Ok(device) => {
                    self.phase = Phase::Suspended(device);
                    Ok(())
                }
                Err((device, error)) => Err(self.failed(device, error)),
            },
            phase => {
                self.phase = phase;
                if self.is_suspended() { Ok(()) } else { Err(SuspendError::NotNegotiated) }
            }
        }
    }

    /// Resumes the device; it is taken down if it does not.
    pub(super) fn resume(&mut self) -> Result<(), SuspendError> {
        match core::mem::replace(&mut self.phase, Phase::Gone) {
            Phase::Suspended(device) => match device.resume() {
                Ok(device) => {
                    self.phase = Phase::Live(device);
                    Ok(())
                }
                Err((device, error)) => Err(self.failed(device, error)),
            },
            phase => {
                self.phase = phase;
                if self.live().is_some() { Ok(()) } else { Err(SuspendError::NotNegotiated) }
            }
        }
    }

    fn failed(&mut self, device: Device<P, T, Resetting>, error: SuspendError) -> SuspendError {
        self.phase = Phase::Resetting(device);
        self.take_down(Fault::Suspend(error));
        error
    }

    /// Reads the configuration again.
    pub(super) fn refresh(&mut self) {
        let accepted = self.accepted;
        let read = match &self.phase {
            Phase::Live(device) => device.config(|reader| read_config(accepted, reader)),
            _ => return,
        };
        match read {
            Ok(config) => match config.check() {
                Ok(()) => self.config = config,
                Err(e) => self.take_down(Fault::BadConfig(e)),
            },
            Err(e) => self.take_down(Fault::Config(e)),
        }
    }

    /// Acknowledges an interrupt, on MSI-X vector `vector` if the caller knows it, and follows a configuration change.
    pub(super) fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        let (interrupt, needs_reset) = match &self.phase {
            Phase::Live(device) => {
                let interrupt = match vector {
                    Some(vector) => device.acknowledge_vector(vector),
                    None => device.acknowledge_interrupt(),
                };
                (interrupt, interrupt.config_change && device.needs_reset())
            }
            Phase::Suspended(device) => (device.acknowledge_interrupt(), false),
            _ => return Interrupt::default(),
        };
        if needs_reset {
            self.take_down(Fault::NeedsReset);
        } else if interrupt.config_change {
            self.refresh();
        }
        interrupt
    }

    /// The MSI-X vector of configuration changes.
    pub(super) fn config_vector(&self) -> Option<u16> {
        match &self.phase {
            Phase::Live(device) => device.vector_of(Event::Config),
            _ => None,
        }
    }

    pub(super) fn writeback(&self) -> Result<Option<bool>, ConfigError> {
        if !self.accepted.has(f::CONFIG_WCE) {
            return Ok(None);
        }
        let mode = match &self.phase {
            Phase::Live(device) => device.config_read::<u8>(field("writeback")),
            Phase::Suspended(device) => device.config_read::<u8>(field("writeback")),
            _ => Err(ConfigError::Reset),
        };
        mode.map(|mode| Some(mode != 0))
    }

    pub(super) fn set_writeback(&mut self, writeback: bool) -> Result<(), ConfigError> {
        if !self.accepted.has(f::CONFIG_WCE) {
            return Err(ConfigError::NotOffered { field: "writeback", bit: f::CONFIG_WCE });
        }
        // The configuration of a device that is suspended must not be written (§3.4.1).
        let device = self.live().ok_or(ConfigError::Reset)?;
        device.config_write(field("writeback"), u8::from(writeback))
    }
}

impl<T: Transport, P: Platform> fmt::Debug for Core<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("config", &self.config)
            .field("down", &self.down)
            .field("suspended", &self.is_suspended())
            .finish_non_exhaustive()
    }
}

/// How a request queue gets at the device that it belongs to.
pub trait Control<T: Transport, P: Platform>: sealed::Control<T, P> {}

impl<T: Transport, P: Platform, K: sealed::Control<T, P>> Control<T, P> for K {}

pub(super) mod sealed {
    use super::Core;
    use crate::platform::Platform;
    use crate::transport::Transport;

    pub trait Control<T: Transport, P: Platform> {
        /// Runs `f` on the device while no other queue has it.
        fn with<R>(&mut self, f: impl FnOnce(&mut Core<T, P>) -> R) -> R;
        /// Differs from what it was when another queue has changed something that this one has a copy of. Cheap.
        fn version(&self) -> u32;
        /// Says so to the other queues.
        fn changed(&self);
    }

    impl<T: Transport, P: Platform> Control<T, P> for Core<T, P> {
        #[inline]
        fn with<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
            f(self)
        }
        #[inline]
        fn version(&self) -> u32 {
            0
        }
        #[inline]
        fn changed(&self) {}
    }
}

/// The configuration field `name`, which is one of the table.
fn field(name: &str) -> &'static ConfigField {
    CONFIG_FIELDS.iter().find(|field| field.name == name).unwrap_or(&CONFIG_FIELDS[0])
}

/// Reads the configuration in one generation.
pub(super) fn read_config<T: Transport>(
    accepted: Features,
    reader: &ConfigReader<'_, T>,
) -> Result<BlockConfig, ConfigError> {
    BlockConfig::read(accepted, |field| match field.width {
        1 => reader.read::<u8>(field).map(u64::from),
        2 => reader.read::<u16>(field).map(u64::from),
        4 => reader.read::<u32>(field).map(u64::from),
        _ => reader.read::<u64>(field),
    })
}
