//! Device types: one file each, with configuration space, requests and feature bits (VIRTIO 1.4 chapter 5).

pub mod block;
pub mod console;
pub mod entropy;
pub mod gpu;
pub mod input;
pub mod net;
pub mod vsock;

use crate::feature::Features;

/// A device type id (chapter 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceType(pub u32);

impl DeviceType {
    /// 0: no device, a placeholder in a memory map.
    pub const INVALID: Self = Self(0);
    /// §5.1
    pub const NET: Self = Self(1);
    /// §5.2
    pub const BLOCK: Self = Self(2);
    /// §5.3
    pub const CONSOLE: Self = Self(3);
    /// §5.4
    pub const ENTROPY: Self = Self(4);
    /// §5.7
    pub const GPU: Self = Self(16);
    /// §5.8
    pub const INPUT: Self = Self(18);
    /// §5.10
    pub const VSOCK: Self = Self(19);

    /// Name of the type, if Parakit knows it.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::NET => "net",
            Self::BLOCK => "block",
            Self::CONSOLE => "console",
            Self::ENTROPY => "entropy",
            Self::GPU => "gpu",
            Self::INPUT => "input",
            Self::VSOCK => "vsock",
            _ => return None,
        })
    }

    /// The device-specific feature bits that VIRTIO 1.4 defines for the type, if Parakit knows the type.
    #[must_use]
    pub const fn defined_features(self) -> Option<Features> {
        match self {
            Self::NET => Some(net::DEFINED_FEATURES),
            Self::BLOCK => Some(block::DEFINED_FEATURES),
            Self::CONSOLE => Some(console::DEFINED_FEATURES),
            Self::ENTROPY => Some(Features::NONE),
            Self::GPU => Some(gpu::DEFINED_FEATURES),
            Self::INPUT => Some(input::DEFINED_FEATURES),
            Self::VSOCK => Some(vsock::DEFINED_FEATURES),
            _ => None,
        }
    }

    /// Name of a device-specific feature bit of the type, without its prefix.
    #[must_use]
    pub const fn feature_name(self, bit: u32) -> Option<&'static str> {
        match self {
            Self::NET => net::feature_name(bit),
            Self::BLOCK => block::feature_name(bit),
            Self::CONSOLE => console::feature_name(bit),
            Self::GPU => gpu::feature_name(bit),
            Self::VSOCK => vsock::feature_name(bit),
            _ => None,
        }
    }
}

/// The features of a table of bits and names.
pub(crate) const fn features_named(names: &[(u32, &str)]) -> Features {
    let (mut set, mut i) = (Features::NONE, 0);
    while i < names.len() {
        set = set.with(Features::bit(names[i].0));
        i += 1;
    }
    set
}

/// The name that such a table gives a bit.
pub(crate) const fn name_in(names: &[(u32, &'static str)], bit: u32) -> Option<&'static str> {
    let mut i = 0;
    while i < names.len() {
        if names[i].0 == bit {
            return Some(names[i].1);
        }
        i += 1;
    }
    None
}

/// A field of a device configuration space: where it is, how wide, and which feature bit makes it exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigField {
    /// Name in the specification.
    pub name: &'static str,
    /// Offset from the start of the configuration space in bytes.
    pub offset: u32,
    /// Width in bytes: 1, 2, 4 or 8.
    pub width: u32,
    /// Feature bit that must be offered for the field to exist; `None` when it always does.
    pub feature: Option<u32>,
}

impl ConfigField {
    pub(crate) const fn new(name: &'static str, offset: u32, width: u32, feature: Option<u32>) -> Self {
        Self { name, offset, width, feature }
    }
}

/// The configuration fields of a device type that Parakit knows; empty when the type has none.
///
/// ```
/// use parakit_abi::device::{config_fields, DeviceType};
/// let capacity = config_fields(DeviceType::BLOCK).unwrap()[0];
/// assert_eq!((capacity.name, capacity.offset, capacity.width), ("capacity", 0, 8));
/// assert!(config_fields(DeviceType(99)).is_none());
/// ```
#[must_use]
pub const fn config_fields(device: DeviceType) -> Option<&'static [ConfigField]> {
    match device {
        DeviceType::NET => Some(net::CONFIG_FIELDS),
        DeviceType::BLOCK => Some(block::CONFIG_FIELDS),
        DeviceType::CONSOLE => Some(console::CONFIG_FIELDS),
        DeviceType::ENTROPY => Some(&[]),
        DeviceType::GPU => Some(gpu::CONFIG_FIELDS),
        DeviceType::INPUT => Some(input::CONFIG_FIELDS),
        DeviceType::VSOCK => Some(vsock::CONFIG_FIELDS),
        _ => None,
    }
}
