//! The device behind the request queues: what they share, and how each gets at it.

use core::fmt;

use parakit_abi::device::block::{CONFIG_FIELDS, feature as f};
use parakit_abi::device::{ConfigField, DeviceType};
use parakit_abi::feature::Features;

use super::{BlockConfig, Fault, InitError};
use crate::device::phase::Phased;
use crate::platform::Platform;
use crate::transport::{
    ConfigError, ConfigReader, Device, FeaturesOk, Interrupt, Live, Negotiating, Reset, ResetProof,
};
use crate::transport::{SuspendError, Transport, WaitError, pci::Event};

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
    device: Phased<T, P>,
    pub(super) accepted: Features,
    /// What it said about itself, last time it was asked.
    pub(super) config: BlockConfig,
    pub(super) down: Option<Down>,
}

impl<T: Transport, P: Platform> Core<T, P> {
    pub(super) fn new(device: Device<P, T, Live>, config: BlockConfig) -> Self {
        let accepted = device.accepted();
        Self { device: Phased::new(device), accepted, config, down: None }
    }

    /// The device, as long as it is live.
    pub(super) fn live(&mut self) -> Option<&mut Device<P, T, Live>> {
        self.device.live()
    }

    pub(super) fn is_suspended(&self) -> bool {
        self.device.is_suspended()
    }

    /// Resets the device, and leaves it at that; once more if it did not reset the last time.
    pub(super) fn take_down(&mut self, fault: Fault) {
        if let Some(Down { reset: Ok(_), .. }) = self.down {
            return;
        }
        let reset = self.device.reset();
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
        self.device.release()
    }

    /// Suspends the device; it is taken down if it does not.
    pub(super) fn suspend(&mut self) -> Result<(), SuspendError> {
        let result = self.device.suspend();
        self.followed(result)
    }

    /// Resumes the device; it is taken down if it does not.
    pub(super) fn resume(&mut self) -> Result<(), SuspendError> {
        let result = self.device.resume();
        self.followed(result)
    }

    fn followed(&mut self, result: Result<(), SuspendError>) -> Result<(), SuspendError> {
        match result {
            Ok(()) | Err(SuspendError::NotNegotiated) => {}
            Err(error) => self.take_down(Fault::Suspend(error)),
        }
        result
    }

    /// Reads the configuration again.
    pub(super) fn refresh(&mut self) {
        let accepted = self.accepted;
        if self.device.live().is_none() {
            return;
        }
        match self.device.config(|reader| read_config(accepted, reader)) {
            Ok(config) => match config.check() {
                Ok(()) => self.config = config,
                Err(e) => self.take_down(Fault::BadConfig(e)),
            },
            Err(e) => self.take_down(Fault::Config(e)),
        }
    }

    /// Acknowledges an interrupt, on MSI-X vector `vector` if the caller knows it, and follows a configuration change.
    pub(super) fn acknowledge(&mut self, vector: Option<u16>) -> Interrupt {
        let (interrupt, needs_reset) = self.device.acknowledge(vector);
        if needs_reset {
            self.take_down(Fault::NeedsReset);
        } else if interrupt.config_change {
            self.refresh();
        }
        interrupt
    }

    /// The MSI-X vector of configuration changes.
    pub(super) fn config_vector(&self) -> Option<u16> {
        self.device.vector_of(Event::Config)
    }

    pub(super) fn writeback(&self) -> Result<Option<bool>, ConfigError> {
        if !self.accepted.has(f::CONFIG_WCE) {
            return Ok(None);
        }
        self.device.config(|reader| reader.read::<u8>(field("writeback"))).map(|mode| Some(mode != 0))
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
