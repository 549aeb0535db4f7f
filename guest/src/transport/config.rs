//! The device configuration space (VIRTIO 1.4 §2.5).

use core::{cell::Cell, fmt};

use parakit_abi::{device::ConfigField, feature::Features};

use super::Transport;

/// Reads of one value or one group of values before a device whose generation never stays is given up.
pub const GENERATION_TRIES: u32 = 64;

mod sealed {
    pub trait Sealed {}
}

/// A type that configuration fields have: `u8`, `u16`, `u32`, `u64`.
pub trait ConfigValue: Copy + sealed::Sealed {
    /// Its width in bytes.
    const WIDTH: u32;
    #[doc(hidden)]
    fn read(transport: &impl Transport, offset: u32) -> Self;
    #[doc(hidden)]
    fn bits(self) -> u64;
    #[doc(hidden)]
    fn write(self, transport: &mut impl Transport, offset: u32);
}

macro_rules! value {
    ($($ty:ty, $read:ident, $write:ident;)*) => {$(
        impl sealed::Sealed for $ty {}
        impl ConfigValue for $ty {
            const WIDTH: u32 = size_of::<$ty>() as u32;
            fn read(transport: &impl Transport, offset: u32) -> Self {
                transport.$read(offset)
            }
            fn bits(self) -> u64 {
                self.into()
            }
            fn write(self, transport: &mut impl Transport, offset: u32) {
                transport.$write(offset, self);
            }
        }
    )*};
}

value! {
    u8, config_read8, config_write8;
    u16, config_read16, config_write16;
    u32, config_read32, config_write32;
}

impl sealed::Sealed for u64 {}
impl ConfigValue for u64 {
    const WIDTH: u32 = 8;
    /// Two 32-bit accesses (§4.2.2.2); the generation loop makes them one value.
    fn read(transport: &impl Transport, offset: u32) -> Self {
        let low = transport.config_read32(offset);
        u64::from(transport.config_read32(offset + 4)) << 32 | u64::from(low)
    }
    fn bits(self) -> u64 {
        self
    }
    fn write(self, transport: &mut impl Transport, offset: u32) {
        transport.config_write32(offset, self as u32);
        transport.config_write32(offset + 4, (self >> 32) as u32);
    }
}

/// Reads several fields of one generation; see [`Device::config`](super::Device::config).
pub struct ConfigReader<'a, T: Transport> {
    transport: &'a T,
    offered: Features,
    /// What was read so far, mixed.
    digest: Cell<u64>,
}

impl<'a, T: Transport> ConfigReader<'a, T> {
    pub(super) fn new(transport: &'a T, offered: Features) -> Self {
        Self { transport, offered, digest: Cell::new(0) }
    }

    /// Reads a field.
    ///
    /// # Errors
    /// [`ConfigError`] when the device did not offer the field's feature, or the field is not of this type.
    pub fn read<V: ConfigValue>(&self, field: &ConfigField) -> Result<V, ConfigError> {
        check::<V>(self.transport, self.offered, field)?;
        let value = V::read(self.transport, field.offset);
        // Each step is a bijection of what was read before: other values give another digest, but for chance.
        let mixed = (self.digest.get() ^ value.bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.digest.set(mixed ^ mixed >> 32);
        Ok(value)
    }
}

/// Runs `read` until no configuration change fell into it: the generation stays, or, where there is none, the values do.
pub(super) fn consistent<T: Transport, R>(
    transport: &T,
    offered: Features,
    mut read: impl FnMut(&ConfigReader<'_, T>) -> Result<R, ConfigError>,
) -> Result<R, ConfigError> {
    let mut before = transport.config_generation();
    let mut read_before = None;
    for _ in 0..GENERATION_TRIES {
        let reader = ConfigReader::new(transport, offered);
        let value = read(&reader)?;
        let after = transport.config_generation();
        let values = Some(reader.digest.get());
        if before == after && (after.is_some() || read_before == values) {
            return Ok(value);
        }
        (before, read_before) = (after, values);
    }
    Err(ConfigError::Unstable { tries: GENERATION_TRIES })
}

/// Whether `field` exists, is inside the space, and is as wide as `V`.
pub(super) fn check<V: ConfigValue>(
    transport: &impl Transport,
    offered: Features,
    field: &ConfigField,
) -> Result<(), ConfigError> {
    if let Some(bit) = field.feature
        && !offered.has(bit)
    {
        return Err(ConfigError::NotOffered { field: field.name, bit });
    }
    if field.width != V::WIDTH {
        return Err(ConfigError::Width { field: field.name, width: field.width, asked: V::WIDTH });
    }
    let len = transport.config_len();
    let inside = field.offset.checked_add(field.width).is_some_and(|end| end <= len);
    // A 64-bit field is read as two 32-bit ones and needs no more than their alignment.
    let aligned = field.offset.is_multiple_of(field.width.min(4));
    if inside && aligned { Ok(()) } else { Err(ConfigError::Outside { field: field.name, offset: field.offset, len }) }
}

/// Why a configuration field cannot be accessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The device did not offer the feature that makes the field exist (§2.5.1).
    NotOffered {
        /// Name of the field.
        field: &'static str,
        /// The feature bit.
        bit: u32,
    },
    /// The field has another width than the value.
    Width {
        /// Name of the field.
        field: &'static str,
        /// Its width in bytes.
        width: u32,
        /// Width of the value in bytes.
        asked: u32,
    },
    /// The field is not aligned, or not in the part of the space that the transport reaches.
    Outside {
        /// Name of the field.
        field: &'static str,
        /// Its offset in bytes.
        offset: u32,
        /// Bytes of configuration space.
        len: u32,
    },
    /// The device changed its configuration during each of this many reads.
    Unstable {
        /// Reads tried.
        tries: u32,
    },
    /// The device was reset.
    Reset,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotOffered { field, bit } => write!(f, "{field}: the device did not offer its feature (bit {bit})"),
            Self::Width { field, width, asked } => write!(f, "{field} is {width} bytes wide, not {asked}"),
            Self::Outside { field, offset, len } => {
                write!(f, "{field} at offset {offset} is not aligned or not within {len} bytes of configuration space")
            }
            Self::Unstable { tries } => write!(f, "the configuration changed during each of {tries} reads"),
            Self::Reset => f.write_str("the device was reset"),
        }
    }
}

impl core::error::Error for ConfigError {}
